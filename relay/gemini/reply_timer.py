"""How long the service may keep everyone waiting."""

from collections.abc import Callable
from typing import Final

ANSWER: Final = 8.0
"""Seconds from the candidate's last sound to the interviewer's first, and between two sounds within a turn."""


class ReplyTimer:
    """Counts while something is `expected`; `time` is a monotonic clock in seconds."""

    __slots__ = ("_since", "_time")

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self._since: float | None = None

    @property
    def running(self) -> bool:
        """Somebody is waiting for the service."""
        return self._since is not None

    @property
    def waited(self) -> float | None:
        """Seconds since it was last expected anew, while it is."""
        return None if self._since is None else self._time() - self._since

    def restart(self) -> None:
        """From now on, or anew from now on."""
        self._since = self._time()

    def stop(self) -> None:
        """It has come; nothing is expected."""
        self._since = None

    def expired(self, seconds: float) -> bool:
        """Whether it has taken longer than this."""
        waited = self.waited
        return waited is not None and waited > seconds
