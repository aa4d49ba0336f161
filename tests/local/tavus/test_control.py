"""Faults at run time over HTTP, and the report."""

import base64
from typing import Any

import httpx2
import pytest

from local.tavus import Server
from tests.local.tavus.conftest import PIECE, Start, create, refused, tone, visit


async def post(server: Server, order: Any, **headers: str) -> tuple[int, Any]:
    async with httpx2.AsyncClient(base_url=server.origin, headers=headers) as client:
        answer = await client.post("/control", json=order)
        return answer.status_code, answer.json()


async def test_an_order_is_carried_out(start: Start) -> None:
    server = await start()
    created, other = await create(server), await create(server)
    assert await post(server, {"kind": "drop", "conversation_id": created["conversation_id"]}) == (200, {"struck": 1})
    assert await refused(created) == 403
    assert await post(server, {"kind": "never", "coming": True, "times": 1}) == (200, {"struck": 0})
    assert await post(server, {"kind": "shutdown"}) == (200, {"struck": 2})
    assert await refused(other) == 403
    await create(server)
    assert await post(server, {"kind": "advance", "seconds": 100}) == (200, {"struck": 0})
    seen = server.inspect()["conversations"]
    assert seen[2]["billed_seconds"] > 100
    assert not seen[2]["replica_present"]


async def test_clear_removes_faults_that_have_not_happened(start: Start) -> None:
    server = await start()
    assert await post(server, {"kind": "error", "on": "create"}) == (200, {"struck": 0})
    assert await post(server, {"kind": "clear"}) == (200, {"struck": 0})
    await create(server)


@pytest.mark.parametrize(
    "order",
    [[], {}, {"kind": "weather"}, {"kind": "error", "on": "dance"}, {"kind": "error", "whim": 1}, {"kind": "advance"}],
)
async def test_an_invalid_order_is_refused(start: Start, order: Any) -> None:
    status, body = await post(await start(), order)
    assert status == 400
    assert body["error"]


@pytest.mark.parametrize(
    "headers", [{"origin": "http://localhost:8080"}, {"sec-fetch-site": "same-origin"}, {"host": "example.com"}]
)
async def test_requests_by_web_pages_are_refused(start: Start, headers: dict[str, str]) -> None:
    server = await start()
    await create(server)
    assert (await post(server, {"kind": "shutdown"}, **headers))[0] == 403
    assert server.inspect()["active"] == 1
    async with httpx2.AsyncClient(headers=headers) as client:
        assert (await client.get(f"{server.origin}/inspect")).status_code == 403


async def test_the_report_has_no_tokens(start: Start) -> None:
    server = await start()
    created = await create(server)
    async with visit(created) as visitor:
        await visitor.ready()
        await visitor.say(tone(0.08))
        await visitor.event("conversation.replica.stopped_speaking")
    async with httpx2.AsyncClient(base_url=server.origin) as client:
        plain, full = await client.get("/inspect"), await client.get("/inspect?audio=true")
    assert created["meeting_token"] not in full.text
    assert "audio" not in plain.json()["conversations"][0]["utterances"][0]
    (utterance,) = full.json()["conversations"][0]["utterances"]
    assert base64.b64decode(utterance["audio"]) == tone(0.08) + bytes(PIECE)
    assert [(one["operation"], one["status"]) for one in full.json()["calls"]] == [("persona", 200), ("create", 200)]
