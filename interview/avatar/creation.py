"""Creating a conversation at the avatar's provider, once, with a trace of it before it is there.

After a plain refusal nothing was created. After anything else nobody knows, so what may be there is looked up by its
name and ended.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from interview import log
from interview.avatar import ledger, transition
from interview.avatar.client import Client, Conversation, Unsure
from interview.avatar.name import HOOK_PATH, Hook, conversation_name, new_hook
from interview.avatar.persona import Persona
from interview.errors import (
    AlreadyEnded,
    AvatarRefused,
    AvatarUnavailable,
    Conflict,
    InterviewError,
    StoreUnavailable,
)
from interview.record import Avatar, Interview, Ledger
from interview.settings import Tavus
from interview.store import Store

T = TypeVar("T")

MARGIN_SECONDS = 120
"""What a conversation may last beyond its interview."""
LONGEST_SECONDS = 3600
"""What a conversation may last at all."""
LEFT_SECONDS = 90
"""After the candidate has left the room: long enough for a page to be loaded again."""
CLOSE_SECONDS = 10.0
"""For what is still under way when the process ends."""

Outcome = Conversation | AvatarUnavailable


@dataclass(frozen=True, slots=True)
class Opening:
    """A conversation that is to be created for an interview. `avatar` is what the record says meanwhile. `another`: it
    is not the interview's first.
    """

    session_id: str
    hook: Hook
    since: datetime
    longest_seconds: int
    avatar: Avatar
    another: bool = False

    @property
    def until(self) -> datetime:
        """When the conversation is over whatever happens."""
        return self.since + timedelta(seconds=self.longest_seconds + LEFT_SECONDS)


class Attempt:
    """A conversation on its way, beside whatever else has to be done. It ends in `settle` or in `undo`, and goes on
    when whoever waits for either is cancelled.
    """

    def __init__(self, creator: "Creator", opening: Opening) -> None:
        self._creator = creator
        self._opening = opening
        self._task = creator.keep(creator.outcome(opening))

    @property
    def avatar(self) -> Avatar:
        """What is known of it by now, for a record that is about to be made."""
        return self._creator.known(self._opening, self._task.result()) if self._task.done() else self._opening.avatar

    async def settle(self) -> Conversation:
        """Wait for it, and have the record say what came of it.

        Raises AvatarUnavailable when there is none, which the record then says as well; AlreadyEnded, Conflict,
        NotFound when the interview has gone on without it; StoreUnavailable. After each of them it has been ended, or
        is left to the sweep.
        """
        outcome = await asyncio.shield(self._task)
        return await asyncio.shield(self._creator.keep(self._creator.settle(self._opening, outcome)))

    async def undo(self) -> None:
        """Wait for it and end it: what it was for does not come about. Never fails."""
        await asyncio.shield(self._creator.keep(self._undo()))

    async def _undo(self) -> None:
        outcome = await self._task
        if isinstance(outcome, Conversation):
            await self._creator.discard(self._opening, outcome)


class Creator:
    """Creates conversations. `origin` is the address of the page, to which the provider's calls are sent as well."""

    def __init__(
        self, store: Store, client: Client, tavus: Tavus, *, origin: str | None, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._client = client
        self._tavus = tavus
        self._persona = Persona(store, client, tavus)
        # From the internet nobody reaches a page that is served in plain text: that is somebody's own machine.
        reachable = origin and (origin.startswith("https://") or tavus.base_url.startswith("http://"))
        self._callback = f"{origin}{HOOK_PATH}" if reachable else None
        self._clock = clock
        self._tasks: set[asyncio.Task[Any]] = set()

    def opening(self, session_id: str, max_seconds: int) -> Opening:
        """What is to be created for an interview that lasts so long at most."""
        hook, since = new_hook(session_id), self._clock()
        longest = min(LONGEST_SECONDS, max_seconds + MARGIN_SECONDS)
        return Opening(session_id, hook, since, longest, transition.creating(None, hook.sha256, since))

    def keep(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Have this done even if whoever waits for it goes away: a creation that is broken off may have happened."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def finish(self) -> None:
        """Let what is under way come to its end, within bounds."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_SECONDS)

    async def outcome(self, opening: Opening) -> Outcome:
        """The conversation, or why there is none."""
        try:
            conversation = await self._open(opening)
        except AvatarUnavailable as error:
            if error.code == ledger.CAPACITY:
                log.write("WARNING", "The interview goes on by voice", session_id=opening.session_id, code=error.code)
            else:
                log.failure("The interview goes on by voice", error, session_id=opening.session_id)
            return error
        log.write("INFO", "Avatar created", session_id=opening.session_id)
        return conversation

    def known(self, opening: Opening, outcome: Outcome) -> Avatar:
        """What a record says with this outcome."""
        if isinstance(outcome, Conversation):
            return transition.opened(opening.avatar, outcome.conversation_id)
        return transition.failed(opening.avatar, outcome.code, self._clock())

    async def settle(self, opening: Opening, outcome: Outcome) -> Conversation:
        """See `Attempt.settle`."""

        def decide(interview: Interview) -> Avatar | None:
            present = interview.avatar
            if present is None or present.hook_sha256 != opening.hook.sha256 or present.status != "creating":
                return present
            if interview.over:
                return transition.closed(present, interview.ended_reason or interview.status, self._clock())
            return self.known(opening, outcome)

        if isinstance(outcome, AvatarUnavailable):
            await self._store.change_avatar(opening.session_id, decide)
            raise outcome
        try:
            interview = await self._store.change_avatar(opening.session_id, decide)
        except InterviewError:
            await self.discard(opening, outcome)
            raise
        present = interview.avatar
        if present and present.running and present.conversation_id == outcome.conversation_id and not interview.over:
            return outcome
        await self.discard(opening, outcome)
        if interview.over:
            raise AlreadyEnded("This interview is over.")
        raise Conflict("The avatar was closed before it was there.", code="avatar_closed")

    async def discard(self, opening: Opening, conversation: Conversation) -> None:
        """End a conversation that no record names. Never fails: what can't be ended now is left to the sweep."""
        if await tried(self._client.end_conversation(conversation.conversation_id), opening.session_id):
            log.write("INFO", "Avatar ended unused", session_id=opening.session_id)
            await self.release(opening.session_id, opening.since)

    async def release(self, session_id: str, since: datetime, *, uncount: bool = False) -> None:
        """Give a lease back. If that can't be done now the sweep does it, and in the end it lapses by itself."""
        await tried(
            self._store.change_ledger(lambda books: ledger.release(books, session_id, since, uncount=uncount)),
            session_id,
        )

    async def _open(self, opening: Opening) -> Conversation:
        """Lease, persona, conversation. What may have been created and is not to be had is looked up and ended."""
        books = await self._lease(opening)
        try:
            return await self._create(opening, books)
        except Unsure as error:
            if await self._end_unsure(opening, books, error):
                await self.release(opening.session_id, opening.since)
            raise
        except AvatarUnavailable:
            await self.release(opening.session_id, opening.since, uncount=not opening.another)
            raise

    async def _lease(self, opening: Opening) -> Ledger:
        def decide(books: Ledger) -> Ledger:
            return ledger.lease(
                books,
                opening.session_id,
                opening.since,
                opening.until,
                concurrent=self._tavus.concurrent,
                daily=self._tavus.daily,
                another=opening.another,
            )

        try:
            return await self._store.change_ledger(decide)
        except StoreUnavailable as error:
            raise AvatarUnavailable("Avatars can't be counted right now.") from error

    async def _create(self, opening: Opening, books: Ledger) -> Conversation:
        body = self._body(opening, books)
        try:
            persona_id = await self._persona.id(books)
            try:
                return await self._client.create_conversation({**body, "persona_id": persona_id})
            except AvatarRefused as refusal:
                # A refusal without a name of its own: that is how one hears that the persona has been deleted.
                unnamed = refusal.code == AvatarRefused.code
                another_id = await self._persona.id_instead_of(persona_id) if unnamed else None
                if another_id is None:
                    raise
            return await self._client.create_conversation({**body, "persona_id": another_id})
        except StoreUnavailable as error:
            raise AvatarUnavailable("The avatar's persona can't be looked up right now.") from error

    def _body(self, opening: Opening, books: Ledger) -> dict[str, Any]:
        """What is asked for: a room for two behind a token, that closes by itself, and of which nothing is recorded."""
        return {
            "conversation_name": conversation_name(books.deployment, opening.session_id),
            "require_auth": True,
            "max_participants": 2,
            "properties": {
                "max_call_duration": opening.longest_seconds,
                "participant_left_timeout": LEFT_SECONDS,
                # The room's token is valid for as long as this, and a page that is loaded again needs it then. Where
                # nobody comes at all, the sweep is quicker.
                "participant_absent_timeout": opening.longest_seconds,
                "enable_recording": False,
                "enable_closed_captions": False,
            },
            **({"replica_id": self._tavus.replica_id} if self._tavus.replica_id else {}),
            **({"callback_url": f"{self._callback}{opening.hook.secret}"} if self._callback else {}),
        }

    async def _end_unsure(self, opening: Opening, books: Ledger, error: Unsure) -> bool:
        """End what a creation without a usable answer has left. Returns whether that is certain: what is not there yet
        may still come, and is then the sweep's.
        """
        name = conversation_name(books.deployment, opening.session_id)
        try:
            if error.conversation_id:
                found = [error.conversation_id]
            else:
                listed = await self._client.active_conversations()
                found = [one.conversation_id for one in listed if one.name == name]
            for conversation_id in found:
                await self._client.end_conversation(conversation_id)
        except AvatarUnavailable as failed:
            log.failure("An avatar may be left over", failed, session_id=opening.session_id)
            return False
        return bool(found)


async def tried(work: Awaitable[object], session_id: str) -> bool:
    """Whether this could be done; if not, the log says why."""
    try:
        await work
    except InterviewError as error:
        log.failure("Left to the sweep", error, session_id=session_id)
        return False
    return True
