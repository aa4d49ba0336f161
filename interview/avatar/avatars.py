"""The avatars of interviews: creating and ending their conversations.

A conversation costs money from its creation until its end. So before it is created, the ledger has a lease, and the
record says that there may be a conversation; it says so until Tavus has ended it. The sweep finds what an interrupted
process leaves behind.
"""

import asyncio
import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from contract.limits import MAX_AVATARS
from interview import log, prices
from interview.avatar import transition
from interview.avatar.client import Client
from interview.avatar.creation import Creation, Creator, succeeds
from interview.avatar.name import session_of_webhook
from interview.avatar.sweep import SweepResult, sweep
from interview.clock import now
from interview.errors import AlreadyEnded, Conflict, NotFound, StoreUnavailable
from interview.record import Avatar, Interview
from interview.settings import Tavus
from interview.store import Store
from interview.token import matches
from interview.usage import Usage

CREATING = timedelta(minutes=1)
"""No creation takes this long. One that is older was left by a process that died."""

_REASON = re.compile(r"[^a-z0-9]+")
_REASON_LENGTH = 64


class Avatars:
    """Creates and ends the avatar conversations of all interviews. `origin` is the page's address, to which Tavus sends
    its webhooks too.
    """

    def __init__(
        self,
        store: Store,
        client: Client,
        tavus: Tavus,
        *,
        origin: str | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._store = store
        self._client = client
        self._tavus = tavus
        self._creator = Creator(store, client, tavus, origin=origin, clock=clock)
        self._clock = clock

    def create(self, session_id: str, max_seconds: int) -> Creation:
        """Begin to create the first conversation of an interview that lasts at most `max_seconds`. The record need not
        exist yet.
        """
        return Creation(self._creator, self._creator.order(session_id, max_seconds))

    async def create_another(self, interview: Interview) -> Creation:
        """End the interview's present conversation, if there is one, and begin to create another.

        Raises AlreadyEnded; Conflict with the code not_live for an abandoned interview, avatar_limit after
        `MAX_CONVERSATIONS`, avatar_opening while one is being created; AvatarUnavailable when the present one can't be
        ended.
        """
        _allow_another(interview, self._clock())
        await self.close(interview.session_id, "replaced")
        order = self._creator.order(interview.session_id, _seconds_left(interview, self._clock()))

        def decide(interview: Interview) -> Avatar:
            present = interview.avatar
            if present is not None and present.hook_sha256 == order.webhook.sha256:
                return present
            _allow_another(interview, order.since)
            if present is not None and present.status == "active":
                raise _opening_already()
            return transition.creating(present, order.webhook.sha256, order.since)

        before = interview.avatar
        avatar = (await self._store.change_avatar(interview.session_id, decide)).avatar
        assert avatar is not None  # noqa: S101 - decided
        # One that was ended before the interview began was taken off the day's count again.
        counted = before is not None and _conversations(before) > 0 and interview.started_at is not None
        return Creation(self._creator, replace(order, avatar=avatar, another=counted))

    async def close(self, session_id: str, reason: str, conversation_id: str | None = None) -> None:
        """End the interview's present conversation, if it has one; with `conversation_id` only if it is that one.
        `reason` is a short code. Idempotent.

        Raises AvatarUnavailable when Tavus did not confirm the end, and StoreUnavailable. The sweep tries again.
        """
        try:
            interview = await self._store.get(session_id)
        except NotFound:
            return
        if interview.avatar is None or conversation_id not in (None, interview.avatar.conversation_id):
            return
        await self.close_of(interview, reason)

    async def close_of(self, interview: Interview, reason: str) -> None:
        """As `close`, for a record that has just been read: it is not read again."""
        avatar = interview.avatar
        if avatar is None or not avatar.running:
            return
        if avatar.conversation_id:
            await self._client.end_conversation(avatar.conversation_id)
        await self._closed(interview.session_id, avatar, reason)

    async def delete_all(self, session_id: str) -> tuple[list[str], list[str]]:
        """End the interview's conversation and delete all its conversations at Tavus.

        Returns the ids of those that were deleted, and of those that were not. Raises NotFound, StoreUnavailable.
        """
        await succeeds(self.close(session_id, "deleted"), session_id)
        avatar = (await self._store.get(session_id)).avatar
        if avatar is None:
            return [], []
        ids = [one for one in (*avatar.earlier, avatar.conversation_id) if one is not None]
        deleted = await asyncio.gather(
            *(succeeds(self._client.delete_conversation(conversation_id), session_id) for conversation_id in ids)
        )
        done = dict(zip(ids, deleted, strict=True))
        return [one for one in ids if done[one]], [one for one in ids if not done[one]]

    async def receive_event(self, secret: str, event: Mapping[str, Any] | None = None) -> None:
        """Handle an event from Tavus's webhook; without `event`, only check the secret.

        Raises NotFound for a secret that belongs to no present conversation, and for an event of another conversation.
        """
        session_id = session_of_webhook(secret)
        if session_id is None:
            raise NotFound
        interview = await self._store.get(session_id)
        avatar = interview.avatar
        if interview.sealed_at:
            raise NotFound
        if avatar is None or avatar.hook_sha256 is None or not matches(secret, avatar.hook_sha256):
            raise NotFound
        if event is None:
            return
        if avatar.conversation_id is None or event.get("conversation_id") != avatar.conversation_id:
            raise NotFound
        match event.get("event_type"):
            case "system.replica_joined":
                log.write("INFO", "avatar_joined", session_id=session_id)
            case "system.shutdown":
                reason = _shutdown_reason(event)
                log.write("INFO", "avatar_shut_down", session_id=session_id, code=reason)
                await self._closed(session_id, avatar, reason)

    async def sweep(self, now: datetime) -> SweepResult:
        """End the conversations that should have ended, see `interview.avatar.sweep`. Raises StoreUnavailable."""
        return await sweep(self._store, self._client, self.close, now, most=self._tavus.concurrent + 100)

    async def aclose(self) -> None:
        """Wait a bounded time for calls in progress, and close the connections."""
        await self._creator.drain()
        await self._client.close()

    async def _closed(self, session_id: str, avatar: Avatar, reason: str) -> None:
        """Mark this conversation as ended in the record, and give its lease back."""
        now = self._clock()
        seconds = total = 0
        attended = True

        def decide(interview: Interview) -> Avatar | None:
            nonlocal seconds, total, attended
            seconds = 0
            attended = interview.started_at is not None
            present = interview.avatar
            if present is None or present.hook_sha256 != avatar.hook_sha256:
                return present
            closed = transition.closed(present, reason, now)
            seconds, total = closed.seconds - present.seconds, closed.seconds
            return closed

        with contextlib.suppress(NotFound):
            await self._store.change_avatar(session_id, decide)
        if seconds:
            # A metric sums up these seconds: Tavus bills by the minute.
            log.write("INFO", "avatar_ended", session_id=session_id, code=reason, seconds=seconds)
            await self._charge(session_id, total, now)
        # A conversation that is being created keeps its lease; its creator releases it.
        if avatar.conversation_id and avatar.created_at:
            if attended:
                await self._creator.release(session_id, avatar.created_at)
            else:
                await self._creator.release_unattended(session_id, avatar.created_at, counted=True)

    async def _charge(self, session_id: str, seconds: int, now: datetime) -> None:
        """Charge the day with all conversations of an interview so far. Never fails: the record has their seconds."""
        # An account beside the interview's own, which the relay charges at other times.
        try:
            await self._store.charge({f"{session_id}/avatar": prices.dollars(Usage(), seconds)}, now)
        except StoreUnavailable as error:
            log.failure("day_not_charged", error, session_id=session_id)


def _allow_another(interview: Interview, now: datetime) -> None:
    """Check that another conversation may be created. Raises AlreadyEnded, Conflict."""
    if interview.over:
        raise AlreadyEnded("This interview is over.")
    if interview.status not in ("ready", "live"):
        raise Conflict("This interview isn't live. Join it first.", code="not_live")
    avatar = interview.avatar
    if avatar is None:
        return
    if avatar.status == "creating" and avatar.created_at and now - avatar.created_at < CREATING:
        raise _opening_already()
    if _conversations(avatar) >= MAX_AVATARS:
        raise Conflict(f"An interview may have at most {MAX_AVATARS} video connections.", code="avatar_limit")


def _opening_already() -> Conflict:
    return Conflict("A video connection is already being opened.", code="avatar_opening")


def _conversations(avatar: Avatar) -> int:
    return len(avatar.earlier) + (avatar.conversation_id is not None)


def _seconds_left(interview: Interview, now: datetime) -> int:
    """The seconds until the interview's end at the latest."""
    elapsed = (now - interview.started_at).total_seconds() if interview.started_at else 0
    return max(0, round(interview.longest_seconds - elapsed))


def _shutdown_reason(event: Mapping[str, Any]) -> str:
    """Why Tavus has shut a conversation down, as a short code."""
    properties = event.get("properties")
    given = properties.get("shutdown_reason") or properties.get("reason") if isinstance(properties, dict) else None
    words = _REASON.sub("_", given.lower()).strip("_") if isinstance(given, str) else ""
    return words[:_REASON_LENGTH].rstrip("_") or "shutdown"
