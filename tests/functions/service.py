"""Both functions in functions-framework, with a real store, real files, a scripted model, and the worker of one
machine, which writes the summaries.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import docx
import functions_framework.aio
import httpx2
import pytest
from fpdf import FPDF

from contract.terms import Doubt, Source
from interview.api import writing
from interview.api.app_check import AppCheckVerifier, fetch_keys
from interview.api.backends import Backends
from interview.avatar import open_avatars
from interview.avatar.client import Timing
from interview.clock import now
from interview.files import open_files
from interview.record import Interview, Turn
from interview.retry import Backoff, Policy
from interview.store import Store, open_store
from local.worker import write_summaries
from tests.generate import Server, says, serving

PATIENT = Timing(answer=20, create=20, retry=Policy(3, 90, Backoff(0.02, 0.08)))
"""Long enough for every answer on a busy machine."""
ROOT = Path(__file__).parents[2]
ORIGIN = "https://interviews.example"
CV_TEXT = "Ada Lovelace. Analyst of the Analytical Engine, author of the first published program."


@dataclass(frozen=True)
class Said:
    """What one speaker says in one turn, with what its record has besides."""

    text: str
    doubt: tuple[Doubt, ...] = ()
    source: Source = "speech"
    corrected: str | None = None


@dataclass
class Clock:
    """The functions' time of day, which a test may set ahead."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead


@dataclass
class Service:
    """`start` and `end` are clients of the two functions, and `parts` are the backends of each. `store` is another
    connection to their store, as the relay has one.
    """

    start: httpx2.AsyncClient
    end: httpx2.AsyncClient
    store: Store
    folder: Path
    model: Server
    clock: Clock
    parts: tuple[Backends, ...] = ()

    async def begin(self, **fields: Any) -> tuple[str, dict[str, str]]:
        """Start an interview; returns its id and the headers with its token."""
        answer = await self.start.post("/api/interview/start", json={"skill_topic": "SQL", **fields})
        assert answer.status_code == 201, answer.text
        return answer.json()["session_id"], bearer(answer.json()["session_token"])

    async def talk(self, session_id: str, *texts: str) -> Interview:
        """Store turns as a relay does whose candidate then leaves, alternating from the interviewer."""
        return await self.keep(session_id, *(Said(text) for text in texts))

    async def keep(self, session_id: str, *said: "Said") -> Interview:
        """The same with doubts and typed answers. Each turn lasts for 20 seconds, after a pause of one."""
        live = await self.store.claim(session_id, now())
        start = now()
        for number, one in enumerate(said):
            began = start + timedelta(seconds=21 * number)
            turn = Turn(
                number=number,
                speaker="candidate" if number % 2 else "interviewer",
                text=one.text,
                started_at=began,
                ended_at=began + timedelta(seconds=20),
                source=one.source,
                doubt=one.doubt,
                corrected_text=one.corrected,
            )
            await self.store.save_turn(session_id, live.live.epoch, turn)
        await self.store.release(session_id, live.live.epoch)
        return await self.store.get(session_id)

    def files(self) -> list[str]:
        """The names of all stored files."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def pdf(text: str = CV_TEXT) -> bytes:
    page = FPDF()
    page.add_page()
    page.set_font("helvetica", size=12)
    page.multi_cell(0, text=text)
    return bytes(page.output())


def word(path: Path, text: str = CV_TEXT) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    document.save(str(path))
    return path.read_bytes()


@asynccontextmanager
async def serving_functions(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    timing: Timing | None = None,
    app_check_keys: str | None = None,
    /,
    **env: str,
) -> AsyncIterator[Service]:
    """Both functions, each loaded from its main.py with these settings, with this timing towards Tavus, and with the
    keys of Firebase App Check at this address.
    """
    async with serving(says("{}")) as model:
        settings = {
            "STORE": f"sqlite:///{tmp_path}/interviews.db",
            "FILES": f"file://{tmp_path}/files",
            "ALLOWED_ORIGINS": ORIGIN,
            "RELAY_URL": "wss://relay.example",
            "STARTS_PER_HOUR": "1000",
            "INTERVIEWS_CONCURRENT": "1000",
            "INTERVIEWS_DAILY": "5000",
            "GEMINI_API_KEY": "a-key",
            "GEMINI_BASE_URL": model.base_url,
            "FUNCTION_TARGET": "",
            "FUNCTION_SIGNATURE_TYPE": "http",
            **env,
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)  # away from a developer's .env
        # A busy machine writes no summary within the seconds that a page waits for one.
        monkeypatch.setattr(writing, "WAIT_SECONDS", 120.0)
        monkeypatch.setattr(sys, "path", [*sys.path])
        apps, modules = zip(*(_load(name) for name in ("start", "end")), strict=True)
        start, end = (_client(app) for app in apps)
        store = open_store(settings["STORE"])
        clock = Clock()
        for module in modules:
            module.BACKENDS = replace(module.BACKENDS, clock=clock)
            if timing:
                avatars = open_avatars(module.BACKENDS.settings, module.BACKENDS.store, timing)
                module.BACKENDS = replace(module.BACKENDS, avatars=avatars)
        for module in modules:
            app_check = module.BACKENDS.settings.app_check
            if app_check and app_check_keys:
                verifier = AppCheckVerifier(app_check.app_id, partial(fetch_keys, app_check_keys))
                module.BACKENDS = replace(module.BACKENDS, check_page=verifier.verify)
        parts: tuple[Backends, ...] = tuple(module.BACKENDS for module in modules)
        try:
            async with asyncio.TaskGroup() as group:
                worker = group.create_task(write_summaries(parts[1], every=0.05))
                yield Service(start, end, store, tmp_path / "files", model, clock, parts)
                worker.cancel()
        finally:
            await start.aclose()
            await end.aclose()
            await store.close()
            for part in parts:
                await part.close()


def _load(name: str) -> tuple[Any, ModuleType]:
    app = functions_framework.aio.create_asgi_app(name, str(ROOT / "functions" / name / "main.py"))
    return app, sys.modules["main"]


def _client(app: Callable[..., Any]) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://functions.example")


def files_of(service: Service) -> Any:
    """The files of the functions."""
    return open_files(f"file://{service.folder}")
