"""The task group of a live interview: when one task ends, all end."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def race(*pumps: Coroutine[Any, Any, T]) -> T:
    """Run `pumps` in one task group until the first of them ends, then cancel the others and wait for them.

    Returns what the first returned, or raises what it raised (the earliest of several errors).
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(pump) for pump in pumps]
            done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return next(task for task in tasks if task in done).result()
