import asyncio

import pytest

from interview.api.single_flight import SingleFlight


async def test_concurrent_callers_share_a_run() -> None:
    flights: SingleFlight[int] = SingleFlight()
    runs: list[str] = []
    go = asyncio.Event()

    async def work() -> int:
        runs.append("run")
        await go.wait()
        return len(runs)

    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(flights.run("a", work)) for _ in range(3)]
        other = group.create_task(flights.run("b", work))
        await asyncio.sleep(0)
        go.set()
    assert len({task.result() for task in asked}) == 1
    assert other.result()
    assert len(runs) == 2
    assert await flights.run("a", work) == 3


async def test_concurrent_callers_share_an_error_and_the_next_caller_runs_again() -> None:
    flights: SingleFlight[int] = SingleFlight()

    async def fail() -> int:
        await asyncio.sleep(0)
        raise ValueError

    async def work() -> int:
        return 1

    results = await asyncio.gather(flights.run("a", fail), flights.run("a", fail), return_exceptions=True)
    assert [type(result) for result in results] == [ValueError, ValueError]
    assert await flights.run("a", work) == 1


async def test_a_cancelled_caller_does_not_cancel_the_run() -> None:
    flights: SingleFlight[int] = SingleFlight()
    go = asyncio.Event()

    async def work() -> int:
        await go.wait()
        return 7

    first = asyncio.create_task(flights.run("a", work))
    await asyncio.sleep(0)
    second = asyncio.create_task(flights.run("a", work))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    go.set()
    assert await second == 7
