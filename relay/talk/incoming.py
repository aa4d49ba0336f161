"""What Gemini has sent of its turn. An utterance is held back until it proves to be speech for the candidate."""

from dataclasses import dataclass
from typing import Final, Literal

from contract.limits import VOICE_RATE
from relay.talk import directions

INAUDIBLE: Final = 64
"""The amplitude (of 32,768) that an utterance must exceed. Reported: replies at an amplitude of 2
(gemini-live-api-examples#40). Quiet speech peaks in the thousands."""
WORDLESS: Final = 0.5
"""Seconds of audible sound that are played although no words of it have come."""
LEFTOVER: Final = 0.7
"""Seconds of sound up to which what follows an utterance is its leftovers, and is dropped (livekit/agents#6421)."""
LONGEST: Final = 60.0
"""Seconds of sound after which an utterance is cut: an endless tone (python-genai#2715). Questions take 5 to 25."""
BYTES_A_SECOND: Final = 2 * VOICE_RATE

Verdict = Literal["wait", "speech", "mark", "direction"]


@dataclass(slots=True)
class GeminiTurn:
    """What has happened in Gemini's present turn, which ends with turnComplete."""

    spoke: bool = False
    called: bool = False
    silent: bool = False
    """It was marked as silent on purpose."""
    interrupted: bool = False


class Incoming:
    """One utterance as it comes in (PCM16 mono 24 kHz). Once `playing`, its sound goes straight through."""

    __slots__ = ("_audible", "_held", "_length", "began_at", "leftover", "playing", "words")

    def __init__(self, *, leftover: bool = False) -> None:
        """`leftover`: its first sound may be what is left of the utterance before."""
        self._held: list[bytes] = []
        self._length = 0
        self._audible = 0
        self.words = ""
        self.playing = False
        self.began_at = 0.0
        self.leftover = leftover

    @property
    def seconds(self) -> float:
        """Seconds of sound, played or held."""
        return self._length / BYTES_A_SECOND

    @property
    def ends_at(self) -> float:
        """When the sound that has come so far ends, if it is played without a break."""
        return self.began_at + self.seconds

    @property
    def empty(self) -> bool:
        """No sound has come."""
        return not self._length

    @property
    def inaudible(self) -> bool:
        """Sound has come, and none of it can be heard."""
        return bool(self._length) and not self._audible

    def pass_through(self, length: int) -> bool:
        """Count sound that is played at once; returns False when the utterance is longer than `LONGEST`."""
        self._length += length
        return self._length <= LONGEST * BYTES_A_SECOND

    def hold(self, pcm: bytes) -> None:
        """Keep sound back, up to `LONGEST`."""
        self._length += len(pcm)
        if self._audible or _peak(pcm) > INAUDIBLE:
            self._audible += len(pcm)
        if self._length <= LONGEST * BYTES_A_SECOND:
            self._held.append(pcm)
        if self._length > LEFTOVER * BYTES_A_SECOND:
            self.leftover = False

    def verdict(self, *, complete: bool) -> Verdict:
        """Whether it is speech: audible, and its words neither a mark such as <no speech> nor a direction read aloud.

        `complete`: no more of it comes, so that there is nothing to wait for.
        """
        reading = directions.read_aloud(self.words)
        if reading in ("mark", "direction"):
            rest = directions.after_reading(self.words)
            if not rest:
                self._held.clear()
                self._audible = 0
                return "mark" if reading == "mark" else "direction"
            self.words = rest
        elif self.leftover or (reading == "perhaps" and not complete and self._audible < WORDLESS * BYTES_A_SECOND):
            return "wait"
        return "speech" if self._audible else "wait"

    def release(self, now: float) -> bytes:
        """From now on it is played; returns what was held back."""
        self.playing, self.began_at, self.leftover = True, now, False
        held = b"".join(self._held)
        self._held.clear()
        return held


def _peak(pcm: bytes) -> int:
    samples = memoryview(pcm).cast("h")[::5].tolist()
    return max(*samples, -min(samples)) if samples else 0
