"""The interviewer's plan: which questions it means to ask, by topic, level, CV and job description."""

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from local.gemini import families, topic
from local.gemini.briefing import Briefing

_OF_THE_FIELD = 4
_OF_ONE_QUESTION = 5
"""Questions of an interview about one question: that one, and follow-ups that fit every answer."""
_SAME = 40
"""Characters at the end of a question by which it is known again: it may be asked after a sentence of its own."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The planned questions in order, what may be asked in between, and how many questions an interview has at most.

    `opening`: another first question. `there` and `with_it`: follow-ups on a place, and on anything else that was
    mentioned. `terms`: what people in the field speak of.
    """

    questions: tuple[str, ...]
    opening: str
    simpler: tuple[str, ...]
    follow_ups: tuple[str, ...]
    there: tuple[str, ...]
    with_it: tuple[str, ...]
    what_ifs: tuple[str, ...]
    more: tuple[str, ...]
    unclear: tuple[str, ...]
    terms: tuple[str, ...]
    most: int


@cache
def _bank() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))


def make(briefing: Briefing, seed: int = 0) -> Plan:
    """The plan for a briefing; the same seed gives the same plan."""
    bank = _bank()
    earlier = " ".join(briefing.earlier.split())
    few, most = briefing.questions
    # One generator for each interview, so that two candidates with the same topic hear different questions.
    chance = random.Random(f"{seed}/{briefing.topic}/{briefing.name}/{briefing.level}")
    about = topic.read(briefing.topic)
    facts = {"topic": about.here}
    for fact, known in (("employer", briefing.employers), ("project", briefing.projects), ("duty", briefing.duties)):
        facts.update({fact: known[0]} if known else {})

    def new(texts: list[str] | tuple[str, ...], **named: str) -> list[str]:
        """Those that were not asked in the interview that this one retakes; all, if none is left."""
        return [text for text in texts if text.format(**facts | named)[-_SAME:] not in earlier] or list(texts)

    own = [chance.choice(new(bank[fact])) for fact in ("employer", "project") if fact in facts]
    job = [chance.choice(new(bank["duty" if "duty" in facts else "job"]))] if briefing.job else []
    family = families.find(briefing.topic)
    special = _some(chance, new(family.questions[briefing.level]), _OF_THE_FIELD) if family else []
    count = max(0, few - 1 - len(own) - len(job) - len(special))
    general = _some(chance, new(bank["general"][briefing.level]), count)
    # Planned are as few as the briefing allows; follow-ups bring the interview above that. From the person to the
    # practice, then to what the topic and the role ask for, and back to the practice.
    middle = general[:1] + special[:2] + job + general[1:2] + special[2:] + general[2:]
    openings = bank["opening"][about.kind]
    first = chance.choice(new(openings, topic=about.name))
    opening, other = (
        one.format(topic=about.name) for one in (first, chance.choice([o for o in openings if o != first]))
    )
    planned = (opening, *(one.format(**facts) for one in [*own, *middle]))[:few]
    if briefing.question:
        planned = (briefing.question, *_some(chance, bank["follow_up"], _OF_ONE_QUESTION - 1))
        most = _OF_ONE_QUESTION
    return Plan(
        questions=planned,
        opening=other,
        simpler=tuple(one.format(**facts) for one in _some(chance, bank["simpler"], 3)),
        follow_ups=_all(chance, bank["follow_up"]),
        there=_all(chance, bank["there"]),
        with_it=_all(chance, bank["with_it"]),
        what_ifs=_all(chance, bank["what_if"]),
        more=tuple(bank["more"]),
        unclear=tuple(bank["unclear"]),
        terms=family.terms if family else (),
        most=most,
    )


def _some(chance: random.Random, texts: list[str] | tuple[str, ...], count: int) -> list[str]:
    return chance.sample(texts, min(count, len(texts)))


def _all(chance: random.Random, texts: list[str]) -> tuple[str, ...]:
    return tuple(_some(chance, texts, len(texts)))
