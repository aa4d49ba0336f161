"""The service's time, which a test can move forward; speech keeps to the real one."""

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta


class Clock:
    """Seconds since the service began, and the time of day that goes with them.

    To be made in the event loop. Whoever waits is told of every change (`stir`), and asks again how long to wait.
    """

    def __init__(self) -> None:
        self._time = asyncio.get_running_loop().time
        self._began = self._time()
        self._origin = datetime.now(UTC)
        self._stirred = asyncio.Event()

    def now(self) -> float:
        """Seconds since the beginning."""
        return self._time() - self._began

    def date(self, at: float | None = None) -> datetime:
        """The time of day, now or at another moment of this clock."""
        return self._origin + timedelta(seconds=self.now() if at is None else at)

    def stamp(self, at: float | None = None) -> str:
        """The same as the service writes it."""
        return self.date(at).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def advance(self, seconds: float) -> None:
        """Move forward: what was due meanwhile happens now."""
        self._began -= seconds
        self.stir()

    def stir(self) -> None:
        """Have all who wait ask again until when."""
        self._stirred.set()
        self._stirred = asyncio.Event()

    async def until(self, due: Callable[[], float]) -> None:
        """Until the moment that `due` gives, which may change while one waits; infinity is never."""
        while (left := due() - self.now()) > 0:
            stirred = self._stirred
            with suppress(TimeoutError):
                async with asyncio.timeout(None if left == math.inf else left):
                    await stirred.wait()
