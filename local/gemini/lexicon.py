"""The word lists that the rules share."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def words(name: str) -> frozenset[str]:
    """A list of `lexicon.toml` as a set of lower-case words."""
    return frozenset(word.lower() for word in _lists()[name].split())


def spelling(word: str) -> str | None:
    """How a name that the lexicon knows is spelled, in capitals or not: "PostgreSQL" for "postgresql"."""
    return _spellings().get(word.lower())


@cache
def _lists() -> Mapping[str, str]:
    lists: dict[str, str] = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text("utf-8"))
    return lists


@cache
def _spellings() -> Mapping[str, str]:
    return {word.lower(): word for name in ("known", "proper") for word in _lists()[name].split()}
