"""The end of a spoken answer by the candidate's word, the count of the questions, and a line that is never silent."""

import asyncio
from itertools import pairwise

import pytest

from contract.limits import SILENT_SECONDS, TIME_SECONDS
from local.gemini import Script
from relay.talk import questions
from tests.relay.conftest import Build, now
from tests.relay.test_session import tone
from tests.relay.test_times import listening, script


@pytest.mark.parametrize("done", [False, True])
async def test_done_ends_a_spoken_answer_at_once(build: Build, done: bool) -> None:
    """The silence that shows the end takes 2.2 s otherwise, of sound that is sent in real time."""
    running = await build(script(pace=0.01))
    interview = await running.interview()
    async with listening(running, interview) as listener:
        await listener.until("floor", holder="candidate")
        listener.speak(2)
        await listener.until("hearing", state="speech")
        await asyncio.sleep(2)
        if done:
            await listener.send("done")
        await listener.until("caption", speaker="interviewer", turn=2)
        waited = listener.now - listener.answers[0].ended
    assert waited < 1.5 if done else waited > 2.0


async def test_done_without_an_answer_changes_nothing(build: Build) -> None:
    running = await build(tone(answers=["Hello, what did you build?", "How did it fail?"]))
    interview = await running.interview()
    async with running.candidate(interview.session_id, played=False) as candidate:
        await candidate.send("done")
        await candidate.until("floor", holder="interviewer")
        await candidate.send("done")
        await candidate.until("spoken", turn=0)
        await candidate.send("done")
        await candidate.send("played")
        await candidate.until("floor", holder="candidate")
        await candidate.send("done")
        await candidate.send("text", text="I wrote a queue.")
        await candidate.until("spoken", turn=2)
    await running.gone()
    assert [turn.interrupted for turn in await running.store.turns(interview.session_id)] == [False] * 3


async def test_each_question_is_counted_once_and_again_on_the_next_connection(build: Build) -> None:
    running = await build(tone(answers=["Hello, what did you build?", "How did it fail?", "And why?"]))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        assert await candidate.until("question") == {"type": "question", "number": 1, "about": 10}
        for number in (2, 3):
            await candidate.until("floor", holder="candidate")
            await candidate.send("text", text=f"Answer {number}.")
            assert (await candidate.until("question"))["number"] == number
        await candidate.until("floor", holder="candidate")
    await running.gone()
    async with running.candidate(interview.session_id) as candidate:
        assert (await candidate.until("question"))["number"] == 3


async def test_where_one_question_is_practised_there_is_no_count(build: Build) -> None:
    running = await build(tone(answers=["Why did it fail?", "And then?"]))
    interview = await running.interview(question="Why did it fail?", max_duration_seconds=180)
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.send("text", text="The disk was full.")
        await candidate.until("spoken", turn=2)
        await candidate.until("floor", holder="candidate")
        assert not [m for m in candidate.messages if m["type"] == "question"]
    await running.gone()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        assert not [m for m in candidate.messages if m["type"] == "question"]


async def test_a_goodbye_is_no_question(build: Build) -> None:
    running = await build(tone(answers=["Hello, what did you build?", "Thank you for your time. Goodbye!"]))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.send("text", text="Nothing.")
        await candidate.until("spoken", turn=2)
        await candidate.until("floor", holder="candidate")
        assert [m["number"] for m in candidate.messages if m["type"] == "question"] == [1]


@pytest.mark.parametrize(
    ("asked", "elapsed", "left", "about"),
    [
        (1, 0, 1475, 10),  # as planned: 150 s each
        (4, 450, 1025, 10),  # at the planned pace
        (4, 180, 1295, 12),  # answers of a minute would make 16: the interviewer is to ask 12 at most
        (3, 800, 675, 4),  # answers of 400 s
        (6, 1475, 0, 6),  # the time is up
    ],
)
def test_about_how_many_follows_from_the_time_and_the_pace(asked: int, elapsed: float, left: float, about: int) -> None:
    assert questions.estimate(asked, elapsed=elapsed, left=left, planned_pace=150, most=12) == about


async def test_something_is_sent_more_often_than_a_client_doubts_the_line(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a tenth of the seconds, and a store that hangs."""
    assert SILENT_SECONDS >= 2 * TIME_SECONDS
    monkeypatch.setattr("relay.talk.clock.TICK", TIME_SECONDS / 10)
    running = await build(Script(voice="tone"))
    monkeypatch.setattr("relay.recorder.TOUCH_EVERY", 0.1)
    monkeypatch.setattr("relay.recorder.LOOK_EVERY", 0.1)
    interview = await running.interview()

    async def hang(*_: object) -> None:
        await asyncio.sleep(60)

    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        monkeypatch.setattr(running.store, "touch", hang)
        times = [now()]
        async with asyncio.timeout(60):
            while len(times) < 6:
                await candidate.until("time")
                times.append(now())
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert max(gaps) < SILENT_SECONDS / 10, gaps
