"""The gate for the microphone during thinking time, which the candidate asks for and ends.

Gemini ends an answer after a stretch of silence. During thinking time it gets none: speech passes the gate, the silence
around it does not.
"""

from typing import Final

from relay.speech.level import is_loud

TAIL: Final = 8
"""Quiet frames that still pass after a loud one: words end softly."""


class ThinkingGate:
    """Decides which microphone frames pass during thinking time."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = 0

    def passes(self, pcm: bytes) -> bool:
        """Whether this frame (PCM16 mono 16 kHz) is speech or its soft end."""
        self._left = TAIL if is_loud(pcm) else max(0, self._left - 1)
        return self._left > 0
