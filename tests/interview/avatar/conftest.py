from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from interview.avatar import Avatars
from interview.avatar.client import Client, Timing
from interview.record import Avatar, Interview
from interview.retry import Backoff, Policy
from interview.settings import Tavus, load
from interview.store import Store
from interview.store.sqlite import SqliteStore
from interview.system import Ledger
from local.tavus import Script, Server, embedded
from tests.interview.avatar.contract import contract
from tests.interview.store.conftest import open_store, store
from tests.interview.store.sample import new_interview

__all__ = ["contract", "open_store", "store"]

ID = "5e55" * 8
ORIGIN = "https://interviews.example"
PATIENT = Timing(answer=20, create=20, retry=Policy(3, 90, Backoff(0.02, 0.08)))
"""Long enough for every answer on a busy machine."""


@pytest.fixture
async def tavus() -> AsyncIterator[Server]:
    async with embedded(Script(replica_delay=0, webhooks=False)) as server:
        yield server


def settings_of(server: Server, **environ: str) -> Tavus:
    return load({"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": server.base_url, **environ}).tavus


@dataclass
class Deployment:
    """A store, Tavus's stand-in, and the avatars of several processes that use both."""

    store: Store
    tavus: Server
    opened: list[Avatars] = field(default_factory=list)

    def avatars(self, *, timing: Timing = PATIENT, store: Store | None = None, **environ: str) -> Avatars:
        """The avatars of another process."""
        settings = settings_of(self.tavus, **environ)
        avatars = Avatars(store or self.store, Client(settings, timing), settings, origin=ORIGIN)
        self.opened.append(avatars)
        return avatars

    async def begin(self, avatars: Avatars, session_id: str = ID, **changes: Any) -> Interview:
        """Create an interview with an avatar, as `start` does."""
        creation = avatars.create(session_id, 1500)
        await self.store.create(new_interview(session_id=session_id, avatar=creation.avatar, **changes))
        await creation.finish()
        return await self.store.get(session_id)

    async def avatar(self, session_id: str = ID) -> Avatar:
        avatar = (await self.store.get(session_id)).avatar
        assert avatar is not None
        return avatar

    async def ledger(self) -> Ledger:
        return await self.store.change_ledger(lambda ledger: ledger)

    @property
    def active(self) -> list[str]:
        """The ids of the active conversations."""
        return [one.terms.conversation_id for one in self.tavus.conversations if one.status == "active"]


@pytest.fixture
async def deployment(tavus: Server, tmp_path: Path) -> AsyncIterator[Deployment]:
    deployment = Deployment(SqliteStore(tmp_path / "i.db"), tavus)
    yield deployment
    for avatars in deployment.opened:
        await avatars.aclose()
    await deployment.store.close()
