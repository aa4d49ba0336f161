"""What waits for the browser. Bounded: a browser that reads slowly loses the oldest audio, and never a word of text."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn

from interview.errors import Unavailable

MAX_AUDIO: Final = 30 * 2 * 24_000
"""Bytes of audio that may wait: 30 s of the interviewer's voice, as far as Gemini runs ahead of real time."""
MAX_TEXTS: Final = 2_000
"""Messages that may wait: minutes of captions. A browser that lets more pile up is as good as gone."""


class Sound(str):
    """A message with nothing but sound in it: it counts as audio, and may be dropped like it."""

    __slots__ = ()


class Outbox:
    """A queue of text messages (str) and audio (bytes, Sound), in the order in which they were put."""

    def __init__(self, max_audio: int = MAX_AUDIO, max_texts: int = MAX_TEXTS) -> None:
        self._waiting: deque[str | bytes] = deque()
        self._audio = 0
        self._texts = 0
        self._max_audio = max_audio
        self._max_texts = max_texts
        self._some = asyncio.Event()
        self.dropped = 0

    def text(self, message: str) -> None:
        """Queue a message. Raises Unavailable when the browser has stopped reading long ago."""
        if self._texts >= self._max_texts:
            raise Unavailable("The browser has stopped reading.", code="browser_stalled")
        self._texts += 1
        self._waiting.append(message)
        self._some.set()

    def audio(self, pcm: bytes | Sound) -> None:
        """Queue audio; beyond the limit the oldest audio goes (`dropped` counts bytes)."""
        self._waiting.append(pcm)
        self._audio += len(pcm)
        if self._audio > self._max_audio:
            self._drop_oldest_audio()
        if len(self._waiting) == 1:  # otherwise it is set already, and this is called for every frame
            self._some.set()

    def drop_audio(self) -> None:
        """Drop all audio that waits: nobody wants to hear it any more."""
        if self._audio:
            self._waiting = deque(item for item in self._waiting if type(item) is str)
            self._audio = 0

    async def pump(self, send: Callable[[str | bytes], Awaitable[None]]) -> NoReturn:
        """Send what is queued, for ever. An item whose sending is cancelled is gone, and so is the browser by then."""
        while True:
            await self._some.wait()
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
        self._some.clear()

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
