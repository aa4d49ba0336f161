"""The Gemini supervisor: keeps one interview connected to Gemini Live, over as many connections as it takes.

A connection lives about ten minutes, an interview longer. When one gives notice, breaks or stays silent, the supervisor
dials the next: with the resumption handle if nothing was said since it came, else as a fresh session that is told the
transcript. What Gemini has not acknowledged is then sent again from the replay buffer. What happens on a connection is
evidence for the floor (relay/talk/floor.py), which decides; relay/gemini/failure.py says what helps after a failure.
"""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final, NoReturn

from interview import log
from interview.errors import ModelRefused, StoreUnavailable
from interview.record import Interview, Turn
from relay.gemini.events import Event, GoAway, Handle
from relay.gemini.failure import SENTENCES, ConnectionFailed, Failure, Moment, Remedy
from relay.gemini.model import LiveModel, LiveSession
from relay.gemini.replay_buffer import ReplayBuffer
from relay.race import race
from relay.talk import actions, connection
from relay.talk.floor import Floor

BUDGET: Final = 30.0
"""Seconds without a completed turn or a steady connection after which dialling is given up."""
WAITING_BUDGET: Final = 180.0
"""The same while the service has reached a quota or is busy: it says so itself, and it passes."""
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 4.0
LONGEST_WAIT: Final = 20.0
"""Seconds between two dials; the pause doubles from the first to the longest, with jitter."""
DIALS_PER_MINUTE: Final = 12
"""Dials in any 60 seconds. Reported: a service that accepts and breaks at once was dialled 64 times a minute."""
LEAD: Final = 5.0
"""Seconds before the announced end of a connection at which it is left, no matter who is speaking."""
STEADY: Final = 10.0
"""Seconds after which a connection counts as a good one although no turn was completed on it."""
NOTICE_AFTER: Final = 2.0
"""Seconds without a connection after which the candidate is told."""
QUEUE: Final = 64
"""Texts and tool responses that may wait to be sent; an interview has a few a minute."""
RESUMING: Final = ("resuming", "The connection to the interviewer is being restored. Nothing is lost.")
RESUMED: Final = ("resumed", "The connection is back. The interview goes on.")

Sendable = actions.Send | actions.Respond | actions.SendSilence
History = Callable[[], Awaitable[Sequence[Turn]]]


class Supervisor:
    """Keeps one interview connected. `run` it; `send_audio`, `put` and `redial` may be called at any time."""

    def __init__(
        self,
        model: LiveModel,
        interview: Interview,
        floor: Floor,
        replay: ReplayBuffer,
        *,
        history: History,
        take_audio: Callable[[bytes], None],
        follow: Callable[[Event], None],
        changed: Callable[[], None],
        notify: Callable[[str, str], None],
        time: Callable[[], float],
        handle: str | None = None,
    ) -> None:
        """`history` reads all turns so far. `take_audio` and `follow` get what Gemini sends; `changed` is called when
        the floor may have decided something; `handle` is the one that an earlier connection stored.
        """
        self._model = model
        self._interview = interview
        self._floor = floor
        self._replay = replay
        self._history = history
        self._take_audio = take_audio
        self._follow = follow
        self._changed = changed
        self._notify = notify
        self._time = time
        self._handle = handle
        floor.handle_is_fresh = handle is not None
        self._live: LiveSession | None = None
        self._plain = False
        self._dialled: deque[float] = deque(maxlen=DIALS_PER_MINUTE)
        self._ever_connected = False
        self._down_since: float | None = None
        self._connected_at = 0.0
        self._waiting: deque[Sendable] = deque(maxlen=QUEUE)
        self._some = asyncio.Event()
        self._redial: asyncio.Future[actions.Redial] | None = None
        self._ready = asyncio.Event()
        """No replay is under way, so that microphone frames may be sent."""
        self._ready.set()
        self._notice: asyncio.TimerHandle | None = None
        self._told = False

    @property
    def fresh_handle(self) -> str | None:
        """A handle that leads to the present point of the conversation."""
        return self._handle if self._floor.handle_is_fresh else None

    # To Gemini

    async def send_audio(self, pcm: bytes) -> None:
        """The candidate's voice: PCM16 mono 16 kHz. Without a connection it stays in the replay buffer."""
        if not self._ready.is_set():
            await self._ready.wait()
        if self._live:
            try:
                await self._live.send_audio(pcm)
            except ConnectionFailed:
                self._live = None  # `_read` notices the end, and the frame is in the replay buffer

    def put(self, item: Sendable) -> None:
        """Queue a text or a tool response. What a connection does not take is lost with it: the floor asks again."""
        self._waiting.append(item)
        self._some.set()

    def redial(self, action: actions.Redial) -> None:
        """Replace the present connection."""
        if self._redial and not self._redial.done():
            self._redial.set_result(action)

    # The connections

    async def run(self) -> NoReturn:
        """Keep the interview connected. Raises ModelRefused, or another ModelUnavailable when the budget is used up."""
        pause = 0.0
        try:
            while True:
                await self._wait_to_dial(pause)
                try:
                    await self._carry()
                    pause = 0.0
                except (ConnectionFailed, StoreUnavailable) as error:
                    failure = error.failure if isinstance(error, ConnectionFailed) else _STORE
                    pause = self._next_pause(pause, failure, error)
        finally:
            self._stop_notice()

    async def _wait_to_dial(self, pause: float) -> None:
        """The pause, with jitter, and as long again as the cap on dials asks for."""
        await asyncio.sleep(pause * random.uniform(0.5, 1))
        if len(self._dialled) == DIALS_PER_MINUTE:
            await asyncio.sleep(max(0.0, self._dialled[0] + 60.0 - self._time()))
        self._dialled.append(self._time())

    def _next_pause(self, pause: float, failure: Failure, error: ConnectionFailed | StoreUnavailable) -> float:
        """Seconds to the next dial. Raises when there is to be none."""
        now = self._time()
        log.write(
            "WARNING",
            "gemini_connection_failed",
            session_id=self._interview.session_id,
            code=failure.code,
            status=failure.status,
            reason=failure.reason,
            remedy=failure.remedy.name.lower(),
        )
        if failure.remedy is Remedy.GIVE_UP or (failure.remedy is Remedy.SIMPLIFY and self._plain and not self._handle):
            raise ModelRefused(SENTENCES[failure.code], code=failure.code) from error
        if self._is_good(now):
            self._down_since, pause = None, 0.0
        first = self._down_since is None
        if self._down_since is None:
            self._down_since = now
        waits = failure.remedy is Remedy.WAIT
        if now - self._down_since > (WAITING_BUDGET if waits else BUDGET):
            raise error
        if failure.remedy is Remedy.SIMPLIFY and not self._handle:
            self._plain = True
        self._handle = None if failure.remedy in (Remedy.DROP_HANDLE, Remedy.SIMPLIFY) else self._handle
        if waits:
            self._tell(failure.code, SENTENCES[failure.code])
            return min(max(2 * FIRST_PAUSE, pause * 2), LONGEST_WAIT)
        if first or failure.remedy is not Remedy.RETRY:
            return 0.0 if first else FIRST_PAUSE
        return min(max(FIRST_PAUSE, pause * 2), LONGEST_PAUSE)

    def _is_good(self, now: float) -> bool:
        """Whether the connection that has just ended had worked."""
        good = self._floor.completed_turns > 0 or (0 < self._connected_at < now - STEADY)
        self._connected_at = 0.0
        self._floor.completed_turns = 0
        return good

    async def _carry(self) -> None:
        """One connection, from dialling until it is left. Raises ConnectionFailed when it is lost."""
        self._redial = asyncio.get_running_loop().create_future()
        if not self._notice:  # it counts from the loss on, over all dials
            self._notice = asyncio.get_running_loop().call_later(NOTICE_AFTER, self._tell, *RESUMING)
        try:
            async with self._dial() as live:
                asked = await race(self._read(live), self._write(live), self._until_redial())
        finally:
            self._live = None
            self._waiting.clear()
            if self._floor.connected:
                connection.lost(self._floor, self._time())
                self._changed()
        log.write("INFO", "gemini_connection_replaced", session_id=self._interview.session_id, reason=asked.reason)
        if not asked.keep_handle:
            self._handle = None
        if asked.reason != "go_away":
            # A silent service is a failed one: its dials count, and end with an error that says so.
            raise ConnectionFailed(Failure(Remedy.RETRY, "model_silent", reason=asked.reason))

    async def _until_redial(self) -> actions.Redial:
        assert self._redial  # noqa: S101 - made before the dial
        return await self._redial

    @asynccontextmanager
    async def _dial(self) -> AsyncIterator[LiveSession]:
        """The next connection, which has been told all that it has to know."""
        # A handle is tried once: the connection gives a new one, and if it fails the transcript is the surer way.
        handle, self._handle = self.fresh_handle, None
        self._floor.handle_is_fresh = False
        history: Sequence[Turn] = []
        if not handle:
            connection.reading_transcript(self._floor)
            history = await self._history()
        moment: Moment = "setup" if self._ever_connected else "first"
        async with self._model.connect(
            self._interview, history, self._take_audio, handle=handle, plain=self._plain, moment=moment
        ) as live:
            self._ever_connected = True
            self._connected_at = self._time()
            self._stop_notice()
            frames, seconds = self._replay.unacknowledged()
            self._waiting.clear()
            connection.connected(
                self._floor,
                self._time(),
                resumed=bool(handle),
                seeded=any(turn.text for turn in history),
                sound=seconds,
            )
            self._changed()
            self._ready.clear()
            try:
                for pcm in frames:
                    await live.send_audio(pcm)
                self._live = live
            finally:
                self._ready.set()
            if self._told:
                self._told = False
                self._notify(*RESUMED)
            yield live

    async def _read(self, live: LiveSession) -> NoReturn:
        """Pass on what Gemini sends. Ends only with an error."""
        async for event in live.events():
            match event:
                case Handle(handle):
                    self._handle = handle
                    self._floor.handle_is_fresh = self._floor.all_said(self._time())
                case GoAway(seconds):
                    connection.closing(self._floor, self._time() + max(0.0, seconds - LEAD))
                case _:
                    if self._floor.completed_turns:
                        self._down_since = None
                    self._follow(event)
        raise AssertionError  # events() ends by raising

    async def _write(self, live: LiveSession) -> NoReturn:
        """Texts and tool responses, in the order in which the floor decided them."""
        while True:
            await self._some.wait()
            self._some.clear()
            while self._waiting:
                match self._waiting.popleft():
                    case actions.Send(text):
                        await live.send_text(text)
                    case actions.Respond(call_id, name, response, silent):
                        await live.answer(call_id, name, response, silent=silent)
                    case actions.SendSilence(seconds):
                        await live.send_audio(bytes(2 * round(seconds * 16_000)))

    # What the candidate is told

    def _stop_notice(self) -> None:
        if self._notice:
            self._notice.cancel()
            self._notice = None

    def _tell(self, code: str, message: str) -> None:
        """Tell the candidate once for each loss."""
        if not self._told:
            self._told = True
            self._notify(code, message)


_STORE: Final = Failure(Remedy.RETRY, "model_unavailable", reason="the transcript could not be read")
