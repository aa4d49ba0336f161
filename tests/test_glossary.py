"""The glossary leads to places that exist."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).parents[1]
GLOSSARY: Final = (ROOT / "docs" / "glossary.md").read_text("utf-8")
ROWS: Final[dict[str, str]] = dict(re.findall(r"^\| (?!term|---)([^|]+) \|[^|]+\| ([^|]+) \|$", GLOSSARY, re.MULTILINE))
EXPECTED: Final = (
    "retry",
    "backoff",
    "replay",
    "fallback",
    "watchdog",
    "playout",
    "VAD",
    "fence",
    "backpressure",
    "heartbeat",
    "barge-in",
    "lease",
    "sweep",
    "epoch",
)
"""What somebody who knows the field looks for first."""


@pytest.mark.parametrize("term", ROWS)
def test_every_term_leads_to_files_that_exist(term: str) -> None:
    files = re.findall(r"`([^`]+/[^`]+)`", ROWS[term])
    assert files
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_every_name_is_in_the_file_that_is_named_with_it() -> None:
    named = [found for places in ROWS.values() for found in re.findall(r"`(\w+)` in `([^`]+)`", places)]
    assert named
    assert [
        (name, file) for name, file in named if not re.search(rf"\b{name}\b", (ROOT / file).read_text("utf-8"))
    ] == []


def test_a_term_has_one_row() -> None:
    terms = [term for one in ROWS for term in re.split(r", ", re.sub(r" \(.*\)", "", one))]
    assert len(re.findall(r"^\| (?!term|---)", GLOSSARY, re.MULTILINE)) == len(ROWS)
    assert sorted({term for term in terms if terms.count(term) > 1}) == ["evidence"], "told apart in brackets"


@pytest.mark.parametrize("word", EXPECTED)
def test_the_words_of_the_field_are_there(word: str) -> None:
    assert any(re.search(rf"\b{word}\b", term) for term in ROWS)
