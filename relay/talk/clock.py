"""The interview's clock: wall-clock time since it first went live, over all connections, without thinking time."""

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
    """Times in seconds since `started_at` without thinking time; at `wrap_up` and `goodbye` the interviewer is told of
    the time left.
    """

    started_at: datetime
    limit: float
    now: Callable[[], datetime]
    cut_at: float | None = None
    """When it was cut short."""
    allowance: float = 0.0
    """Seconds of thinking time in all that don't count. The clock runs on after them."""
    thought: float = 0.0
    """Seconds of thinking time that is over."""
    thinking_since: datetime | None = None
    """When the present thinking time began."""

    @classmethod
    def of(cls, interview: Interview, now: Callable[[], datetime]) -> "Clock":
        """The clock of a claimed interview."""
        return cls(
            interview.started_at or now(),
            interview.max_duration_seconds,
            now,
            allowance=interview.thinking_allowance,
            thought=interview.thinking_seconds,
        )

    @property
    def thinking(self) -> float:
        """Seconds of thinking time that don't count, so far."""
        present = (self.now() - self.thinking_since).total_seconds() if self.thinking_since else 0.0
        return min(self.allowance, self.thought + max(0.0, present))

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        return self.thinking_since is not None and self.thinking < self.allowance

    @property
    def elapsed(self) -> float:
        return max(0.0, (self.now() - self.started_at).total_seconds() - self.thinking)

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

    def think(self, *, on: bool) -> "Clock":
        """The clock of an interview whose candidate has begun or ended thinking time."""
        return replace(self, thought=self.thinking, thinking_since=self.now() if on else None)

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
