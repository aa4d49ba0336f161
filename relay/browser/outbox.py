"""The queue to the browser. It is bounded: a browser that reads slowly loses the oldest audio, but no text message."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn

from interview.errors import Unavailable

MAX_AUDIO: Final = 30 * 2 * 24_000
"""Bytes of audio that may wait: 30 s of the interviewer's voice, which is how far Gemini runs ahead of real time."""
MAX_TEXTS: Final = 2_000
"""Text messages that may wait: minutes of captions. A browser with more has stopped reading."""


class Sound(str):
    """A text message that carries only audio: it counts as audio, and may be dropped."""

    __slots__ = ()


class Outbox:
    """A queue of text messages (str) and audio (bytes, Sound), first in, first out."""

    def __init__(self, max_audio: int = MAX_AUDIO, max_texts: int = MAX_TEXTS) -> None:
        self._waiting: deque[str | bytes] = deque()
        self._audio = 0
        self._texts = 0
        self._max_audio = max_audio
        self._max_texts = max_texts
        self._wake = asyncio.Event()
        self.dropped = 0
        """Bytes of audio dropped because too much waited."""

    @property
    def waiting(self) -> tuple[int, int]:
        """Bytes of audio, and messages, that wait."""
        return self._audio, self._texts

    def text(self, message: str) -> None:
        """Queue a message. Raises Unavailable when the browser has stopped reading."""
        if self._texts >= self._max_texts:
            raise Unavailable("The browser has stopped reading.", code="browser_stalled")
        self._texts += 1
        self._waiting.append(message)
        self._wake.set()

    def audio(self, pcm: bytes | Sound) -> None:
        """Queue audio. Beyond the limit, drop the oldest."""
        self._waiting.append(pcm)
        self._audio += len(pcm)
        if self._audio > self._max_audio:
            self._drop_oldest_audio()
        if len(self._waiting) == 1:  # otherwise it is set already, and this is called for every frame
            self._wake.set()

    def drop_audio(self) -> None:
        """Drop all queued audio."""
        if self._audio:
            self._waiting = deque(item for item in self._waiting if type(item) is str)
            self._audio = 0

    async def pump(self, send: Callable[[str | bytes], Awaitable[None]]) -> NoReturn:
        """Send what is queued, forever. Cancelling it may lose the item that is being sent."""
        while True:
            await self._wake.wait()
            await self.drain(send)

    async def drain(self, send: Callable[[str | bytes], Awaitable[None]]) -> None:
        """Send all that is queued now."""
        while self._waiting:
            item = self._waiting.popleft()
            if type(item) is str:
                self._texts -= 1
            else:
                self._audio -= len(item)
            await send(item)
        self._wake.clear()

    def _drop_oldest_audio(self) -> None:
        kept: deque[str | bytes] = deque()
        while self._audio > self._max_audio:
            item = self._waiting.popleft()
            if type(item) is str:
                kept.append(item)
            else:
                self._audio -= len(item)
                self.dropped += len(item)
        self._waiting.extendleft(reversed(kept))
