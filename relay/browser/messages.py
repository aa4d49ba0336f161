"""The stream's messages, both ways: text frames are JSON with a `type`, binary frames are audio.

`parse` turns a browser's text frame into one of the dataclasses below; the functions at the end build what the relay
sends. Nothing else in the relay knows how a message looks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import orjson

from interview.errors import BadMessage
from interview.record import Doubt, EndedReason, Output, Speaker

MICROPHONE_RATE: Final = 16_000
"""Samples a second of a browser's binary frames: PCM16 little-endian mono."""
VOICE_RATE: Final = 24_000
"""Samples a second of the relay's binary frames: PCM16 little-endian mono."""
MAX_FRAME: Final = 32 * 1024
"""Bytes of the largest frame that a browser may send."""
MAX_ANSWER: Final = 8_000
"""Characters of the longest typed answer."""

Floor = Literal["interviewer", "candidate", "thinking"]


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message: who is there, and where the interviewer's voice should go."""

    token: str
    output: Output = "voice"


@dataclass(frozen=True, slots=True)
class Text:
    """A typed answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ChangeOutput:
    """Where the interviewer's voice goes from now on."""

    mode: Output


AvatarState = Literal["ready", "lost", "speaking", "silent"]
Lost = Literal["room", "shutdown", "frozen", "autoplay", "bandwidth", "replica", "candidate"]
"""Why the page has lost the avatar: its line to the room; the room itself; the picture stands still; the browser plays
nothing unasked; the network is too slow for video; the replica left; the candidate would rather do without.
"""


@dataclass(frozen=True, slots=True)
class Avatar:
    """What the avatar's room says of itself. `reason` goes with `lost`, and is an addition of ours to the contract."""

    state: AvatarState
    max_message_bytes: int | None = None
    reason: Lost = "room"


@dataclass(frozen=True, slots=True)
class Played:
    """The browser's playback queue has drained."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The candidate wants to think: keep the floor for them."""

    on: bool


@dataclass(frozen=True, slots=True)
class Mute:
    """The microphone is muted, or heard again."""

    on: bool


@dataclass(frozen=True, slots=True)
class End:
    """The candidate ends the interview."""


ClientMessage = Hello | Text | ChangeOutput | Avatar | Played | Hold | Mute | End


def parse(frame: str) -> ClientMessage:
    """A browser's text frame as a message. Raises BadMessage for what the protocol does not know."""
    try:
        message = orjson.loads(frame)
    except orjson.JSONDecodeError:
        raise BadMessage("A text frame must be JSON.") from None
    if not isinstance(message, dict):
        raise BadMessage("A text frame must be a JSON object.")
    build = _BUILDERS.get(_string(message, "type"))
    if build is None:
        raise BadMessage("The message's type is not known.")
    return build(message)


def _string(message: dict[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str):
        raise BadMessage(f"`{name}` must be a string.")
    return value


def _flag(message: dict[str, Any], name: str) -> bool:
    value = message.get(name)
    if not isinstance(value, bool):
        raise BadMessage(f"`{name}` must be true or false.")
    return value


def _output(value: object) -> Output:
    if value == "voice":
        return "voice"
    if value == "avatar":
        return "avatar"
    raise BadMessage("The output must be voice or avatar.")


def _text(message: dict[str, Any]) -> Text:
    text = _string(message, "text").strip()
    if not text:
        raise BadMessage("A typed answer must not be empty.")
    if len(text) > MAX_ANSWER:
        raise BadMessage(f"A typed answer may have {MAX_ANSWER:,} characters.")
    return Text(text)


def _avatar(message: dict[str, Any]) -> Avatar:
    state = message.get("state")
    size = message.get("max_message_bytes")
    if state not in ("ready", "lost", "speaking", "silent"):
        raise BadMessage("The avatar's state is not known.")
    if size is not None and (not isinstance(size, int) or isinstance(size, bool) or size <= 0):
        raise BadMessage("`max_message_bytes` must be a positive number.")
    # A reason of a newer page is no reason to hang up.
    reason: Lost = message["reason"] if message.get("reason") in get_args(Lost) else "room"
    return Avatar(state, size, reason)


_BUILDERS: Final[dict[str, Callable[[dict[str, Any]], ClientMessage]]] = {
    "hello": lambda message: Hello(_string(message, "token"), _output(message.get("output", "voice"))),
    "text": _text,
    "output": lambda message: ChangeOutput(_output(message.get("mode"))),
    "avatar": _avatar,
    "played": lambda _: Played(),
    "hold": lambda message: Hold(_flag(message, "on")),
    "mute": lambda message: Mute(_flag(message, "on")),
    "end": lambda _: End(),
}


def _encode(kind: str, **fields: object) -> str:
    return orjson.dumps({"type": kind, **fields}).decode()


def ready(session_id: str, *, resumed: bool, output: Output, elapsed_seconds: float, max_duration_seconds: int) -> str:
    """The answer to a hello."""
    return _encode(
        "ready",
        session_id=session_id,
        resumed=resumed,
        output=output,
        elapsed_seconds=round(elapsed_seconds, 1),
        max_duration_seconds=max_duration_seconds,
    )


def echo(event: Mapping[str, Any]) -> str:
    """A complete app-message for the avatar's room."""
    return _encode("echo", event=event)


def caption(turn: int, speaker: Speaker, text: str, *, final: bool, doubt: Sequence[Doubt] = ()) -> str:
    """The whole text of a turn so far; `doubt` only where there is some."""
    doubts = {"doubt": list(doubt)} if doubt else {}
    return _encode("caption", turn=turn, speaker=speaker, text=text, final=final, **doubts)


def hearing(state: str) -> str:
    """What the microphone shows: quiet, speech, or speech that is being written down."""
    return _encode("hearing", state=state)


def floor(holder: Floor) -> str:
    """Who is expected to speak."""
    return _encode("floor", holder=holder)


def interrupted(turn: int) -> str:
    """Stop playing at once and drop what is queued."""
    return _encode("interrupted", turn=turn)


def spoken(turn: int) -> str:
    """All audio of this turn has been sent."""
    return _encode("spoken", turn=turn)


def time(*, elapsed_seconds: float, remaining_seconds: float) -> str:
    """Where the interview's clock stands."""
    return _encode("time", elapsed_seconds=round(elapsed_seconds, 1), remaining_seconds=round(remaining_seconds, 1))


def notice(code: str, message: str) -> str:
    """Something that the candidate should know, in words."""
    return _encode("notice", code=code, message=message)


def reconnect(after_ms: int) -> str:
    """Dial again; the interview goes on."""
    return _encode("reconnect", after_ms=after_ms)


def ended(reason: EndedReason) -> str:
    """The interview is over."""
    return _encode("ended", reason=reason)
