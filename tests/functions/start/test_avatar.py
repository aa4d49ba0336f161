"""Avatars in functions/start."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from interview import prices
from interview.clock import now
from interview.errors import StoreUnavailable
from interview.files.folder import FolderFiles
from interview.record import Avatar, Interview
from interview.store.sqlite import SqliteStore
from local.tavus import Fault, Server
from tests.functions.service import PATIENT, Service, bearer, pdf, serving_functions
from tests.interview.avatar.contract import Contract

START = "/api/interview/start"
TOPIC = {"skill_topic": "SQL"}
CV = {"cv_file": ("cv.pdf", pdf(), "application/pdf")}


def active(tavus: Server) -> list[str]:
    return [one.terms.conversation_id for one in tavus.conversations if one.status == "active"]


async def avatar_of(service: Service, session_id: str) -> Avatar:
    avatar = (await service.store.get(session_id)).avatar
    assert avatar is not None
    return avatar


async def test_start_with_an_avatar(video: Service, tavus: Server) -> None:
    answer = await video.start.post(START, data=TOPIC, files=CV)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    (created,) = tavus.conversations
    conversation_id = created.terms.conversation_id
    assert body["conversation_url"] == f"{tavus.origin}/rooms/{conversation_id}"
    assert body["conversation_token"] == created.token
    assert body["warnings"] == []
    avatar = await avatar_of(video, body["session_id"])
    assert (avatar.status, avatar.conversation_id, avatar.seconds) == ("active", conversation_id, 0)
    record = await video.end.get(f"/api/interview/{body['session_id']}", headers=bearer(body["session_token"]))
    shown = record.json()["avatar"]
    assert shown.pop("created_at").endswith("Z")
    assert shown == {
        "provider": "tavus",
        "status": "active",
        "conversation_id": conversation_id,
        "ended_at": None,
        "reason": None,
        "seconds": 0,
        "changes": [],
    }
    assert created.token not in record.text
    assert (avatar.hook_sha256 or "-") not in record.text


async def test_with_output_voice_no_avatar_is_created(video: Service, tavus: Server) -> None:
    answer = await video.start.post(START, json={**TOPIC, "output": "voice"})
    body = answer.json()
    assert (body["conversation_url"], body["conversation_token"], body["warnings"]) == (None, None, [])
    assert (await video.store.get(body["session_id"])).avatar is None
    assert tavus.conversations == []


@pytest.mark.parametrize("cap", ["AVATAR_CONCURRENT", "AVATAR_DAILY"])
async def test_with_a_limit_of_zero_there_is_no_warning(
    tavus: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cap: str
) -> None:
    env = {"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": tavus.base_url, cap: "0"}
    async with serving_functions(tmp_path, monkeypatch, **env) as service:
        body = (await service.start.post(START, json=TOPIC)).json()
    assert (body["conversation_url"], body["warnings"]) == (None, [])
    assert tavus.conversations == []


@pytest.mark.parametrize(
    ("fault", "reason", "words"),
    [
        (Fault("key"), "avatar_key", "available right now"),
        (Fault("credit"), "avatar_credit", "available right now"),
        (Fault("concurrency"), "avatar_concurrency", "busy"),
        (Fault("error", created=True), "avatar_fault", "available right now"),
        (Fault("strange", created=True), "avatar_strange", "available right now"),
        (Fault("lost", created=True), "avatar_unreachable", "available right now"),
    ],
)
async def test_an_interview_without_an_avatar_is_by_voice(
    video: Service, tavus: Server, fault: Fault, reason: str, words: str
) -> None:
    tavus.strike(fault)
    answer = await video.start.post(START, data=TOPIC, files=CV)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["conversation_url"], body["conversation_token"]) == (None, None)
    (sentence,) = body["warnings"]
    assert words in sentence
    assert sentence.endswith("by voice.")
    avatar = await avatar_of(video, body["session_id"])
    assert (avatar.status, avatar.reason) == ("failed", reason)
    assert active(tavus) == []


async def test_over_the_limit_an_interview_is_by_voice(
    tavus: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": tavus.base_url, "AVATAR_CONCURRENT": "1"}
    async with serving_functions(tmp_path, monkeypatch, **env) as service:
        first, second = [(await service.start.post(START, json=TOPIC)).json() for _ in range(2)]
        assert (await avatar_of(service, second["session_id"])).reason == "avatar_capacity"
    assert first["conversation_url"]
    assert second["conversation_url"] is None
    assert "busy" in second["warnings"][0]
    assert len(tavus.conversations) == 1


async def test_cv_and_avatar_are_created_concurrently(
    video: Service, tavus: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The CV is stored only after Tavus has been called, and Tavus answers only after the record exists. If these ran
    one after the other, in either order, the call would never return.
    """
    asked, answers = asyncio.Event(), list[str]()
    put = FolderFiles.put

    async def ask(request: httpx2.Request) -> None:
        if request.url.path == "/v2/conversations" and request.method == "POST":
            asked.set()

    async def hold(response: httpx2.Response) -> None:
        if response.request.url.path == "/v2/conversations" and response.request.method == "POST":
            while not (found := await video.store.with_avatar()):
                await asyncio.sleep(0.01)
            assert found[0].avatar
            answers.append(found[0].avatar.status)

    async def put_late(self: FolderFiles, name: str, data: bytes, content_type: str) -> None:
        await asked.wait()
        await put(self, name, data, content_type)

    class Observed(httpx2.AsyncClient):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.event_hooks = {"request": [*self.event_hooks["request"], ask], "response": [hold]}

    monkeypatch.setattr(httpx2, "AsyncClient", Observed)
    monkeypatch.setattr(FolderFiles, "put", put_late)
    async with asyncio.timeout(60):
        answer = await video.start.post(START, data=TOPIC, files=CV)
    assert answer.status_code == 201, answer.text
    assert answers == ["creating"]
    assert (await avatar_of(video, answer.json()["session_id"])).status == "active"


async def test_a_bad_cv_leaves_no_conversation(video: Service, tavus: Server) -> None:
    files = {"cv_file": ("cv.pdf", b"%PDF-1.7 and nothing that is one", "application/pdf")}
    answer = await video.start.post(START, data=TOPIC, files=files)
    assert (answer.status_code, answer.json()["code"]) == (422, "cv_damaged")
    assert len(tavus.conversations) == 1, "it was created while the CV was being read"
    assert active(tavus) == []
    assert video.files() == []


@pytest.mark.parametrize(
    "fault", [Fault("lost", created=True), Fault("error", created=True), Fault("strange", created=True)]
)
async def test_a_bad_cv_leaves_no_conversation_after_a_lost_answer(video: Service, tavus: Server, fault: Fault) -> None:
    tavus.strike(fault)
    files = {"cv_file": ("cv.pdf", b"%PDF-1.7 and nothing that is one", "application/pdf")}
    assert (await video.start.post(START, data=TOPIC, files=files)).status_code == 422
    assert len(tavus.conversations) == 1
    assert active(tavus) == []


@pytest.mark.parametrize(
    "request_",
    [
        {"json": {}},
        {"json": {**TOPIC, "output": "video"}},
        {"data": TOPIC, "files": {"cv_file": ("cv.pdf", b"GIF89a", "application/pdf")}},
        {"data": TOPIC, "files": {"cv_file": ("cv.pdf", b"", "application/pdf")}},
    ],
)
async def test_a_file_of_the_wrong_type_creates_no_conversation(
    video: Service, tavus: Server, request_: dict[str, Any]
) -> None:
    assert (await video.start.post(START, **request_)).status_code == 422
    assert tavus.conversations == []


async def test_an_unavailable_store_leaves_no_conversation(
    video: Service, tavus: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> None:
        raise StoreUnavailable("Away.")

    monkeypatch.setattr(SqliteStore, "create", away)
    answer = await video.start.post(START, data=TOPIC, files=CV)
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert len(tavus.conversations) == 1
    assert active(tavus) == []
    assert video.files() == []


async def test_an_avatar_that_can_not_be_stored_is_ended(
    video: Service, tavus: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> None:
        raise StoreUnavailable("Away.")

    change = SqliteStore.change_avatar
    monkeypatch.setattr(SqliteStore, "change_avatar", away)
    monkeypatch.setattr("interview.avatar.Creation.avatar", property(lambda self: self._order.avatar))
    body = (await video.start.post(START, json=TOPIC)).json()
    assert body["conversation_url"] is None
    assert body["warnings"]
    assert len(tavus.conversations) == 1
    assert active(tavus) == []
    monkeypatch.setattr(SqliteStore, "change_avatar", change)
    assert (await avatar_of(video, body["session_id"])).status == "creating"


async def begun(service: Service) -> tuple[str, dict[str, str], dict[str, Any]]:
    body = (await service.start.post(START, json=TOPIC)).json()
    return f"/api/interview/{body['session_id']}", bearer(body["session_token"]), body


async def test_the_day_is_charged_for_each_conversation_once(
    tavus: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no interview starts when its money is used up by avatars."""
    env = {"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": tavus.base_url, "DOLLARS_DAILY": "3"}
    async with serving_functions(tmp_path, monkeypatch, PATIENT, **env) as service:
        session_id, headers = await service.begin()
        await service.store.claim(session_id, now())

        def longer(interview: Interview) -> Avatar:
            assert interview.avatar
            assert interview.avatar.created_at
            return replace(interview.avatar, created_at=interview.avatar.created_at - timedelta(minutes=10))

        await service.store.change_avatar(session_id, longer)
        path = f"/api/interview/{session_id}"
        assert (await service.start.post(f"{path}/avatar", headers=headers)).status_code == 200
        charged = (await service.store.admissions()).dollars
        assert charged == pytest.approx(10 * prices.AVATAR, rel=0.2)
        assert (await service.end.post(f"{path}/end", headers=headers)).status_code == 200
        assert (await service.store.admissions()).dollars == pytest.approx(charged, rel=0.2)
        assert (await service.start.post(START, json=TOPIC)).json()["code"] == "at_capacity"
        assert (await service.end.delete(path, headers=headers)).status_code == 200
        after = await service.store.admissions()
        assert not [name for name in after.accounts if session_id in name], "the ledger does not name it any more"


async def test_another_avatar_replaces_the_present_one(video: Service, tavus: Server) -> None:
    path, headers, body = await begun(video)
    await video.store.claim(body["session_id"], now())
    answer = await video.start.post(f"{path}/avatar", headers=headers)
    assert answer.status_code == 200, answer.text
    first, second = tavus.conversations
    assert answer.json() == {
        "conversation_url": f"{tavus.origin}/rooms/{second.terms.conversation_id}",
        "conversation_token": second.token,
        "warnings": [],
    }
    assert active(tavus) == [second.terms.conversation_id]
    avatar = await avatar_of(video, body["session_id"])
    assert avatar.earlier == (first.terms.conversation_id,)
    assert (await video.start.post(f"{path}/avatar", headers=headers)).status_code == 200
    answer = await video.start.post(f"{path}/avatar", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "avatar_limit")
    assert len(active(tavus)) == 1


async def test_an_interview_by_voice_can_get_an_avatar(video: Service, tavus: Server) -> None:
    body = (await video.start.post(START, json={**TOPIC, "output": "voice"})).json()
    headers = bearer(body["session_token"])
    answer = await video.start.post(f"/api/interview/{body['session_id']}/avatar", headers=headers)
    assert answer.json()["conversation_url"]
    assert len(active(tavus)) == 1


async def test_another_avatar_that_fails_is_not_an_error(video: Service, tavus: Server) -> None:
    path, headers, body = await begun(video)
    tavus.strike(Fault("credit"))
    answer = await video.start.post(f"{path}/avatar", headers=headers)
    assert answer.status_code == 200
    assert (answer.json()["conversation_url"], answer.json()["conversation_token"]) == (None, None)
    assert answer.json()["warnings"]
    assert active(tavus) == []
    assert (await avatar_of(video, body["session_id"])).reason == "avatar_credit"


async def test_an_avatar_that_can_not_be_ended_is_not_replaced(video: Service, tavus: Server) -> None:
    path, headers, _ = await begun(video)
    tavus.strike(Fault("error", on="end"))
    answer = await video.start.post(f"{path}/avatar", headers=headers)
    assert (answer.status_code, answer.json()["conversation_url"]) == (200, None)
    assert len(tavus.conversations) == 1


async def test_no_avatar_after_the_end(video: Service, tavus: Server) -> None:
    path, headers, body = await begun(video)
    await video.store.end(body["session_id"], "candidate", now())
    answer = await video.start.post(f"{path}/avatar", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_ended")
    assert len(tavus.conversations) == 1


async def test_no_avatar_without_the_token(video: Service, tavus: Server) -> None:
    path, _, _ = await begun(video)
    _, others, _ = await begun(video)
    answers = [
        await video.start.post(f"{path}/avatar", headers=others),
        await video.start.post(f"{path}/avatar"),
        await video.start.post(f"/api/interview/{'0' * 32}/avatar", headers=others),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len(tavus.conversations) == 2


async def test_without_avatars_the_endpoint_says_so(service: Service) -> None:
    path, headers, body = await begun(service)
    assert (body["conversation_url"], body["warnings"]) == (None, [])
    answer = await service.start.post(f"{path}/avatar", headers=headers)
    assert (answer.status_code, answer.json()["conversation_url"]) == (200, None)
    assert answer.json()["warnings"]


async def test_requests_to_tavus_match_its_description(video: Service, contract: Contract) -> None:
    path, headers, _ = await begun(video)
    await video.end.delete(path, headers=headers)
    assert {"createPersona", "createConversation", "endConversation", "deleteConversation"} <= contract.seen
