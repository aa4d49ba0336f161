"""One pass of the assessor: its answer, the check of each sentence, and one request to mend what was not proven."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from interview.assessment import request
from interview.assessment.claim import Checked, Claim, Court, Draft
from interview.assessment.draft import PASS, REPAIR, Sheet, read_pass, read_repair
from interview.errors import ModelUnavailable
from interview.gemini import EMBEDDED, TextModel

_EXPECTED: Final = 3
"""The score of a candidate who does what the level expects."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many sentences and quotes were checked, and how many of them did not stand."""

    claims: int = 0
    claims_dropped: int = 0
    quotes: int = 0
    quotes_dropped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.claims + other.claims,
            self.claims_dropped + other.claims_dropped,
            self.quotes + other.quotes,
            self.quotes_dropped + other.quotes_dropped,
        )


@dataclass(frozen=True, slots=True)
class Pass:
    """What stands of one pass. A score without a quoted claim for its competency does not stand."""

    model: str
    claims: tuple[Claim, ...]
    scores: dict[str, int]
    steps: dict[str, str]
    tally: Tally


async def run(model: TextModel, prompt: str, court: Court, keys: Collection[str]) -> Pass | None:
    """One pass by the rubric with these keys; None if the embedded rules have answered.

    Raises ModelUnavailable and its subclasses. When the request to mend fails, what could not be proven is dropped.
    """
    generated = await model.generate(system=request.ASSESSOR, prompt=prompt, schema=PASS)
    if generated.model == EMBEDDED:
        return None
    sheet = read_pass(generated.content, keys)
    first = [court.check(draft) for draft in sheet.drafts]
    second = await _repaired(model, prompt, court, [one for one in first if one.claim is None])
    return _pass(generated.model, sheet, first, second)


async def _repaired(model: TextModel, prompt: str, court: Court, rejected: Sequence[Checked]) -> list[Checked]:
    if not rejected:
        return []
    try:
        generated = await model.generate(
            system=request.REPAIRER, prompt=request.repair(prompt, rejected), schema=REPAIR
        )
    except ModelUnavailable:
        return []
    drafts: dict[str, Draft] = {one.draft.key: one.draft for one in rejected}
    return [court.check(draft) for draft in read_repair(generated.content, drafts)]


def _pass(model: str, sheet: Sheet, first: Sequence[Checked], second: Sequence[Checked]) -> Pass:
    standing = {one.draft.key: one.claim for one in (*first, *second) if one.claim}
    claims = tuple(standing[draft.key] for draft in sheet.drafts if draft.key in standing)
    tally = Tally(
        claims=len(sheet.drafts),
        claims_dropped=len(sheet.drafts) - len(claims),
        quotes=sum(one.quotes for one in (*first, *second)),
        quotes_dropped=sum(one.quotes_dropped for one in (*first, *second)),
    )
    return Pass(model, claims, supported(sheet.scores, claims), sheet.steps, tally)


def supported(scores: dict[str, int], claims: Iterable[Claim]) -> dict[str, int]:
    """The scores that claims with quotes support: one above what is expected needs a strength, one below an
    improvement, or it counts as what is expected.
    """
    quoted = {(claim.competency, claim.kind) for claim in claims if claim.evidence}
    found: dict[str, int] = {}
    for key, score in scores.items():
        strong, weak = (key, "strength") in quoted, (key, "improvement") in quoted
        if strong or weak:
            found[key] = min(score, _EXPECTED) if not strong else max(score, _EXPECTED) if not weak else score
    return found
