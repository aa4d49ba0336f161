"""Gemini Live and generateContent on one TLS port, as the SDK expects them under one base address."""

import asyncio
import contextlib
import logging
import re
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request as WebSocketRequest

from local.gemini import certificate, english, errors, recording, sample, text, wire
from local.gemini.ear import Ear, NeuralEar, ScriptedEar
from local.gemini.live import Live, Parts
from local.gemini.replay import Replay
from local.gemini.script import Fault, Received, Script
from local.gemini.sessions import Sessions
from local.gemini.voice import NeuralVoice, ToneVoice, Voice
from local.gemini.wire import Hangup, Message, Setup

_SETUP_SECONDS = 30.0
_REASON_BYTES = 123  # the most that fits into a close frame
_PARTING_SECONDS = 3.0
_MAX_FRAME = 8 * 1024 * 1024
_SERVICE = "google.ai.generativelanguage.{version}.GenerativeService.BidiGenerateContent"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it is, the authority to trust, and what it has received.

    `strike` makes a fault happen on every open connection now; `forget` makes every handle invalid.
    """

    base_url: str
    ca_file: Path
    received: Received
    strike: Callable[[Fault], Awaitable[None]]
    forget: Callable[[], None]


class Gemini:
    """The application. `scripts` returns the script for each new connection and request.

    When it is `inspected`, and only then, what was received can be read at /received (it holds CVs and answers), and a
    fault that is posted to /strike happens at once.
    """

    def __init__(self, scripts: Callable[[], Script], voice: Voice, ear: Ear, *, inspected: bool) -> None:
        self._scripts = scripts
        self._parts = Parts(voice, ear, Sessions(), Received())
        self.received = self._parts.received
        self._open: set[Live | Replay] = set()
        service = "/ws/" + _SERVICE
        routes: list[BaseRoute] = [
            # The SDK's base address ends in a slash, so that the path begins with two.
            WebSocketRoute("/" + service, self._live),
            WebSocketRoute(service, self._live),
            Route("/{version}/models/{model}:generateContent", self._text, methods=["POST"]),
        ]
        if inspected:
            routes.append(Route("/received", self._received, methods=["GET"]))
            routes.append(Route("/strike", self._strike, methods=["POST"]))
        self.app = Starlette(routes=routes)

    async def _received(self, _: Request) -> Response:
        return JSONResponse(self.received.as_json())

    async def _strike(self, request: Request) -> Response:
        """Make a fault, given as JSON, happen on every open connection now."""
        try:
            fault = Fault(**await request.json())
        except (TypeError, ValueError):
            return errors.error(400, "A fault has a kind and, if need be, the fields of local/gemini/faults.py.")
        try:
            await self.strike(fault)
        except ValueError as error:
            return errors.error(400, str(error))
        return JSONResponse({"connections": len(self._open)})

    async def _text(self, request: Request) -> Response:
        script = self._scripts()
        refused = _refused(request.headers.get("x-goog-api-key"), script)
        if refused is not None:
            return refused
        model, version = request.path_params["model"], request.path_params["version"]
        if not re.fullmatch(r"gemini-[\w.-]+", model) or "live" in model:
            return errors.error(404, errors.no_model(model, version, "generateContent"))
        try:
            body = wire.parse(await request.body())
        except Hangup as hangup:
            return errors.error(400, hangup.reason)
        self.received.requests.append(body)
        if sample.is_asked_for(body):
            return await sample.speak(body, self._parts.voice, counted=script.counted)
        number = len(self.received.requests)
        return await text.generate(body, script=script.text, number=number, counted=script.counted)

    async def strike(self, fault: Fault) -> None:
        """Make a fault happen on every open connection now. Raises ValueError while a recording is played."""
        open_now = [live for live in self._open if isinstance(live, Live)]
        if len(open_now) < len(self._open):
            raise ValueError("A recording is being played, which has no failures but its own.")
        for live in open_now:
            await live.strike(fault)

    async def parting(self) -> None:
        """Wait for clients that are closing: uvicorn logs an error if a connection closes while it stops."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PARTING_SECONDS):
                while self.received.open_connections:  # noqa: ASYNC110 - a server that stops has the time
                    await asyncio.sleep(0.01)

    def forget(self) -> None:
        """Make every handle invalid."""
        self._parts.sessions.forget()

    async def _live(self, socket: WebSocket) -> None:
        script = self._scripts()
        number = self.received.connections
        self.received.connections += 1
        refused = script.fault("refuse", number)
        if refused is not None:
            await socket.send_denial_response(errors.error(refused.status, "The caller is refused."))
            return
        await socket.accept()
        self.received.open_connections += 1
        try:
            setup = await self._setup(socket, script)
            live: Live | Replay
            if script.replay is not None:
                live = Replay(recording.read(Path(script.replay)), self._parts, _sender(socket), pace=script.pace)
            else:
                live = Live(setup=setup, script=script, parts=self._parts, number=number, send=_sender(socket))
            self._open.add(live)
            try:
                await live.run(_messages(socket))
            finally:
                self._open.discard(live)
        except Hangup as hangup:
            # Without a code the connection is dropped: returning closes the transport and sends no close frame.
            if hangup.code is not None and socket.client_state is WebSocketState.CONNECTED:
                with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                    await socket.close(hangup.code, _short(hangup.reason))
        except WebSocketDisconnect:
            _log.debug("the client is gone")
        finally:
            self.received.open_connections -= 1

    async def _setup(self, socket: WebSocket, script: Script) -> Setup:
        try:
            first = await asyncio.wait_for(_frame(socket), _SETUP_SECONDS)
        except TimeoutError:
            raise Hangup(1008, "Setup must come first.") from None
        key = socket.headers.get("x-goog-api-key") or socket.query_params.get("key")
        if not key:
            raise Hangup(1008, errors.NO_KEY)
        self.received.keys.append(key)
        if script.api_key is not None and key != script.api_key:
            raise Hangup(1007, errors.BAD_KEY)
        message = wire.parse(first)
        setup = wire.read_setup(message)
        self.received.setups.append(message["setup"])
        model = setup.model.removeprefix("models/")
        if not re.fullmatch(r"gemini-[\w.-]*(live|native-audio)[\w.-]*", model):
            version = socket.path_params["version"]
            raise Hangup(1008, errors.no_model(model, version, "bidiGenerateContent"))
        return setup


async def _frame(socket: WebSocket) -> str | bytes:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    frame: str | bytes | None = message.get("text")
    return message["bytes"] if frame is None else frame


def _sender(socket: WebSocket) -> Callable[[bytes], Awaitable[None]]:
    async def send(frame: bytes) -> None:
        try:
            await socket.send_bytes(frame)
        except (WebSocketDisconnect, RuntimeError):  # Starlette raises the latter after the former
            raise Hangup(None) from None

    return send


async def _messages(socket: WebSocket) -> AsyncIterator[Message]:
    """The client's messages until it disconnects."""
    while True:
        try:
            frame = await _frame(socket)
        except WebSocketDisconnect:
            return
        for message in wire.read_message(wire.parse(frame)):
            yield message


def _refused(key: str | None, script: Script) -> Response | None:
    if not key:
        return errors.error(403, errors.NO_KEY)
    if script.api_key is not None and key != script.api_key:
        return errors.error(400, errors.BAD_KEY, "API_KEY_INVALID")
    return None


def _short(reason: str) -> str:
    return reason.encode()[:_REASON_BYTES].decode(errors="ignore")


@contextlib.asynccontextmanager
async def serve(
    scripts: Callable[[], Script],
    context: ssl.SSLContext,
    ca_file: Path,
    *,
    voice: Voice,
    ear: Ear,
    port: int = 0,
    inspected: bool = True,
) -> AsyncIterator[Server]:
    """Serve until the block is left. Speech models load in the background from the moment the socket listens."""
    gemini = Gemini(scripts, voice, ear, inspected=inspected)
    config = uvicorn.Config(
        gemini.app,
        lifespan="off",
        log_level="warning",
        access_log=False,
        ws_max_size=_MAX_FRAME,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        ws=_pongs(scripts, gemini.received),
        timeout_graceful_shutdown=1,
        ssl_context_factory=lambda *_: context,
    )
    server = _Unsignalled(config)
    # Listening before uvicorn starts: a client that connects in between waits in the socket's queue.
    with socket.create_server(("127.0.0.1", port)) as listener:
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            voice.warm()
            ear.warm()
            await asyncio.to_thread(english.warm)
            yield Server(
                f"https://127.0.0.1:{listener.getsockname()[1]}", ca_file, gemini.received, gemini.strike, gemini.forget
            )
        finally:
            await gemini.parting()
            server.should_exit = True
            await running
            voice.close()
            ear.close()


def _pongs(scripts: Callable[[], Script], received: Received) -> type[WebSocketsSansIOProtocol]:
    """Uvicorn's protocol, with pongs that are late if the script says so."""

    class Protocol(WebSocketsSansIOProtocol):
        def handle_connect(self, event: WebSocketRequest) -> None:
            slow = scripts().fault("slow_pongs", received.connections)
            self.pongs_after = slow.seconds if slow else 0.0
            super().handle_connect(event)

        def handle_ping(self) -> None:
            output = b"".join(self.conn.data_to_send())
            self.loop.call_later(self.pongs_after, self._pong, output)

        def _pong(self, output: bytes) -> None:
            if not self.transport.is_closing():
                self.transport.write(output)

    return Protocol


class _Unsignalled(uvicorn.Server):
    """Leaves signals to the program that runs the loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def parts(script: Script) -> tuple[Voice, Ear]:
    """The voice and the ear that a script asks for."""
    voice: Voice = ToneVoice(script.tone_seconds) if script.voice == "tone" else NeuralVoice()
    ear: Ear = NeuralEar() if script.heard is None else ScriptedEar(script.heard)
    return voice, ear


@contextlib.asynccontextmanager
async def embedded(script: Script | None = None, port: int = 0) -> AsyncIterator[Server]:
    """The service in the caller's event loop, for tests."""
    script = script or Script()
    voice, ear = parts(script)
    with tempfile.TemporaryDirectory() as folder:
        context, ca_file = certificate.issue(Path(folder))
        async with serve(lambda: script, context, ca_file, voice=voice, ear=ear, port=port) as server:
            yield server
