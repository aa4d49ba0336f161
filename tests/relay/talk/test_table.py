"""docs/floor.md says what the code does: the diagram, the states, the triggers and the numbers."""

import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

from relay.talk import waiting
from relay.talk.state import TRANSITIONS, State, Trigger, diagram

PAGE = (Path(__file__).parents[3] / "docs" / "floor.md").read_text("utf-8")
NUMBERS = re.findall(r"^\| `(relay/[\w/]+)\.py` \| `([A-Z_]+)` \| ([\d.,]+)([^|]*) \|$", PAGE, re.MULTILINE)


def rows(heading: str) -> dict[str, list[str]]:
    """The rows of the table with this first heading, by their first cell."""
    table = PAGE.partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in table]
    return {row[0].strip("`"): row[1:] for row in cells}


def module(path: str) -> ModuleType:
    return importlib.import_module(path.replace("/", "."))


def test_the_page_draws_the_table() -> None:
    (drawn,) = re.findall(r"```mermaid\n(.*?)\n```", PAGE, re.DOTALL)
    assert drawn == diagram()


def test_the_diagram_has_every_transition() -> None:
    lines = diagram().splitlines()[1:]
    assert len(lines) == len(set(lines)) == sum(map(len, TRANSITIONS.values()))


def test_the_page_describes_every_state_in_the_codes_words() -> None:
    described = rows("state")
    assert list(described) == [state.name for state in State]
    assert [row[0] for row in described.values()] == [state.value for state in State]


def test_the_page_describes_every_trigger() -> None:
    described = rows("trigger")
    assert list(described) == [trigger.value for trigger in Trigger]
    assert all(all(row) for row in described.values())


@pytest.mark.parametrize(("path", "name", "value", "unit"), NUMBERS)
def test_a_number_is_the_codes(path: str, name: str, value: str, unit: str) -> None:
    assert getattr(module(path), name) == float(value.replace(",", ""))
    assert unit.strip() in ("s", "ms", "amplitude", "turns", "bytes", "dials"), "with its unit"


def test_every_time_that_is_waited_for_is_on_the_page() -> None:
    listed = {name for path, name, *_ in NUMBERS if path == "relay/talk/waiting"}
    assert listed == {name for name in vars(waiting) if name.isupper()}


def test_every_constant_that_the_page_names_has_its_number() -> None:
    named = set(re.findall(r"`([A-Z]{4,}[A-Z_]*)`", PAGE)) - {state.name for state in State} - {"TRANSITIONS"}
    assert named <= {name for _, name, *_ in NUMBERS}
