"""Sends the candidate's words: once, whole, after the utterance; or as a fault says."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Final

from local.gemini import frames
from local.gemini.faults import FaultKind
from local.gemini.injector import Injector

KINDS: Final[tuple[FaultKind, ...]] = (
    "transcription_never", "transcription_late", "transcription_doubled", "transcription_repeated",
    "transcription_split", "transcription_headless", "transcription_arabic", "transcription_russian",
    "transcription_silence",
)  # fmt: skip
_ELSE: Final[dict[FaultKind, str]] = {
    "transcription_arabic": "نعم، عملت على ذلك لمدة ثلاث سنوات.",
    "transcription_russian": "Да, я работал над этим три года.",
    "transcription_silence": "[Silence]",
}
_SPLIT_SECONDS = 0.3
_HEAD_WORDS = 3
_REPEATS = 3


async def transcribe(
    text: str,
    turn: int,
    faults: Injector,
    *,
    replied: Callable[[], Awaitable[object]],
    spawn: Callable[[Coroutine[object, object, None]], object],
) -> None:
    """Send the words that this turn answers. `replied` returns when the reply has begun; `spawn` runs
    what comes later.
    """
    fault = faults.lasting(turn, *KINDS)
    words = text.split()
    match fault and fault.kind:
        case "transcription_never":
            return
        case "transcription_late" if fault is not None:
            spawn(_late(text, fault.seconds, faults, replied))
            return
        case "transcription_repeated" if fault is not None:
            spawn(_repeat(text, fault.seconds, faults))
        case "transcription_doubled":
            await faults.send(frames.heard(text))
        case "transcription_split":
            half = (len(words) + 1) // 2
            await faults.send(frames.heard(" ".join(words[:half])))
            await asyncio.sleep(_SPLIT_SECONDS)
            text = " ".join(words[half:])
        case "transcription_headless":
            text = " ".join(words[_HEAD_WORDS:])
        case kind if kind in _ELSE:
            text = _ELSE[kind]
    if text:
        await faults.send(frames.heard(text))


async def _late(text: str, seconds: float, faults: Injector, replied: Callable[[], Awaitable[object]]) -> None:
    await replied()
    await asyncio.sleep(seconds)
    await faults.send(frames.heard(text))


async def _repeat(text: str, seconds: float, faults: Injector) -> None:
    for _ in range(_REPEATS):
        await asyncio.sleep(seconds)
        await faults.send(frames.heard(text))
