"""docs/reliability.md says what is so: its numbers are the code's, and what it names exists."""

import ast
import importlib
import re
from pathlib import Path
from typing import Final, get_args

import pytest

from local.gemini.behaviour import Behaviour
from local.gemini.faults import FaultKind

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs" / "reliability.md").read_text("utf-8")
NUMBERS: Final = re.findall(r"^\| `(\w+)\.([A-Z_]+)` \| ([\d.,]+) ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
FILES: Final = {path.stem: path for path in (ROOT / "relay").rglob("*.py")}
UNITS: Final = {"BYTES_A_SECOND", "SECOND"}
"""Constants that convert units, which nobody can choose."""


def defined(module: str) -> dict[str, float]:
    """The numbers that a module of the relay sets, by name."""
    path = FILES[module]
    loaded = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    targets = [
        target
        for line in ast.parse(path.read_text("utf-8")).body
        if isinstance(line, ast.Assign | ast.AnnAssign)
        for target in (line.targets if isinstance(line, ast.Assign) else [line.target])
    ]
    names = {
        target.id for target in targets if isinstance(target, ast.Name) and re.fullmatch("[A-Z][A-Z_]*", target.id)
    }
    values = {name: getattr(loaded, name) for name in names - UNITS}
    return {name: value for name, value in values.items() if isinstance(value, int | float)}


def names_of_tests() -> set[str]:
    """In all files."""
    return {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^\s*(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
    }


@pytest.mark.parametrize(("module", "name", "value", "unit", "why"), NUMBERS, ids=lambda cell: cell[:24])
def test_a_number_is_the_codes(module: str, name: str, value: str, unit: str, why: str) -> None:
    assert defined(module)[name] == float(value.replace(",", ""))
    assert unit
    assert why


def test_every_row_of_the_numbers_is_read_and_none_is_there_twice() -> None:
    rows = re.findall(r"^\| `(\w+)\.([A-Z_]+)` \|", PAGE, re.MULTILINE)
    assert rows == [(module, name) for module, name, *_ in NUMBERS]
    assert len(rows) == len(set(rows)) > 50


@pytest.mark.parametrize("module", sorted({module for module, *_ in NUMBERS}))
def test_every_number_of_a_module_is_on_the_page(module: str) -> None:
    assert {name for other, name, *_ in NUMBERS if other == module} == set(defined(module))


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 50
    assert named - names_of_tests() == set()


def test_every_failure_of_the_stand_in_is_in_the_fault_table() -> None:
    table = PAGE.partition("## The fault table")[2].partition("\n## ")[0]
    assert {kind for kind in get_args(FaultKind) if f"`{kind}`" not in table} == set()


def test_every_switch_of_the_stand_in_stands_for_something() -> None:
    table = PAGE.partition("## What can't be known without a key")[2]
    assert {name for name in Behaviour.__dataclass_fields__ if f"| `{name}`" not in table} == set()


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(r"`([\w-]+/[\w/.-]+\.\w+)`", PAGE))
    assert {file for file in named if not (ROOT / file).exists()} == set()
