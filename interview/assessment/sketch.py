"""A sketch of a good answer to one question, on demand. It says nothing about the candidate."""

from typing import Any, Final

from interview.assessment import request
from interview.errors import ModelRefused, ModelUnavailable
from interview.fence import neutral_line
from interview.gemini import EMBEDDED, TextModel
from interview.quotes import without_demands
from interview.record import Interview

MAX_SKETCH: Final = 1_500
"""Characters."""
_MAX_QUESTION: Final = 2_000
SCHEMA: Final[dict[str, Any]] = {
    "type": "OBJECT",
    "properties": {"sketch": {"type": "STRING"}},
    "required": ["sketch"],
}


async def sketch(question: str, interview: Interview, model: TextModel) -> str:
    """The sketch, by one call.

    Raises ModelUnavailable and its subclasses; ModelRefused if the embedded rules answer, which know no answers.
    """
    line = f"[turn 0] interviewer: {without_demands(neutral_line(question[:_MAX_QUESTION]))}"
    generated = await model.generate(
        system=request.SKETCHER, prompt=f"{request.head(interview)}\n{request.transcript([line])}\n", schema=SCHEMA
    )
    if generated.model == EMBEDDED:
        raise ModelRefused("The embedded interviewer can't sketch answers.")
    written = generated.content.get("sketch") if isinstance(generated.content, dict) else None
    if not isinstance(written, str) or not written.strip():
        raise ModelUnavailable("The language model's sketch is not in the requested form.")
    return written.strip()[:MAX_SKETCH]
