"""An interview whose relay has died without a word, taken up at another instance."""

from datetime import timedelta

from interview.api.sweep import IDLE_AFTER, sweep
from interview.record import Interview
from interview.store.sqlite import SqliteStore
from local.gemini import Script
from tests.relay.conftest import Build, now


async def left(build: Build, store: SqliteStore) -> Interview:
    """An interview of which the interviewer's first turn is kept, swept after its relay has not been heard of."""
    running = await build(Script(voice="tone", answers=("What did you build?",)), store=store)
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
    # Gone, and its last turn kept.
    await running.admission.drain(10)
    assert (await store.get(interview.session_id)).status == "live"
    assert await sweep(store, now() + IDLE_AFTER) == (1, False)
    return await store.get(interview.session_id)


async def test_it_goes_on_where_it_was(build: Build, store: SqliteStore) -> None:
    abandoned = await left(build, store)
    assert abandoned.status == "abandoned"
    said = await store.turns(abandoned.session_id)
    assert [turn.text for turn in said] == ["What did you build?"]
    running = await build(Script(voice="tone", answers=("And then?",)), store=store)
    async with running.candidate(abandoned.session_id) as candidate:
        assert (await candidate.until("ready"))["resumed"]
        assert (await candidate.until("caption", turn=0))["text"] == said[0].text
        taken_up = await store.get(abandoned.session_id)
        assert (taken_up.status, taken_up.ended_at, taken_up.ended_reason) == ("live", None, None)
        assert taken_up.live.epoch == 2
        await candidate.send("end")
        assert (await candidate.until("ended"))["reason"] == "candidate"
    ended = await store.get(abandoned.session_id)
    assert (ended.status, ended.started_at) == ("ended", abandoned.started_at)
    assert (await store.turns(abandoned.session_id))[0] == said[0]


async def test_after_its_time_it_can_only_be_ended(build: Build, store: SqliteStore) -> None:
    abandoned = await left(build, store)
    running = await build(store=store, clock=lambda: now() + timedelta(minutes=25))
    async with running.candidate(abandoned.session_id) as candidate:
        assert await candidate.closed() == (4410, "already_ended")
    assert await store.get(abandoned.session_id) == abandoned
    ended = await store.end(abandoned.session_id, "candidate", now())
    assert (ended.status, ended.ended_at) == ("ended", abandoned.ended_at)
