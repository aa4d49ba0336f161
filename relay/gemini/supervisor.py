"""The interview's line to Gemini, over as many connections as it takes.

A connection lives about ten minutes, an interview longer. So the line is kept apart from the connection that carries it
now: what is to be sent waits while there is none, and the next connection goes on where the last one stopped.

The ladder, when a connection is lost or stays silent:
1. resume with the newest handle, and play again what the service has not yet shown it heard;
2. if that is refused, or the resumed session does not answer, a fresh session that is told the transcript so far;
3. again, with growing pauses, for `BUDGET` seconds; then the error is the session's to tell.
What no repeating mends (key, quota, model) ends the line at once.
"""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final, NoReturn

from interview import log
from interview.errors import ModelRefused, ModelSilent, ModelUnavailable, StoreUnavailable
from interview.record import Interview, Turn
from relay.gemini.events import Called, GoAway, Handle
from relay.gemini.model import LiveModel, LiveSession
from relay.gemini.replay_buffer import ReplayBuffer
from relay.gemini.reply_timer import ANSWER, ReplyTimer
from relay.race import race
from relay.speech.level import is_loud
from relay.talk import directions
from relay.talk.floor import Floor

BUDGET: Final = 30.0
"""Seconds without a word over any connection after which the line is given up."""
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 4.0
"""Seconds between two tries; it doubles from the first to the longest, with jitter."""
LEAD: Final = 5.0
"""Seconds before the announced end of a connection at which it is left, settled or not."""
STEADY: Final = 10.0
"""Seconds after which a connection that nothing was expected of counts as a good one."""
NOTICE_AFTER: Final = 2.0
"""Seconds without a connection after which the candidate is told."""
SPEECH: Final = 20
"""Loud frames since the candidate has had the floor that are taken for words, transcribed or not: 0.8 s."""
MISSED: Final = 64
"""Typed answers that wait for a connection that is being made: it takes seconds, and the transcript has them all."""
WATCH: Final = 1.0
"""Seconds between two looks at whether the service still answers."""

History = Callable[[], Awaitable[Sequence[Turn]]]
Notice = Callable[[str, str], None]


class Supervisor:
    """One interview's line. `run` carries it; what is to be sent may be given to it at any time."""

    def __init__(
        self,
        model: LiveModel,
        interview: Interview,
        *,
        history: History,
        notice: Notice,
        time: Callable[[], float],
        handle: str | None = None,
    ) -> None:
        """`history` gives all turns so far, `notice` tells the candidate; `handle` is what another instance left."""
        self._model = model
        self._interview = interview
        self._history = history
        self._notice = notice
        self._time = time
        self.handle = handle
        """The newest handle by which the session can be resumed."""
        self.reply_timer = ReplyTimer(time)
        self._live: LiveSession | None = None
        self._replay = ReplayBuffer()
        self._direction: str | None = None
        self._missed: deque[str] = deque(maxlen=MISSED)
        """Typed since the next connection began to be made."""
        self._fresh = asyncio.Event()
        """Nothing has been said that the session behind the handle does not know."""
        if handle:
            self._fresh.set()
        self._answering = False
        self._listening = False
        self._loud = 0
        self._ready = asyncio.Event()
        self._ready.set()
        self._leave_at: asyncio.Future[float] | None = None
        self._down_since: float | None = None
        self._telling: asyncio.TimerHandle | None = None
        self._told = False

    @property
    def fresh_handle(self) -> str | None:
        """A handle that leads to where the conversation is."""
        return self.handle if self._fresh.is_set() else None

    # To Gemini

    async def send_audio(self, pcm: bytes) -> None:
        """The candidate's voice: PCM16 mono 16 kHz. Without a connection it waits for the next one."""
        if not self._ready.is_set():
            await self._ready.wait()
        # While the interviewer's voice comes in nothing hangs on it, and this is the way of every frame.
        loud = self._answering or is_loud(pcm)
        self._replay.record(pcm, loud=loud)
        if loud and self._listening:
            self._loud += 1
            if self.reply_timer.running or self._loud >= SPEECH:
                self.reply_timer.restart()
        if self._live:
            try:
                await self._live.send_audio(pcm)
            except ModelUnavailable:
                self._live = None  # it is on the tape, and whoever reads from the connection notices its end

    async def direct(self, direction: str) -> None:
        """A stage direction. It is given again if the connection is lost before it is followed."""
        self._direction = direction
        await self._tell(direction)

    async def advise(self, direction: str) -> None:
        """A stage direction to keep in mind: nothing is said to it."""
        await self._tell(direction)
        self.reply_timer.stop()

    async def send_text(self, text: str) -> None:
        """A typed answer. If the connection is lost before it is answered, the transcript has it; if it comes while the
        next one is being made, too late for that one to be told the transcript with it, it is told there.
        """
        if not await self._tell(text):
            self._missed.append(text)

    async def _tell(self, text: str) -> bool:
        """Returns whether there was a connection to tell it on."""
        await self._ready.wait()
        self.reply_timer.restart()
        self._fresh.clear()
        if self._live:
            try:
                await self._live.send_text(text)
            except ModelUnavailable:
                self._live = None
        return self._live is not None

    async def answer(self, call: Called, response: dict[str, object], *, silent: bool) -> None:
        """Answer a tool call. On a connection that is gone there is nobody to answer."""
        if self._live:
            try:
                await self._live.answer(call, response, silent=silent)
            except ModelUnavailable:
                self._live = None

    # What the conversation tells

    def heard(self) -> None:
        """A word of the candidate's has arrived: what is on the tape before it is known."""
        self._replay.acknowledge()
        self._fresh.clear()
        self.reply_timer.restart()

    def answered(self) -> None:
        """The interviewer speaks: whatever was said to it has been heard."""
        if not self._answering and self.reply_timer.waited is not None:
            # From the candidate's last sound or word: what an operator asks first when people find it slow.
            delay_ms = round(1000 * self.reply_timer.waited)
            log.write("INFO", "reply", session_id=self._interview.session_id, delay_ms=delay_ms)
        self.reply_timer.restart()
        self._replay.acknowledge(0)
        if not self._answering:
            self._answering = True
            self._direction = None
            self._listening = False
            self._loud = 0
            self._fresh.clear()

    def settled(self) -> None:
        """Nothing more is expected of the interviewer, unless the candidate has begun to answer already."""
        self._answering = False
        if self._loud < SPEECH:
            self.reply_timer.stop()

    def listen(self) -> None:
        """The candidate has the floor: what is loud from now on is they."""
        self._answering = False
        self._listening = True
        self._loud = 0

    # The connections

    async def run(self, talk: Floor) -> NoReturn:
        """Carry the line until it must be given up: raises ModelRefused, or another ModelUnavailable after `BUDGET`."""
        pause = 0.0
        try:
            while True:
                try:
                    await asyncio.sleep(pause * random.uniform(0.5, 1))
                    await self._carry(talk)
                    pause = 0.0
                except ModelRefused:
                    raise
                except (ModelUnavailable, StoreUnavailable) as error:
                    pause = self._next_pause(pause, error)
                    talk.cut()
        finally:
            self._stop_telling()

    def _next_pause(self, pause: float, error: ModelUnavailable | StoreUnavailable) -> float:
        """Seconds to wait after a loss: none after the first. Raises the error when the budget is used up."""
        if self._down_since is None:
            self._down_since, pause = self._time(), 0.0
        else:
            pause = min(max(FIRST_PAUSE, pause * 2), LONGEST_PAUSE)
        if self._time() - self._down_since > BUDGET:
            raise error
        log.write("WARNING", "line_lost", session_id=self._interview.session_id, code=error.code)
        return pause

    async def _carry(self, talk: Floor) -> None:
        """One connection, from dialling until it is left in good order. Raises ModelUnavailable when it is lost."""
        self._leave_at = asyncio.get_running_loop().create_future()
        async with self._dial(talk) as live:
            try:
                await race(self._read(live, talk), self._watch(live, talk), self._leave(talk))
            finally:
                self._live = None
                self._answering = False
        talk.cut()
        log.write("INFO", "line_rotated", session_id=self._interview.session_id)

    @asynccontextmanager
    async def _dial(self, talk: Floor) -> AsyncIterator[LiveSession]:
        """The next connection, told all that it has to know."""
        # A handle is tried once: the connection gives a new one, and if it fails the transcript is the surer way. So it
        # is when something was said since it was given: the session behind it would greet or ask once more.
        handle = self.fresh_handle
        self.handle = None
        self._fresh.clear()
        self._missed.clear()
        if not self._telling:  # it counts from the loss on, over all tries
            self._telling = asyncio.get_running_loop().call_later(NOTICE_AFTER, self._tell_of_trouble)
        history = [] if handle else await self._history()
        async with self._model.connect(self._interview, history, talk.take, handle=handle) as live:
            self._stop_telling()
            self._ready.clear()
            try:
                await self._catch_up(live, talk, known=bool(handle or history))
                self._live = live
            finally:
                self._ready.set()
            if self._told:
                self._told = False
                self._notice("resumed", "The connection is back. The interview goes on.")
            yield live

    async def _catch_up(self, live: LiveSession, talk: Floor, *, known: bool) -> None:
        """What was said while there was no connection, and what the last one can't have heard."""
        direction = (
            directions.BEGIN
            if not known
            else self._direction or (directions.GO_ON if talk.owed and not self._missed else None)
        )
        missed = list(self._missed)
        self._missed.clear()
        unheard = self._replay.unacknowledged()
        if direction or missed or talk.unanswered or sum(map(is_loud, unheard)) >= SPEECH:
            self.reply_timer.restart()
        else:
            self.reply_timer.stop()
        for text in [*filter(None, [direction]), *missed]:
            await live.send_text(text)
        for pcm in unheard:
            await live.send_audio(pcm)

    async def _read(self, live: LiveSession, talk: Floor) -> None:
        """What the service tells. Ends by an error only."""
        async for event in live.events():
            match event:
                case Handle(handle):
                    self.handle = handle
                    if talk.settled:
                        self._fresh.set()
                case GoAway(seconds):
                    if self._leave_at and not self._leave_at.done():
                        self._leave_at.set_result(self._time() + max(0.0, seconds - LEAD))
                case _:
                    self._down_since = None
                    await talk.follow(event)

    async def _leave(self, talk: Floor) -> None:
        """Returns when the connection is to be left: it has given notice, and nobody is speaking or time is short."""
        assert self._leave_at  # noqa: S101 - a connection is up
        leave_at = await self._leave_at
        try:
            async with asyncio.timeout(max(0.0, leave_at - self._time())):
                await talk.quiet()
                await self._fresh.wait()
        except TimeoutError:
            log.write("INFO", "line_rotated_in_mid_speech", session_id=self._interview.session_id)

    async def _watch(self, live: LiveSession, talk: Floor) -> None:
        """Notices a service that does not answer: reminds it once, then gives the connection up."""
        since = self._time()
        reminded = False
        while True:
            await asyncio.sleep(WATCH)
            await talk.tick()
            if not self.reply_timer.running:
                reminded = False
                if self._time() - since > STEADY:
                    self._down_since = None
            elif talk.holding:
                self.reply_timer.restart()
            elif self.reply_timer.expired(ANSWER):
                if reminded or talk.generating or not talk.begun:
                    self.handle = None  # a session that opens and does not answer would do so again
                    raise ModelSilent("The interviewer's service does not answer.")
                reminded = True
                self.reply_timer.restart()
                await live.send_text(directions.REMIND)

    def _stop_telling(self) -> None:
        if self._telling:
            self._telling.cancel()
            self._telling = None

    def _tell_of_trouble(self) -> None:
        if not self._told:
            self._told = True
            self._notice("resuming", "The connection to the interviewer is being restored. Nothing is lost.")
