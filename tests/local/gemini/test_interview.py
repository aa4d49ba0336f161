"""An interview by real speech in both directions, through the SDK."""

import asyncio

import numpy as np

from local.gemini import Script
from local.gemini.ear import NeuralEar
from local.gemini.voice import NeuralVoice
from tests.local.gemini.conftest import BEGIN, Start, silence, talk


async def spoken(text: str) -> bytes:
    """A candidate's answer: PCM16 16 kHz."""
    voice = NeuralVoice()
    pcm = await voice.speak(text)
    voice.close()
    samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    at = np.arange(len(samples) * 2 // 3) * 1.5
    return bytes(np.interp(at, np.arange(len(samples)), samples).astype("<i2").tobytes())


async def recognition(pcm: bytes) -> float:
    """Seconds that recognising this takes here and now."""
    ear = NeuralEar()
    await ear.transcribe(pcm[: len(pcm) // 4])
    began = asyncio.get_running_loop().time()
    await ear.transcribe(pcm)
    ear.close()
    return asyncio.get_running_loop().time() - began


async def test_it_understands_an_answer_and_asks_about_it(start: Start) -> None:
    answer = await spoken("I built a payment system with Kafka, and we reduced the waiting time by forty percent.")
    async with talk(await start(Script(speed=20.0, trailing=0.0))) as interview:
        await interview.write(BEGIN)
        greeting = await interview.turn()
        assert greeting.said.startswith("Hello Jane, I'm Iris")
        loudness = np.frombuffer(greeting.audio, "<i2").astype(np.float32)
        assert np.sqrt(np.mean(loudness**2)) > 500
        # At the speed of a microphone, so that the time after the end of speech is what a candidate waits.
        await interview.speak(answer + silence(0.3), live=True)
        ended = asyncio.get_running_loop().time()
        hearing = asyncio.create_task(interview.turn())
        await interview.speak(silence(2.0), live=True)
        turn = await hearing
    assert {"payment", "system", "kafka", "waiting"} <= set(
        turn.heard.lower().replace(".", "").replace(",", "").split()
    )
    assert "Kafka" in turn.said or "payment system" in turn.said
    assert turn.said.count("?") == 1
    # 900 ms of silence end the turn, and 300 of them came before `ended`. The recorded delays follow, or the time that
    # this machine needs for recognition and synthesis.
    assert turn.first["audio"] - ended < 2.5 + 3 * await recognition(answer)


async def test_it_stops_speaking_when_it_is_interrupted(start: Start) -> None:
    objection = await spoken("Sorry, could you repeat the question please?")
    async with talk(await start(Script())) as interview:
        await interview.write(BEGIN)
        await interview.turn(until="audio")
        await interview.speak(objection, live=True)
        cut = await interview.turn()
        assert cut.order[-2:] == ["interrupted", "turn_complete"]
        await interview.speak(silence(1.2))
        turn = await interview.turn(until="generation_complete")
    assert "repeat" in turn.heard
    assert turn.said.startswith("Of course.")
