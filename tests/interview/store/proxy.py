"""A wire between a client and a server that can lose what the server says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Proxy:
    """Forwards connections to `host:port`. While it is `deaf`, clients get no answer. `cut` ends all connections."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self.target = (host, int(port))
        self.address = ""
        self.deaf = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._connections: set[asyncio.Task[None]] = set()

    async def cut(self) -> None:
        for writer in self._writers:
            writer.close()
        if self._connections:
            await asyncio.wait(self._connections)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        server_reader, server_writer = await asyncio.open_connection(*self.target)
        self._writers |= {writer, server_writer}
        await asyncio.gather(
            self._pump(reader, server_writer, answers=False), self._pump(server_reader, writer, answers=True)
        )

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool) -> None:
        try:
            while data := await reader.read(65536):
                if not (answers and self.deaf):
                    writer.write(data)
                    await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def proxy(address: str) -> AsyncIterator[Proxy]:
    wire = Proxy(address)
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.address = "127.0.0.1:" + str(server.sockets[0].getsockname()[1])
    async with server:
        yield wire
        await wire.cut()
