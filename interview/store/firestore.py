"""Interviews in Firestore. Google's client honours `FIRESTORE_EMULATOR_HOST`.

Every write has a precondition on the update time of the document that was read. A write that loses a race is refused,
and starts again with a new read. The result is that of a transaction, in two round trips and without a lock that a dead
process could hold.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from google.api_core.exceptions import AlreadyExists
from google.cloud.firestore import AsyncClient, AsyncDocumentReference, AsyncQuery, DocumentSnapshot
from google.cloud.firestore_v1.base_query import FieldFilter

from interview.errors import Conflict, NotFound
from interview.record import Avatar, Cv, EndedReason, Interview, Standing, Turn
from interview.store import document, results, transition
from interview.store.firestore_connection import update
from interview.store.firestore_system import FirestoreSystem
from interview.store.writings import Writings
from interview.usage import TextUsage, Usage

_BATCH = 400
_STANDING = ("status", "live.epoch", "ended_reason")


class FirestoreStore(FirestoreSystem, Writings):
    """A Store in one Firestore database. The first call connects; each event loop has its own connection."""

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
            update(client, batch, snapshot, {"live.epoch": interview.live.epoch})
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
                .order_by("writing.due_at")
                .limit(limit)
            )
            beyond = before + results.FARTHEST
            return [
                *await self._found(query.where(filter=FieldFilter("writing.due_at", "<", before))),
                *await self._found(query.where(filter=FieldFilter("writing.due_at", ">", beyond))),
            ][:limit]

        return await self._call(work)

    async def correct(self, session_id: str, corrections: Mapping[int, str], at: datetime) -> Interview:
        async def work(client: AsyncClient) -> Interview:
            reference = _reference(client, session_id)
            snapshot = await self._snapshot(reference)
            interview = _interview(snapshot)
            if interview.corrected_at == at:  # after an attempt whose answer was lost
                return interview
            changed = results.correct(interview, at)
            turns = results.correct_turns(await self._turns(reference), corrections)
            batch = client.batch()
            update(client, batch, snapshot, _difference(interview, changed))
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

    async def _change(self, session_id: str, decide: Callable[[Interview], Interview]) -> Interview:
        """Apply a transition to an interview and store the result, unless another write changed it meanwhile."""

        async def work(client: AsyncClient) -> Interview:
            snapshot = await self._snapshot(_reference(client, session_id))
            interview = _interview(snapshot)
            changed = decide(interview)
            if difference := _difference(interview, changed):
                batch = client.batch()
                update(client, batch, snapshot, difference)
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
