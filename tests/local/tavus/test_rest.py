"""The API: requests, answers and refusals."""

from dataclasses import replace
from typing import Any

import httpx2
import pytest

from local.tavus import Script
from tests.local.tavus.conftest import PERSONA, QUICK, REPLICA, Start, api, create, get, refused


async def persona(client: httpx2.AsyncClient) -> str:
    answer = await client.post("personas", json=PERSONA)
    assert answer.status_code == 200
    return str(answer.json()["persona_id"])


@pytest.mark.parametrize("key", ["", "another"])
async def test_a_wrong_key_gets_401(start: Start, key: str) -> None:
    server = await start(Script(api_key="the-key"))
    async with api(server, key) as client:
        for method, path in (("GET", "replicas"), ("POST", "conversations"), ("POST", "conversations/c1/end")):
            answer = await client.request(method, path)
            assert (answer.status_code, answer.json()) == (401, {"message": "Invalid access token"})
    async with api(server, "the-key") as client:
        assert (await client.get("replicas")).status_code == 200
    assert [one["status"] for one in server.inspect()["calls"]] == [401, 401, 401, 200]


async def test_any_key_is_accepted_and_no_key_is_not(start: Start) -> None:
    server = await start()
    async with api(server, "whatever") as client:
        assert (await client.get("replicas")).status_code == 200
        del client.headers["x-api-key"]
        assert (await client.get("replicas")).status_code == 401


async def test_replicas_are_listed_including_those_in_training(start: Start) -> None:
    async with api(await start()) as client:
        listed = (await client.get("replicas")).json()
        assert [one["status"] for one in listed["data"]] == ["started", "completed", "completed"]
        assert listed["total_count"] == 3
        assert "replica_type" not in listed["data"][0]
        stock = (await client.get("replicas?replica_type=system&limit=1&page=2&verbose=true")).json()
        assert [one["replica_type"] for one in stock["data"]] == ["system"]
        assert stock["data"][0]["replica_id"] != REPLICA
        assert stock["total_count"] == 2
        assert (await client.get(f"replicas/{REPLICA}")).json()["status"] == "completed"
        assert (await client.get("replicas/r1")).json() == {"error": "Invalid replica_id"}


async def test_a_persona_exists_until_it_is_deleted(start: Start) -> None:
    async with api(await start()) as client:
        layers = {"perception": {"perception_model": "off"}, "transport": {"microphone": False}}
        made = (await client.post("personas", json={**PERSONA, "layers": layers})).json()
        assert set(made) == {"persona_id", "persona_name", "created_at"}
        (shown,) = (await client.get(f"personas/{made['persona_id']}")).json()["data"]
        assert shown["layers"] == layers
        assert (await client.get("personas")).json()["total_count"] == 1
        gone = await client.delete(f"personas/{made['persona_id']}")
        assert (gone.status_code, gone.content) == (204, b"")
        for answer in (
            await client.get(f"personas/{made['persona_id']}"),
            await client.post("conversations", json={"persona_id": made["persona_id"]}),
        ):
            assert (answer.status_code, answer.json()) == (400, {"error": "Invalid persona_id"})


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"system_prompt": "You are an interviewer."}, "system_prompt"),
        ({"context": "An interview."}, "context"),
        ({"pipeline_mode": "full"}, "system_prompt"),
        ({"pipeline_mode": "parrot"}, "pipeline_mode"),
        ({"default_replica_id": "r1"}, "replica_uuid"),
        ({"default_replica_id": "r0a1b2c3d4e5"}, "replica_uuid"),
        ({"persona_name": 1}, "persona_name"),
        ({"layers": {"perception": "off"}}, "perception"),
        ({"layers": {"perception": {"perception_model": "raven-9"}}}, "perception_model"),
        ({"layers": {"hearing": {}}}, "hearing"),
        ({"document_ids": [1]}, "document_ids"),
        ({"greeting": "Hello"}, "greeting"),
    ],
)
async def test_an_invalid_persona_is_refused(start: Start, changes: dict[str, Any], named: str) -> None:
    server = await start()
    async with api(server) as client:
        answer = await client.post("personas", json={**PERSONA, **changes})
    assert answer.status_code == 400
    assert named in answer.json()["error"]
    assert server.inspect()["personas"] == []


async def test_a_conversation_is_created_and_shown(start: Start) -> None:
    server = await start()
    created = await create(server, callback_url="http://127.0.0.1:9/hook")
    assert set(created) == {
        *("conversation_id", "conversation_name", "conversation_url", "status", "callback_url", "created_at"),
        "meeting_token",
    }
    assert created["status"] == "active"
    assert created["conversation_name"] == "interview/test/1"
    assert created["conversation_url"] == f"{server.origin}/rooms/{created['conversation_id']}"
    shown = await get(server, created)
    assert shown["replica_id"] == REPLICA
    assert shown["created_at"] == created["created_at"]
    assert "meeting_token" not in shown


@pytest.mark.parametrize("changes", [{"require_auth": True}, {"properties": {"require_auth": True}}])
async def test_only_a_private_room_has_a_token(start: Start, changes: dict[str, Any]) -> None:
    async with api(await start()) as client:
        body = {"persona_id": await persona(client)}
        assert "meeting_token" not in (await client.post("conversations", json=body)).json()
        assert "meeting_token" in (await client.post("conversations", json={**body, **changes})).json()


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"persona_id": "p1"}, "persona_id"),
        ({"replica_id": "r1"}, "replica_id"),
        ({"replica_id": "r0a1b2c3d4e5"}, "replica_id"),
        ({}, "replica_id"),
        ({"replica_id": REPLICA, "conversation_name": 7}, "conversation_name"),
        ({"replica_id": REPLICA, "max_participants": 1}, "max_participants"),
        ({"replica_id": REPLICA, "max_participants": True}, "max_participants"),
        ({"replica_id": REPLICA, "require_auth": "yes"}, "require_auth"),
        ({"replica_id": REPLICA, "properties": {"max_call_duration": 1.5}}, "max_call_duration"),
        ({"replica_id": REPLICA, "properties": {"participant_left_timeout": -1}}, "participant_left_timeout"),
        ({"replica_id": REPLICA, "properties": {"greeting": 1}}, "greeting"),
        ({"replica_id": REPLICA, "max_call_duration": 600}, "max_call_duration"),
        ([], "JSON object"),
    ],
)
async def test_an_invalid_conversation_is_refused(start: Start, body: Any, named: str) -> None:
    server = await start()
    async with api(server) as client:
        answer = await client.post("conversations", json=body)
    assert answer.status_code == 400
    assert named in answer.json()["error"]
    assert server.conversations == []


async def test_a_request_that_is_not_json_is_refused(start: Start) -> None:
    async with api(await start()) as client:
        assert (await client.post("conversations", content=b"{")).status_code == 400


async def test_a_conversation_needs_a_replica_and_no_persona(start: Start) -> None:
    async with api(await start()) as client:
        answer = await client.post("conversations", json={"replica_id": REPLICA})
        assert answer.status_code == 200
        assert answer.json()["conversation_name"]


async def test_a_conversation_in_test_mode_has_ended_at_once_and_is_free(start: Start) -> None:
    server = await start(replace(QUICK, concurrent=1))
    first = await create(server)
    tried = await create(server, test_mode=True)
    assert tried["status"] == "ended"
    server.advance(60)
    assert server.inspect()["conversations"][1]["billed_seconds"] == 0
    assert await refused(tried) == 403
    async with api(server) as client:
        await client.post(f"conversations/{first['conversation_id']}/end")
    await create(server, test_mode=True)
    assert (await create(server))["status"] == "active", "test mode does not count for the limit"


async def test_conversations_are_listed_by_page_and_status(start: Start) -> None:
    server = await start()
    names = [str(number) for number in range(12)]
    created = [await create(server, conversation_name=name) for name in names]
    async with api(server) as client:
        for one in created[:3]:
            await client.post(f"conversations/{one['conversation_id']}/end")
        first = (await client.get("conversations")).json()
        assert [one["conversation_name"] for one in first["data"]] == [*reversed(names)][:10]
        assert first["total_count"] == 12
        second = (await client.get("conversations?page=2")).json()
        assert [one["conversation_name"] for one in second["data"]] == ["1", "0"]
        active = (await client.get("conversations?status=active&limit=4&page=3")).json()
        assert [one["conversation_name"] for one in active["data"]] == ["3"]
        assert active["total_count"] == 9
        ended = (await client.get("conversations?status=ended")).json()
        assert {one["status"] for one in ended["data"]} == {"ended"}
        assert ended["total_count"] == 3
        assert (await client.get("conversations?limit=none")).status_code == 400
        assert (await client.get("conversations?page=0")).status_code == 400


async def test_an_end_has_an_empty_body_and_works_once(start: Start) -> None:
    server = await start()
    created = await create(server)
    async with api(server) as client:
        ended = await client.post(f"conversations/{created['conversation_id']}/end")
        assert (ended.status_code, ended.content) == (200, b"")
        again = await client.post(f"conversations/{created['conversation_id']}/end")
        assert (again.status_code, again.json()) == (400, {"error": "Conversation has already ended"})
        unknown = await client.post("conversations/c1/end")
        assert (unknown.status_code, unknown.json()) == (400, {"error": "Invalid conversation_id"})
        plain = (await client.get(f"conversations/{created['conversation_id']}")).json()
    assert plain["status"] == "ended"
    assert "events" not in plain
    shown = await get(server, created)
    assert shown["shutdown_reason"] == "end_conversation_endpoint_hit"
    assert [one["event_type"] for one in shown["events"]][-2:] == ["system.shutdown", "application.transcription_ready"]
    assert await refused(created) == 403


async def test_a_deleted_conversation_is_unknown_and_still_billed(start: Start) -> None:
    server = await start()
    created = await create(server)
    async with api(server) as client:
        deleted = await client.delete(f"conversations/{created['conversation_id']}")
        assert (deleted.status_code, deleted.content) == (204, b"")
        for answer in (
            await client.get(f"conversations/{created['conversation_id']}"),
            await client.post(f"conversations/{created['conversation_id']}/end"),
            await client.delete(f"conversations/{created['conversation_id']}"),
        ):
            assert (answer.status_code, answer.json()) == (400, {"error": "Invalid conversation_id"})
        assert (await client.get("conversations")).json()["total_count"] == 0
    server.advance(60)
    (seen,) = server.inspect()["conversations"]
    assert seen["deleted"]
    assert seen["billed_seconds"] > 60


async def test_the_limit_on_concurrent_conversations(start: Start) -> None:
    server = await start(replace(QUICK, concurrent=1))
    first = await create(server)
    async with api(server) as client:
        body = {"replica_id": REPLICA}
        answer = await client.post("conversations", json=body)
        message = {"message": "User has reached maximum concurrent conversations"}
        assert (answer.status_code, answer.json()) == (400, message)
        await client.post(f"conversations/{first['conversation_id']}/end")
        assert (await client.post("conversations", json=body)).status_code == 200


async def test_without_credit_nothing_is_created(start: Start) -> None:
    server = await start(replace(QUICK, credits=2))
    await create(server)
    server.advance(121)
    async with api(server) as client:
        answer = await client.post("conversations", json={"replica_id": REPLICA})
    assert (answer.status_code, answer.json()) == (402, {"message": "The user is out of conversational credits"})
    assert len(server.conversations) == 1
