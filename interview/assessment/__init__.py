"""The assessment of an interview: claims that the transcript proves, and a verdict that follows from them.

One call or two derive the rubric if the interview has none, and it is kept at once. Two passes at a time make claims
and scores, and each is asked once more for what could not be proven. `docs/decisions/0050-claims.md` and
`0051-rubric.md` have the reasons.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from interview.assessment import amount, passes, request, rubric, rules, vocabulary, writing
from interview.assessment.claim import Court
from interview.assessment.evidence import ground
from interview.assessment.sketch import sketch
from interview.errors import ModelRefused, ModelSilent
from interview.gemini import ASSESSMENT_SECONDS, TextModel
from interview.record import Interview, Turn
from interview.report import Rubric, Summary

__all__ = ["Keep", "assess", "declined", "sketch"]

Keep = Callable[[Rubric], Awaitable[object]]
"""Keeps a rubric in the record, so that no other attempt derives it again."""


async def assess(
    interview: Interview, turns: Sequence[Turn], model: TextModel | None, keep: Keep | None = None
) -> Summary:
    """The summary, within `ASSESSMENT_SECONDS`; without a call to the model if there is too little to assess.

    A rubric that is derived goes to `keep` before anything is judged by it.

    Raises ModelUnavailable and its subclasses; its code is `model_blocked` when the model declines the conversation.
    """
    told = ground(turns)
    if not told.answers and not told.doubted:
        return writing.not_assessed(interview, turns, "no_answer")
    if missing := amount.missing(told, turns):
        return writing.not_assessed(interview, turns, "too_little", missing)
    if model is None:
        raise ModelRefused("No language model is configured.")
    try:
        async with asyncio.timeout(ASSESSMENT_SECONDS):
            return await _assess(interview, turns, model, keep)
    except TimeoutError:
        raise ModelSilent("The language model did not finish the assessment in time.") from None


def declined(interview: Interview, turns: Sequence[Turn]) -> Summary:
    """The summary of a conversation that the model declines to assess, every time."""
    return writing.not_assessed(interview, turns, "declined")


async def _assess(interview: Interview, turns: Sequence[Turn], model: TextModel, keep: Keep | None) -> Summary:
    # In a thread: reading the dictionaries takes time, and others wait for this loop.
    await asyncio.to_thread(vocabulary.load, interview.language)
    told = ground(turns)
    criteria = interview.rubric
    if criteria is None and (criteria := await rubric.derive(interview, model)) and keep:
        await keep(criteria)
    lines, left_out = request.transcript_lines(turns, told)
    terms = [interview.skill_topic]
    if criteria:
        terms += [text for one in criteria.criteria for text in (one.name, one.expects)]
    court = Court(told, terms, interview.language)
    if criteria:
        prompts = [request.assessment(interview, criteria, lines, left_out, turned=turned) for turned in (False, True)]
        keys = [one.key for one in criteria.criteria]
        first, second = await _together([passes.run(model, prompt, court, keys) for prompt in prompts])
        if first and second:
            return writing.judged(interview, turns, criteria, (first, second), left_out)
    return await rules.describe(interview, turns, model, court, (lines, left_out))


async def _together(runs: Sequence[Coroutine[Any, Any, passes.Pass | None]]) -> list[passes.Pass | None]:
    """Both passes at once; when one fails, the other is cancelled."""
    tasks = [asyncio.create_task(run) for run in runs]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
