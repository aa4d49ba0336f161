"""The typed answers of an interview that the relay has taken, by the ids that the page gave them."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from interview.record import Turn
from relay.browser import messages

MOST: Final = 256
"""Answers that are known: more than an interview has. Their ids are in the record, where the next connection finds
them.
"""


class TypedAnswers:
    """Finds the caption that confirms an answer, for a page that sends the answer again."""

    def __init__(self, turns: Iterable[Turn]) -> None:
        """`turns` are those of the record."""
        self._taken: OrderedDict[str, tuple[int, str]] = OrderedDict()
        for turn in turns:
            self.add(turn.answer_id or "", turn.number, turn.text)

    def add(self, answer_id: str, number: int, text: str) -> None:
        """Remember an answer that was taken as the turn of this number. One without an id can't come again."""
        if not answer_id:
            return
        self._taken[answer_id] = (number, text)
        if len(self._taken) > MOST:
            self._taken.popitem(last=False)

    def caption(self, answer_id: str) -> str | None:
        """The caption that confirms an answer; None if it was not taken."""
        if answer_id not in self._taken:
            return None
        number, text = self._taken[answer_id]
        return messages.caption(number, "candidate", text, final=True, answer_id=answer_id)
