"""The summary by rules: what can be seen in a transcript without understanding it, and quotes to show it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_BY_RULES = (
    "This summary was written by simple rules by the embedded interviewer, not by a language model: it looks at how "
    "the answers are built and cannot tell whether they are right."
)
_LINE = re.compile(r"^\[turn (\d+)\]\s*(interviewer|candidate)\b[^:\n]*:[ \t]*(.*)$", re.IGNORECASE | re.MULTILINE)
_TOPIC = re.compile(r"^<topic>\n(.+)\n</topic>$", re.MULTILINE)
_SUBSTANCE = 12  # words from which an utterance counts as an answer
_DETAIL = 45
_QUOTE_WORDS = 32
_QUOTES = 2
_THIN = 25

_NUMBER = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty)\b"
    r"|\b(hundred|thousand|million|half|third|quarter|doubled?|per ?cent)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(I|we)(?:'ve| have| had)? (?:\w+ )?(built|designed|led|launched|wrote|created|migrated|used|ran|managed"
    r"|improved|moved|implemented|developed|introduced|measured|tested|handled|reduced|cut|fixed|deleted|taught|sold"
    r"|grew|organi[sz]ed|planned|added|replaced|worked on|started)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(because|instead of|rather than|trade-?offs?|on the other hand|in exchange|the downside|depends on|compared to"
    r"|so that|even though|at the cost of|weigh\w*)\b",
    re.IGNORECASE,
)
_REFLECTION = re.compile(
    r"\b(learn(ed|t)|lesson|mistake|in hindsight|differently|looking back|next time|since then)\b", re.IGNORECASE
)
_HEDGE = re.compile(
    r"\b(maybe|I guess|kind of|sort of|probably|I suppose|not really sure|or something)\b", re.IGNORECASE
)
_UNKNOWN = re.compile(
    r"\b(don't know|do not know|no idea|not sure|never (used|done|tried|heard)|can't say)\b", re.IGNORECASE
)
_DEMAND = re.compile(
    r"\b(ignore|disregard)\b.*\b(instructions?|rules?)\b|\b(strong_yes|verdict|rate me|score me|give me a)\b",
    re.IGNORECASE,
)

_STRENGTHS: tuple[tuple[re.Pattern[str], str], ...] = (
    (_OWN, "Speaks from their own work and says what was done"),
    (_NUMBER, "Makes statements concrete with numbers"),
    (_REASON, "Gives reasons and weighs one way against another"),
    (_REFLECTION, "Looks back on what happened and draws a lesson from it"),
)
_ABSENT: tuple[tuple[re.Pattern[str], str], ...] = (
    (_NUMBER, "No answer names a number: sizes, times or results would make the work easier to judge"),
    (_REASON, "Decisions are told without reasons: say what spoke for and against them"),
    (_OWN, "The candidate's own part stays unclear: say what you did yourself, in one concrete story"),
    (_REFLECTION, "No answer looks back: say what you learned and would do differently"),
)


_RECOMMENDATIONS = {
    "strong_yes": "The answers are concrete, reasoned and complete; have someone who knows the subject confirm them.",
    "yes": "The answers are mostly concrete and reasoned; a second look at the thin ones is worthwhile.",
    "mixed": "Some answers carry weight and others stay general; another round on the points above would tell more.",
    "no": "The answers stay general throughout; prepare concrete stories and try again.",
    "insufficient_evidence": "There is not enough in this interview to recommend anything.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A turn of the transcript in a request."""

    turn: int
    candidate: bool
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """A strength or an improvement with its evidence as (turn, quote)."""

    point: str
    evidence: tuple[tuple[int, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"point": self.point, "evidence": [{"turn": turn, "quote": quote} for turn, quote in self.evidence]}


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules came to."""

    performance: str
    strengths: tuple[Point, ...]
    improvements: tuple[Point, ...]
    verdict: str
    recommendation: str

    def values(self) -> dict[str, Any]:
        """The assessment by the names that a schema may use."""
        improvements = [point.as_json() for point in self.improvements]
        return {
            "performance_summary": self.performance,
            "summary": self.performance,
            "strengths": [point.as_json() for point in self.strengths],
            "improvements": improvements,
            "areas_for_improvement": improvements,
            "verdict": self.verdict,
            "recommendation": self.recommendation,
        }


def read(text: str) -> tuple[str, list[Line]]:
    """The topic and the transcript in a request; the topic is empty when none is given."""
    topic = _TOPIC.search(text)
    lines = [Line(int(turn), who.lower() == "candidate", said.strip()) for turn, who, said in _LINE.findall(text)]
    return topic.group(1).strip() if topic else "", lines


def assess(read_in: tuple[str, list[Line]]) -> Assessment:
    """The assessment of a transcript."""
    topic, lines = read_in
    said = [line for line in lines if line.candidate and re.search(r"\w", line.text)]
    answers = [line for line in said if _substantial(line.text)]
    unknown = [line for line in said if _UNKNOWN.search(line.text)]
    strengths = _strengths(answers)
    improvements = _improvements(said, answers, unknown)
    verdict = _verdict(len(answers), len(strengths), len(unknown))
    return Assessment(
        performance=_performance(topic, lines, said, answers, unknown),
        strengths=tuple(strengths) if verdict != "insufficient_evidence" else (),
        improvements=tuple(improvements),
        verdict=verdict,
        recommendation=_RECOMMENDATIONS[verdict],
    )


def _substantial(text: str) -> bool:
    words = re.findall(r"\w+", text.lower())
    varied = len(set(words)) >= 0.4 * len(words)
    return len(words) >= _SUBSTANCE and varied and not _DEMAND.search(text)


def _strengths(answers: Sequence[Line]) -> list[Point]:
    found = [
        Point(point, evidence) for pattern, point in _STRENGTHS if (evidence := _evidence(answers, pattern.search))
    ]
    detailed = [line for line in answers if len(line.text.split()) >= _DETAIL]
    if detailed:
        longest = max(detailed, key=lambda line: len(line.text))
        found.append(Point("Goes into detail where it matters", ((longest.turn, _cut(_sentences(longest.text)[0])),)))
    return found


def _improvements(said: Sequence[Line], answers: Sequence[Line], unknown: Sequence[Line]) -> list[Point]:
    found: list[Point] = []
    if unknown:
        quotes = tuple((line.turn, quote) for line in unknown for quote in _quotes(line.text, _UNKNOWN.search)[:1])
        found.append(
            Point("Some questions were left open: say what you would try, even without the answer", quotes[:_QUOTES])
        )
    hedged = _evidence(said, _HEDGE.search)
    if len(hedged) >= _QUOTES:
        found.append(Point("Statements are softened more than they need to be", hedged))
    if answers and sum(len(line.text.split()) for line in answers) < _THIN * len(answers):
        shortest = min(answers, key=lambda line: len(line.text))
        found.append(
            Point(
                "Answers are short: one example each would carry them further", ((shortest.turn, _cut(shortest.text)),)
            )
        )
    found += [
        Point(point) for pattern, point in _ABSENT if answers and not any(pattern.search(line.text) for line in answers)
    ]
    return found[:4] or [Point("Tell each story to its end: what was the situation, what did you do, what came of it")]


def _verdict(answers: int, strengths: int, unknown: int) -> str:
    if answers < 2:  # noqa: PLR2004 - one answer is no interview
        return "insufficient_evidence"
    for verdict, few, points, open_questions in (("strong_yes", 6, 4, 0), ("yes", 4, 3, 2), ("mixed", 2, 1, answers)):
        if answers >= few and strengths >= points and unknown <= open_questions:
            return verdict
    return "no"


def _performance(
    topic: str, lines: Sequence[Line], said: Sequence[Line], answers: Sequence[Line], unknown: Sequence[Line]
) -> str:
    questions = sum(1 for line in lines if not line.candidate and "?" in line.text)
    words = sum(len(line.text.split()) for line in said)
    about = f" about {topic}" if topic else ""
    parts = [_BY_RULES]
    if not said:
        return f"{_BY_RULES} The candidate said nothing, so there is not enough to assess."
    asked, spoke = _count(questions, "question"), _count(len(said), "time")
    parts.append(f"The interviewer asked {asked}{about}; the candidate spoke {spoke}, {_count(words, 'word')} in all.")
    if answers:
        average = sum(len(line.text.split()) for line in answers) // len(answers)
        parts.append(f"{_count(len(answers), 'answer')} had substance, with {average} words on average.")
    if unknown:
        parts.append(f"{_count(len(unknown), 'question')} met with not knowing, which was said openly.")
    if len(answers) < 2:  # noqa: PLR2004 - as in the verdict
        parts.append("That is not enough to assess.")
    return " ".join(parts)


def _evidence(lines: Sequence[Line], wanted: Callable[[str], object]) -> tuple[tuple[int, str], ...]:
    found = [(line.turn, quote) for line in lines for quote in _quotes(line.text, wanted)[:1]]
    # The longest say most; shown in the order of the interview.
    best = sorted(found, key=lambda one: -len(one[1]))[:_QUOTES]
    return tuple(sorted(best))


def _quotes(text: str, wanted: Callable[[str], object]) -> list[str]:
    """Sentences, word for word, that show what is wanted."""
    return [
        cut
        for sentence in _sentences(text)
        if wanted(sentence) and not _DEMAND.search(sentence) and len((cut := _cut(sentence)).split()) >= 3  # noqa: PLR2004
    ]


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.!?])\s+", text) if sentence]


def _cut(sentence: str) -> str:
    """The first words of a sentence, exactly as they stand."""
    words = list(re.finditer(r"\S+", sentence))
    return sentence if len(words) <= _QUOTE_WORDS else sentence[: words[_QUOTE_WORDS - 1].end()]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
