"""A timeline as turns that can be compared: the kinds, sizes and times of their frames."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local.gemini.recording import Entry

_SIZE = re.compile(r"<(\d+) bytes>")
_SPEECH = re.compile(r"speech starts.*?\((\d+) ms")
RATE = 48_000


@dataclass(frozen=True)
class Turn:
    """What came until a turnComplete.

    `kinds`, one letter a frame: . empty, n serverContent empty, h heard, w audio with words, a audio, W words, c call,
    g generationComplete, i interrupted, t turnComplete. `asked`: when the client had spoken, typed or responded.
    """

    kinds: str
    times: tuple[float, ...]
    sizes: tuple[int, ...]
    words: tuple[str, ...]
    asked: float
    spoken: float
    usage: dict[str, Any] | None

    @property
    def order(self) -> str:
        """The kinds without the empty frames."""
        return self.kinds.replace(".", "")

    @property
    def audio(self) -> tuple[float, ...]:
        return tuple(at for at, kind in zip(self.times, self.kinds, strict=True) if kind in "aw")

    @property
    def seconds(self) -> float:
        return sum(self.sizes) / RATE

    def at(self, kind: str) -> float:
        return self.times[self.kinds.index(kind)]


def turns(entries: Sequence[Entry]) -> list[Turn]:
    """The turns of a timeline, without handles and setup."""
    found, asked, spoken = [], 0.0, 0.0
    held: list[Entry] = []
    for entry in entries:
        if entry.sent is not None:
            speech = _SPEECH.match(entry.sent)
            if speech or re.match(r"tool response|clientContent|text", entry.sent):
                spoken = int(speech[1]) / 1000 if speech else 0.0
                asked = entry.t + spoken
        elif entry.frame is not None and not {"setupComplete", "sessionResumptionUpdate"} & set(entry.frame):
            held.append(entry)
            if _kind(entry.frame) == "t":
                found.append(_turn(held, asked, spoken))
                held = []
    return found


def size(data: str) -> int:
    """The bytes of a stretch of audio, kept or not."""
    named = _SIZE.fullmatch(data)
    return int(named[1]) if named else len(base64.b64decode(data))


def _turn(held: list[Entry], asked: float, spoken: float) -> Turn:
    contents = [(entry.frame or {}).get("serverContent") or {} for entry in held]
    parts = [part for content in contents for part in content.get("modelTurn", {}).get("parts", [])]
    return Turn(
        kinds="".join(_kind(entry.frame or {}) for entry in held),
        times=tuple(entry.t for entry in held),
        sizes=tuple(size(part["inlineData"]["data"]) for part in parts if "inlineData" in part),
        words=tuple(one["outputTranscription"]["text"] for one in contents if "outputTranscription" in one),
        asked=asked,
        spoken=spoken,
        usage=(held[-1].frame or {}).get("usageMetadata"),
    )


def _kind(frame: dict[str, Any]) -> str:
    if not frame:
        return "."
    if "toolCall" in frame:
        return "c"
    content = frame.get("serverContent") or {}
    if "modelTurn" in content:
        return "w" if "outputTranscription" in content else "a"
    kinds = {
        "inputTranscription": "h",
        "outputTranscription": "W",
        "interrupted": "i",
        "generationComplete": "g",
        "turnComplete": "t",
    }
    return next((kind for key, kind in kinds.items() if key in content), "n")
