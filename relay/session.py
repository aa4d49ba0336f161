"""A live interview: one browser, one connection to Gemini, and the pumps between them.

    browser ──listen──▶ Gemini         audio goes straight through; words and controls are messages of the protocol
    browser ◀──outbox── conversation ◀──speak── Gemini
                             └──recorder──▶ store

All of it is one task group. It ends with the first pump that ends, and then everything is put in order: the open turns
kept, the end recorded, the browser told.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from interview import log
from interview.errors import (
    AlreadyEnded,
    BadMessage,
    InterviewError,
    ModelRefused,
    StoreUnavailable,
    Superseded,
)
from interview.record import EndedReason, Interview, Turn
from interview.store import Store
from relay import protocol, stage
from relay.clock import Clock
from relay.conversation import Conversation
from relay.dialogue import Dialogue
from relay.gemini import LiveModel
from relay.hold import Hold
from relay.link import Link
from relay.outbox import Outbox
from relay.race import race
from relay.recorder import Recorder

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


Outcome = Over | Left | Moved


class Session:
    """Carries a claimed interview for one connection of its candidate. `run` once; `stop` from outside at any time."""

    def __init__(
        self,
        browser: ServerConnection,
        interview: Interview,
        turns: Sequence[Turn],
        *,
        store: Store,
        model: LiveModel,
        now: Callable[[], datetime],
    ) -> None:
        self._browser = browser
        self._interview = interview
        self._turns = turns
        self._store = store
        self._model = model
        self._now = now
        self._clock = Clock.of(interview, now)
        self._outbox = Outbox()
        self._recorder = Recorder(store, interview, self._look, now)
        self._dialogue = Dialogue(now, number=turns[-1].number + 1 if turns else 0)
        self._link = Link(
            model,
            interview,
            history=self._history,
            notice=lambda code, message: self._outbox.text(protocol.notice(code, message)),
            time=asyncio.get_running_loop().time,
            handle=interview.live.resumption_handle,
        )
        self._conversation = Conversation(
            self._dialogue,
            self._outbox,
            self._clock,
            self._link,
            before=turns,
            keep=self._recorder.keep,
            end=lambda reason: self.stop(Over(reason)),
        )
        self._hold = Hold()
        self._muted = False
        self._outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.released = asyncio.Event()
        """Set when it writes nothing more."""

    @property
    def epoch(self) -> int:
        """Of the claim that this session writes under."""
        return self._interview.live.epoch

    def stop(self, outcome: Outcome | InterviewError) -> None:
        """End it from outside, or from within a callback. The first outcome counts."""
        if not self._outcome.done():
            if isinstance(outcome, InterviewError):
                self._outcome.set_exception(outcome)
            else:
                self._outcome.set_result(outcome)

    async def run(self) -> None:
        """Hold the interview until it, the browser, Gemini or this instance ends; then put everything in order."""
        try:
            await self._finish(await self._converse())
        finally:
            self.released.set()

    async def _converse(self) -> Outcome | InterviewError:
        self._welcome()
        try:
            await self._take_handle()
            return await race(
                self._stopped(),
                self._outbox.pump(self._browser.send),
                self._recorder.pump(),
                self._link.run(self._conversation),
                self._listen(),
                self._keep_time(),
            )
        except InterviewError as error:
            return error
        except ConnectionClosed:
            return Left()
        finally:
            if not self._outcome.cancel() and not self._outcome.cancelled():
                self._outcome.exception()  # one that nobody waited for any more is no fault

    def _welcome(self) -> None:
        """The answer to the hello, and what was said before it."""
        self._outbox.text(
            protocol.ready(
                self._interview.session_id,
                resumed=self._interview.live.epoch > 1,
                output="voice",
                elapsed_seconds=self._clock.elapsed,
                max_duration_seconds=self._interview.max_duration_seconds,
            )
        )
        for turn in self._turns:
            self._outbox.text(protocol.caption(turn.number, turn.speaker, turn.text, final=True))
        if self._turns:
            self._outbox.text(protocol.floor("candidate"))

    async def _stopped(self) -> Outcome:
        # Shielded: a pump that is cancelled must not take the outcome with it.
        return await asyncio.shield(self._outcome)

    async def _take_handle(self) -> None:
        """The handle that another connection left is ours now: it would lead a later one to where we begin."""
        if self._interview.live.resumption_handle:
            try:
                await self._store.save_handle(self._interview.session_id, self.epoch, None)
            except StoreUnavailable:
                self._link.handle = None

    async def _history(self) -> list[Turn]:
        """Everything that was said so far, kept or not, finished or not."""
        turns = {turn.number: turn for turn in await self._store.turns(self._interview.session_id)}
        turns |= {turn.number: turn for turn in (*self._recorder.unkept, *self._dialogue.open)}
        return [turns[number] for number in sorted(turns)]

    async def _listen(self) -> Outcome:
        """Browser to Gemini."""
        async for frame in self._browser:
            if isinstance(frame, bytes):
                if len(frame) % 2:
                    raise BadMessage("Audio must be whole 16-bit samples.")
                if self._conversation.holding and not self._hold.passes(frame):
                    continue
                # A muted microphone is heard as silence: the service dislikes a stream that stops.
                await self._link.send_audio(bytes(len(frame)) if self._muted else frame)
            else:
                await self._handle(protocol.parse(frame))
        return Left()

    async def _handle(self, message: protocol.ClientMessage) -> None:
        match message:
            case protocol.Text(text):
                await self._conversation.type(text)
            case protocol.Played():
                await self._conversation.played()
            case protocol.Mute(on):
                self._muted = on
            case protocol.Hold(on):
                await self._conversation.hold(on=on)
            case protocol.End():
                self.stop(Over("candidate"))
            case protocol.Hello():
                raise BadMessage("There was a hello already.")
            case protocol.ChangeOutput() | protocol.Avatar():
                # Known to the protocol, and without effect while the interviewer has a voice only.
                pass

    async def _keep_time(self) -> Outcome:
        """Tell the browser the time, the interviewer what is left of it, and end at the cap."""
        clock = self._clock
        seen = clock.elapsed
        while clock.remaining > 0:
            await asyncio.sleep(clock.next_mark())
            self._outbox.text(protocol.time(elapsed_seconds=clock.elapsed, remaining_seconds=clock.remaining))
            before, seen = seen, clock.elapsed
            if before < clock.wrap_up <= seen:
                await self._conversation.advise(stage.WRAP_UP)
            if before < clock.goodbye <= seen:
                await self._conversation.interject(stage.GOODBYE)
            await self._recorder.check()
        return Over("time_limit")

    def _look(self, interview: Interview) -> None:
        """The record as the store has it now: the candidate may have ended elsewhere, or be at another relay."""
        if interview.over:
            self.stop(Over(interview.ended_reason or "candidate"))
        elif interview.live.epoch > self.epoch:
            self.stop(Superseded("Another connection has taken the interview over."))

    async def _finish(self, outcome: Outcome | InterviewError) -> None:
        """Keep the open turns, record the end, tell the browser."""
        session_id = self._interview.session_id
        log.write("INFO", "connection_over", session_id=session_id, outcome=type(outcome).__name__)
        self._conversation.flush()
        if not isinstance(outcome, Superseded) and not await self._keep_rest():
            self._outbox.text(
                protocol.notice("record_incomplete", "The last part of the transcript could not be saved.")
            )
        code = 1000
        match outcome:
            case Over(reason):
                code = 1000 if await self._end(reason) else Superseded.close_code
            case Left():
                await self._leave_handle()
                return
            case Moved():
                await self._leave_handle()
                self._outbox.text(protocol.reconnect(RECONNECT_MS))
                code = 1012
            case ModelRefused():
                self._outbox.text(protocol.notice(outcome.code, outcome.detail))
                await self._end("failed")
            case InterviewError():
                self._outbox.text(protocol.notice(outcome.code, outcome.detail))
                code = outcome.close_code
        self.released.set()
        self._outbox.drop_audio()
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT):
                await self._outbox.drain(self._browser.send)
                await self._browser.close(code)
        except (TimeoutError, ConnectionClosed):
            pass  # it does not read, or is gone: everything is in the store

    async def _keep_rest(self) -> bool:
        """Whether the whole conversation is in the store."""
        try:
            await _insist(self._recorder.flush)
        except (TimeoutError, StoreUnavailable, Superseded, AlreadyEnded) as error:
            log.failure("turns_not_kept", error, session_id=self._interview.session_id)
        return not self._recorder.waiting and not self._recorder.lost

    async def _leave_handle(self) -> None:
        """For the next connection, if nothing has been said that the handle does not know."""
        handle = self._link.fresh_handle
        if handle and self._conversation.at_rest:
            try:
                async with asyncio.timeout(FLUSH_TIMEOUT):
                    await self._store.save_handle(self._interview.session_id, self.epoch, handle)
            except (TimeoutError, InterviewError) as error:
                log.failure("handle_not_kept", error, session_id=self._interview.session_id)

    async def _end(self, reason: EndedReason) -> bool:
        """Record the end and tell the browser. The store's word counts: it may have been ended elsewhere before.

        False when the interview is another connection's by now, and goes on there.
        """
        now = self._now()
        try:
            interview = await _insist(lambda: self._store.end(self._interview.session_id, reason, now, self.epoch))
        except Superseded:
            return False
        except (TimeoutError, InterviewError) as error:
            # The end is recorded again when the candidate asks for the summary.
            log.failure("end_not_recorded", error, session_id=self._interview.session_id)
        else:
            reason = interview.ended_reason or reason
        self._outbox.text(protocol.ended(reason))
        return True


async def _insist(write: Callable[[], Awaitable[T]]) -> T:
    """The last writes are tried for as long as the browser can be kept waiting. Raises TimeoutError after that."""
    async with asyncio.timeout(FLUSH_TIMEOUT):
        while True:
            try:
                return await write()
            except StoreUnavailable:
                await asyncio.sleep(RETRY_PAUSE)
