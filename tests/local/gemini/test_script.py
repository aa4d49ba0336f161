"""Scripts as JSON, and their faults by moment."""

import json
from pathlib import Path

import pytest

from local.gemini import Behaviour, Fault, Script, TextScript
from local.gemini.script import dump


def test_a_script_survives_its_file(tmp_path: Path) -> None:
    script = Script(
        answers=("Hello.",),
        heard=("Hi.",),
        faults=(Fault("close", turn=2),),
        text=TextScript(status=503),
        behaviour=Behaviour(call="after_speech"),
    )
    file = tmp_path / "script.json"
    file.write_text(dump(script))
    assert Script.load(file) == script


def test_a_name_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(TypeError):
        Script.read(json.loads('{"answer": ["Hello."]}'))


def test_faults_by_moment() -> None:
    script = Script(faults=(Fault("close", turn=1, connection=0), Fault("refuse", turn=1)))
    assert [one.kind for one in script.at(0, 1, "middle")] == ["close"]
    assert script.at(1, 1, "middle") == []
    assert script.at(0, 1, "end") == []
    assert script.fault("refuse", 5) is not None
