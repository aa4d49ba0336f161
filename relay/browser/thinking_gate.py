"""A held floor: the candidate has asked to think, and keeps it for as long as they like.

The service ends an answer by a stretch of silence. While the candidate holds the floor it gets none: what they say
goes through, and the silence around it does not.
"""

from typing import Final

from relay.speech.level import is_loud

TAIL: Final = 8
"""Frames of quiet that still go through after a sound: a word's end is soft."""


class ThinkingGate:
    """Which microphone frames go through while the floor is held."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = 0

    def passes(self, pcm: bytes) -> bool:
        """Whether this frame (PCM16 mono 16 kHz) is speech, or the soft end of it."""
        self._left = TAIL if is_loud(pcm) else max(0, self._left - 1)
        return self._left > 0
