"""Interviews in Firestore. Google's client honours `FIRESTORE_EMULATOR_HOST`.

Every write has a precondition on the update time of the document that was read. A write that loses a race is refused,
and starts again with a new read. The result is that of a transaction, in two round trips and without a lock that a dead
process could hold.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from google.api_core.exceptions import (
    Aborted,
    AlreadyExists,
    DeadlineExceeded,
    FailedPrecondition,
    GoogleAPIError,
    InternalServerError,
    ServiceUnavailable,
)
from google.api_core.exceptions import NotFound as NoDocument
from google.auth.exceptions import GoogleAuthError
from google.cloud.firestore import AsyncClient, AsyncDocumentReference, AsyncQuery, AsyncWriteBatch, DocumentSnapshot
from google.cloud.firestore_v1.base_query import FieldFilter
from tenacity import retry_if_exception_type

from interview.admission import window
from interview.errors import Conflict, NotFound, StoreUnavailable
from interview.record import (
    Admissions,
    Avatar,
    Cv,
    EndedReason,
    Interview,
    Ledger,
    Salt,
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

ATTEMPT_SECONDS = 5.0
"""The timeout of one request to Firestore."""
RETRY = Policy(attempts=3, seconds=10.0, backoff=Backoff(first=0.2, longest=0.8))
"""After a transient failure. The seconds are those of the whole call."""
# One of several concurrent writers succeeds in each round, so losing a race is not a failure.
_RACES = Policy(attempts=40, seconds=RETRY.seconds, backoff=Backoff(first=0.1, longest=0.1))
_BATCH = 400
_STANDING = ("status", "live.epoch", "ended_reason")

_ON_FAILURE = retry_if_exception_type((DeadlineExceeded, InternalServerError, ServiceUnavailable))


class _RacedError(Exception):
    """The document was changed, created or deleted between our read and our write."""


_ON_RACE = retry_if_exception_type(_RacedError)


class FirestoreStore(Places, Writings):
    """A Store in one Firestore database. The first call connects; each event loop has its own connection."""

    def __init__(
        self,
        project: str,
        database: str = "(default)",
        *,
        attempt_seconds: float = ATTEMPT_SECONDS,
        retry: Policy = RETRY,
    ) -> None:
        self._project = project
        self._database = database
        self._attempt_seconds = attempt_seconds
        self._retry = retry
        self._connected: tuple[asyncio.AbstractEventLoop, AsyncClient] | None = None
        self._salt: Salt | None = None

    async def create(self, interview: Interview) -> None:
        attempts = 0

        async def work(client: AsyncClient) -> None:
            nonlocal attempts
            attempts += 1
            reference = _reference(client, interview.session_id)
            try:
                await reference.create(document.from_interview(interview), retry=None, timeout=self._attempt_seconds)
            except AlreadyExists:
                # After an attempt whose answer was lost, it may be our own.
                if attempts == 1 or _interview(await self._snapshot(reference)) != interview:
                    raise Conflict("An interview with this id exists already.") from None

        await self._call(work)

    async def get(self, session_id: str) -> Interview:
        async def work(client: AsyncClient) -> Interview:
            return _interview(await self._snapshot(_reference(client, session_id)))

        return await self._call(work)

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
        async def work(client: AsyncClient) -> Interview:
            reference = _reference(client, session_id)
            snapshot = await self._snapshot(reference)
            interview = _interview(snapshot)
            transition.allow_turn(interview, epoch)
            batch = client.batch()
            # Writing the same epoch changes nothing, but adds the precondition on the interview to the batch.
            _update(client, batch, snapshot, {"live.epoch": interview.live.epoch})
            batch.set(
                reference.collection("turns").document(document.turn_name(turn.number)),
                document.from_turn(turn, interview.expires_at),
            )
            await self._commit(batch)
            return interview

        return await self._call(work)

    async def save_handle(self, session_id: str, epoch: int, handle: str | None) -> None:
        await self._change(session_id, lambda interview: transition.keep_handle(interview, epoch, handle))

    async def release(self, session_id: str, epoch: int, handle: str | None = None) -> None:
        await self._change(session_id, lambda interview: transition.release(interview, epoch, handle))

    async def standings(self, session_ids: Collection[str]) -> dict[str, Standing]:
        async def work(client: AsyncClient) -> dict[str, Standing]:
            references = [_reference(client, session_id) for session_id in session_ids]
            found: dict[str, Standing] = {}
            async for snapshot in client.get_all(references, _STANDING, retry=None, timeout=self._attempt_seconds):
                if (fields := snapshot.to_dict()) is not None:
                    found[snapshot.id] = document.to_standing(fields)
            return found

        return await self._call(work)

    async def turns(self, session_id: str) -> list[Turn]:
        async def work(client: AsyncClient) -> list[Turn]:
            return await self._turns(_reference(client, session_id))

        return await self._call(work)

    async def end(self, session_id: str, reason: EndedReason, now: datetime, epoch: int | None = None) -> Interview:
        return await self._change(session_id, lambda interview: transition.end(interview, reason, now, epoch))

    async def idle(self, before: datetime, limit: int = 100) -> list[Interview]:
        """Needs a composite index on collection `interviews`, query scope COLLECTION: `status` ascending, then
        `live.seen_at` ascending. The emulator does not need it.
        """

        async def work(client: AsyncClient) -> list[Interview]:
            query = (
                client.collection("interviews")
                .where(filter=FieldFilter("status", "==", "live"))
                .where(filter=FieldFilter("live.seen_at", "<", before))
                .order_by("live.seen_at")
                .limit(limit)
            )
            return await self._found(query)

        return await self._call(work)

    async def abandon(self, session_id: str, before: datetime) -> Interview:
        return await self._change(session_id, lambda interview: transition.abandon(interview, before))

    async def unwritten(self, before: datetime, limit: int = 100) -> list[Interview]:
        """Needs a composite index on collection `interviews`, query scope COLLECTION: `status` ascending, then
        `writing.due_at` ascending. The emulator does not need it.
        """

        async def work(client: AsyncClient) -> list[Interview]:
            query = (
                client.collection("interviews")
                .where(filter=FieldFilter("status", "in", ["ended", "abandoned", "failed"]))
                .where(filter=FieldFilter("writing.due_at", "<", before))
                .order_by("writing.due_at")
                .limit(limit)
            )
            return await self._found(query)

        return await self._call(work)

    async def correct(self, session_id: str, corrections: Mapping[int, str], at: datetime) -> Interview:
        async def work(client: AsyncClient) -> Interview:
            reference = _reference(client, session_id)
            snapshot = await self._snapshot(reference)
            interview = _interview(snapshot)
            if interview.corrected_at == at:  # after an attempt whose answer was lost
                return interview
            changed = transition.correct(interview, at)
            turns = transition.correct_turns(await self._turns(reference), corrections)
            batch = client.batch()
            _update(client, batch, snapshot, _difference(interview, changed))
            for turn in turns:
                fields = document.from_turn(turn, changed.expires_at)
                batch.set(reference.collection("turns").document(document.turn_name(turn.number)), fields)
            await self._commit(batch)
            return changed

        return await self._call(work)

    async def change_avatar(
        self, session_id: str, decide: Callable[[Interview], Avatar | None], epoch: int | None = None
    ) -> Interview:
        return await self._change(session_id, lambda interview: transition.change_avatar(interview, decide, epoch))

    async def with_avatar(self, limit: int = 100) -> list[Interview]:
        """Needs a composite index on collection `interviews`, query scope COLLECTION: `avatar.status` ascending, then
        `avatar.created_at` ascending. The emulator does not need it.
        """

        async def work(client: AsyncClient) -> list[Interview]:
            query = (
                client.collection("interviews")
                .where(filter=FieldFilter("avatar.status", "in", ["creating", "active"]))
                .order_by("avatar.created_at")
                .limit(limit)
            )
            return await self._found(query)

        return await self._call(work)

    async def change_ledger(self, decide: Callable[[Ledger], Ledger]) -> Ledger:
        async def work(client: AsyncClient) -> Ledger:
            snapshot = await self._snapshot(client.collection("system").document("avatar"))
            fields = snapshot.to_dict()
            present = transition.new_ledger() if fields is None else document.to_ledger(fields)
            changed = transition.change_ledger(present, decide)
            if fields is None or changed is not present:
                await self._replace(client, snapshot, document.from_ledger(changed))
            return changed

        return await self._call(work)

    async def count_start(self, client: str, at: datetime, *, hourly: int) -> str:
        """Needs a TTL policy on the collection `clients`."""

        async def work(firestore: AsyncClient) -> str:
            name = window.pseudonym(client, await self._salt_of(firestore, at))
            snapshot = await self._snapshot(firestore.collection("clients").document(name))
            starts = window.count(document.to_starts(snapshot.to_dict() or {}), at, hourly=hourly)
            await self._replace(firestore, snapshot, document.from_starts(starts, at + window.WINDOW))
            return name

        return await self._call(work)

    async def switch(self) -> Switch:
        async def work(client: AsyncClient) -> Switch:
            fields = (await self._snapshot(client.collection("system").document("switch"))).to_dict()
            return document.to_switch(fields) if fields else Switch()

        return await self._call(work)

    async def set_switch(self, switch: Switch) -> None:
        async def work(client: AsyncClient) -> None:
            reference = client.collection("system").document("switch")
            await reference.set(document.from_switch(switch), retry=None, timeout=self._attempt_seconds)

        await self._call(work)

    async def seal(self, session_id: str, now: datetime) -> Interview:
        return await self._change(session_id, lambda interview: transition.seal(interview, now))

    async def delete(self, session_id: str) -> int:
        """The interview is deleted last, so that a deletion that fails half-way can be repeated and leaves no turn."""
        await self.seal(session_id, datetime.now(UTC))
        deleted: set[str] = set()

        async def work(client: AsyncClient) -> None:
            reference = _reference(client, session_id)
            listed = reference.collection("turns").list_documents(retry=None, timeout=self._attempt_seconds)
            turns = [turn async for turn in listed]
            deleted.update(turn.id for turn in turns)
            for start in range(0, len(turns), _BATCH):
                batch = client.batch()
                for turn in turns[start : start + _BATCH]:
                    batch.delete(turn)
                await self._commit(batch)
            await reference.delete(retry=None, timeout=self._attempt_seconds)

        await self._call(work)
        return len(deleted)

    async def close(self) -> None:
        connected, self._connected = self._connected, None
        if connected is not None and connected[0] is asyncio.get_running_loop():
            # The client has no public method that closes its channel.
            await connected[1]._firestore_api.transport.close()  # noqa: SLF001

    async def _change(self, session_id: str, decide: Callable[[Interview], Interview]) -> Interview:
        """Apply a transition to an interview and store the result, unless another write changed it meanwhile."""

        async def work(client: AsyncClient) -> Interview:
            snapshot = await self._snapshot(_reference(client, session_id))
            interview = _interview(snapshot)
            changed = decide(interview)
            if difference := _difference(interview, changed):
                batch = client.batch()
                _update(client, batch, snapshot, difference)
                await self._commit(batch)
            return changed

        return await self._call(work)

    async def _turns(self, reference: AsyncDocumentReference) -> list[Turn]:
        snapshots = await reference.collection("turns").get(retry=None, timeout=self._attempt_seconds)
        found = [(int(snapshot.id), snapshot.to_dict() or {}) for snapshot in snapshots]
        now = datetime.now(UTC)
        kept = [document.to_turn(number, fields) for number, fields in found if fields["expires_at"] > now]
        return sorted(kept, key=lambda turn: turn.number)

    async def _found(self, query: AsyncQuery) -> list[Interview]:
        """The interviews of a query that have not expired."""
        found = await query.get(retry=None, timeout=self._attempt_seconds)
        interviews = [document.to_interview(snapshot.id, snapshot.to_dict() or {}) for snapshot in found]
        return [interview for interview in interviews if interview.expires_at > datetime.now(UTC)]

    async def _change_admissions(self, decide: Callable[[Admissions], Admissions]) -> Admissions:
        """Replace the ledger of interviews with the result of `decide`, unless another write changed it meanwhile."""

        async def work(client: AsyncClient) -> Admissions:
            snapshot = await self._snapshot(client.collection("system").document("admission"))
            present = document.to_admissions(snapshot.to_dict() or {})
            changed = decide(present)
            if changed is not present:
                await self._replace(client, snapshot, document.from_admissions(changed))
            return changed

        return await self._call(work)

    async def _salt_of(self, client: AsyncClient, at: datetime) -> Salt:
        """The salt of the day, which is read once a day."""
        salt = window.salt_of(self._salt, at)
        if salt is not self._salt:
            snapshot = await self._snapshot(client.collection("system").document("salt"))
            fields = snapshot.to_dict()
            present = document.to_salt(fields) if fields else None
            salt = window.salt_of(present, at)
            if salt is not present:
                await self._replace(client, snapshot, document.from_salt(salt))
            self._salt = salt
        return salt

    async def _replace(
        self, client: AsyncClient, snapshot: DocumentSnapshot[AsyncDocumentReference], fields: dict[str, Any]
    ) -> None:
        """Create or replace the fields of the snapshot's document, unless it was changed meanwhile."""
        batch = client.batch()
        if snapshot.exists:
            _update(client, batch, snapshot, fields)
        else:
            batch.create(snapshot.reference, fields)
        await self._commit(batch)

    async def _call(self, work: Callable[[AsyncClient], Awaitable[T]]) -> T:
        """Run this work; retry after transient failures and lost races. Raises StoreUnavailable with the cause."""

        async def attempt() -> T:
            client = await self._client()
            return await _RACES.run(lambda: work(client), retry=_ON_RACE)

        try:
            return await self._retry.run(attempt, retry=_ON_FAILURE)
        except (GoogleAPIError, GoogleAuthError, TimeoutError, _RacedError) as error:
            raise StoreUnavailable("The interviews can't be read or written right now.") from error

    async def _snapshot(self, reference: AsyncDocumentReference) -> DocumentSnapshot[AsyncDocumentReference]:
        return await reference.get(retry=None, timeout=self._attempt_seconds)

    async def _commit(self, batch: AsyncWriteBatch) -> None:
        try:
            await batch.commit(retry=None, timeout=self._attempt_seconds)
        except (Aborted, AlreadyExists, FailedPrecondition, NoDocument) as error:
            raise _RacedError from error

    async def _client(self) -> AsyncClient:
        """The client of this event loop; a grpc channel works in one loop only."""
        loop = asyncio.get_running_loop()
        if self._connected is None or self._connected[0] is not loop:
            # In a thread: looking up the credentials may call the metadata server.
            client = await asyncio.to_thread(AsyncClient, project=self._project, database=self._database)
            # Of two concurrent first calls, the first one's client is kept. The other has no connections yet.
            if self._connected is None or self._connected[0] is not loop:
                self._connected = (loop, client)
        return self._connected[1]


def _reference(client: AsyncClient, session_id: str) -> AsyncDocumentReference:
    return client.collection("interviews").document(document.checked_id(session_id))


def _interview(snapshot: DocumentSnapshot[AsyncDocumentReference]) -> Interview:
    """The interview, if it exists and has not expired: the TTL policy deletes up to a day late. Raises NotFound."""
    fields = snapshot.to_dict()
    if fields is not None:
        interview = document.to_interview(snapshot.id, fields)
        if interview.expires_at > datetime.now(UTC):
            return interview
    raise NotFound


def _difference(before: Interview, after: Interview) -> dict[str, Any]:
    """The fields of the document that differ."""
    old, new = document.from_interview(before), document.from_interview(after)
    return {name: value for name, value in new.items() if value != old[name]}


def _update(
    client: AsyncClient,
    batch: AsyncWriteBatch,
    snapshot: DocumentSnapshot[AsyncDocumentReference],
    fields: dict[str, Any],
) -> None:
    """Add an update of these fields to a batch, with the precondition that the document is that of the snapshot."""
    batch.update(snapshot.reference, fields, option=client.write_option(last_update_time=snapshot.update_time))
