"""The places of interviews, their cost and the operator's switch, as the relay keeps them in the store."""

import asyncio
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from interview import prices
from interview.admission import ledger
from interview.clock import now
from interview.settings import Limits
from interview.store.sqlite import SqliteStore
from interview.system import Switch
from interview.usage import LiveUsage, Usage
from local.gemini import Script, embedded
from tests.relay.conftest import Build, RunningRelay
from tests.relay.process import STOP_SECONDS, instance


async def test_an_interview_has_a_place_until_it_is_over_and_is_charged_to_the_day(running: RunningRelay) -> None:
    used = Usage(live=LiveUsage(prompt_audio=1_000_000))
    interview = await running.interview(usage=used)
    await running.store.admit(interview.session_id, client="c", at=now(), until=now() + ledger.UNBEGUN, limits=Limits())
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        place = (await running.store.admissions()).places[interview.session_id]
        assert place.begun
        assert (place.until - now()).total_seconds() > interview.max_duration_seconds - 60
        await candidate.send("end")
        await candidate.until("ended")
    await running.gone()
    after = await running.store.admissions()
    assert (after.places, after.today) == ({}, 1)
    assert after.dollars == pytest.approx(prices.dollars(used))


async def test_a_live_interview_is_charged_while_it_is_live(
    running: RunningRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day whose money is used up by long interviews must know of it before they end."""
    monkeypatch.setattr("relay.admission.CHARGE_EVERY", 0.0)
    used = Usage(live=LiveUsage(prompt_audio=1_000_000))
    interview = await running.interview(usage=used)
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        async with asyncio.timeout(60):
            while not (dollars := (await running.store.admissions()).dollars):
                await asyncio.sleep(0.05)
        assert dollars >= prices.dollars(used)
        await candidate.send("end")
        await candidate.until("ended")
    await running.gone()


async def test_without_a_place_a_candidate_is_refused(build: Build) -> None:
    running = await build(limits=Limits(concurrent=1))
    first, second = await running.interview(), await running.interview()
    async with running.candidate(first.session_id) as candidate:
        await candidate.until("ready")
        async with running.candidate(second.session_id) as refused:
            assert await refused.closed() == (4429, "at_capacity")
        assert (await running.store.get(second.session_id)).status == "ready"
        await candidate.send("end")
        await candidate.until("ended")
    await running.gone()
    async with running.candidate(second.session_id) as admitted:
        await admitted.until("ready")


async def test_a_candidate_who_dials_again_has_the_same_place(build: Build) -> None:
    running = await build(limits=Limits(concurrent=1, daily=1))
    interview = await running.interview()
    for _ in range(2):
        async with running.candidate(interview.session_id) as candidate:
            await candidate.until("ready")
        await running.gone()
    after = await running.store.admissions()
    assert (list(after.places), after.today) == ([interview.session_id], 1)


async def test_the_ledger_does_not_name_a_deleted_interview(running: RunningRelay) -> None:
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await running.store.seal(interview.session_id, now())
        await running.store.forget_place(interview.session_id)
        await running.store.delete(interview.session_id)
        assert (await candidate.closed())[0] == 4410
    await running.gone()
    after = await running.store.admissions()
    assert (after.places, after.accounts) == ({}, {})


async def test_the_switch_in_the_store_ends_what_is_live(tmp_path: Path, store: SqliteStore) -> None:
    """The process itself: `make close END=1` sets the switch in the store that the relay reads."""
    async with embedded(Script(voice="tone", heard=(), speed=50)) as server, AsyncExitStack() as stack:
        relay = await stack.enter_async_context(instance(tmp_path, store, server))
        interview = await relay.running.interview()
        async with relay.running.candidate(interview.session_id) as candidate:
            await candidate.until("spoken")
            await store.set_switch(Switch(open=False, end_live=True))
            assert (await candidate.until("ended"))["reason"] == "time_limit"
        relay.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(relay.process.communicate(), STOP_SECONDS)
        assert relay.process.returncode == 0
        assert (await store.get(interview.session_id)).ended_reason == "time_limit"
