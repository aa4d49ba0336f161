"""When a conversation ends by itself, and what is billed."""

import math
from typing import Any

import pytest

from local.tavus import Server
from tests.local.tavus.conftest import Start, create, eventually, get, refused, visit


async def ended(server: Server, created: dict[str, Any]) -> str:
    """Wait until it has ended; returns the reason."""
    await eventually(lambda: server.inspect()["active"] == 0)
    shown = await get(server, created)
    (shutdown,) = [one for one in shown["events"] if one["event_type"] == "system.shutdown"]
    assert shutdown["properties"] == {"reason": shown["shutdown_reason"]}
    return str(shown["shutdown_reason"])


def billed(server: Server) -> float:
    return float(server.inspect()["billed_seconds"])


async def test_it_ends_if_nobody_joins(start: Start) -> None:
    server = await start()
    created = await create(server)
    server.advance(110)
    assert (await get(server, created))["status"] == "active"
    server.advance(10)
    assert await ended(server, created) == "participant_absent_timeout reached"
    assert 120 <= billed(server) < 130
    server.advance(100)
    assert billed(server) < 130, "an ended conversation costs nothing more"


async def test_it_ends_after_everybody_has_left(start: Start) -> None:
    server = await start()
    created = await create(server)
    async with visit(created) as visitor:
        await visitor.kind("joined")
        server.advance(200)
    await eventually(lambda: not server.inspect()["conversations"][0]["participants"])
    server.advance(80)
    assert (await get(server, created))["status"] == "active"
    server.advance(10)
    assert await ended(server, created) == "participant_left_timeout reached"
    assert 290 <= billed(server) < 300


async def test_it_goes_on_if_a_participant_returns_in_time(start: Start) -> None:
    server = await start()
    created = await create(server)
    for _ in range(2):
        async with visit(created) as visitor:
            await visitor.kind("joined")
        await eventually(lambda: not server.inspect()["conversations"][0]["participants"])
        server.advance(50)
    async with visit(created) as visitor:
        await visitor.kind("joined")
        server.advance(200)
        assert (await get(server, created))["status"] == "active"
        assert server.inspect()["conversations"][0]["joins"] == 3


async def test_without_a_timeout_it_ends_when_the_last_participant_leaves(start: Start) -> None:
    server = await start()
    created = await create(server, properties={})
    async with visit(created) as visitor:
        await visitor.kind("joined")
    assert await ended(server, created) == "participant_left_timeout reached"


@pytest.mark.parametrize(("asked", "given"), [(60, 60), (7200, 3600)])
async def test_it_ends_at_the_longest_duration(start: Start, asked: int, given: int) -> None:
    server = await start()
    created = await create(server, properties={"max_call_duration": asked, "participant_absent_timeout": 9000})
    async with visit(created) as visitor:
        await visitor.kind("joined")
        server.advance(given - 10)
        assert (await get(server, created))["status"] == "active"
        server.advance(10)
        assert await visitor.kind("left") == {"type": "left", "reason": "ended"}
        assert await visitor.closed() == 1000
    assert await ended(server, created) == "max_call_duration reached"
    assert math.isclose(billed(server), given, abs_tol=10)


async def test_it_ends_by_real_time_too(start: Start) -> None:
    server = await start()
    created = await create(server, properties={"max_call_duration": 1})
    assert await ended(server, created) == "max_call_duration reached"
    assert billed(server) >= 1


async def test_it_is_billed_from_its_creation(start: Start) -> None:
    server = await start()
    created = await create(server)
    server.advance(100)
    async with visit(created) as visitor:
        await visitor.kind("joined")
        assert billed(server) >= 100


async def test_a_token_is_valid_for_the_absent_timeout(start: Start) -> None:
    server = await start()
    created = await create(server)
    server.advance(110)
    async with visit(created) as visitor:
        await visitor.kind("joined")
        server.advance(10)
        await visitor.event("system.replica_present")
    await eventually(lambda: not server.inspect()["conversations"][0]["participants"])
    assert (await get(server, created))["status"] == "active"
    assert await refused(created) == 403
