"""Speech to text."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from local.gemini.wire import IN_RATE, SAMPLE_BYTES

_SPEECH_SECONDS = 0.25  # anything shorter was not a word


class Ear(Protocol):
    """Turns speech into text."""

    async def transcribe(self, pcm: bytes) -> str:
        """The words in a stretch of speech (PCM16 LE mono 16 kHz); empty when there are none."""

    def warm(self) -> None:
        """Load the models in the background."""

    def close(self) -> None:
        """End the threads."""


class NeuralEar:
    """moonshine-voice (tiny, English) in one worker thread, loaded at the first use. It never gets silence.

    The model finds words in any noise ("You", "Thank you", worse). So its own voice detection decides first whether
    anybody spoke. If that cuts speech into several lines, fragments become words too, so the whole is transcribed
    again without cuts.
    """

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="ear")
        self._models: tuple[Any, Any] | None = None

    async def transcribe(self, pcm: bytes) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._transcribe, pcm)

    def warm(self) -> None:
        self._worker.submit(self._load)

    def close(self) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _load(self) -> tuple[Any, Any]:
        if self._models is None:
            # Imported here for the same reason as in voice.py.
            from moonshine_voice import ModelArch, Transcriber
            from moonshine_voice.utils import get_assets_path

            folder = str(Path(get_assets_path()) / "tiny-en")
            plain = {"return_audio_data": "false"}
            cutting = Transcriber(folder, ModelArch.TINY, options=plain)
            self._models = cutting, Transcriber(folder, ModelArch.TINY, options={**plain, "vad_threshold": "0.0"})
        return self._models

    def _transcribe(self, pcm: bytes) -> str:
        cutting, whole = self._load()
        samples = (np.frombuffer(pcm, "<i2").astype(np.float32) / 32768).tolist()
        lines = cutting.transcribe_without_streaming(samples, IN_RATE).lines
        if not any(line.duration >= _SPEECH_SECONDS for line in lines):
            return ""
        if len(lines) > 1:
            lines = whole.transcribe_without_streaming(samples, IN_RATE).lines
        return " ".join(line.text.strip() for line in lines if line.text.strip())


class ScriptedEar:
    """Returns the given texts, one for each stretch of speech that is long enough, whatever its sound."""

    def __init__(self, texts: Sequence[str], seconds: float = 0.3) -> None:
        self._texts = iter(texts)
        self._bytes = int(seconds * IN_RATE) * SAMPLE_BYTES

    async def transcribe(self, pcm: bytes) -> str:
        return next(self._texts, "") if len(pcm) >= self._bytes else ""

    def warm(self) -> None:
        return

    def close(self) -> None:
        return
