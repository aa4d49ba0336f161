"""What the SQLite file keeps besides interviews: the ledgers, the operator's switch and the starts of each client."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

from interview.admission import window
from interview.store import document, ledger
from interview.store.places import Places
from interview.store.sqlite_connection import SqliteConnection
from interview.system import Admissions, Ledger, Switch


class SqliteSystem(SqliteConnection, Places):
    """The methods of a Store that concern no single interview."""

    async def change_ledger(self, decide: Callable[[Ledger], Ledger]) -> Ledger:
        def work(connection: sqlite3.Connection) -> Ledger:
            fields = _read_system(connection, "avatar")
            present = document.to_ledger(fields) if fields else ledger.new()
            changed = ledger.change(present, decide)
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

    async def _change_admissions(self, decide: Callable[[Admissions], Admissions]) -> Admissions:
        """Replace the ledger of interviews with the result of `decide`, in one transaction."""

        def work(connection: sqlite3.Connection) -> Admissions:
            present = document.to_admissions(_read_system(connection, "admission") or {})
            changed = decide(present)
            if changed is not present:
                _write_system(connection, "admission", document.from_admissions(changed))
            return changed

        return await self._write(work)


def _read_system(connection: sqlite3.Connection, name: str) -> dict[str, Any] | None:
    row = connection.execute("SELECT document FROM system WHERE name = ?", (name,)).fetchone()
    fields: dict[str, Any] | None = json.loads(row[0]) if row else None
    return fields


def _write_system(connection: sqlite3.Connection, name: str, fields: dict[str, Any]) -> None:
    text = document.to_json(fields)
    connection.execute("INSERT OR REPLACE INTO system (name, document) VALUES (?, ?)", (name, text))
