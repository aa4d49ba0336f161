"""The queue's client, against a server that speaks the REST API of Cloud Tasks."""

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from interview.clock import now
from interview.errors import Unavailable
from interview.retry import Backoff, Policy
from interview.settings import load
from interview.tasks import hand_over, open_tasks
from interview.tasks.cloud import CloudTasks
from tests.queue import QUEUE, TOKEN, Queue, serving_queue

ID = "5e55" * 8
PATIENT = Policy(attempts=3, seconds=60, backoff=Backoff(0.01, 0.02))
"""Long enough for every answer on a busy machine."""


@asynccontextmanager
async def opened(queue: Queue, token: str = TOKEN) -> AsyncIterator[CloudTasks]:
    tasks = CloudTasks(QUEUE, base_url=queue.base_url, access_token=lambda: token, retry=PATIENT)
    try:
        yield tasks
    finally:
        await tasks.close()


async def test_a_task_calls_the_function_for_this_interview_at_once() -> None:
    async with serving_queue() as queue, opened(queue) as tasks:
        await tasks.hand_over(ID)
    assert queue.paths == [f"/api/interview/{ID}/write-summary"]
    assert "scheduleTime" not in queue.tasks[0]


async def test_a_later_attempt_is_scheduled_for_its_time() -> None:
    before = now()
    async with serving_queue() as queue, opened(queue) as tasks:
        await tasks.hand_over(ID, 900)
    due_at = datetime.fromisoformat(queue.tasks[0]["scheduleTime"])
    assert before + timedelta(seconds=899) < due_at < now() + timedelta(seconds=901)


@pytest.mark.parametrize("status", [429, 500, 503, None])
async def test_a_fault_of_the_queue_is_retried(status: int | None) -> None:
    async with serving_queue() as queue, opened(queue) as tasks:
        queue.statuses = [status, status]
        await tasks.hand_over(ID)
    assert len(queue.tasks) == 1


async def test_a_queue_that_does_not_come_back_is_an_error_and_a_line_in_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with serving_queue() as queue, opened(queue) as tasks:
        queue.statuses = [503] * 6
        with pytest.raises(Unavailable):
            await tasks.hand_over(ID)
        assert not await hand_over(tasks, ID)
    assert '"summary_not_handed_over"' in capsys.readouterr().out


async def test_a_refusal_is_not_repeated() -> None:
    async with serving_queue() as queue, opened(queue, "somebody-elses") as tasks:
        queue.statuses = [403, 200]
        with pytest.raises(Unavailable, match="403"):
            await tasks.hand_over(ID)
        assert queue.statuses == [200]


async def test_without_an_access_token_it_is_an_error() -> None:
    def fails() -> str:
        raise ConnectionError

    async with serving_queue() as queue:
        tasks = CloudTasks(QUEUE, base_url=queue.base_url, access_token=fails, retry=PATIENT)
        with pytest.raises(Unavailable):
            await tasks.hand_over(ID)
        await tasks.close()


def test_without_a_queue_there_are_no_tasks() -> None:
    assert open_tasks(load({})) is None
    assert isinstance(open_tasks(load({"TASKS_QUEUE": QUEUE})), CloudTasks)


def test_a_process_with_a_queue_loads_no_http_client_before_its_first_task() -> None:
    code = f"import sys; from interview.tasks.cloud import CloudTasks; CloudTasks('{QUEUE}'); "
    code += "sys.exit(' '.join({'httpx2', 'google.auth'} & set(sys.modules)) or 0)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, cwd=Path(__file__).parents[3])
