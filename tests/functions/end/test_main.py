"""functions/end over HTTP."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest

from interview import prices
from interview.clock import now
from interview.errors import Superseded
from interview.files.folder import FolderFiles
from interview.record import Avatar, Turn
from interview.store.sqlite import SqliteStore
from interview.tasks.schedule import PAUSES
from interview.token import hash_token, new_session_id
from interview.usage import LiveUsage, TextUsage, Usage
from tests.assessor import PROVEN, TALK, Assessor
from tests.functions.service import ORIGIN, Service, bearer, files_of, pdf, serving_functions
from tests.generate import fails, says
from tests.interview.records import an_interview

JUDGEMENT = Assessor()


async def held(service: Service) -> tuple[str, dict[str, str]]:
    """A live interview with one answer, and a model that will judge it."""
    service.model.replies = [JUDGEMENT]
    session_id, headers = await service.begin()
    await service.talk(session_id, *TALK)
    return f"/api/interview/{session_id}", headers


async def test_end_returns_the_summary_and_a_repeated_call_the_same(service: Service) -> None:
    path, headers = await held(service)
    first = await service.end.post(f"{path}/end", headers=headers)
    assert first.status_code == 200, first.text
    body = first.json()
    assert (body["session_id"], body["status"]) == (path.rpartition("/")[2], "completed")
    assert body["ended_reason"] == "candidate"
    assert body["duration_seconds"] >= 0
    summary = body["summary"]
    assert [finding["point"] for finding in summary["strengths"]] == [one["sentence"] for one in PROVEN[:3]]
    assert summary["verdict"] == "yes"
    second = await service.end.post(f"{path}/end", headers=headers)
    assert (second.status_code, second.content) == (200, first.content)
    assert len(service.model.calls) == 3
    kept = (await service.store.get(body["session_id"])).summary
    assert kept
    assert json.loads(json.dumps(asdict(kept))) == summary


TOKENS = {
    "promptTokenCount": 900,
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 900}],
    "candidatesTokenCount": 200,
    "thoughtsTokenCount": 1_000,
    "totalTokenCount": 2_100,
}


async def test_the_record_has_the_tokens_and_the_cost(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    path, headers = await held(service)
    session_id = path.rpartition("/")[2]
    live = LiveUsage(turns=3, prompt_text=4_200, prompt_audio=60_000, response_audio=5_000, thoughts=192)
    await service.store.touch(session_id, 1, now(), Usage(live=live))
    unusable = says("{", "MAX_TOKENS", usageMetadata=TOKENS)
    service.model.replies = [unusable, Assessor(usage=TOKENS)]
    assert (await service.end.post(f"{path}/end", headers=headers)).status_code == 202
    charged = (await service.store.admissions()).dollars
    assert charged == pytest.approx(0.244014 + 0.01035), "a failed attempt costs money too"
    service.clock.ahead += timedelta(seconds=PAUSES[0])
    assert (await service.end.post(f"{path}/end", headers=headers)).status_code == 200
    usage = (await service.end.get(path, headers=headers)).json()["usage"]
    assert usage["live"] == asdict(live)
    assert usage["text"] == asdict(TextUsage(calls=4, prompt_text=3_600, response=800, thoughts=4_000))
    # By hand: 4,200 x 0.75 + 60,000 x 3 + 192 x 4.50 + 5,000 x 12, and 3,600 x 1.50 + 4,800 x 7.50, a million.
    assert usage["dollars"] == pytest.approx(0.244014 + 0.0414)
    assert (usage["avatar_seconds"], usage["prices_as_of"]) == (0, prices.AS_OF)
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "interview_usage" in line]
    assert [(line["part"], line["prompt_text"], line["dollars"]) for line in logged] == [
        ("text", 900, 0.01035),
        ("text", 2_700, 0.03105),
    ]


async def test_a_running_avatar_is_counted_up_to_now(service: Service) -> None:
    session_id, headers = await service.begin()
    earlier = Avatar("tavus", "active", "c2", created_at=now() - timedelta(seconds=90), seconds=600)
    await service.store.change_avatar(session_id, lambda _: earlier)
    usage = (await service.end.get(f"/api/interview/{session_id}", headers=headers)).json()["usage"]
    assert 690 <= usage["avatar_seconds"] <= 720
    assert usage["dollars"] == pytest.approx(usage["avatar_seconds"] / 60 * 0.37, abs=1e-6)


async def test_an_earlier_end_counts(service: Service) -> None:
    path, headers = await held(service)
    session_id = path.rpartition("/")[2]
    live = await service.store.get(session_id)
    service.clock.ahead += timedelta(minutes=25)
    await service.store.end(session_id, "time_limit", service.clock(), live.live.epoch)
    body = (await service.end.post(f"{path}/end", headers=headers)).json()
    assert body["ended_reason"] == "time_limit"
    assert 1499 <= body["duration_seconds"] <= 1501


@pytest.mark.parametrize("reason", ["failed", "abandoned"])
async def test_a_failed_interview_gets_a_summary(service: Service, reason: str) -> None:
    path, headers = await held(service)
    session_id = path.rpartition("/")[2]
    if reason == "failed":
        await service.store.end(session_id, "failed", now())
    else:
        assert (await service.store.abandon(session_id, now())).status == "abandoned"
    answer = await service.end.post(f"{path}/end", headers=headers)
    assert answer.status_code == 200
    assert answer.json()["summary"]["assessed"]


async def test_concurrent_calls_share_one_assessment(service: Service) -> None:
    path, headers = await held(service)
    answers = await asyncio.gather(*(service.end.post(f"{path}/end", headers=headers) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(service.model.calls) == 3


@pytest.mark.parametrize(
    ("ended_before", "calls"),
    [
        ((), ["get", "end"]),
        (("relay",), ["get"]),
        (("relay", "candidate"), ["get"]),
    ],
)
async def test_an_end_calls_the_store_no_more_often_than_it_must(
    service: Service, monkeypatch: pytest.MonkeyPatch, ended_before: tuple[str, ...], calls: list[str]
) -> None:
    """Besides the looks of an `end` that waits."""
    path, headers = await held(service)
    if "relay" in ended_before:
        await service.store.end(path.rpartition("/")[2], "interviewer", now())
    if "candidate" in ended_before:
        await service.end.post(f"{path}/end", headers=headers)
    called: list[str] = []

    def record(name: str) -> None:
        method: Callable[..., Awaitable[Any]] = getattr(SqliteStore, name)

        async def recording(self: SqliteStore, *args: Any) -> Any:
            called.append(name)
            return await method(self, *args)

        monkeypatch.setattr(SqliteStore, name, recording)

    for name in ("get", "end", "queue_summary", "change_avatar"):
        record(name)
    assert (await service.end.post(f"{path}/end", headers=headers)).status_code == 200
    assert called[: len(calls)] == calls
    assert set(called[len(calls) :]) <= ({"get"} if "candidate" not in ended_before else set())


@pytest.mark.parametrize("talk", [(), TALK[:1]])
async def test_an_interview_without_answers_is_not_judged(service: Service, talk: tuple[str, ...]) -> None:
    session_id, headers = await service.begin()
    await service.talk(session_id, *talk)
    body = (await service.end.post(f"/api/interview/{session_id}/end", headers=headers)).json()
    assert not body["summary"]["assessed"]
    assert "not enough to assess" in body["summary"]["performance_summary"]
    assert service.model.calls == []


async def test_an_interview_that_never_began_can_be_ended(service: Service) -> None:
    session_id, headers = await service.begin()
    body = (await service.end.post(f"/api/interview/{session_id}/end", headers=headers)).json()
    assert (body["status"], body["ended_reason"], body["duration_seconds"]) == ("completed", "candidate", 0)


async def test_the_record(service: Service) -> None:
    answer = await service.start.post(
        "/api/interview/start",
        data={"skill_topic": "SQL", "job_description": "Tune queries."},
        files={"cv_file": ("cv.pdf", pdf(), "application/pdf")},
    )
    token, session_id = answer.json()["session_token"], answer.json()["session_id"]
    await service.talk(session_id, *TALK)
    live = await service.store.get(session_id)
    await service.store.save_handle(session_id, live.live.epoch, "a-resumption-handle")
    answer = await service.end.get(f"/api/interview/{session_id}", headers=bearer(token))
    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], body["turn_count"], body["skill_topic"]) == ("live", len(TALK), "SQL")
    assert body["cv"]["text"].startswith("Ada Lovelace")
    assert body["live"] == {"epoch": 1}
    assert body["job_description"] == "Tune queries."
    kept = await service.store.get(session_id)
    assert kept.cv is not None
    for secret in (token, kept.token_sha256, "a-resumption-handle", "Iris", str(kept.cv.object)):
        assert secret not in answer.text


async def test_the_record_says_what_the_clock_of_a_live_interview_has_left(service: Service) -> None:
    async def left() -> float | None:
        answer = (await service.end.get(f"/api/interview/{session_id}", headers=headers)).json()
        found: float | None = answer["remaining_seconds"]
        return found

    session_id, headers = await service.begin()
    assert await left() is None, "it has not begun"
    began = await service.talk(session_id, *TALK)
    service.clock.ahead += timedelta(seconds=100)
    assert await left() == pytest.approx(began.max_duration_seconds - 100, abs=20)
    service.clock.ahead += timedelta(hours=2)
    assert await left() == 0
    await service.end.post(f"/api/interview/{session_id}/end", headers=headers)
    assert await left() is None


async def test_the_transcript_in_every_format(service: Service) -> None:
    path, headers = await held(service)
    types = {}
    for name in ("json", "txt", "md", "vtt", "docx"):
        answer = await service.end.get(f"{path}/transcript", params={"format": name}, headers=headers)
        assert answer.status_code == 200
        types[name] = answer.headers["content-type"].partition(";")[0]
        date = f"{now():%Y-%m-%d}"
        assert answer.headers["content-disposition"] == f'attachment; filename="interview-sql-{date}.{name}"'
        text = answer.text
        if name == "docx":
            text = "\n".join(p.text for p in docx.Document(io.BytesIO(answer.content)).paragraphs)
        assert "What is an index for?" in text
        assert "find rows without" in text
    assert types == {
        "json": "application/json",
        "txt": "text/plain",
        "md": "text/markdown",
        "vtt": "text/vtt",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
    default = await service.end.get(f"{path}/transcript", headers=headers)
    assert [turn["turn"] for turn in default.json()["turns"]] == list(range(len(TALK)))
    answer = await service.end.get(f"{path}/transcript?format=exe", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_format")


async def test_a_receipt_names_the_time_until_which_backups_keep_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving_functions(tmp_path, monkeypatch, BACKUP_DAYS="8") as service:
        session_id, headers = await service.begin()
        receipt = (await service.end.delete(f"/api/interview/{session_id}", headers=headers)).json()
    deleted_at, until = (datetime.fromisoformat(receipt[name]) for name in ("deleted_at", "backups_until"))
    assert until - deleted_at == timedelta(days=8)


async def test_delete_returns_what_was_deleted(service: Service) -> None:
    answer = await service.start.post(
        "/api/interview/start",
        data={"skill_topic": "SQL"},
        files={"cv_file": ("cv.pdf", pdf(), "application/pdf")},
    )
    headers, session_id = bearer(answer.json()["session_token"]), answer.json()["session_id"]
    other, _ = await service.begin()
    await service.talk(session_id, *TALK)
    await files_of(service).put(f"{session_id}/recording.webm", b"x", "video/webm")
    path = f"/api/interview/{session_id}"
    answer = await service.end.delete(path, headers=headers)
    assert answer.status_code == 200
    receipt = answer.json()
    assert receipt.pop("deleted_at").endswith("Z")
    assert receipt == {
        "session_id": session_id,
        "backups_until": None,
        "deleted": {
            "store": {"interview": 1, "turns": len(TALK)},
            "files": [f"{session_id}/cv.pdf", f"{session_id}/recording.webm"],
            "avatar": [],
        },
        "not_deleted": {"avatar": []},
    }
    assert service.files() == []
    again = await service.end.delete(path, headers=headers)
    unknown = await service.end.delete(f"/api/interview/{'0' * 32}", headers=headers)
    assert again.status_code == 404
    assert again.content == unknown.content
    assert (await service.store.get(other)).status == "ready"


async def test_an_end_waits_for_the_last_turns_of_a_live_interview(service: Service) -> None:
    path, headers = await held(service)
    session_id = path.rpartition("/")[2]
    live = await service.store.claim(session_id, now())
    ending = asyncio.create_task(service.end.post(f"{path}/end", headers=headers))
    while not (await service.store.get(session_id)).over:
        await asyncio.sleep(0.01)
    # What a relay does when it learns of the end.
    last = Turn(number=90, speaker="candidate", text="One more thing.", started_at=now(), ended_at=now())
    await service.store.save_turn(session_id, live.live.epoch, last)
    assert not ending.done()
    await service.store.release(session_id, live.live.epoch)
    assert (await ending).status_code == 200
    assert "One more thing." in str(service.model.calls[-1].body)


async def test_an_end_does_not_wait_long_for_a_relay_that_is_dead(service: Service) -> None:
    path, headers = await held(service)
    await service.store.claim(path.rpartition("/")[2], now())
    assert (await service.end.post(f"{path}/end", headers=headers)).status_code == 200


async def test_nothing_is_added_to_an_interview_that_is_being_deleted(service: Service) -> None:
    """As a call finds it that comes while a deletion waits for Tavus."""
    session_id, headers = await service.begin()
    path = f"/api/interview/{session_id}"
    live = await service.store.claim(session_id, now())
    await service.store.seal(session_id, now())
    upload = await service.start.post(f"{path}/upload-cv", headers=headers, files={"cv_file": ("cv.pdf", pdf())})
    assert upload.status_code == 404
    assert (await service.end.post(f"{path}/end", headers=headers)).status_code == 404
    assert (await service.end.get(path, headers=headers)).status_code == 404
    turn = Turn(number=0, speaker="candidate", text="Late.", started_at=now(), ended_at=now())
    with pytest.raises(Superseded):
        await service.store.save_turn(session_id, live.live.epoch, turn)
    assert (await service.end.delete(path, headers=headers)).status_code == 200, "it can be repeated"
    assert service.files() == []


async def test_an_upload_during_a_deletion_does_not_survive_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The upload was authorised before, and stores its file just when the files have been deleted."""
    session_id, headers = await service.begin()
    path = f"/api/interview/{session_id}"
    authorised, deleted, stored = asyncio.Event(), asyncio.Event(), asyncio.Event()
    put, delete = FolderFiles.put, FolderFiles.delete

    async def late_put(self: FolderFiles, name: str, data: bytes, content_type: str) -> None:
        authorised.set()
        await deleted.wait()
        await put(self, name, data, content_type)
        stored.set()

    async def first_delete(self: FolderFiles, prefix: str) -> list[str]:
        names = await delete(self, prefix)
        if not deleted.is_set():
            deleted.set()
            await stored.wait()
        return names

    monkeypatch.setattr(FolderFiles, "put", late_put)
    monkeypatch.setattr(FolderFiles, "delete", first_delete)
    uploading = asyncio.create_task(
        service.start.post(f"{path}/upload-cv", headers=headers, files={"cv_file": ("cv.pdf", pdf())})
    )
    await authorised.wait()
    answer = await service.end.delete(path, headers=headers)
    assert answer.status_code == 200
    assert (await uploading).status_code == 404
    assert service.files() == []


@pytest.mark.parametrize(("method", "suffix"), [("GET", ""), ("DELETE", ""), ("POST", "/end"), ("GET", "/transcript")])
async def test_a_wrong_token_and_an_unknown_session_get_the_same_answer(
    service: Service, method: str, suffix: str
) -> None:
    session_id, mine = await service.begin()
    _, others = await service.begin()
    token = mine["authorization"].partition(" ")[2]
    path = f"/api/interview/{session_id}{suffix}"
    answers = [
        await service.end.request(method, path, headers=others),
        await service.end.request(method, path),
        await service.end.request(method, path, headers={"authorization": f"Basic {token}"}),
        await service.end.request(method, path, headers={"authorization": "Bearer"}),
        await service.end.request(method, path, headers={"authorization": f"Bearer {token[:-1]}"}),
        await service.end.request(method, f"{path}?token={token}"),
        await service.end.request(method, f"/api/interview/{'0' * 32}{suffix}", headers=mine),
        await service.end.request(method, f"/api/interview/start{suffix}", headers=mine),
        await service.end.request(method, f"/api/interview/..%00'--{suffix}", headers=mine),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert (await service.store.get(session_id)).status == "ready"


async def test_an_expired_interview_is_not_found(service: Service) -> None:
    for over, status in ((timedelta(seconds=-1), 404), (timedelta(minutes=1), 200)):
        session_id = new_session_id()
        kept = an_interview(session_id=session_id, token_sha256=hash_token("t"), expires_at=now() + over)
        await service.store.create(kept)
        assert (await service.end.get(f"/api/interview/{session_id}", headers=bearer("t"))).status_code == status


async def test_cors_and_methods(service: Service) -> None:
    path, headers = await held(service)
    asked = {"origin": ORIGIN, "access-control-request-method": "DELETE"}
    answer = await service.end.options(path, headers=asked)
    assert answer.headers["access-control-allow-methods"] == "GET, DELETE"
    answer = await service.end.get(f"{path}/transcript", headers={**headers, "origin": ORIGIN})
    assert "Content-Disposition" in answer.headers["access-control-expose-headers"]
    answer = await service.end.put(path, headers=headers)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, DELETE, OPTIONS")


async def test_a_pending_summary_is_logged_without_the_answers(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    path, headers = await held(service)
    service.model.replies = [fails(403, "PERMISSION_DENIED", "An index lets the database find rows")]
    capsys.readouterr()
    await service.end.post(f"{path}/end", headers=headers)
    (line,) = capsys.readouterr().out.splitlines()
    logged = json.loads(line)
    assert (logged["session_id"], logged["code"]) == (path.rpartition("/")[2], "model_key")
    assert "An index" not in line


async def test_the_description_needs_no_token(service: Service) -> None:
    answer = await service.end.get("/api/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
