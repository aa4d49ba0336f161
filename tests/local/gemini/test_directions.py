"""Directions in square brackets."""

import pytest

from local.gemini.directions import Direction, read
from relay.talk import directions


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        (directions.BEGIN, Direction.BEGIN),
        (directions.GO_ON, Direction.CONTINUE),
        (directions.WRAP_UP, Direction.NOTE_TIME),
        (directions.GOODBYE, Direction.STOP),
        (directions.ASK_GENTLY, Direction.SILENT),
        (directions.REMIND, Direction.REPEAT),
        (directions.FINISH, Direction.REPEAT),
        (directions.SAY_AGAIN, Direction.REPEAT),
        ("[Three minutes are left: wrap up.]", Direction.WRAP_UP),
        ("[The candidate has been silent for a minute.]", Direction.SILENT),
        ("Time is up, they said, and we shipped it.", None),
        ("[half a bracket", None),
    ],
)
def test_the_relays_directions_are_understood(text: str, direction: Direction | None) -> None:
    assert read(text) is direction
