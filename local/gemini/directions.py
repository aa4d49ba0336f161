"""Directions: texts in square brackets, in which the relay and not the candidate speaks to the interviewer."""

import re
from enum import Enum, auto


class Direction(Enum):
    """What the interviewer is to do."""

    BEGIN = auto()
    CONTINUE = auto()
    SILENT = auto()
    REPEAT = auto()  # the last words broke off, or may not have been heard
    WRAP_UP = auto()
    NOTE_TIME = auto()  # little time is left, which is not to be mentioned
    STOP = auto()


# The first that fits counts: "time is up" often comes with "wrap up".
_MEANINGS = (
    (Direction.STOP, r"time is up|time's up|no time (is )?left|say (goodbye|farewell)|end the interview now"),
    (Direction.NOTE_TIME, r"do not (answer|reply|respond).*wrap|wrap.*do not (answer|reply|respond)"),
    (
        Direction.WRAP_UP,
        r"wrap|(minutes?|time) (is |are )?(left|remain)|(left|remain)\w* .*minutes?|(almost|nearly) over",
    ),
    (Direction.SILENT, r"(has )?said nothing|ask gently"),
    (Direction.REPEAT, r"is waiting|broke off|heard nothing|say it (now|again)"),
    (Direction.CONTINUE, r"continu|resum|go on|carry on|restored|reconnect"),
    (Direction.SILENT, r"silen|quiet|(has not|hasn't) (said|spoken|answered)|no answer"),
)


def read(text: str) -> Direction | None:
    """The direction in a text, or None if the candidate said it. One that is not recognised means: begin, or go on."""
    stripped = text.strip()
    if not (stripped.startswith("[") and stripped.endswith("]")):
        return None
    for direction, pattern in _MEANINGS:
        if re.search(pattern, stripped, re.IGNORECASE):
            return direction
    return Direction.BEGIN
