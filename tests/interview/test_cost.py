"""What is logged of the tokens that were used."""

import json

import pytest

from interview import cost
from interview.usage import TextUsage


def test_dollars_are_logged_only_where_some_were_spent(capsys: pytest.CaptureFixture[str]) -> None:
    cost.write("s-1", text=TextUsage(calls=1, prompt_text=1000))
    cost.write("s-1", text=TextUsage(calls=1))
    paid, free = map(json.loads, capsys.readouterr().out.splitlines())
    assert paid["dollars"] == pytest.approx(0.0015)
    assert (free["calls"], "dollars" in free) == (1, False)
