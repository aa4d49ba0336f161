"""The relay's end hands the summary to the queue: it is written though the page is closed at the goodbye."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from interview.api import end, id_token
from interview.api.backends import open_backends
from interview.api.message import Request, Response
from interview.api.routes import answer
from interview.api.sweep import hand_over_summaries
from interview.assessment import amount
from interview.gemini import GeminiText
from interview.retry import Backoff, Policy
from interview.settings import Gemini, load
from interview.store import Store
from interview.tasks.cloud import CloudTasks
from local.gemini import Script
from tests.functions.end.test_main import JUDGEMENT
from tests.generate import serving
from tests.interview.signing import ACCOUNT, AUDIENCE, signer
from tests.queue import QUEUE, TOKEN, Queue, serving_queue
from tests.relay.conftest import Build, RunningRelay, now


def tasks_of(queue: Queue) -> CloudTasks:
    retry = Policy(attempts=2, seconds=4.5, backoff=Backoff(0.01, 0.02))
    return CloudTasks(QUEUE, base_url=queue.base_url, access_token=lambda: TOKEN, retry=retry)


async def interview_with_an_answer(running: RunningRelay) -> str:
    """An interview whose page is gone as soon as it has asked for the end."""
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.send("text", text="An index lets the database find rows without reading the whole table.")
        await candidate.until("spoken", turn=2)
        await candidate.send("end")
    await running.gone()
    return interview.session_id


async def deliver(path: str, store: Store, folder: Path) -> Response:
    """Call the function as the queue does, with a real ID token and a model that judges."""

    async def nothing() -> AsyncIterator[bytes]:
        yield b""

    environ = {"DATA_DIR": str(folder / "unused"), "SWEEP_ACCOUNT": ACCOUNT, "SWEEP_AUDIENCE": AUDIENCE}
    async with serving(JUDGEMENT) as server:
        opened = open_backends(load(environ))
        await opened.store.close()
        backends = replace(opened, store=store, assessor=GeminiText(Gemini(api_key="a-key", base_url=server.base_url)))
        headers = {"authorization": f"Bearer {signer().token()}"}
        answered = await answer(end.ROUTES, Request("POST", path, headers, {}, nothing()), backends)
        assert backends.assessor
        await backends.assessor.close()
        await opened.files.close()
    return answered


async def test_a_tab_that_is_closed_at_the_goodbye_costs_no_summary(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(id_token, "fetch_certs", lambda: signer().published)
    # One answer is enough here: an interview of a minute would take one.
    for name in ("ANSWERS", "WORDS", "SECONDS"):
        monkeypatch.setattr(amount, name, 1 if name != "SECONDS" else 0)
    async with serving_queue() as queue:
        tasks = tasks_of(queue)
        running = await build(Script(voice="tone", answers=("What is an index for?", "Why?")), tasks=tasks)
        session_id = await interview_with_an_answer(running)
        await tasks.close()
    assert queue.paths == [f"/api/interview/{session_id}/write-summary"]
    answered = await deliver(queue.paths[0], running.store, tmp_path)
    assert json.loads(answered.body) == {"session_id": session_id, "outcome": "completed"}
    kept = await running.store.get(session_id)
    assert kept.status == "completed"
    assert kept.summary
    assert kept.summary.assessed


async def test_a_queue_that_fails_at_the_end_costs_nothing_for_the_sweep_hands_it_over(
    build: Build, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving_queue() as queue:
        tasks = tasks_of(queue)
        queue.statuses = [503, 503]
        running = await build(Script(voice="tone", answers=("What is an index for?", "Why?")), tasks=tasks)
        session_id = await interview_with_an_answer(running)
        assert (await running.store.get(session_id)).status == "ended"
        assert queue.tasks == []
        assert '"summary_not_handed_over"' in capsys.readouterr().out
        assert await hand_over_summaries(running.store, tasks, now()) == 0, "it may be under way"
        assert await hand_over_summaries(running.store, tasks, now() + timedelta(minutes=1)) == 1
        await tasks.close()
    assert queue.paths == [f"/api/interview/{session_id}/write-summary"]
