"""Writes finished turns to the store, in order, during the interview.

An unavailable store delays no speech: turns wait here, in a bounded queue, and are written as soon as it is back. The
record is incomplete only if the interview ends while turns are waiting; the candidate then gets a notice.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, NoReturn

from interview import clock, cost, log
from interview.errors import StoreUnavailable
from interview.record import Interview, Turn
from interview.store import Store
from interview.usage import LiveUsage, TextUsage

MAX_WAITING: Final = 512
"""Turns that may wait: more than an interview has."""
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 8.0
"""Seconds between two attempts: doubled each time up to the longest, with jitter."""
TOUCH_EVERY: Final = 30.0
"""Seconds between two heartbeats of a live interview in the store."""
LOOK_EVERY: Final = 5.0
"""Seconds between two checks whether a heartbeat is due, or failed and is due again."""


class Recorder:
    """Writes one connection's turns to the store, under that connection's epoch."""

    def __init__(
        self,
        store: Store,
        interview: Interview,
        on_record: Callable[[Interview], None],
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        """`on_record` is called with the record each time the store returns it."""
        self._store = store
        self._on_record = on_record
        self._now = now
        self._time = asyncio.get_running_loop().time
        # The claim was a heartbeat, too.
        self._touch_at = self._time() + TOUCH_EVERY
        self._session_id = interview.session_id
        self._epoch = interview.live.epoch
        self._waiting: deque[Turn] = deque(maxlen=MAX_WAITING)
        self._wake = asyncio.Event()
        self._saved_usage = interview.usage
        self._live, self._transcription = LiveUsage(), TextUsage()
        self.usage = interview.usage
        """What the interview has used so far, over all its connections."""
        self.thinking_seconds = self._saved_thinking = interview.thinking_seconds
        """Thinking time that doesn't count on the clock, over all connections."""
        self.lost = 0
        """Turns dropped because too many waited."""

    @property
    def waiting(self) -> int:
        """How many turns are not in the store yet."""
        return len(self._waiting)

    def keep(self, turn: Turn) -> None:
        """Queue a turn. It replaces an earlier version of itself that still waits."""
        for place, other in enumerate(self._waiting):
            if other.number == turn.number:
                self._waiting[place] = turn
                return
        if len(self._waiting) == MAX_WAITING:
            self.lost += 1
        self._waiting.append(turn)
        self._wake.set()

    def count(self, used: LiveUsage) -> None:
        """Add the tokens of a turn to what the interview has used."""
        self._live += used
        self.usage = replace(self.usage, live=self.usage.live + used)

    def count_text(self, used: TextUsage) -> None:
        """Add the tokens of a second transcription to what the interview has used."""
        self._transcription += used
        self.usage = replace(self.usage, transcription=self.usage.transcription + used)

    async def pump(self) -> NoReturn:
        """Write what is queued, forever. Raises Superseded or AlreadyEnded when the interview is no longer ours."""
        pause = FIRST_PAUSE
        while True:
            await self._wake.wait()
            try:
                await self.flush()
                pause = FIRST_PAUSE
            except StoreUnavailable:
                log.write("WARNING", "turn_delayed", session_id=self._session_id, waiting=len(self._waiting))
                await asyncio.sleep(pause * random.uniform(0.5, 1))
                pause = min(pause * 2, LONGEST_PAUSE)

    async def beat(self) -> NoReturn:
        """Send a heartbeat whenever one is due, forever. Raises Superseded when the interview is no longer ours."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.check()

    async def flush(self) -> None:
        """Write all queued turns, in order. Raises StoreUnavailable; what was not written stays queued."""
        while self._waiting:
            turn = self._waiting[0]
            interview = await self._store.save_turn(self._session_id, self._epoch, turn)
            # If it was replaced meanwhile, the next round writes the newer version.
            if self._waiting[0] is turn:
                self._waiting.popleft()
            self._on_record(interview)
        self._wake.clear()

    async def all_turns(self, unfinished: Callable[[], Iterable[Turn]]) -> list[Turn]:
        """Every turn so far, by number: those in the store, those that wait, and the `unfinished` ones as they are when
        the store has answered. Raises StoreUnavailable.
        """
        turns = {turn.number: turn for turn in await self._store.turns(self._session_id)}
        turns |= {turn.number: turn for turn in (*self._waiting, *unfinished())}
        return [turns[number] for number in sorted(turns)]

    async def save_handle(self, handle: str | None) -> None:
        """Store a resumption handle, or None. Raises Superseded and StoreUnavailable."""
        await self._store.save_handle(self._session_id, self._epoch, handle)

    async def save_usage(self) -> None:
        """Write the tokens and the thinking time since the last heartbeat. Raises StoreUnavailable."""
        if (self.usage, self.thinking_seconds) != (self._saved_usage, self._saved_thinking):
            await self._touch()

    def log_usage(self) -> None:
        """Log the tokens of this connection."""
        cost.write(self._session_id, live=self._live, text=self._transcription)

    async def _touch(self) -> Interview:
        used, thought = self.usage, self.thinking_seconds
        interview = await self._store.touch(self._session_id, self._epoch, self._now(), used, thought)
        self._saved_usage, self._saved_thinking = used, thought
        return interview

    async def check(self) -> None:
        """Send a heartbeat to the store and read the record, if `TOUCH_EVERY` seconds have passed since the last one.

        An unavailable store gets it with the next call. Raises Superseded when the interview is no longer ours.
        """
        if self._time() < self._touch_at:
            return
        try:
            self._on_record(await self._touch())
        except StoreUnavailable:
            log.write("WARNING", "heartbeat_failed", session_id=self._session_id)
        else:
            self._touch_at = self._time() + TOUCH_EVERY
