from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.tavus import Script, Server, embedded
from tests.functions.service import PATIENT, Service, serving_functions
from tests.interview.avatar.contract import contract

__all__ = ["contract"]


@pytest.fixture
async def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    async with serving_functions(tmp_path, monkeypatch) as running:
        yield running


@pytest.fixture
async def tavus() -> AsyncIterator[Server]:
    async with embedded(Script(replica_delay=0, webhooks=False)) as server:
        yield server


@pytest.fixture
async def video(tavus: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    """A service with avatars."""
    env = {"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": tavus.base_url}
    async with serving_functions(tmp_path, monkeypatch, PATIENT, **env) as running:
        yield running
