"""What happens on a connection to Gemini, as our own types. One event means one thing."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Transcribed:
    """Words of the candidate's: on Gemini Live 3.8 a whole answer at once, after it has ended."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """Words of the interviewer's; they come with their audio, or a little ahead of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Gemini has stopped speaking because it heard the candidate, or because it thinks so."""


@dataclass(frozen=True, slots=True)
class Generated:
    """All of the interviewer's turn has been sent."""


@dataclass(frozen=True, slots=True)
class Completed:
    """The turn is complete: generated and, by the service's clock, played. `reason` is the service's, if it has one."""

    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """The model calls a tool."""

    id: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class GoAway:
    """The service will close the connection after this many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Handle:
    """With this the session can be resumed on another connection, for two hours."""

    handle: str


@dataclass(frozen=True, slots=True)
class Used:
    """Tokens of one turn, as they are billed. The prompt is the whole context, billed again with every turn."""

    prompt_text: int = 0
    prompt_audio: int = 0
    response_text: int = 0
    response_audio: int = 0
    thoughts: int = 0


Event = Transcribed | Said | Interrupted | Generated | Completed | Called | GoAway | Handle | Used
