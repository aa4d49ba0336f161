"""The relay's server: it listens, answers health checks, and drains on SIGTERM."""

import asyncio
import gc
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

import orjson
import uvloop
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.typing import Origin

from contract import closes
from interview import log, sentry
from interview.avatar import open_avatars
from interview.errors import Invalid
from interview.gemini import GeminiText
from interview.settings import Settings, load
from interview.store import Store, open_store
from interview.tasks import open_tasks
from interview.version import VERSION
from relay.admission import HELLO_TIMEOUT, Admission
from relay.browser.arrivals import Arrivals, client_address
from relay.browser.connection import PacedConnection
from relay.browser.messages import MAX_FRAME
from relay.gemini.model import LiveModel

CAPACITY: Final = 200
"""Live interviews per instance: one core carries more (benchmarks/)."""
DRAIN_TIMEOUT: Final = 7.0
"""Seconds from SIGTERM within which the last browser must have left. Cloud Run kills the process after ten."""
PING_INTERVAL: Final = 20.0
"""Seconds between pings to a browser, and seconds to wait for a pong before the browser counts as gone."""

HEALTH: Final = ("/health", "/healthz")
"""Paths of the health check. From outside use `/health`: Google's front end reserves `/healthz` on Cloud Run."""

_STREAM: Final = re.compile(r"/api/interview/([0-9a-zA-Z_-]{1,128})/stream")


def listen(
    settings: Settings, admission: Admission, connection: type[PacedConnection] = PacedConnection
) -> AbstractAsyncContextManager[Server]:
    """The server, for use with `async with`. A benchmark passes another class of `connection`."""
    arrivals = Arrivals()

    def answer(browser: ServerConnection, request: Request) -> Response | None:
        """Answer plain HTTP, upgrades to anything but a stream, and addresses that dial too often."""
        path = request.path.partition("?")[0]
        if path in HEALTH:
            status = HTTPStatus.SERVICE_UNAVAILABLE if admission.draining else HTTPStatus.OK
            health = {"status": "draining" if admission.draining else "ok", "live": admission.live, "version": VERSION}
            return _json(status, health, _cors(request, settings.allowed_origins))
        if not _STREAM.fullmatch(path):
            return _json(HTTPStatus.NOT_FOUND, {"status": HTTPStatus.NOT_FOUND, "code": "not_found"})
        address = client_address(browser, request.headers, forwarded=settings.forwarded)
        if not arrivals.dial(address, browser.loop.time()):
            status = HTTPStatus.TOO_MANY_REQUESTS
            return _json(status, {"status": status, "code": "too_fast"}, {"Retry-After": "1"})
        return None

    async def admit(browser: ServerConnection) -> None:
        request = browser.request
        found = _STREAM.fullmatch(request.path.partition("?")[0]) if request else None
        if request and found and isinstance(browser, PacedConnection):
            address = client_address(browser, request.headers, forwarded=settings.forwarded)
            await admission.admit(browser, found[1], arrivals.enter(browser, address, browser.loop.time()))

    return serve(
        admit,
        settings.host,
        settings.relay_port,
        process_request=answer,
        # A browser always sends its page's origin. A client without one is no browser; its token decides.
        origins=[*(Origin(origin) for origin in settings.allowed_origins), None],
        create_connection=connection,
        open_timeout=HELLO_TIMEOUT,
        compression=None,  # speech does not compress, and trying costs a sixth of the relay's time
        max_size=MAX_FRAME,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_INTERVAL,
        close_timeout=2,
        server_header=None,
    )


def _json(status: HTTPStatus, body: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Response:
    content = orjson.dumps(body)
    always = {"Content-Type": "application/json", "Content-Length": str(len(content)), "Cache-Control": "no-store"}
    return Response(status, status.phrase, Headers({**always, **(headers or {})}), content)


def _cors(request: Request, origins: Sequence[str]) -> dict[str, str]:
    """Headers that let our own page read the answer: it measures which relay is nearest."""
    origin = request.headers.get("Origin", "")
    return {"Vary": "Origin", **({"Access-Control-Allow-Origin": origin} if origin in origins else {})}


async def run(settings: Settings, store: Store) -> None:
    """Serve until SIGTERM or SIGINT, then tell every browser to reconnect elsewhere and return."""
    avatars = open_avatars(settings, store)
    text_model = GeminiText(settings.gemini)
    tasks = open_tasks(settings)
    admission = Admission(
        store,
        LiveModel(settings.gemini),
        capacity=CAPACITY,
        now=lambda: datetime.now(UTC),
        conversations=avatars,
        text_model=text_model,
        budget=settings.interview_dollars,
        limits=settings.limits,
        must_end=lambda: _must_end(store),
        tasks=tasks,
        second_ear=settings.second_ear,
    )
    terminated = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, terminated.set)
    async with listen(settings, admission) as server:
        # What is loaded now stays loaded. Unless it is frozen, each full collection examines all of it, which delays
        # the sound of every interview by 70 ms.
        gc.collect()
        gc.freeze()
        log.write("INFO", "relay_ready", port=_port(server))
        await terminated.wait()
        server.close(close_connections=False)
        await admission.drain(DRAIN_TIMEOUT)
        server.close(code=closes.GOING_AWAY.code)
    if avatars:
        await avatars.aclose()
    if tasks:
        await tasks.close()
    await text_model.close()
    await store.close()
    await sentry.flush(settings)


async def _must_end(store: Store) -> bool:
    """Whether the operator has closed the deployment and wants live interviews to end (`make close END=1`)."""
    switch = await store.switch()
    return switch.end_live and not switch.open


def _port(server: Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])


def main() -> None:
    """`python -m relay.server`."""
    try:
        settings = load()
        sentry.start(settings, "relay")
        uvloop.run(run(settings, open_store(settings.store)))
    except Invalid as error:
        sys.exit(f"relay: {error.detail}")


if __name__ == "__main__":
    main()
