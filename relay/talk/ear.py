"""When the candidate speaks, by the loudness of their microphone.

Gemini transcribes an answer only after it has ended, and sometimes never (docs/reliability.md), so the relay needs a
measure of its own. It tells speech from a steady noise (a fan) by a noise floor that adapts, and from short noises (a
keyboard) by their length.
"""

from array import array
from enum import Enum
from typing import Final

STRIDE: Final = 11
LOOKED_AT: Final = 58
"""Samples that are looked at: every eleventh of a frame of 40 ms, which costs about 2 us. In a shorter frame they are
closer together, because the level of a few samples of a steady noise varies too much."""
QUIETEST: Final = 900
"""Peak-to-peak amplitude (of 65,536) below which nothing is speech, however quiet the room: about -43 dBFS."""
LOUDEST_NOISE: Final = 3_200
"""The noise floor is never taken to be higher than this. Noise of -36 dBFS reaches it; speech is far above it."""
ABOVE_NOISE: Final = 2.2
"""Speech is this many times as loud as the noise floor. Frames of white noise differ from one another by less."""
WINDOW: Final = 1.0
"""Seconds. The noise floor is the quietest frame of the last two to three windows: speech has gaps within that time."""
ONSET: Final = 0.16
"""Seconds of loud frames in a row that are speech. A key click or a tap takes less."""
GAP: Final = 0.06
"""Seconds of quiet that do not break the row: half a syllable's closure."""
RELEASE: Final = 0.4
"""Seconds of quiet that end a stretch of speech."""
_BYTES_A_SECOND: Final = 2 * 16_000


class Change(Enum):
    """What a frame has shown."""

    BEGAN = "began"
    ENDED = "ended"


class Ear:
    """Follows one microphone (PCM16 mono 16 kHz).

    Lengths are counted in sound, which may come faster than it was spoken. Times are seconds of the caller's monotonic
    clock.
    """

    __slots__ = (
        "_floors",
        "_loud",
        "_lowest",
        "_quiet",
        "_window",
        "began_at",
        "ended_at",
        "seconds",
        "speaking",
        "threshold",
    )

    def __init__(self) -> None:
        self._floors: tuple[float, float] = (float(LOUDEST_NOISE), float(LOUDEST_NOISE))
        self._lowest = float(LOUDEST_NOISE)
        self._window = 0.0
        self.threshold = ABOVE_NOISE * LOUDEST_NOISE
        """The peak-to-peak amplitude above which a frame is loud."""
        self._loud = 0.0
        """Seconds of loud frames in a row, short gaps included."""
        self._quiet = 0.0
        """Seconds of quiet frames since the last loud one."""
        self.speaking = False
        """Speech is going on; up to `RELEASE` seconds of silence belong to it."""
        self.began_at = float("-inf")
        """When the newest stretch of speech began."""
        self.ended_at = float("-inf")
        """When the newest loud frame of speech ended."""
        self.seconds = 0.0
        """Seconds of sound from the first to the last loud frame of the newest stretch."""

    def hear(self, pcm: bytes, now: float, *, learn: bool = True) -> Change | None:
        """Take a frame that ended at `now`; returns what has changed with it.

        Without `learn` the noise floor stays as it is: the frame is silence in the microphone's place.
        """
        stride = min(STRIDE, max(1, len(pcm) // (2 * LOOKED_AT)))
        # A copy of a frame, sliced and sorted, takes half the time of a view with its smallest and its largest sample.
        samples = array("h", pcm)[::stride].tolist()
        if not samples:
            return None
        samples.sort()
        level = samples[-1] - samples[0]
        seconds = len(pcm) / _BYTES_A_SECOND
        loud = level > self.threshold
        if learn:
            self._adapt(level, seconds)
        if loud:
            return self._take_loud(now, seconds)
        self._quiet += seconds
        if self.speaking:
            if self._quiet >= RELEASE:
                self.speaking = False
                return Change.ENDED
        elif self._quiet > GAP:
            self._loud = 0.0
        return None

    def _take_loud(self, now: float, seconds: float) -> Change | None:
        gap, self._quiet = self._quiet, 0.0
        if self.speaking:
            self.ended_at = now
            self.seconds += gap + seconds
            return None
        self._loud += seconds + (gap if self._loud else 0.0)
        if self._loud < ONSET:
            return None
        self.speaking = True
        self.began_at, self.ended_at, self.seconds = now - self._loud, now, self._loud
        self._loud = 0.0
        return Change.BEGAN

    def _adapt(self, level: int, seconds: float) -> None:
        self._window += seconds
        if self._window >= WINDOW:
            self._floors = (self._floors[1], self._lowest)
            self._lowest = float(LOUDEST_NOISE)
            self._window = 0.0
        elif level >= self._lowest:
            return
        self._lowest = min(self._lowest, float(level))
        self.threshold = max(QUIETEST, ABOVE_NOISE * min(*self._floors, self._lowest))
