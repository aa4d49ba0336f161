"""What is written from the contract is what the contract says."""

import json
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from contract import closes, errors, generate, limits, notices, stream
from contract.generate.shape import CLIENT, SERVER, TERMS, tag

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "stream.md").read_text("utf-8")


def test_every_generated_file_is_fresh() -> None:
    assert generate.stale() == [], "run `make contract`"


def test_the_same_contract_is_written_in_the_same_way_in_another_process() -> None:
    script = "import json; from contract import generate; print(json.dumps(dict(generate.files())))"
    again = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert json.loads(again.stdout) == generate.files()


@pytest.mark.parametrize("struct", [*CLIENT, *SERVER], ids=tag)
def test_the_reference_has_every_message_with_an_example(struct: type[msgspec.Struct]) -> None:
    examples = [one for one in stream.EXAMPLES if type(one) is struct]
    assert examples
    part = DOCUMENT.split(f"### `{tag(struct)}`\n")[1].split("\n### ")[0].split("\n## ")[0]
    found = part.split("```json\n")[1].split("```")[0].splitlines()
    assert [msgspec.json.decode(line, type=struct) for line in found] == examples
    assert {name for name in struct.__struct_fields__ if f"| `{name}` |" in part} == set(struct.__struct_fields__)


def test_the_reference_has_every_close_code_and_notice() -> None:
    for close in closes.CLOSES:
        assert f"| {close.code} | {close.name} |" in DOCUMENT
    for code in notices.NOTICES:
        assert f"| `{code}` |" in DOCUMENT


def test_the_reference_has_the_limits_of_the_stream() -> None:
    for limit in (limits.MAX_FRAME, limits.MAX_ANSWER, limits.MICROPHONE_RATE, limits.VOICE_RATE):
        assert f"{limit:,}" in DOCUMENT
    assert "$" not in DOCUMENT


def test_closed_sets_differ_so_that_an_enum_names_one() -> None:
    assert len({frozenset(words) for words in TERMS.values()}) == len(TERMS)


def test_notices_have_the_codes_of_their_set() -> None:
    assert tuple(notices.NOTICES) == TERMS["NoticeCode"]


def test_error_codes_are_listed_once_in_order() -> None:
    listed = [(error.status, error.code) for error in errors.ERRORS.values()]
    assert listed == sorted(listed)
    source = (ROOT / "contract" / "errors.py").read_text("utf-8")
    assert len(re.findall(r'^    Error\("', source, re.MULTILINE)) == len(listed)
