"""The events sent to the callback address."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from local.tavus import Fault
from tests.local.tavus.conftest import QUICK, REPLICA, Start, api, create, eventually
from tests.ports import free_port

KINDS = ["system.replica_joined", "system.shutdown", "application.transcription_ready"]


class Receiver:
    """A server that keeps every webhook."""

    def __init__(self, port: int, status: int) -> None:
        self.url = f"http://127.0.0.1:{port}/api/interview/hooks/tavus/a-secret"
        self.bodies: list[dict[str, Any]] = []
        self._status = status

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next(int(line.split(":")[1]) for line in head.splitlines() if line.startswith("content-length"))
        self.bodies.append(json.loads(await reader.readexactly(length)))
        writer.write(f"HTTP/1.1 {self._status} -\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving(status: int = 200) -> AsyncIterator[Receiver]:
    receiver = Receiver(port := free_port(), status)
    async with await asyncio.start_server(receiver.take, "127.0.0.1", port):
        yield receiver


@pytest.mark.parametrize("status", [200, 404])
async def test_the_callback_address_gets_the_replicas_joining_and_the_end(start: Start, status: int) -> None:
    server = await start()
    async with receiving(status) as receiver:
        created = await create(server, callback_url=receiver.url)
        await eventually(lambda: receiver.bodies)
        async with api(server) as client:
            await client.post(f"conversations/{created['conversation_id']}/end")
        await eventually(lambda: len(server.inspect()["webhooks"]) == 3)
    assert [one["event_type"] for one in receiver.bodies] == KINDS
    joined, shutdown, ready = receiver.bodies
    assert joined["properties"] == {"replica_id": REPLICA}
    assert shutdown["properties"] == {"replica_id": REPLICA, "shutdown_reason": "end_conversation_endpoint_hit"}
    assert ready["properties"] == {"replica_id": REPLICA, "transcript": []}
    assert {one["conversation_id"] for one in receiver.bodies} == {created["conversation_id"]}
    assert [one["message_type"] for one in receiver.bodies] == ["system", "system", "application"]
    assert set(joined) == {*("properties", "conversation_id", "event_type", "message_type", "timestamp"), "webhook_url"}
    assert [one["status"] for one in server.inspect()["webhooks"]] == [status] * 3


async def test_the_replicas_new_name_is_sent_too(start: Start) -> None:
    server = await start(replace(QUICK, role="pal"))
    async with receiving() as receiver:
        await create(server, callback_url=receiver.url)
        await eventually(lambda: len(receiver.bodies) == 2)
    assert [one["event_type"] for one in receiver.bodies] == ["system.pal_joined", "system.replica_joined"]


async def test_an_unreachable_receiver_delays_nothing(start: Start) -> None:
    server = await start()
    created = await create(server, callback_url=f"http://127.0.0.1:{free_port()}/hook")
    await eventually(lambda: server.inspect()["webhooks"])
    (sent,) = server.inspect()["webhooks"]
    assert (sent["status"], sent["error"]) == (None, "ConnectError")
    async with api(server) as client:
        assert (await client.post(f"conversations/{created['conversation_id']}/end")).status_code == 200


async def test_webhooks_can_be_switched_off(start: Start) -> None:
    server = await start(replace(QUICK, webhooks=False))
    async with receiving() as receiver:
        await create(server, callback_url=receiver.url)
        server.strike(Fault("shutdown"))
        await eventually(lambda: server.inspect()["active"] == 0)
        assert server.inspect()["webhooks"] == receiver.bodies == []
