"""What is typed while one connection to Gemini has gone and the next is not there yet."""

import asyncio

import pytest

from local.gemini import Fault, Script
from relay.talk import directions
from tests.relay.conftest import Build

ANSWER = "I built a message queue with Kafka, and it handled two thousand messages a second."


@pytest.mark.parametrize(
    "end",
    [Fault("go_away", moment="end", connection=0, seconds=20), Fault("abort", moment="end", connection=0)],
    ids=["rotation", "loss"],
)
async def test_an_answer_typed_between_two_connections_is_heard(build: Build, end: Fault) -> None:
    late = Fault("slow_setup", connection=1, seconds=0.5)
    running = await build(Script(voice="tone", speed=40, trailing=0.02, heard=(), faults=(end, late)))
    assert running.gemini
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        async with asyncio.timeout(60):
            while running.gemini.received.connections < 2:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)  # the setup is under way, with all that it will ever say of what was said before
        await candidate.send("text", text=ANSWER)
        await candidate.until("floor", holder="interviewer")
        await candidate.until("floor", holder="candidate")
    assert list(running.gemini.received.texts) == [directions.BEGIN, ANSWER]
