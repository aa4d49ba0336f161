"""The short way for audio on Gemini Live's socket.

Most messages of an interview are audio and look alike but for the audio itself. Through the SDK's typed messages each
costs several times what its base64 does (docs/decisions/0004-audio-path.md), so audio is taken aside below the SDK: a
connection class of ours, which the SDK is told to use, recognises a plain audio message by its surroundings. The
surroundings are learnt with a real parser and cached; whatever does not fit them to the letter goes the SDK's way.
"""

from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final

import orjson
from websockets.asyncio.client import ClientConnection

Take = Callable[[bytes], None]
"""Takes the interviewer's voice: PCM16 mono 24 kHz."""

_OPEN: Final = b'{"realtime_input": {"audio": {"data": "'
_CLOSE: Final = b'", "mime_type": "audio/pcm;rate=16000"}}}'


def frame_audio(pcm: bytes) -> bytes:
    """Microphone audio (PCM16 mono 16 kHz) as the text frame that `send_realtime_input(audio=…)` would send.

    But for the alphabet: the SDK writes URL-safe base64; the service, as all JSON of protobuf, reads either.
    """
    return _OPEN + b2a_base64(pcm, newline=False) + _CLOSE


class AudioReader:
    """Finds the audio in plain audio messages. `hits` and `misses` count how often the short way was open."""

    __slots__ = ("_after", "_before", "hits", "misses")

    def __init__(self) -> None:
        self._before = b""
        self._after = b""
        self.hits = 0
        self.misses = 0

    def read(self, message: bytes) -> bytes | None:
        """The PCM of a message that is audio and nothing else; None for every other message."""
        before, after = self._before, self._after
        if before and message.startswith(before) and message.endswith(after):
            try:
                # Strict: a second part between the known ends has quotes and braces in it, and is refused.
                pcm = a2b_base64(message[len(before) : len(message) - len(after)], strict_mode=True)
            except Base64Error:
                pass
            else:
                self.hits += 1
                return pcm
        if b"inlineData" not in message:
            return None
        self.misses += 1
        self._learn(message)
        return None

    def _learn(self, message: bytes) -> None:
        """Remember the surroundings if the message, parsed in full, is nothing but one piece of audio."""
        data = _lone_audio(message)
        before, found, after = message.partition(data) if data else (b"", b"", b"")
        if found and before.endswith(b'"') and after.startswith(b'"'):
            self._before, self._after = before, after


def _lone_audio(message: bytes) -> bytes | None:
    """The base64 of a message that carries one piece of audio and nothing else."""
    try:
        parsed = orjson.loads(message)
    except orjson.JSONDecodeError:
        return None
    match parsed:
        case {
            "serverContent": {
                "modelTurn": {"parts": [{"inlineData": {"data": str(data), **blob}, **part}], **turn},
                **content,
            },
            **rest,
        }:
            plain = not (rest or content or part or turn.keys() - {"role"} or blob.keys() - {"mimeType"})
            return data.encode() if plain and str(blob.get("mimeType", "")).startswith("audio/pcm") else None
    return None


class AudioConnection(ClientConnection):
    """A connection that hands audio to whom `audio_taker` names while it is dialled, and all else to its caller."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reader = AudioReader()
        self._take = _TAKER.get()
        _DIALLED.get().append(self)

    async def recv(self, decode: bool | None = None) -> Any:  # noqa: FBT001 - the overridden signature
        """The next message that is not plain audio; audio before it has been handed over by then, in order."""
        while True:
            message = await super().recv(decode)
            pcm = self.reader.read(message) if isinstance(message, bytes) else None
            if pcm is None:
                return message
            self._take(pcm)


_TAKER: ContextVar[Take] = ContextVar("_TAKER")
_DIALLED: ContextVar[list[AudioConnection]] = ContextVar("_DIALLED")


def expect_audio(take: Take) -> list[AudioConnection]:
    """Have connections that this task dials from now on hand their audio to `take`. The list gets each as it is made.

    The SDK builds the connection itself and shares its options among all of them, so the way in is the task's context.
    """
    dialled: list[AudioConnection] = []
    _TAKER.set(take)
    _DIALLED.set(dialled)
    return dialled
