"""The service's own delays, as recorded from gemini-3.8-live on 2026-09-19, in seconds at a pace of 1."""

import asyncio
from dataclasses import dataclass
from random import Random
from typing import Final

HANDLE: Final = 0.3
"""From setupComplete to the resumption handle. Recorded: 0.28 to 0.40 s from connecting."""
TYPED: Final = 0.45
"""From a typed text to the first frame of its answer. Recorded for clientContent only: 0.2 to 2.5 s."""
RESPONSE: Final = 0.55
"""From a tool response to the first frame. Recorded: 0.53."""
RESPONSE_TO_AUDIO: Final = 0.25
"""From that frame to the first audio. Recorded: 0.20 to 0.30."""
GENERATED: Final = 0.025
"""From the last audio to generationComplete. Recorded: 0.02 to 0.04."""
INTERRUPTION: Final = 0.06
"""From a text that interrupts to `interrupted`. Recorded: 0.059 to 0.073."""
NEXT_TURN: Final = 0.65
"""From the turnComplete of a goodbye to a call in a turn of its own. Recorded on extended thinking: 0.65 to 7.3."""
REFUSAL: Final = 0.12
"""From a message that is refused to the close. Recorded: 0.12."""

_ENDPOINT: Final = 0.5
_ENDPOINT_A_SECOND: Final = 0.09
_SHORT: Final = 3.0
_LONG: Final = 12.0
_TO_AUDIO: Final = (0.0, 0.0, 0.01, 0.14, 0.44)
_TO_AUDIO_LONG: Final = 0.59
_TO_COMPLETE: Final = (0.2, 0.4)
_SPEEDS: Final = (4.1, 8.4)


@dataclass(frozen=True, slots=True)
class Pace:
    """The service's clock: all its delays are `factor` times as long as recorded."""

    factor: float = 1.0

    async def sleep(self, seconds: float) -> None:
        """Wait for this long on the service's clock."""
        await asyncio.sleep(seconds * self.factor)

    async def until(self, began: float, seconds: float) -> None:
        """Wait until this long, on the service's clock, after `began` (time of the event loop)."""
        await asyncio.sleep(max(0.0, began + seconds * self.factor - asyncio.get_running_loop().time()))


def transcription(speech: float) -> float:
    """From the silence that ends an utterance of `speech` seconds to its words.

    Recorded from the end of the speech, which includes about 0.8 s of that silence: 1.28 to 1.66 s for up to 5.4 s of
    speech, 2.72 s for 16 s.
    """
    return _ENDPOINT + _ENDPOINT_A_SECOND * max(0.0, speech - _SHORT)


def first_audio(speech: float, chance: Random) -> float:
    """From the words of an utterance to the first audio of the reply. Recorded: 0.00 to 0.44; 0.59 after 16 s."""
    return _TO_AUDIO_LONG if speech > _LONG else chance.choice(_TO_AUDIO)


def interruption_to_complete(chance: Random) -> float:
    """From `interrupted` to turnComplete. Recorded: 0.20 to 0.43."""
    return chance.uniform(*_TO_COMPLETE)


def speed(chance: Random) -> float:
    """How many times faster than it plays a turn's audio is sent. Recorded: 4.1 to 8.4."""
    return chance.uniform(*_SPEEDS)
