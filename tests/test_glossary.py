"""The glossary leads to places that exist, and retired words do not come back."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.sources import sources

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

RETIRED: Final = (
    r"anew",
    r"doors?",
    r"have serve",
    r"house",
    r"hush",
    r"meddle",
    r"moody",
    r"patience",
    r"rewind",
    r"seats?",
    r"shelf",
    r"so often",
    r"stage directions?",
    r"stood in for",
    r"tape",
    r"trouble",
    r"(?<!than )usual",
    r"in vain",
    r"whoever",
)
"""Words that named things by riddles, and unidiomatic phrases; docs/glossary.md has the words in their place. They must
not be a part of an identifier either, such as `_the_house`."""
DONE: Final = (
    "README.md",
    "ARCHITECTURE.md",
    "SECURITY.md",
    ".ci",
    ".env.example",
    "CONTRIBUTING.md",
    "Makefile",
    "benchmarks",
    "cloudbuild.yaml",
    "contract",
    "docs",
    "functions",
    "infra",
    "interview",
    "local",
    "ops",
    "relay",
    "tests/abuse",
    "tests/contract",
    "tests/e2e",
    "tests/functions",
    "tests/interview",
    "tests/local",
    "tests/ops",
    "tests/relay",
    "tests/terraform",
)
"""The folders and files in which the words are checked."""
FOLDERS: Final = tuple(f"{name}/" for name in DONE)
IN_TESTS: Final = r"tests/[^/]*\.py"
"""The modules beside the folders of tests."""
SKIPPED: Final = {
    "docs/interview.md": "what was said, as it came out",
    "docs/stream.md": "generated from contract/",
    "local/gemini/families/": "what the interviewer says",
    "local/gemini/lexicon.toml": "a list of English words",
    "local/gemini/questions.toml": "what the interviewer says",
    "tests/test_glossary.py": "this list",
}
"""What is not checked, and why."""
EXCEPTIONS: Final = {
    ("interview/prompt.py", "stage directions?"): "a heading of the prompt, which the model reads",
}
"""Places that may have a retired word, and why."""
TEXT: Final = {"", ".yaml", ".py", ".md", ".tf", ".hcl", ".tfvars", ".toml", ".js", ".example"}


def checked() -> list[str]:
    """The paths of the checked files."""
    here = [name for name in sources() if name in DONE or name.startswith(FOLDERS) or re.fullmatch(IN_TESTS, name)]
    files = [name for name in here if Path(name).suffix in TEXT and (ROOT / name).is_file()]
    return [name for name in files if not name.startswith(tuple(SKIPPED))]


def occurs(word: str, text: str) -> bool:
    """Whether a text has the word, by itself or between the underscores of an identifier."""
    return bool(re.search(rf"(?<![a-z]){word}(?![a-z])", text, re.IGNORECASE))


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_does_not_occur(word: str) -> None:
    files = checked()
    assert len(files) > 100
    found = {name for name in files if occurs(word, (ROOT / name).read_text("utf-8"))}
    assert found == {name for name, excepted in EXCEPTIONS if excepted == word}


def test_everything_that_is_skipped_exists() -> None:
    assert all((ROOT / name).exists() for name in SKIPPED)
    assert {word for _, word in EXCEPTIONS} <= set(RETIRED)


@pytest.mark.parametrize("text", ["the door", "class House:", "_the_house()", "door2", "Doors"])
def test_a_retired_word_is_found(text: str) -> None:
    assert any(occurs(word, text) for word in RETIRED)


@pytest.mark.parametrize("text", ["indoors", "unusual", "usually", "household"])
def test_a_longer_word_is_not_taken_for_a_retired_one(text: str) -> None:
    assert not any(occurs(word, text) for word in RETIRED)


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
    assert sorted({term for term in terms if terms.count(term) > 1}) == ["claim", "evidence", "fence"], (
        "told apart in brackets"
    )


@pytest.mark.parametrize("word", EXPECTED)
def test_the_words_of_the_field_are_there(word: str) -> None:
    assert any(re.search(rf"\b{word}\b", term) for term in ROWS)
