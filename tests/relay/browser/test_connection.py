"""What a client that floods its connection gets to know, over a socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close

from relay.browser.connection import PacedConnection

TIMEOUT = 30.0


@dataclass
class Flood:
    """A client that sends without end and has read nothing yet, and its server's end of the connection."""

    client: ClientConnection
    server: asyncio.Future[ServerConnection]
    refused: asyncio.Event

    async def send(self) -> None:
        with suppress(ConnectionClosed):
            while True:
                await self.client.send(bytes(1_000))


@asynccontextmanager
async def flooding() -> AsyncIterator[Flood]:
    accepted: asyncio.Future[ServerConnection] = asyncio.Future()
    refused = asyncio.Event()

    class Observed(PacedConnection):
        def refuse(self, reason: str) -> None:
            super().refuse(reason)
            refused.set()

    async def receive(connection: ServerConnection) -> None:
        accepted.set_result(connection)
        async for _ in connection:
            pass

    async with (
        asyncio.timeout(TIMEOUT),
        serve(receive, "127.0.0.1", 0, create_connection=Observed, ping_interval=None) as server,
        asyncio.TaskGroup() as group,
    ):
        port = server.sockets[0].getsockname()[1]
        client = await connect(f"ws://127.0.0.1:{port}", ping_interval=None, compression=None)
        client.transport.pause_reading()
        flood = Flood(client, accepted, refused)
        group.create_task(flood.send())
        try:
            await refused.wait()
            yield flood
        finally:
            client.transport.abort()
            accepted.result().transport.abort()


async def test_a_flooding_client_that_reads_late_learns_why_it_was_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.browser.connection.LINGER", 2 * TIMEOUT)
    async with flooding() as flood:
        # A connection that is gone would fail the client's next write meanwhile.
        await asyncio.sleep(0.2)
        flood.client.transport.resume_reading()
        while flood.client.protocol.close_rcvd is None:
            await asyncio.sleep(0.01)
        assert flood.client.protocol.close_rcvd == Close(4429, "too_fast")


async def test_a_flooding_client_that_reads_nothing_is_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.browser.connection.LINGER", 0.1)
    async with flooding() as flood:
        await flood.server.result().wait_closed()
