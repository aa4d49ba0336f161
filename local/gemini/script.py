"""What the stand-in does on request: words, delays, failures; and what it received."""

import base64
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from random import Random
from typing import Any, Literal, Self

from local.gemini.behaviour import Behaviour
from local.gemini.faults import AT_CONNECT, LASTING, Fault, FaultKind, Moment

SOUNDS = 30
"""The turns whose sound is kept: at ten seconds each, 15 MB."""

__all__ = ["Fault", "FaultKind", "Moment", "Received", "Script", "TextScript", "dump"]


@dataclass(frozen=True, slots=True)
class TextScript:
    """How generateContent answers: after `delay` seconds, with `status` for the first `failures` requests (None: for
    all), then with `body` in place of the summary, with the finish reason, or with a blocked prompt.
    """

    status: int = 200
    failures: int | None = None
    delay: float = 0.0
    body: str | None = None
    finish: str = "STOP"
    blocked: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """All settings of the stand-in. Times in seconds.

    `answers`: what the interviewer says, turn by turn, before its own mind takes over. `heard`: what the ear makes of
    each stretch of speech, in place of recognising it. `voice` "tone" needs no speech model.

    `pace` is the factor for every delay of the service: 1 is as recorded (timing.py), 0.1 is ten times as fast. It does
    not change the order of frames, nor the silence that ends an utterance, which is counted in audio. At a pace of 1,
    speech is sent `speed` times faster than it plays (None: 4.1 to 8.4, as recorded), and turnComplete comes `trailing`
    times the length of the audio after its beginning (1, as recorded). `delay`: seconds before each reply, in addition.

    `behaviour`: switches for what the recordings don't show. `replay`: the file of a recorded timeline to play on every
    connection instead of an interview (replay.py). `connection_seconds`: the lifetime of a connection, with a goAway
    `notice_seconds` before its end. `api_key`: the only key that is accepted; None accepts any. `counted`: answers say
    how many tokens they took, as the service's do.
    """

    answers: tuple[str, ...] = ()
    heard: tuple[str, ...] | None = None
    voice: Literal["speech", "tone"] = "speech"
    tone_seconds: float = 0.2
    delay: float = 0.0
    pace: float = 1.0
    speed: float | None = None
    trailing: float = 1.0
    seed: int = 0
    api_key: str | None = None
    counted: bool = True
    connection_seconds: float | None = None
    notice_seconds: float = 50.0
    replay: str | None = None
    behaviour: Behaviour = field(default_factory=Behaviour)
    faults: tuple[Fault, ...] = ()
    text: TextScript = field(default_factory=TextScript)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """A script from JSON. Raises TypeError for a name that does not exist."""
        given = dict(value)
        for name in ("answers", "heard"):
            if given.get(name) is not None:
                given[name] = tuple(given[name])
        given["faults"] = tuple(Fault(**fault) for fault in given.get("faults", ()))
        given["behaviour"] = Behaviour(**given.get("behaviour", {}))
        given["text"] = TextScript(**given.get("text", {}))
        return cls(**given)

    @classmethod
    def load(cls, path: Path) -> Self:
        """A script from a JSON file."""
        return cls.read(json.loads(path.read_text("utf-8")))

    def chance(self, connection: int) -> Random:
        """The random generator for one connection's sizes and delays; the same for the same seed."""
        return Random(f"{self.seed}/{connection}")

    def fault(self, kind: FaultKind, connection: int) -> Fault | None:
        """The first fault of this kind on this connection, in any turn."""
        return next((one for one in self.faults if one.kind == kind and one.connection in (None, connection)), None)

    def at(self, connection: int, turn: int, moment: Moment) -> list[Fault]:
        """The faults of this moment."""
        return [
            one
            for one in self.faults
            if one.kind not in (*AT_CONNECT, *LASTING)
            and one.connection in (None, connection)
            and one.moment == moment
            and (one.turn == turn or moment in ("setup", "connected", "call"))
        ]


@dataclass(slots=True)
class Received:
    """What clients sent, for asserts: the newest hundred of each kind, and the length of all audio in bytes."""

    setups: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=100))
    texts: deque[str] = field(default_factory=lambda: deque(maxlen=100))
    histories: deque[list[tuple[str, str]]] = field(default_factory=lambda: deque(maxlen=100))
    said: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=1000))
    """What was said to its end, by whom, in order: the interviewer's turns, the candidate's stretches of speech."""
    voice: deque[bytearray] = field(default_factory=lambda: deque(maxlen=SOUNDS))
    """What the interviewer's turns sounded like, byte for byte as it was sent: PCM16 mono 24 kHz. Cut ones too."""
    tool_responses: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=100))
    requests: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=100))
    keys: deque[str] = field(default_factory=lambda: deque(maxlen=100))
    audio_bytes: int = 0
    connections: int = 0
    open_connections: int = 0

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON, without the keys; the voice in base64."""
        plain = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("keys", "voice")}
        voice = [base64.b64encode(pcm).decode() for pcm in self.voice]
        return {name: list(value) if isinstance(value, deque) else value for name, value in plain.items()} | {
            "voice": voice
        }


def dump(script: Script) -> str:
    """A script as JSON that `Script.load` takes."""
    return json.dumps(asdict(script))
