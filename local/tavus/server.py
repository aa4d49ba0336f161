"""The server: API, rooms and control on one port."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from local.tavus import room
from local.tavus.account import Account
from local.tavus.clock import Clock
from local.tavus.control import Control
from local.tavus.conversation import Conversation
from local.tavus.faults import Faults
from local.tavus.rest import Rest
from local.tavus.script import Fault, Script
from local.tavus.webhooks import Webhooks

_MAX_FRAME = 1024 * 1024
_PARTING_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `origin` is its address, `base_url` the value for TAVUS_BASE_URL."""

    origin: str
    account: Account
    control: Control
    clock: Clock

    @property
    def base_url(self) -> str:
        return f"{self.origin}/v2"

    @property
    def conversations(self) -> list[Conversation]:
        """All conversations, the oldest first."""
        return [*self.account.conversations.values()]

    def strike(self, fault: Fault, *, coming: bool = False, conversation_id: str | None = None) -> int:
        """Apply a fault; see `Control`."""
        return self.control.strike(fault, coming=coming, conversation_id=conversation_id)

    def advance(self, seconds: float) -> None:
        """Advance the service's clock."""
        self.clock.advance(seconds)

    def inspect(self, *, audio: bool = False) -> dict[str, Any]:
        """The answer to GET /inspect."""
        return self.control.inspect(audio=audio)


@contextlib.asynccontextmanager
async def serve(scripts: Callable[[], Script], port: int = 0) -> AsyncIterator[Server]:
    """Serve during this block. `scripts` returns the script and is called each time that it matters."""
    clock, webhooks, faults = Clock(), Webhooks(), Faults(scripts)
    async with asyncio.TaskGroup() as group:
        account = Account(scripts, clock, faults, webhooks, group)
        running: list[uvicorn.Server] = []

        def drop(request: Request) -> None:
            """Reset the connection that a request came over."""
            for connection in running[0].server_state.connections:
                client = getattr(connection, "client", None)
                if request.client is not None and client == (request.client.host, request.client.port):
                    connection.transport.abort()

        async def enter(websocket: WebSocket) -> None:
            await room.serve(websocket, account)

        rest = Rest(account, scripts, clock, faults, drop)
        control = Control(account, rest, clock, faults, webhooks)
        config = uvicorn.Config(
            Starlette(routes=[*rest.routes, *control.routes, WebSocketRoute("/rooms/{id}", enter)]),
            lifespan="off",
            log_level="warning",
            access_log=False,
            ws_max_size=_MAX_FRAME,
            ws_per_message_deflate=False,
            ws_ping_interval=None,
            timeout_graceful_shutdown=1,
        )
        server = _Quiet(config)
        running.append(server)
        sending = group.create_task(webhooks.run())
        # It listens before uvicorn starts: earlier connections wait in the socket's queue.
        with socket.create_server(("127.0.0.1", port)) as listener:
            serving = group.create_task(server.serve(sockets=[listener]))
            try:
                yield Server(f"http://127.0.0.1:{listener.getsockname()[1]}", account, control, clock)
            finally:
                rest.close()
                await _empty(account)
                server.should_exit = True
                await asyncio.wait([serving])
                account.close()
                sending.cancel()


async def _empty(account: Account) -> None:
    """Remove all participants and wait until they are gone: uvicorn fails if a connection closes while it stops."""
    for conversation in account.conversations.values():
        for participant in [*conversation.participants]:
            participant.leave("lost")
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PARTING_SECONDS):
            while any(one.participants for one in account.conversations.values()):  # noqa: ASYNC110 - bounded by the timeout
                await asyncio.sleep(0.01)


class _Quiet(uvicorn.Server):
    """Leaves signals to the owner of the event loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def embedded(script: Script | None = None, port: int = 0) -> AsyncIterator[Server]:
    """The service inside the caller's own event loop, for tests."""
    script = script or Script()
    async with serve(lambda: script, port) as server:
        yield server
