"""Everything under one API key: replicas, personas, conversations, and the limits of the account."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

from local.tavus import errors, schema
from local.tavus.clock import Clock
from local.tavus.conversation import ENDED_BY_CALL, Conversation
from local.tavus.faults import Faults
from local.tavus.script import Script
from local.tavus.terms import terms
from local.tavus.webhooks import Webhooks

Json = dict[str, Any]
_REPLICAS = (
    ("r0a1b2c3d4e5", "In training", "started", "23/100", "user"),
    ("r6f7a8b9c0d1", "The interviewer", "completed", "100/100", "system"),
    ("r2e3f4a5b6c7", "The other interviewer", "completed", "100/100", "system"),
)


class Account:
    """The state behind the API. `group` runs the conversations."""

    def __init__(
        self,
        scripts: Callable[[], Script],
        clock: Clock,
        faults: Faults,
        webhooks: Webhooks,
        group: asyncio.TaskGroup,
    ) -> None:
        self._scripts = scripts
        self._clock = clock
        self._faults = faults
        self._webhooks = webhooks
        self._group = group
        self._tasks: set[asyncio.Task[None]] = set()
        self.personas: dict[str, Json] = {}
        self.conversations: dict[str, Conversation] = {}
        created = clock.stamp()
        self.replicas: list[Json] = [
            {
                "replica_id": replica_id,
                "replica_name": name,
                "thumbnail_video_url": "",
                "training_progress": progress,
                "status": status,
                "created_at": created,
                "replica_type": kind,
                "model_name": "phoenix-3",
            }
            for replica_id, name, status, progress, kind in _REPLICAS
        ]

    @property
    def active(self) -> list[Conversation]:
        """The conversations that count for the limit and cost money."""
        return [one for one in self.conversations.values() if one.ended is None]

    @property
    def billed(self) -> float:
        """Seconds of all conversations together."""
        return sum(one.billed for one in self.conversations.values())

    def add_persona(self, body: Json) -> Json:
        """Create a persona. Raises Refused."""
        schema.persona(body)
        replica_id = body.get("default_replica_id")
        if replica_id is not None and not self._usable(replica_id):
            raise errors.invalid("replica_uuid")
        persona = {"persona_id": f"p{secrets.token_hex(6)[:11]}", "created_at": self._clock.stamp(), **body}
        self.personas[persona["persona_id"]] = persona
        return persona

    def persona(self, persona_id: str) -> Json:
        """The persona with this id. Raises Refused."""
        if persona_id not in self.personas:
            raise errors.invalid("persona_id")
        return self.personas[persona_id]

    def create(self, body: Json) -> Conversation:
        """Create a conversation. Raises Refused."""
        schema.conversation(body)
        persona = self.persona(body["persona_id"]) if "persona_id" in body else {}
        replica_id = body.get("replica_id") or persona.get("default_replica_id")
        if not replica_id or not self._usable(replica_id):
            raise errors.invalid("replica_id")
        script = self._scripts()
        if script.credits is not None and self.billed >= script.credits * 60:
            raise errors.credit()
        free = bool(body.get("test_mode"))
        if not free and script.concurrent is not None and len(self.active) >= script.concurrent:
            raise errors.concurrency()
        conversation = Conversation(
            terms(body, replica_id=replica_id, number=len(self.conversations) + 1),
            self._scripts,
            self._clock,
            self._hook,
            [] if free else self._faults.room(),
        )
        self.conversations[conversation.terms.conversation_id] = conversation
        if free:
            conversation.ended = conversation.created
        else:
            task = self._group.create_task(conversation.run())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return conversation

    def conversation(self, conversation_id: str) -> Conversation:
        """The conversation with this id, unless it was deleted. Raises Refused."""
        found = self.conversations.get(conversation_id)
        if found is None or found.deleted:
            raise errors.invalid("conversation_id")
        return found

    def end(self, conversation_id: str) -> None:
        """End a conversation. Raises Refused, also for one that has ended."""
        conversation = self.conversation(conversation_id)
        if conversation.ended is not None:
            raise errors.Refused(400, "Conversation has already ended")
        conversation.end(ENDED_BY_CALL)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation. Raises Refused.

        An active one stays active and costs money: Tavus does not document that a deletion ends a call.
        """
        self.conversation(conversation_id).deleted = True

    def close(self) -> None:
        """Stop all conversations."""
        for task in self._tasks:
            task.cancel()

    def _usable(self, replica_id: str) -> bool:
        return any(one["replica_id"] == replica_id and one["status"] == "completed" for one in self.replicas)

    def _hook(self, url: str, body: Json) -> None:
        if self._scripts().webhooks:
            self._webhooks.put(url, body)
