"""Outgoing speech."""

import base64
from random import Random
from typing import Any

import pytest

from local.gemini.speech import Speech
from local.gemini.timing import Pace
from local.gemini.voice import NeuralVoice, ToneVoice


async def spoken(*sentences: str, captions: bool = True, **options: Any) -> tuple[Speech, list[str], list[int]]:
    """The speech, its words and the sizes of its chunks; a thousand times as fast as it plays."""
    words: list[str] = []
    sizes: list[int] = []

    async def send(message: dict[str, Any]) -> None:
        content = message.get("serverContent", {})
        if "outputTranscription" in content:
            words.append(content["outputTranscription"]["text"])
        parts = content.get("modelTurn", {}).get("parts", [])
        sizes.extend(len(base64.b64decode(part["inlineData"]["data"])) for part in parts)

    speech = Speech(ToneVoice(0.2), send, Random(1), pace=Pace(0.001), speed=1.0, captions=captions, **options)
    await speech.say(sentences)
    return speech, words, sizes


async def test_the_pieces_joined_are_the_text() -> None:
    speech, words, sizes = await spoken("One two three four five.", "Six!")
    assert "".join(words) == "One two three four five. Six!"
    assert speech.seconds == pytest.approx(1.2, abs=0.045)
    assert sum(sizes) == len(speech.pcm)


async def test_words_run_ahead_of_their_audio_but_not_all_at_once() -> None:
    _, words, sizes = await spoken(" ".join(["word"] * 30))
    assert 6 <= len(words) <= 10
    assert len(sizes) > len(words)


async def test_a_single_group_of_words_has_no_space_around_it() -> None:
    assert (await spoken("Hello there."))[1] == ["Hello there."]


async def test_captions_can_be_off() -> None:
    assert (await spoken("One two.", captions=False))[1] == []


async def test_the_last_words_can_be_withheld() -> None:
    speech, words, _ = await spoken("One two three four five six seven eight nine.", withhold=True)
    assert speech.withheld
    assert "".join(words) + speech.withheld == "One two three four five six seven eight nine."


async def test_all_audio_can_go_in_one_message() -> None:
    _, words, sizes = await spoken("One two three four five six.", "Seven.", least=25)
    assert sizes == [25 * 48_000]
    assert words == ["One two three four five six. Seven."]


@pytest.mark.slow
async def test_the_neural_voice_caches_sentences() -> None:
    voice = NeuralVoice()
    first = await voice.speak("Hello there.")
    assert await voice.speak("Hello there.") is first
    assert 0.5 < len(first) / 48_000 < 2.5
    voice.close()
