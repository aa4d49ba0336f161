import asyncio

import pytest

from relay.race import race


async def test_the_first_to_end_cancels_the_others() -> None:
    ended: list[str] = []

    async def forever(name: str) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # cleaning up may take a while, and is waited for
            ended.append(name)
        raise AssertionError

    async def soon() -> str:
        await asyncio.sleep(0)
        return "soon"

    assert await race(forever("a"), soon(), forever("b")) == "soon"
    assert sorted(ended) == ["a", "b"]


async def test_an_error_cancels_the_others_and_is_raised_unchanged() -> None:
    ended = asyncio.Event()

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def fails() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        await race(forever(), fails())
    assert ended.is_set()


async def test_it_can_be_cancelled_from_outside() -> None:
    ended = asyncio.Event()

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.create_task(race(forever(), forever()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
