import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from interview.store import Store
from interview.store.firestore import FirestoreStore
from interview.store.firestore_connection import RETRY
from interview.store.sqlite import SqliteStore

OpenStore = Callable[[], Store]


def open_firestore(project: str) -> FirestoreStore:
    """A store on the emulator, which a busy machine may keep waiting for longer than a candidate would wait."""
    return FirestoreStore(project, attempt_seconds=30.0, retry=replace(RETRY, seconds=90.0))


@pytest.fixture(params=["sqlite", "firestore"])
async def open_store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OpenStore]:
    """Opens another store on the database of this test, as another process would."""
    opened: list[Store] = []
    if request.param == "firestore":
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", request.getfixturevalue("firestore_emulator"))
    project = f"test-{secrets.token_hex(8)}"

    def open_one() -> Store:
        store: Store = (
            SqliteStore(tmp_path / "data" / "interviews.db") if request.param == "sqlite" else open_firestore(project)
        )
        opened.append(store)
        return store

    yield open_one
    for store in opened:
        await store.close()


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store()
