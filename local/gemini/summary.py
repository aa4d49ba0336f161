"""The description by rules: what can be seen in a transcript without understanding it, and quotes to show it.

Length, structure, examples, numbers and reasons are seen; whether an answer is right is not, so there is no verdict.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

_BY_RULES = (
    "This summary was written by simple rules, not by a language model: it describes how your answers are built. It "
    "can't tell whether they are right."
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
    r"\b(I|we)(?:'ve| have| had)? (?:\w+ )?((?!need\b|feed\b|speed\b|proceed\b|succeed\b)\w+ed|bought|brought|built"
    r"|caught|chose|cut|dealt|did|drew|drove|found|gave|grew|held|kept|laid|led|made|met|paid|ran|sat|saw|sent|set|sold"
    r"|spent|spoke|stood|taught|told|took|went|won|wrote)\b",
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
    (_OWN, "You speak from your own work and say what was done"),
    (_NUMBER, "You make statements concrete with numbers"),
    (_REASON, "You give reasons or weigh one way against another"),
    (_REFLECTION, "You look back on what happened"),
)
_ABSENT: tuple[tuple[re.Pattern[str], str], ...] = (
    (_NUMBER, "numbers, such as sizes, times or results"),
    (_REASON, "reasons for and against a decision"),
    (_OWN, "a concrete story of what was done, and by whom"),
    (_REFLECTION, "what was learned and would be done differently"),
)
"""What no answer has, named as something absent. No words about the candidate: those would need a quote."""


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
class Description:
    """What the rules see."""

    performance: str
    strengths: tuple[Point, ...]
    improvements: tuple[Point, ...]

    def values(self) -> dict[str, Any]:
        """The description by the names that a schema may use."""
        improvements = [point.as_json() for point in self.improvements]
        return {
            "performance_summary": self.performance,
            "summary": self.performance,
            "strengths": [point.as_json() for point in self.strengths],
            "improvements": improvements,
            "areas_for_improvement": improvements,
            "recommendation": "Rules can't judge answers.",
        }


def read(text: str) -> tuple[str, list[Line]]:
    """The topic and the transcript in a request; the topic is empty when none is given."""
    topic = _TOPIC.search(text)
    lines = [Line(int(turn), who.lower() == "candidate", said.strip()) for turn, who, said in _LINE.findall(text)]
    return topic.group(1).strip() if topic else "", lines


def describe(read_in: tuple[str, list[Line]]) -> Description:
    """The description of a transcript."""
    topic, lines = read_in
    said = [line for line in lines if line.candidate and re.search(r"\w", line.text)]
    answers = [line for line in said if _substantial(line.text)]
    unknown = [line for line in said if _UNKNOWN.search(line.text)]
    strengths = _strengths(answers)
    praised = {turn for point in strengths for turn, _ in point.evidence}
    return Description(
        performance=_performance(topic, lines, said, answers, unknown),
        strengths=tuple(strengths),
        improvements=tuple(_improvements(said, answers, unknown, praised)),
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
        found.append(Point("You go into detail", ((longest.turn, _cut(_sentences(longest.text)[0])),)))
    return found


def _improvements(
    said: Sequence[Line], answers: Sequence[Line], unknown: Sequence[Line], praised: Collection[int]
) -> list[Point]:
    """What to improve. No answer of a `praised` turn is blamed for being short."""
    found: list[Point] = []
    if unknown:
        quotes = tuple((line.turn, quote) for line in unknown for quote in _quotes(line.text, _UNKNOWN.search)[:1])
        found.append(Point("You leave some questions open and say so", quotes[:_QUOTES]))
    hedged = _evidence(said, _HEDGE.search)
    if len(hedged) >= _QUOTES:
        found.append(Point("You soften your statements", hedged))
    short = [line for line in answers if line.turn not in praised]
    if short and sum(len(line.text.split()) for line in answers) < _THIN * len(answers):
        shortest = min(short, key=lambda line: len(line.text))
        found.append(Point("You keep answers short, without an example", ((shortest.turn, _cut(shortest.text)),)))
    found += [
        Point(point) for pattern, point in _ABSENT if answers and not any(pattern.search(line.text) for line in answers)
    ]
    return found[:4]


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
