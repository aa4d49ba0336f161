"""Every fault, by the script and at run time."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from local.tavus import Fault, Script
from local.tavus.faults import Faults
from tests.local.tavus.conftest import PIECE, QUICK, REPLICA, Start, api, create, eventually, refused, tone, visit

BODY = {"replica_id": REPLICA, "conversation_name": "interview/test/1"}


def failing(*faults: Fault, **changes: Any) -> Script:
    return replace(QUICK, faults=faults, **changes)


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (Fault("key"), 401, {"message": "Invalid access token"}),
        (Fault("credit"), 402, {"message": "The user is out of conversational credits"}),
        (Fault("credit", status=400), 400, {"message": "The user is out of conversational credits"}),
        (Fault("concurrency"), 400, {"message": "User has reached maximum concurrent conversations"}),
        (Fault("error"), 500, {"message": "Internal Server Error"}),
        (Fault("error", status=503), 503, {"message": "Internal Server Error"}),
    ],
)
async def test_a_creation_is_refused(start: Start, fault: Fault, status: int, body: dict[str, str]) -> None:
    server = await start(failing(fault))
    async with api(server) as client:
        answer = await client.post("conversations", json=BODY)
        assert (answer.status_code, answer.json()) == (status, body)
        assert (await client.get("conversations")).status_code == 200, "only creations are refused"
    assert server.conversations == []


@pytest.mark.parametrize("created", [False, True])
async def test_an_error_can_leave_a_conversation_behind(start: Start, created: bool) -> None:
    server = await start(failing(Fault("error", created=created)))
    async with api(server) as client:
        assert (await client.post("conversations", json=BODY)).status_code == 500
    assert [one.terms.name for one in server.conversations] == ["interview/test/1"] * created


@pytest.mark.parametrize("created", [False, True])
async def test_a_body_that_is_not_json(start: Start, created: bool) -> None:
    server = await start(failing(Fault("strange", created=created)))
    async with api(server) as client:
        answer = await client.post("conversations", json=BODY)
    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>")
    assert len(server.conversations) == created


@pytest.mark.parametrize("created", [False, True])
async def test_a_lost_answer(start: Start, created: bool) -> None:
    server = await start(failing(Fault("lost", created=created, times=1)))
    async with api(server) as client:
        with pytest.raises(httpx2.TransportError):
            await client.post("conversations", json=BODY)
        assert len(server.conversations) == created
        listed = (await client.get("conversations?status=active")).json()
    assert listed["total_count"] == created


async def test_a_slow_answer_comes_after_the_creation(start: Start) -> None:
    server = await start(failing(Fault("slow", seconds=60)))
    async with api(server) as client:
        asking = asyncio.create_task(client.post("conversations", json=BODY))
        await eventually(lambda: server.conversations)
        assert not asking.done()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    server = await start(failing(Fault("slow", seconds=0.05)))
    async with api(server) as client:
        assert (await client.post("conversations", json=BODY)).status_code == 200


@pytest.mark.parametrize(
    ("on", "method", "path"),
    [
        ("end", "POST", "conversations/{id}/end"),
        ("get", "GET", "conversations/{id}"),
        ("list", "GET", "conversations"),
        ("delete", "DELETE", "conversations/{id}"),
        ("persona", "GET", "personas"),
        ("replicas", "GET", "replicas"),
    ],
)
async def test_every_operation_can_fail(start: Start, on: Any, method: str, path: str) -> None:
    server = await start()
    created = await create(server)
    server.strike(Fault("error", on=on, times=1, status=502))
    async with api(server) as client:
        path = path.format(id=created["conversation_id"])
        assert (await client.request(method, path)).status_code == 502
        assert server.inspect()["active"] == 1
        assert (await client.request(method, path)).status_code in (200, 204)


async def test_an_end_can_succeed_although_the_answer_is_an_error(start: Start) -> None:
    server = await start()
    created = await create(server)
    server.strike(Fault("error", on="end", times=1, created=True))
    async with api(server) as client:
        assert (await client.post(f"conversations/{created['conversation_id']}/end")).status_code == 500
    assert server.inspect()["active"] == 0


async def test_a_fault_happens_as_often_as_it_says() -> None:
    fault, twice = Fault("error"), Fault("key", on="end", times=2)
    faults = Faults(lambda: Script(faults=(fault, twice)))
    assert [faults.answer("end") for _ in range(3)] == [twice, twice, None]
    assert [faults.answer("create") for _ in range(3)] == [fault] * 3
    faults.add(twice)
    assert [faults.answer("end") for _ in range(3)] == [twice, twice, None], "added again, it happens again"
    faults.add(replace(fault, on="get"))
    faults.clear()
    assert faults.answer("get") is None
    assert faults.answer("create") == fault, "the script's faults stay"


async def test_a_replica_that_never_joins(start: Start) -> None:
    server = await start(failing(Fault("never", times=1)))
    lonely = await create(server)
    async with visit(await create(server)) as other:
        await other.ready()
    async with visit(lonely) as visitor:
        assert (await visitor.kind("joined"))["participants"] == []
        server.advance(30)
        async with api(server) as client:
            await client.get("conversations")
        assert not server.inspect()["conversations"][0]["replica_present"]
        server.advance(600)
        assert (await visitor.kind("left"))["reason"] == "ended"
        assert visitor.events == []


async def test_a_replica_that_leaves_returns(start: Start) -> None:
    server = await start()
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await visitor.say(tone(2))
        await visitor.received(PIECE)
        assert server.strike(Fault("leave", seconds=30)) == 1
        await visitor.kind("participant-left")
        assert [one["kind"] for one in visitor.messages[-3:-1]] == ["video", "audio"]
        assert {one["type"] for one in visitor.messages[-3:-1]} == {"track-stopped"}
        await visitor.say(tone(0.08), "lost")
        await eventually(lambda: server.inspect()["conversations"][0]["echoes_lost"])
        server.advance(30)
        await visitor.event("system.replica_joined")
        spoken = len(visitor.sound)
        await visitor.say(tone(0.08), "again")
        await visitor.event("conversation.replica.stopped_speaking")
        assert visitor.sound[spoken:] == tone(0.08) + bytes(PIECE)


async def test_a_deaf_replica_takes_audio_and_says_nothing(start: Start) -> None:
    server = await start()
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await visitor.say(tone(2), "first")
        await visitor.received(PIECE)
        server.strike(Fault("deaf", seconds=30))
        spoken = server.inspect()["conversations"][0]["utterances"][0]["spoken_seconds"]
        await visitor.say(tone(0.4), "second")
        await eventually(
            lambda: [one["done"] for one in server.inspect()["conversations"][0]["utterances"]] == [True] * 2
        )
        server.advance(30)
        await visitor.say(tone(0.08), "third")
        await visitor.event("conversation.replica.stopped_speaking")
        assert visitor.sound == tone(2)[: round(spoken * 48_000)] + tone(0.08) + bytes(PIECE)
        assert visitor.events.count("conversation.stopped_speaking") == 1, "there was no event for the first utterance"
    utterances = server.inspect()["conversations"][0]["utterances"]
    assert [one["inference_id"] for one in utterances] == ["first", "second", "third"]
    assert (utterances[1]["bytes"], utterances[1]["spoken_seconds"]) == (len(tone(0.4)) + PIECE, 0)


async def test_a_frozen_video(start: Start) -> None:
    server = await start()
    created = await create(server)
    async with visit(created) as visitor:
        await visitor.ready()
        server.strike(Fault("freeze", seconds=30))
        assert await visitor.kind("frozen") == {"type": "frozen", "on": True}
        await visitor.say(tone(0.08))
        await visitor.event("conversation.replica.stopped_speaking")
    await eventually(lambda: not server.inspect()["conversations"][0]["participants"])
    async with visit(created) as visitor:
        assert await visitor.kind("frozen") == {"type": "frozen", "on": True}
        server.advance(30)
        assert await visitor.kind("frozen") == {"type": "frozen", "on": False}


@pytest.mark.parametrize(("abrupt", "code"), [(False, 1000), (True, 1006)])
async def test_a_lost_room_can_be_joined_again_later(start: Start, abrupt: bool, code: int) -> None:
    server = await start()
    created = await create(server)
    async with visit(created) as visitor:
        await visitor.ready()
        server.strike(Fault("drop", seconds=20, abrupt=abrupt))
        if not abrupt:
            assert await visitor.kind("left") == {"type": "left", "reason": "lost"}
        assert await visitor.closed() == code
        assert await refused(created) == 403
    assert server.inspect()["active"] == 1
    server.advance(20)
    async with visit(created) as visitor:
        await visitor.ready()
        await visitor.say(tone(0.08))
        await visitor.event("conversation.replica.stopped_speaking")


async def test_an_ejected_participant_may_join_again(start: Start) -> None:
    server = await start()
    created = await create(server)
    async with visit(created) as visitor:
        await visitor.ready()
        server.strike(Fault("eject"))
        assert await visitor.kind("left") == {"type": "left", "reason": "ejected"}
        async with visit(created) as again:
            await again.ready()


async def test_the_service_ends_a_conversation(start: Start) -> None:
    server = await start()
    created, other = await create(server), await create(server)
    async with visit(created) as visitor:
        await visitor.ready()
        assert server.strike(Fault("shutdown", reason="out of order"), conversation_id=created["conversation_id"]) == 1
        assert await visitor.kind("left") == {"type": "left", "reason": "ended"}
    assert [one["shutdown_reason"] for one in server.inspect()["conversations"]] == ["out of order", None]
    assert await refused(created) == 403
    async with visit(other) as visitor:
        await visitor.ready()


async def test_a_fault_in_the_middle_of_an_utterance(start: Start) -> None:
    server = await start(failing(Fault("drop", utterance=1, after=0.2, seconds=5)))
    pcm = tone(1)
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await visitor.say(tone(0.4), "first")
        await visitor.event("conversation.replica.stopped_speaking")
        spoken = len(visitor.sound)
        await visitor.say(pcm, "second")
        assert (await visitor.kind("left"))["reason"] == "lost"
        assert visitor.sound[spoken:] == pcm[: 5 * PIECE]


async def test_a_fault_of_an_utterance_happens_once(start: Start) -> None:
    server = await start(failing(Fault("freeze", utterance=0)))
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        for inference_id in ("first", "second"):
            await visitor.say(tone(0.2), inference_id)
            await visitor.event("conversation.replica.stopped_speaking")
    assert [one["type"] for one in visitor.messages].count("frozen") == 1


async def test_a_fault_some_time_after_the_replica_has_joined(start: Start) -> None:
    server = await start(failing(Fault("eject", after=60)))
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        await eventually(lambda: server.inspect()["conversations"][0]["replica_present"])
        server.advance(50)
        async with api(server) as client:
            await client.get("conversations")
        assert server.inspect()["conversations"][0]["participants"] == 1
        server.advance(10)
        assert (await visitor.kind("left"))["reason"] == "ejected"


async def test_a_fault_ordered_at_run_time_waits_for_its_time(start: Start) -> None:
    server = await start()
    async with visit(await create(server)) as visitor:
        await visitor.ready()
        server.strike(Fault("freeze", after=60))
        server.strike(Fault("eject", utterance=0))
        server.advance(60)
        await visitor.kind("frozen")
        await visitor.say(tone(0.4))
        await visitor.event("conversation.started_speaking")
        assert (await visitor.kind("left"))["reason"] == "ejected"


async def test_a_fault_of_conversations_created_later(start: Start) -> None:
    server = await start()
    first = await create(server)
    assert server.strike(Fault("never", times=1), coming=True) == 0
    await create(server)
    third = await create(server)
    for created in (first, third):
        async with visit(created) as visitor:
            await visitor.ready()
    assert [one["replica_present"] for one in server.inspect()["conversations"]] == [True, False, True]
