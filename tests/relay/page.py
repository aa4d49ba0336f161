"""A page with an avatar's room, as far as relay and room can see one: it hands on, unread, and tells what it sees."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from interview.avatar import transition
from interview.record import Avatar
from local.tavus.server import Server as Tavus
from tests.relay.conftest import Candidate, now

KEY = {"x-api-key": "a-key"}


@dataclass(frozen=True)
class Floor:
    """A conversation at the stand-in, and how its room is entered."""

    id: str
    url: str

    @property
    def avatar(self) -> Avatar:
        return transition.opened(transition.creating(None, "hash", now()), self.id)


async def converse(tavus: Tavus) -> Floor:
    """Create one."""
    async with httpx2.AsyncClient(base_url=tavus.base_url, headers=KEY) as client:
        persona = (
            await client.post(
                "/personas", json={"persona_name": "p", "pipeline_mode": "echo", "default_replica_id": "r6f7a8b9c0d1"}
            )
        ).json()
        request = {
            "persona_id": persona["persona_id"],
            "require_auth": True,
            "properties": {"participant_left_timeout": 90},
        }
        made = await client.post("/conversations", json=request)
        made.raise_for_status()
        conversation = made.json()
    url = conversation["conversation_url"].replace("http", "ws", 1)
    return Floor(conversation["conversation_id"], f"{url}?t={conversation['meeting_token']}")


@dataclass
class Page(Candidate):
    """A candidate with a room. What the avatar is heard to say is in `watched`, what the page plays in `audio`."""

    room: ClientConnection | None = None
    watched: bytearray = field(default_factory=bytearray)
    order: list[str] = field(default_factory=list)
    """By whom each stretch was heard, in order."""
    played: bool = True
    limit: int | None = None

    async def next(self) -> dict[str, Any]:
        heard = len(self.audio)
        message = await super().next()
        if len(self.audio) > heard and self.order[-1:] != ["voice"]:
            self.order.append("voice")
        if message["type"] == "echo" and self.room:
            with suppress(ConnectionClosed):  # as a page finds out a moment later
                await self.room.send(json.dumps({"type": "app-message", "data": message["event"]}))
        return message

    @asynccontextmanager
    async def join(self, conversation: Floor) -> AsyncIterator[None]:
        """Be in the room for this block, unless it is lost before."""
        async with connect(conversation.url, max_size=None) as room:
            self.room = room
            watching = asyncio.create_task(self._watch(room))
            try:
                yield
            finally:
                self.room = None
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching

    async def _watch(self, room: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for frame in room:
                if isinstance(frame, bytes):
                    self.watched += frame
                    if self.order[-1:] != ["avatar"]:
                        self.order.append("avatar")
                elif not await self._see(json.loads(frame)):
                    break
        self.room = None
        with suppress(ConnectionClosed):
            await self.send("avatar", state="lost", reason="room")

    async def _see(self, frame: dict[str, Any]) -> bool:
        """What the room tells; whether it goes on."""
        match frame:
            case {"type": "joined", "max_app_message_size": limit, "participants": people}:
                self.limit = limit
                if people:
                    await self._ready(limit)
            case {"type": "participant-joined"}:
                await self._ready(self.limit)
            case {"type": "app-message", "data": {"event_type": "conversation.started_speaking"}}:
                await self.send("avatar", state="speaking")
            case {"type": "app-message", "data": {"event_type": "conversation.stopped_speaking"}}:
                await self.send("avatar", state="silent")
        return bool(frame["type"] != "left")

    async def _ready(self, limit: int | None) -> None:
        more = {"max_message_bytes": limit} if limit else {}
        await self.send("avatar", state="ready", **more)
