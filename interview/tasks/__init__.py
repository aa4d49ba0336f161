"""Hands summaries to a queue that outlives page, relay and function (docs/decisions/0052-summary-tasks.md)."""

from typing import Protocol

from interview import log
from interview.errors import Unavailable
from interview.settings import Settings


class Tasks(Protocol):
    """A queue whose tasks call `POST /api/interview/{session_id}/write-summary`."""

    async def hand_over(self, session_id: str, delay: float = 0.0) -> None:
        """Have an attempt at the summary made in `delay` seconds. Raises Unavailable after a bounded time.

        A task may come twice, late or early: the store decides whether an attempt is due.
        """

    async def close(self) -> None:
        """Close the connections."""


def open_tasks(settings: Settings) -> Tasks | None:
    """The queue `TASKS_QUEUE`. None without one: then a worker asks the store for what is due."""
    if settings.tasks_queue is None:
        return None
    # Imported here: on one machine there is no queue.
    from interview.tasks.cloud import CloudTasks

    return CloudTasks(settings.tasks_queue)


async def hand_over(tasks: Tasks | None, session_id: str, delay: float = 0.0) -> bool:
    """Hand a summary to the queue, if there is one, and return whether it was. Never fails: the sweep repeats it."""
    if tasks is None:
        return False
    try:
        await tasks.hand_over(session_id, delay)
    except Unavailable as error:
        log.failure("summary_not_handed_over", error, session_id=session_id)
        return False
    return True
