"""The service's time, which a test can advance. Speech keeps to real time."""

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta


class Clock:
    """Seconds since the service started, and the time of day.

    Create it in the event loop. `wake` has every waiting task check again how long to wait.
    """

    def __init__(self) -> None:
        self._time = asyncio.get_running_loop().time
        self._began = self._time()
        self._origin = datetime.now(UTC)
        self._woken = asyncio.Event()

    def now(self) -> float:
        """Seconds since the start."""
        return self._time() - self._began

    def date(self, at: float | None = None) -> datetime:
        """The time of day, now or at a time of this clock."""
        return self._origin + timedelta(seconds=self.now() if at is None else at)

    def stamp(self, at: float | None = None) -> str:
        """The time of day in Tavus's format."""
        return self.date(at).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def advance(self, seconds: float) -> None:
        """Move the clock forward: what was due in between happens now."""
        self._began -= seconds
        self.wake()

    def wake(self) -> None:
        """Have every waiting task check its due time again."""
        self._woken.set()
        self._woken = asyncio.Event()

    async def until(self, due: Callable[[], float]) -> None:
        """Wait until the time that `due` returns, which may change meanwhile; infinity is never."""
        while (left := due() - self.now()) > 0:
            woken = self._woken
            with suppress(TimeoutError):
                async with asyncio.timeout(None if left == math.inf else left):
                    await woken.wait()
