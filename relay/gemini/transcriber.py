"""A second try at speech that Gemini Live never transcribed: the text model is asked once, with the kept sound.

The sound is held in memory for that and never stored. What comes of it is doubtful, and the turn says so (`unclear`).
"""

import asyncio
import io
import wave
from collections.abc import Callable
from dataclasses import replace
from typing import Final, NoReturn, Protocol

from contract.limits import MICROPHONE_RATE
from interview import log
from interview.errors import ModelUnavailable
from interview.record import TextUsage, Turn

QUEUE: Final = 4
"""Turns that may wait; more than that in a row means that transcription does not work at all."""


class TextModel(Protocol):
    """The part of the text model that this needs."""

    async def transcribe(self, wav: bytes, language: str) -> str:
        """The words in a recording; empty when there are none. Raises ModelUnavailable."""

    def counted(self, count: Callable[[TextUsage], None]) -> "TextModel":
        """The same model; `count` gets the tokens of each answer."""


class Transcriber:
    """One interview's second tries. `run` does them, one after the other."""

    def __init__(self, model: TextModel, *, session_id: str, language: str, tell: Callable[[Turn], None]) -> None:
        """`tell` gets each turn that has words now."""
        self._model = model
        self._session_id = session_id
        self._language = language
        self._tell = tell
        self._waiting: asyncio.Queue[tuple[Turn, bytes]] = asyncio.Queue(maxsize=QUEUE)

    def put(self, turn: Turn, pcm: bytes) -> None:
        """Queue a turn without words and its sound (PCM16 mono 16 kHz). With a full queue it stays without words."""
        if pcm and not self._waiting.full():
            self._waiting.put_nowait((turn, pcm))

    async def run(self) -> NoReturn:
        """Try what is queued, for ever."""
        while True:
            turn, pcm = await self._waiting.get()
            try:
                text = await self._model.transcribe(to_wav(pcm), self._language)
            except ModelUnavailable as error:
                log.write("WARNING", "second_transcription_failed", session_id=self._session_id, code=error.code)
                continue
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
