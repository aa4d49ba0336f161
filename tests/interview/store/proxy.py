"""A proxy between a client and a server that can drop the server's answers and cut connections."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Proxy:
    """Forwards connections to `host:port`. While it is `deaf`, clients get no answer. `cut` ends all connections."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self.target = (host, int(port))
        self.address = ""
        self.deaf = False
        self._connections: set[asyncio.Task[None]] = set()

    async def cut(self) -> None:
        """End all connections, and wait until their sockets are closed."""
        for task in self._connections:
            task.cancel()
        if self._connections:
            await asyncio.wait(self._connections)

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward a new connection in a task of its own."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers = [writer]
        try:
            server_reader, server_writer = await asyncio.open_connection(*self.target)
            writers.append(server_writer)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, server_writer, answers=False))
                group.create_task(self._pump(server_reader, writer, answers=True))
        finally:
            for one in writers:
                one.close()
            for one in writers:
                with contextlib.suppress(ConnectionError):
                    await one.wait_closed()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                if not (answers and self.deaf):
                    writer.write(data)
                    await writer.drain()
        writer.close()


@asynccontextmanager
async def proxy(address: str) -> AsyncIterator[Proxy]:
    """A proxy to the server at this address, until the block ends."""
    running = Proxy(address)
    server = await asyncio.start_server(running.accept, "127.0.0.1", 0)
    running.address = "127.0.0.1:" + str(server.sockets[0].getsockname()[1])
    async with server:
        yield running
        server.close()
        await running.cut()
