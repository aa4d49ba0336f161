"""Recognising real speech and noise."""

from collections.abc import Iterator

import numpy as np
import pytest

from local.gemini.ear import NeuralEar, ScriptedEar
from tests.local.gemini.conftest import RATE, noise, silence
from tests.local.gemini.test_interview import spoken


@pytest.fixture(scope="module")
def ear() -> Iterator[NeuralEar]:
    ear = NeuralEar()
    yield ear
    ear.close()


@pytest.mark.slow
async def test_words_are_recognised(ear: NeuralEar) -> None:
    text = await ear.transcribe(await spoken("We reduced the waiting time by forty percent, and then we went home."))
    assert "waiting time" in text
    assert "home" in text


@pytest.mark.slow
async def test_noise_is_not_taken_for_words(ear: NeuralEar) -> None:
    hiss = (np.random.default_rng(1).normal(0, 0.05, 2 * RATE) * 32767).astype("<i2").tobytes()
    for sound in (hiss, noise(1.0), noise(0.2) + silence(1.0), silence(2.0)):
        assert await ear.transcribe(sound) == ""


async def test_a_scripted_ear_returns_its_words_for_audio_that_is_long_enough() -> None:
    ear = ScriptedEar(("One.", "Two."), seconds=0.3)
    assert [await ear.transcribe(noise(seconds)) for seconds in (0.2, 0.4, 1.0, 1.0)] == ["", "One.", "Two.", ""]
