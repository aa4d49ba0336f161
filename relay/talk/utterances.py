"""A turn while it is being spoken, and the events that report it."""

from dataclasses import dataclass, field
from typing import Final

from interview.record import Doubt, Source, Speaker, Turn

_NOISES: Final = (("[", "]"), ("<", ">"), ("(", ")"))
"""Marks such as [Silence] or <noise>, which are no words."""
ENDINGS: Final = (".", "?", "!", "…", ":", ";", '"', "'", "”", "’", "»", ")", "。", "？", "！", "।", "؟", "۔")  # noqa: RUF001
"""What ends a sentence."""


@dataclass(frozen=True, slots=True)
class Caption:
    """The whole text of a turn so far."""

    turn: int
    speaker: Speaker
    text: str
    final: bool
    doubt: tuple[Doubt, ...] = ()
    answer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A turn for the record: new, or replacing the one with its number. A spoken answer has its sound's times."""

    turn: Turn
    began: float = field(default=0.0, compare=False)
    ended: float = field(default=0.0, compare=False)


TurnEvent = Caption | Finished


@dataclass(slots=True)
class Answer:
    """A turn of the candidate, from the first sound to the last word that is amended."""

    number: int
    began: float
    ended: float
    seconds: float = 0.0
    """Seconds of speech, without the pauses."""
    stretches: int = 0
    """Stretches of speech that have ended."""
    over: bool = False
    """It began while the interviewer was speaking."""
    pieces: list[str] = field(default_factory=list)
    source: Source = "speech"
    doubts: set[Doubt] = field(default_factory=set)
    transcribed_stretches: int = 0
    finished_stretches: int = 0
    """Stretches after which the candidate said that the answer is complete."""
    earliest: float = float("-inf")
    """When the turn before it began."""
    id: str | None = None
    """What the page calls a typed answer."""

    @property
    def text(self) -> str:
        return "".join(self.pieces).strip()


@dataclass(slots=True)
class Utterance:
    """A turn of the interviewer."""

    number: int
    began: float
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces).strip()


class Numbers:
    """The numbers of one connection's turns, in the order in which the turns began."""

    def __init__(self, first: int) -> None:
        self._first = self._next = first
        self.opened_at = self.opened_before = float("-inf")
        """When the newest turn began, and the one before it."""

    @property
    def unused(self) -> bool:
        """No turn has begun."""
        return self._next == self._first

    @property
    def newest(self) -> int:
        """The number of the turn that began last."""
        return self._next - 1

    def next(self, began: float) -> int:
        """The number of a turn that began then."""
        self.opened_before, self.opened_at = self.opened_at, began
        self._next += 1
        return self._next - 1

    def take_back(self, number: int) -> bool:
        """Use a number again. Returns False if it is not the newest one."""
        if number != self._next - 1:
            return False
        self._next = number
        return True


def is_noise(text: str) -> bool:
    """Whether a transcription is a mark such as [Silence] and no words."""
    text = text.strip()
    return any(text.startswith(start) and text.endswith(end) for start, end in _NOISES)


def in_order(doubts: set[Doubt]) -> tuple[Doubt, ...]:
    """The doubts, in a fixed order."""
    return tuple(sorted(doubts))
