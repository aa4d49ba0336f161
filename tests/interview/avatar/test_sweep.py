"""The sweep ends what should have ended, and nothing else."""

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
from interview.avatar.sweep import NEVER_LIVE, STARTING, SweepResult
from interview.clock import now
from interview.errors import StoreUnavailable
from interview.store.sqlite import SqliteStore
from interview.system import Lease
from local.tavus import Fault, Server
from tests.interview.avatar.conftest import ID, Deployment, settings_of
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


async def test_nothing_to_do(deployment: Deployment) -> None:
    assert await deployment.avatars().sweep(now()) == SweepResult(0, complete=True)


@pytest.mark.parametrize("later", [timedelta(), SOON, NEVER_LIVE - MINUTE])
async def test_a_conversation_of_an_interview_that_has_yet_to_begin_is_kept(
    deployment: Deployment, later: timedelta
) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    before = await deployment.avatar()
    assert await avatars.sweep(now() + later) == SweepResult(0, complete=True)
    assert await deployment.avatar() == before
    assert len(deployment.active) == 1
    assert set((await deployment.ledger()).leases) == {ID}


async def test_a_conversation_of_a_live_interview_is_kept(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    await deployment.store.claim(ID, now())
    assert await avatars.sweep(now() + timedelta(hours=2)) == SweepResult(0, complete=True)
    assert len(deployment.active) == 1
    assert set((await deployment.ledger()).leases) == {ID}


async def test_a_conversation_of_an_interview_that_never_begins_is_ended_after_three_minutes(
    deployment: Deployment,
) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    assert await avatars.sweep(now() + LATE) == SweepResult(1, complete=True)
    assert (await deployment.avatar()).reason == "never_live"
    assert deployment.active == []
    assert (await deployment.ledger()).leases == {}


async def test_conversations_of_ended_interviews_are_ended(deployment: Deployment) -> None:
    avatars = deployment.avatars(AVATAR_CONCURRENT="4")
    for name in ("ended", "failed", "abandoned", "live"):
        await deployment.begin(avatars, name)
        await deployment.store.claim(name, now() - 6 * MINUTE)
    await deployment.store.end("ended", "time_limit", now())
    await deployment.store.end("failed", "failed", now())
    await deployment.store.abandon("abandoned", now())
    assert await avatars.sweep(now()) == SweepResult(3, complete=True)
    assert {name: (await deployment.avatar(name)).reason for name in ("ended", "failed", "abandoned", "live")} == {
        "ended": "time_limit",
        "failed": "failed",
        "abandoned": "abandoned",
        "live": None,
    }
    assert deployment.active == [(await deployment.avatar("live")).conversation_id]
    assert set((await deployment.ledger()).leases) == {"live"}


async def test_a_conversation_of_a_deleted_interview_is_ended_and_deleted(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    await deployment.store.delete(ID)
    assert await avatars.sweep(now()) == SweepResult(0, complete=True), "it could be starting"
    assert await avatars.sweep(now() + SOON) == SweepResult(1, complete=True)
    assert deployment.active == []
    assert deployment.tavus.conversations[0].deleted
    assert await avatars.sweep(now() + 2 * SOON) == SweepResult(0, complete=True)
    assert (await deployment.ledger()).leases == {}


async def test_a_conversation_without_a_record_is_ended_after_two_minutes(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    creation = avatars.create(ID, 1500)
    await creation.wait()
    assert await avatars.sweep(now()) == SweepResult(0, complete=True)
    assert len(deployment.active) == 1
    assert await avatars.sweep(now() + SOON) == SweepResult(1, complete=True)
    assert deployment.active == []


async def test_a_provider_whose_clock_is_behind_does_not_end_a_new_conversation(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    deployment.tavus.advance(-600)
    creation = avatars.create(ID, 1500)
    await creation.wait()
    assert await avatars.sweep(now()) == SweepResult(0, complete=True)
    assert len(deployment.active) == 1


async def test_a_conversation_with_an_incomplete_record_is_ended(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    creation = avatars.create(ID, 1500)
    await deployment.store.create(new_interview(session_id=ID, avatar=creation.avatar))
    await creation.wait()
    assert (await deployment.avatar()).status == "creating"
    assert await avatars.sweep(now()) == SweepResult(0, complete=True)
    assert len(deployment.active) == 1
    swept = await avatars.sweep(now() + SOON)
    assert swept.complete
    assert deployment.active == []
    avatar = await deployment.avatar()
    assert (avatar.status, avatar.reason, avatar.seconds) == ("ended", "lost", 0)
    await avatars.sweep(now() + SOON)
    assert (await deployment.ledger()).leases == {}


async def test_a_second_conversation_that_is_in_no_record_is_ended(deployment: Deployment, stranger: Client) -> None:
    """The record after a creation that took too long."""
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    await deployment.store.claim(ID, now())
    known = deployment.active[0]
    await create(stranger, f"interview/{(await deployment.ledger()).deployment}/{ID}")
    assert await avatars.sweep(now()) == SweepResult(1, complete=True)
    assert deployment.active == [known]
    assert (await deployment.avatar()).conversation_id == known


async def test_a_conversation_created_after_the_interview_went_on_by_voice_is_ended(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    deployment.tavus.strike(Fault("lost", created=True, times=1))
    deployment.tavus.strike(Fault("error", on="list", times=3))
    creation = avatars.create(ID, 1500)
    await deployment.store.create(new_interview(session_id=ID, avatar=creation.avatar))
    await creation.cancel()
    assert len(deployment.active) == 1, "nobody could look for it"
    await deployment.store.claim(ID, now())
    await avatars.sweep(now() + SOON)
    await avatars.sweep(now() + SOON)
    assert deployment.active == []
    assert (await deployment.ledger()).leases == {}


async def test_conversations_of_other_programs_are_never_ended(deployment: Deployment, stranger: Client) -> None:
    avatars = deployment.avatars()
    ours = (await deployment.ledger()).deployment
    names = ["", "interview", f"interview/{ours}", f"interview/another/{ID}", f"our interview/{ours}/{ID}"]
    theirs = [await create(stranger, name) for name in names]
    assert await avatars.sweep(now() + timedelta(days=1)) == SweepResult(0, complete=True)
    assert deployment.active == theirs
    our_conversation = await create(stranger, f"interview/{ours}/{ID}")
    assert await avatars.sweep(now() + timedelta(days=1)) == SweepResult(1, complete=True)
    assert deployment.active == theirs
    assert our_conversation not in deployment.active


@pytest.mark.parametrize("rest", ["", "../x", "a/b", "é", "x" * 500])
async def test_a_conversation_with_an_invalid_session_id_is_an_orphan(
    deployment: Deployment, stranger: Client, rest: str
) -> None:
    avatars = deployment.avatars()
    await create(stranger, f"interview/{(await deployment.ledger()).deployment}/{rest}")
    assert await avatars.sweep(now() + SOON) == SweepResult(1, complete=True)
    assert deployment.active == []


async def test_an_end_by_the_provider_is_recorded(deployment: Deployment) -> None:
    """A webhook may not arrive."""
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    await deployment.store.claim(ID, now())
    deployment.tavus.strike(Fault("shutdown"))
    assert deployment.active == []
    assert await avatars.sweep(now() + SOON) == SweepResult(1, complete=True)
    avatar = await deployment.avatar()
    assert (avatar.status, avatar.reason) == ("ended", "shutdown")
    assert (await deployment.ledger()).leases == {}


async def test_a_conversation_missing_in_the_list_is_looked_up(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    await deployment.store.claim(ID, now())

    async def nothing(_: Client) -> list[Any]:
        return []

    monkeypatch.setattr(Client, "active_conversations", nothing)
    assert await avatars.sweep(now() + SOON) == SweepResult(0, complete=True)
    assert (await deployment.avatar()).status == "active"
    assert len(deployment.active) == 1


async def test_unused_leases_are_released(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    await deployment.store.claim(ID, now())
    lease = Lease(now(), now() + timedelta(hours=1))
    await deployment.store.change_ledger(lambda ledger: replace(ledger, leases={**ledger.leases, "left": lease}))
    await avatars.sweep(now())
    assert set((await deployment.ledger()).leases) == {ID, "left"}
    await avatars.sweep(now() + SOON)
    assert set((await deployment.ledger()).leases) == {ID}


async def test_an_unanswered_end_is_retried_by_the_next_sweep(
    deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    avatars = deployment.avatars()
    for name in ("one", "two"):
        await deployment.begin(avatars, name)
        await deployment.store.end(name, "candidate", now())
    deployment.tavus.strike(Fault("error", on="end"))
    assert await avatars.sweep(now()) == SweepResult(0, complete=False)
    assert len(deployment.active) == 2
    assert set((await deployment.ledger()).leases) == {"one", "two"}
    failures = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if line["severity"] == "ERROR"]
    assert {line["session_id"] for line in failures} == {"one", "two"}
    deployment.tavus.control.apply({"kind": "clear"})
    assert await avatars.sweep(now()) == SweepResult(2, complete=True)
    assert deployment.active == []


async def test_without_the_list_conversations_in_records_are_ended(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    await deployment.store.end(ID, "candidate", now())
    deployment.tavus.strike(Fault("error", on="list"))
    assert await avatars.sweep(now()) == SweepResult(1, complete=False)
    assert deployment.active == []


async def test_an_unavailable_store_is_an_error(deployment: Deployment, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable):
        await deployment.avatars(store=SqliteStore(tmp_path / "file" / "i.db")).sweep(now())


async def test_a_sweep_ends_within_its_time(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SWEEP_SECONDS", 0.5)
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    await deployment.store.end(ID, "candidate", now())
    deployment.tavus.strike(Fault("slow", on="list", seconds=60))
    assert await avatars.sweep(now()) == SweepResult(0, complete=False)


async def test_a_sweep_with_too_many_interviews_is_incomplete(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(105):
        created_at = now() - timedelta(hours=2) + timedelta(seconds=number)
        avatar = new_avatar(conversation_id=f"c{number}", created_at=created_at)
        await deployment.store.create(new_interview(session_id=f"session-{number}", cv=None, prompt="", avatar=avatar))
    avatars = deployment.avatars()
    assert await avatars.sweep(now()) == SweepResult(103, complete=False), "103: what is allowed at once, and a hundred"
    assert await avatars.sweep(now()) == SweepResult(2, complete=True)


async def test_two_concurrent_sweeps_are_harmless(deployment: Deployment) -> None:
    one, other = deployment.avatars(), deployment.avatars()
    for name in ("a", "b", "c"):
        await deployment.begin(one, name)
        await deployment.store.end(name, "candidate", now())
    for swept in await asyncio.gather(one.sweep(now()), other.sweep(now())):
        assert swept.complete
    assert deployment.active == []
    assert [(await deployment.avatar(name)).reason for name in ("a", "b", "c")] == ["candidate"] * 3
