"""The messages of the WebSocket: JSON text frames with a `type`. Binary frames are audio (`contract.limits`).

To add a message: a struct here, in `ClientMessage` or `ServerMessage`, with an example in `EXAMPLES`; then `make
contract`. A field that is added to a message has a default, so that the other side may be older. Unknown fields are
passed over, and so are unknown types by a client.
"""

from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from contract.limits import MAX_ANSWER, MAX_ANSWER_ID
from contract.terms import AvatarState, Doubt, Ending, Hearing, Holder, Loss, Output, Speaker

TurnNumber = Annotated[int, Meta(ge=0, description="Counts from 0 over both speakers and never repeats.")]
Seconds = Annotated[float, Meta(ge=0)]
Count = Annotated[int, Meta(ge=1)]


# Client to relay ------------------------------------------------------------------------------------------------------


class Hello(Struct, frozen=True, tag="hello"):
    """The first message: who is there, and how the interviewer is to be heard."""

    token: Annotated[str, Meta(description="The `session_token` that `start` answered with.")]
    output: Output = "voice"


class Text(Struct, frozen=True, tag="text"):
    """A typed answer."""

    # The bounds are of the text without the blanks around it: relay/browser/messages.py checks them, msgspec can't.
    text: Annotated[
        str,
        Meta(
            description="Blanks around it are cut off and don't count.",
            extra_json_schema={"minLength": 1, "maxLength": MAX_ANSWER},
        ),
    ]
    id: Annotated[
        str,
        Meta(
            max_length=MAX_ANSWER_ID,
            description="Names this answer within the interview, so that it can be sent again: an answer whose id was "
            "taken before is confirmed once more, and not entered twice. Its caption carries the id.",
        ),
    ] = ""


class ChangeOutput(Struct, frozen=True, tag="output"):
    """How the interviewer is to be heard from now on. May come at any time."""

    mode: Output


class Avatar(Struct, frozen=True, omit_defaults=True, tag="avatar"):
    """What the client sees of the avatar in its room."""

    state: Annotated[
        AvatarState,
        Meta(
            description="`ready`: it is in the room, can be seen and heard, and takes echo events; `lost`: it can't be "
            "used; `speaking`, `silent`: it began or stopped speaking."
        ),
    ]
    max_message_bytes: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="With `ready`: bytes of the largest echo event it takes.")
    ] = None
    reason: Annotated[
        Loss,
        # `x-open`: the relay takes the default for a word of a newer client.
        Meta(description="With `lost`. An unknown word counts as `room`.", extra_json_schema={"x-open": True}),
    ] = "room"


class Played(Struct, frozen=True, tag="played"):
    """The client has played all audio that it was sent."""


class Hold(Struct, frozen=True, tag="hold"):
    """The candidate wants to think, or has thought: while it is on, the floor is theirs and silence is no answer."""

    on: bool


class Done(Struct, frozen=True, tag="done"):
    """The spoken answer is complete: no silence has to show it. Without an answer, nothing happens."""


class Mute(Struct, frozen=True, tag="mute"):
    """The microphone is muted, or on again. A muted client may go on sending frames: they count as silence."""

    on: bool


class End(Struct, frozen=True, tag="end"):
    """The candidate ends the interview."""


ClientMessage = Hello | Text | ChangeOutput | Avatar | Played | Hold | Done | Mute | End


# Relay to client ------------------------------------------------------------------------------------------------------


class Ready(Struct, frozen=True, tag="ready"):
    """The answer to the hello. From here on audio and messages may be sent."""

    session_id: str
    resumed: Annotated[
        bool,
        Meta(description="The interview goes on: a final caption of each earlier turn follows before anything else."),
    ]
    output: Annotated[
        Output, Meta(description="How the next utterance is heard; `avatar` also while one is on its way.")
    ]
    elapsed_seconds: Seconds
    max_duration_seconds: Annotated[int, Meta(ge=0)]


class Echo(Struct, frozen=True, tag="echo"):
    """With an avatar: an app message for the room's data channel. Hand it on as it is, without reading it."""

    event: dict[str, Any]


class Caption(Struct, frozen=True, omit_defaults=True, tag="caption"):
    """The text of a turn so far. It replaces the text of an earlier caption with the same number."""

    turn: TurnNumber
    speaker: Speaker
    text: Annotated[str, Meta(description="The whole text of the turn so far.")]
    final: Annotated[bool, Meta(description="The turn is complete. A later final caption may still correct it.")]
    doubt: Annotated[
        tuple[Doubt, ...], Meta(description="Why the words may be wrong. Left out where there is no doubt.")
    ] = ()
    id: Annotated[
        str,
        Meta(
            max_length=MAX_ANSWER_ID,
            description="The `id` of the typed answer that this turn is: the relay has taken it. Left out for others.",
        ),
    ] = ""


class Floor(Struct, frozen=True, tag="floor"):
    """Who is expected to speak."""

    holder: Holder


class Heard(Struct, frozen=True, tag="hearing"):
    """What the relay hears of the microphone, at once: an answer's words come only with the reply to it."""

    state: Hearing


class Interrupted(Struct, frozen=True, tag="interrupted"):
    """The candidate spoke over this turn: stop playing at once and drop the audio that waits."""

    turn: TurnNumber


class Spoken(Struct, frozen=True, tag="spoken"):
    """All audio of this turn has been sent. Answer with `played` when it has been heard."""

    turn: TurnNumber


class Time(Struct, frozen=True, omit_defaults=True, tag="time"):
    """Where the interview's clock stands."""

    elapsed_seconds: Seconds
    remaining_seconds: Seconds
    paused: Annotated[
        bool,
        Meta(description="The clock stands still: thinking time doesn't count, five minutes of it in all."),
    ] = False


class Question(Struct, frozen=True, tag="question"):
    """The interviewer has asked a question. Sent with each new one, and again after a `ready` that resumes."""

    number: Annotated[
        Count,
        Meta(
            description="Counts the greeting's question and every reply of the interviewer's that is no goodbye. A "
            "reminder, and a question that is finished after a lost connection, are not counted again; one that is "
            "repeated because the candidate asked for it is. Where one question is practised alone, no `question` is "
            "sent."
        ),
    ]
    about: Annotated[
        Count,
        Meta(
            description="How many there will be, as an estimate that changes: the questions answered so far, and as "
            "many as fit into the time up to the goodbye at the pace so far. The pace is the time so far for each "
            "answered question, together with two questions at the pace that the interviewer is instructed to keep. "
            "Never less than `number`, and otherwise no more than the interviewer is instructed to ask."
        ),
    ]


class Notice(Struct, frozen=True, omit_defaults=True, tag="notice"):
    """Something that the candidate should know."""

    code: Annotated[str, Meta(description="What programs go by: one of the notices below or an error code.")]
    message: Annotated[str, Meta(description="A sentence for the candidate.")]
    text: Annotated[
        str, Meta(description="With `too_fast`: the typed answer that was not taken. Left out where there is none.")
    ] = ""
    id: Annotated[
        str, Meta(max_length=MAX_ANSWER_ID, description="The `id` of that answer. Left out where it had none.")
    ] = ""


class Reconnect(Struct, frozen=True, tag="reconnect"):
    """Dial again: another instance goes on with the interview."""

    after_ms: Annotated[int, Meta(ge=0, description="Milliseconds to wait before that.")]


class Ended(Struct, frozen=True, tag="ended"):
    """The interview has ended. The relay closes with 1000 after this."""

    reason: Ending


ServerMessage = (
    Ready | Echo | Caption | Floor | Heard | Interrupted | Spoken | Question | Time | Notice | Reconnect | Ended
)

_EVENT: Final = {
    "message_type": "conversation",
    "event_type": "conversation.echo",
    "conversation_id": "c2f1",
    "properties": {"modality": "audio", "inference_id": "7", "audio": "AAAA", "sample_rate": 24000, "done": False},
}

EXAMPLES: Final[tuple[ClientMessage | ServerMessage, ...]] = (
    Hello("kW0yEo3T", "voice"),
    Text("I would put an index on the column."),
    Text("I would put an index on the column.", id="9f1c6a52"),
    ChangeOutput("avatar"),
    Avatar("ready", max_message_bytes=4096),
    Avatar("lost", reason="bandwidth"),
    Played(),
    Hold(on=True),
    Done(),
    Mute(on=False),
    End(),
    Ready("b7c1", resumed=False, output="voice", elapsed_seconds=0.0, max_duration_seconds=1500),
    Echo(_EVENT),
    Caption(3, "candidate", "I would put an", final=False),
    Caption(3, "candidate", "I would put an index on the column.", final=True),
    Floor("interviewer"),
    Caption(5, "candidate", "", final=True, doubt=("untranscribed",)),
    Caption(7, "candidate", "I would put an index on the column.", final=True, id="9f1c6a52"),
    Heard("writing"),
    Interrupted(2),
    Spoken(4),
    Question(4, 10),
    Time(elapsed_seconds=15.0, remaining_seconds=1485.0),
    Notice("resuming", "The connection to the interviewer is being restored. Nothing is lost."),
    Notice("too_fast", "You are sending answers too fast. Your text is back in the field.", "And then I left."),
    Reconnect(500),
    Ended("candidate"),
)
"""At least one of each message."""
