"""The assessment of an interview: claims that the transcript proves, and a verdict that follows from them.

One call derives the rubric if the interview has none. Two passes at once make claims and scores, and each is asked once
more for what could not be proven. `docs/decisions/0050-claims.md` and `0051-rubric.md` have the reasons.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from interview.assessment import amount, passes, request, rubric, rules, writing
from interview.assessment.claim import Court
from interview.assessment.evidence import ground
from interview.assessment.sketch import sketch
from interview.errors import ModelRefused, ModelSilent
from interview.gemini import ASSESSMENT_SECONDS, TextModel
from interview.record import Interview, Turn
from interview.report import Rubric, Summary

__all__ = ["Assessment", "assess", "declined", "sketch"]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A summary, and the rubric that it was judged by; None if nothing was judged."""

    summary: Summary
    rubric: Rubric | None


async def assess(interview: Interview, turns: Sequence[Turn], model: TextModel | None) -> Assessment:
    """The assessment, within `ASSESSMENT_SECONDS`; without a call to the model if there is too little to assess.

    Raises ModelUnavailable and its subclasses; its code is `model_blocked` when the model declines the conversation.
    """
    told = ground(turns)
    if not told.answers and not told.doubted:
        return Assessment(writing.not_assessed(interview, turns, "no_answer"), interview.rubric)
    if missing := amount.missing(told, turns):
        return Assessment(writing.not_assessed(interview, turns, "too_little", missing), interview.rubric)
    if model is None:
        raise ModelRefused("No language model is configured.")
    try:
        async with asyncio.timeout(ASSESSMENT_SECONDS):
            return await _assess(interview, turns, model)
    except TimeoutError:
        raise ModelSilent("The language model did not finish the assessment in time.") from None


def declined(interview: Interview, turns: Sequence[Turn]) -> Summary:
    """The summary of a conversation that the model declines to assess, every time."""
    return writing.not_assessed(interview, turns, "declined")


async def _assess(interview: Interview, turns: Sequence[Turn], model: TextModel) -> Assessment:
    told = ground(turns)
    criteria = interview.rubric or await rubric.derive(interview, model)
    lines, left_out = request.transcript_lines(turns, told)
    vocabulary = [interview.skill_topic]
    if criteria:
        vocabulary += [text for one in criteria.criteria for text in (one.name, one.expects)]
    court = Court(told, vocabulary, interview.language)
    if criteria:
        prompts = [request.assessment(interview, criteria, lines, left_out, turned=turned) for turned in (False, True)]
        keys = [one.key for one in criteria.criteria]
        first, second = await _together([passes.run(model, prompt, court, keys) for prompt in prompts])
        if first and second:
            return Assessment(writing.judged(interview, turns, criteria, (first, second), left_out), criteria)
    return Assessment(await rules.describe(interview, turns, model, court, (lines, left_out)), interview.rubric)


async def _together(runs: Sequence[Coroutine[Any, Any, passes.Pass | None]]) -> list[passes.Pass | None]:
    """Both passes at once; when one fails, the other is cancelled."""
    tasks = [asyncio.create_task(run) for run in runs]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
