"""A live interview: one browser, one supervised connection to Gemini, and between them the floor that decides.

    browser ──frames, messages──▶ Session ──evidence──▶ Floor ──actions──▶ Effects ──▶ outbox, speech output, recorder
    Gemini  ──sound, events─────▶            (relay/talk)                          ──▶ Gemini, by the supervisor

All tasks are in one group. It ends with the first task that ends; then everything is closed in order.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from interview import log
from interview.errors import InterviewError, NotFound, Superseded, Unavailable
from interview.record import Interview, Output, Standing, Turn
from interview.store import Store
from interview.tasks import Tasks
from relay.browser import messages
from relay.browser.outbox import Outbox
from relay.browser.pacing import Pace
from relay.carried import Carried
from relay.closing import Closing
from relay.effects import Effects
from relay.gemini.model import LiveModel
from relay.gemini.replay_buffer import ReplayBuffer
from relay.gemini.supervisor import Supervisor
from relay.gemini.transcriber import Allowance, TextModel
from relay.inbox import BrowserInbox, GeminiInbox
from relay.microphone import Microphone
from relay.outcome import Left, Outcome, Over, outcome_of_refusal, outcome_of_standing
from relay.race import race
from relay.recorder import Recorder
from relay.speech.avatar_conversation import AvatarConversation, AvatarProvider
from relay.speech.output import SpeechOutput
from relay.talk import waiting
from relay.talk.clock import Clock
from relay.talk.floor import Floor
from relay.talk.state import State
from relay.talk.turns import TurnLog
from relay.timekeeper import Timekeeper
from relay.transcription import Transcription
from relay.typed import TypedAnswers
from relay.welcome import welcome

TICK: Final = 0.25
"""Seconds between two checks of the time by the floor."""


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
        pace: Pace,
        now: Callable[[], datetime],
        carried: Carried | None = None,
        text_model: TextModel | None = None,
        budget: float = 0.0,
        tasks: Tasks | None = None,
        allowance: Allowance,
        second_ear: bool = False,
    ) -> None:
        """`output` is what the candidate asks for; `pace` limits what the page sends; `carried` is what an earlier
        connection left in this process; `text_model` is asked for words that Gemini Live never sent; `budget` is the
        dollars that Gemini may cost, 0 for no limit; `tasks` is the queue of summaries; `allowance` bounds the sound
        that waits for the text model; with `second_ear`, each spoken answer is transcribed twice.
        """
        time = asyncio.get_running_loop().time
        start, started = time(), now()
        self._time = time
        self._browser = browser
        self._interview = interview
        self._turns = turns
        self._store = store
        self._outbox = Outbox()
        self._recorder = Recorder(store, interview, self._look, now)
        self._replay = carried.replay if carried else ReplayBuffer()
        numbers = [turn.number for turn in turns]
        if carried and carried.answer:
            numbers.append(carried.answer.number)
        self._floor = Floor(
            TurnLog(
                lambda at: started + timedelta(seconds=at - start),
                language=interview.language,
                number=max(numbers, default=-1) + 1,
                carried=carried.answer if carried else None,
                keep_sound=second_ear,
            ),
            before=turns,
            now=start,
            is_time_up=lambda: self._timekeeper.is_goodbye_due,
            ear=carried.ear if carried else None,
        )
        self._room = AvatarConversation(interview, store=store, conversations=conversations, now=now, time=time)
        self._has_avatar = conversations is not None or interview.avatar is not None
        self._output = SpeechOutput(
            self._outbox, wanted=output, expected=self._room.running, time=time, record=self._room.record_change
        )
        self._timekeeper = Timekeeper(
            interview,
            self._floor,
            outbox=self._outbox,
            recorder=self._recorder,
            perform=self._perform,
            clock=Clock.of(interview, now),
            budget=budget,
            time=time,
        )
        self._gemini_inbox = GeminiInbox(
            self._floor,
            output=self._output,
            recorder=self._recorder,
            check_budget=self._timekeeper.check_budget,
            perform=self._perform,
            time=time,
        )
        self._supervisor = Supervisor(
            model,
            interview,
            self._floor,
            self._replay,
            history=self._history,
            take_audio=self._gemini_inbox.take_audio,
            follow=self._gemini_inbox.follow,
            changed=self._perform,
            notify=self._notify,
            time=time,
            handle=interview.live.resumption_handle,
        )
        self._closing = Closing(
            browser,
            interview,
            store=store,
            outbox=self._outbox,
            recorder=self._recorder,
            room=self._room,
            now=now,
            tasks=tasks,
        )
        self._transcription = Transcription(
            text_model,
            interview,
            count=self._recorder.count_text,
            allowance=allowance,
            second_ear=second_ear,
            affordable=lambda: not budget or self.dollars < budget,
            tell=self._tell_of_words,
        )
        self._effects = Effects(
            interview.session_id,
            self._floor,
            outbox=self._outbox,
            output=self._output,
            recorder=self._recorder,
            replay=self._replay,
            supervisor=self._supervisor,
            transcriber=self._transcription.transcriber,
            second_ear=self._transcription.second_ear,
            stop=self.stop,
            estimate=self._timekeeper.estimate_questions,
        )
        self._microphone = Microphone(self._floor, self._replay, self._supervisor, perform=self._perform, time=time)
        self._browser_inbox = BrowserInbox(
            browser,
            self._floor,
            pace=pace,
            outbox=self._outbox,
            output=self._output,
            microphone=self._microphone,
            room=self._room,
            taken=TypedAnswers(turns),
            perform=self._perform,
            time=time,
        )
        self._outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.released = asyncio.Event()
        """Set when it writes nothing more."""
        self.carried: Carried | None = None
        """What it leaves to the page's next connection."""

    @property
    def epoch(self) -> int:
        """The epoch of the claim that this session writes under."""
        return self._interview.live.epoch

    @property
    def dollars(self) -> float:
        """What Gemini has cost the interview so far."""
        return self._timekeeper.dollars

    def stop(self, outcome: Outcome | InterviewError) -> None:
        """End it from outside, or from within a callback. The first outcome counts."""
        if not self._outcome.done():
            if isinstance(outcome, InterviewError):
                self._outcome.set_exception(outcome)
            else:
                self._outcome.set_result(outcome)

    def end_with_goodbye(self) -> None:
        """Have the interviewer say goodbye now, and end the interview after it, or without it when its time is up.

        The reason is `time_limit`, unless the candidate ends it before.
        """
        self._timekeeper.end_with_goodbye()

    async def run(self) -> None:
        """Carry the interview until it, the browser, Gemini or this instance ends; then close everything in order."""
        try:
            await self._finish(await self._converse())
        finally:
            self.released.set()

    async def _converse(self) -> Outcome | InterviewError:
        self._welcome()
        try:
            await self._drop_handle()
            return await race(
                self._stopped(),
                self._outbox.pump(self._browser.send),
                self._recorder.pump(),
                self._recorder.beat(),
                self._supervisor.run(),
                self._listen(),
                self._microphone.fill_silence(),
                self._tick(),
                self._timekeeper.run(),
                *self._transcription.tasks(),
                *((self._room.run(self._output), self._room.watch(self._output)) if self._has_avatar else ()),
            )
        except (NotFound, Superseded) as error:
            return await outcome_of_refusal(error, self._interview.session_id, self.epoch, self._store)
        except InterviewError as error:
            return error
        except ConnectionClosed:
            return Left()
        except Exception as error:  # noqa: BLE001 - after any error, what was said is kept and the browser is told
            log.failure("session_failed", error, session_id=self._interview.session_id)
            return Unavailable("Something went wrong on our side. Nothing that was said is lost.")
        finally:
            if not self._outcome.cancel() and not self._outcome.cancelled():
                self._outcome.exception()  # retrieved, so that asyncio does not report it as unhandled

    def _welcome(self) -> None:
        asked = self._floor.questions.asked
        about = self._timekeeper.estimate_questions(asked) if asked else None
        welcome(
            self._outbox,
            self._interview,
            self._turns,
            output=self._output.output,
            elapsed=self._timekeeper.elapsed,
            question=(asked, about) if about else None,
        )
        # While the interviewer owes words, nobody has the floor until it speaks.
        if self._floor.state is State.OPEN:
            self._floor.give_floor("candidate")
            self._perform()

    async def _stopped(self) -> Outcome:
        # Shielded: a pump that is cancelled must not take the outcome with it.
        return await asyncio.shield(self._outcome)

    async def _drop_handle(self) -> None:
        """Delete the stored handle: this connection uses it, and later it would lead back to where this one begins."""
        if self._interview.live.resumption_handle:
            try:
                await self._recorder.save_handle(None)
            except Unavailable:
                self._floor.handle_is_fresh = False

    async def _history(self) -> list[Turn]:
        return await self._recorder.all_turns(lambda: self._floor.turns.open(self._time()))

    async def _listen(self) -> Outcome:
        await self._browser_inbox.read()
        return Left()

    # What the page is told

    def _perform(self) -> None:
        """Do what the floor has decided."""
        self._effects.perform()
        self._timekeeper.follow_floor()

    def _notify(self, code: str, message: str) -> None:
        self._outbox.text(messages.notice(code, message))

    def _tell_of_words(self, turn: Turn) -> None:
        """A turn that had no words has some now, or its words are doubtful."""
        self._outbox.text(messages.caption(turn.number, turn.speaker, turn.text, final=True, doubt=turn.doubt))
        self._recorder.keep(turn)

    # Time

    async def _tick(self) -> Outcome:
        while True:
            await asyncio.sleep(TICK)
            waiting.tick(
                self._floor,
                self._time(),
                played_by=self._output.played_by,
                extra_time=self._interview.extra_time,
            )
            self._perform()

    def check(self, standing: Standing | None) -> None:
        """Stop if the interview's standing in the store says so; None: it is deleted."""
        if (outcome := outcome_of_standing(standing, self.epoch)) is not None:
            self.stop(outcome)

    def _look(self, interview: Interview) -> None:
        """Take over what the record says now."""
        self.check(interview.standing)
        if not self._outcome.done():
            self._room.update_from_record(interview, self._output)

    async def _finish(self, outcome: Outcome | InterviewError) -> None:
        """Close everything in order after the last task."""
        now = self._time()
        handle = self._supervisor.fresh_handle if self._floor.all_said(now) else None
        answer = self._floor.turns.carry()
        self._floor.flush(now)
        self._perform()
        self._recorder.thinking_seconds = self._timekeeper.thinking_seconds
        if not isinstance(outcome, Over) and self._replay.unacknowledged()[0]:
            self.carried = Carried(self._replay, self._floor.ear, answer)
        await self._closing.run(outcome, handle, self.released.set)
