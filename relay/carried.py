"""What one connection of the page leaves to the next in this process."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from relay.gemini.replay_buffer import ReplayBuffer
from relay.talk.ear import Ear
from relay.talk.utterances import Answer

PARKED_SECONDS: Final = 120.0
"""Seconds for which unacknowledged sound is kept for the next connection of the page."""
MOST_PARKED: Final = 64 * 1024 * 1024
"""Bytes of sound that are kept in all."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Sound that Gemini has not acknowledged, and the answer that it belongs to."""

    replay: ReplayBuffer
    ear: Ear
    answer: Answer | None


class Parking:
    """Keeps what connections have left, by interview, for as long as a page takes to dial again."""

    def __init__(self, time: Callable[[], float]) -> None:
        """`time` is a monotonic clock, in seconds."""
        self._time = time
        self._parked: OrderedDict[str, tuple[float, int, Carried]] = OrderedDict()
        """By session id: when it was left, the epoch of the connection, and what it left."""

    def put(self, session_id: str, epoch: int, carried: Carried) -> None:
        """Keep what the connection of this epoch has left. The oldest go first when there is too much."""
        self._parked[session_id] = (self._time(), epoch, carried)
        self._parked.move_to_end(session_id)
        while sum(one.replay.length for *_, one in self._parked.values()) > MOST_PARKED:
            self._parked.popitem(last=False)

    def take(self, session_id: str, epoch: int) -> Carried | None:
        """What the connection before the one of this epoch has left. It is stale once another instance has gone on in
        between.
        """
        oldest = self._time() - PARKED_SECONDS
        for other in [one for one, (at, *_) in self._parked.items() if at < oldest]:
            del self._parked[other]
        _, left_at, carried = self._parked.pop(session_id, (0.0, 0, None))
        return carried if left_at == epoch - 1 else None
