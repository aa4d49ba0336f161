"""The fast path for audio on a connection to Gemini Live.

Most messages of an interview are audio and differ in nothing but the audio. Through the SDK's typed messages each costs
several times what its base64 costs (docs/decisions/0004-audio-path.md). So audio bypasses the SDK: `AudioConnection`,
which the SDK is told to use, recognises a plain audio message by the bytes around its base64. These bytes are learnt
with a JSON parser and cached. Every message that does not match them exactly goes through the SDK.
"""

from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import orjson
from websockets.asyncio.client import ClientConnection

Take = Callable[[bytes], None]
"""Receives the interviewer's voice: PCM16 mono 24 kHz."""

LONGEST_EMPTY: Final = 64
"""Bytes of the longest message that may be empty, white space included."""
_EMPTY: Final = (b"{}", b'{"serverContent":{}}')

_OPEN: Final = b'{"realtime_input": {"audio": {"data": "'
_CLOSE: Final = b'", "mime_type": "audio/pcm;rate=16000"}}}'


def frame_audio(pcm: bytes) -> bytes:
    """Microphone audio (PCM16 mono 16 kHz) as the text frame that `send_realtime_input(audio=…)` would send.

    The alphabet differs: the SDK writes URL-safe base64. The service reads both, as all protobuf JSON does.
    """
    return _OPEN + b2a_base64(pcm, newline=False) + _CLOSE


def is_empty(message: str | bytes) -> bool:
    """Whether a short message says nothing: about half of the recorded ones do."""
    content = message.encode() if isinstance(message, str) else message
    return content.translate(None, b" \r\n\t") in _EMPTY


class AudioReader:
    """Finds the audio in plain audio messages. `hits` counts those read here, `misses` the audio left to the SDK."""

    __slots__ = ("_after", "_before", "hits", "misses")

    def __init__(self) -> None:
        self._before = b""
        self._after = b""
        self.hits = 0
        self.misses = 0

    def read(self, message: bytes) -> bytes | None:
        """The PCM of a message that is one piece of audio and nothing else; None for every other message."""
        before, after = self._before, self._after
        if before and message.startswith(before) and message.endswith(after):
            try:
                # Strict: a second part between the known ends contains quotes and braces, and is rejected.
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
        """Remember the bytes around the base64 of a message that is one piece of audio and nothing else."""
        data = _lone_audio(message)
        before, found, after = message.partition(data) if data else (b"", b"", b"")
        if found and before.endswith(b'"') and after.startswith(b'"'):
            self._before, self._after = before, after


def _lone_audio(message: bytes) -> bytes | None:
    """The base64 of a message that is one piece of audio and nothing else."""
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
    """A connection that hands plain audio to `take`, if that is set, and returns all other messages."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reader = AudioReader()
        self.take: Take | None = None
        opened = _OPENED.get()
        if opened is not None:
            opened.append(self)

    async def recv(self, decode: bool | None = None) -> Any:  # noqa: FBT001 - the overridden signature
        """The next message that is not plain audio. Audio before it has been handed over by then, in order."""
        while True:
            message = await super().recv(decode)
            if len(message) <= LONGEST_EMPTY and is_empty(message):
                continue
            take = self.take
            pcm = self.reader.read(message) if take and isinstance(message, bytes) else None
            if take is None or pcm is None:
                return message
            take(pcm)


_OPENED: ContextVar[list[AudioConnection] | None] = ContextVar("_OPENED", default=None)


@contextmanager
def collect_connections() -> Iterator[list[AudioConnection]]:
    """Collect the connections that this task opens within the block, in order.

    The SDK does not give access to a connection, and a client has one set of options for all of them.
    """
    opened: list[AudioConnection] = []
    token = _OPENED.set(opened)
    try:
        yield opened
    finally:
        _OPENED.reset(token)
