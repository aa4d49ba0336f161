"""Creates avatar conversations. The ledger and the record know of a conversation before it exists.

When Tavus refuses, nothing was created. When its answer is missing or unusable, the conversation may exist: it is
looked up by its name and ended.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from interview import log
from interview.avatar import ledger, transition
from interview.avatar.client import AvatarConversation, Client, UncertainCreation
from interview.avatar.name import WEBHOOK_PATH, Webhook, conversation_name, new_webhook
from interview.avatar.persona import Persona
from interview.errors import (
    AlreadyEnded,
    AvatarRefused,
    AvatarUnavailable,
    Conflict,
    InterviewError,
    StoreUnavailable,
)
from interview.record import Avatar, Interview
from interview.settings import Tavus
from interview.store import Store
from interview.system import Ledger

T = TypeVar("T")

MARGIN_SECONDS = 120
"""How long a conversation may last beyond the time limit of its interview."""
MAX_SECONDS = 3600
"""The longest conversation that Tavus allows."""
LEAST_SECONDS = 60
"""What a conversation that was ended at once counts for: Tavus bills by the minute."""
LEFT_SECONDS = 90
"""How long a conversation goes on after the candidate has left its room: long enough to reload the page."""
CLOSE_SECONDS = 10.0
"""How long the end of the process waits for calls in progress."""

Outcome = AvatarConversation | AvatarUnavailable


@dataclass(frozen=True, slots=True)
class Order:
    """A conversation to be created for an interview.

    `avatar` is what the record says until then. `another` is set unless it is the interview's first conversation.
    """

    session_id: str
    webhook: Webhook
    since: datetime
    max_seconds: int
    avatar: Avatar
    another: bool = False

    @property
    def until(self) -> datetime:
        """When the conversation is over in any case."""
        return self.since + timedelta(seconds=self.max_seconds + LEFT_SECONDS)


class Creation:
    """A conversation that is being created, in a task of its own.

    It must be followed by `finish` or `cancel`. Both go on when their caller is cancelled.
    """

    def __init__(self, creator: "Creator", order: Order) -> None:
        self._creator = creator
        self._order = order
        self._task = creator.run_to_end(creator.create(order))

    @property
    def avatar(self) -> Avatar:
        """The avatar as known now, for a new record."""
        return self._creator.avatar_after(self._order, self._task.result()) if self._task.done() else self._order.avatar

    async def wait(self) -> None:
        """Wait until the conversation is created or has failed. The record is not changed."""
        await asyncio.shield(self._task)

    async def finish(self) -> AvatarConversation:
        """Wait for the conversation and write the outcome into the record.

        Raises AvatarUnavailable when there is none; AlreadyEnded, Conflict and NotFound when the interview has gone on
        without it; StoreUnavailable. After an error the conversation is ended, or left to the sweep.
        """
        outcome = await asyncio.shield(self._task)
        return await asyncio.shield(self._creator.run_to_end(self._creator.record_outcome(self._order, outcome)))

    async def cancel(self) -> None:
        """Wait for the conversation and end it. Never fails."""
        await asyncio.shield(self._creator.run_to_end(self._cancel()))

    async def _cancel(self) -> None:
        outcome = await self._task
        if isinstance(outcome, AvatarConversation):
            await self._creator.discard(self._order, outcome)


class Creator:
    """Creates conversations. `origin` is the page's address, to which Tavus sends its webhooks too."""

    def __init__(
        self, store: Store, client: Client, tavus: Tavus, *, origin: str | None, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._client = client
        self._tavus = tavus
        self._persona = Persona(store, client, tavus)
        # Tavus can't reach a page on plain HTTP, which is on a developer's machine. A stand-in on that machine can.
        reachable = origin and (origin.startswith("https://") or tavus.base_url.startswith("http://"))
        self._callback = f"{origin}{WEBHOOK_PATH}" if reachable else None
        self._clock = clock
        self._tasks: set[asyncio.Task[Any]] = set()

    def order(self, session_id: str, max_seconds: int) -> Order:
        """The order for an interview that lasts at most `max_seconds`."""
        webhook, since = new_webhook(session_id), self._clock()
        longest = min(MAX_SECONDS, max_seconds + MARGIN_SECONDS)
        return Order(session_id, webhook, since, longest, transition.creating(None, webhook.sha256, since))

    def run_to_end(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run this in a task that a cancelled caller does not cancel: an interrupted creation may have happened."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def drain(self) -> None:
        """Wait up to `CLOSE_SECONDS` for the tasks in progress."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_SECONDS)

    async def create(self, order: Order) -> Outcome:
        """The new conversation, or the reason why there is none."""
        try:
            conversation = await self._create(order)
        except AvatarUnavailable as error:
            if error.code == ledger.CAPACITY:
                log.write("WARNING", "avatar_not_created", session_id=order.session_id, code=error.code)
            else:
                log.failure("avatar_not_created", error, session_id=order.session_id)
            return error
        log.write("INFO", "avatar_created", session_id=order.session_id)
        return conversation

    def avatar_after(self, order: Order, outcome: Outcome) -> Avatar:
        """The avatar of a record after this outcome."""
        if isinstance(outcome, AvatarConversation):
            return transition.opened(order.avatar, outcome.conversation_id)
        return transition.failed(order.avatar, outcome.code, self._clock())

    async def record_outcome(self, order: Order, outcome: Outcome) -> AvatarConversation:
        """See `Creation.finish`."""

        def decide(interview: Interview) -> Avatar | None:
            present = interview.avatar
            if present is None or present.hook_sha256 != order.webhook.sha256 or present.status != "creating":
                return present
            if interview.over:
                return transition.closed(present, interview.ended_reason or interview.status, self._clock())
            return self.avatar_after(order, outcome)

        if isinstance(outcome, AvatarUnavailable):
            await self._store.change_avatar(order.session_id, decide)
            raise outcome
        try:
            interview = await self._store.change_avatar(order.session_id, decide)
        except InterviewError:
            await self.discard(order, outcome)
            raise
        present = interview.avatar
        if present and present.running and present.conversation_id == outcome.conversation_id and not interview.over:
            return outcome
        await self.discard(order, outcome)
        if interview.over:
            raise AlreadyEnded("This interview is over.")
        raise Conflict("The video connection was closed before it was ready.", code="avatar_closed")

    async def discard(self, order: Order, conversation: AvatarConversation) -> None:
        """End a conversation that is in no record. Never fails: the sweep ends it if this does not."""
        if await succeeds(self._client.end_conversation(conversation.conversation_id), order.session_id):
            log.write("INFO", "avatar_discarded", session_id=order.session_id)
            await self.release_unattended(order.session_id, order.since, counted=not order.another)

    async def release(self, session_id: str, since: datetime, *, uncount: bool = False, unattended: int = 0) -> None:
        """Give a lease back. Never fails: the sweep releases it if this does not, and it expires."""
        await succeeds(
            self._store.change_ledger(
                lambda present: ledger.release(present, session_id, since, uncount=uncount, unattended=unattended)
            ),
            session_id,
        )

    async def release_unattended(self, session_id: str, since: datetime, *, counted: bool) -> None:
        """Give back the lease of a conversation to which nobody came. Tavus bills at least a minute of it."""
        seconds = max(LEAST_SECONDS, math.ceil((self._clock() - since).total_seconds()))
        await self.release(session_id, since, uncount=counted, unattended=seconds)

    async def _create(self, order: Order) -> AvatarConversation:
        """Take a lease and create the conversation. After an error, end the one that may exist."""
        leased = await self._lease(order)
        try:
            return await self._create_conversation(order, leased)
        except UncertainCreation as error:
            if await self._end_uncertain(order, leased, error):
                await self.release_unattended(order.session_id, order.since, counted=not order.another)
            raise
        except AvatarUnavailable:
            await self.release(order.session_id, order.since, uncount=not order.another)
            raise

    async def _lease(self, order: Order) -> Ledger:
        def decide(present: Ledger) -> Ledger:
            return ledger.lease(
                present,
                order.session_id,
                order.since,
                order.until,
                concurrent=self._tavus.concurrent,
                daily=self._tavus.daily,
                another=order.another,
            )

        try:
            return await self._store.change_ledger(decide)
        except StoreUnavailable as error:
            raise AvatarUnavailable("The number of avatars can't be checked right now.") from error

    async def _create_conversation(self, order: Order, leased: Ledger) -> AvatarConversation:
        body = self._body(order, leased)
        try:
            persona_id = await self._persona.id(leased)
            try:
                return await self._client.create_conversation({**body, "persona_id": persona_id})
            except AvatarRefused as refusal:
                # Tavus has no code for a deleted persona, so it is a refusal without a code of its own.
                unnamed = refusal.code == AvatarRefused.code
                another_id = await self._persona.id_instead_of(persona_id) if unnamed else None
                if another_id is None:
                    raise
            return await self._client.create_conversation({**body, "persona_id": another_id})
        except StoreUnavailable as error:
            raise AvatarUnavailable("The avatar's persona can't be looked up right now.") from error

    def _body(self, order: Order, leased: Ledger) -> dict[str, Any]:
        """The request: a room for two that needs a token, closes by itself and is not recorded."""
        return {
            "conversation_name": conversation_name(leased.deployment, order.session_id),
            "require_auth": True,
            "max_participants": 2,
            "properties": {
                "max_call_duration": order.max_seconds,
                "participant_left_timeout": LEFT_SECONDS,
                # The room's token expires after this time, and a reloaded page needs it. A conversation that the
                # candidate never joins is ended earlier, by the sweep.
                "participant_absent_timeout": order.max_seconds,
                "enable_recording": False,
                "enable_closed_captions": False,
            },
            **({"replica_id": self._tavus.replica_id} if self._tavus.replica_id else {}),
            **({"callback_url": f"{self._callback}{order.webhook.secret}"} if self._callback else {}),
        }

    async def _end_uncertain(self, order: Order, leased: Ledger, error: UncertainCreation) -> bool:
        """End the conversation that may exist after a creation without a usable answer.

        Returns whether one was found and ended. If none was found it may still appear; the sweep ends it then.
        """
        name = conversation_name(leased.deployment, order.session_id)
        try:
            if error.conversation_id:
                found = [error.conversation_id]
            else:
                listed = await self._client.active_conversations()
                found = [one.conversation_id for one in listed if one.name == name]
            for conversation_id in found:
                await self._client.end_conversation(conversation_id)
        except AvatarUnavailable as failed:
            log.failure("avatar_cleanup_failed", failed, session_id=order.session_id)
            return False
        return bool(found)


async def succeeds(work: Awaitable[object], session_id: str) -> bool:
    """Whether this work succeeds. A failure is logged, and left to the sweep."""
    try:
        await work
    except InterviewError as error:
        log.failure("left_to_sweep", error, session_id=session_id)
        return False
    return True
