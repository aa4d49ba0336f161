"""When a conversation ends by itself, and what it costs until then."""

import math
from typing import Any

import pytest

from local.tavus import Server
from tests.local.tavus.conftest import Start, create, eventually, get, refused, visit


async def ended(server: Server, created: dict[str, Any]) -> str:
    """Why it ended, once it has."""
    await eventually(lambda: server.inspect()["active"] == 0)
    shown = await get(server, created)
    (shutdown,) = [one for one in shown["events"] if one["event_type"] == "system.shutdown"]
    assert shutdown["properties"] == {"reason": shown["shutdown_reason"]}
    return str(shown["shutdown_reason"])


def billed(server: Server) -> float:
    return float(server.inspect()["billed_seconds"])


async def test_nobody_ever_joins(start: Start) -> None:
    server = await start()
    created = await create(server)
    server.advance(110)
    assert (await get(server, created))["status"] == "active"
    server.advance(10)
    assert await ended(server, created) == "participant_absent_timeout reached"
    assert 120 <= billed(server) < 130
    server.advance(100)
    assert billed(server) < 130, "what has ended costs no more"


async def test_everybody_has_left_and_nobody_came_back(start: Start) -> None:
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


async def test_who_comes_back_in_time_keeps_it_going(start: Start) -> None:
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


async def test_left_alone_it_ends_at_once_unless_told_otherwise(start: Start) -> None:
    server = await start()
    created = await create(server, properties={})
    async with visit(created) as visitor:
        await visitor.kind("joined")
    assert await ended(server, created) == "participant_left_timeout reached"


@pytest.mark.parametrize(("asked", "given"), [(60, 60), (7200, 3600)])
async def test_it_lasts_no_longer_than_it_may(start: Start, asked: int, given: int) -> None:
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


async def test_real_seconds_count_as_well(start: Start) -> None:
    server = await start()
    created = await create(server, properties={"max_call_duration": 1})
    assert await ended(server, created) == "max_call_duration reached"
    assert billed(server) >= 1


async def test_it_costs_from_its_creation_and_not_from_the_first_to_join(start: Start) -> None:
    server = await start()
    created = await create(server)
    server.advance(100)
    async with visit(created) as visitor:
        await visitor.kind("joined")
        assert billed(server) >= 100


async def test_a_token_opens_the_room_only_as_long_as_one_may_be_absent(start: Start) -> None:
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
