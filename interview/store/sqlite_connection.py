"""The connection to the SQLite file: its schema, its one thread, bounded calls and transactions."""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from tenacity import retry_if_exception

from interview import private
from interview.errors import StoreUnavailable
from interview.retry import Backoff, Policy

T = TypeVar("T")

LOCK_SECONDS = 5.0
"""How long a write waits for another process's write lock."""
CALL_SECONDS = 10.0
"""The timeout of one call, including its time in the queue."""
_MAX_OPENINGS = 1000
_OPENING_BACKOFF = Backoff(first=0.01, longest=0.02)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS interviews (
    session_id TEXT PRIMARY KEY,
    expires_at TEXT NOT NULL,
    document   TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS interviews_by_expiry ON interviews (expires_at);
CREATE INDEX IF NOT EXISTS live_interviews_by_sight ON interviews (json_extract(document, '$.live.seen_at'))
    WHERE json_extract(document, '$.status') = 'live';
CREATE INDEX IF NOT EXISTS interviews_with_avatar ON interviews (json_extract(document, '$.avatar.created_at'))
    WHERE json_extract(document, '$.avatar.status') IN ('creating', 'active');
CREATE INDEX IF NOT EXISTS interviews_without_summary ON interviews (json_extract(document, '$.writing.due_at'))
    WHERE json_extract(document, '$.status') IN ('ended', 'abandoned', 'failed');
CREATE TABLE IF NOT EXISTS turns (
    session_id TEXT NOT NULL REFERENCES interviews ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (session_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS system (
    name     TEXT PRIMARY KEY,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS clients (
    pseudonym  TEXT PRIMARY KEY,
    expires_at TEXT NOT NULL,
    document   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


class SqliteConnection:
    """One file, with one connection in one thread. After a failure the connection is opened again."""

    def __init__(
        self, path: str | Path, *, lock_seconds: float = LOCK_SECONDS, call_seconds: float = CALL_SECONDS
    ) -> None:
        self._path = Path(path)
        self._lock_seconds = lock_seconds
        self._call_seconds = call_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._connection: sqlite3.Connection | None = None

    async def close(self) -> None:
        """Close the file after the calls in the queue. The thread ends with the store object."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run this work in a transaction that holds the write lock from the start."""

        def transaction(connection: sqlite3.Connection) -> T:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                return work(connection)

        return await self._call(transaction)

    async def _call(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run this work in the store's thread. Raises StoreUnavailable with the cause."""
        try:
            async with asyncio.timeout(self._call_seconds):
                return await asyncio.get_running_loop().run_in_executor(self._thread, self._with_connection, work)
        except (sqlite3.Error, OSError) as error:  # TimeoutError is an OSError
            raise StoreUnavailable("The interviews can't be read or written right now.") from error

    def _with_connection(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            if self._connection is None:
                self._connection = _connect(self._path, self._lock_seconds)
            return work(self._connection)
        except sqlite3.Error:
            # The next call opens a new connection.
            self._disconnect()
            raise

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def _connect(path: Path, lock_seconds: float) -> sqlite3.Connection:
    private.make_folder(path.parent)
    # SQLite gives its two other files the mode of the first.
    with contextlib.suppress(FileExistsError):
        os.close(private.create(path))
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        private.tighten(path.with_name(name))
    connection = sqlite3.connect(path, timeout=lock_seconds, isolation_level=None)
    try:
        # With the write-ahead log, readers and the writer don't block each other. Deleted data is overwritten with
        # zeros.
        _write_ahead(connection, lock_seconds)
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection, lock_seconds: float) -> None:
    """Set the file's journal mode, which the file then keeps. When several processes open a new file at once, SQLite
    reports here that it is locked without waiting, as it does for every other statement.
    """
    policy = Policy(_MAX_OPENINGS, lock_seconds, _OPENING_BACKOFF)
    policy.run_blocking(lambda: connection.execute("PRAGMA journal_mode = WAL"), retry=retry_if_exception(_is_busy))


def _is_busy(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY
