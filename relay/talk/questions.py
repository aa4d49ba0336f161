"""How many questions the interviewer has asked, and about how many there will be."""

from collections.abc import Sequence
from typing import Final

from interview.record import Turn
from relay.talk.farewell import is_goodbye

PLANNED: Final = 2
"""Questions at the planned pace that count beside those that were answered: one slow answer says little."""


class Questions:
    """Counts the interviewer's turns that ask: the greeting, and each reply that is no goodbye."""

    def __init__(self, before: Sequence[Turn]) -> None:
        """`before` are the turns of earlier connections."""
        self.asked = 0
        """Questions so far."""
        self._due = True
        for turn in before:
            if turn.speaker == "candidate":
                self._due = True
            elif self._due and not is_goodbye(turn.text):
                self.asked += 1
                self._due = False

    def begin(self, *, asks: bool) -> None:
        """The interviewer begins to speak; `asks`: it greets, or replies to an answer."""
        self._due = self._due or asks

    def count(self, *, goodbye: bool) -> int | None:
        """All of the turn has come, or it was cut off. Returns the number of its question if that is a new one."""
        if not self._due or goodbye:
            return None
        self._due = False
        self.asked += 1
        return self.asked


def estimate(asked: int, *, elapsed: float, left: float, planned_pace: float, most: int) -> int:
    """About how many questions there will be: those that were answered, and as many as fit into the `left` seconds
    until the goodbye, but not more than `most`, which the interviewer is told to ask. `asked` includes the present one;
    `elapsed` seconds have passed, and a question was planned to take `planned_pace` seconds.
    """
    answered = asked - 1
    pace = (elapsed + PLANNED * planned_pace) / (answered + PLANNED)
    return max(asked, min(most, answered + round(left / pace)))
