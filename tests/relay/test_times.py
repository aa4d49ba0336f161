"""The times of the record beside the session's sound. Both are audio time: where the sound is, not when it was sent."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import pytest

from interview import transcript
from interview.record import Interview, Turn
from local.gemini import Script
from tests.relay.conftest import ORIGIN, Build, RunningRelay
from tests.relay.listener import Listener, Sound

TOLERANCE: Final = 0.5
"""Seconds between a cue and its sound: network, frames and the microphone's detector take 0.2. A machine that holds
everything up adds its lag: the end of a sound is when the page reports it.
"""
QUESTION: Final = "Hello, I am your interviewer and I have a few questions for you: what did you build?"


def script(**fields: object) -> Script:
    """Tones that come four times as fast as they sound, as the service sends them."""
    return Script.read(
        {
            "voice": "tone",
            "speed": 4,
            "answers": [QUESTION, "I see, and how did it fail on that day?", "Thank you, and why was that?"],
            "heard": ["I wrote a queue in Python.", "It lost no message."] * 5,
            "behaviour": {"handles": "each_turn_if_asked"},
            **fields,
        }
    )


@asynccontextmanager
async def listening(running: RunningRelay, interview: Interview) -> AsyncIterator[Listener]:
    async with running.dial(interview.session_id, origin=ORIGIN) as socket:
        listener = Listener(socket)
        task = asyncio.create_task(listener.run(running.token))
        try:
            yield listener
        finally:
            await socket.close()
            await task
    await running.gone()


async def cues(running: RunningRelay, interview: Interview) -> dict[int, Sound]:
    """The cues of the WebVTT file, by the numbers of their turns."""
    stored = await running.store.get(interview.session_id)
    text = transcript.render(stored, await running.store.turns(interview.session_id), "vtt").data.decode()
    found = re.findall(r"^(\d+)\n(\d+):(\d+):([\d.]+) --> (\d+):(\d+):([\d.]+)$", text, re.MULTILINE)
    starts = [(int(h) * 60 + int(m)) * 60 + float(s) for _, h, m, s, *_ in found]
    assert starts == sorted(starts), "cues are in the order of time"
    return {
        int(number): Sound(start, (int(h) * 60 + int(m)) * 60 + float(s))
        for start, (number, *_, h, m, s) in zip(starts, found, strict=True)
    }


def assert_in_step(cue: Sound, sound: Sound, lag: float) -> None:
    assert cue.began == pytest.approx(sound.began, abs=TOLERANCE + lag)
    assert cue.ended == pytest.approx(sound.ended, abs=TOLERANCE + lag)


async def turns(running: RunningRelay, interview: Interview) -> dict[int, Turn]:
    return {turn.number: turn for turn in await running.store.turns(interview.session_id)}


async def test_the_cues_run_in_step_with_the_sound(build: Build) -> None:
    running = await build(script())
    interview = await running.interview()
    async with listening(running, interview) as listener:
        await listener.until("floor", holder="candidate")
        listener.speak(2)
        await listener.until("spoken", turn=2)
        await listener.until("floor", holder="candidate", after=len(listener.messages))
        listener.speak(0.6)  # a short one
        await listener.until("spoken", turn=4)
        await listener.until("floor", holder="candidate", after=len(listener.messages))
        await listener.send("end")
        await listener.until("ended")
    found = await cues(running, interview)
    assert sorted(found) == [0, 1, 2, 3, 4]
    for number, sound in listener.voice.items():
        assert_in_step(found[number], sound, listener.lag)
    for number, sound in zip((1, 3), listener.answers, strict=True):
        assert_in_step(found[number], sound, listener.lag)
    assert all(turn.started_at < turn.ended_at for turn in (await turns(running, interview)).values())


async def test_a_turn_ends_when_the_page_has_played_it(build: Build) -> None:
    """The page began to play two seconds late: its sound was suspended."""
    running = await build(script())
    interview = await running.interview()
    async with listening(running, interview) as listener:
        listener.late = 2.0
        await listener.until("floor", holder="candidate")
        await listener.send("end")
        await listener.until("ended")
    found = await cues(running, interview)
    assert found[0].ended == pytest.approx(listener.voice[0].ended, abs=TOLERANCE + listener.lag)


async def test_a_lost_page_breaks_a_turn_off_and_nobody_interrupts_it(build: Build) -> None:
    running = await build(script(speed=1))
    interview = await running.interview()
    async with listening(running, interview) as listener:
        await listener.until("caption", speaker="interviewer")
        await asyncio.sleep(0.5)
    turn = (await turns(running, interview))[0]
    assert (turn.interrupted, turn.broken_off) == (False, True)
    rendered = transcript.render(await running.store.get(interview.session_id), [turn], "txt").data.decode()
    assert "[broken off]" in rendered
    assert "[interrupted]" not in rendered


async def test_a_lost_connection_to_gemini_breaks_a_turn_off(build: Build) -> None:
    running = await build(script(faults=[{"kind": "abort", "connection": 0, "moment": "middle"}]))
    interview = await running.interview()
    async with listening(running, interview) as listener:
        await listener.until("floor", holder="candidate")
        await listener.send("end")
        await listener.until("ended")
    assert not any(turn.interrupted for turn in (await turns(running, interview)).values())
    assert (await turns(running, interview))[0].broken_off


async def test_a_typed_answers_cue_lasts_as_long_as_one_reads_it(build: Build) -> None:
    running = await build(script())
    interview = await running.interview()
    typed = "I wrote a queue in Python, and it lost no message in four years of use."
    async with listening(running, interview) as listener:
        await listener.until("floor", holder="candidate")
        await listener.send("text", text=typed)
        await listener.until("spoken", turn=2)
        await listener.send("end")
        await listener.until("ended")
    cue = (await cues(running, interview))[1]
    assert cue.ended - cue.began == pytest.approx(len(typed) / 15, abs=0.01)
    turn = (await turns(running, interview))[1]
    assert turn.ended_at - turn.started_at == timedelta(), "it was sent in one moment"
