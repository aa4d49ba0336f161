"""The interviewer's voice as the avatar's room takes it: complete `conversation.echo` app-messages.

Tavus speaks what a participant of its Daily room sends as app-messages; there is no other way in for audio. The relay
makes each message whole, so that the page hands it on unread (docs/decisions/0019-echo.md).
"""

from binascii import b2a_base64
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from relay.browser import messages

_SECOND: Final = 2 * messages.VOICE_RATE
"""Bytes."""
FIRST: Final = _SECOND * 40 // 1000
"""Bytes of audio a message carries until the room has said how large one may be: JSON of 2.8 KB, where Daily's own
limit is 4 KB."""
LARGEST: Final = _SECOND * 100 // 1000
"""Bytes of audio a message carries at the most."""
SMALLEST: Final = _SECOND * 10 // 1000
"""The same at the least: a room that takes less is no use for speech."""
TAIL: Final = bytes(_SECOND * 40 // 1000)
"""The silence that goes with `done`: a last message with speech in it may be cut off."""
_HERE: Final = "<audio>"
"""Stands where the audio goes."""
_MARGIN: Final = 128
"""Bytes of a message that are left to whatever the room's own client wraps it in."""


class TavusEcho:
    """Frames one conversation's audio (PCM16 mono 24 kHz), utterance by utterance.

    Every method gives the stream messages to send, in order. The first sound of an utterance goes at once; after it,
    what does not fill a message waits for more, and goes with `pending` or `finish`.
    """

    def __init__(
        self,
        conversation_id: str,
        max_message_bytes: int | None = None,
        name: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        """`name` makes the id of an utterance."""
        self.conversation_id = conversation_id
        self._name = name
        self._waiting = bytearray()
        self._before = self._after = self._last = ""
        self.begin()
        self.size = self._size(max_message_bytes)
        """Bytes of audio in a full message; 0 where the room's limit leaves no room for any."""

    def begin(self) -> None:
        """Another utterance, under an id of its own."""
        self._waiting.clear()
        self._first = True
        utterance = self._name()
        self._before, self._after = self._around(utterance, done=False)
        self._last = self._around(utterance, done=True)[1]

    def add(self, pcm: bytes) -> list[str]:
        """More of the utterance."""
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
        """What waits for more, without waiting any longer."""
        messages = [self._message(self._waiting)] if self._waiting else []
        self._waiting.clear()
        return messages

    def finish(self) -> list[str]:
        """The rest of the utterance and its end."""
        return [*self.pending(), self._before + b2a_base64(TAIL[: self.size], newline=False).decode() + self._last]

    def interrupt(self) -> str:
        """Have the avatar fall silent; the utterance is over, and nothing of it comes any more."""
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
        """What stands before and after the base64 of each of an utterance's messages."""
        properties = {
            "modality": "audio",
            "audio": _HERE,
            "sample_rate": messages.VOICE_RATE,  # 16,000 if it is not said
            "inference_id": utterance,
            "done": done,
        }
        before, _, after = messages.echo(self._event(properties)).partition(_HERE)
        return before, after

    def _event(self, properties: dict[str, Any]) -> dict[str, Any]:
        return {
            "message_type": "conversation",
            "event_type": "conversation.echo",
            "conversation_id": self.conversation_id,
            "properties": properties,
        }

    def _size(self, limit: int | None) -> int:
        """Bytes of audio in a full message: whole samples, whole groups of base64, from 10 to 100 ms."""
        if limit is None:
            return FIRST
        envelope = len(messages.echo({})) - len("{}")
        room = limit - _MARGIN - (len(self._before) + len(self._after) - envelope)
        size = min(LARGEST, room // 4 * 3 // 6 * 6)
        return size if size >= SMALLEST else 0
