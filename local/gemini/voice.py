"""Text to speech as PCM16 LE mono, 24 kHz."""

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol

import numpy as np

from local.gemini.wire import OUT_RATE

_KEPT_SENTENCES = 64
_PAUSE = bytes(OUT_RATE * 2 * 160 // 1000)
_LONG_PAUSE = bytes(OUT_RATE * 2 * 400 // 1000)
SLOW: Final = 0.75
"""The rate of slow speech."""


class Voice(Protocol):
    """Turns text into speech."""

    async def speak(self, sentence: str, rate: float = 1.0) -> bytes:
        """A sentence as PCM16 LE mono 24 kHz, with the pause that follows it; at a `rate` of 0.5 half as fast."""

    def warm(self) -> None:
        """Load the model in the background."""

    def close(self) -> None:
        """End the threads."""


class NeuralVoice:
    """hibari-tts in one worker thread, loaded at the first use. The last sentences spoken are kept."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="voice")
        self._model: Any = None
        self._kept: OrderedDict[tuple[str, float], bytes] = OrderedDict()

    async def speak(self, sentence: str, rate: float = 1.0) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._synthesise, sentence, rate)

    def warm(self) -> None:
        self._worker.submit(self._synthesise, "Hello.", 1.0)

    def close(self) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _synthesise(self, sentence: str, rate: float) -> bytes:
        if (sentence, rate) in self._kept:
            self._kept.move_to_end((sentence, rate))
            return self._kept[sentence, rate]
        if self._model is None:
            # Imported here: importing takes most of a second, and the socket listens sooner without it.
            from hibari import Hibari

            self._model = Hibari()
        samples = self._model(sentence, speed=rate, seed=0)
        pause = _PAUSE if rate == 1 else _LONG_PAUSE
        pcm: bytes = (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes() + pause
        self._kept[sentence, rate] = pcm
        if len(self._kept) > _KEPT_SENTENCES:
            self._kept.popitem(last=False)
        return pcm


class ToneVoice:
    """A tone for each word, for tests that need sound and not speech."""

    def __init__(self, seconds_a_word: float = 0.2) -> None:
        samples = int(OUT_RATE * seconds_a_word)
        time = np.arange(samples) / OUT_RATE
        tone = 6000 * np.sin(2 * np.pi * 220 * time) * np.sin(np.pi * np.arange(samples) / samples)
        self._word = tone.astype("<i2").tobytes()

    async def speak(self, sentence: str, rate: float = 1.0) -> bytes:
        return self._word * round(len(sentence.split()) / rate)

    def warm(self) -> None:
        return

    def close(self) -> None:
        return
