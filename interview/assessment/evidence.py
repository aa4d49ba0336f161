"""Which turns of an interview count, and the candidate's words in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from interview.assessment.words import Row, repeats, row
from interview.quotes import has_words
from interview.record import Turn

MOST_CHARACTERS: Final = 12_000
"""Of one turn: more than can be typed at once, or said in ten minutes. The rest of it is not looked at."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What an assessment may rest on, by the number of a turn.

    `answers` has the words of the candidate's turns that count, `asked` those of the interviewer. A `doubtful` turn
    earns and loses nothing: its record names a doubt and the candidate has not corrected it, or most of it repeats what
    the interviewer had said before. `doubted` has the words of those. A `corrected` turn counts with the corrected
    words.
    """

    answers: dict[int, str]
    asked: dict[int, str]
    doubted: dict[int, str]
    corrected: tuple[int, ...]
    rows: dict[int, Row]
    """The words of `asked` in a row, to look up what is borrowed."""

    @property
    def doubtful(self) -> tuple[int, ...]:
        """The numbers of the turns that do not count for a doubt."""
        return tuple(self.doubted)

    def borrowed(self, passage: str, turn: int) -> bool:
        """Whether a passage of an answer only repeats words that the interviewer had said before. A correction is
        written after all of the interviewer's words.
        """
        return repeats(passage, _known(self.rows, turn, corrected=turn in self.corrected))


def ground(turns: Sequence[Turn]) -> Ground:
    """What counts in these turns."""
    asked = {turn.number: turn.text[:MOST_CHARACTERS] for turn in turns if turn.speaker == "interviewer"}
    rows = {number: row(text) for number, text in asked.items()}
    answers: dict[int, str] = {}
    doubted: dict[int, str] = {}
    for turn in turns:
        if turn.speaker == "interviewer":
            continue
        words = turn.words[:MOST_CHARACTERS]
        unsure = bool(turn.doubt) and turn.corrected_text is None
        if unsure or repeats(words, _known(rows, turn.number, corrected=turn.corrected_text is not None)):
            doubted[turn.number] = words
        elif has_words(words):
            answers[turn.number] = words
    corrected = tuple(turn.number for turn in turns if turn.corrected_text is not None)
    return Ground(answers, asked, doubted, corrected, rows)


def _known(rows: dict[int, Row], turn: int, *, corrected: bool) -> Iterator[Row]:
    """The interviewer's words that the candidate had heard when they said or wrote this turn."""
    return (one for number, one in rows.items() if corrected or number < turn)
