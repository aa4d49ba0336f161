"""The candidate's last sounds, kept until the service has shown that it heard them."""

from collections import deque
from typing import Final

from relay.browser.messages import MICROPHONE_RATE
from relay.speech.level import is_loud

BYTES_A_SECOND: Final = 2 * MICROPHONE_RATE
LONGEST: Final = 15 * BYTES_A_SECOND
"""Bytes that are kept at the most: longer than anyone speaks without a word of it being transcribed."""
SOFT: Final = 8
"""Quiet frames that are kept before and after a sound: words begin and end softly."""
TAIL: Final = BYTES_A_SECOND // 2
"""Bytes that are kept when a word arrives: what was said after it while it was under way."""


class ReplayBuffer:
    """Microphone frames (PCM16 mono 16 kHz), the newest `longest` bytes of them; of a long silence only both ends."""

    __slots__ = ("_frames", "_length", "_longest", "_quiet")

    def __init__(self, longest: int = LONGEST) -> None:
        self._frames: deque[bytes] = deque()
        self._length = 0
        self._longest = longest
        self._quiet = 0

    def record(self, pcm: bytes, *, loud: bool) -> None:
        """Keep a frame; one without a sample has nothing to keep."""
        if not pcm:
            return
        frames = self._frames
        frames.append(pcm)
        self._length += len(pcm)
        self._quiet = 0 if loud else self._quiet + 1
        if self._quiet > 2 * SOFT and len(frames) > SOFT:
            self._length -= len(frames[-1 - SOFT])
            del frames[-1 - SOFT]
        while self._length > self._longest:
            self._length -= len(frames.popleft())

    def acknowledge(self, tail: int = TAIL) -> None:
        """All but the last `tail` bytes have been heard."""
        while self._frames and self._length - len(self._frames[0]) >= tail:
            self._length -= len(self._frames.popleft())

    def unacknowledged(self) -> list[bytes]:
        """What has not been heard, from the first sound on; the silence before it nobody misses."""
        frames = list(self._frames)
        first = next((place for place, frame in enumerate(frames) if is_loud(frame)), len(frames))
        return frames[max(0, first - SOFT) :] if first < len(frames) else []
