"""The stream's messages as the relay reads and writes them. `contract/stream.py` says what they are.

`parse` turns a browser's text frame into a message; the functions below it write what the relay sends. Nothing else in
the relay knows how a message looks.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from msgspec import DecodeError, Struct, ValidationError, json

from contract import stream
from contract.limits import MAX_ANSWER, MAX_FRAME, MICROPHONE_RATE, VOICE_RATE
from contract.stream import Avatar, ChangeOutput, ClientMessage, Done, End, Hello, Hold, Mute, Played, Text
from contract.terms import Doubt, EndedReason, Hearing, Holder, Loss, Output, Speaker
from interview.errors import BadMessage

__all__ = [
    "MAX_ANSWER",
    "MAX_FRAME",
    "MICROPHONE_RATE",
    "VOICE_RATE",
    "Avatar",
    "ChangeOutput",
    "ClientMessage",
    "Done",
    "End",
    "Hearing",
    "Hello",
    "Hold",
    "Holder",
    "Loss",
    "Mute",
    "Played",
    "Text",
    "caption",
    "echo",
    "ended",
    "floor",
    "hearing",
    "interrupted",
    "notice",
    "parse",
    "question",
    "ready",
    "reconnect",
    "spoken",
    "time",
]

_decoder: Final[json.Decoder[ClientMessage]] = json.Decoder(ClientMessage)
_encode: Final = json.Encoder().encode

_MISSING: Final = re.compile(r"missing required field `(\w+)`$")
_WRONG: Final = re.compile(r" - at `\$\.(\w+)`$")


def parse(frame: str) -> ClientMessage:
    """A browser's text frame as a message. Raises BadMessage for what the contract does not know."""
    try:
        message = _read(frame)
    except (DecodeError, RecursionError):
        raise BadMessage("A text frame must be JSON.") from None
    return _trimmed(message) if isinstance(message, Text) else message


def _read(frame: str | bytes) -> ClientMessage:
    try:
        return _decoder.decode(frame)
    except ValidationError as error:
        found = _MISSING.search(str(error)) or _WRONG.search(str(error))
        field = found[1] if found else ""
        if field not in _open_fields():
            raise BadMessage(_complaint(field)) from None
    # A word of a newer page is no reason to hang up: the field counts as left out.
    fields = json.decode(frame)
    del fields[field]
    return _read(json.encode(fields))


def _trimmed(message: Text) -> Text:
    text = message.text.strip()
    if not text:
        raise BadMessage("A typed answer must not be empty.")
    if len(text) > MAX_ANSWER:
        raise BadMessage(f"A typed answer may have {MAX_ANSWER:,} characters.")
    return Text(text, message.id)


@cache
def _fields() -> Mapping[str, Mapping[str, Any]]:
    """The JSON Schema of each field that a client may send, by its name: one name has one meaning in all messages."""
    _, schemas = json.schema_components([ClientMessage])
    return {name: field for schema in schemas.values() for name, field in schema["properties"].items()}


@cache
def _open_fields() -> frozenset[str]:
    return frozenset(name for name, schema in _fields().items() if schema.get("x-open"))


def _complaint(field: str) -> str:
    """What is wrong with a field, without what was in it."""
    if not field:
        return "A text frame must be a JSON object."
    if field == "type":
        return "The message's type is not known."
    match _fields()[field]:
        case {"enum": words}:
            return f"`{field}` must be one of {', '.join(words)}."
        case {"type": "string"}:
            return f"`{field}` must be a string."
        case {"type": "boolean"}:
            return f"`{field}` must be true or false."
        case _:
            return f"`{field}` must be a positive whole number."


def _text(message: Struct) -> str:
    return _encode(message).decode()


def ready(session_id: str, *, resumed: bool, output: Output, elapsed_seconds: float, max_duration_seconds: int) -> str:
    """The answer to a hello."""
    return _text(stream.Ready(session_id, resumed, output, round(elapsed_seconds, 1), max_duration_seconds))


def echo(event: dict[str, Any]) -> str:
    """A complete app message for the avatar's room."""
    return _text(stream.Echo(event))


def caption(
    turn: int, speaker: Speaker, text: str, *, final: bool, doubt: tuple[Doubt, ...] = (), answer_id: str | None = None
) -> str:
    """The whole text of a turn so far; of a typed answer with the id that the page gave it."""
    return _text(stream.Caption(turn, speaker, text, final, doubt, answer_id or ""))


def hearing(state: Hearing) -> str:
    """What the microphone shows."""
    return _text(stream.Heard(state))


def floor(holder: Holder) -> str:
    """Who is expected to speak."""
    return _text(stream.Floor(holder))


def interrupted(turn: int) -> str:
    """Stop playing at once and drop what is queued."""
    return _text(stream.Interrupted(turn))


def spoken(turn: int) -> str:
    """All audio of this turn has been sent."""
    return _text(stream.Spoken(turn))


def time(*, elapsed_seconds: float, remaining_seconds: float, paused: bool = False) -> str:
    """Where the interview's clock stands, and whether it stands still."""
    return _text(stream.Time(round(elapsed_seconds, 1), round(remaining_seconds, 1), paused))


def question(number: int, about: int) -> str:
    """The interviewer has asked a question."""
    return _text(stream.Question(number, about))


def notice(code: str, message: str, text: str = "", answer_id: str = "") -> str:
    """Something that the candidate should know, as a sentence. `code` is one of `contract.notices` or an error's.

    `text` is a typed answer that was not taken, `answer_id` its id.
    """
    return _text(stream.Notice(code, message, text, answer_id))


def reconnect(after_ms: int) -> str:
    """Dial again; the interview goes on."""
    return _text(stream.Reconnect(after_ms))


def ended(reason: EndedReason) -> str:
    """The interview is over."""
    # Nobody is connected to an interview that is abandoned; should a record say so all the same, the stream has no
    # word for it.
    return _text(stream.Ended("failed" if reason == "abandoned" else reason))
