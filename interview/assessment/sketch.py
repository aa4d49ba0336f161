"""A sketch of a good answer to one question, on demand: marked as a sample, and without a word about the candidate."""

from typing import Any, Final

from interview.assessment import request
from interview.assessment.person import mentions_the_candidate, tells_of_a_person
from interview.errors import ModelRefused, ModelUnavailable
from interview.fence import neutral_line
from interview.gemini import EMBEDDED, TextModel
from interview.quotes import SENTENCE_WITH_END, demands, has_words, without_demands
from interview.record import Interview

MAX_SKETCH: Final = 1_500
"""Characters."""
SAMPLE: Final = "A sample answer, not one that was given: "
"""How every sketch begins."""
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
    kept = _impersonal(written[:MAX_SKETCH]) if isinstance(written, str) else ""
    if not has_words(kept):
        raise ModelUnavailable("The language model's sketch is not in the requested form.")
    return f"{SAMPLE}{kept}"


def _impersonal(written: str) -> str:
    """The text without sentences that speak of the candidate or to the assessor; its line breaks are kept."""
    return SENTENCE_WITH_END.sub(lambda found: "" if _personal(found.group()) else found.group(), written).strip()


def _personal(sentence: str) -> bool:
    return mentions_the_candidate(sentence) or tells_of_a_person(sentence) or demands(sentence)
