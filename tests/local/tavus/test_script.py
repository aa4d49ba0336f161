"""The script as JSON."""

from pathlib import Path
from typing import Any

import pytest

from local.tavus.script import Fault, Script, dump


def test_a_script_can_be_written_and_read_as_json(tmp_path: Path) -> None:
    script = Script(api_key="k", concurrent=2, role="pal", faults=(Fault("drop", seconds=3), Fault("key", on="end")))
    file = tmp_path / "script.json"
    file.write_text(dump(script), "utf-8")
    assert Script.load(file) == script


@pytest.mark.parametrize(
    "value", [{"weather": 1}, {"faults": [{"kind": "weather"}]}, {"faults": [{"kind": "key", "on": "dance"}]}]
)
def test_unknown_names_are_refused(value: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        Script.read(value)
