"""How a connection ends: what was said is kept, the end recorded, the browser told, the avatar's room closed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from contract import closes
from interview import log
from interview.errors import AlreadyEnded, InterviewError, ModelRefused, StoreUnavailable, Superseded
from interview.record import EndedReason, Interview
from interview.store import Store
from relay.browser import messages
from relay.browser.outbox import Outbox
from relay.recorder import Recorder
from relay.speech.avatar_conversation import AvatarConversation

FLUSH_TIMEOUT: Final = 5.0
"""Seconds in which the last turns must be in the store, and again in which the browser must take its last messages."""
RETRY_PAUSE: Final = 0.25
"""Seconds between two tries of a last write."""
RECONNECT_MS: Final = 500

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Over:
    """The interview has ended."""

    reason: EndedReason


@dataclass(frozen=True, slots=True)
class Left:
    """The browser went away. The interview stays live in the store and can be taken up again."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The instance goes away: the browser is to dial again."""


@dataclass(frozen=True, slots=True)
class Suspended:
    """Nobody has answered for minutes. The interview stays live in the store; the page dials again when asked to."""


Outcome = Over | Left | Moved | Suspended


class Closing:
    """The end of one connection of an interview."""

    def __init__(
        self,
        browser: ServerConnection,
        interview: Interview,
        *,
        store: Store,
        outbox: Outbox,
        recorder: Recorder,
        room: AvatarConversation,
        now: Callable[[], datetime],
    ) -> None:
        self._browser = browser
        self._interview = interview
        self._store = store
        self._outbox = outbox
        self._recorder = recorder
        self._room = room
        self._now = now

    async def run(self, outcome: Outcome | InterviewError, handle: str | None, released: Callable[[], None]) -> None:
        """Put everything in order. `handle` leads a later connection to where the conversation is; `released` is called
        when nothing more is written.
        """
        session_id = self._interview.session_id
        log.write("INFO", "connection_over", session_id=session_id, outcome=type(outcome).__name__)
        if not isinstance(outcome, Superseded) and not await self._keep_rest():
            self._outbox.text(
                messages.notice("record_incomplete", "The last part of the transcript could not be saved.")
            )
        code = closes.ENDED.code
        over: EndedReason | None = None
        match outcome:
            case Over(reason):
                over = await self._end(reason)
                code = closes.ENDED.code if over else Superseded.close_code
            case Left():
                await self._leave_handle(handle)
                return
            case Suspended():
                await self._leave_handle(handle)
                self._outbox.text(messages.notice("suspended", "The interview is paused. Resume it whenever you like."))
                code = closes.SUSPENDED.code
            case Moved():
                await self._leave_handle(handle)
                self._outbox.text(messages.reconnect(RECONNECT_MS))
                code = closes.GOING_AWAY.code
            case ModelRefused():
                self._outbox.text(messages.notice(outcome.code, outcome.detail))
                over = await self._end("failed")
            case InterviewError():
                self._outbox.text(messages.notice(outcome.code, outcome.detail))
                code = outcome.close_code
        released()
        self._outbox.drop_audio()
        # Before the browser's socket closes: after the last one the instance may get no more of the processor.
        await asyncio.gather(
            self._say_goodbye(), self._leave_room("suspended" if isinstance(outcome, Suspended) else over)
        )
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT):
                await self._browser.close(code)
        except (TimeoutError, ConnectionClosed):
            pass

    async def _say_goodbye(self) -> None:
        """The last messages. A browser that does not read, or is gone, loses nothing: everything is in the store."""
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT):
                await self._outbox.drain(self._browser.send)
        except (TimeoutError, ConnectionClosed):
            pass

    async def _leave_room(self, over: str | None) -> None:
        """No conversation outlives its interview. One that can't be ended now ends with the summary or by the sweep."""
        if over is None:
            return
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT):
                await self._room.close(over)
        except (TimeoutError, InterviewError) as error:
            log.failure("avatar_not_ended", error, session_id=self._interview.session_id)

    async def _keep_rest(self) -> bool:
        """Whether the whole conversation is in the store."""
        try:
            await _insist(self._recorder.flush)
            await _insist(self._room.flush)
        except (TimeoutError, StoreUnavailable, Superseded, AlreadyEnded) as error:
            log.failure("turns_not_kept", error, session_id=self._interview.session_id)
        return not self._recorder.waiting and not self._recorder.lost

    async def _leave_handle(self, handle: str | None) -> None:
        """For the next connection, if nothing has been said that the handle does not know."""
        if handle:
            try:
                async with asyncio.timeout(FLUSH_TIMEOUT):
                    await self._store.save_handle(self._interview.session_id, self._interview.live.epoch, handle)
            except (TimeoutError, InterviewError) as error:
                log.failure("handle_not_kept", error, session_id=self._interview.session_id)

    async def _end(self, reason: EndedReason) -> EndedReason | None:
        """Record the end and tell the browser. The store's word counts: it may have been ended elsewhere before.

        Returns the reason that counts; None when the interview is another connection's by now, and goes on there.
        """
        session_id, now = self._interview.session_id, self._now()
        try:
            interview = await _insist(lambda: self._store.end(session_id, reason, now, self._interview.live.epoch))
        except Superseded:
            return None
        except (TimeoutError, InterviewError) as error:
            # The end is recorded again when the candidate asks for the summary.
            log.failure("end_not_recorded", error, session_id=session_id)
        else:
            reason = interview.ended_reason or reason
        self._outbox.text(messages.ended(reason))
        return reason


async def _insist(write: Callable[[], Awaitable[T]]) -> T:
    """The last writes are tried for as long as the browser can be kept waiting. Raises TimeoutError after that."""
    async with asyncio.timeout(FLUSH_TIMEOUT):
        while True:
            try:
                return await write()
            except StoreUnavailable:
                await asyncio.sleep(RETRY_PAUSE)
