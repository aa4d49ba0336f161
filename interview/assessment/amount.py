"""How much has to be said before anything is assessed."""

from collections.abc import Iterable, Sequence
from typing import Final

from interview.assessment.evidence import Ground
from interview.assessment.words import Row, count, repeats, row, words
from interview.quotes import without_demands
from interview.record import Turn

ANSWERS: Final = 3
"""Answers with substance that an assessment needs."""
SUBSTANCE: Final = 8
"""Words from which an answer has substance."""
WORDS: Final = 50
"""Words of all answers that count."""
SECONDS: Final = 60
"""Seconds from the first words of the interview to the end of the last answer that counts."""
_VARIED: Final = 0.4
"""The share of different words in an answer with substance. Babble has less."""
_LONG: Final = 30
"""Words among which repetition says something. In a longer answer the first ones are looked at."""


def missing(ground: Ground, turns: Sequence[Turn]) -> tuple[str, ...]:
    """What is missing for an assessment, in sentences; none if there is enough."""
    said = _distinct(without_demands(text) for text in ground.answers.values())
    answers, total = sum(map(has_substance, said)), sum(map(count, said))
    seconds = round(_seconds(ground, turns))
    found: list[str] = []
    if answers < ANSWERS:
        found.append(
            f"{_many(answers, 'answer')} had {SUBSTANCE} different words or more; {ANSWERS} such answers are needed."
        )
    if total < WORDS:
        found.append(f"The answers that count have {_many(total, 'word')}; {WORDS} are needed.")
    if seconds < SECONDS:
        found.append(f"The conversation up to your last answer took {_many(seconds, 'second')}; {SECONDS} are needed.")
    if found and ground.doubted:
        found.append(
            f"{_many(len(ground.doubted), 'answer')} could not be understood with certainty and did not count."
        )
    return tuple(found)


def has_substance(text: str) -> bool:
    """Whether an answer has enough words, and enough different ones."""
    said = words(text)[:_LONG]
    return count(text) >= SUBSTANCE and len(set(said)) >= _VARIED * len(said)


def _seconds(ground: Ground, turns: Sequence[Turn]) -> float:
    ends = [turn.ended_at for turn in turns if turn.number in ground.answers]
    return max(0.0, (max(ends) - min(turn.started_at for turn in turns)).total_seconds()) if ends else 0.0


def _distinct(texts: Iterable[str]) -> list[str]:
    """The texts without those that only repeat one before: an answer that is given three times is one answer."""
    found: list[str] = []
    rows: list[Row] = []
    for text in texts:
        if not repeats(text, rows):
            found.append(text)
            rows.append(row(text))
    return found


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
