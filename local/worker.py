"""Writes summaries on one machine, where no queue calls the function: it asks the store for what is due."""

import asyncio
from typing import Final, NoReturn

from interview import log
from interview.api.backends import Backends
from interview.api.writing import attempt
from interview.errors import StoreUnavailable

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at what is due."""
AT_ONCE: Final = 4
"""Summaries that are written at a time."""


async def write_summaries(backends: Backends, every: float = LOOK_EVERY) -> NoReturn:
    """Write each summary when it is due, until cancelled. After a failure the next look catches up."""
    running: dict[str, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as group:
        while True:
            try:
                due = await backends.store.unwritten(backends.clock(), AT_ONCE)
            except StoreUnavailable:
                due = []  # the sweep says so in the log
            for session_id in [interview.session_id for interview in due]:
                if len(running) < AT_ONCE and session_id not in running:
                    running[session_id] = group.create_task(_write(session_id, backends))
            running = {session_id: task for session_id, task in running.items() if not task.done()}
            await asyncio.sleep(every)


async def _write(session_id: str, backends: Backends) -> None:
    try:
        await attempt(session_id, backends)
    except Exception as error:  # noqa: BLE001 - one summary must not end the others; its lease runs out
        log.failure("worker_failed", error, session_id=session_id)
