from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.functions.service import Service, serving_functions


@pytest.fixture
async def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    async with serving_functions(tmp_path, monkeypatch) as running:
        yield running
