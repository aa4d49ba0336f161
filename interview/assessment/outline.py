"""The report as a list of blocks, which `interview/assessment/download.py` writes as Markdown and Word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from contract.terms import Verdict
from interview.record import Interview, Turn
from interview.report import Competency, Evidence, Facts, Finding, Summary
from interview.transcript import SPEAKERS, facts, lines, timed, title

Style = Literal["paragraph", "item", "quote"]

_VERDICTS: Final[dict[Verdict, str]] = {
    "strong_yes": "Strong yes",
    "yes": "Yes",
    "mixed": "Mixed",
    "no": "No",
    "insufficient_evidence": "Not enough evidence",
}
_NOT_CALIBRATED: Final = (
    "Not calibrated: how well this assessment agrees with people has not been measured. Read it beside the transcript."
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; 1 is that of the document."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, an item of a list or a quote, with `label` in bold before it; its lines are kept.

    `said`: it was said in the interview, in the interview's language.
    """

    text: str
    style: Style = "paragraph"
    label: str = ""
    said: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first row has its headings."""

    rows: tuple[tuple[str, ...], ...]


Block = Heading | Text | Table


def outline(interview: Interview, turns: Sequence[Turn]) -> Iterator[Block]:
    """The whole report of an interview in its order."""
    yield Heading(1, title(interview))
    for name, value in facts(interview):
        yield Text(value, "item", f"{name}: ")
    corrected = {turn.number for turn in turns if turn.corrected_text is not None}
    times = {
        turn.number: f"{offset}, corrected by the candidate" if turn.number in corrected else offset
        for turn, offset in timed(interview, turns)
    }
    if interview.summary:
        yield from _assessment(interview.summary, times)
    else:
        yield Heading(2, "Assessment")
        yield Text("The assessment has not been written yet.")
    yield Heading(2, "Transcript")
    for turn, offset in timed(interview, turns):
        yield Text(
            "\n".join(lines(turn)), label=f"{SPEAKERS[turn.speaker]} ({offset}, turn {turn.number})\n", said=True
        )


def score(competency: Competency) -> str:
    """The range of the scores, in figures, or that the evidence does not suffice."""
    if competency.low is None or competency.high is None:
        return "not enough evidence"
    span = f"{competency.low}" if competency.low == competency.high else f"{competency.low} to {competency.high}"
    return f"{span}, uncertain" if competency.uncertain else span


def _assessment(summary: Summary, times: dict[int, str]) -> Iterator[Block]:
    yield Heading(2, "Assessment")
    if summary.assessed:
        yield Text(_VERDICTS[summary.verdict], label="Verdict: ")
    yield Text(summary.performance_summary)
    yield Text(summary.recommendation)
    yield from (Text(sentence, "item") for sentence in summary.missing)
    if summary.assessed and not summary.calibrated:
        yield Text(_NOT_CALIBRATED)
    if summary.competencies:
        yield Heading(2, "Competencies")
        rows = tuple((one.name, score(one), one.expects) for one in summary.competencies)
        yield Table((("Competency", "Score, 1 to 5", "What the level expects"), *rows))
    for name, findings in (("Strengths", summary.strengths), ("To work on", summary.improvements)):
        if findings:
            yield Heading(2, name)
            yield from _findings(findings, times)
    yield from _questions(summary, times)
    if summary.next_steps:
        yield Heading(2, "Next steps")
        for step in summary.next_steps:
            yield Text(f"{step.step} ({step.point})", "item")
    if summary.facts:
        yield from _measures(summary.facts)
    yield from _checks(summary)


def _checks(summary: Summary) -> Iterator[Block]:
    yield Heading(2, "How this was checked")
    # A record of an older version has no count of sentences.
    checked, dropped = _many(summary.quotes_checked, "quote"), _many(summary.quotes_dropped, "quote")
    if summary.claims_checked:
        checked = f"{_many(summary.claims_checked, 'sentence')} and {checked}"
        dropped = f"{_many(summary.claims_dropped, 'sentence')} and {dropped}"
    yield Text(f"Looked up in the transcript: {checked} of the model. Left out: {dropped}.")
    for label, marked in (("In doubt: turns ", summary.doubtful), ("Corrected: turns ", summary.corrected)):
        if marked:
            yield Text(", ".join(map(str, marked)), label=label)


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _findings(findings: Sequence[Finding], times: dict[int, str]) -> Iterator[Block]:
    for finding in findings:
        yield Text(finding.point, "item")
        yield from _quotes(finding.evidence, times)


def _quotes(evidence: Sequence[Evidence], times: dict[int, str]) -> Iterator[Block]:
    for one in evidence:
        yield Text(f"\u201c{one.quote}\u201d (turn {one.turn}, {times.get(one.turn, '')})", "quote", said=True)


def _questions(summary: Summary, times: dict[int, str]) -> Iterator[Block]:
    if not summary.questions:
        return
    yield Heading(2, "Questions")
    for review in summary.questions:
        yield Heading(3, review.question)
        if not review.answers:
            yield Text("It was not answered.")
        if review.answered:
            yield Text(review.answered)
            yield from _quotes(review.evidence, times)
        if review.stronger:
            yield Text(review.stronger)


def _measures(measured: Facts) -> Iterator[Block]:
    yield Heading(2, "Measures")
    yield Text("They count in no score.")
    rows = [("Words of the candidate", str(measured.words))]
    if measured.candidate_seconds:
        rows += [
            ("Interviewer spoke", f"{measured.interviewer_seconds:.0f} s"),
            ("Candidate spoke", f"{measured.candidate_seconds:.0f} s"),
        ]
    if measured.words_per_minute is not None:
        rows.append(("Words in a minute", str(measured.words_per_minute)))
    if measured.fillers:
        rows.append(("Fillers", ", ".join(f"{one.word} {one.count}" for one in measured.fillers)))
    yield Table((("Measure", "Value"), *rows))
    if measured.answers:
        seconds = [(one, f"{one.seconds:.0f} s", f"{one.pause:.1f} s") for one in measured.answers]
        answers = tuple((str(one.turn), length, pause, str(one.words)) for one, length, pause in seconds)
        yield Table((("Turn", "Length", "Pause before", "Words"), *answers))
