"""Retries of calls to other services: a bounded number of attempts with exponential backoff and jitter.

Only a call that may be repeated safely is retried. Each call site gives every attempt a timeout of its own, and turns
the last error into one of `interview.errors`.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from tenacity import AsyncRetrying, RetryCallState, Retrying, retry_base, stop_after_attempt, stop_before_delay

T = TypeVar("T")

_MAX_DOUBLINGS = 32
"""Enough for any pause; without a limit a loop that never ends would overflow a float."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses between attempts, in seconds: up to `first` after the first failure, doubled each time up to `longest`."""

    first: float
    longest: float

    def pause(self, failures: int) -> float:
        """Seconds to wait after this many failures in a row (1 or more): at random, half of the pause to all of it."""
        upper = min(self.longest, self.first * 2 ** min(failures - 1, _MAX_DOUBLINGS))
        return random.uniform(upper / 2, upper)


@dataclass(frozen=True, slots=True)
class Policy:
    """How a call is repeated: at most `attempts`, with the pauses of `backoff`, all within `seconds`."""

    attempts: int
    seconds: float
    backoff: Backoff

    async def run(self, work: Callable[[], Awaitable[T]], *, retry: retry_base) -> T:
        """The result of the last attempt. `retry` decides which errors and results lead to another attempt.

        Raises the error of the last attempt, and TimeoutError when all attempts together exceed `seconds`.
        """

        async def attempt() -> T:  # tenacity awaits the result of a coroutine function and of nothing else
            return await work()

        async with asyncio.timeout(self.seconds):
            return await AsyncRetrying(**self._options(retry))(attempt)

    def run_blocking(self, work: Callable[[], T], *, retry: retry_base) -> T:
        """As `run`, for a blocking call. An attempt can't be cancelled, so `seconds` only limits when the last begins.

        Raises the error of the last attempt.
        """
        return Retrying(**self._options(retry))(work)

    def _options(self, retry: retry_base) -> dict[str, Any]:
        return {
            "retry": retry,
            "wait": lambda state: self.backoff.pause(state.attempt_number),
            "stop": stop_after_attempt(self.attempts) | stop_before_delay(self.seconds),
            "retry_error_callback": _last_outcome,
        }


def _last_outcome(state: RetryCallState) -> Any:
    """The result or the error of the last attempt, in place of tenacity's own RetryError."""
    assert state.outcome is not None  # noqa: S101 - it has been called
    return state.outcome.result()
