"""The pinned requirements are complete, hashed and consistent, and name no index."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import locks

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]
WANTED = {
    "functions": EXTRAS["functions"],
    "relay": EXTRAS["relay"],
    "dev": [requirement for extra in EXTRAS.values() for requirement in extra] + GROUPS["dev"],
    "policy": GROUPS["policy"],
    "schema": GROUPS["schema"],
    "pip": GROUPS["pip"],
    "audit": GROUPS["audit"],
}


def pins(file: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{file}.txt").read_text("utf-8")
    return {
        canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE)
    }


@pytest.mark.parametrize("file", WANTED)
def test_every_requirement_is_pinned_within_its_range(file: str) -> None:
    pinned = locks.pins(file)
    for wanted in map(Requirement, WANTED[file]):
        found = [pin.version for pin in pinned if pin.name == canonicalize_name(wanted.name)]
        assert any(version in wanted.specifier for version in found), f"{wanted}: run `make lock`"


@pytest.mark.parametrize("file", WANTED)
def test_every_pin_has_a_hash_and_no_index_is_named(file: str) -> None:
    text = (ROOT / "requirements" / f"{file}.txt").read_text("utf-8")
    for pin in re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in pin
    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize("file", ["functions", "relay"])
def test_deployed_versions_are_the_tested_ones(file: str) -> None:
    tested = pins("dev")
    assert {name: tested[name] for name in pins(file)} == pins(file)


@pytest.mark.parametrize("function", ["start", "end"])
def test_each_function_has_a_copy_of_the_pins(function: str) -> None:
    copy = ROOT / "functions" / function / "requirements.txt"
    assert copy.read_bytes() == (ROOT / "requirements" / "functions.txt").read_bytes(), "run `make lock`"
