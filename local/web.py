"""Does on one machine what Firebase Hosting, Cloud Scheduler and Cloud Tasks do in the cloud: serves the built web app
with its configuration, forwards `/api` to the functions, sweeps every minute, and has summaries written.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import uvicorn
from functions_framework.aio import create_asgi_app
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interview import clock, log
from interview.api.backends import open_backends
from interview.api.sweep import sweep
from interview.avatar import Avatars
from interview.errors import InterviewError
from interview.settings import Settings, load
from interview.store import Store
from interview.version import VERSION
from local.worker import write_summaries

ROOT: Final = Path(__file__).parent.parent
DIST: Final = ROOT / "web" / "dist-dev"
"""The development build of the page: the deployed one, in `web/dist`, can't join the rooms of a stand-in."""
SWEEP_EVERY: Final = 60.0
"""Seconds between two sweeps, as in Cloud Scheduler."""

KNOWN: Final = re.compile(r"(check/?|help/?|privacy/?|interview/[^/.]+/?|results/[^/.]+/?)?")
"""The page's own addresses (web/src/navigation/route.ts), without the first slash; as in infra/terraform/hosting.tf."""
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
"""The hosts of Tavus's stand-in."""

APP_CHECK: Final = "https://content-firebaseappcheck.googleapis.com"
"""Where Firebase's SDK (web/node_modules/@firebase/app-check) gets a token."""
RECAPTCHA: Final = "https://www.google.com/recaptcha/"
RECAPTCHA_SCRIPT: Final = "https://www.gstatic.com/recaptcha/"
RECAPTCHA_FRAME: Final = "https://recaptcha.google.com/recaptcha/"
"""What reCAPTCHA loads and calls (https://docs.cloud.google.com/recaptcha/docs/faq)."""

_START_PATHS: Final = ("/start", "/read-cv", "/voice-sample", "/upload-cv", "/cv-text", "/avatar")


def is_stand_in(settings: Settings) -> bool:
    """Whether the interviewer's video comes from the stand-in of Tavus on this machine."""
    return settings.tavus.api_key is not None and urlsplit(settings.tavus.base_url).hostname in LOOPBACK


def content_policy(settings: Settings) -> str:
    """The page's Content-Security-Policy. It may load itself and connect to the relays (also by HTTP, to find the
    nearest one), with an avatar also to Daily or to the room of Tavus's stand-in on this machine, with a DSN to Sentry,
    with App Check to Firebase and reCAPTCHA.
    """
    relays = [*settings.relay_urls, *(url.replace("ws", "http", 1) for url in settings.relay_urls)]
    scripts, reached, workers, frames = ["'self'"], ["'self'", *relays], ["'self'"], ["'self'"]
    if settings.tavus.api_key:
        tavus = urlsplit(settings.tavus.base_url)
        if is_stand_in(settings):
            reached += [f"ws://{tavus.netloc}", f"http://{tavus.netloc}"]
        else:
            # Even a bundled daily-js loads its call object from there, and runs it in workers from blobs.
            scripts.append("https://*.daily.co")
            reached += ["https://*.daily.co", "wss://*.daily.co"]
            workers.append("blob:")
    if settings.sentry_dsn:
        sentry = urlsplit(settings.sentry_dsn)
        reached.append(f"{sentry.scheme}://{sentry.netloc.rpartition('@')[2]}")
    if settings.app_check:
        scripts += [RECAPTCHA, RECAPTCHA_SCRIPT]
        frames += [RECAPTCHA, RECAPTCHA_FRAME]
        reached += [APP_CHECK, RECAPTCHA]
    return (
        f"default-src 'self'; script-src {' '.join(scripts)}; connect-src {' '.join(reached)}; "
        f"worker-src {' '.join(workers)}; frame-src {' '.join(frames)}; img-src 'self' data: blob:; "
        "media-src 'self' blob:; style-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    )


class Headers:
    """Adds the security headers to every answer."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"permissions-policy", b"camera=(self), microphone=(self), geolocation=()"),
            (b"referrer-policy", b"no-referrer"),
            (b"x-content-type-options", b"nosniff"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


async def sweep_regularly(store: Store, avatars: Avatars | None) -> None:
    """Sweep now and every minute, until cancelled. After a failed sweep the next one catches up."""
    while True:
        try:
            await sweep(store, clock.now())
            if avatars:
                await avatars.sweep(clock.now())
        except InterviewError as error:
            log.failure("sweep_failed", error)
        await asyncio.sleep(SWEEP_EVERY)


@asynccontextmanager
async def sweeping(settings: Settings) -> AsyncIterator[None]:
    """Sweep the interviews and the avatars, and write summaries, during this block."""
    backends = open_backends(settings)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(sweep_regularly(backends.store, backends.avatars)),
                group.create_task(write_summaries(backends)),
            ]
            yield
            for task in tasks:
                task.cancel()
    finally:
        await backends.close()


def build(settings: Settings, dist: Path = DIST) -> ASGIApp:
    """The web server of one machine, with the built page of a folder."""
    start = create_asgi_app("start", str(ROOT / "functions" / "start" / "main.py"))
    end = create_asgi_app("end", str(ROOT / "functions" / "end" / "main.py"))

    async def api(scope: Scope, receive: Receive, send: Send) -> None:
        await (start if scope["path"].endswith(_START_PATHS) else end)({**scope, "root_path": ""}, receive, send)

    async def config(_: Request) -> Response:
        """The page's configuration: which interviewer answers, whether with video, the retention, and the version."""
        return JSONResponse(
            {
                "interviewer": "embedded" if settings.gemini.embedded else "gemini",
                "retention_days": settings.retention_days,
                "interview_minutes": settings.interview_minutes,
                "backup_days": settings.backup_days,
                "avatar": settings.tavus.configured,
                "start_code": settings.limits.start_code is not None,
                "version": VERSION,
                **({"app_check": asdict(settings.app_check)} if settings.app_check else {}),
                **({"languages": list(offered)} if (offered := settings.offered_languages) else {}),
                "voice": settings.gemini.voice,
                "live_model": settings.gemini.live_model,
                "text_model": settings.gemini.text_model,
                **({"second_ear": True} if settings.second_ear else {}),
                **({"stand_in": True} if is_stand_in(settings) else {}),
                **({"page_contact": settings.page_contact} if settings.page_contact else {}),
                **({"sentry_dsn": settings.sentry_dsn} if settings.sentry_dsn else {}),
            },
            headers={"Cache-Control": "no-store"},
        )

    async def page(request: Request) -> Response:
        """A built file, or the page itself: at an unknown address with status 404, as Hosting serves it."""
        file = (dist / request.path_params["path"]).resolve()
        if file.is_file() and file.is_relative_to(dist):
            # The names of assets contain a hash of their content; other files may change.
            kept = "public, max-age=31536000, immutable" if file.parent.name == "assets" else "no-cache"
            return FileResponse(file, headers={"Cache-Control": kept})
        path = request.path_params["path"]
        known = KNOWN.fullmatch(path) is not None
        name, status = ("page.html" if path else "index.html", 200) if known else ("404.html", 404)
        return FileResponse(dist / name, status, headers={"Cache-Control": "no-cache"})

    return Starlette(
        routes=[
            Route("/config.json", config),
            Mount("/api", api),
            # Hosting compresses too: with Brotli, which is a tenth smaller, where the browser takes it, otherwise so.
            Route("/{path:path}", page, middleware=[Middleware(GZipMiddleware, compresslevel=6)]),
        ],
        middleware=[Middleware(Headers, policy=content_policy(settings))],
        lifespan=lambda _: sweeping(settings),
    )


def main() -> None:
    """`python -m local.web`."""
    settings = load()
    server = uvicorn.Server(
        uvicorn.Config(
            build(settings),
            settings.host,
            settings.port,
            lifespan="on",
            access_log=False,
            log_level="warning",
            proxy_headers=False,  # nothing is before this server, so X-Forwarded-For is only what a client writes
        )
    )
    server.run()


if __name__ == "__main__":
    main()
