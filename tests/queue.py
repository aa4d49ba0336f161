"""A stand-in of Cloud Tasks: it takes tasks over its REST API, and a test delivers them as the queue would."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

QUEUE = "projects/demo-project/locations/europe-west1/queues/summaries"
TOKEN = "an-access-token"


@dataclass
class Queue:
    """`tasks` are those that it has taken, and `statuses` what it answers next; 200 after that."""

    base_url: str
    tasks: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[int | None] = field(default_factory=list)
    added: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def paths(self) -> list[str]:
        """The path of each task; its host is replaced by the queue."""
        return [re.sub(r"^https://[^/]+", "", task["httpRequest"]["url"]) for task in self.tasks]

    def take(self, head: str, authorization: str, body: bytes) -> tuple[int | None, dict[str, Any]]:
        """The status and content of an answer; without a status the connection is dropped."""
        status = self.statuses.pop(0) if self.statuses else 200
        if status != 200:
            return status, {}
        if head != f"POST /v2/{QUEUE}/tasks HTTP/1.1" or authorization != f"Bearer {TOKEN}":
            return 403, {}
        task = json.loads(body)["task"]
        assert set(task) <= {"httpRequest", "scheduleTime"}
        assert task["httpRequest"]["httpMethod"] == "POST"
        self.tasks.append(task)
        self.added.set()
        return 200, {**task, "name": f"{QUEUE}/tasks/{len(self.tasks)}"}


@asynccontextmanager
async def serving_queue() -> AsyncIterator[Queue]:
    """The queue `QUEUE` on a free port, for callers with the access token `TOKEN`."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            status, content = queue.take(head, headers.get("authorization", ""), body)
            if status is not None:
                sent = json.dumps(content).encode()
                writer.write(
                    f"HTTP/1.1 {status} -\r\ncontent-type: application/json\r\nconnection: close\r\n"
                    f"content-length: {len(sent)}\r\n\r\n".encode()
                    + sent
                )
                await writer.drain()
        finally:
            writer.close()

    listener = await asyncio.start_server(connected, "127.0.0.1", 0)
    queue = Queue(f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}")
    try:
        yield queue
    finally:
        listener.close()
        await listener.wait_closed()
