"""Avatars of interviews: opened, ended, and accounted for.

Money runs at the provider from a conversation's creation until its end. So a lease in the ledger comes before the
creation, the record says that there may be a conversation before it is there, and it goes on saying so until the
provider has been told to end it. Whatever is interrupted in between leaves a trace that the sweep finds.
"""

import asyncio
import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from interview import log
from interview.avatar import transition
from interview.avatar.client import Client
from interview.avatar.creation import Attempt, Creator, tried
from interview.avatar.name import session_of_hook
from interview.avatar.sweep import Swept, sweep
from interview.clock import now
from interview.errors import AlreadyEnded, Conflict, NotFound
from interview.record import Avatar, Interview
from interview.settings import Tavus
from interview.store import Store
from interview.token import matches

MOST_CONVERSATIONS = 3
"""Of one interview, one after another."""
CREATING = timedelta(minutes=1)
"""Longer than a creation takes: one that is older was left by a process that died."""

_REASON = re.compile(r"[^a-z0-9]+")
_REASON_LENGTH = 64


class Avatars:
    """The avatars of all interviews, as one process deals with them. `origin` is the address of the page, to which the
    provider's calls are sent as well.
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

    def attempt(self, session_id: str, max_seconds: int) -> Attempt:
        """Begin to create the first conversation of an interview that lasts so long at most. Its record need not be
        there yet: what else an interview takes is best done beside this.
        """
        return Attempt(self._creator, self._creator.opening(session_id, max_seconds))

    async def another(self, interview: Interview) -> Attempt:
        """End the present conversation of an interview, if there is one, and begin to create another.

        Raises AlreadyEnded; Conflict (not_live) for one that is abandoned, (avatar_limit) when it has had its share,
        (avatar_opening) while one is being created; AvatarUnavailable when the present one can't be ended.
        """
        _allow_another(interview, self._clock())
        await self.close(interview.session_id, "replaced")
        opening = self._creator.opening(interview.session_id, _seconds_left(interview, self._clock()))

        def decide(interview: Interview) -> Avatar:
            present = interview.avatar
            if present is not None and present.hook_sha256 == opening.hook.sha256:
                return present
            _allow_another(interview, opening.since)
            if present is not None and present.status == "active":
                raise _opening_already()
            return transition.creating(present, opening.hook.sha256, opening.since)

        before = interview.avatar
        avatar = (await self._store.change_avatar(interview.session_id, decide)).avatar
        assert avatar is not None  # noqa: S101 - decided
        paid_before = before is not None and _conversations(before) > 0
        return Attempt(self._creator, replace(opening, avatar=avatar, another=paid_before))

    async def close(self, session_id: str, reason: str, conversation_id: str | None = None) -> None:
        """End the present conversation of an interview, if it has one; with `conversation_id` only if it is that one.
        `reason` is a short code. Once is enough, and twice does no harm.

        Raises AvatarUnavailable when the provider could not be told, and StoreUnavailable. The sweep tries again.
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

    async def forget(self, session_id: str) -> tuple[list[str], list[str]]:
        """End what there is of an interview's conversations, and have all of them deleted at the provider. Returns the
        ids of those that are, and of those that are not. Raises NotFound, StoreUnavailable.
        """
        await tried(self.close(session_id, "deleted"), session_id)
        avatar = (await self._store.get(session_id)).avatar
        if avatar is None:
            return [], []
        ids = [one for one in (*avatar.earlier, avatar.conversation_id) if one is not None]
        gone = await asyncio.gather(
            *(tried(self._client.delete_conversation(conversation_id), session_id) for conversation_id in ids)
        )
        done = dict(zip(ids, gone, strict=True))
        return [one for one in ids if done[one]], [one for one in ids if not done[one]]

    async def hear(self, secret: str, event: Mapping[str, Any] | None = None) -> None:
        """Take in what the provider calls about; without `event`, see whether a call with this secret is taken at all.

        Raises NotFound for a secret that is not the one of a present conversation, and for an event of another one.
        """
        session_id = session_of_hook(secret)
        if session_id is None:
            raise NotFound
        avatar = (await self._store.get(session_id)).avatar
        if avatar is None or avatar.hook_sha256 is None or not matches(secret, avatar.hook_sha256):
            raise NotFound
        if event is None:
            return
        if avatar.conversation_id is None or event.get("conversation_id") != avatar.conversation_id:
            raise NotFound
        match event.get("event_type"):
            case "system.replica_joined":
                log.write("INFO", "Avatar joined", session_id=session_id)
            case "system.shutdown":
                reason = _shutdown_reason(event)
                log.write("INFO", "Avatar shut down", session_id=session_id, code=reason)
                await self._closed(session_id, avatar, reason)

    async def sweep(self, now: datetime) -> Swept:
        """End what should have ended and was forgotten, as `interview.avatar.sweep` says. Raises StoreUnavailable."""
        return await sweep(self._store, self._client, self.close, now, most=self._tavus.concurrent + 100)

    async def aclose(self) -> None:
        """Let what is under way come to its end, within bounds, and give the connections back."""
        await self._creator.finish()
        await self._client.close()

    async def _closed(self, session_id: str, avatar: Avatar, reason: str) -> None:
        """Have the record say that this conversation has ended, and give its lease back."""
        now = self._clock()
        seconds = 0

        def decide(interview: Interview) -> Avatar | None:
            nonlocal seconds
            seconds = 0
            present = interview.avatar
            if present is None or present.hook_sha256 != avatar.hook_sha256:
                return present
            closed = transition.closed(present, reason, now)
            seconds = closed.seconds - present.seconds
            return closed

        with contextlib.suppress(NotFound):
            await self._store.change_avatar(session_id, decide)
        if seconds:
            # What it costs is paid by the minute: whoever runs this sees the sum.
            log.write("INFO", "Avatar ended", session_id=session_id, code=reason, seconds=seconds)
        # One that is being created keeps its place until its creator has heard of the end.
        if avatar.conversation_id and avatar.created_at:
            await self._creator.release(session_id, avatar.created_at)


def _allow_another(interview: Interview, now: datetime) -> None:
    """Pass when another conversation may be created. Raises AlreadyEnded, Conflict."""
    if interview.over:
        raise AlreadyEnded("This interview is over.")
    if interview.status not in ("ready", "live"):
        raise Conflict("Nobody is in this interview; join it first.", code="not_live")
    avatar = interview.avatar
    if avatar is None:
        return
    if avatar.status == "creating" and avatar.created_at and now - avatar.created_at < CREATING:
        raise _opening_already()
    if _conversations(avatar) >= MOST_CONVERSATIONS:
        raise Conflict(f"An interview may have {MOST_CONVERSATIONS} video connections.", code="avatar_limit")


def _opening_already() -> Conflict:
    return Conflict("A video connection is being opened already.", code="avatar_opening")


def _conversations(avatar: Avatar) -> int:
    return len(avatar.earlier) + (avatar.conversation_id is not None)


def _seconds_left(interview: Interview, now: datetime) -> int:
    """Of an interview's longest possible time."""
    gone = (now - interview.started_at).total_seconds() if interview.started_at else 0
    return max(0, round(interview.max_duration_seconds - gone))


def _shutdown_reason(event: Mapping[str, Any]) -> str:
    """Why the provider has shut a conversation down, as a short code."""
    properties = event.get("properties")
    given = properties.get("shutdown_reason") or properties.get("reason") if isinstance(properties, dict) else None
    words = _REASON.sub("_", given.lower()).strip("_") if isinstance(given, str) else ""
    return words[:_REASON_LENGTH].rstrip("_") or "shutdown"
