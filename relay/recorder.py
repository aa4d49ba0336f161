"""Puts finished turns into the store, in order, while the interview goes on.

A store that is away delays no word: turns wait here, bounded, and are tried again until they are in. Only when the
interview ends with turns still waiting is the record incomplete, and then the candidate is told.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Final, NoReturn

from interview import clock, log
from interview.errors import StoreUnavailable
from interview.record import Interview, Turn
from interview.store import Store

MAX_WAITING: Final = 512
"""Turns that may wait: more than an interview has."""
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 8.0
"""Seconds between two tries; it doubles from the first to the longest, with jitter."""
TOUCH_EVERY: Final = 30.0
"""Seconds from one sign to the store that the interview is carried to the next."""


class Recorder:
    """The way of one connection's turns into the store, under that connection's epoch."""

    def __init__(
        self,
        store: Store,
        interview: Interview,
        look: Callable[[Interview], None],
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        """`look` is shown the record whenever the store tells it."""
        self._store = store
        self._look = look
        self._now = now
        self._time = asyncio.get_running_loop().time
        # The claim was a sign of its own.
        self._touch_at = self._time() + TOUCH_EVERY
        self._session_id = interview.session_id
        self._epoch = interview.live.epoch
        self._waiting: deque[Turn] = deque(maxlen=MAX_WAITING)
        self._some = asyncio.Event()
        self.lost = 0

    @property
    def waiting(self) -> int:
        """Turns that are not in the store yet."""
        return len(self._waiting)

    @property
    def unkept(self) -> list[Turn]:
        """The same turns themselves."""
        return list(self._waiting)

    def keep(self, turn: Turn) -> None:
        """Queue a turn. One that is told again replaces itself if it still waits."""
        for place, other in enumerate(self._waiting):
            if other.number == turn.number:
                self._waiting[place] = turn
                return
        if len(self._waiting) == MAX_WAITING:
            self.lost += 1
        self._waiting.append(turn)
        self._some.set()

    async def pump(self) -> NoReturn:
        """Keep what is queued, for ever. Raises Superseded or AlreadyEnded when the interview is not ours any more."""
        pause = FIRST_PAUSE
        while True:
            await self._some.wait()
            try:
                await self.flush()
                pause = FIRST_PAUSE
            except StoreUnavailable:
                log.write("WARNING", "turn_delayed", session_id=self._session_id, waiting=len(self._waiting))
                await asyncio.sleep(pause * random.uniform(0.5, 1))
                pause = min(pause * 2, LONGEST_PAUSE)

    async def flush(self) -> None:
        """Keep all that is queued now, in order. What could not be kept goes on waiting."""
        while self._waiting:
            turn = self._waiting[0]
            interview = await self._store.save_turn(self._session_id, self._epoch, turn)
            # Amended while it was being written: leave the newer text to the next round.
            if self._waiting[0] is turn:
                self._waiting.popleft()
            self._look(interview)
        self._some.clear()

    async def check(self) -> None:
        """Every `TOUCH_EVERY` seconds, tell the store that the interview is carried, and look at the record; in between
        nothing. A store that is away is told the next time. Raises Superseded when the interview is not ours any more.
        """
        if self._time() < self._touch_at:
            return
        try:
            self._look(await self._store.touch(self._session_id, self._epoch, self._now()))
        except StoreUnavailable:
            log.write("WARNING", "record_not_seen", session_id=self._session_id)
        else:
            self._touch_at = self._time() + TOUCH_EVERY
