"""Interviews in a SQLite file, on one machine. Several processes may open the same file."""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime

from interview.errors import Conflict, NotFound, StoreUnavailable
from interview.record import Avatar, Cv, EndedReason, Interview, Standing, Turn
from interview.store import document, results, transition
from interview.store.sqlite_system import SqliteSystem
from interview.store.writings import Writings
from interview.usage import TextUsage, Usage

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
    AND json_extract(document, '$.writing.due_at') > ? AND json_extract(document, '$.writing.due_at') < ?
    AND expires_at > ?
ORDER BY json_extract(document, '$.writing.due_at') LIMIT ?
"""
_AFTER_ALL = "~"
"""After every time, as text."""
_STANDINGS = """
SELECT session_id, json_extract(document, '$.status'), json_extract(document, '$.live.epoch'),
    json_extract(document, '$.ended_reason')
FROM interviews WHERE session_id IN (SELECT value FROM json_each(?))
"""
_TURNS = """
SELECT number, turns.document FROM turns JOIN interviews USING (session_id)
WHERE session_id = ? AND expires_at > ? ORDER BY number
"""


class SqliteStore(SqliteSystem, Writings):
    """A Store in one file. The first call creates the folder, the file and the schema.

    The store has one connection in one thread: the calls of this process run in order, and a write waits up to
    `lock_seconds` for a write of another process. After a failure the connection is opened again.
    """

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
            now, beyond = document.iso(datetime.now(UTC)), document.iso(before + results.FARTHEST)
            ranges = (("", document.iso(before)), (beyond, _AFTER_ALL))
            rows = [row for times in ranges for row in connection.execute(UNWRITTEN, (*times, now, limit))]
            return [document.to_interview(session_id, json.loads(text)) for session_id, text in rows[:limit]]

        return await self._call(work)

    async def correct(self, session_id: str, corrections: Mapping[int, str], at: datetime) -> Interview:
        def work(connection: sqlite3.Connection) -> Interview:
            changed = results.correct(_read(connection, session_id), at)
            for turn in results.correct_turns(_read_turns(connection, session_id), corrections):
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

    async def _change(self, session_id: str, decide: Callable[[Interview], Interview]) -> Interview:
        """Apply a transition to an interview and store the result, in one transaction."""

        def work(connection: sqlite3.Connection) -> Interview:
            interview = _read(connection, session_id)
            changed = decide(interview)
            if changed is not interview:
                _replace(connection, changed)
            return changed

        return await self._write(work)


def _read_turns(connection: sqlite3.Connection, session_id: str) -> list[Turn]:
    rows = connection.execute(_TURNS, (session_id, document.iso(datetime.now(UTC))))
    return [document.to_turn(number, json.loads(text)) for number, text in rows]


def _replace(connection: sqlite3.Connection, interview: Interview) -> None:
    text = document.to_json(document.from_interview(interview))
    connection.execute("UPDATE interviews SET document = ? WHERE session_id = ?", (text, interview.session_id))


def _read(connection: sqlite3.Connection, session_id: str) -> Interview:
    """The interview, if it exists and has not expired. Raises NotFound."""
    row = connection.execute(
        "SELECT document FROM interviews WHERE session_id = ? AND expires_at > ?",
        (document.checked_id(session_id), document.iso(datetime.now(UTC))),
    ).fetchone()
    if row is None:
        raise NotFound
    return document.to_interview(session_id, json.loads(row[0]))
