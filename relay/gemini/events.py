"""What happens on the line to Gemini, in our words. One event means one thing."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Heard:
    """A piece of what the candidate said."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of what the interviewer says; it comes before the audio it belongs to."""

    text: str


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The candidate spoke over the interviewer: what was not heard yet will not be."""


@dataclass(frozen=True, slots=True)
class Generated:
    """All of the interviewer's turn has been sent."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The turn is complete: generated and, by the service's reckoning, played."""


@dataclass(frozen=True, slots=True)
class Called:
    """The model calls a tool and waits for the answer."""

    id: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class GoAway:
    """The service will close the connection in so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Handle:
    """By this the session can be resumed on another connection, for two hours."""

    handle: str


Event = Heard | Said | Interrupted | Generated | Settled | Called | GoAway | Handle
