"""A typed answer is taken once, however often the page sends it, and confirmed each time."""

from tests.relay.conftest import Build, RunningRelay
from tests.relay.test_session import tone

ANSWER = "I wrote a queue in Python."


async def typed(running: RunningRelay, session_id: str) -> list[tuple[str, str | None]]:
    turns = await running.store.turns(session_id)
    return [(turn.text, turn.answer_id) for turn in turns if turn.source == "text"]


async def test_the_caption_of_a_typed_answer_carries_its_id(build: Build) -> None:
    running = await build(tone())
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.send("text", text=ANSWER, id="a-1")
        caption = await candidate.until("caption", speaker="candidate")
        assert (caption["text"], caption["final"], caption["id"]) == (ANSWER, True, "a-1")
        await candidate.send("text", text="And another one.")
        assert "id" not in await candidate.until("caption", speaker="candidate"), "an older page sends none"


async def test_an_answer_that_is_sent_twice_is_entered_once_and_confirmed_twice(build: Build) -> None:
    running = await build(tone())
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.send("text", text=ANSWER, id="a-1")
        first = await candidate.until("caption", speaker="candidate")
        await candidate.send("text", text=ANSWER, id="a-1")
        assert await candidate.until("caption", speaker="candidate") == first
        await candidate.send("end")
        await candidate.until("ended")
    await running.gone()
    assert await typed(running, interview.session_id) == [(ANSWER, "a-1")]
    assert running.gemini is not None
    assert list(running.gemini.received.texts).count(ANSWER) == 1


async def test_an_answer_is_known_on_the_next_connection_and_to_another_relay(build: Build) -> None:
    running = await build(tone())
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.send("text", text=ANSWER, id="a-1")
        turn = (await candidate.until("caption", speaker="candidate"))["turn"]
    await running.gone()
    other = await build(tone(), store=running.store)
    for relay in (running, other):
        async with relay.candidate(interview.session_id) as candidate:
            restored = await candidate.until("caption", speaker="candidate")
            assert (restored["turn"], restored["id"]) == (turn, "a-1"), "it is confirmed unasked"
            await candidate.send("text", text=ANSWER, id="a-1")
            assert (await candidate.until("caption", speaker="candidate", id="a-1"))["turn"] == turn
        await relay.gone()
    assert await typed(running, interview.session_id) == [(ANSWER, "a-1")]


async def test_an_answer_that_is_refused_comes_back_with_its_id(build: Build) -> None:
    running = await build(tone())
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        for number in range(11):
            await candidate.send("text", text=f"Answer {number}.", id=f"a-{number}")
        notice = await candidate.until("notice", code="too_fast")
        assert (notice["text"], notice["id"]) == ("Answer 10.", "a-10")


async def test_an_id_of_any_length_is_no_id(build: Build) -> None:
    running = await build(tone())
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.send("text", text=ANSWER, id="a" * 65)
        assert (await candidate.closed())[0] == 4400
