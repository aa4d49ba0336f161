"""Interviews in a SQLite file, on one machine. Several processes may open the same file."""

import asyncio
import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from tenacity import retry_if_exception

from interview import private
from interview.admission import window
from interview.errors import Conflict, NotFound, StoreUnavailable
from interview.record import (
    Admissions,
    Avatar,
    Cv,
    EndedReason,
    Interview,
    Ledger,
    Standing,
    Switch,
    TextUsage,
    Turn,
    Usage,
)
from interview.retry import Backoff, Policy
from interview.store import document, transition
from interview.store.places import Places
from interview.store.writings import Writings

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
# The same expressions as in the indexes; SQLite would scan all interviews with others.
IDLE = """
SELECT session_id, document FROM interviews
WHERE json_extract(document, '$.status') = 'live' AND json_extract(document, '$.live.seen_at') < ? AND expires_at > ?
ORDER BY json_extract(document, '$.live.seen_at') LIMIT ?
"""
WITH_AVATAR = """
SELECT session_id, document FROM interviews
WHERE json_extract(document, '$.avatar.status') IN ('creating', 'active') AND expires_at > ?
ORDER BY json_extract(document, '$.avatar.created_at') LIMIT ?
"""
UNWRITTEN = """
SELECT session_id, document FROM interviews
WHERE json_extract(document, '$.status') IN ('ended', 'abandoned', 'failed')
    AND json_extract(document, '$.writing.due_at') < ? AND expires_at > ?
ORDER BY json_extract(document, '$.writing.due_at') LIMIT ?
"""
_STANDINGS = """
SELECT session_id, json_extract(document, '$.status'), json_extract(document, '$.live.epoch'),
    json_extract(document, '$.ended_reason')
FROM interviews WHERE session_id IN (SELECT value FROM json_each(?))
"""
_TURNS = """
SELECT number, turns.document FROM turns JOIN interviews USING (session_id)
WHERE session_id = ? AND expires_at > ? ORDER BY number
"""


class SqliteStore(Places, Writings):
    """A Store in one file. The first call creates the folder, the file and the schema.

    The store has one connection in one thread: the calls of this process run in order, and a write waits up to
    `lock_seconds` for a write of another process. After a failure the connection is opened again.
    """

    def __init__(
        self, path: str | Path, *, lock_seconds: float = LOCK_SECONDS, call_seconds: float = CALL_SECONDS
    ) -> None:
        self._path = Path(path)
        self._lock_seconds = lock_seconds
        self._call_seconds = call_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._connection: sqlite3.Connection | None = None

    async def create(self, interview: Interview) -> None:
        def work(connection: sqlite3.Connection) -> None:
            # Firestore has a TTL policy; here each new interview deletes the expired ones.
            connection.execute("DELETE FROM interviews WHERE expires_at <= ?", (document.iso(datetime.now(UTC)),))
            inserted = connection.execute(
                "INSERT INTO interviews (session_id, expires_at, document) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (
                    interview.session_id,
                    document.iso(interview.expires_at),
                    document.to_json(document.from_interview(interview)),
                ),
            )
            if not inserted.rowcount:
                raise Conflict("An interview with this id exists already.")

        await self._write(work)

    async def get(self, session_id: str) -> Interview:
        return await self._call(lambda connection: _read(connection, session_id))

    async def attach_cv(self, session_id: str, cv: Cv, prompt: str) -> Interview:
        return await self._change(session_id, lambda interview: transition.attach_cv(interview, cv, prompt))

    async def count_cv(self, session_id: str, most: int) -> None:
        await self._change(session_id, lambda interview: transition.count_cv(interview, most))

    async def claim(self, session_id: str, now: datetime) -> Interview:
        return await self._change(session_id, lambda interview: transition.claim(interview, now))

    async def touch(
        self,
        session_id: str,
        epoch: int,
        now: datetime,
        usage: Usage | None = None,
        thinking_seconds: float | None = None,
    ) -> Interview:
        return await self._change(
            session_id, lambda interview: transition.touch(interview, epoch, now, usage, thinking_seconds)
        )

    async def count_text(self, session_id: str, used: TextUsage) -> Interview:
        return await self._change(session_id, lambda interview: transition.count_text(interview, used))

    async def save_turn(self, session_id: str, epoch: int, turn: Turn) -> Interview:
        def work(connection: sqlite3.Connection) -> Interview:
            interview = _read(connection, session_id)
            transition.allow_turn(interview, epoch)
            connection.execute(
                "INSERT OR REPLACE INTO turns (session_id, number, document) VALUES (?, ?, ?)",
                (session_id, turn.number, document.to_json(document.from_turn(turn, interview.expires_at))),
            )
            return interview

        return await self._write(work)

    async def save_handle(self, session_id: str, epoch: int, handle: str | None) -> None:
        await self._change(session_id, lambda interview: transition.keep_handle(interview, epoch, handle))

    async def release(self, session_id: str, epoch: int, handle: str | None = None) -> None:
        await self._change(session_id, lambda interview: transition.release(interview, epoch, handle))

    async def standings(self, session_ids: Collection[str]) -> dict[str, Standing]:
        def work(connection: sqlite3.Connection) -> dict[str, Standing]:
            rows = connection.execute(_STANDINGS, (json.dumps(list(session_ids)),))
            return {session_id: Standing(status, epoch, reason) for session_id, status, epoch, reason in rows}

        return await self._call(work)

    async def turns(self, session_id: str) -> list[Turn]:
        def work(connection: sqlite3.Connection) -> list[Turn]:
            return _read_turns(connection, document.checked_id(session_id))

        return await self._call(work)

    async def end(self, session_id: str, reason: EndedReason, now: datetime, epoch: int | None = None) -> Interview:
        return await self._change(session_id, lambda interview: transition.end(interview, reason, now, epoch))

    async def idle(self, before: datetime, limit: int = 100) -> list[Interview]:
        def work(connection: sqlite3.Connection) -> list[Interview]:
            rows = connection.execute(IDLE, (document.iso(before), document.iso(datetime.now(UTC)), limit))
            return [document.to_interview(session_id, json.loads(text)) for session_id, text in rows]

        return await self._call(work)

    async def abandon(self, session_id: str, before: datetime) -> Interview:
        return await self._change(session_id, lambda interview: transition.abandon(interview, before))

    async def unwritten(self, before: datetime, limit: int = 100) -> list[Interview]:
        def work(connection: sqlite3.Connection) -> list[Interview]:
            rows = connection.execute(UNWRITTEN, (document.iso(before), document.iso(datetime.now(UTC)), limit))
            return [document.to_interview(session_id, json.loads(text)) for session_id, text in rows]

        return await self._call(work)

    async def correct(self, session_id: str, corrections: Mapping[int, str], at: datetime) -> Interview:
        def work(connection: sqlite3.Connection) -> Interview:
            changed = transition.correct(_read(connection, session_id), at)
            for turn in transition.correct_turns(_read_turns(connection, session_id), corrections):
                connection.execute(
                    "UPDATE turns SET document = ? WHERE session_id = ? AND number = ?",
                    (document.to_json(document.from_turn(turn, changed.expires_at)), session_id, turn.number),
                )
            _replace(connection, changed)
            return changed

        return await self._write(work)

    async def change_avatar(
        self, session_id: str, decide: Callable[[Interview], Avatar | None], epoch: int | None = None
    ) -> Interview:
        return await self._change(session_id, lambda interview: transition.change_avatar(interview, decide, epoch))

    async def with_avatar(self, limit: int = 100) -> list[Interview]:
        def work(connection: sqlite3.Connection) -> list[Interview]:
            rows = connection.execute(WITH_AVATAR, (document.iso(datetime.now(UTC)), limit))
            return [document.to_interview(session_id, json.loads(text)) for session_id, text in rows]

        return await self._call(work)

    async def change_ledger(self, decide: Callable[[Ledger], Ledger]) -> Ledger:
        def work(connection: sqlite3.Connection) -> Ledger:
            fields = _read_system(connection, "avatar")
            present = document.to_ledger(fields) if fields else transition.new_ledger()
            changed = transition.change_ledger(present, decide)
            if fields is None or changed is not present:
                _write_system(connection, "avatar", document.from_ledger(changed))
            return changed

        return await self._write(work)

    async def count_start(self, client: str, at: datetime, *, hourly: int) -> str:
        def work(connection: sqlite3.Connection) -> str:
            fields = _read_system(connection, "salt")
            present = document.to_salt(fields) if fields else None
            salt = window.salt_of(present, at)
            if salt is not present:
                _write_system(connection, "salt", document.from_salt(salt))
            name = window.pseudonym(client, salt)
            connection.execute("DELETE FROM clients WHERE expires_at <= ?", (document.iso(at),))
            row = connection.execute("SELECT document FROM clients WHERE pseudonym = ?", (name,)).fetchone()
            starts = window.count(document.to_starts(json.loads(row[0])) if row else (), at, hourly=hourly)
            expires_at = at + window.WINDOW
            connection.execute(
                "INSERT OR REPLACE INTO clients (pseudonym, expires_at, document) VALUES (?, ?, ?)",
                (name, document.iso(expires_at), document.to_json(document.from_starts(starts, expires_at))),
            )
            return name

        return await self._write(work)

    async def switch(self) -> Switch:
        fields = await self._call(lambda connection: _read_system(connection, "switch"))
        return document.to_switch(fields) if fields else Switch()

    async def set_switch(self, switch: Switch) -> None:
        await self._write(lambda connection: _write_system(connection, "switch", document.from_switch(switch)))

    async def seal(self, session_id: str, now: datetime) -> Interview:
        return await self._change(session_id, lambda interview: transition.seal(interview, now))

    async def delete(self, session_id: str) -> int:
        def work(connection: sqlite3.Connection) -> int:
            _read(connection, session_id)
            turns = connection.execute("DELETE FROM turns WHERE session_id = ?", (session_id,)).rowcount
            connection.execute("DELETE FROM interviews WHERE session_id = ?", (session_id,))
            return turns

        deleted = await self._write(work)
        # Deleted data must not stay in the write-ahead log. If it can't be truncated now, a later checkpoint does it.
        with contextlib.suppress(StoreUnavailable):
            await self._call(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        return deleted

    async def close(self) -> None:
        """Close the file after the calls in the queue. The thread ends with the store object."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)

    async def _change(self, session_id: str, decide: Callable[[Interview], Interview]) -> Interview:
        """Apply a transition to an interview and store the result, in one transaction."""

        def work(connection: sqlite3.Connection) -> Interview:
            interview = _read(connection, session_id)
            changed = decide(interview)
            if changed is not interview:
                _replace(connection, changed)
            return changed

        return await self._write(work)

    async def _change_admissions(self, decide: Callable[[Admissions], Admissions]) -> Admissions:
        """Replace the ledger of interviews with the result of `decide`, in one transaction."""

        def work(connection: sqlite3.Connection) -> Admissions:
            present = document.to_admissions(_read_system(connection, "admission") or {})
            changed = decide(present)
            if changed is not present:
                _write_system(connection, "admission", document.from_admissions(changed))
            return changed

        return await self._write(work)

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


def _read_turns(connection: sqlite3.Connection, session_id: str) -> list[Turn]:
    rows = connection.execute(_TURNS, (session_id, document.iso(datetime.now(UTC))))
    return [document.to_turn(number, json.loads(text)) for number, text in rows]


def _replace(connection: sqlite3.Connection, interview: Interview) -> None:
    text = document.to_json(document.from_interview(interview))
    connection.execute("UPDATE interviews SET document = ? WHERE session_id = ?", (text, interview.session_id))


def _read_system(connection: sqlite3.Connection, name: str) -> dict[str, Any] | None:
    row = connection.execute("SELECT document FROM system WHERE name = ?", (name,)).fetchone()
    fields: dict[str, Any] | None = json.loads(row[0]) if row else None
    return fields


def _write_system(connection: sqlite3.Connection, name: str, fields: dict[str, Any]) -> None:
    text = document.to_json(fields)
    connection.execute("INSERT OR REPLACE INTO system (name, document) VALUES (?, ?)", (name, text))


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


def _read(connection: sqlite3.Connection, session_id: str) -> Interview:
    """The interview, if it exists and has not expired. Raises NotFound."""
    row = connection.execute(
        "SELECT document FROM interviews WHERE session_id = ? AND expires_at > ?",
        (document.checked_id(session_id), document.iso(datetime.now(UTC))),
    ).fetchone()
    if row is None:
        raise NotFound
    return document.to_interview(session_id, json.loads(row[0]))
