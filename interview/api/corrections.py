"""The candidate's corrections of the transcript, once, after the interview.

A correction says what was misheard. It can't be a better answer than the one that was given: it has no more words than
can have been said in the time, and is none of the sketches of a good answer.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from contract.limits import MAX_ANSWER, MAX_CORRECTIONS
from interview import log
from interview.api.authorisation import authorised
from interview.api.backends import Backends
from interview.api.body import JSON_BYTES, read_json
from interview.api.message import Request, Response, answer_json
from interview.assessment.words import count, repeats, row
from interview.errors import Invalid
from interview.record import Turn
from interview.tasks import hand_over
from interview.transcript import as_json

WORDS_PER_SECOND: Final = 5
"""Nobody says more than that; a fast speaker says three and a half."""
SPARE_WORDS: Final = 3
"""Words that a correction may have besides."""
DOUBTFUL_SECONDS: Final = 10.0
"""How long a spoken turn in doubt has lasted at least: what was not understood may have wrong times, too."""


async def correct(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/{session_id}/corrections`: keep what the candidate says they said; return the transcript.

    The record keeps both texts. The summary is dropped, and another one is written with the corrected words.
    """
    interview = await authorised(request, backends)
    corrections = _parse(await read_json(request, JSON_BYTES))
    _check(corrections, await backends.store.turns(interview.session_id), interview.sketches)
    corrected = await backends.store.correct(interview.session_id, corrections, backends.clock())
    log.write("INFO", "transcript_corrected", session_id=interview.session_id, turns=len(corrections))
    await hand_over(backends.tasks, interview.session_id)
    return answer_json(as_json(corrected, await backends.store.turns(interview.session_id)))


def _parse(content: Any) -> dict[int, str]:
    """The texts by turn. Raises Invalid."""
    items = content.get("corrections") if isinstance(content, dict) else None
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_CORRECTIONS:
        detail = f'Send 1 to {MAX_CORRECTIONS} corrections as JSON: {{"corrections": [{{"turn": 1, "text": "..."}}]}}.'
        raise Invalid(detail, field="corrections")
    corrections = dict(map(_parse_one, items))
    if len(corrections) < len(items):
        raise Invalid("A turn can be corrected once.", field="turn")
    return corrections


def _parse_one(item: Any) -> tuple[int, str]:
    turn, text = (item.get("turn"), item.get("text")) if isinstance(item, dict) else (None, None)
    if not isinstance(turn, int) or isinstance(turn, bool):
        raise Invalid("turn must be the number of a turn.", field="turn")
    said = text.replace("\r\n", "\n").strip() if isinstance(text, str) else ""
    if not 1 <= len(said) <= MAX_ANSWER:
        raise Invalid(f"text must have 1 to {MAX_ANSWER} characters.", field="text")
    return turn, said


def _check(corrections: Mapping[int, str], turns: Sequence[Turn], sketches: Mapping[str, str]) -> None:
    """Refuse what can't have been said. Raises Invalid. Whose the turns are is the store's to check."""
    known = [row(sketch) for sketch in sketches.values()]
    for turn in turns:
        text = corrections.get(turn.number, "")
        if repeats(text, known):
            detail = f"The text for turn {turn.number} repeats a sketch of a good answer. Write what you said."
            raise Invalid(detail, field="text")
        if count(text) > (most := _most_words(turn)):
            detail = f"The text for turn {turn.number} has {count(text)} words; {most} can have been said. Write those."
            raise Invalid(detail, field="text")


def _most_words(turn: Turn) -> int:
    """The most words of a turn. A typed one has as many as were typed."""
    seconds = (turn.ended_at - turn.started_at).total_seconds() if turn.source == "speech" else 0.0
    if turn.doubt and turn.source == "speech":
        seconds = max(seconds, DOUBTFUL_SECONDS)
    return max(count(turn.text), math.ceil(WORDS_PER_SECOND * seconds)) + SPARE_WORDS
