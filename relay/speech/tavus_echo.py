"""The interviewer's speech as Tavus takes it: complete `conversation.echo` app-messages.

A Tavus replica speaks the audio that a participant of its Daily room sends in app-messages; it takes audio in no other
way. The relay makes each message complete, and the page forwards it unread (docs/decisions/0019-echo.md).
"""

from binascii import b2a_base64
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from relay.browser import messages

_SECOND: Final = 2 * messages.VOICE_RATE
"""Bytes."""
FIRST: Final = _SECOND * 40 // 1000
"""Bytes of audio in a message while the room's limit is unknown: JSON of 2.8 KB; Daily's documented limit is 4 KB."""
LARGEST: Final = _SECOND * 100 // 1000
"""The most bytes of audio in a message."""
SMALLEST: Final = _SECOND * 10 // 1000
"""The fewest bytes of audio in a full message. A room with a lower limit can't be used."""
TAIL: Final = bytes(_SECOND * 40 // 1000)
"""Silence sent with `done`: Tavus may cut off a last message that carries speech."""
_PLACEHOLDER: Final = "<audio>"
"""Marks where the base64 goes."""
_MARGIN: Final = 128
"""Bytes reserved for what the room's client adds to a message."""


class TavusEcho:
    """Frames the audio (PCM16 mono 24 kHz) of one avatar conversation, one utterance after another.

    Methods return the stream messages to send, in order. The first audio of an utterance is sent at once. After that,
    audio that does not fill a message waits for more, or for `pending` or `finish`.
    """

    def __init__(
        self,
        conversation_id: str,
        max_message_bytes: int | None = None,
        name: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        """`name` returns a new id for an utterance."""
        self.conversation_id = conversation_id
        self._name = name
        self._waiting = bytearray()
        self._before = self._after = self._last = ""
        self.begin()
        self.size = self._size(max_message_bytes)
        """Bytes of audio in a full message; 0 if the room's limit is too low for any."""

    def begin(self) -> None:
        """Begin an utterance, under a new id."""
        self._waiting.clear()
        self._first = True
        utterance = self._name()
        self._before, self._after = self._around(utterance, done=False)
        self._last = self._around(utterance, done=True)[1]

    def add(self, pcm: bytes) -> list[str]:
        """The messages that audio of the utterance completes."""
        waiting = self._waiting
        waiting += pcm
        whole = len(waiting) - len(waiting) % self.size
        messages = [self._message(waiting[at : at + self.size]) for at in range(0, whole, self.size)]
        del waiting[:whole]
        if self._first:
            self._first = False
            messages += self.pending()
        return messages

    def pending(self) -> list[str]:
        """The audio that waits, without waiting for more."""
        messages = [self._message(self._waiting)] if self._waiting else []
        self._waiting.clear()
        return messages

    def finish(self) -> list[str]:
        """The rest of the utterance, and its end."""
        return [*self.pending(), self._before + b2a_base64(TAIL[: self.size], newline=False).decode() + self._last]

    def interrupt(self) -> str:
        """The message that silences the avatar. It ends the utterance and discards what waits of it."""
        self.begin()
        return messages.echo(
            {
                "message_type": "conversation",
                "event_type": "conversation.interrupt",
                "conversation_id": self.conversation_id,
            }
        )

    def _message(self, pcm: bytes | bytearray) -> str:
        return self._before + b2a_base64(pcm, newline=False).decode() + self._after

    def _around(self, utterance: str, *, done: bool) -> tuple[str, str]:
        """The text before and after the base64 of an utterance's messages."""
        properties = {
            "modality": "audio",
            "audio": _PLACEHOLDER,
            "sample_rate": messages.VOICE_RATE,  # the default is 16,000
            "inference_id": utterance,
            "done": done,
        }
        before, _, after = messages.echo(self._event(properties)).partition(_PLACEHOLDER)
        return before, after

    def _event(self, properties: dict[str, Any]) -> dict[str, Any]:
        return {
            "message_type": "conversation",
            "event_type": "conversation.echo",
            "conversation_id": self.conversation_id,
            "properties": properties,
        }

    def _size(self, limit: int | None) -> int:
        """Bytes of audio in a full message: whole samples and whole groups of base64, from 10 to 100 ms; else 0."""
        if limit is None:
            return FIRST
        envelope = len(messages.echo({})) - len("{}")  # the stream's own part of a message
        free = limit - _MARGIN - (len(self._before) + len(self._after) - envelope)
        size = min(LARGEST, free // 4 * 3 // 6 * 6)
        return size if size >= SMALLEST else 0
