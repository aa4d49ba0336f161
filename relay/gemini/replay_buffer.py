"""The candidate's microphone since Gemini last showed that it had received it: what a new connection must hear again.

Gemini 3.8 shows nothing while an answer is being given, so a whole answer must fit.
"""

from collections import deque
from typing import Final

from relay.browser.messages import MICROPHONE_RATE

BYTES_A_SECOND: Final = 2 * MICROPHONE_RATE
LONGEST: Final = 180 * BYTES_A_SECOND
"""Bytes that are kept at the most: three minutes, 5.8 MB. The oldest go first."""
SOFT: Final = 8
"""Quiet frames that are kept before and after a sound: words begin and end softly."""


class ReplayBuffer:
    """Microphone frames (PCM16 mono 16 kHz) with their times; of a long silence only both ends.

    Times are seconds of a monotonic clock. What is acknowledged need not be sent again; it is kept all the same from
    `keep_from` on, for a transcription that never came.
    """

    __slots__ = ("_acknowledged", "_frames", "_length", "_longest", "_quiet")

    def __init__(self, longest: int = LONGEST) -> None:
        self._frames: deque[tuple[float, bytes, bool]] = deque()
        self._length = 0
        self._longest = longest
        self._quiet = 0
        self._acknowledged = float("-inf")

    @property
    def length(self) -> int:
        """Bytes that are kept."""
        return self._length

    def record(self, pcm: bytes, at: float, *, loud: bool) -> None:
        """Keep a frame that ended at `at`; `loud` while there is speech."""
        if not pcm:
            return
        frames = self._frames
        frames.append((at, pcm, loud))
        self._length += len(pcm)
        self._quiet = 0 if loud else self._quiet + 1
        if self._quiet > 2 * SOFT and len(frames) > SOFT:
            self._length -= len(frames[-1 - SOFT][1])
            del frames[-1 - SOFT]
        while self._length > self._longest:
            self._length -= len(frames.popleft()[1])

    def acknowledge(self, until: float, *, keep_from: float | None = None) -> None:
        """Gemini has received everything up to `until`."""
        self._acknowledged = max(self._acknowledged, until)
        drop = self._acknowledged if keep_from is None else min(self._acknowledged, keep_from)
        while self._frames and self._frames[0][0] <= drop:
            self._length -= len(self._frames.popleft()[1])

    def unacknowledged(self) -> tuple[list[bytes], float]:
        """What has to be sent again, from the first sound on, and how many seconds of it are speech."""
        frames = [(pcm, loud) for at, pcm, loud in self._frames if at > self._acknowledged]
        first = next((place for place, (_, loud) in enumerate(frames) if loud), None)
        if first is None:
            return [], 0.0
        rest = frames[max(0, first - SOFT) :]
        return [pcm for pcm, _ in rest], sum(len(pcm) for pcm, loud in rest if loud) / BYTES_A_SECOND

    def clip(self, began: float, ended: float) -> bytes:
        """The sound between two times, as far as it is still kept."""
        return b"".join(pcm for at, pcm, _ in self._frames if began <= at <= ended + SOFT * 0.04)
