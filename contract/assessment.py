"""The shapes of an assessment: what stands in an interview's `summary`. Part of `contract/http.py`.

Fields that older records lack have `UNSET` as default; the server sends them all.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from contract.terms import NotAssessed, Source, Verdict

Count = Annotated[int, Meta(ge=0)]
Score = Annotated[
    int, Meta(ge=1, le=5, description="1: far below what the level expects; 3: as expected; 5: far above.")
]
Duration = Annotated[float, Meta(ge=0, description="Seconds.")]


class Evidence(Struct, kw_only=True, forbid_unknown_fields=True):
    """Words of the transcript that a judgement rests on."""

    turn: Annotated[int, Meta(ge=0, description="The candidate's turn.")]
    quote: Annotated[str, Meta(min_length=1, description="Words of that turn, as the transcript has them.")]


class Finding(Struct, kw_only=True, forbid_unknown_fields=True):
    """One strength or improvement: a sentence that was checked against its evidence."""

    point: str
    evidence: list[Evidence]
    competency: Annotated[str | None, Meta(description="The `key` of the competency that it is about.")] | UnsetType = (
        UNSET
    )


class Competency(Struct, kw_only=True, forbid_unknown_fields=True):
    """One competency of the rubric and its score. Both scores are null where the evidence does not suffice."""

    key: str
    name: str
    expects: Annotated[str, Meta(description="What the interview's level expects, in a sentence.")]
    low: Annotated[Score | None, Meta(description="The lower score of two independent passes.")]
    high: Annotated[Score | None, Meta(description="The higher one.")]
    uncertain: Annotated[bool, Meta(description="The two passes differ by more than one point.")]
    findings: Annotated[list[Finding], Meta(description="What the scores rest on.")]


class QuestionReview(Struct, kw_only=True, forbid_unknown_fields=True):
    """One question of the interviewer and how it was answered."""

    turn: Annotated[int, Meta(ge=0, description="The interviewer's turn with the question.")]
    question: Annotated[str, Meta(description="The question, as the transcript has it.")]
    answers: Annotated[
        list[Count], Meta(description="The candidate's turns that answer it; none: it was not answered.")
    ]
    answered: Annotated[str, Meta(description="How it was answered, in a sentence; empty if nothing can be said.")]
    evidence: list[Evidence]
    stronger: Annotated[str, Meta(description="What a stronger answer would have added; empty if nothing can be said.")]


class NextStep(Struct, kw_only=True, forbid_unknown_fields=True):
    """A concrete thing to do next, and the finding that it is tied to."""

    step: str
    point: Annotated[str, Meta(description="The `point` of a finding of this summary.")]


class AnswerFacts(Struct, kw_only=True, forbid_unknown_fields=True):
    """Measures of one of the candidate's turns. They count in no score."""

    turn: Annotated[int, Meta(ge=0)]
    offset: Annotated[float, Meta(ge=0, description="Seconds from the start of the interview to that of the turn.")]
    seconds: Duration
    pause: Annotated[float, Meta(ge=0, description="Seconds of silence between the turn before and this one.")]
    words: Count
    source: Source


class Filler(Struct, kw_only=True, forbid_unknown_fields=True):
    """A filler word and how often it was said."""

    word: str
    count: Count


class Facts(Struct, kw_only=True, forbid_unknown_fields=True):
    """Measures of the whole interview. They count in no score."""

    interviewer_seconds: Duration
    candidate_seconds: Duration
    words: Annotated[int, Meta(ge=0, description="Words of the candidate.")]
    words_per_minute: Annotated[Count | None, Meta(description="Of spoken answers; null: too few.")]
    fillers: list[Filler]
    answers: list[AnswerFacts]


class Summary(Struct, kw_only=True, forbid_unknown_fields=True):
    """The judgement of an interview. Every quote, name and number in it was checked against the transcript."""

    performance_summary: str
    strengths: Annotated[list[Finding], Meta(description="Each with at least one quote.")]
    improvements: Annotated[
        list[Finding], Meta(description="Without evidence where they are about something that was never said.")
    ]
    recommendation: Annotated[str, Meta(description="A sentence or two.")]
    verdict: Verdict
    assessed: Annotated[bool, Meta(description="False: there was nothing to judge, or no model to judge it.")]
    written_by: Annotated[str, Meta(description="The model's name, or `rules`.")]
    quotes_checked: Annotated[int, Meta(ge=0, description="Quotes that the model made.")]
    quotes_dropped: Annotated[int, Meta(ge=0, description="Quotes among them that the candidate never said.")]
    not_assessed: Annotated[NotAssessed | None, Meta(description="Why `assessed` is false.")] | UnsetType = UNSET
    missing: Annotated[list[str], Meta(description="Sentences: what was missing for an assessment.")] | UnsetType = (
        UNSET
    )
    claims_checked: Annotated[int, Meta(ge=0, description="Sentences that the model claimed.")] | UnsetType = UNSET
    claims_dropped: (
        Annotated[int, Meta(ge=0, description="Sentences among them that could not be proven.")] | UnsetType
    ) = UNSET
    rubric_version: Annotated[Count | None, Meta(description="Of the rubric's form.")] | UnsetType = UNSET
    competencies: list[Competency] | UnsetType = UNSET
    questions: list[QuestionReview] | UnsetType = UNSET
    next_steps: Annotated[list[NextStep], Meta(max_length=3)] | UnsetType = UNSET
    facts: Facts | UnsetType | None = UNSET
    doubtful: (
        Annotated[list[Count], Meta(description="Turns with a doubt; they earned and lost nothing.")] | UnsetType
    ) = UNSET
    corrected: Annotated[list[Count], Meta(description="Turns whose words the candidate corrected.")] | UnsetType = (
        UNSET
    )
    calibrated: (
        Annotated[bool, Meta(description="The judge's agreement with people was measured and suffices.")] | UnsetType
    ) = UNSET
