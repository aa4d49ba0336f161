"""Measures of an interview: times, lengths, pauses, fillers and pace. They count in no score."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from interview.assessment.script import is_unspaced
from interview.assessment.words import count
from interview.record import Turn
from interview.report import AnswerFacts, Facts, Filler

_FILLERS: Final = {
    "en": ("um", "uh", "uhm", "er", "erm", "hmm", "you know", "i mean", "sort of", "kind of", "basically", "actually"),
    "de": ("äh", "ähm", "hm", "halt", "sozusagen", "quasi", "irgendwie", "eigentlich"),
    "fr": ("euh", "ben", "bah", "du coup", "en fait", "genre", "voilà"),
    "es": ("eh", "em", "o sea", "pues", "bueno", "digamos"),
    "it": ("ehm", "eh", "cioè", "diciamo", "praticamente", "insomma"),
    "pt": ("hum", "né", "tipo", "digamos", "quer dizer"),
    "nl": ("eh", "uh", "uhm", "zeg maar", "eigenlijk", "gewoon"),
    "pl": ("yyy", "eee", "no wiesz", "jakby", "w sumie"),
    "tr": ("şey", "yani", "hani"),
}
"""Fillers by language, in lower case. Other languages have none listed, and none are counted."""
_LEAST_WORDS: Final = 30
"""Spoken words from which a pace is meaningful."""
_NOT_THEIRS: Final = frozenset(("echo", "repeated"))
"""Doubts of a turn that is not the candidate's own speech, or not a second time."""


def measure(turns: Sequence[Turn], language: str) -> Facts:
    """The measures of these turns, in their order.

    `answers` has every turn of the candidate, also a doubtful one. The sums leave out what was not the candidate's own
    speech; pace and fillers also leave out typed and untranscribed turns.
    """
    own = [turn for turn in turns if turn.speaker == "candidate" and not _NOT_THEIRS & set(turn.doubt)]
    spoken = [turn for turn in own if turn.source == "speech"]
    return Facts(
        interviewer_seconds=_seconds([turn for turn in turns if turn.speaker == "interviewer"]),
        candidate_seconds=_seconds(spoken),
        words=sum(count(turn.words) for turn in own),
        words_per_minute=_pace([turn for turn in spoken if turn.text]),
        fillers=_fillers(spoken, language),
        answers=_answers(turns),
    )


def _seconds(turns: Sequence[Turn]) -> float:
    return round(sum(max(0.0, (turn.ended_at - turn.started_at).total_seconds()) for turn in turns), 1)


def _pace(spoken: Sequence[Turn]) -> int | None:
    said, seconds = sum(count(turn.text) for turn in spoken), _seconds(spoken)
    unspaced = any(map(is_unspaced, "".join(turn.text for turn in spoken)))
    return None if said < _LEAST_WORDS or not seconds or unspaced else round(60 * said / seconds)


def _fillers(spoken: Sequence[Turn], language: str) -> tuple[Filler, ...]:
    known = _FILLERS.get(language.split("-", maxsplit=1)[0].lower(), ())
    if not known:
        return ()
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})\b")
    counts = Counter(word for turn in spoken for word in pattern.findall(turn.text.casefold()))
    return tuple(Filler(word, times) for word, times in counts.most_common())


def _answers(turns: Sequence[Turn]) -> tuple[AnswerFacts, ...]:
    if not turns:
        return ()
    start = turns[0].started_at
    pauses = {
        after.number: max(0.0, (after.started_at - before.ended_at).total_seconds())
        for before, after in pairwise(turns)
    }
    return tuple(
        AnswerFacts(
            turn=turn.number,
            offset=round(max(0.0, (turn.started_at - start).total_seconds()), 1),
            seconds=_seconds([turn]),
            pause=round(pauses.get(turn.number, 0.0), 1),
            words=count(turn.words),
            source=turn.source,
        )
        for turn in turns
        if turn.speaker == "candidate"
    )
