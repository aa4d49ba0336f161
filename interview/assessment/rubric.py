"""The rubric: four to six criteria, derived once from topic and level and then kept with the interview."""

import itertools
import re
import unicodedata
from typing import Any, Final

from interview.assessment import request
from interview.errors import ModelUnavailable
from interview.fence import neutral_line
from interview.gemini import EMBEDDED, TextModel
from interview.quotes import demands, has_words
from interview.record import Interview
from interview.report import Criterion, Rubric

VERSION: Final = 1
"""Of the rubric's form: which fields a criterion has, and how it is asked for."""
LEAST, MOST = 4, 6
"""Criteria of a rubric."""
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


async def derive(interview: Interview, model: TextModel) -> Rubric | None:
    """The rubric of an interview, by one call; None if the embedded rules have answered: they have none.

    Raises ModelUnavailable also when the answer has fewer than four usable criteria.
    """
    generated = await model.generate(system=request.RUBRIC_MAKER, prompt=request.head(interview), schema=SCHEMA)
    if generated.model == EMBEDDED:
        return None
    return validated(generated.content)


def validated(content: Any) -> Rubric:
    """The rubric in a model's answer: distinct criteria with a name and an expectation, none to the assessor."""
    given = content.get("criteria") if isinstance(content, dict) else None
    found: dict[str, Criterion] = {}
    for item in given if isinstance(given, list) else []:
        name, expects = (_line(item.get(key)) if isinstance(item, dict) else "" for key in ("name", "expects"))
        usable = has_words(name) and has_words(expects) and not demands(name) and not demands(expects)
        if usable and len(name) <= _MAX_NAME and len(expects) <= _MAX_EXPECTS and name.casefold() not in found:
            found[name.casefold()] = Criterion(_key(name, [one.key for one in found.values()]), name, expects)
    if len(found) < LEAST:
        raise ModelUnavailable("The language model's rubric is not in the requested form.")
    return Rubric(VERSION, tuple(found.values())[:MOST])


def _line(value: Any) -> str:
    return neutral_line(value) if isinstance(value, str) else ""


def _key(name: str, taken: list[str]) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", letters).strip("-") or "criterion"
    keys = itertools.chain((key,), (f"{key}-{at}" for at in itertools.count(2)))
    return next(one for one in keys if one not in taken)
