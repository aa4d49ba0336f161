"""The rubric: four to six criteria, derived once from topic and level and then kept with the interview.

A criterion says what a level expects of anybody. One that speaks of the candidate, tells something in the past, or has
a name or a number that is not in topic, job description or level would put something unproven onto the page: it is
asked for once more and then dropped. If fewer than four are left, the interview is judged by `general` ones.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from interview.assessment import request
from interview.assessment.names import names, products
from interview.assessment.numerals import numbers
from interview.assessment.person import about_a_person, in_the_past, mentions_the_candidate
from interview.assessment.vocabulary import has_dictionary, is_common, strange
from interview.assessment.words import Said
from interview.errors import ModelUnavailable
from interview.fence import neutral_line
from interview.gemini import EMBEDDED, TextModel
from interview.quotes import demands, has_words, states_a_verdict
from interview.record import Interview
from interview.report import Criterion, Rubric

VERSION: Final = 1
"""Of the rubric's form: which fields a criterion has, and how it is asked for."""
LEAST, MOST = 4, 6
"""Criteria of a rubric."""
_TRIES: Final = 2
"""Calls for the criteria of one rubric."""
_MAX_NAME: Final = 60
_MAX_EXPECTS: Final = 240

SCHEMA: Final[dict[str, Any]] = {
    "type": "OBJECT",
    "properties": {
        "criteria": {
            "type": "ARRAY",
            "minItems": LEAST,
            "maxItems": MOST,
            "items": {
                "type": "OBJECT",
                "properties": {
                    "name": {"type": "STRING", "description": "One to five words."},
                    "expects": {"type": "STRING", "description": "What the level expects, in one sentence."},
                },
                "required": ["name", "expects"],
            },
        }
    },
    "required": ["criteria"],
}
_GENERAL: Final = {
    "beginner": (
        ("Fundamentals", "Explains the basic ideas of the topic correctly."),
        ("Application", "Says how a simple task of the topic is done, step by step."),
        ("Reasons", "Gives a reason for what to do."),
        ("Clarity", "Answers the question itself, in a clear order."),
    ),
    "intermediate": (
        ("Knowledge", "Explains how and why things work, beyond their names."),
        ("Practice", "Describes own work on the topic with concrete steps and results."),
        ("Decisions", "Weighs alternatives and says what each of them costs."),
        ("Problems", "Finds causes methodically and says how to prevent them."),
        ("Clarity", "Answers the question itself, in a clear order."),
    ),
    "advanced": (
        ("Depth", "Explains mechanisms, limits and edge cases, and corrects common misconceptions."),
        ("Design", "Plans a whole for its goals and constraints, and foresees what changes later."),
        ("Decisions", "Weighs alternatives by their consequences, risks and costs, and says when to choose otherwise."),
        ("Problems", "Handles failures under pressure, finds causes methodically and removes what leads to them."),
        ("Clarity", "Makes hard matters clear to others, with precise words and good examples."),
    ),
}


async def derive(interview: Interview, model: TextModel) -> Rubric | None:
    """The rubric of an interview, by one call or two; None if the embedded rules have answered: they have none.

    Raises ModelUnavailable also when an answer has no list of criteria.
    """
    prompt = request.head(interview)
    kept: dict[str, Criterion] = {}
    for _ in range(_TRIES):
        generated = await model.generate(system=request.RUBRIC_MAKER, prompt=prompt, schema=SCHEMA)
        if generated.model == EMBEDDED:
            return None
        rejected: list[str] = []
        for name, expects in _given(generated.content):
            reasons = list(objections(name, expects, interview))
            if not reasons:
                _keep(kept, name, expects)
            rejected += [f"{name}: {expects} ({' '.join(reasons)})"] if reasons else []
        if len(kept) >= LEAST:
            return Rubric(VERSION, tuple(kept.values())[:MOST])
        prompt = request.more_criteria(interview, [one.name for one in kept.values()], rejected)
    return general(interview)


def general(interview: Interview) -> Rubric:
    """Criteria of our own for any topic, by level."""
    kept: dict[str, Criterion] = {}
    for name, expects in _GENERAL[interview.level]:
        _keep(kept, name, expects)
    return Rubric(VERSION, tuple(kept.values()))


def objections(name: str, expects: str, interview: Interview) -> Iterator[str]:
    """Why a criterion can't be shown; nothing if it can."""
    text = f"{name}. {expects}"
    language = interview.language
    if not has_words(name) or not has_words(expects) or len(name) > _MAX_NAME or len(expects) > _MAX_EXPECTS:
        yield "It needs a short name and one sentence."
    if demands(text) or demands(expects) or states_a_verdict(text):
        yield "It speaks to the assessor."
    if mentions_the_candidate(text) or about_a_person(expects):
        yield "It speaks of a person."
    if in_the_past(expects, language):
        yield "It is in the past."
    known = Said([interview.skill_topic, interview.job_description or "", interview.level], language)
    yield from (f'It has the number "{one.text}".' for one in numbers(text, language) if not known.has_number(one))
    found = [one for part in (name, expects) for one in _names(part, language)]
    found += strange(text, language)
    yield from (f'It has the name "{one}".' for one in dict.fromkeys(found) if not known.has_word(one))


def _names(text: str, language: str) -> list[str]:
    """The names in a text, without plain words that have a capital because they begin it or stand in a title.

    Where no dictionary knows the plain words, the first word is not looked at.
    """
    if not has_dictionary(language) and text[1:2].islower():
        text = text[:1].lower() + text[1:]
    found = names(text, language)
    return [one for one in found if products(one) or not one[1:].islower() or not is_common(one, language)]


def _given(content: Any) -> list[tuple[str, str]]:
    given = content.get("criteria") if isinstance(content, dict) else None
    if not isinstance(given, list):
        raise ModelUnavailable("The language model's rubric is not in the requested form.")
    pairs = [(_line(item.get("name")), _line(item.get("expects"))) for item in given if isinstance(item, dict)]
    return pairs[: 2 * MOST]


def _keep(kept: dict[str, Criterion], name: str, expects: str) -> None:
    if name.casefold() not in kept:
        kept[name.casefold()] = Criterion(_key(name, [one.key for one in kept.values()]), name, expects)


def _line(value: Any) -> str:
    return neutral_line(value) if isinstance(value, str) else ""


def _key(name: str, taken: list[str]) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", letters).strip("-") or "criterion"
    keys = itertools.chain((key,), (f"{key}-{at}" for at in itertools.count(2)))
    return next(one for one in keys if one not in taken)
