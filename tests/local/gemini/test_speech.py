"""How speech goes out."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from local.gemini.speech import Playback, say
from local.gemini.voice import NeuralVoice, ToneVoice


class Wire:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.kinds: list[str] = []

    async def __call__(self, message: dict[str, Any]) -> None:
        content = message["serverContent"]
        if "outputTranscription" in content:
            self.kinds.append("words")
            self.words.append(content["outputTranscription"]["text"])
        else:
            self.kinds.append("audio")


async def spoken(*sentences: str, speed: float = 100.0, captions: bool = True) -> tuple[Wire, Playback]:
    wire, playback = Wire(), Playback()
    await say(sentences, ToneVoice(0.2), wire, playback=playback, sent=bytearray(), speed=speed, captions=captions)
    return wire, playback


async def test_words_run_ahead_of_their_audio_but_not_all_at_once() -> None:
    wire, _ = await spoken(" ".join(["word"] * 30))
    assert wire.kinds[0] == "words"
    first_half = wire.kinds[: len(wire.kinds) // 2]
    # Thirty words last six seconds: in the first half of the frames come the words of that half, a second ahead.
    assert 5 <= first_half.count("words") <= 8
    assert wire.kinds[-1] == "audio"


async def test_the_pieces_joined_are_the_text() -> None:
    wire, playback = await spoken("One two three four.", "Five!")
    assert "".join(wire.words) == "One two three four. Five!"
    assert playback.sent == pytest.approx(1.0)


async def test_captions_can_be_off() -> None:
    wire, _ = await spoken("One two.", captions=False)
    assert set(wire.kinds) == {"audio"}


async def test_the_pace() -> None:
    began = asyncio.get_running_loop().time()
    _, playback = await spoken("one two three four five", speed=4.0)
    now = asyncio.get_running_loop().time()
    assert now - began == pytest.approx(0.25, abs=0.15)
    assert playback.left(now) == pytest.approx(1.0 - (now - began), abs=0.1)


async def test_the_neural_voice_says_the_same_the_same_way_and_keeps_it() -> None:
    voice = NeuralVoice()
    first = await voice.speak("Hello there.")
    clock: Callable[[], float] = asyncio.get_running_loop().time
    began = clock()
    assert await voice.speak("Hello there.") == first
    assert clock() - began < 0.05
    assert 0.5 < len(first) / 48_000 < 2.5
    voice.close()
