"""A Gemini Live that does what a test tells it, frame by frame: over TLS, behind the real SDK and the real relay."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from interview.settings import Gemini
from local.gemini import certificate

LOUD = 500


@dataclass
class Connection:
    """One connection of the relay's: what it was sent, and the frames to answer with."""

    socket: ServerConnection
    number: int
    setup: dict[str, Any]
    texts: list[str] = field(default_factory=list)
    contents: list[dict[str, Any]] = field(default_factory=list)
    responses: list[dict[str, Any]] = field(default_factory=list)
    audio: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self._some = asyncio.Event()

    # What came

    @property
    def resumed(self) -> str | None:
        """The resumption handle of the setup."""
        handle: str | None = self.setup["setup"].get("sessionResumption", {}).get("handle")
        return handle

    @property
    def speech(self) -> float:
        """Seconds of loud sound that came."""
        samples = np.frombuffer(bytes(self.audio), "<i2")
        frames = samples[: len(samples) // 640 * 640].reshape(-1, 640)
        return float((np.abs(frames.astype(int)).max(axis=1) > LOUD).sum() * 0.04) if len(frames) else 0.0

    async def until(self, true: Callable[[], object], seconds: float = 60) -> None:
        """Wait for what the relay sends."""
        async with asyncio.timeout(seconds):
            while not true():
                self._some.clear()
                await self._some.wait()

    async def asked(self, times: int = 1) -> None:
        """Until the relay has sent a transcript, or so many texts."""
        await self.until(lambda: len(self.texts) >= times or self.contents)

    async def told(self, text: str) -> None:
        """Until the relay has sent this text."""
        await self.until(lambda: text in self.texts)

    async def pump(self) -> None:
        """Take in what comes, until the relay goes."""
        async for frame in self.socket:
            message = json.loads(frame)
            realtime = message.get("realtime_input", {})
            if "audio" in realtime:
                data = realtime["audio"]["data"].replace("-", "+").replace("_", "/")
                self.audio += base64.b64decode(data)
            if "text" in realtime:
                self.texts.append(realtime["text"])
            if "client_content" in message:
                self.contents.append(message["client_content"])
            if "tool_response" in message:
                self.responses += message["tool_response"]["functionResponses"]
            self._some.set()

    # What goes

    async def send(self, frame: dict[str, Any]) -> None:
        await self.socket.send(json.dumps(frame).encode())

    async def content(self, **fields: Any) -> None:
        await self.send({"serverContent": fields})

    async def said(self, text: str, pcm: bytes = b"") -> None:
        """Words and sound in one message, as recorded."""
        turn = {"parts": [{"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": _base64(pcm)}}], "role": "model"}
        sound = {"modelTurn": turn} if pcm else {}
        words = {"outputTranscription": {"text": text}} if text else {}
        await self.content(**sound, **words)

    async def sound(self, pcm: bytes, chunk: int = 19_200) -> None:
        for at in range(0, len(pcm), chunk):
            await self.said("", pcm[at : at + chunk])

    async def turn(self, text: str, pcm: bytes, *, complete: bool = True) -> None:
        """A whole turn of the interviewer's."""
        await self.send({})
        await self.content()
        await self.said(text, pcm[:19_200])
        await self.sound(pcm[19_200:])
        await self.content(generationComplete=True)
        if complete:
            await self.complete()

    async def complete(self, **more: Any) -> None:
        usage = {"promptTokenCount": 781, "responseTokenCount": 67, "totalTokenCount": 848, "thoughtsTokenCount": 67}
        await self.send({"serverContent": {"turnComplete": True, **more}, "usageMetadata": usage})

    async def heard(self, text: str) -> None:
        await self.content(inputTranscription={"text": text})

    async def handle(self, name: str = "handle-1") -> None:
        await self.send({"sessionResumptionUpdate": {"newHandle": name, "resumable": True}})

    async def call(self, reason: str = "finished") -> None:
        """The tool call as recorded: generationComplete and turnComplete in the same instant, before the response."""
        call = {"id": "call_1", "name": "end_interview", "args": {"reason": reason}}
        await self.content()
        await self.send({"toolCall": {"functionCalls": [call]}})
        await self.content(generationComplete=True)
        await self.complete()

    async def close(self, code: int, reason: str = "") -> None:
        await self.socket.close(code, reason)


Script = Callable[[Connection], Awaitable[None]]
"""What a connection does, from its setup on: it has to send setupComplete itself, by `ready`."""


async def ready(connection: Connection) -> None:
    """setupComplete."""
    await connection.send({"setupComplete": {}})


@dataclass
class Puppet:
    """The service: how it is reached, and its connections so far."""

    gemini: Gemini
    connections: list[Connection]
    failures: list[BaseException]

    async def connected(self, number: int, seconds: float = 60) -> Connection:
        """The connection of this number, once it is there."""
        async with asyncio.timeout(seconds):
            while len(self.connections) <= number:
                await asyncio.sleep(0.01)
        return self.connections[number]


@asynccontextmanager
async def puppet(folder: Path, script: Script, **settings: Any) -> AsyncIterator[Puppet]:
    """A service on a free port whose every connection follows `script`."""
    context, ca_file = certificate.issue(folder)
    connections: list[Connection] = []
    failures: list[BaseException] = []

    async def live(socket: ServerConnection) -> None:
        try:
            connection = Connection(socket, len(connections), json.loads(await socket.recv()))
            connections.append(connection)
            acting = asyncio.create_task(_act(connection, script))
            try:
                await connection.pump()
            finally:
                # The relay has gone: whatever the script still waits for does not come.
                acting.cancel()
                await asyncio.wait([acting])
                if not acting.cancelled() and (failure := acting.exception()):
                    failures.append(failure)
        except ConnectionClosed:
            pass

    async with serve(live, "127.0.0.1", 0, ssl=context, max_size=None, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        gemini = Gemini(api_key="a-key", base_url=f"https://127.0.0.1:{port}", ca_file=ca_file, **settings)
        yield Puppet(gemini, connections, failures)


async def _act(connection: Connection, script: Script) -> None:
    with suppress(ConnectionClosed):
        await script(connection)


def _base64(pcm: bytes) -> str:
    return base64.b64encode(pcm).decode()
