"""The record of an interview, as the store has it. Times are aware datetimes in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, get_args

from contract.limits import MAX_MINUTES, MAX_THINKING_MINUTES
from contract.terms import (
    AvatarStatus,
    Doubt,
    EndedReason,
    Level,
    Output,
    Source,
    Speaker,
    SpeechRate,
    Status,
    Voice,
)
from interview.report import Rubric, Summary
from interview.usage import Usage

__all__ = [
    "LEVELS",
    "OUTPUTS",
    "SPEECH_RATES",
    "VOICES",
    "Avatar",
    "AvatarStatus",
    "Cv",
    "Doubt",
    "EndedReason",
    "Interview",
    "Level",
    "Live",
    "Output",
    "OutputChange",
    "Source",
    "Speaker",
    "SpeechRate",
    "Standing",
    "Status",
    "Turn",
    "Writing",
    "thinking_allowance",
]

LEVELS: tuple[Level, ...] = get_args(Level)
VOICES: tuple[Voice, ...] = get_args(Voice)
SPEECH_RATES: tuple[SpeechRate, ...] = get_args(SpeechRate)
OUTPUTS: tuple[Output, ...] = get_args(Output)
OVER: Final[frozenset[Status]] = frozenset(("ended", "completed", "failed"))
"""The statuses of an interview that can't be continued."""


@dataclass(frozen=True, slots=True)
class Cv:
    """A CV as it was read. `text` is what the prompt gets; `object` names the original in the files.

    `warnings` are sentences for the candidate, `warning` all of them in one; `hidden_words` were left out of the text.
    """

    filename: str
    pages: int
    characters: int
    text: str
    object: str | None = None
    truncated: bool = False
    warning: str | None = None
    warnings: tuple[str, ...] = ()
    hidden_words: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said in one go. `number` counts from 0 over both speakers and is never reused.

    `corrected_text` is what the candidate says they said; it counts instead of `text`, which stays as it was heard.
    `interrupted`: the candidate cut it off; `broken_off`: its sound stopped before its end for another reason, such as
    a lost connection. `answer_id` is the id that the page gave a typed answer.
    """

    number: int
    speaker: Speaker
    text: str
    started_at: datetime
    ended_at: datetime
    interrupted: bool = False
    source: Source = "speech"
    doubt: tuple[Doubt, ...] = ()
    corrected_text: str | None = None
    broken_off: bool = False
    answer_id: str | None = None

    @property
    def words(self) -> str:
        """The text that counts."""
        return self.text if self.corrected_text is None else self.corrected_text


@dataclass(frozen=True, slots=True)
class Live:
    """The relay connection of the interview. `epoch` increases with each connection; writes of older ones are refused.

    `seen_at` is when the connection last reported to the store: at its claim, and at least every 45 s after that.
    `held`: the connection may still write turns. It stays set when a relay dies.
    """

    epoch: int = 0
    resumption_handle: str | None = None
    seen_at: datetime | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What a relay has to know of an interview that it carries: whether it is over, why, and by which connection."""

    status: Status
    epoch: int
    ended_reason: EndedReason | None = None

    @property
    def over(self) -> bool:
        """The interview can't be continued."""
        return self.status in OVER


@dataclass(frozen=True, slots=True)
class OutputChange:
    """From `at` on, the interviewer's voice went to this output. `reason` is a short code."""

    at: datetime
    output: Output
    reason: str


@dataclass(frozen=True, slots=True)
class Avatar:
    """The interviewer's avatar. Its present conversation costs money from `created_at` to `ended_at`.

    `conversation_id` is Tavus's id of the present or last conversation; `earlier` has the ids before it. `hook_sha256`
    is the hash of the secret in the present webhook's address. `reason` is a short code for why it ended or failed.
    `seconds` is the total time of all ended conversations. `changes` are the last changes of the output, oldest first.
    """

    provider: str
    status: AvatarStatus
    conversation_id: str | None = None
    hook_sha256: str | None = None
    created_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    seconds: int = 0
    earlier: tuple[str, ...] = ()
    changes: tuple[OutputChange, ...] = ()

    @property
    def running(self) -> bool:
        """A conversation exists, or may exist, and costs money."""
        return self.status in ("creating", "active")


@dataclass(frozen=True, slots=True)
class Writing:
    """How far the summary is: how many attempts have failed, `blocks` of them because the model declined the content,
    and with which error code the last one failed.

    `until` is when the attempt under way gives up at the latest; None: there is none. No attempt begins before
    `due_at`; None: none is due, because the summary is there or because all attempts have failed.
    """

    attempts: int = 0
    code: str | None = None
    until: datetime | None = None
    due_at: datetime | None = None
    blocks: int = 0


def thinking_allowance(seconds: float) -> float:
    """Seconds of thinking time that don't count on an interview's clock, from its `seconds`: `MAX_THINKING_MINUTES`,
    but no more than the interview itself, and no more than it leaves of `MAX_MINUTES`.
    """
    return max(0.0, min(MAX_THINKING_MINUTES * 60, seconds, MAX_MINUTES * 60 - seconds))


@dataclass(frozen=True, slots=True)
class Interview:
    """The document `interviews/{session_id}`."""

    session_id: str
    skill_topic: str
    level: Level
    language: str
    status: Status
    token_sha256: str
    prompt: str
    max_duration_seconds: int
    created_at: datetime
    expires_at: datetime
    job_description: str | None = None
    cv: Cv | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ended_reason: EndedReason | None = None
    duration_seconds: int | None = None
    avatar: Avatar | None = None
    live: Live = field(default_factory=Live)
    usage: Usage = field(default_factory=Usage)
    rubric: Rubric | None = None
    summary: Summary | None = None
    writing: Writing | None = None
    """The attempts to write the summary, from the end of the interview on."""
    corrected_at: datetime | None = None
    """When the candidate corrected the transcript."""
    sketches: Mapping[str, str] = field(default_factory=dict)
    """Sketches of good answers, by the numbers of the interviewer's turns."""
    sketch_calls: int = 0
    """How many sketches the model was asked for, those that failed included."""
    retake_of: str | None = None
    """The session id of the interview that this one retakes."""
    question: str | None = None
    """The question that is practised alone."""
    minutes: float | None = None
    """How long it was to last, before extra time. None: as long as the deployment's interviews."""
    voice: str | None = None
    """The interviewer's voice at Gemini. None: the deployment's."""
    speech_rate: SpeechRate = "normal"
    extra_time: float = 1.0
    """How many times as long the interview and its waits for an answer are. `max_duration_seconds` includes it."""
    thinking_seconds: float = 0.0
    """Thinking time that doesn't count on the interview's clock, as last reported by a relay."""
    cvs: int = 0
    """How many CVs were uploaded, those that could not be read included."""
    sealed_at: datetime | None = None
    """When its deletion began. Nothing is written from then on."""

    @property
    def over(self) -> bool:
        """The interview can't be continued."""
        return self.status in OVER

    @property
    def thinking_allowance(self) -> float:
        """Seconds of thinking time in all that don't count on the clock."""
        return thinking_allowance(self.max_duration_seconds)

    @property
    def longest_seconds(self) -> float:
        """Seconds from its beginning to its end at the latest."""
        return self.max_duration_seconds + self.thinking_allowance

    @property
    def standing(self) -> Standing:
        """What a relay has to know of it."""
        return Standing(self.status, self.live.epoch, self.ended_reason)
