"""The states of the floor and the table of its transitions. docs/floor.md draws it; a test holds the two together."""

from enum import Enum
from typing import Final


class State(Enum):
    """Who has the floor."""

    WAITING = "the interviewer owes words"
    SPEAKING = "the interviewer's speech is coming in"
    PLAYING = "all of it has come, and is being played"
    OPEN = "the candidate may speak, and does not"
    ANSWERING = "the candidate speaks"
    THINKING = "the candidate keeps the floor to think"
    LEAVING = "goodbye was said, and is being played"
    OVER = "the interview has ended"


class Trigger(Enum):
    """What moves the floor from one state to another."""

    BEGINS = "an utterance begins"
    COMPLETE = "all of the utterance has come"
    PLAYED = "it has been played"
    CUT = "the candidate has cut it off"
    LOST = "the connection is lost"
    SPEAKS = "the candidate begins to speak"
    ANSWERED = "the candidate has spoken or typed"
    NOISE = "it was a noise"
    ASKED = "the interviewer is asked to speak"
    SILENT = "the interviewer stays silent on purpose"
    HOLDS = "the candidate asks for time to think"
    RELEASES = "the candidate ends it"
    FAREWELL = "the interviewer may end"


TRANSITIONS: Final[dict[State, dict[Trigger, State]]] = {
    State.WAITING: {
        Trigger.BEGINS: State.SPEAKING,
        Trigger.SPEAKS: State.ANSWERING,
        Trigger.SILENT: State.OPEN,
        Trigger.HOLDS: State.THINKING,
    },
    State.SPEAKING: {
        Trigger.COMPLETE: State.PLAYING,
        Trigger.CUT: State.OPEN,
        Trigger.LOST: State.WAITING,
        Trigger.HOLDS: State.THINKING,
    },
    State.PLAYING: {
        Trigger.BEGINS: State.SPEAKING,
        Trigger.PLAYED: State.OPEN,
        Trigger.CUT: State.OPEN,
        Trigger.HOLDS: State.THINKING,
        Trigger.FAREWELL: State.LEAVING,
    },
    State.OPEN: {
        Trigger.BEGINS: State.SPEAKING,
        Trigger.SPEAKS: State.ANSWERING,
        Trigger.ANSWERED: State.WAITING,
        Trigger.ASKED: State.WAITING,
        Trigger.HOLDS: State.THINKING,
        Trigger.FAREWELL: State.LEAVING,
    },
    State.ANSWERING: {
        Trigger.BEGINS: State.SPEAKING,
        Trigger.ANSWERED: State.WAITING,
        Trigger.ASKED: State.WAITING,
        Trigger.NOISE: State.OPEN,
        Trigger.HOLDS: State.THINKING,
        Trigger.FAREWELL: State.LEAVING,
    },
    State.THINKING: {
        Trigger.RELEASES: State.OPEN,
    },
    State.LEAVING: {
        Trigger.BEGINS: State.SPEAKING,
    },
    State.OVER: {},
}
"""Every transition. A trigger that is not listed for a state changes nothing; the end leads to `OVER`."""


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    rows = [
        f"    {state.name} --> {to.name}: {trigger.value}"
        for state, row in TRANSITIONS.items()
        for trigger, to in row.items()
    ]
    return "\n".join(["stateDiagram-v2", *rows])
