"""The record of an interview: what the store holds and what is read back. Times are aware datetimes in UTC."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Level = Literal["beginner", "intermediate", "advanced"]
Status = Literal["ready", "live", "ended", "completed", "abandoned", "failed"]
Speaker = Literal["interviewer", "candidate"]
Source = Literal["speech", "text"]
EndedReason = Literal["interviewer", "candidate", "time_limit", "failed", "abandoned"]

LEVELS: tuple[Level, ...] = ("beginner", "intermediate", "advanced")


@dataclass(frozen=True, slots=True)
class Cv:
    """A CV as it was read. `text` is what the prompt gets (cut at a line); `object` names the original in the files."""

    filename: str
    pages: int
    characters: int
    text: str
    object: str | None = None
    truncated: bool = False
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said at a stretch. `number` counts from 0 over both speakers and never repeats."""

    number: int
    speaker: Speaker
    text: str
    started_at: datetime
    ended_at: datetime
    interrupted: bool = False
    source: Source = "speech"


@dataclass(frozen=True, slots=True)
class Live:
    """Who carries the interview. `epoch` grows with each connection; a write with an older one is refused.

    `seen_at` is when the connection last said that it is there: with its claim, and every now and then from there on.
    """

    epoch: int = 0
    resumption_handle: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Interview:
    """The document `interviews/{session_id}`. `summary` is plain JSON as the contract describes it."""

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
    avatar: dict[str, Any] | None = None
    live: Live = field(default_factory=Live)
    summary: dict[str, Any] | None = None

    @property
    def over(self) -> bool:
        """No one can go on with it."""
        return self.status in ("ended", "completed", "failed")
