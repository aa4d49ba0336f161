"""The end of a connection: save the turns, record the end, tell the browser, have the summary written, end the avatar
conversation.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, TypeVar

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from contract import closes
from interview import log
from interview.errors import AlreadyEnded, InterviewError, ModelRefused, NotFound, StoreUnavailable, Superseded
from interview.record import EndedReason, Interview
from interview.store import Store
from interview.tasks import Tasks, hand_over
from relay.browser import messages
from relay.browser.outbox import Outbox
from relay.outcome import Left, Moved, Outcome, Over, Suspended
from relay.recorder import Recorder
from relay.speech.avatar_conversation import AvatarConversation

FLUSH_TIMEOUT: Final = 5.0
"""Seconds for each step: saving the last turns, recording the end, sending the last messages, closing the socket."""
RETRY_PAUSE: Final = 0.25
"""Seconds between two attempts of a last write."""
RECONNECT_MS: Final = 500
"""Milliseconds that the browser waits before it reconnects."""

T = TypeVar("T")


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
        tasks: Tasks | None = None,
    ) -> None:
        """`tasks` is the queue of summaries, if there is one."""
        self._browser = browser
        self._interview = interview
        self._store = store
        self._outbox = outbox
        self._recorder = recorder
        self._room = room
        self._now = now
        self._tasks = tasks

    async def run(self, outcome: Outcome | InterviewError, handle: str | None, released: Callable[[], None]) -> None:
        """Close the connection. A later one resumes the Gemini session by `handle`. `released` is called after the last
        write.
        """
        session_id = self._interview.session_id
        log.write("INFO", "connection_over", session_id=session_id, outcome=type(outcome).__name__)
        # Also when another connection takes over: on this instance, that one waits for the last turns before its claim.
        # After a deletion nothing may be written.
        if (
            not isinstance(outcome, AlreadyEnded)
            and not await self._save_rest()
            and not isinstance(outcome, Superseded)
        ):
            self._outbox.text(
                messages.notice("record_incomplete", "The last part of the transcript could not be saved.")
            )
        self._recorder.log_usage()
        code, why = closes.ENDED.code, ""
        over: EndedReason | None = None
        match outcome:
            case Over(reason):
                over = await self._end(reason)
                code = closes.ENDED.code if over else Superseded.close_code
            case Left():
                await self._release(handle)
                return
            case Suspended():
                await self._release(handle)
                self._outbox.text(messages.notice("suspended", "The interview is paused. Resume it whenever you like."))
                code = closes.SUSPENDED.code
            case Moved():
                await self._release(handle)
                self._outbox.text(messages.reconnect(RECONNECT_MS))
                code = closes.GOING_AWAY.code
            case ModelRefused():
                self._outbox.text(messages.notice(outcome.code, outcome.detail))
                over = await self._end("failed")
            case InterviewError():
                if not isinstance(outcome, AlreadyEnded | Superseded):
                    await self._release(None)
                self._outbox.text(messages.notice(outcome.code, outcome.detail))
                code, why = outcome.close_code, outcome.code
        released()
        self._outbox.drop_audio()
        # Before the browser's socket closes: an instance without an open socket may get no processor time.
        await asyncio.gather(
            self._send_last_messages(),
            self._end_avatar_conversation("suspended" if isinstance(outcome, Suspended) else over),
            self._hand_over_summary(over),
        )
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT):
                await self._browser.close(code, why)
        except (TimeoutError, ConnectionClosed):
            pass

    async def _send_last_messages(self) -> None:
        """Send the last messages. A browser that misses them loses nothing: everything is in the store."""
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT):
                await self._outbox.drain(self._browser.send)
        except (TimeoutError, ConnectionClosed):
            pass

    async def _end_avatar_conversation(self, over: str | None) -> None:
        """End the avatar conversation with the interview. If it fails, the summary or the sweep ends it."""
        if over is None:
            return
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT):
                await self._room.close(over)
        except (TimeoutError, InterviewError) as error:
            log.failure("avatar_not_ended", error, session_id=self._interview.session_id)

    async def _hand_over_summary(self, over: EndedReason | None) -> None:
        """Have the summary written, also for a candidate who closes the page now. If it fails, the sweep does that."""
        if over is None:
            return
        session_id = self._interview.session_id
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT):
                await hand_over(self._tasks, session_id)
        except TimeoutError as error:
            log.failure("summary_not_handed_over", error, session_id=session_id)

    async def _save_rest(self) -> bool:
        """Save the last turns. Returns whether all turns are in the store."""
        try:
            await _retry_write(self._recorder.flush)
            await _retry_write(self._recorder.save_usage)
            await _retry_write(self._room.flush_rest)
        except (Superseded, NotFound):
            return False
        except (TimeoutError, StoreUnavailable, AlreadyEnded) as error:
            log.failure("turns_not_kept", error, session_id=self._interview.session_id)
        return not self._recorder.waiting and not self._recorder.lost

    async def _release(self, handle: str | None) -> None:
        """Record that this connection writes nothing more, and store the handle, if there is one, for the next one."""
        session_id, epoch = self._interview.session_id, self._interview.live.epoch
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT):
                await self._store.release(session_id, epoch, handle)
        except (TimeoutError, InterviewError) as error:
            log.failure("not_released", error, session_id=session_id)

    async def _end(self, reason: EndedReason) -> EndedReason | None:
        """Record the end and tell the browser. The store decides the reason: the interview may have ended elsewhere.

        Returns that reason; None if another connection has taken over the interview, which continues there.
        """
        session_id, now = self._interview.session_id, self._now()
        try:
            interview = await _retry_write(lambda: self._store.end(session_id, reason, now, self._interview.live.epoch))
        except Superseded:
            return None
        except (TimeoutError, InterviewError) as error:
            # The end is recorded again when the candidate asks for the summary.
            log.failure("end_not_recorded", error, session_id=session_id)
        else:
            reason = interview.ended_reason or reason
        self._outbox.text(messages.ended(reason))
        return reason


async def _retry_write(write: Callable[[], Awaitable[T]]) -> T:
    """Retry a write until it succeeds. Raises TimeoutError after FLUSH_TIMEOUT."""
    async with asyncio.timeout(FLUSH_TIMEOUT):
        while True:
            try:
                return await write()
            except StoreUnavailable:
                await asyncio.sleep(RETRY_PAUSE)
