"""The record of an interview: what the store holds and what is read back. Times are aware datetimes in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Level = Literal["beginner", "intermediate", "advanced"]
Status = Literal["ready", "live", "ended", "completed", "abandoned", "failed"]
Speaker = Literal["interviewer", "candidate"]
Source = Literal["speech", "text"]
EndedReason = Literal["interviewer", "candidate", "time_limit", "failed", "abandoned"]
Output = Literal["voice", "avatar"]
AvatarStatus = Literal["creating", "active", "ended", "failed"]

LEVELS: tuple[Level, ...] = ("beginner", "intermediate", "advanced")
OUTPUTS: tuple[Output, ...] = ("voice", "avatar")


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
class OutputChange:
    """From this moment on the interviewer's voice went there, and why. `reason` is a short code."""

    at: datetime
    output: Output
    reason: str


@dataclass(frozen=True, slots=True)
class Avatar:
    """The interviewer's face. Money runs from `created_at` to `ended_at`.

    `conversation_id` is the provider's name for the present or last conversation, `earlier` are those before it.
    `hook_sha256` is the hash of the secret in the present one's callback address. `reason` is a short code for why it
    ended or failed. `seconds` were paid for in conversations that have ended, all together. `changes` are the last ones
    of where the voice went, oldest first.
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
        """There is a conversation, or may be: money runs."""
        return self.status in ("creating", "active")


@dataclass(frozen=True, slots=True)
class Lease:
    """One interview's place among those that may have an avatar at once; it lapses by itself at `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """The document `system/avatar`, what all interviews share of the avatar's provider.

    `deployment` is random and made once: it is in the name of every conversation, so that nobody takes another's for
    his own. The persona `persona_id` was made for what `persona_key` says. `today` counts the interviews that got an
    avatar on `day`, a date in UTC. `leases` are by session id.
    """

    deployment: str
    persona_id: str | None = None
    persona_key: str | None = None
    day: str = ""
    today: int = 0
    leases: Mapping[str, Lease] = field(default_factory=dict)


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
    avatar: Avatar | None = None
    live: Live = field(default_factory=Live)
    summary: dict[str, Any] | None = None

    @property
    def over(self) -> bool:
        """No one can go on with it."""
        return self.status in ("ended", "completed", "failed")
