"""When anything ends, everything ends: the shape of a live interview's task group."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def race(*pumps: Coroutine[Any, Any, T]) -> T:
    """Run `pumps` in one task group until the first of them ends; the others are cancelled and waited for.

    Gives what the first returned, or raises what it raised (of several errors at once the earliest).
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
