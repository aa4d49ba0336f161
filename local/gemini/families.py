"""The families of topics: for each its words, its terms, and questions for each level (families/*.toml)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from local.gemini import topic
from local.gemini.briefing import Level


@dataclass(frozen=True, slots=True)
class Family:
    """`words`: a topic with one of these belongs to the family; a phrase of several counts as many. `terms`: what
    people in the field speak of, ready to follow "You mentioned".
    """

    name: str
    words: tuple[str, ...]
    terms: tuple[str, ...]
    questions: Mapping[Level, tuple[str, ...]]


@cache
def everything() -> tuple[Family, ...]:
    """All families, by name."""
    files = sorted(Path(__file__).with_name("families").glob("*.toml"))
    return tuple(_read(file) for file in files)


def find(text: str) -> Family | None:
    """The family whose words a topic has most of; the earlier word in the topic decides between equals."""
    about = topic.read(text)
    plain = " ".join(re.findall(r"[\w#.+'-]+", text.lower().replace("/", " ")))
    found: list[tuple[int, int, Family]] = []
    for family in everything():
        hits = [(match.start(), word) for word in family.words if (match := _word(word).search(plain))]
        if hits:
            within = {word for _, word in hits for _, longer in hits if word != longer and word in longer.split()}
            score = sum(len(word.split()) for _, word in hits if word not in within)
            # "Mathematics teacher" is about teaching, but "restaurant manager" is not about managing.
            score += about.kind == "role" and family.name != "management" and topic.head(about.name) in family.words
            found.append((score, -min(at for at, _ in hits), family))
    return max(found, key=lambda one: one[:2])[2] if found else None


@cache
def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w#+.-]){re.escape(word)}s?(?![\w#+])", re.IGNORECASE)


def _read(file: Path) -> Family:
    given = tomllib.loads(file.read_text("utf-8"))
    questions: Mapping[Level, tuple[str, ...]] = {
        "beginner": tuple(given["beginner"]),
        "intermediate": tuple(given["intermediate"]),
        "advanced": tuple(given["advanced"]),
    }
    return Family(file.stem, tuple(given["words"]), tuple(given["terms"]), questions)
