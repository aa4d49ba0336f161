"""What an assessment consists of: the rubric, the findings, the measures and the summary that holds them.

Plain records, as they stand in an interview's document. The fields of `Summary` and its parts are those of the contract
(`contract/assessment.py`). Durations are seconds.
"""

from dataclasses import dataclass

from contract.terms import NotAssessed, Source, Verdict


@dataclass(frozen=True, slots=True)
class Criterion:
    """One competency that an interview is to show, and what its level expects of it, in a sentence."""

    key: str
    name: str
    expects: str


@dataclass(frozen=True, slots=True)
class Rubric:
    """Four to six criteria, derived once from topic and level. `version` is that of the rubric's form."""

    version: int
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that the candidate said in this turn, as the transcript has it."""

    turn: int
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A strength or an improvement. One about something that the candidate never said has no evidence.

    `competency` is the key of the criterion that it is about.
    """

    point: str
    evidence: tuple[Evidence, ...] = ()
    competency: str | None = None


@dataclass(frozen=True, slots=True)
class Competency:
    """A criterion with the lower and the higher score, 1 to 5, of two passes; None where the evidence does not suffice.

    `uncertain`: the passes differ by more than one point.
    """

    key: str
    name: str
    expects: str
    low: int | None = None
    high: int | None = None
    uncertain: bool = False
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionReview:
    """A question in the interviewer's turn `turn`, how the turns `answers` answered it, and what was missing."""

    turn: int
    question: str
    answers: tuple[int, ...] = ()
    answered: str = ""
    evidence: tuple[Evidence, ...] = ()
    stronger: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """A concrete thing to do, tied to the finding with this `point`."""

    step: str
    point: str


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """Measures of one of the candidate's turns: from `offset` after the start, after `pause` of silence."""

    turn: int
    offset: float
    seconds: float
    pause: float
    words: int
    source: Source


@dataclass(frozen=True, slots=True)
class Filler:
    """A filler word and how often it was said."""

    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Measures of the interview. They count in no score."""

    interviewer_seconds: float
    candidate_seconds: float
    words: int
    words_per_minute: int | None = None
    fillers: tuple[Filler, ...] = ()
    answers: tuple[AnswerFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The judgement of an interview.

    `assessed` is false when there was nothing to judge, or no model that would judge it; `not_assessed` says which, and
    `missing` what would have been needed. `written_by` is the model's name, or `rules`. `quotes_checked` counts the
    model's quotes, `quotes_dropped` those that the candidate never said; `claims_…` count its sentences in the same
    way. `doubtful` turns earned and lost nothing; `corrected` turns have the candidate's correction.
    """

    performance_summary: str
    strengths: tuple[Finding, ...]
    improvements: tuple[Finding, ...]
    recommendation: str
    verdict: Verdict
    assessed: bool
    written_by: str
    quotes_checked: int
    quotes_dropped: int
    not_assessed: NotAssessed | None = None
    missing: tuple[str, ...] = ()
    claims_checked: int = 0
    claims_dropped: int = 0
    rubric_version: int | None = None
    competencies: tuple[Competency, ...] = ()
    questions: tuple[QuestionReview, ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    facts: Facts | None = None
    doubtful: tuple[int, ...] = ()
    corrected: tuple[int, ...] = ()
    calibrated: bool = False
