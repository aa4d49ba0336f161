"""Avatars in functions/end: ending, deleting, sweeping."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from interview.api import avatar as module
from interview.api import id_token
from interview.clock import now
from interview.errors import StoreUnavailable
from interview.files.folder import FolderFiles
from interview.record import Avatar
from local.tavus import Fault, Server
from tests.assessor import TALK
from tests.functions.end.test_main import JUDGEMENT
from tests.functions.service import Service, bearer, files_of, serving_functions
from tests.generate import fails
from tests.interview.avatar.contract import Contract
from tests.interview.signing import ACCOUNT, AUDIENCE, signer


def active(tavus: Server) -> list[str]:
    return [one.terms.conversation_id for one in tavus.conversations if one.status == "active"]


async def avatar_of(service: Service, session_id: str) -> Avatar:
    avatar = (await service.store.get(session_id)).avatar
    assert avatar is not None
    return avatar


async def held(service: Service) -> tuple[str, str, dict[str, str]]:
    service.model.replies = [JUDGEMENT]
    session_id, headers = await service.begin()
    await service.talk(session_id, *TALK)
    return session_id, f"/api/interview/{session_id}", headers


async def test_the_end_of_an_interview_ends_its_avatar(video: Service, tavus: Server) -> None:
    session_id, path, headers = await held(video)
    assert len(active(tavus)) == 1
    first = await video.end.post(f"{path}/end", headers=headers)
    assert first.status_code == 200, first.text
    assert active(tavus) == []
    avatar = await avatar_of(video, session_id)
    assert (avatar.status, avatar.reason) == ("ended", "candidate")
    again = await video.end.post(f"{path}/end", headers=headers)
    assert again.content == first.content
    assert await avatar_of(video, session_id) == avatar


async def test_the_avatar_ends_without_a_summary_too(video: Service, tavus: Server) -> None:
    _, path, headers = await held(video)
    video.model.replies = [fails(403, "PERMISSION_DENIED")]
    assert (await video.end.post(f"{path}/end", headers=headers)).status_code == 202
    assert active(tavus) == []


@pytest.mark.parametrize("fault", [Fault("error", on="end"), Fault("lost", on="end"), Fault("key", on="end")])
async def test_an_avatar_that_can_not_be_ended_does_not_delay_the_end(
    video: Service, tavus: Server, fault: Fault
) -> None:
    session_id, path, headers = await held(video)
    tavus.strike(fault)
    answer = await video.end.post(f"{path}/end", headers=headers)
    assert answer.status_code == 200, answer.text
    assert len(active(tavus)) == 1
    assert (await avatar_of(video, session_id)).status == "active"
    tavus.control.apply({"kind": "clear"})
    assert (await video.end.post(f"{path}/end", headers=headers)).content == answer.content
    assert active(tavus) == [], "the same call again has made up for it"


async def test_the_reason_is_that_of_the_end(video: Service) -> None:
    session_id, path, headers = await held(video)
    await video.store.end(session_id, "time_limit", now())
    await video.end.post(f"{path}/end", headers=headers)
    assert (await avatar_of(video, session_id)).reason == "time_limit"


async def test_a_deletion_deletes_the_conversations(video: Service, tavus: Server) -> None:
    session_id, path, headers = await held(video)
    await video.start.post(f"{path}/avatar", headers=headers)
    ids = [one.terms.conversation_id for one in tavus.conversations]
    answer = await video.end.delete(path, headers=headers)
    assert answer.status_code == 200
    receipt = answer.json()
    assert receipt.pop("deleted_at")
    assert receipt == {
        "session_id": session_id,
        "deleted": {"store": {"interview": 1, "turns": len(TALK)}, "files": [], "avatar": ids},
        "not_deleted": {"avatar": []},
        "backups_until": None,
    }
    assert active(tavus) == []
    assert all(one.deleted for one in tavus.conversations)


@pytest.mark.parametrize("on", ["delete", "end"])
async def test_a_deletion_lists_the_conversations_that_are_left(video: Service, tavus: Server, on: Any) -> None:
    _, path, headers = await held(video)
    tavus.strike(Fault("error", on=on))
    answer = await video.end.delete(path, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["deleted"]["avatar"] == []
    assert answer.json()["not_deleted"]["avatar"] == [tavus.conversations[0].terms.conversation_id]
    assert (await video.end.get(path, headers=headers)).status_code == 404


async def test_the_sweep_ends_and_deletes_conversations_that_were_left(video: Service, tavus: Server) -> None:
    _, path, headers = await held(video)
    tavus.strike(Fault("error", on="end"))
    await video.end.delete(path, headers=headers)
    assert len(active(tavus)) == 1
    tavus.control.apply({"kind": "clear"})
    avatars = video.parts[1].avatars
    assert avatars
    await avatars.sweep(now() + timedelta(minutes=3))
    assert active(tavus) == []
    assert tavus.conversations[0].deleted


async def test_files_that_can_not_be_deleted_leave_the_rest_to_the_next_call(
    video: Service, tavus: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id, path, headers = await held(video)
    await files_of(video).put(f"{session_id}/x.txt", b"x", "text/plain")
    delete = FolderFiles.delete

    async def away(*_: Any) -> list[str]:
        raise StoreUnavailable("Away.")

    monkeypatch.setattr(FolderFiles, "delete", away)
    assert (await video.end.delete(path, headers=headers)).status_code == 503
    assert active(tavus) == []
    monkeypatch.setattr(FolderFiles, "delete", delete)
    answer = await video.end.delete(path, headers=headers)
    assert answer.json()["deleted"]["avatar"] == [tavus.conversations[0].terms.conversation_id]


async def test_without_a_key_a_deletion_lists_all_conversations_as_left(
    video: Service, tavus: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, path, headers = await held(video)
    async with serving_functions(tmp_path, monkeypatch, TAVUS_API_KEY="") as without:
        answer = await without.end.delete(path, headers=headers)
    assert answer.json()["not_deleted"]["avatar"] == [tavus.conversations[0].terms.conversation_id]


async def test_the_sweep_over_http(tavus: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_token, "fetch_certs", lambda: signer().published)
    env = {"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": tavus.base_url}
    env |= {"SWEEP_ACCOUNT": ACCOUNT, "SWEEP_AUDIENCE": AUDIENCE}
    async with serving_functions(tmp_path, monkeypatch, **env) as service:
        session_id, _ = await service.begin()
        await service.store.claim(session_id, now() - timedelta(minutes=6))
        other, _ = await service.begin()
        answer = await service.end.post("/api/interview/sweep", headers=bearer(signer().token()))
        assert answer.json() == {
            "abandoned": 1,
            "more": False,
            "avatars": {"ended": 1, "complete": True},
            "summaries": 0,
        }
        assert (await avatar_of(service, session_id)).reason == "abandoned"
        assert active(tavus) == [(await avatar_of(service, other)).conversation_id]
        tavus.strike(Fault("error", on="list"))
        answer = await service.end.post("/api/interview/sweep", headers=bearer(signer().token()))
        assert answer.status_code == 200
        assert answer.json()["avatars"] == {"ended": 0, "complete": False}


def hook(contract: Contract) -> str:
    url: str = contract.bodies("createConversation")[-1]["callback_url"]
    return url.partition("https://interviews.example")[2]


def event(tavus: Server, kind: str = "system.shutdown", **properties: Any) -> dict[str, Any]:
    return {
        "properties": properties,
        "conversation_id": tavus.conversations[-1].terms.conversation_id,
        "event_type": kind,
        "message_type": "system",
        "timestamp": "2026-11-24T10:00:00Z",
    }


async def test_a_shutdown_reaches_the_interview(video: Service, tavus: Server, contract: Contract) -> None:
    session_id, _, _ = await held(video)
    answer = await video.end.post(hook(contract), json=event(tavus, "system.replica_joined"))
    assert (answer.status_code, answer.json()) == (200, {})
    assert (await avatar_of(video, session_id)).status == "active"
    answer = await video.end.post(hook(contract), json=event(tavus, shutdown_reason="participant_left_timeout"))
    assert (answer.status_code, answer.json()) == (200, {})
    avatar = await avatar_of(video, session_id)
    assert (avatar.status, avatar.reason) == ("ended", "participant_left_timeout")


async def test_an_event_that_does_not_match_is_not_found(
    video: Service, tavus: Server, contract: Contract, capsys: pytest.CaptureFixture[str]
) -> None:
    session_id, _, _ = await held(video)
    before = await avatar_of(video, session_id)
    path, right = hook(contract), event(tavus)
    unknown = await video.end.get(f"/api/interview/{'0' * 32}", headers=bearer("x"))
    large = json.dumps({**right, "x": "x" * module.EVENT_BYTES}).encode()
    for target, content in [
        (path[:-1], json.dumps(right).encode()),
        (f"{path[:-32]}{'0' * 32}", json.dumps(right).encode()),
        (f"/api/interview/hooks/tavus/{'0' * 32}-{'0' * 32}", json.dumps(right).encode()),
        ("/api/interview/hooks/tavus/x", b"{"),
        (path, b""),
        (path, b"{"),
        (path, b"[" * 10_000),
        (path, b"[]"),
        (path, b"\xff"),
        (path, large),
        (path, json.dumps({**right, "conversation_id": "c-another"}).encode()),
        (path, json.dumps({**right, "conversation_id": None}).encode()),
    ]:
        answer = await video.end.post(target, content=content, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.content) == (404, unknown.content), target
    assert await avatar_of(video, session_id) == before
    assert (await video.end.get(path)).status_code == 405
    assert path.rpartition("/")[2] not in capsys.readouterr().out


async def test_without_avatars_a_webhook_is_not_found(service: Service) -> None:
    answer = await service.end.post(f"/api/interview/hooks/tavus/{'0' * 32}-{'0' * 32}", json={})
    assert answer.status_code == 404
