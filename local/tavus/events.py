"""The events of a conversation: messages to its room, and notes for its owner."""

from collections.abc import Callable
from typing import Any, Protocol

from local.tavus.clock import Clock
from local.tavus.script import Script
from local.tavus.terms import Json, Terms

Hook = Callable[[str, Json], None]


class Tell(Protocol):
    """Sends a frame to all participants of the room."""

    def __call__(self, **message: Any) -> None: ...


class Events:
    """What a conversation says of itself. Messages to the room are numbered in their order."""

    def __init__(self, terms: Terms, script: Callable[[], Script], clock: Clock, hook: Hook, tell_all: Tell) -> None:
        self._terms = terms
        self._script = script
        self._clock = clock
        self._hook = hook
        self._tell_all = tell_all
        self._seq = 0
        self.noted: list[Json] = []
        """The events for `verbose` requests."""

    def system(self, what: str, properties: Json) -> None:
        """Send an event under the replica's old name, and under its new name if the script uses that."""
        for name in dict.fromkeys((self._script().role, "replica")):
            self.message(f"system.{name}_{what}", "system", properties)

    def message(self, kind: str, message_type: str, properties: Json | None, inference_id: str | None = None) -> None:
        self._seq += 1
        data: Json = {"message_type": message_type, "event_type": kind, "seq": self._seq}
        data["timestamp"] = round(self._clock.date().timestamp(), 3)
        if kind not in ("conversation.started_speaking", "conversation.stopped_speaking"):
            data["conversation_id"] = self._terms.conversation_id
        if inference_id is not None:
            data |= {"inference_id": inference_id, "turn_idx": 0}
        if properties is not None:
            data["properties"] = properties
        self._tell_all(type="app-message", data=data)

    def note(self, kind: str, noted: Json, sent: Json, message_type: str = "system") -> None:
        """Keep an event for `verbose` requests, and send it to the callback address."""
        at = self._clock.stamp()
        self.noted.append({"event_type": kind, "timestamp": at, **({"properties": noted} if noted else {})})
        if self._terms.callback_url:
            self._hook(
                self._terms.callback_url,
                {
                    "properties": {"replica_id": self._terms.replica_id, **sent},
                    "conversation_id": self._terms.conversation_id,
                    "webhook_url": self._terms.callback_url,
                    "event_type": kind,
                    "message_type": message_type,
                    "timestamp": at,
                },
            )
