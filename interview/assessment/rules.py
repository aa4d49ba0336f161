"""The summary by the embedded rules, which describe how answers are built and judge nothing.

The answer itself says that rules have answered (`EMBEDDED` in `interview/gemini.py`). What they find passes the same
check as a model's claims, and no verdict, score or rubric is taken from them.
"""

from collections.abc import Sequence

from interview.assessment import request
from interview.assessment.claim import Court
from interview.assessment.draft import DESCRIPTION, read_description
from interview.assessment.passes import Tally
from interview.assessment.writing import described
from interview.gemini import TextModel
from interview.record import Interview, Turn
from interview.report import Summary


async def describe(
    interview: Interview, turns: Sequence[Turn], model: TextModel, court: Court, lines: tuple[list[str], str]
) -> Summary:
    """The description, by one call. Raises ModelUnavailable and its subclasses."""
    listed, left_out = lines
    prompt = f"{request.head(interview)}\n{request.transcript(listed)}\n"
    generated = await model.generate(system=request.DESCRIBER, prompt=prompt, schema=DESCRIPTION)
    checked = [court.check(draft) for draft in read_description(generated.content)]
    claims = [one.claim for one in checked if one.claim]
    tally = Tally(
        len(checked),
        len(checked) - len(claims),
        sum(one.quotes for one in checked),
        sum(one.quotes_dropped for one in checked),
    )
    return described(interview, turns, claims, tally, left_out)
