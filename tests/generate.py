"""A server with Gemini's generateContent over HTTP or HTTPS. A test sets its replies."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Reply:
    """One reply. Without `body` the connection is dropped; `wait` delays it until the caller has disconnected, and
    `gate` until that is open.
    """

    status: int = 200
    body: Any = None
    wait: bool = False
    gate: asyncio.Event | None = None


@dataclass
class Call:
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class Server:
    """Sends `replies` in order, and then the last one repeatedly; `calls` has the requests.

    A reply may be a function of the request.
    """

    base_url: str
    replies: list[Reply | Callable[[Call], Reply]]
    calls: list[Call] = field(default_factory=list)


def says(text: str, finish_reason: str = "STOP", **more: Any) -> Reply:
    """A reply with this text."""
    candidate = {"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": finish_reason}
    return Reply(body={"candidates": [candidate], "modelVersion": "a-model-001", **more})


def fails(status: int, reason: str, message: str = "no", details: list[dict[str, Any]] | None = None) -> Reply:
    """An error in the form of Google's services."""
    error = {"code": status, "message": message, "status": reason, "details": details or []}
    return Reply(status, {"error": error})


@asynccontextmanager
async def serving(
    *replies: Reply | Callable[[Call], Reply], tls: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """A server on a free port of this machine."""
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        connections.add(task)
        try:
            await _answer(server, reader, writer)
        finally:
            writer.close()
            connections.discard(task)

    listener = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    port = listener.sockets[0].getsockname()[1]
    server = Server(f"http{'s' if tls else ''}://127.0.0.1:{port}", list(replies))
    try:
        yield server
    finally:
        listener.close()
        await listener.wait_closed()
        if connections:
            await asyncio.wait(connections, timeout=60)


async def _answer(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    server.calls.append(Call(head.split(" ")[1], headers, json.loads(body) if body else None))
    given = server.replies[min(len(server.calls), len(server.replies)) - 1]
    reply = given if isinstance(given, Reply) else given(server.calls[-1])
    if reply.gate:
        await reply.gate.wait()
    if reply.wait:
        await reader.read()
    elif reply.body is not None:
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        writer.write(
            f"HTTP/1.1 {reply.status} -\r\ncontent-type: application/json\r\nconnection: close\r\n"
            f"content-length: {len(content)}\r\n\r\n".encode()
            + content
        )
        await writer.drain()
