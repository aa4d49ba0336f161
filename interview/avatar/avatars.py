"""Avatars of interviews: opened, ended, and accounted for.

Money runs at the provider from a conversation's creation until its end. So a lease in the ledger comes before the
creation, the record says that there may be a conversation before it is there, and it goes on saying so until the
provider has been told to end it. Whatever is interrupted in between leaves a trace that the sweep finds.
"""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from interview import log
from interview.avatar import ledger, transition
from interview.avatar.client import Client, Conversation, Unsure
from interview.avatar.name import HOOK_PATH, Hook, conversation_name, new_hook, session_of_hook
from interview.avatar.persona import Persona
from interview.avatar.sweep import Swept, sweep
from interview.clock import now
from interview.errors import (
    AlreadyEnded,
    AvatarRefused,
    AvatarUnavailable,
    Conflict,
    InterviewError,
    NotFound,
    StoreUnavailable,
)
from interview.record import Avatar, Interview, Ledger
from interview.settings import Tavus
from interview.store import Store
from interview.token import matches

T = TypeVar("T")

MOST_CONVERSATIONS = 3
"""Of one interview, one after another."""
MARGIN_SECONDS = 120
"""What a conversation may last beyond its interview."""
LONGEST_SECONDS = 3600
"""What a conversation may last at all."""
LEFT_SECONDS = 90
"""After the candidate has left the room: long enough for a page to be loaded again."""
CREATING = timedelta(minutes=1)
"""Longer than a creation takes: one that is older was left by a process that died."""
CLOSE_SECONDS = 10.0
"""For what is still under way when the process ends."""

_REASON = re.compile(r"[^a-z0-9]+")
_REASON_LENGTH = 64

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

    def __init__(self, avatars: "Avatars", opening: Opening) -> None:
        self._avatars = avatars
        self._opening = opening
        self._task = avatars.keep(avatars.outcome(opening))

    @property
    def avatar(self) -> Avatar:
        """What is known of it by now, for a record that is about to be made."""
        return self._avatars.known(self._opening, self._task.result()) if self._task.done() else self._opening.avatar

    async def settle(self) -> Conversation:
        """Wait for it, and have the record say what came of it.

        Raises AvatarUnavailable when there is none, which the record then says as well; AlreadyEnded, Conflict,
        NotFound when the interview has gone on without it; StoreUnavailable. After each of them it has been ended, or
        is left to the sweep.
        """
        outcome = await asyncio.shield(self._task)
        return await asyncio.shield(self._avatars.keep(self._avatars.settle(self._opening, outcome)))

    async def undo(self) -> None:
        """Wait for it and end it: what it was for does not come about. Never fails."""
        await asyncio.shield(self._avatars.keep(self._undo()))

    async def _undo(self) -> None:
        outcome = await self._task
        if isinstance(outcome, Conversation):
            await self._avatars.discard(self._opening, outcome)


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
        self._persona = Persona(store, client, tavus)
        # From the internet nobody reaches a page that is served in plain text: that is somebody's own machine.
        reachable = origin and (origin.startswith("https://") or tavus.base_url.startswith("http://"))
        self._callback = f"{origin}{HOOK_PATH}" if reachable else None
        self._clock = clock
        self._tasks: set[asyncio.Task[Any]] = set()

    def attempt(self, session_id: str, max_seconds: int) -> Attempt:
        """Begin to create the first conversation of an interview that lasts so long at most. Its record need not be
        there yet: what else an interview takes is best done beside this.
        """
        return Attempt(self, self._opening(session_id, max_seconds))

    async def another(self, interview: Interview) -> Attempt:
        """End the present conversation of an interview, if there is one, and begin to create another.

        Raises AlreadyEnded; Conflict (not_live) for one that is abandoned, (avatar_limit) when it has had its share,
        (avatar_opening) while one is being created; AvatarUnavailable when the present one can't be ended.
        """
        _allow_another(interview, self._clock())
        await self.close(interview.session_id, "replaced")
        opening = self._opening(interview.session_id, _seconds_left(interview, self._clock()))

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
        return Attempt(self, replace(opening, avatar=avatar, another=before is not None and _conversations(before) > 0))

    async def close(self, session_id: str, reason: str, conversation_id: str | None = None) -> None:
        """End the present conversation of an interview, if it has one; with `conversation_id` only if it is that one.
        `reason` is a short code. Once is enough, and twice does no harm.

        Raises AvatarUnavailable when the provider could not be told, and StoreUnavailable. The sweep tries again.
        """
        try:
            avatar = (await self._store.get(session_id)).avatar
        except NotFound:
            return
        if avatar is None or not avatar.running or conversation_id not in (None, avatar.conversation_id):
            return
        if avatar.conversation_id:
            await self._client.end_conversation(avatar.conversation_id)
        await self._closed(session_id, avatar, reason)

    async def forget(self, session_id: str) -> tuple[list[str], list[str]]:
        """End what there is of an interview's conversations, and have all of them deleted at the provider. Returns the
        ids of those that are, and of those that are not. Raises NotFound, StoreUnavailable.
        """
        await self._tried(self.close(session_id, "deleted"), session_id)
        avatar = (await self._store.get(session_id)).avatar
        if avatar is None:
            return [], []
        ids = [one for one in (*avatar.earlier, avatar.conversation_id) if one is not None]
        gone = await asyncio.gather(
            *(self._tried(self._client.delete_conversation(conversation_id), session_id) for conversation_id in ids)
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
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_SECONDS)
        await self._client.close()

    def keep(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Have this done even if whoever waits for it goes away: a creation that is broken off may have happened."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

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
        if await self._tried(self._client.end_conversation(conversation.conversation_id), opening.session_id):
            log.write("INFO", "Avatar ended unused", session_id=opening.session_id)
            await self._release(opening.session_id, opening.since)

    async def _open(self, opening: Opening) -> Conversation:
        """Lease, persona, conversation. What may have been created and is not to be had is looked up and ended."""
        books = await self._lease(opening)
        try:
            return await self._create(opening, books)
        except Unsure as error:
            if await self._end_unsure(opening, books, error):
                await self._release(opening.session_id, opening.since)
            raise
        except AvatarUnavailable:
            await self._release(opening.session_id, opening.since, uncount=not opening.another)
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

    async def _release(self, session_id: str, since: datetime, *, uncount: bool = False) -> None:
        """Give a lease back. If that can't be done now the sweep does it, and in the end it lapses by itself."""
        await self._tried(
            self._store.change_ledger(lambda books: ledger.release(books, session_id, since, uncount=uncount)),
            session_id,
        )

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
            await self._release(session_id, avatar.created_at)

    def _opening(self, session_id: str, max_seconds: int) -> Opening:
        hook, since = new_hook(session_id), self._clock()
        longest = min(LONGEST_SECONDS, max_seconds + MARGIN_SECONDS)
        return Opening(session_id, hook, since, longest, transition.creating(None, hook.sha256, since))

    async def _tried(self, work: Awaitable[object], session_id: str) -> bool:
        """Whether this could be done; if not, the log says why."""
        try:
            await work
        except InterviewError as error:
            log.failure("Left to the sweep", error, session_id=session_id)
            return False
        return True


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
