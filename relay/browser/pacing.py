"""How much a page may send, and how fast. Pure: times are passed in, as seconds of one monotonic clock.

An interview has one `Pace` for all its connections in this process, so that dialling again brings no new allowance.
What is over the pace is refused with a notice. A page that goes on is disconnected: TooFast, or BadMessage for frames
that are too short.
"""

from typing import Final

from contract.limits import (
    ANSWER_BURST,
    CONTROLS_A_SECOND,
    MAX_TYPED,
    MICROPHONE_BURST_SECONDS,
    MICROPHONE_RATE,
    MICROPHONE_SPEED,
    MIN_MICROPHONE_MS,
    SECONDS_AN_ANSWER,
)
from interview.errors import BadMessage, TooFast

SHORT_FRAMES: Final = 50
"""Frames under `MIN_MICROPHONE_MS` that pass at once, and one more each second: a microphone that is stopped sends what
it has left."""
CONTROL_BURST: Final = 20
"""Messages other than typed answers that pass at once: a page that has reconnected says where it stands."""
REFUSALS: Final = 20
REFUSALS_A_SECOND: Final = 0.2
"""Refusals after which the connection is closed, and how many of them are forgotten each second."""
CONNECTIONS: Final = 8
SECONDS_A_CONNECTION: Final = 5.0
"""Connections of one interview that are admitted at once, and the seconds that bring one more. Each dials Gemini."""

_BYTES_A_SECOND: Final = 2 * MICROPHONE_RATE
_SHORTEST: Final = _BYTES_A_SECOND * MIN_MICROPHONE_MS // 1000

_SOUND: Final = "Your microphone sends faster than it records. Some of it was left out."
_ANSWERS: Final = (
    "You are sending answers faster than the interviewer can take them in. Your text is back in the field. "
    "Send it again in a moment."
)
_TYPED: Final = (
    "You have typed as much as one interview can take. Your text is back in the field. "
    "Shorten it, or answer by speaking."
)
_CONTROLS: Final = "That was a lot at once. Please wait a moment."


class Bucket:
    """A token bucket: `burst` at once, and `rate` a second after that."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = self._left = burst
        self._at = 0.0

    def take(self, amount: float, now: float) -> bool:
        """Take this much. Returns False, and takes nothing, if there is less."""
        left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if left < amount:
            self._left = left
            return False
        self._left = left - amount
        return True


class Pace:
    """What one interview may send. The methods return None, or the sentence with which something is refused.

    Raises TooFast when there were too many refusals lately.
    """

    __slots__ = ("_answers", "_connections", "_controls", "_refusals", "_short", "_sound", "typed")

    def __init__(self, speed: float = MICROPHONE_SPEED) -> None:
        """`speed` is the limit of the microphone, in times real time."""
        self._sound = Bucket(speed * _BYTES_A_SECOND, MICROPHONE_BURST_SECONDS * _BYTES_A_SECOND)
        self._short = Bucket(1.0, SHORT_FRAMES)
        self._answers = Bucket(1 / SECONDS_AN_ANSWER, ANSWER_BURST)
        self._controls = Bucket(CONTROLS_A_SECOND, CONTROL_BURST)
        self._connections = Bucket(1 / SECONDS_A_CONNECTION, CONNECTIONS)
        self._refusals = Bucket(REFUSALS_A_SECOND, REFUSALS)
        self.typed = 0
        """Characters of all typed answers of the interview."""

    def connection(self, now: float) -> None:
        """A connection that has proved to be the candidate's. Raises TooFast."""
        if not self._connections.take(1, now):
            raise TooFast("This interview is being connected too often.")

    def sound(self, length: int, now: float) -> str | None:
        """A microphone frame of this many bytes. Raises BadMessage for one more frame that is too short."""
        if length < _SHORTEST and not self._short.take(1, now):
            raise BadMessage(f"A microphone frame must have at least {MIN_MICROPHONE_MS} ms.")
        if self._sound.take(length, now):
            return None
        return self._refuse(_SOUND, now)

    def answer(self, characters: int, now: float) -> str | None:
        """A typed answer. One that is refused does not count."""
        if self.typed + characters > MAX_TYPED:
            return self._refuse(_TYPED, now)
        if not self._answers.take(1, now):
            return self._refuse(_ANSWERS, now)
        self.typed += characters
        return None

    def control(self, now: float) -> str | None:
        """Any other message. It is carried out even if it is refused: a page whose "mute" was dropped would show
        a wrong state.
        """
        return None if self._controls.take(1, now) else self._refuse(_CONTROLS, now)

    def _refuse(self, sentence: str, now: float) -> str:
        if not self._refusals.take(1, now):
            raise TooFast("More was sent than an interview can take.")
        return sentence
