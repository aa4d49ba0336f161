"""Recorded timelines of the real service, frame by frame; pure, without a socket.

A file has one JSON object a line: `{"t": s, "frame": {...}}` is what the service sent, `{"t": s, "sent": "..."}` what
the client did, `{"t": s, "closed": "CODE reason"}` how it ended. `"data": "<N bytes>"` stands for N bytes of PCM16 LE
mono 24 kHz that were not kept; they are replaced by a tone.
"""

import base64
import copy
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from local.gemini.wire import OUT_RATE, SAMPLE_BYTES, Json

Cue = Literal["connect", "speech", "response", "text"]
"""What the client did before a stretch of the timeline."""

_SIZE = re.compile(r"<(\d+) bytes>")
_SPEECH = re.compile(r"speech starts.*?\((\d+) ms")
_CUES: tuple[tuple[str, Cue], ...] = (
    (r"speech starts", "speech"),
    (r"tool response", "response"),
    (r"clientContent|text", "text"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `t` in seconds since the recording began, and one of the rest."""

    t: float
    frame: Json | None = None
    sent: str | None = None
    closed: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """What the service sent after the client's act, which began at `began` and, if it was speech, took `seconds`."""

    cue: Cue
    began: float
    seconds: float
    entries: tuple[Entry, ...]


def read(path: Path) -> tuple[Entry, ...]:
    """The entries of a file, in order."""
    return tuple(_entry(json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip())


def play(entries: Sequence[Entry], *, speed: float = 1.0) -> Iterator[tuple[float, Json]]:
    """Every frame with the time at which it is due, in seconds from the beginning, with sound in it."""
    for entry in entries:
        if entry.frame is not None:
            yield entry.t / speed, sounding(entry.frame)


def stretches(entries: Sequence[Entry]) -> list[Stretch]:
    """The timeline, cut at each act of the client that the service answers."""
    found: list[Stretch] = []
    cue, began, seconds, held = "connect", entries[0].t if entries else 0.0, 0.0, list[Entry]()
    for entry in entries:
        following = entry.sent and next((cue for pattern, cue in _CUES if re.match(pattern, entry.sent)), None)
        if following:
            found.append(Stretch(_cue(cue), began, seconds, tuple(held)))
            spoken = _SPEECH.match(entry.sent or "")
            cue, began, seconds = following, entry.t, int(spoken[1]) / 1000 if spoken else 0.0
            held = []
        elif entry.sent is None:
            held.append(entry)
    return [*found, Stretch(_cue(cue), began, seconds, tuple(held))]


def sounding(frame: Json) -> Json:
    """The frame with a tone of the right size in place of each "<N bytes>"."""
    full: Json = copy.deepcopy(frame)
    for part in full.get("serverContent", {}).get("modelTurn", {}).get("parts", []):
        size = _SIZE.fullmatch(part.get("inlineData", {}).get("data", ""))
        if size:
            part["inlineData"]["data"] = base64.b64encode(tone(int(size[1]))).decode("ascii")
    return full


def tone(size: int) -> bytes:
    """A tone of `size` bytes. Two bytes are one zero sample, as recorded."""
    time = np.arange(size // SAMPLE_BYTES) / OUT_RATE
    return bytes((6000 * np.sin(2 * np.pi * 220 * time)).astype("<i2").tobytes())


def _entry(value: dict[str, Any]) -> Entry:
    code, _, reason = str(value.get("closed", "")).partition(" ")
    return Entry(value["t"], value.get("frame"), value.get("sent"), (int(code), reason) if code else None)


def _cue(name: str) -> Cue:
    return next(cue for cue in ("connect", "speech", "response", "text") if cue == name)
