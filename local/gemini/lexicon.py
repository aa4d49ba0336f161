"""The word lists that the rules share."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def words(name: str) -> frozenset[str]:
    """A list of `lexicon.toml` as a set of lower-case words."""
    lists: dict[str, str] = tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text("utf-8"))
    return frozenset(lists[name].split())
