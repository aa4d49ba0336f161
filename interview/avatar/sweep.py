"""Ends conversations that should have ended: those of a process that died, and those whose end Tavus did not confirm.

The sweep compares our records with Tavus's list of active conversations. It only ends conversations whose name has this
deployment in it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from interview import log
from interview.avatar import ledger
from interview.avatar.client import Client, ListedConversation
from interview.avatar.name import session_of_conversation
from interview.errors import AvatarUnavailable, InterviewError, NotFound
from interview.record import Interview
from interview.store import Store
from interview.system import Ledger

T = TypeVar("T")

STARTING = timedelta(minutes=2)
"""How long after its creation a conversation may be missing in our records."""
NEVER_LIVE = timedelta(minutes=3)
"""How long after its creation the interview must have begun."""
SWEEP_SECONDS = 40.0
"""The time for one sweep. The next one continues."""
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class SweepResult:
    """How many conversations were ended, and whether all that had to be checked and ended were."""

    ended: int
    complete: bool


async def sweep(
    store: Store, client: Client, close: Callable[[str, str], Awaitable[None]], now: datetime, *, most: int
) -> SweepResult:
    """End the conversations of interviews that are over, abandoned, deleted, or not live after three minutes, and
    release their leases. `close` ends an interview's present conversation; at most `most` interviews are checked.

    Raises StoreUnavailable.
    """
    sweeper = _Sweeper(store, client, close, now, most)
    try:
        async with asyncio.timeout(SWEEP_SECONDS):
            await sweeper.run()
    except TimeoutError:
        sweeper.complete = False
    return SweepResult(sweeper.ended, sweeper.complete)


class _Sweeper:
    """One sweep."""

    def __init__(
        self, store: Store, client: Client, close: Callable[[str, str], Awaitable[None]], now: datetime, most: int
    ) -> None:
        self._store = store
        self._client = client
        self._close = close
        self._now = now
        self._most = most
        self.ended = 0
        self.complete = True
        self._closed: set[str | None] = set()

    async def run(self) -> None:
        """Read the records before the list: a conversation that is only in the list has certainly been left over."""
        running = await self._store.with_avatar(self._most)
        self.complete = len(running) < self._most
        try:
            listed = await self._client.active_conversations()
        except AvatarUnavailable as error:
            log.failure("avatar_list_failed", error)
            self.complete = False
            listed = None
        active = None if listed is None else {one.conversation_id for one in listed}
        await self._each(running, lambda interview: self._end_forgotten(interview, active), lambda one: one.session_id)
        if listed is None:
            return
        present = await self._store.change_ledger(lambda present: present)
        ours = {
            one.conversation_id: (one, session_id)
            for one in listed
            if (session_id := session_of_conversation(present.deployment, one.name)) is not None
            and one.conversation_id not in self._closed
        }
        await self._each(ours.values(), lambda pair: self._end_orphan(*pair, present), lambda pair: pair[1])
        busy = {interview.session_id for interview in running} | {session_id for _, session_id in ours.values()}
        await self._release(present, busy)

    async def _end_forgotten(self, interview: Interview, active: set[str] | None) -> None:
        """End this interview's conversation if it should have ended, and record it if it has ended by itself."""
        avatar = interview.avatar
        if avatar is None:
            return
        reason = _reason(interview, self._now)
        if reason is None and avatar.conversation_id and active is not None and self._old(avatar.created_at):
            # The list has several pages and may miss one that is active.
            ended = avatar.conversation_id not in active and not await self._client.is_active(avatar.conversation_id)
            reason = "shutdown" if ended else None
        if reason is not None:
            await self._close(interview.session_id, reason)
            self._closed.add(avatar.conversation_id)
            self.ended += 1
            log.write("INFO", "avatar_swept", session_id=interview.session_id, code=reason)

    async def _end_orphan(self, listed: ListedConversation, session_id: str, present: Ledger) -> None:
        """End a conversation that is not the present one in any running interview's record."""
        try:
            interview = await self._store.get(session_id)
        except NotFound:
            interview = None
        avatar = interview.avatar if interview else None
        if avatar and avatar.running and avatar.conversation_id == listed.conversation_id:
            return  # `_end_forgotten` handles it
        # `start` creates the conversation and the record concurrently, so one of them may be missing yet.
        may_be_starting = interview is None or (avatar is not None and avatar.status == "creating")
        lease = present.leases.get(session_id)
        old = self._old(listed.created_at) and (lease is None or self._old(lease.since))
        if may_be_starting and not old:
            return
        await self._client.end_conversation(listed.conversation_id)
        self.ended += 1
        log.write("INFO", "avatar_swept", session_id=session_id, code="orphan")
        if interview is None:
            # Its interview has been deleted, and this conversation could not be deleted at that time.
            await self._client.delete_conversation(listed.conversation_id)

    async def _release(self, present: Ledger, busy: set[str]) -> None:
        """Release the leases of interviews without a conversation."""
        since = {
            session_id: lease.since
            for session_id, lease in present.leases.items()
            if session_id not in busy and self._old(lease.since)
        }
        if since:
            await self._store.change_ledger(lambda present: ledger.release_all(present, since))

    def _old(self, time: datetime | None) -> bool:
        return time is None or self._now - time > STARTING

    async def _each(
        self, items: Iterable[T], work: Callable[[T], Awaitable[None]], session_id: Callable[[T], str]
    ) -> None:
        """Run `work` for each item, at most `_AT_ONCE` at a time. A failed item is left to the next sweep."""
        semaphore = asyncio.Semaphore(_AT_ONCE)

        async def one(item: T) -> None:
            async with semaphore:
                try:
                    await work(item)
                except InterviewError as error:
                    self.complete = False
                    log.failure("avatar_not_swept", error, session_id=session_id(item))

        await asyncio.gather(*(one(item) for item in items))


def _reason(interview: Interview, now: datetime) -> str | None:
    """Why this interview's conversation should end, by the record alone; None if it may go on."""
    avatar = interview.avatar
    if avatar is None or interview.over or interview.status == "abandoned":
        return interview.ended_reason or interview.status
    age = now - avatar.created_at if avatar.created_at else timedelta.max
    if interview.status == "ready" and age > NEVER_LIVE:
        return "never_live"
    if avatar.status == "creating" and age > STARTING:
        return "lost"
    return None
