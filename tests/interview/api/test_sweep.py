"""The sweep on both stores, and what can be done with an abandoned interview."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from interview.api import end, id_token, sweep, writing
from interview.api.backends import Backends, open_backends
from interview.api.message import Request, Response
from interview.api.routes import answer
from interview.api.sweep import IDLE_AFTER
from interview.clock import now
from interview.errors import NotFound, Unavailable
from interview.record import Interview, Live
from interview.settings import load
from interview.store import Store
from interview.store.sqlite import SqliteStore
from interview.tasks.cloud import CloudTasks
from interview.token import hash_token
from local.worker import write_summaries
from tests.interview.signing import ACCOUNT, AUDIENCE, signer
from tests.interview.store.conftest import OpenStore
from tests.interview.store.sample import SUMMARY, new_interview, new_turn
from tests.queue import QUEUE, TOKEN, serving_queue

ID = "5e55" * 8
SWEEP = "/api/interview/sweep"
MOMENT = timedelta(milliseconds=1)


@pytest.fixture
async def backends(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Backends]:
    """The backends of a function with a configured sweep, and certificates of the test's key."""
    monkeypatch.setattr(id_token, "fetch_certs", lambda: signer().published)
    environ = {"DATA_DIR": str(tmp_path / "unused"), "SWEEP_ACCOUNT": ACCOUNT, "SWEEP_AUDIENCE": AUDIENCE}
    opened = open_backends(load(environ))
    await opened.store.close()
    yield replace(opened, store=store)
    await opened.files.close()


async def ask(backends: Backends, path: str, token: str | None = None) -> Response:
    async def nothing() -> AsyncIterator[bytes]:
        yield b""

    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return await answer(end.ROUTES, Request("POST", path, headers, {}, nothing()), backends)


async def sweep_at(backends: Backends, moment: datetime) -> dict[str, Any]:
    answered = await ask(replace(backends, clock=lambda: moment), SWEEP, signer().token())
    assert answered.status == 200, answered.body
    content: dict[str, Any] = json.loads(answered.body)
    assert content.pop("avatars") is None
    assert content.pop("summaries") == 0
    return content


async def held(store: Store, session_id: str = ID) -> Interview:
    """A live interview with a turn, whose connection is gone."""
    await store.create(new_interview(session_id=session_id, token_sha256=hash_token("mine")))
    claimed = await store.claim(session_id, now())
    await store.save_turn(session_id, claimed.live.epoch, new_turn(0))
    return claimed


async def test_nothing_to_do(backends: Backends) -> None:
    assert await sweep_at(backends, now()) == {"abandoned": 0, "more": False}


async def test_a_live_interview_that_is_touched_is_not_abandoned(backends: Backends) -> None:
    began = (await held(backends.store)).live.seen_at
    assert began is not None
    for minute in range(4, 40, 4):
        moment = began + timedelta(minutes=minute)
        touched = await backends.store.touch(ID, 1, moment)
        assert await sweep_at(backends, moment + IDLE_AFTER) == {"abandoned": 0, "more": False}
        assert await backends.store.get(ID) == touched
    assert await sweep_at(backends, moment + IDLE_AFTER + MOMENT) == {"abandoned": 1, "more": False}


async def test_an_idle_interview_is_abandoned_and_keeps_its_turns(
    backends: Backends, capsys: pytest.CaptureFixture[str]
) -> None:
    live = await held(backends.store)
    seen_at = now() + timedelta(seconds=90)
    await backends.store.touch(ID, 1, seen_at)
    assert await sweep_at(backends, seen_at + timedelta(hours=1)) == {"abandoned": 1, "more": False}
    abandoned = await backends.store.get(ID)
    assert (abandoned.status, abandoned.ended_reason, abandoned.ended_at) == ("abandoned", "abandoned", seen_at)
    assert abandoned.duration_seconds == pytest.approx(90, abs=2)
    assert abandoned.started_at == live.started_at
    assert await backends.store.turns(ID) == [new_turn(0)]
    assert await sweep_at(backends, seen_at + timedelta(hours=1)) == {"abandoned": 0, "more": False}
    line = json.loads(capsys.readouterr().out)
    assert line == {"severity": "INFO", "message": "interview_abandoned", "session_id": ID}


async def test_an_abandoned_interview_can_be_ended_with_a_summary(
    backends: Backends, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "WAIT_SECONDS", 120.0)  # a busy machine takes longer than the page is kept waiting
    began = (await held(backends.store)).live.seen_at
    assert began is not None
    await backends.store.touch(ID, 1, began + timedelta(seconds=90))
    await sweep_at(backends, began + timedelta(minutes=7))
    later = replace(backends, clock=lambda: began + timedelta(days=2))
    async with asyncio.TaskGroup() as group:
        worker = group.create_task(write_summaries(later, every=0.05))
        answered = await ask(later, f"/api/interview/{ID}/end", "mine")
        worker.cancel()
    assert answered.status == 200, answered.body
    content = json.loads(answered.body)
    assert (content["status"], content["duration_seconds"]) == ("completed", 90)
    assert content["summary"]["performance_summary"]
    assert (await backends.store.get(ID)).ended_at == began + timedelta(seconds=90)
    assert await backends.store.turns(ID) == [new_turn(0)]


async def test_an_abandoned_interview_can_be_claimed_again(backends: Backends) -> None:
    live = await held(backends.store)
    await sweep_at(backends, now() + timedelta(minutes=6))
    again = now() + timedelta(minutes=7)
    claimed = await backends.store.claim(ID, again)
    assert claimed == replace(live, live=Live(2, seen_at=again, held=True))
    assert (claimed.status, claimed.ended_at, claimed.ended_reason, claimed.duration_seconds) == ("live", *[None] * 3)
    await backends.store.save_turn(ID, 2, new_turn(1))
    assert await backends.store.turns(ID) == [new_turn(0), new_turn(1)]
    assert await sweep_at(backends, again + IDLE_AFTER) == {"abandoned": 0, "more": False}


async def test_one_sweep_has_a_limit_and_reports_whether_there_are_more(
    backends: Backends, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "AT_ONCE", 2)
    for number in range(4):
        await held(backends.store, f"session-{number}")
    later = now() + timedelta(minutes=6)
    assert await sweep_at(backends, later) == {"abandoned": 2, "more": True}
    assert (await backends.store.get("session-1")).status == "abandoned"
    assert (await backends.store.get("session-2")).status == "live"
    assert await sweep_at(backends, later) == {"abandoned": 2, "more": False}


async def test_summaries_that_are_due_are_handed_over(backends: Backends) -> None:
    """Of interviews whose relay died, broke off or could not reach the queue; not of others."""
    began = now()
    for session_id in ("ended", "failed", "abandoned", "completed", "live", "under-way"):
        await held(backends.store, session_id)
    for session_id in ("ended", "completed", "under-way"):
        await backends.store.end(session_id, "interviewer", began)
    await backends.store.end("failed", "failed", began)
    await backends.store.save_summary("completed", SUMMARY)
    await backends.store.begin_writing("under-way", began + timedelta(minutes=3), began)
    minute = timedelta(minutes=1)
    live = await backends.store.touch("live", 1, began + 30 * minute)
    async with serving_queue() as queue:
        tasks = CloudTasks(QUEUE, base_url=queue.base_url, access_token=lambda: TOKEN)

        async def handed_over(moment: datetime) -> tuple[int, set[str]]:
            later = replace(backends, tasks=tasks, clock=lambda: moment)
            content = json.loads((await ask(later, SWEEP, signer().token())).body)
            found = {path.split("/")[3] for path in queue.paths}
            queue.tasks.clear()
            return content["summaries"], found

        assert await handed_over(began) == (0, set()), "they have only just been handed over"
        assert await handed_over(began + minute) == (2, {"ended", "failed"})
        # The relay of one has died; it may be resumed until its time is up, 25 minutes after its start.
        assert await handed_over(began + 6 * minute) == (3, {"ended", "failed", "under-way"})
        assert await handed_over(began + 27 * minute) == (4, {"ended", "failed", "under-way", "abandoned"})
        await tasks.close()
    assert await backends.store.get("live") == live


Meanwhile = Callable[[Store], Any]


class Slow(SqliteStore):
    """A real store in which something happens between the query for idle interviews and their abandonment."""

    meanwhile: Meanwhile | None = None

    async def idle(self, before: datetime, limit: int = 100) -> list[Interview]:
        found = await super().idle(before, limit)
        if self.meanwhile:
            await self.meanwhile(self)
        return found


@pytest.mark.parametrize(
    ("meanwhile", "status"),
    [
        (lambda store: store.claim("session-0", now() + timedelta(minutes=6)), "live"),
        (lambda store: store.touch("session-0", 1, now() + timedelta(minutes=6)), "live"),
        (lambda store: store.end("session-0", "candidate", now()), "ended"),
        (lambda store: store.delete("session-0"), None),
    ],
)
async def test_interviews_changed_during_a_sweep_are_left_alone(
    tmp_path: Path, meanwhile: Meanwhile, status: str | None
) -> None:
    store = Slow(tmp_path / "i.db")
    for number in range(2):
        await held(store, f"session-{number}")
    store.meanwhile = meanwhile
    assert await sweep.sweep(store, now() + timedelta(minutes=6)) == (1, False)
    if status:
        assert (await store.get("session-0")).status == status
    else:
        with pytest.raises(NotFound):
            await store.get("session-0")
    assert (await store.get("session-1")).status == "abandoned"
    await store.close()


def without(backends: Backends) -> Backends:
    return replace(backends, verify=None, settings=load({}))


def dark(backends: Backends) -> Backends:
    async def verify(_: str) -> Mapping[str, Any]:
        raise Unavailable("No certificates.")

    return replace(backends, verify=verify)


@pytest.mark.parametrize(
    ("change", "token"),
    [
        (lambda backends: backends, None),
        (lambda backends: backends, ""),
        (lambda backends: backends, "mine"),
        (lambda backends: backends, signer().token(email="somebody@project.iam.gserviceaccount.com")),
        (lambda backends: backends, signer().token(email=ACCOUNT.upper())),
        (lambda backends: backends, signer().token(email=None)),
        (lambda backends: backends, signer().token(email_verified=False)),
        (lambda backends: backends, signer().token(email_verified="true")),
        (lambda backends: backends, signer().token(email_verified=None)),
        (lambda backends: backends, signer().token(aud="https://start.example")),
        (lambda backends: backends, signer("key-2").token()),
        (without, signer().token()),
        (dark, signer().token()),
    ],
)
async def test_every_other_caller_gets_not_found(
    backends: Backends, change: Callable[[Backends], Backends], token: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    await held(backends.store)
    late = replace(change(backends), clock=lambda: now() + timedelta(minutes=6))
    refused = await ask(late, SWEEP, token)
    unknown = await ask(late, f"/api/interview/{'0' * 32}/end", "mine")
    assert refused == unknown
    assert refused.status == 404
    assert (await backends.store.get(ID)).status == "live"
    if token:
        assert token not in capsys.readouterr().out


async def test_only_the_configured_account_may_sweep(backends: Backends) -> None:
    async def nothing() -> AsyncIterator[bytes]:
        yield b""

    basic = Request("POST", SWEEP, {"authorization": f"Basic {signer().token()}"}, {}, nothing())
    assert (await answer(end.ROUTES, basic, backends)).status == 404


async def test_an_unavailable_store_is_an_error(tmp_path: Path, backends: Backends) -> None:
    (tmp_path / "file").touch()
    answered = await ask(replace(backends, store=SqliteStore(tmp_path / "file" / "i.db")), SWEEP, signer().token())
    assert answered.status == 503
    assert "retry-after" in answered.headers


async def test_two_concurrent_sweeps_do_the_work_of_one(open_store: OpenStore) -> None:
    one, other = open_store(), open_store()
    await held(one)
    later = now() + timedelta(minutes=6)
    await sweep.sweep(one, later)
    before = await one.get(ID)
    await sweep.sweep(other, later)
    assert await other.get(ID) == before
