"""The candidate's corrections of the transcript, once, after the interview."""

from typing import Any

from contract.limits import MAX_ANSWER, MAX_CORRECTIONS
from interview import log
from interview.api.authorisation import authorised
from interview.api.backends import Backends
from interview.api.body import JSON_BYTES, read_json
from interview.api.message import Request, Response, answer_json
from interview.errors import Invalid
from interview.tasks import hand_over
from interview.transcript import as_json


async def correct(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/{session_id}/corrections`: keep what the candidate says they said; return the transcript.

    The record keeps both texts. The summary is dropped, and another one is written with the corrected words.
    """
    interview = await authorised(request, backends)
    corrections = _parse(await read_json(request, JSON_BYTES))
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
