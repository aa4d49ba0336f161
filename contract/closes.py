"""Close codes of the stream, and what a client does on each."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Close:
    """One close code. `final`: dialling again is of no use. `advice` is for who writes a client."""

    code: int
    name: str
    meaning: str
    advice: str
    final: bool = False


ENDED: Final = Close(1000, "ended", "The interview has ended.", "Ask for the summary over HTTP.", final=True)
TOO_BIG: Final = Close(
    1009, "too_big", "A frame was over the limit.", "Dial again and send smaller frames: the interview goes on."
)
FAULT: Final = Close(
    1011,
    "fault",
    "The relay, or something it depends on, has failed.",
    "Dial again with growing pauses; give up when it repeats without progress.",
)
GOING_AWAY: Final = Close(
    1012, "going_away", "This instance is being stopped.", "Dial again at once: another instance goes on."
)
BAD_MESSAGE: Final = Close(
    4400, "bad_message", "A message breaks the contract.", "Do not repeat it: the client has a fault.", final=True
)
NOT_FOUND: Final = Close(
    4401,
    "not_found",
    "No such interview, or not with this token: the two are not told apart.",
    "Give up, or start another interview.",
    final=True,
)
NO_HELLO: Final = Close(4408, "no_hello", "No hello came in time.", "Dial again and send the hello at once.")
TAKEN_OVER: Final = Close(
    4409,
    "taken_over",
    "Another connection has taken the interview over; the newest one wins.",
    "Stay closed, or the two connections take it from each other for ever. Dial again if the candidate asks for it.",
    final=True,
)
ALREADY_ENDED: Final = Close(
    4410, "already_ended", "The interview is over.", "Ask for the summary over HTTP.", final=True
)
SUSPENDED: Final = Close(
    4411,
    "suspended",
    "Nobody has answered for minutes, and the interview is suspended; its clock runs on.",
    "Dial again when the candidate asks for it, and not before.",
    final=True,
)
AT_CAPACITY: Final = Close(
    4429,
    "at_capacity",
    "As many interviews as this instance takes. With the reason `too_fast`: more was sent than the limits allow.",
    "Dial again every few seconds.",
)

CLOSES: Final = (
    ENDED,
    TOO_BIG,
    FAULT,
    GOING_AWAY,
    BAD_MESSAGE,
    NOT_FOUND,
    NO_HELLO,
    TAKEN_OVER,
    ALREADY_ENDED,
    SUSPENDED,
    AT_CAPACITY,
)
