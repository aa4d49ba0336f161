"""Ending the conversations that nobody has ended: what a process that died left behind, or a provider that did not
answer when it was told.

What should go on is known from two sides, our records and the provider's own list, and each is held against the other.
Only conversations that carry this deployment's name are touched.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from interview import log
from interview.avatar import ledger
from interview.avatar.client import Client, Listed
from interview.avatar.name import session_of_conversation
from interview.errors import AvatarUnavailable, InterviewError, NotFound
from interview.record import Interview, Ledger
from interview.store import Store

T = TypeVar("T")

STARTING = timedelta(minutes=2)
"""So long a conversation may be there before our record of it is complete."""
NEVER_LIVE = timedelta(minutes=3)
"""So long a candidate may take from the conversation's creation to the interview's first word."""
SWEEP_SECONDS = 40.0
"""For one sweep; the next goes on where it stopped."""
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Swept:
    """How many conversations were ended, and whether everything that had to be looked at and ended was."""

    ended: int
    complete: bool


async def sweep(
    store: Store, client: Client, close: Callable[[str, str], Awaitable[None]], now: datetime, *, most: int
) -> Swept:
    """End conversations of interviews that are over, abandoned, gone, or not live after three minutes, and give back
    their places. `close` ends the present conversation of an interview; `most` interviews are looked at. Raises
    StoreUnavailable.
    """
    sweeper = _Sweeper(store, client, close, now, most)
    try:
        async with asyncio.timeout(SWEEP_SECONDS):
            await sweeper.run()
    except TimeoutError:
        sweeper.complete = False
    return Swept(sweeper.ended, sweeper.complete)


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
        """Records first, then the list: what the list has and no record names was left over for certain."""
        running = await self._store.with_avatar(self._most)
        self.complete = len(running) < self._most
        try:
            listed = await self._client.active_conversations()
        except AvatarUnavailable as error:
            log.failure("The avatar's provider does not say what goes on", error)
            self.complete = False
            listed = None
        active = None if listed is None else {one.conversation_id for one in listed}
        await self._each(running, lambda interview: self._end_forgotten(interview, active), lambda one: one.session_id)
        if listed is None:
            return
        books = await self._store.change_ledger(lambda books: books)
        ours = {
            one.conversation_id: (one, session_id)
            for one in listed
            if (session_id := session_of_conversation(books.deployment, one.name)) is not None
            and one.conversation_id not in self._closed
        }
        await self._each(ours.values(), lambda pair: self._end_orphan(*pair, books), lambda pair: pair[1])
        busy = {interview.session_id for interview in running} | {session_id for _, session_id in ours.values()}
        await self._release(books, busy)

    async def _end_forgotten(self, interview: Interview, active: set[str] | None) -> None:
        """End the conversation of this interview if it should not go on, and take note if it does not."""
        avatar = interview.avatar
        if avatar is None:
            return
        reason = _reason(interview, self._now)
        if reason is None and avatar.conversation_id and active is not None and self._old(avatar.created_at):
            # The list was fetched after the record, but over several pages one may be missed.
            gone = avatar.conversation_id not in active and not await self._client.is_active(avatar.conversation_id)
            reason = "shutdown" if gone else None
        if reason is not None:
            await self._close(interview.session_id, reason)
            self._closed.add(avatar.conversation_id)
            self.ended += 1
            log.write("INFO", "Avatar swept", session_id=interview.session_id, code=reason)

    async def _end_orphan(self, listed: Listed, session_id: str, books: Ledger) -> None:
        """End a conversation that no record names as the present one of an interview that goes on."""
        try:
            interview = await self._store.get(session_id)
        except NotFound:
            interview = None
        avatar = interview.avatar if interview else None
        if avatar and avatar.running and avatar.conversation_id == listed.conversation_id:
            return  # known, and dealt with by its record
        # A start makes the conversation beside the record, and may have only one of them yet.
        may_be_starting = interview is None or (avatar is not None and avatar.status == "creating")
        lease = books.leases.get(session_id)
        old = self._old(listed.created_at) and (lease is None or self._old(lease.since))
        if may_be_starting and not old:
            return
        await self._client.end_conversation(listed.conversation_id)
        self.ended += 1
        log.write("INFO", "Avatar swept", session_id=session_id, code="orphan")
        if interview is None:
            # Its interview was deleted, and this one with it but for the provider.
            await self._client.delete_conversation(listed.conversation_id)

    async def _release(self, books: Ledger, busy: set[str]) -> None:
        """Give back the places of interviews that have no conversation any more."""
        since = {
            session_id: lease.since
            for session_id, lease in books.leases.items()
            if session_id not in busy and self._old(lease.since)
        }
        if since:
            await self._store.change_ledger(lambda books: ledger.release_all(books, since))

    def _old(self, time: datetime | None) -> bool:
        return time is None or self._now - time > STARTING

    async def _each(
        self, items: Iterable[T], work: Callable[[T], Awaitable[None]], session_id: Callable[[T], str]
    ) -> None:
        """Do this for each, some at a time; what fails is left for the next sweep."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(item: T) -> None:
            async with gate:
                try:
                    await work(item)
                except InterviewError as error:
                    self.complete = False
                    log.failure("Avatar not swept", error, session_id=session_id(item))

        await asyncio.gather(*(one(item) for item in items))


def _reason(interview: Interview, now: datetime) -> str | None:
    """Why the conversation of this interview should not go on, going by the record alone."""
    avatar = interview.avatar
    if avatar is None or interview.over or interview.status == "abandoned":
        return interview.ended_reason or interview.status
    age = now - avatar.created_at if avatar.created_at else timedelta.max
    if interview.status == "ready" and age > NEVER_LIVE:
        return "never_live"
    if avatar.status == "creating" and age > STARTING:
        return "lost"
    return None
