"""A second try at speech that Gemini Live never transcribed: the text model is asked once, with the kept sound.

The sound is held in memory for that and never stored; all interviews of an instance share a bound on it (`Allowance`).
The result is doubtful, and the turn says so (`unclear`).
"""

import asyncio
import io
import wave
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, NoReturn, Protocol

from contract.limits import MICROPHONE_RATE
from interview import log
from interview.errors import ModelUnavailable
from interview.record import Turn
from interview.usage import TextUsage

QUEUE: Final = 4
"""Turns of an interview that may wait; more than that in a row means that transcription does not work at all."""


MOST_BYTES: Final = 128 * 1024 * 1024
"""Bytes on one instance for sound that waits or is transcribed. An answer beyond that is not transcribed again."""
COPIES: Final = 6
"""Bytes that an answer takes for each byte of its sound: itself, the WAV, and the request with it in base64, which the
client has as text and as bytes (1.33 each, and as much while it encodes them).
"""
AT_ONCE: Final = 8
"""Answers that are transcribed at a time on one instance."""


class TextModel(Protocol):
    """The part of the text model that this needs."""

    async def transcribe(self, wav: bytes, language: str) -> str:
        """The words in a recording; empty when there are none. Raises ModelUnavailable."""

    def counted(self, count: Callable[[TextUsage], None]) -> "TextModel":
        """The same model; `count` gets the tokens of each answer."""


class Allowance:
    """What all interviews of an instance share."""

    def __init__(self, most_bytes: int = MOST_BYTES, at_once: int = AT_ONCE) -> None:
        self._left = most_bytes
        self.places = asyncio.Semaphore(at_once)

    def take(self, size: int) -> bool:
        """Reserve what this many bytes of sound need. Returns False, and reserves nothing, if there is less."""
        if COPIES * size > self._left:
            return False
        self._left -= COPIES * size
        return True

    def give_back(self, size: int) -> None:
        """Give it back."""
        self._left += COPIES * size


class Waiting:
    """One interview's answers that wait to be transcribed, one after the other."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._queue: asyncio.Queue[tuple[Turn, bytes]] = asyncio.Queue(maxsize=QUEUE)
        self._over = False

    def put(self, turn: Turn, pcm: bytes) -> None:
        """Queue a turn and its sound, if there is sound and room for it, here and in the allowance."""
        if pcm and not self._over and not self._queue.full() and self._allowance.take(len(pcm)):
            self._queue.put_nowait((turn, pcm))

    async def run(self, transcribe: Callable[[Turn, bytes], Awaitable[None]]) -> NoReturn:
        """Call `transcribe` for each queued turn, for ever. When it ends, the allowance gets back what still waits."""
        try:
            while True:
                turn, pcm = await self._queue.get()
                try:
                    async with self._allowance.places:
                        await transcribe(turn, pcm)
                finally:
                    self._allowance.give_back(len(pcm))
        finally:
            self._over = True
            while not self._queue.empty():
                self._allowance.give_back(len(self._queue.get_nowait()[1]))


class Transcriber:
    """One interview's second tries. `run` does them, one after the other."""

    def __init__(
        self,
        model: TextModel,
        *,
        session_id: str,
        language: str,
        allowance: Allowance,
        tell: Callable[[Turn], None],
    ) -> None:
        """`tell` is called with each turn that has words now."""
        self._model = model
        self._session_id = session_id
        self._language = language
        self._tell = tell
        self._waiting = Waiting(allowance)

    def put(self, turn: Turn, pcm: bytes) -> None:
        """Queue a turn without words and its sound (PCM16 mono 16 kHz). Without room for it, it stays without words."""
        self._waiting.put(turn, pcm)

    async def run(self) -> NoReturn:
        """Try what is queued, for ever."""
        await self._waiting.run(self._transcribe)

    async def _transcribe(self, turn: Turn, pcm: bytes) -> None:
        try:
            text = await self._model.transcribe(to_wav(pcm), self._language)
        except ModelUnavailable as error:
            log.write("WARNING", "second_transcription_failed", session_id=self._session_id, code=error.code)
            return
        if text:
            self._tell(replace(turn, text=text, doubt=("unclear",)))


def to_wav(pcm: bytes) -> bytes:
    """The sound as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(MICROPHONE_RATE)
        writer.writeframes(pcm)
    return file.getvalue()
