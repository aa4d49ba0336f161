"""Reads all interviews of an environment, for an operator: `python -m ops.records failures|export`.

    failures    interviews that failed or were abandoned lately, by cause, with their ids (`make failures`)
    export      one or all records with their turns, as JSON lines (`make export`), without secrets

It reads the database itself, because no service may list interviews, so that none has code for it.
"""

import argparse
import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from google.api_core.exceptions import GoogleAPIError
from google.cloud.firestore import AsyncClient
from msgspec import json

from interview.errors import InterviewError, NotFound
from interview.record import Interview
from interview.store import Store, document, open_store
from ops import failure
from ops.failure import CommandFailed
from ops.switch import find

DAYS: Final = 7
"""Days that `failures` looks back."""
UNWANTED: Final = ("abandoned", "failed")
"""How an interview must not end."""
SECRETS: Final = ("token_sha256", "prompt")
"""Fields of a record that an export leaves out, besides handles and hashes within `live` and `avatar`."""
PAGE: Final = 200
"""Interviews that are read at a time."""
SECONDS: Final = 60.0
"""Seconds for one page."""


async def interviews(address: str) -> AsyncIterator[Interview]:
    """All interviews in this store that have not expired, by id. Raises CommandFailed."""
    now = datetime.now(UTC)
    if address.startswith("firestore://"):
        pages = _of_firestore(address.removeprefix("firestore://"))
    else:
        pages = _of_sqlite(address.removeprefix("sqlite:///"))
    async for session_id, fields in pages:
        found = document.to_interview(session_id, fields)
        if found.expires_at > now:
            yield found


async def _of_sqlite(path: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            rows = connection.execute("SELECT session_id, document FROM interviews ORDER BY session_id").fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise CommandFailed(f"{path} can't be read ({error})") from None
    for session_id, text in rows:
        yield session_id, json.decode(text)


async def _of_firestore(place: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    project, _, database = place.partition("/")
    client = AsyncClient(project=project, database=database)
    try:
        after = None
        while True:
            query = client.collection("interviews").order_by("__name__").limit(PAGE)
            page = await (query.start_after(after) if after else query).get(timeout=SECONDS)
            for snapshot in page:
                yield snapshot.id, snapshot.to_dict() or {}
            if len(page) < PAGE:
                return
            after = page[-1]
    except GoogleAPIError as error:
        told = getattr(error, "message", "") or type(error).__name__
        raise CommandFailed(f"{place}: {told} Logged in? gcloud auth application-default login") from None
    finally:
        client.close()  # type: ignore[no-untyped-call]


def cause(interview: Interview) -> str | None:
    """Why an interview went wrong; None if it did not."""
    if interview.status in UNWANTED:
        reason = interview.ended_reason
        return interview.status if reason in (None, interview.status) else f"{interview.status}: {reason}"
    if interview.status == "ended" and interview.writing and interview.writing.code:
        return f"not assessed: {interview.writing.code}"
    return None


async def failures(address: str, days: int, now: datetime) -> list[str]:
    """Lines for the terminal: each cause with its number of interviews, the newest first, and their ids."""
    found: dict[str, list[Interview]] = {}
    seen = 0
    async for interview in interviews(address):
        if (interview.ended_at or interview.created_at) < now - timedelta(days=days):
            continue
        seen += 1
        if why := cause(interview):
            found.setdefault(why, []).append(interview)
    wrong = sum(map(len, found.values()))
    lines = [f"{wrong} of {seen} interviews in {days} days went wrong"]
    for why, some in sorted(found.items(), key=lambda one: (-len(one[1]), one[0])):
        newest = sorted(some, key=lambda one: one.created_at, reverse=True)
        lines.append(f"{len(some):>5}  {why}")
        lines.extend(f"       {one.created_at:%Y-%m-%d %H:%M}  {one.session_id}" for one in newest)
    return lines


async def export(address: str, wanted: Sequence[str]) -> AsyncIterator[bytes]:
    """A line of JSON for each wanted interview, or for all: the record without secrets, and its turns."""
    store = open_store(address)
    try:
        if wanted:
            for session_id in wanted:
                yield await _line(store, await store.get(session_id))
        else:
            async for interview in interviews(address):
                yield await _line(store, interview)
    except NotFound:
        raise CommandFailed("there is no such interview; it may have expired") from None
    except InterviewError as error:
        raise CommandFailed(f"{address}: {error.detail}") from None
    finally:
        await store.close()


async def _line(store: Store, interview: Interview) -> bytes:
    record = document.from_interview(interview)
    for name in SECRETS:
        record.pop(name, None)
    for part in ("live", "avatar"):
        if isinstance(record.get(part), dict):
            record[part] = {name: value for name, value in record[part].items() if not _secret(name)}
    turns = [
        {"number": turn.number, **document.from_turn(turn, interview.expires_at)}
        for turn in await store.turns(interview.session_id)
    ]
    return json.encode({"session_id": interview.session_id, **record, "turns": turns})


def _secret(name: str) -> bool:
    return name.endswith(("_sha256", "_handle", "_token"))


async def _export(address: str, wanted: Sequence[str]) -> None:
    async for line in export(address, wanted):
        sys.stdout.buffer.write(line + b"\n")


def main() -> None:
    """`python -m ops.records failures|export`."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.records", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("failures", "export"))
    parser.add_argument("session", nargs="*", help="for an export: ids of interviews; default: all")
    parser.add_argument("--days", type=int, default=DAYS, help="for failures: days to look back")
    parser.add_argument("--environment", help="default: `make dev` if it runs, else production, else this machine")
    options = parser.parse_args()
    with failure.reported(options.what):
        address = find(options.environment)
        if options.what == "failures":
            print("\n".join(asyncio.run(failures(address, options.days, datetime.now(UTC)))))
        else:
            asyncio.run(_export(address, options.session))


if __name__ == "__main__":
    main()
