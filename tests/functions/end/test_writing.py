"""The summary is written without the page: attempts, their pauses, and how far they are, over HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from interview.api import id_token, writing
from interview.api.writing import LEASE_SECONDS
from interview.gemini import ASSESSMENT_SECONDS
from interview.record import Interview
from interview.tasks.schedule import MOST_BLOCKS, PAUSES
from tests.assessor import TALK, kind_of
from tests.functions.end.test_main import JUDGEMENT, held
from tests.functions.service import Service, serving_functions
from tests.generate import Call, Reply, fails, says
from tests.interview.signing import ACCOUNT, AUDIENCE, signer

BLOCKED = says("", "SAFETY")


async def end(service: Service, path: str, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    answer = await service.end.post(f"{path}/end", headers=headers)
    content: dict[str, Any] = answer.json()
    if answer.status_code == 202:
        assert answer.headers["retry-after"] == str(content["retry_after_seconds"])
    return answer.status_code, content


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await look():
            await asyncio.sleep(0.01)


async def record(service: Service, path: str) -> Interview:
    return await service.store.get(path.rpartition("/")[2])


async def test_the_summary_comes_though_the_page_never_asks(service: Service) -> None:
    """The tab is closed at the goodbye: the relay records the end, and nobody calls `end`."""
    path, _ = await held(service)
    await service.store.end(path.rpartition("/")[2], "interviewer", service.clock())

    async def written() -> bool:
        return (await record(service, path)).status == "completed"

    await until(written)
    kept = await record(service, path)
    assert kept.summary
    assert kept.summary.assessed
    assert kept.ended_reason == "interviewer"
    assert [kind_of(call) for call in service.model.calls] == ["rubric", "pass", "pass"]


async def test_a_rubric_is_derived_once_though_the_first_attempt_fails_after_it(service: Service) -> None:
    failed = 0

    def reply(call: Call) -> Reply:
        nonlocal failed
        if kind_of(call) == "pass" and not failed:
            failed += 1
            return fails(403, "PERMISSION_DENIED")
        return JUDGEMENT(call)

    path, headers = await held(service)
    service.model.replies = [reply]
    status, content = await end(service, path, headers)
    assert (status, content["attempts"]) == (202, 1)
    kept = (await record(service, path)).rubric
    assert kept
    service.clock.ahead += timedelta(seconds=PAUSES[0])
    status, content = await end(service, path, headers)
    assert (status, content["summary"]["assessed"]) == (200, True)
    assert [kind_of(call) for call in service.model.calls].count("rubric") == 1
    assert (await record(service, path)).rubric == kept
    assert [one["key"] for one in content["summary"]["competencies"]] == [one.key for one in kept.criteria]


async def test_an_attempt_begun_by_a_clock_a_day_ahead_delays_no_other(service: Service) -> None:
    path, headers = await held(service)
    session_id, later = path.rpartition("/")[2], timedelta(days=1)
    at = service.clock()
    await service.store.end(session_id, "interviewer", at + timedelta(seconds=4))  # the worker sees nothing yet
    await service.store.begin_writing(session_id, at + later + timedelta(seconds=LEASE_SECONDS), at + later)
    status, content = await end(service, path, headers)
    assert (status, content["summary"]["assessed"]) == (200, True)


async def test_a_block_by_chance_is_named_and_passes(service: Service) -> None:
    path, headers = await held(service)
    service.model.replies = [BLOCKED, JUDGEMENT]
    assert await end(service, path, headers) == (
        202,
        {
            "session_id": path.rpartition("/")[2],
            "status": "summary_pending",
            "step": "retrying",
            "attempts": 1,
            "code": "model_blocked",
            "retry_after_seconds": PAUSES[0] + 2,
        },
    )
    assert len(service.model.calls) == 1, "not before the pause is over"
    service.clock.ahead += timedelta(seconds=PAUSES[0])
    status, content = await end(service, path, headers)
    assert (status, content["summary"]["assessed"]) == (200, True)
    assert [kind_of(call) for call in service.model.calls] == ["rubric", "rubric", "pass", "pass"]


async def test_what_is_blocked_every_time_is_declined(service: Service) -> None:
    path, headers = await held(service)
    service.model.replies = [BLOCKED]
    for failed in range(1, MOST_BLOCKS):
        status, content = await end(service, path, headers)
        assert (status, content["attempts"], content["code"]) == (202, failed, "model_blocked")
        service.clock.ahead += timedelta(seconds=PAUSES[failed - 1])
    status, content = await end(service, path, headers)
    assert (status, content["summary"]["not_assessed"], content["summary"]["assessed"]) == (200, "declined", False)
    assert len(service.model.calls) == MOST_BLOCKS


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (fails(403, "PERMISSION_DENIED"), "model_key"),
        (says("no json"), "model_unavailable"),
        (says("{}", "MAX_TOKENS"), "model_unavailable"),
    ],
)
async def test_a_failed_attempt_loses_nothing_and_the_next_one_follows(
    service: Service, reply: Reply, code: str
) -> None:
    path, headers = await held(service)
    service.model.replies = [reply]
    status, content = await end(service, path, headers)
    assert (status, content["step"], content["code"]) == (202, "retrying", code)
    assert (await record(service, path)).status == "ended"
    assert len(await service.store.turns(path.rpartition("/")[2])) == len(TALK)
    service.model.replies = [JUDGEMENT]
    service.clock.ahead += timedelta(seconds=PAUSES[0])
    assert (await end(service, path, headers))[0] == 200


async def test_after_a_day_of_failures_it_stays_pending_until_somebody_asks(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    path, headers = await held(service)
    service.model.replies = [fails(403, "PERMISSION_DENIED")]
    for failed, pause in enumerate((*PAUSES, 0), 1):
        status, content = await end(service, path, headers)
        assert (status, content["attempts"]) == (202, failed)
        service.clock.ahead += timedelta(seconds=pause)
    assert service.clock.ahead < timedelta(days=1)
    kept = await record(service, path)
    assert (kept.status, kept.summary) == ("ended", None)
    assert kept.writing
    assert kept.writing.due_at is None
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["code"] for line in lines if line["message"] == "summary_given_up"] == ["model_key"]
    service.model.replies = [JUDGEMENT]
    assert (await end(service, path, headers))[0] == 200


@pytest.mark.parametrize("seconds", [31, 120])
async def test_a_model_that_takes_its_time_succeeds(
    service: Service, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    """The model answers when the gate opens; until then the clock is set ahead, and the page asks again and again."""
    monkeypatch.setattr(writing, "WAIT_SECONDS", 0.05)
    path, headers = await held(service)
    gate = asyncio.Event()
    service.model.replies = [replace(JUDGEMENT, gate=gate)]

    async def is_written() -> bool:
        return (await end(service, path, headers))[1]["step"] == "writing" and len(service.model.calls) == 1

    async def has_been_written() -> bool:
        return (await end(service, path, headers))[0] == 200

    await until(is_written)
    for _ in range(4):
        service.clock.ahead += timedelta(seconds=seconds / 4)
        status, content = await end(service, path, headers)
        assert (status, content["step"], content["attempts"], content["code"]) == (202, "writing", 0, None)
    assert float(service.model.calls[0].headers["x-server-timeout"]) == ASSESSMENT_SECONDS > seconds
    gate.set()
    await until(has_been_written)
    assert [kind_of(call) for call in service.model.calls] == ["rubric", "pass", "pass"]


async def test_an_attempt_that_dies_is_followed_by_another(service: Service) -> None:
    path, _ = await held(service)
    session_id = path.rpartition("/")[2]
    at = service.clock() + timedelta(hours=1)  # before that the worker sees nothing to do
    await service.store.end(session_id, "candidate", at)
    await service.store.begin_writing(session_id, at + timedelta(seconds=LEASE_SECONDS), at)
    service.clock.ahead += timedelta(hours=1, seconds=LEASE_SECONDS)

    async def written() -> bool:
        return (await record(service, path)).status == "completed"

    await until(written)
    kept = await record(service, path)
    assert kept.writing
    assert (kept.writing.attempts, kept.writing.code) == (1, "internal")


async def test_two_tasks_at_once_write_one_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tasks and the worker."""
    monkeypatch.setattr(id_token, "fetch_certs", lambda: signer().published)
    env = {"SWEEP_ACCOUNT": ACCOUNT, "SWEEP_AUDIENCE": AUDIENCE}
    async with serving_functions(tmp_path, monkeypatch, **env) as service:
        path, headers = await held(service)
        gate = asyncio.Event()
        service.model.replies = [replace(JUDGEMENT, gate=gate)]
        await service.store.end(path.rpartition("/")[2], "interviewer", service.clock())
        task = {"authorization": f"Bearer {signer().token()}"}
        posts = {asyncio.create_task(service.end.post(f"{path}/write-summary", headers=task)) for _ in range(2)}
        first, _ = await asyncio.wait(posts, timeout=60, return_when=asyncio.FIRST_COMPLETED)
        assert {answer.result().json()["outcome"] for answer in first} == {"not_due"}
        gate.set()
        assert (await end(service, path, headers))[0] == 200
        answers = [answer.json()["outcome"] for answer in await asyncio.gather(*posts)]
        assert answers.count("completed") <= 1
        assert [kind_of(call) for call in service.model.calls] == ["rubric", "pass", "pass"]
        late = await service.end.post(f"{path}/write-summary", headers=task)
        assert (late.status_code, late.json()["outcome"]) == (200, "not_due")


@pytest.mark.parametrize("token", ["", "mine", signer().token(email="somebody@project.iam.gserviceaccount.com")])
async def test_nobody_else_may_have_a_summary_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setattr(id_token, "fetch_certs", lambda: signer().published)
    env = {"SWEEP_ACCOUNT": ACCOUNT, "SWEEP_AUDIENCE": AUDIENCE}
    async with serving_functions(tmp_path, monkeypatch, **env) as service:
        session_id, headers = await service.begin()
        path = f"/api/interview/{session_id}/write-summary"
        answers = [
            await service.end.post(path, headers={"authorization": f"Bearer {token}"}),
            await service.end.post(path, headers=headers),
            await service.end.get(f"/api/interview/{'0' * 32}", headers=headers),
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("reply", [JUDGEMENT, BLOCKED, fails(403, "PERMISSION_DENIED")])
async def test_an_interview_that_is_deleted_while_it_is_assessed_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reply: Any
) -> None:
    monkeypatch.setattr(id_token, "fetch_certs", lambda: signer().published)
    env = {"SWEEP_ACCOUNT": ACCOUNT, "SWEEP_AUDIENCE": AUDIENCE}
    async with serving_functions(tmp_path, monkeypatch, **env) as service:
        path, headers = await held(service)
        gate = asyncio.Event()
        service.model.replies = [replace(reply, gate=gate)]
        # The worker does not see it as due; the queue is a little early.
        await service.store.end(path.rpartition("/")[2], "interviewer", service.clock() + timedelta(seconds=4))
        task = {"authorization": f"Bearer {signer().token()}"}
        writing = asyncio.create_task(service.end.post(f"{path}/write-summary", headers=task))
        async with asyncio.timeout(60):
            while not service.model.calls:
                await asyncio.sleep(0.01)
        assert (await service.end.delete(path, headers=headers)).status_code == 200
        gate.set()
        answer = await writing
        assert (answer.status_code, answer.json()["outcome"]) == (200, "not_due")
        assert (await service.end.get(path, headers=headers)).status_code == 404
        late = await service.end.post(f"{path}/write-summary", headers=task)
        assert (late.status_code, late.json()["outcome"]) == (200, "not_due")
    assert "worker_failed" not in capsys.readouterr().out
