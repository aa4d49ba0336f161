"""Tests of SQLite alone: its file, its locks and its disk."""

import asyncio
import gc
import os
import sqlite3
import sys
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from interview.errors import Conflict, Invalid, NotFound, StoreUnavailable
from interview.store import document, open_store, sqlite
from interview.store.sqlite import SqliteStore
from tests.interview.conftest import SmallDisk, read_only
from tests.interview.store.sample import NOW, new_cv, new_interview, new_turn

ID = "5e55"

RACER = """
import asyncio, sys
from interview.store.sqlite import SqliteStore
from tests.interview.store.sample import NOW, new_interview, new_turn

async def main(path, name):
    store = SqliteStore(path)
    await store.create(new_interview(session_id=name))
    await store.claim(name, NOW)
    for number in range(20):
        await store.save_turn(name, 1, new_turn(number))
    await store.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_an_address_names_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for address, path in (
        (f"sqlite:///{tmp_path}/deep/er/absolute.db", tmp_path / "deep/er/absolute.db"),
        ("sqlite:///relative.db", tmp_path / "relative.db"),
    ):
        store = open_store(address)
        assert not path.exists()
        await store.create(new_interview())
        await store.close()
        assert path.is_file()
    with pytest.raises(Invalid):
        open_store("mysql://elsewhere")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "i.db")
    yield store
    await store.close()


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.rglob("*")}


async def test_only_the_owner_may_read_the_file_and_its_log(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = SqliteStore(tmp_path / "data/deep/i.db")
        await store.create(new_interview())
        found = modes(tmp_path)
        await store.close()
    finally:
        os.umask(before)
    assert found == {"data": 0o700, "deep": 0o700, "i.db": 0o600, "i.db-wal": 0o600, "i.db-shm": 0o600}


async def test_a_file_that_others_could_read_is_tightened_and_a_folder_that_exists_is_left(tmp_path: Path) -> None:
    earlier = SqliteStore(tmp_path / "i.db")
    await earlier.create(new_interview())
    for path in tmp_path.iterdir():
        path.chmod(0o644)
    tmp_path.chmod(0o755)
    store = SqliteStore(tmp_path / "i.db")
    await store.create(new_interview(session_id="an0ther"))
    assert modes(tmp_path) == {"i.db": 0o600, "i.db-wal": 0o600, "i.db-shm": 0o600}
    assert tmp_path.stat().st_mode & 0o777 == 0o755, "it may be anything, such as the present folder"
    await store.close()
    await earlier.close()


async def test_records_survive_a_restart(store: SqliteStore, tmp_path: Path) -> None:
    await store.create(new_interview())
    claimed = await store.claim(ID, NOW)
    await store.save_turn(ID, 1, new_turn(0))
    await store.close()
    again = SqliteStore(tmp_path / "i.db")
    assert await again.get(ID) == claimed
    assert await again.turns(ID) == [new_turn(0)]
    await again.close()


def test_another_event_loop_may_use_it(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "i.db")
    asyncio.run(store.create(new_interview()))
    assert asyncio.run(store.get(ID)) == new_interview()
    asyncio.run(store.close())


async def test_a_new_interview_deletes_the_expired_ones(store: SqliteStore, tmp_path: Path) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    await store.save_turn(ID, 1, new_turn(0))
    with sqlite3.connect(tmp_path / "i.db") as connection:
        connection.execute("UPDATE interviews SET expires_at = ?", (document.iso(datetime.now(UTC)),))
    connection.close()
    with pytest.raises(NotFound):
        await store.get(ID)
    await store.create(new_interview(session_id="0ther"))
    await store.close()
    with sqlite3.connect(tmp_path / "i.db") as connection:
        assert connection.execute("SELECT session_id FROM interviews").fetchall() == [("0ther",)]
        assert connection.execute("SELECT count(*) FROM turns").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize(
    ("query", "values", "index"),
    [
        (sqlite.IDLE, ("", "", 1), "SEARCH interviews USING INDEX live_interviews_by_sight"),
        (sqlite.WITH_AVATAR, ("", 1), "USING INDEX interviews_with_avatar"),
        (sqlite.UNWRITTEN, ("", "", "", 1), "SEARCH interviews USING INDEX interviews_without_summary"),
    ],
    ids=["idle interviews", "avatars", "summaries that are due"],
)
async def test_a_query_of_all_interviews_uses_its_index(
    store: SqliteStore, tmp_path: Path, query: str, values: tuple[str | int, ...], index: str
) -> None:
    await store.create(new_interview())
    await store.close()
    with sqlite3.connect(tmp_path / "i.db") as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()
    connection.close()
    (step,) = plan
    assert index in step[3]


async def test_a_file_of_an_earlier_version_gets_the_index(store: SqliteStore, tmp_path: Path) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    await store.close()
    with sqlite3.connect(tmp_path / "i.db") as connection:
        connection.execute("DROP INDEX live_interviews_by_sight")
        connection.execute("UPDATE interviews SET document = json_remove(document, '$.live.seen_at')")
    connection.close()
    again = SqliteStore(tmp_path / "i.db")
    assert await again.idle(NOW + timedelta(days=1)) == [], "nobody knows since when"
    await again.touch(ID, 1, NOW)
    assert [interview.session_id for interview in await again.idle(NOW + timedelta(days=1))] == [ID]
    await again.close()


async def test_deleted_data_is_in_no_file(store: SqliteStore, tmp_path: Path) -> None:
    await store.create(new_interview(cv=new_cv(text="curriculum of a lifetime")))
    await store.claim(ID, NOW)
    await store.save_turn(ID, 1, new_turn(0, text="confession of a candidate"))

    def left() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"curriculum of a lifetime" in left()
    assert b"confession of a candidate" in left()
    await store.delete(ID)
    assert b"curriculum of a lifetime" not in left()
    assert b"confession of a candidate" not in left()


async def test_several_processes_can_start_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "i.db"
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", RACER, str(path), f"racer{number}", cwd=Path(__file__).parents[3]
        )
        for number in range(4)
    ]
    assert [await process.wait() for process in processes] == [0, 0, 0, 0]
    store = SqliteStore(path)
    for number in range(4):
        assert len(await store.turns(f"racer{number}")) == 20
    await store.close()


@pytest.mark.slow
def test_several_threads_can_open_a_new_file_at_once(tmp_path: Path) -> None:
    """Repeated, since the threads collide only within microseconds."""
    for number in range(150):
        together = threading.Barrier(4)

        async def begin(path: Path) -> None:
            store = SqliteStore(path)
            await store.idle(NOW)
            await store.close()

        def wait_and_begin(path: Path, together: threading.Barrier = together) -> None:
            together.wait()
            asyncio.run(begin(path))

        with ThreadPoolExecutor(4) as threads:
            for begun in [threads.submit(wait_and_begin, tmp_path / f"{number}.db") for _ in range(4)]:
                begun.result()


async def test_a_lock_that_is_held_too_long_is_an_error(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "i.db", lock_seconds=0.2)
    await store.create(new_interview())
    blocker = sqlite3.connect(tmp_path / "i.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(StoreUnavailable) as refused:
        await store.claim(ID, NOW)
    assert time.monotonic() - began >= 0.2
    assert isinstance(refused.value.__cause__, sqlite3.OperationalError)
    assert await store.get(ID) == new_interview()
    blocker.execute("ROLLBACK")
    blocker.close()
    assert (await store.claim(ID, NOW)).live.epoch == 1
    await store.close()


async def test_all_calls_that_wait_for_a_lock_end_with_an_error(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "i.db", lock_seconds=0.4, call_seconds=0.6)
    await store.create(new_interview())
    blocker = sqlite3.connect(tmp_path / "i.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    outcomes = await asyncio.gather(*(store.claim(ID, NOW) for _ in range(10)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {StoreUnavailable}
    blocker.execute("ROLLBACK")
    blocker.close()
    assert (await store.claim(ID, NOW)).status == "live"
    await store.close()


async def test_a_full_disk_is_an_error_and_loses_nothing(small_disk: SmallDisk) -> None:
    store = SqliteStore(small_disk.folder / "i.db")
    kept: list[str] = []

    async def fill() -> None:
        for number in range(100):
            await store.create(new_interview(session_id=f"s{number}"))
            kept.append(f"s{number}")

    with pytest.raises(StoreUnavailable) as refused:
        await fill()
    assert isinstance(refused.value.__cause__, sqlite3.Error)
    assert len(kept) >= 3
    # Stored records can still be read.
    assert await store.get("s0") == new_interview(session_id="s0")
    small_disk.enlarge()
    await store.create(new_interview(session_id="more"))
    for session_id in (*kept, "more"):
        assert await store.get(session_id) == new_interview(session_id=session_id)
    await store.close()


async def test_a_read_only_folder_is_an_error(open_folder: Path) -> None:
    store = SqliteStore(open_folder / "data" / "i.db")
    with read_only(open_folder):
        for _ in range(2):
            with pytest.raises(StoreUnavailable) as refused:
                await store.create(new_interview())
            assert isinstance(refused.value.__cause__, PermissionError)
    await store.create(new_interview())
    await store.close()


async def test_a_read_only_file_can_be_read(open_folder: Path) -> None:
    writer = SqliteStore(open_folder / "i.db")
    await writer.create(new_interview())
    for name in os.listdir(open_folder):  # noqa: PTH208
        (open_folder / name).chmod(0o444)
    reader = SqliteStore(open_folder / "i.db")
    with read_only(open_folder):
        assert await reader.get(ID) == new_interview()
        with pytest.raises(StoreUnavailable):
            await reader.claim(ID, NOW)
    for name in os.listdir(open_folder):  # noqa: PTH208
        (open_folder / name).chmod(0o644)
    # SQLite had opened the file read-only, and the store has opened it again.
    assert (await reader.claim(ID, NOW)).live.epoch == 1
    await reader.close()
    await writer.close()


async def test_a_file_that_is_not_a_database_is_an_error(store: SqliteStore, tmp_path: Path) -> None:
    (tmp_path / "i.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreUnavailable):
        await store.get(ID)
    (tmp_path / "i.db").unlink()
    with pytest.raises(NotFound):
        await store.get(ID)


async def test_many_stores_can_open_and_close_at_once(tmp_path: Path) -> None:
    stores = [SqliteStore(tmp_path / "i.db") for _ in range(8)]
    await asyncio.gather(*(store.create(new_interview(session_id=f"s{n}")) for n, store in enumerate(stores)))
    await asyncio.gather(*(store.close() for store in stores), *(store.get("s0") for store in stores))
    await asyncio.gather(*(store.close() for store in stores))
    # Of several that close at once, none may be the last that removes the log. The next one to close does it.
    assert len(await stores[0].idle(datetime.now(UTC))) == 0
    await stores[0].close()
    assert os.listdir(tmp_path) == ["i.db"]  # noqa: PTH208


@pytest.mark.slow
async def test_a_deleted_store_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    store = SqliteStore(tmp_path / "i.db")
    await store.create(new_interview())
    await store.close()
    (thread,) = set(threading.enumerate()) - before
    del store
    gc.collect()
    thread.join(timeout=60)
    assert not thread.is_alive()


async def test_a_closed_store_can_be_used_again(store: SqliteStore) -> None:
    await store.create(new_interview())
    await store.close()
    with pytest.raises(Conflict):
        await store.create(new_interview())
