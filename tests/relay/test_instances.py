"""Two relay processes over one store: an interview moves from one to the other, whatever becomes of the first."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from interview.record import Turn
from interview.store.sqlite import SqliteStore
from local.gemini import Fault, Script, Server, embedded
from tests.relay.conftest import Candidate
from tests.relay.process import Instance, instance

ANSWERS: Final = (
    "I built a message queue with Kafka, and it handled two thousand messages a second.",
    "We chose Postgres because we wanted transactions across both of the services.",
    "It lost two messages on a Friday, and I wrote a test that showed me why.",
)
GOODBYE: Final = "I would like to stop the interview now, please."
SCRIPT: Final = Script(
    voice="tone",
    tone_seconds=0.1,
    speed=5,
    trailing=0.02,
    heard=(),
    faults=(Fault("silence", connection=0, turn=2, moment="middle"),),
)
"""The third turn on the first connection stops in its middle, and stays there until something happens to the relay."""


@dataclass
class Instances:
    """Two of them, with what they share."""

    first: Instance
    second: Instance
    store: SqliteStore
    gemini: Server


@pytest.fixture
async def two(tmp_path: Path, store: SqliteStore) -> AsyncIterator[Instances]:
    async with AsyncExitStack() as stack:
        gemini = await stack.enter_async_context(embedded(SCRIPT))
        first = await stack.enter_async_context(instance(tmp_path, store, gemini))
        second = await stack.enter_async_context(instance(tmp_path, store, gemini))
        yield Instances(first, second, store, gemini)


async def begin(candidate: Candidate) -> None:
    """Greeted, one answer given, and one more question asked."""
    await candidate.until("floor", holder="candidate")
    await answer(candidate, ANSWERS[0])


async def answer(candidate: Candidate, text: str) -> None:
    """Answer in writing, and hear the interviewer out."""
    await candidate.send("text", text=text)
    await candidate.until("floor", holder="interviewer")
    await candidate.until("floor", holder="candidate")


async def mid_turn(candidate: Candidate) -> None:
    """Answer, and be in the middle of what the interviewer says to it."""
    await candidate.send("text", text=ANSWERS[1])
    await candidate.until("floor", holder="interviewer")
    await candidate.until("caption", speaker="interviewer", final=False)
    await candidate.until("caption", speaker="interviewer", final=False)


async def kept(store: SqliteStore, session_id: str, turns: int) -> None:
    """Until so many turns are in the store: each is before the next one ends (docs/decisions/0005-turns.md)."""
    async with asyncio.timeout(60):
        while len(await store.turns(session_id)) < turns:
            await asyncio.sleep(0.01)


async def take_up(instance: Instance, session_id: str, said: list[Turn], answers: tuple[str, ...]) -> list[Turn]:
    """Go on at this instance where these turns were said, to the proper end; the whole transcript."""
    async with instance.running.candidate(session_id) as candidate:
        assert (await candidate.until("ready"))["resumed"]
        restored = [await candidate.next() for _ in said]
        assert [(one["turn"], one["speaker"], one["text"], one["final"]) for one in restored] == [
            (turn.number, turn.speaker, turn.text, True) for turn in said
        ]
        floor = (await candidate.until("floor"))["holder"]
        if said[-1].speaker == "candidate" or said[-1].broken_off:
            # Whose turn it was goes on, without being asked.
            assert floor == "interviewer", "nobody is asked to speak before that"
            floor = (await candidate.until("floor"))["holder"]
        assert floor == "candidate"
        for text in answers:
            await answer(candidate, text)
        await candidate.send("text", text=GOODBYE)
        assert (await candidate.until("ended"))["reason"] == "interviewer"
        assert (await candidate.closed())[0] == 1000
    assert (await instance.running.store.get(session_id)).ended_reason == "interviewer"
    return await instance.running.store.turns(session_id)


def assert_whole(turns: list[Turn], said: list[Turn], gemini: Server, *, lost: int = 0) -> None:
    """All answers once and in order, what was said before the move untouched, one greeting; of the interviewer's turns
    at most `lost` missing."""
    assert turns[: len(said)] == said
    assert [turn.number for turn in turns] == sorted({turn.number for turn in turns})
    assert [turn.text for turn in turns if turn.speaker == "candidate"] == [*ANSWERS, GOODBYE]
    asked = [turn.text for turn in turns if turn.speaker == "interviewer"]
    assert len([text for text in asked if re.match(r"(hello|hi|welcome)\b", text, re.IGNORECASE)]) == 1, asked
    finished = [text for speaker, text in gemini.received.said if speaker == "interviewer"]
    assert len([text for text in finished if text not in asked]) <= lost, (finished, asked)


@pytest.mark.parametrize("speaking", [False, True], ids=["at rest", "in mid-turn"])
async def test_told_to_go_it_sends_everyone_to_the_other(two: Instances, *, speaking: bool) -> None:
    interview = await two.first.running.interview()
    async with two.first.running.candidate(interview.session_id) as candidate:
        await begin(candidate)
        if speaking:
            await mid_turn(candidate)
        two.first.process.send_signal(signal.SIGTERM)
        await candidate.until("reconnect")
        assert (await candidate.closed())[0] == 1012
    said = await two.store.turns(interview.session_id)
    assert [turn.text for turn in said if turn.speaker == "candidate"] == list(ANSWERS[: 2 if speaking else 1])
    assert said[-1].speaker == "interviewer"
    assert said[-1].broken_off == speaking
    turns = await take_up(two.second, interview.session_id, said, ANSWERS[2 if speaking else 1 :])
    assert await asyncio.wait_for(two.first.process.wait(), 60) == 0
    assert_whole(turns, said, two.gemini)


@pytest.mark.parametrize("speaking", [False, True], ids=["after an exchange", "in mid-turn"])
async def test_killed_it_takes_at_most_the_turn_being_spoken_with_it(two: Instances, *, speaking: bool) -> None:
    interview = await two.first.running.interview()
    given = ANSWERS[: 2 if speaking else 1]
    async with two.first.running.candidate(interview.session_id) as candidate:
        await begin(candidate)
        if speaking:
            await mid_turn(candidate)
        await kept(two.store, interview.session_id, 2 * len(given))
        two.first.process.kill()
        assert (await candidate.closed())[0] == 1006
    said = await two.store.turns(interview.session_id)
    record = await two.store.get(interview.session_id)
    assert record.status == "live"
    assert [turn.text for turn in said if turn.speaker == "candidate"] == list(given)
    # Whatever was seen as finished is there, but for the turn of that very moment.
    assert [turn.text for turn in said if turn.speaker == "interviewer"][:1] == candidate.said("interviewer")[:1]
    assert len(said) >= len(candidate.said("interviewer")) + len(given) - 1
    turns = await take_up(two.second, interview.session_id, said, ANSWERS[len(given) :])
    assert_whole(turns, said, two.gemini, lost=1)


async def test_the_newest_connection_wins_wherever_it_is(two: Instances) -> None:
    interview = await two.first.running.interview()
    async with two.first.running.candidate(interview.session_id) as loser:
        await begin(loser)
        await kept(two.store, interview.session_id, 3)
        async with two.second.running.candidate(interview.session_id) as winner:
            await winner.until("floor", holder="candidate")
            before = await two.store.turns(interview.session_id)
            taken = await two.store.get(interview.session_id)
            await loser.send("text", text="Nobody must ever read this.")
            assert (await asyncio.wait_for(loser.closed(), 5))[0] == 4409
            assert await two.store.turns(interview.session_id) == before
            assert await two.store.get(interview.session_id) == taken
            for text in ANSWERS[1:]:
                await answer(winner, text)
            await winner.send("text", text=GOODBYE)
            assert (await winner.until("ended"))["reason"] == "interviewer"
    assert two.first.process.returncode is None
    turns = await two.store.turns(interview.session_id)
    assert_whole(turns, before, two.gemini, lost=1)  # what the loser's interviewer may have said to it


async def test_taken_over_in_mid_turn_it_goes_on_at_the_other(two: Instances) -> None:
    """The turn that was being spoken is lost, and the other interviewer says it again."""
    interview = await two.first.running.interview()
    async with two.first.running.candidate(interview.session_id) as loser:
        await begin(loser)
        await mid_turn(loser)
        await kept(two.store, interview.session_id, 4)
        async with two.second.running.candidate(interview.session_id) as winner:
            await winner.until("ready", resumed=True)
            taken = await two.store.get(interview.session_id)
            await loser.send("hold", on=True)  # which cuts the interviewer off: a turn to be kept
            assert (await asyncio.wait_for(loser.closed(), 5))[0] == 4409
            lost = loser.said("interviewer")[2:]
            assert (await winner.until("floor"))["holder"] == "interviewer"
            await winner.until("floor", holder="candidate")
            await answer(winner, ANSWERS[2])
            assert (await two.store.get(interview.session_id)).live.epoch == taken.live.epoch
            await winner.send("text", text=GOODBYE)
            await winner.until("ended")
    turns = await two.store.turns(interview.session_id)
    assert not [turn for turn in turns if turn.text in lost]
    assert_whole(turns, [], two.gemini, lost=1)
