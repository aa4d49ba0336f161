"""The facts in the system instruction that the interviewer acts on. Instructions in a CV are not among them."""

import re
from dataclasses import dataclass
from typing import Literal

from local.gemini.lexicon import words

Level = Literal["beginner", "intermediate", "advanced"]

_TOPIC = "your field"
_LANGUAGE = "en-US"
_QUESTIONS = (8, 12)
_NAME_LINES = 8  # at the top of a CV, where the name may be
_NAME_WORDS = range(2, 5)
_PROPER_WORDS = 5
_SPEECH_ACTS = re.compile(
    r"\b(ignore|instructions?|prompt|assistant|system|you must|interviewer|disregard)\b", re.IGNORECASE
)
_NAME_PART = re.compile(r"[^\W\d_]+(?:[-'\u2019.][^\W\d_]*)*")
_YEARS = re.compile(
    r"\b(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|spring|summer|autumn|fall|winter)[a-z]*\.?\s+)?"
    r"(?:\d{1,2}[/.])?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+(?:[|•·\u2013\u2014@-]|at)\s+|\s*[|•·\u2013\u2014,:(]\s*|\t+|\s{3,}")
_EXPERIENCE = re.compile(r"^\W*(work |professional |relevant )*(experience|employment|career)\b", re.IGNORECASE)
_PROJECTS = re.compile(r"^\W*(selected |personal |key |side |open.source )*projects\b", re.IGNORECASE)
_SECTION = re.compile(
    r"^\W*(education|skills|languages|interests|references|certific\w+|publications|awards)\b", re.IGNORECASE
)
_DUTY = re.compile(
    r"\b(?:experience (?:with|in)|knowledge of|familiarity with|proficien\w+ (?:with|in)|responsible for|"
    r"you will (?:be )?(?=\w+ing\b))\s*((?:[^.;:,\n()]|\.(?=\w)|(?<=\bSt)\.){3,80})(?=[.;:,\n()]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Briefing:
    """Who is interviewed about what. `name` is how the candidate is addressed, if the CV has it; `questions` is the
    smallest and the largest number of questions. `full_name` is the whole name, which is never a subject to ask about.
    `earlier` has the questions of the interview that this one retakes; `question` is the one that is practised alone.
    `slow`: the candidate wants slow speech.
    """

    topic: str = _TOPIC
    level: Level = "intermediate"
    language: str = _LANGUAGE
    name: str | None = None
    full_name: str = ""
    employers: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    job: bool = False
    questions: tuple[int, int] = _QUESTIONS
    earlier: str = ""
    question: str = ""
    slow: bool = False

    @property
    def english(self) -> bool:
        """Whether the interview is asked for in the only language that the embedded voice has."""
        return self.language.lower().startswith("en")


def read(instruction: str) -> Briefing:
    """The briefing in a system instruction: its labelled lines, and topic, CV and job description from their fences."""
    cv = _fenced(instruction, "cv")
    job = _fenced(instruction, "job_description")
    # Labels count outside of the fences only: a CV can't set the topic or the level.
    rest = re.sub(
        r"<(topic|cv|job_description|earlier_questions|question)\b[^>]*>.*?</\1>",
        "",
        instruction,
        flags=re.DOTALL | re.IGNORECASE,
    )
    lines = [line.strip() for line in cv.splitlines() if line.strip() and not _SPEECH_ACTS.search(line)]
    level = _label(rest, "level").lower().split()
    name, full_name = _name(lines)
    return Briefing(
        topic=" ".join(_fenced(instruction, "topic").split()) or _TOPIC,
        level=next((known for known in ("beginner", "intermediate", "advanced") if known in level[:1]), "intermediate"),
        language=_label(rest, "language") or _LANGUAGE,
        name=name,
        full_name=full_name,
        employers=_employers(lines),
        projects=_projects(lines),
        duties=_duties(job),
        job=bool(job.strip()),
        questions=_questions(rest),
        earlier=_fenced(instruction, "earlier_questions"),
        question=" ".join(_fenced(instruction, "question").split()),
        slow=_label(rest, "pace").lower() == "slow",
    )


def _questions(text: str) -> tuple[int, int]:
    found = re.search(r"\b(\d{1,2})(?: to |\s?[-\u2013]\s?)(\d{1,2}) questions\b", text)
    few, most = (int(found.group(1)), int(found.group(2))) if found else _QUESTIONS
    return max(1, few), max(few, most)


def _fenced(text: str, tag: str) -> str:
    found = re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}>", text, re.DOTALL | re.IGNORECASE)
    return found.group(1) if found else ""


def _label(text: str, label: str) -> str:
    found = re.search(rf"^\W*(?:\w+ )?{label}\W*:\W*(.+)$", text, re.MULTILINE | re.IGNORECASE)
    return found.group(1).strip().strip("\"'*`“”.").strip() if found else ""


def _name(lines: list[str]) -> tuple[str | None, str]:
    """How the candidate is addressed, and the whole name."""
    for line in lines[:_NAME_LINES]:
        candidate = re.sub(r"^(full )?name\s*:\s*", "", line, flags=re.IGNORECASE)
        candidate = re.sub(
            r"^(dr|mr|mrs|ms|prof)\.?\s+", "", _SEPARATOR.split(candidate)[0].strip(), flags=re.IGNORECASE
        )
        parts = candidate.split()
        plain = {part.lower().strip(".,") for part in parts}
        if len(parts) not in _NAME_WORDS or plain & (words("heading") | words("title") | words("place")):
            continue
        if all(_NAME_PART.fullmatch(part) for part in parts) and parts[0][0].isupper():
            first = parts[0]
            if len(first.rstrip(".")) > 1:  # nobody is addressed by an initial
                return (first.title() if first.isupper() else first), candidate
    return None, ""


def _employers(lines: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    inside = False
    for line in lines:
        if _EXPERIENCE.match(line):
            inside = True
        elif _PROJECTS.match(line) or _SECTION.match(line):
            inside = False
        elif inside and _YEARS.search(line) and not re.match(r"\s*[-•*\u2013]\s*[a-z]", line):
            text = re.sub(
                r"[-\u2013\u2014]\s*(present|now|today|current)\b", "", _YEARS.sub("", line), flags=re.IGNORECASE
            )
            parts = [part for part in _parts(text) if _proper(part)]
            found += ([part for part in parts if _is_organisation(part)] or parts)[:1]
    return tuple(dict.fromkeys(found))[:3]


def _is_organisation(part: str) -> bool:
    return not {word.lower().strip(".,") for word in part.split()}.isdisjoint(words("organisation"))


def _projects(lines: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    inside = False
    for line in lines:
        if _PROJECTS.match(line):
            inside = True
        elif _EXPERIENCE.match(line) or _SECTION.match(line):
            inside = False
        elif inside:
            parts = _parts(_YEARS.sub("", line))
            if parts and _proper(parts[0]):
                found.append(parts[0])
    return tuple(dict.fromkeys(found))[:3]


def _duties(job: str) -> tuple[str, ...]:
    found = (
        " ".join(match.group(1).split()) for match in _DUTY.finditer(job) if not _SPEECH_ACTS.search(match.group(0))
    )
    return tuple(dict.fromkeys(found))[:2]


def _parts(line: str) -> list[str]:
    return [part for part in (piece.strip(" \t-\u2013\u2014•·*()[].,") for piece in _SEPARATOR.split(line)) if part]


def _proper(part: str) -> bool:
    """Whether a part of a CV line reads as the name of an employer or a project, not as a job title or a sentence."""
    parts = part.split()
    if not parts or len(parts) > _PROPER_WORDS or not part[0].isupper() or len(part) <= 1:
        return False
    return not {word.lower().strip(".,") for word in parts} & (words("title") | words("heading"))
