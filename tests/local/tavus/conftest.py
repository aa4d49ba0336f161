"""The stand-in over its real socket, and a participant in its room."""

import asyncio
import base64
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx2
import numpy as np
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from local.tavus import Script, Server, embedded

RATE = 24_000
PIECE = 1920
"""Bytes of 40 ms."""
REPLICA = "r6f7a8b9c0d1"
PERSONA = {"persona_name": "interviewer", "pipeline_mode": "echo", "default_replica_id": REPLICA}
QUICK = Script(replica_delay=0.02, latency=0.0, echo_timeout=20.0)
TLS = ssl.create_default_context()
"""Shared, because each client would otherwise create its own, which is slow."""
Json = dict[str, Any]


def tone(seconds: float, rate: int = RATE) -> bytes:
    """PCM16 of a changing tone, nowhere silent."""
    time = np.arange(int(rate * seconds)) / rate
    return bytes((8000 * np.sin(2 * np.pi * (200 + 40 * time) * time)).astype("<i2").tobytes())


def echo(conversation_id: str, pcm: bytes, inference_id: str = "one", **changes: Any) -> Json:
    """An echo event."""
    properties = {
        "modality": "audio",
        "audio": base64.b64encode(pcm).decode(),
        "sample_rate": RATE,
        "inference_id": inference_id,
        "done": False,
        **changes,
    }
    return {
        "message_type": "conversation",
        "event_type": "conversation.echo",
        "conversation_id": conversation_id,
        "properties": properties,
    }


@asynccontextmanager
async def api(server: Server, key: str = "any") -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the API. Its paths are relative to /v2."""
    headers = {"x-api-key": key}
    async with httpx2.AsyncClient(base_url=f"{server.base_url}/", headers=headers, timeout=60, verify=TLS) as client:
        yield client


async def create(server: Server, **changes: Any) -> Json:
    """Create a private conversation as the project does."""
    async with api(server) as client:
        persona = (await client.post("personas", json=PERSONA)).json()
        body = {
            "persona_id": persona["persona_id"],
            "conversation_name": "interview/test/1",
            "require_auth": True,
            "max_participants": 2,
            "properties": {
                "max_call_duration": 600,
                "participant_left_timeout": 90,
                "participant_absent_timeout": 120,
            },
            **changes,
        }
        answer = await client.post("conversations", json=body)
        assert answer.status_code == 200, answer.text
        created: Json = answer.json()
        return created


async def eventually(check: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait until `check` returns something true, and return it."""
    async with asyncio.timeout(seconds):
        while not (found := check()):
            await asyncio.sleep(0.01)
    return found


async def get(server: Server, created: Json) -> Json:
    """The conversation as the API shows it, with its events."""
    async with api(server) as client:
        shown: Json = (await client.get(f"conversations/{created['conversation_id']}?verbose=true")).json()
        return shown


class Visitor:
    """A participant, and what the room has sent it, in order."""

    def __init__(self, conversation_id: str, connection: ClientConnection) -> None:
        self.conversation_id = conversation_id
        self.connection = connection
        self.messages: list[Json] = []
        self.sound = b""

    @property
    def events(self) -> list[str]:
        """The types of the app-messages so far."""
        return [one["data"]["event_type"] for one in self.messages if one["type"] == "app-message"]

    async def take(self) -> Json | bytes:
        """The next frame."""
        frame = await self.connection.recv()
        if isinstance(frame, bytes):
            self.sound += frame
            return frame
        message: Json = json.loads(frame)
        self.messages.append(message)
        return message

    async def until(self, wanted: Callable[[Json], bool], seconds: float = 20) -> Json:
        """Take frames until a message is `wanted`, and return that message."""
        async with asyncio.timeout(seconds):
            while True:
                frame = await self.take()
                if isinstance(frame, dict) and wanted(frame):
                    return frame

    async def kind(self, kind: str) -> Json:
        """The next message of a type."""
        return await self.until(lambda message: message["type"] == kind)

    async def event(self, kind: str) -> Json:
        """The next app-message of an event type."""
        data: Json = (await self.until(lambda message: message.get("data", {}).get("event_type") == kind))["data"]
        return data

    async def ready(self) -> None:
        """Wait until the replica is in the room."""
        kinds = ("system.replica_joined", "system.replica_present")
        await self.until(lambda message: message.get("data", {}).get("event_type") in kinds)

    async def received(self, length: int) -> None:
        """Wait until this many bytes of speech have come."""
        async with asyncio.timeout(60):
            while len(self.sound) < length:
                await self.take()

    async def closed(self) -> int | None:
        """The code with which the room closes."""
        async with asyncio.timeout(60):
            await self.connection.wait_closed()
        return self.connection.close_code

    async def send(self, event: Json) -> None:
        await self.connection.send(json.dumps({"type": "app-message", "data": event}))

    async def say(self, pcm: bytes, inference_id: str = "one", *, done: bool = True) -> None:
        """Echo audio in pieces of 40 ms; `done` comes with one more, of silence."""
        for at in range(0, len(pcm), PIECE):
            await self.send(echo(self.conversation_id, pcm[at : at + PIECE], inference_id))
        if done:
            await self.send(echo(self.conversation_id, bytes(PIECE), inference_id, done=True))

    async def interrupt(self) -> None:
        await self.send(
            {
                "message_type": "conversation",
                "event_type": "conversation.interrupt",
                "conversation_id": self.conversation_id,
            }
        )


def address(created: Json, token: str | None = None) -> str:
    """The address of the room's WebSocket."""
    given = created.get("meeting_token", "") if token is None else token
    return str(created["conversation_url"]).replace("http", "ws") + f"?t={given}"


@asynccontextmanager
async def visit(created: Json) -> AsyncIterator[Visitor]:
    """A participant in the conversation's room."""
    async with connect(address(created)) as connection:
        yield Visitor(created["conversation_id"], connection)


async def refused(created: Json, token: str | None = None) -> int:
    """The status with which the room refuses this token."""
    with pytest.raises(InvalidStatus) as refusal:
        async with connect(address(created, token)):
            pass
    return refusal.value.response.status_code


Start = Callable[..., Awaitable[Server]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts servers that stop with the test."""
    async with AsyncExitStack() as stack:

        async def starting(script: Script = QUICK) -> Server:
            return await stack.enter_async_context(embedded(script))

        yield starting
