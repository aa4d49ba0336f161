"""Sketches of good answers to the interviewer's questions, after the interview and on demand."""

from contract.limits import MAX_SKETCHES
from interview import cost
from interview.api.authorisation import authorised
from interview.api.backends import Backends
from interview.api.message import Request, Response, answer_json
from interview.api.places import charge
from interview.assessment import sketch
from interview.errors import Invalid, ModelRefused
from interview.usage import Meter


async def sketch_answer(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/{session_id}/questions/{turn}/sketch`: a sketch of a good answer to this turn's question.

    The record keeps it, so that the model is asked once for each question, and `MAX_SKETCHES` times in all.
    """
    interview = await authorised(request, backends)
    session_id = interview.session_id
    if kept := interview.sketches.get(request.turn):
        return answer_json({"turn": int(request.turn), "sketch": kept})
    turns = await backends.store.turns(session_id)
    turn = next((one for one in turns if str(one.number) == request.turn and one.speaker == "interviewer"), None)
    if turn is None or not turn.text.strip():
        raise Invalid("turn must be the number of one of the interviewer's turns.", field="turn")
    if backends.text_model is None:
        raise ModelRefused("No language model is configured.")
    await backends.store.count_sketch(session_id, MAX_SKETCHES)
    meter = Meter()
    written = ""
    try:
        written = await sketch(turn.text, interview, backends.text_model.counted(meter.add))
    finally:
        cost.write(session_id, text=meter.total)
        if written or meter.total.calls:
            kept_in = await backends.store.save_sketch(session_id, request.turn, written, meter.total)
            await charge(kept_in, backends.clock(), backends.store)
    return answer_json({"turn": turn.number, "sketch": written})
