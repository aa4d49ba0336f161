"""Builds the summary out of what stands: every sentence of it is a checked claim or a sentence of this module."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from contract.terms import NotAssessed, Verdict
from interview.assessment.claim import Claim
from interview.assessment.evidence import Ground, ground
from interview.assessment.facts import measure
from interview.assessment.passes import Pass, Tally
from interview.assessment.questions import reviews
from interview.assessment.rubric import general as general_rubric
from interview.assessment.verdict import verdict
from interview.gemini import EMBEDDED
from interview.record import Interview, Turn
from interview.report import Competency, Finding, NextStep, Rubric, Summary

_MAX_FINDINGS: Final = 8
"""Strengths, and improvements, that are shown."""
_IN_SUMMARY: Final = 3
"""Strengths, and improvements, that `performance_summary` has."""
_APART: Final = 1
"""Points by which the two passes may differ and still be certain."""
_BY_RULES: Final = (
    "This summary was written by simple rules, not by a language model: it describes how your answers are built. It "
    "can't tell whether they are right, so there is no verdict."
)
_GENERAL: Final = "The competencies are general ones for this level, since none could be derived from the topic."
_VERDICTS: Final[dict[Verdict, str]] = {
    "strong_yes": "The answers are clearly above what this level expects.",
    "yes": "The answers are what this level expects, or better.",
    "mixed": "Some answers are what this level expects, and others are not.",
    "no": "The answers are below what this level expects.",
    "insufficient_evidence": "Not enough of the competencies are supported by your own words for a verdict.",
}


def judged(
    interview: Interview, turns: Sequence[Turn], rubric: Rubric, passes: tuple[Pass, Pass], left_out: str
) -> Summary:
    """The summary of two passes."""
    told = ground(turns)
    findings = merged(passes)
    strengths, improvements = (_of(kind, findings) for kind in ("strength", "improvement"))
    competencies = tuple(_competency(one.key, one.name, one.expects, passes, findings) for one in rubric.criteria)
    tally = passes[0].tally + passes[1].tally
    decided = verdict(competencies, strengths)
    strengths, improvements = strengths[:_MAX_FINDINGS], improvements[:_MAX_FINDINGS]
    summary = _empty(interview, turns, told)
    return replace(
        summary,
        performance_summary=_performance(
            [*strengths[:_IN_SUMMARY], *improvements[:_IN_SUMMARY]],
            competencies,
            tally,
            told,
            left_out,
            general=rubric == general_rubric(interview),
        ),
        strengths=strengths,
        improvements=improvements,
        recommendation=_recommendation(decided, strengths, improvements),
        verdict=decided,
        assessed=True,
        written_by=passes[0].model,
        not_assessed=None,
        rubric_version=rubric.version,
        competencies=competencies,
        questions=reviews(turns, told, [*passes[1].claims, *passes[0].claims]),
        next_steps=_steps(passes, [*strengths, *improvements]),
        quotes_checked=tally.quotes,
        quotes_dropped=tally.quotes_dropped,
        claims_checked=tally.claims,
        claims_dropped=tally.claims_dropped,
    )


def described(
    interview: Interview, turns: Sequence[Turn], claims: Sequence[Claim], tally: Tally, left_out: str
) -> Summary:
    """The summary by the embedded rules: what they describe, without a verdict."""
    told = ground(turns)
    facts = measure(turns, interview.language)
    lengths = [one.words for one in facts.answers if one.turn in told.answers]
    sentences = [
        f"{_many(len(lengths), 'answer')} counted, with {_many(sum(lengths), 'word')} in all.",
        f"The longest has {max(lengths)} and the shortest {min(lengths)}.",
        *_asides(tally, told, left_out),
        _BY_RULES,
    ]
    return replace(
        _empty(interview, turns, told),
        performance_summary=" ".join(sentences),
        strengths=tuple(_finding(one) for one in claims if one.kind == "strength")[:_MAX_FINDINGS],
        improvements=tuple(_finding(one) for one in claims if one.kind == "improvement")[:_MAX_FINDINGS],
        recommendation="Not assessed: please judge by the transcript.",
        written_by=EMBEDDED,
        not_assessed="rules",
        questions=reviews(turns, told, ()),
        quotes_checked=tally.quotes,
        quotes_dropped=tally.quotes_dropped,
        claims_checked=tally.claims,
        claims_dropped=tally.claims_dropped,
    )


def not_assessed(
    interview: Interview, turns: Sequence[Turn], reason: NotAssessed, missing: tuple[str, ...] = ()
) -> Summary:
    """A summary without a judgement, which says why. What can be measured is in it."""
    sentences: dict[NotAssessed, tuple[str, str]] = {
        "no_answer": (
            "You gave no answer in this interview, so there is not enough to assess.",
            "Not enough to assess: no answer was given.",
        ),
        "too_little": (
            " ".join(("There is not enough in this interview to assess.", *missing)),
            "Not enough to assess: more answers with substance are needed.",
        ),
        "declined": (
            "The language model declined to assess this conversation. The transcript is complete.",
            "Not assessed: please judge by the transcript.",
        ),
        "rules": (
            "No language model was there to assess this conversation.",
            "Not assessed: please judge by the transcript.",
        ),
    }
    told = ground(turns)
    performance, recommendation = sentences[reason]
    return replace(
        _empty(interview, turns, told),
        performance_summary=performance,
        recommendation=recommendation,
        not_assessed=reason,
        missing=missing,
        questions=reviews(turns, told, ()),
    )


def merged(passes: tuple[Pass, Pass]) -> list[Claim]:
    """The findings of both passes: all of the first, and those of the second that are about other turns."""
    first, second = ([one for one in each.claims if one.kind in ("strength", "improvement")] for each in passes)
    taken = {(one.kind, one.competency, turn) for one in first for turn in _places(one)}
    sentences = {one.sentence.casefold() for one in first}
    return first + [
        one
        for one in second
        if one.sentence.casefold() not in sentences
        and not taken & {(one.kind, one.competency, turn) for turn in _places(one)}
    ]


def _places(claim: Claim) -> set[int | None]:
    return {one.turn for one in claim.evidence} or {None}


def _competency(key: str, name: str, expects: str, passes: tuple[Pass, Pass], findings: Iterable[Claim]) -> Competency:
    """The range of both scores; none unless both passes have one that stands."""
    scores = [each.scores[key] for each in passes if key in each.scores]
    both = len(scores) == len(passes)
    return Competency(
        key=key,
        name=name,
        expects=expects,
        low=min(scores) if both else None,
        high=max(scores) if both else None,
        uncertain=both and max(scores) - min(scores) > _APART,
        findings=tuple(_finding(one) for one in findings if one.competency == key),
    )


def _of(kind: str, claims: Iterable[Claim]) -> tuple[Finding, ...]:
    return tuple(_finding(one) for one in claims if one.kind == kind)


def _finding(claim: Claim) -> Finding:
    point = f"Not mentioned: {claim.sentence}" if claim.absent else claim.sentence
    return Finding(point, claim.evidence, claim.competency)


def _steps(passes: tuple[Pass, Pass], shown: Sequence[Finding]) -> tuple[NextStep, ...]:
    """At most three next steps, each tied to a finding that is shown."""
    points = {one.point for one in shown}
    found: dict[str, NextStep] = {}
    for each in passes:
        claims = {one.key: one for one in each.claims}
        for key, of in each.steps.items():
            if key in claims and of in claims and (point := _finding(claims[of]).point) in points:
                found.setdefault(point, NextStep(claims[key].sentence, point))
    return tuple(found.values())[:3]


def _performance(
    shown: Sequence[Finding],
    competencies: Sequence[Competency],
    tally: Tally,
    told: Ground,
    left_out: str,
    *,
    general: bool,
) -> str:
    scored = sum(one.low is not None for one in competencies)
    sentences = [
        *(_ended(one.point) for one in shown),
        *(() if shown else ("Nothing can be said that your words prove.",)),
        f"{scored} of {_many(len(competencies), 'competency')} have enough evidence for a score.",
        *((_GENERAL,) if general else ()),
        *_asides(tally, told, left_out),
    ]
    return " ".join(sentences)


def _asides(tally: Tally, told: Ground, left_out: str) -> Iterable[str]:
    if tally.claims_dropped:
        verb = "was" if tally.claims_dropped == 1 else "were"
        yield (
            f"{tally.claims_dropped} of {_many(tally.claims, 'sentence')} could not be proven by the transcript and "
            f"{verb} left out."
        )
    if told.doubted:
        verb = "was" if len(told.doubted) == 1 else "were"
        yield f"{_many(len(told.doubted), 'answer')} {verb} in doubt and counted neither way."
    if told.corrected:
        yield (
            f"{_many(len(told.corrected), 'answer')} counted as you corrected it."
            if len(told.corrected) == 1
            else f"{_many(len(told.corrected), 'answer')} counted as you corrected them."
        )
    if left_out:
        yield left_out


def _recommendation(decided: Verdict, strengths: Sequence[Finding], improvements: Sequence[Finding]) -> str:
    return " ".join(
        (
            _VERDICTS[decided],
            *(f"Most in favour: {_ended(one.point)}" for one in strengths[:1]),
            *(f"First to work on: {_ended(one.point)}" for one in improvements[:1]),
        )
    )


def _empty(interview: Interview, turns: Sequence[Turn], told: Ground) -> Summary:
    return Summary(
        performance_summary="",
        strengths=(),
        improvements=(),
        recommendation="",
        verdict="insufficient_evidence",
        assessed=False,
        written_by="rules",
        quotes_checked=0,
        quotes_dropped=0,
        facts=measure(turns, interview.language),
        doubtful=told.doubtful,
        corrected=told.corrected,
        calibrated=False,
    )


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "\u3002")) else f"{sentence}."


def _many(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"
