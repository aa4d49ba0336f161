"""What nobody has ended is ended by the sweep, and nothing else is."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from interview.avatar import sweep as module
from interview.avatar.client import Client, Timing
from interview.avatar.sweep import NEVER_LIVE, STARTING, Swept
from interview.clock import now
from interview.errors import StoreUnavailable
from interview.record import Lease
from interview.store.sqlite import SqliteStore
from local.tavus import Fault, Server
from tests.interview.avatar.conftest import ID, House, settings_of
from tests.interview.store.sample import new_avatar, new_interview

MINUTE = timedelta(minutes=1)
SOON = STARTING + timedelta(seconds=1)
LATE = NEVER_LIVE + timedelta(seconds=1)


@pytest.fixture
async def stranger(tavus: Server) -> AsyncIterator[Client]:
    """Another program with the same key."""
    client = Client(settings_of(tavus), Timing(answer=20, create=20))
    yield client
    await client.close()


async def create(stranger: Client, name: str) -> str:
    body = {"replica_id": "r6f7a8b9c0d1", "conversation_name": name, "require_auth": True}
    return (await stranger.create_conversation(body)).conversation_id


async def test_nothing_to_do(house: House) -> None:
    assert await house.avatars().sweep(now()) == Swept(0, complete=True)


@pytest.mark.parametrize("later", [timedelta(), SOON, NEVER_LIVE - MINUTE])
async def test_who_has_yet_to_begin_is_left_alone(house: House, later: timedelta) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    before = await house.avatar()
    assert await avatars.sweep(now() + later) == Swept(0, complete=True)
    assert await house.avatar() == before
    assert len(house.active) == 1
    assert set((await house.ledger()).leases) == {ID}


async def test_who_is_in_an_interview_is_left_alone(house: House) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    await house.store.claim(ID, now())
    assert await avatars.sweep(now() + timedelta(hours=2)) == Swept(0, complete=True)
    assert len(house.active) == 1
    assert set((await house.ledger()).leases) == {ID}


async def test_who_never_begins_has_the_avatar_for_ten_minutes(house: House) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    assert await avatars.sweep(now() + LATE) == Swept(1, complete=True)
    assert (await house.avatar()).reason == "never_live"
    assert house.active == []
    assert (await house.ledger()).leases == {}


async def test_what_is_over_and_was_not_closed(house: House) -> None:
    avatars = house.avatars(AVATAR_CONCURRENT="4")
    for name in ("ended", "failed", "abandoned", "live"):
        await house.begin(avatars, name)
        await house.store.claim(name, now() - 6 * MINUTE)
    await house.store.end("ended", "time_limit", now())
    await house.store.end("failed", "failed", now())
    await house.store.abandon("abandoned", now())
    assert await avatars.sweep(now()) == Swept(3, complete=True)
    assert {name: (await house.avatar(name)).reason for name in ("ended", "failed", "abandoned", "live")} == {
        "ended": "time_limit",
        "failed": "failed",
        "abandoned": "abandoned",
        "live": None,
    }
    assert house.active == [(await house.avatar("live")).conversation_id]
    assert set((await house.ledger()).leases) == {"live"}


async def test_what_is_gone_is_ended_and_deleted_at_the_provider(house: House) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    await house.store.delete(ID)
    assert await avatars.sweep(now()) == Swept(0, complete=True), "it could be starting"
    assert await avatars.sweep(now() + SOON) == Swept(1, complete=True)
    assert house.active == []
    assert house.tavus.conversations[0].deleted
    assert await avatars.sweep(now() + 2 * SOON) == Swept(0, complete=True)
    assert (await house.ledger()).leases == {}


async def test_a_start_that_died_before_its_record_was_there(house: House) -> None:
    avatars = house.avatars()
    attempt = avatars.attempt(ID, 1500)
    await attempt._task
    assert await avatars.sweep(now()) == Swept(0, complete=True)
    assert len(house.active) == 1
    assert await avatars.sweep(now() + SOON) == Swept(1, complete=True)
    assert house.active == []


async def test_a_provider_whose_clock_is_behind_makes_no_start_look_old(house: House) -> None:
    avatars = house.avatars()
    house.tavus.advance(-600)
    attempt = avatars.attempt(ID, 1500)
    await attempt._task
    assert await avatars.sweep(now()) == Swept(0, complete=True)
    assert len(house.active) == 1


async def test_a_start_that_died_before_its_record_was_complete(house: House) -> None:
    avatars = house.avatars()
    attempt = avatars.attempt(ID, 1500)
    await house.store.create(new_interview(session_id=ID, avatar=attempt.avatar))
    await attempt._task
    assert (await house.avatar()).status == "creating"
    assert await avatars.sweep(now()) == Swept(0, complete=True)
    assert len(house.active) == 1
    swept = await avatars.sweep(now() + SOON)
    assert swept.complete
    assert house.active == []
    avatar = await house.avatar()
    assert (avatar.status, avatar.reason, avatar.seconds) == ("ended", "lost", 0)
    await avatars.sweep(now() + SOON)
    assert (await house.ledger()).leases == {}


async def test_a_second_conversation_that_no_record_names(house: House, stranger: Client) -> None:
    """As a creation leaves it that took longer than anybody waited."""
    avatars = house.avatars()
    await house.begin(avatars)
    await house.store.claim(ID, now())
    known = house.active[0]
    await create(stranger, f"interview/{(await house.ledger()).deployment}/{ID}")
    assert await avatars.sweep(now()) == Swept(1, complete=True)
    assert house.active == [known]
    assert (await house.avatar()).conversation_id == known


async def test_one_that_came_after_its_interview_had_gone_on_by_voice(house: House) -> None:
    avatars = house.avatars()
    house.tavus.strike(Fault("lost", created=True, times=1))
    house.tavus.strike(Fault("error", on="list", times=3))
    attempt = avatars.attempt(ID, 1500)
    await house.store.create(new_interview(session_id=ID, avatar=attempt.avatar))
    await attempt.undo()
    assert len(house.active) == 1, "nobody could look for it"
    await house.store.claim(ID, now())
    await avatars.sweep(now() + SOON)
    await avatars.sweep(now() + SOON)
    assert house.active == []
    assert (await house.ledger()).leases == {}


async def test_a_stranger_s_conversation_is_never_touched(house: House, stranger: Client) -> None:
    avatars = house.avatars()
    deployment = (await house.ledger()).deployment
    names = ["", "interview", f"interview/{deployment}", f"interview/another/{ID}", f"our interview/{deployment}/{ID}"]
    theirs = [await create(stranger, name) for name in names]
    assert await avatars.sweep(now() + timedelta(days=1)) == Swept(0, complete=True)
    assert house.active == theirs
    ours = await create(stranger, f"interview/{deployment}/{ID}")
    assert await avatars.sweep(now() + timedelta(days=1)) == Swept(1, complete=True)
    assert house.active == theirs
    assert ours not in house.active


@pytest.mark.parametrize("rest", ["", "../x", "a/b", "é", "x" * 500])
async def test_a_name_that_no_session_can_have_is_an_orphan_s(house: House, stranger: Client, rest: str) -> None:
    avatars = house.avatars()
    await create(stranger, f"interview/{(await house.ledger()).deployment}/{rest}")
    assert await avatars.sweep(now() + SOON) == Swept(1, complete=True)
    assert house.active == []


async def test_what_the_provider_has_ended_by_itself_is_noted(house: House) -> None:
    """Webhooks need not arrive."""
    avatars = house.avatars()
    await house.begin(avatars)
    await house.store.claim(ID, now())
    house.tavus.strike(Fault("shutdown"))
    assert house.active == []
    assert await avatars.sweep(now() + SOON) == Swept(1, complete=True)
    avatar = await house.avatar()
    assert (avatar.status, avatar.reason) == ("ended", "shutdown")
    assert (await house.ledger()).leases == {}


async def test_one_that_the_list_has_missed_is_asked_about(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    await house.store.claim(ID, now())

    async def nothing(_: Client) -> list[Any]:
        return []

    monkeypatch.setattr(Client, "active_conversations", nothing)
    assert await avatars.sweep(now() + SOON) == Swept(0, complete=True)
    assert (await house.avatar()).status == "active"
    assert len(house.active) == 1


async def test_places_that_nobody_takes_are_given_back(house: House) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    await house.store.claim(ID, now())
    lease = Lease(now(), now() + timedelta(hours=1))
    await house.store.change_ledger(lambda ledger: replace(ledger, leases={**ledger.leases, "left": lease}))
    await avatars.sweep(now())
    assert set((await house.ledger()).leases) == {ID, "left"}
    await avatars.sweep(now() + SOON)
    assert set((await house.ledger()).leases) == {ID}


async def test_a_provider_that_does_not_answer_is_asked_again_the_next_time(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    avatars = house.avatars()
    for name in ("one", "two"):
        await house.begin(avatars, name)
        await house.store.end(name, "candidate", now())
    house.tavus.strike(Fault("error", on="end"))
    assert await avatars.sweep(now()) == Swept(0, complete=False)
    assert len(house.active) == 2
    assert set((await house.ledger()).leases) == {"one", "two"}
    failures = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if line["severity"] == "ERROR"]
    assert {line["session_id"] for line in failures} == {"one", "two"}
    house.tavus.control.apply({"kind": "clear"})
    assert await avatars.sweep(now()) == Swept(2, complete=True)
    assert house.active == []


async def test_without_the_list_records_are_enough_for_what_they_name(house: House) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    await house.store.end(ID, "candidate", now())
    house.tavus.strike(Fault("error", on="list"))
    assert await avatars.sweep(now()) == Swept(1, complete=False)
    assert house.active == []


async def test_a_store_that_is_away_is_told(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable):
        await house.avatars(store=SqliteStore(tmp_path / "file" / "i.db")).sweep(now())


async def test_a_sweep_has_its_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SWEEP_SECONDS", 0.5)
    avatars = house.avatars()
    await house.begin(avatars)
    await house.store.end(ID, "candidate", now())
    house.tavus.strike(Fault("slow", on="list", seconds=60))
    assert await avatars.sweep(now()) == Swept(0, complete=False)


async def test_more_than_one_sweep_takes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(105):
        created_at = now() - timedelta(hours=2) + timedelta(seconds=number)
        avatar = new_avatar(conversation_id=f"c{number}", created_at=created_at)
        await house.store.create(new_interview(session_id=f"session-{number}", cv=None, prompt="", avatar=avatar))
    avatars = house.avatars()
    assert await avatars.sweep(now()) == Swept(103, complete=False), "103: what is allowed at once, and a hundred"
    assert await avatars.sweep(now()) == Swept(2, complete=True)


async def test_two_sweeps_at_once_do_no_harm(house: House) -> None:
    one, other = house.avatars(), house.avatars()
    for name in ("a", "b", "c"):
        await house.begin(one, name)
        await house.store.end(name, "candidate", now())
    for swept in await asyncio.gather(one.sweep(now()), other.sweep(now())):
        assert swept.complete
    assert house.active == []
    assert [(await house.avatar(name)).reason for name in ("a", "b", "c")] == ["candidate"] * 3
