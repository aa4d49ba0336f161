"""A live interview: one browser, one connection to Gemini, and the pumps between them.

    browser ──listen──▶ Gemini         audio goes straight through; words and controls are messages of the protocol
    browser ◀──outbox── voice ◀── conversation ◀──speak── Gemini
                          │            └──recorder──▶ store
                         room ──▶ store, and the avatar's provider

All of it is one task group. It ends with the first pump that ends, and then everything is put in order: the open turns
kept, the end recorded, the browser told.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from interview.errors import BadMessage, InterviewError, StoreUnavailable, Superseded
from interview.record import Interview, Output, Turn
from interview.store import Store
from relay.browser import messages
from relay.browser.outbox import Outbox
from relay.browser.thinking_gate import ThinkingGate
from relay.closing import Closing, Left, Outcome, Over
from relay.gemini.model import LiveModel
from relay.gemini.supervisor import Supervisor
from relay.race import race
from relay.recorder import Recorder
from relay.speech.avatar_conversation import AvatarConversation, AvatarProvider
from relay.speech.output import SpeechOutput
from relay.talk import directions
from relay.talk.clock import Clock
from relay.talk.floor import Floor
from relay.talk.turns import TurnLog


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
        conversations: AvatarProvider | None,
        output: Output,
        now: Callable[[], datetime],
    ) -> None:
        """`output` is what the candidate asks for."""
        self._browser = browser
        self._interview = interview
        self._turns = turns
        self._store = store
        self._clock = Clock.of(interview, now)
        self._outbox = Outbox()
        self._recorder = Recorder(store, interview, self._look, now)
        self._dialogue = TurnLog(now, number=turns[-1].number + 1 if turns else 0)
        self._link = Supervisor(
            model,
            interview,
            history=self._history,
            notice=lambda code, message: self._outbox.text(messages.notice(code, message)),
            time=asyncio.get_running_loop().time,
            handle=interview.live.resumption_handle,
        )
        time = asyncio.get_running_loop().time
        self._room = AvatarConversation(interview, store=store, conversations=conversations, now=now, time=time)
        self._has_avatar = conversations is not None or interview.avatar is not None
        self._voice = SpeechOutput(
            self._outbox, wanted=output, expected=self._room.running, time=time, record=self._room.record_change
        )
        self._conversation = Floor(
            self._dialogue,
            self._outbox,
            self._voice,
            self._clock,
            self._link,
            before=turns,
            keep=self._recorder.keep,
            end=lambda reason: self.stop(Over(reason)),
        )
        self._ending = Closing(
            browser, interview, store=store, outbox=self._outbox, recorder=self._recorder, room=self._room, now=now
        )
        self._hold = ThinkingGate()
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
                *((self._room.run(self._voice), self._room.watch(self._voice)) if self._has_avatar else ()),
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
            messages.ready(
                self._interview.session_id,
                resumed=self._interview.live.epoch > 1,
                output=self._voice.output,
                elapsed_seconds=self._clock.elapsed,
                max_duration_seconds=self._interview.max_duration_seconds,
            )
        )
        for turn in self._turns:
            self._outbox.text(messages.caption(turn.number, turn.speaker, turn.text, final=True))
        if self._turns:
            self._outbox.text(messages.floor("candidate"))

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
        turns |= {turn.number: turn for turn in (*self._recorder.unsaved, *self._dialogue.open)}
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
                await self._handle(messages.parse(frame))
        return Left()

    async def _handle(self, message: messages.ClientMessage) -> None:
        match message:
            case messages.Text(text):
                await self._conversation.type(text)
            case messages.Played():
                if self._voice.plays_in_page:
                    await self._conversation.played()
            case messages.ChangeOutput(mode):
                self._voice.choose(mode)
            case messages.Avatar():
                await self._hear_of_room(message)
            case messages.Mute(on):
                self._muted = on
            case messages.Hold(on):
                await self._conversation.hold(on=on)
            case messages.End():
                self.stop(Over("candidate"))
            case messages.Hello():
                raise BadMessage("There was a hello already.")

    async def _hear_of_room(self, told: messages.Avatar) -> None:
        match told.state:
            case "ready":
                self._room.page_joined(told.max_message_bytes)
            case "lost":
                self._room.page_left()
                self._voice.lost(told.reason)
            case "speaking":
                self._voice.speaking()
            case "silent":
                if self._voice.silent():
                    await self._conversation.played()

    async def _keep_time(self) -> Outcome:
        """Tell the browser the time, the interviewer what is left of it, and end at the cap."""
        clock = self._clock
        seen = clock.elapsed
        while clock.remaining > 0:
            await asyncio.sleep(clock.next_mark())
            self._outbox.text(messages.time(elapsed_seconds=clock.elapsed, remaining_seconds=clock.remaining))
            before, seen = seen, clock.elapsed
            if before < clock.wrap_up <= seen:
                await self._conversation.advise(directions.WRAP_UP)
            if before < clock.goodbye <= seen:
                await self._conversation.interject(directions.GOODBYE)
            await self._recorder.check()
        return Over("time_limit")

    def _look(self, interview: Interview) -> None:
        """The record as the store has it now: the candidate may have ended elsewhere, or be at another relay."""
        if interview.over:
            self.stop(Over(interview.ended_reason or "candidate"))
        elif interview.live.epoch > self.epoch:
            self.stop(Superseded("Another connection has taken the interview over."))
        else:
            self._room.update_from_record(interview, self._voice)

    async def _finish(self, outcome: Outcome | InterviewError) -> None:
        """Put everything in order after the last pump."""
        self._conversation.flush()
        handle = self._link.fresh_handle if self._conversation.at_rest else None
        await self._ending.run(outcome, handle, self.released.set)
