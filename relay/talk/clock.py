"""The interview's clock: wall-clock time since it first went live, connections notwithstanding."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from contract.limits import TIME_SECONDS
from interview.record import Interview

FAREWELL: Final = 25.0
"""Seconds from the goodbye to the end."""
TICK: Final = TIME_SECONDS
"""Seconds between two `time` messages."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Times in seconds since `started_at`; at `wrap_up` and `goodbye` the interviewer is told of the time left."""

    started_at: datetime
    limit: float
    now: Callable[[], datetime]
    cut_at: float | None = None
    """When it was cut short."""

    @classmethod
    def of(cls, interview: Interview, now: Callable[[], datetime]) -> "Clock":
        """The clock of a claimed interview."""
        return cls(interview.started_at or now(), interview.max_duration_seconds, now)

    @property
    def elapsed(self) -> float:
        return max(0.0, (self.now() - self.started_at).total_seconds())

    @property
    def remaining(self) -> float:
        return max(0.0, self.limit - self.elapsed)

    @property
    def wrap_up(self) -> float:
        """Three minutes before the end, or a fifth of a short interview."""
        return self.limit - min(180.0, self.limit / 5)

    @property
    def goodbye(self) -> float:
        """Long enough before the end for a farewell: 25 seconds, or a tenth of a short interview."""
        if self.cut_at is not None:
            return self.cut_at
        return self.limit - min(FAREWELL, self.limit / 10)

    def cut_short(self) -> "Clock":
        """The clock of an interview whose goodbye is due now."""
        elapsed = self.elapsed
        return replace(self, limit=min(self.limit, elapsed + FAREWELL), cut_at=elapsed)

    def next_mark(self) -> float:
        """Seconds from now to the next tick or threshold, whichever is first; at least a moment."""
        elapsed = self.elapsed
        tick = (int(elapsed / TICK) + 1) * TICK
        marks = [tick, *(mark for mark in (self.wrap_up, self.goodbye, self.limit) if mark > elapsed)]
        return max(0.01, min(marks) - elapsed)
