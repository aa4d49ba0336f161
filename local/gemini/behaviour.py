"""Switches for behaviour of the real service that the recordings don't show, or show for one case only."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Switches for what is not certain about the real service.

    Each field says how its default is known: recorded (frames of gemini-3.8-live, tests/data/gemini-live), documented
    (the Live reference), reported (by other projects) or unknown (a guess). Where a default is not recorded, a client
    has to work with every value.
    """

    handles: Literal["once", "each_turn_if_asked", "each_turn"] = "once"
    """When resumption handles come after the one at connect. Recorded: never, in sessions of 55 to 120 s that did not
    ask for resumption. Unknown: whether asking for it changes that, so "each_turn_if_asked" exists."""

    unasked_handle: bool = True
    """Whether the handle at connect comes although resumption was not asked for. Recorded: yes."""

    handle_holds: Literal["session", "moment"] = "session"
    """What a handle leads back to. Unknown: the session as it stood at the end ("session"), or as it stood when the
    handle was sent ("moment"). With one handle at connect, "moment" means that everything is forgotten."""

    dead_handle_code: Literal[1007, 1008] = 1008
    """The close code for a handle that leads nowhere. Reported: both."""

    call: Literal["alone", "after_speech", "next_turn"] = "alone"
    """Where the end tool is called. Recorded: in a turn without speech, and the answer to the response is a turn of its
    own. Unknown, but likely with a prompt that asks for a goodbye first: after the goodbye in the same turn
    ("after_speech"). Recorded on extended thinking: in a turn after the goodbye's ("next_turn")."""

    silent_honoured: bool = True
    """Whether nothing is said about a tool response with scheduling SILENT. Documented; never recorded."""

    cancels_calls: bool = True
    """Whether a call that is not answered is cancelled when the candidate speaks. Documented; never recorded."""

    text_interrupts: bool = True
    """Whether realtime text cuts off the interviewer's speech; else it is answered after it. Unknown. (clientContent
    with turnComplete always interrupts. Recorded.)"""

    directions_wait: bool = True
    """Whether text in square brackets that comes while the candidate speaks is only kept in mind; else it is answered
    over the candidate. Unknown."""

    silence: Literal["no_speech", "empty_turn", "nothing"] = "no_speech"
    """What the model sends when it was asked to say nothing. Recorded on extended thinking: a turn with the words
    "<no speech>" ("no_speech"). Reported: a turnComplete alone ("empty_turn"). Unknown for gemini-3.8-live."""

    compresses: bool = True
    """Whether the context is shortened when it exceeds the trigger of the setup. Documented; reported as without effect
    (adk-python#6455)."""

    silence_ms_honoured: bool = True
    """Whether `silence_duration_ms` of the setup counts. Documented; reported as ignored by some models."""

    stream_end_ends_speech: bool = False
    """Whether audioStreamEnd ends what the candidate says. Recorded: no (but yes on gemini-3.1-flash-live)."""
