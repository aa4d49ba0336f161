"""The interviewer's plan: which questions it means to ask, by topic, level, CV and job description."""

import random
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from local.gemini.briefing import Briefing

_SAME = 40
"""Characters at the end of a question by which it is known again: it may be asked after a sentence of its own."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The planned questions in order, what may be asked in between, and how many questions an interview has at most."""

    questions: tuple[str, ...]
    simpler: tuple[str, ...]
    follow_ups: tuple[str, ...]
    what_ifs: tuple[str, ...]
    more: tuple[str, ...]
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
    facts = {"topic": briefing.topic}
    for fact, known in (("employer", briefing.employers), ("project", briefing.projects), ("duty", briefing.duties)):
        facts.update({fact: known[0]} if known else {})

    def other(texts: list[str]) -> list[str]:
        """Those that were not asked in the interview that this one retakes; all, if none is left."""
        return [text for text in texts if text.format(**facts)[-_SAME:] not in earlier] or texts

    own = [chance.choice(other(bank[fact])) for fact in ("employer", "project") if fact in facts]
    job = [chance.choice(other(bank["duty" if "duty" in facts else "job"]))] if briefing.job else []
    family = _family(briefing.topic)
    special = _some(chance, other(bank["family"][family][briefing.level]), 2) if family else []
    count = max(0, few - 1 - len(own) - len(job) - len(special))
    general = _some(chance, other(bank["general"][briefing.level]), count)
    # Planned are as few as the briefing allows; follow-ups bring the interview above that. From the person to the
    # practice, then to what the topic and the role ask for, and back to the practice.
    middle = general[:2] + special + job + general[2:]
    questions = [chance.choice(other(bank["opening"])), *own, *middle][:few]
    return Plan(
        tuple(question.format(**facts) for question in questions),
        tuple(question.format(**facts) for question in _some(chance, bank["simpler"], 3)),
        tuple(_some(chance, bank["follow_up"], len(bank["follow_up"]))),
        tuple(_some(chance, bank["what_if"], len(bank["what_if"]))),
        tuple(_some(chance, bank["more"], len(bank["more"]))),
        most,
    )


def _some(chance: random.Random, texts: list[str], count: int) -> list[str]:
    return chance.sample(texts, min(count, len(texts)))


def _family(topic: str) -> str | None:
    """The family whose words the topic has most of; the earlier word in the topic decides between equals."""
    words = re.findall(r"[\w#.+-]+", topic.lower())
    scores: dict[str, tuple[int, int]] = {}
    for name, family in _bank()["family"].items():
        hits = [at for at, word in enumerate(words) if word.strip(".") in family["words"]]
        if hits:
            scores[name] = (len(hits), -hits[0])
    return max(scores, key=lambda name: scores[name], default=None)
