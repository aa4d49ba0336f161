"""Checks real answers of the functions against the OpenAPI description."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest

from interview.api import id_token
from interview.avatar import transition
from interview.clock import now
from interview.record import OutputChange
from interview.tasks.schedule import PAUSES
from local.tavus import Fault, Server
from tests.assessor import TALK
from tests.functions.end.test_main import JUDGEMENT
from tests.functions.service import ORIGIN, Service, bearer, pdf, serving_functions
from tests.generate import fails
from tests.interview.avatar.contract import Contract
from tests.interview.signing import ACCOUNT, AUDIENCE, signer


class Description:
    """The served description; `check` raises for an answer that does not match it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self.seen: set[tuple[str, str, int]] = set()

    def schema(self, name: str) -> Any:
        """A described shape."""
        return self._document["components"]["schemas"][name]

    def check(self, method: str, path: str, answer: httpx2.Response) -> httpx2.Response:
        described = self._document["paths"][path][method.lower()]["responses"][str(answer.status_code)]
        media = described["content"][answer.headers["content-type"]]
        schema = {**media["schema"], "components": self._document["components"]}
        if "json" in answer.headers["content-type"]:
            checker = jsonschema.FormatChecker()
            jsonschema.Draft202012Validator(schema, format_checker=checker).validate(json.loads(answer.content))
        for header in described.get("headers", {}):
            assert header.lower() in answer.headers
        self.seen.add((method, path, answer.status_code))
        return answer


@pytest.fixture
async def description(service: Service) -> Description:
    return Description((await service.end.get("/api/openapi.json")).json())


async def test_a_whole_interview_is_as_described(service: Service, description: Description) -> None:
    def check(method: str, path: str, answer: httpx2.Response) -> httpx2.Response:
        return description.check(method, path, answer)

    start, upload = "/api/interview/start", "/api/interview/{session_id}/upload-cv"
    record, transcript = "/api/interview/{session_id}", "/api/interview/{session_id}/transcript"
    report = "/api/interview/{session_id}/report"
    finish, self_description = "/api/interview/{session_id}/end", "/api/openapi.json"
    corrections = "/api/interview/{session_id}/corrections"
    cv = {"cv_file": ("cv.pdf", pdf(), "application/pdf")}

    check("POST", start, await service.start.post(start, json={"skill_topic": "x"}))
    answer = check("POST", start, await service.start.post(start, data={"skill_topic": "SQL"}, files=cv))
    headers, session_id = bearer(answer.json()["session_token"]), answer.json()["session_id"]

    def at(path: str) -> str:
        return path.replace("{session_id}", session_id)

    check("GET", record, await service.end.get(at(record), headers=headers))
    check("POST", upload, await service.start.post(at(upload), files=cv, headers=headers))
    await service.talk(session_id, *TALK)
    check("POST", upload, await service.start.post(at(upload), files=cv, headers=headers))
    service.model.replies = [fails(403, "PERMISSION_DENIED")]
    check("POST", finish, await service.end.post(at(finish), headers=headers))
    service.model.replies = [JUDGEMENT]
    service.clock.ahead += timedelta(seconds=PAUSES[0])
    check("POST", finish, await service.end.post(at(finish), headers=headers))
    check("GET", record, await service.end.get(at(record), headers=headers))
    for said in ("I said: rows.", "", "Once more."):
        correction = {"corrections": [{"turn": 1, "text": said}]}
        check("POST", corrections, await service.end.post(at(corrections), json=correction, headers=headers))
    for name in ("json", "txt", "md", "vtt", "docx", "exe"):
        check("GET", transcript, await service.end.get(f"{at(transcript)}?format={name}", headers=headers))
    for name in ("json", "md", "docx", "exe"):
        check("GET", report, await service.end.get(f"{at(report)}?format={name}", headers=headers))
    check("GET", self_description, await service.end.get(self_description))
    check("DELETE", record, await service.end.delete(at(record), headers=headers))

    for method, path in (("GET", record), ("DELETE", record), ("GET", transcript), ("POST", finish)):
        check(method, path, await service.end.request(method, at(path), headers=headers))
    check("POST", upload, await service.start.post(at(upload), files=cv, headers=headers))
    check("POST", start, await service.start.post(start, json={}))
    check("POST", start, await service.start.post(start, content=b"{", headers={"content-type": "application/json"}))
    check("POST", start, await service.start.post(start, content=b"x", headers={"content-type": "text/plain"}))
    check("POST", start, await service.start.post(start, json={"skill_topic": "x" * 1_000_000}))

    assert {status for _, path, status in description.seen if path == start} == {201, 400, 413, 415, 422}
    assert {status for _, path, status in description.seen if path == upload} == {200, 404, 409}
    assert {status for _, path, status in description.seen if path == finish} == {200, 202, 404}
    assert {status for _, path, status in description.seen if path == corrections} == {200, 409, 422}


async def test_a_start_with_relays_in_several_regions_is_as_described(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving_functions(tmp_path, monkeypatch, RELAY_URL="wss://near.example,wss://far.example") as service:
        description = Description((await service.end.get("/api/openapi.json")).json())
        path = "/api/interview/start"
        answer = description.check("POST", path, await service.start.post(path, json={"skill_topic": "x"}))
    assert len(answer.json()["stream_urls"]) == 2


async def test_a_sweep_is_as_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_token, "fetch_certs", lambda: signer().published)
    path, env = "/api/interview/sweep", {"SWEEP_ACCOUNT": ACCOUNT, "SWEEP_AUDIENCE": AUDIENCE}
    async with serving_functions(tmp_path, monkeypatch, **env) as service:
        description = Description((await service.end.get("/api/openapi.json")).json())
        description.check("POST", path, await service.end.post(path, headers=bearer(signer().token())))
        description.check("POST", path, await service.end.post(path, headers=bearer(signer("another").token())))
    assert {status for _, _, status in description.seen} == {200, 404}


async def test_an_attempt_at_a_summary_is_as_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_token, "fetch_certs", lambda: signer().published)
    path, env = "/api/interview/{session_id}/write-summary", {"SWEEP_ACCOUNT": ACCOUNT, "SWEEP_AUDIENCE": AUDIENCE}
    async with serving_functions(tmp_path, monkeypatch, **env) as service:
        description = Description((await service.end.get("/api/openapi.json")).json())
        session_id, headers = await service.begin()
        address = f"/api/interview/{session_id}/write-summary"
        description.check("POST", path, await service.end.post(address, headers=bearer(signer().token())))
        description.check("POST", path, await service.end.post(address, headers=headers))
    assert {status for _, _, status in description.seen} == {200, 404}


async def test_an_avatar_is_as_described(
    tavus: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contract: Contract
) -> None:
    monkeypatch.setattr(id_token, "fetch_certs", lambda: signer().published)
    env = {"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": tavus.base_url}
    env |= {"SWEEP_ACCOUNT": ACCOUNT, "SWEEP_AUDIENCE": AUDIENCE}
    start, record = "/api/interview/start", "/api/interview/{session_id}"
    another, hook, sweep = f"{record}/avatar", "/api/interview/hooks/tavus/{secret}", "/api/interview/sweep"
    async with serving_functions(tmp_path, monkeypatch, **env) as service:
        description = Description((await service.end.get("/api/openapi.json")).json())
        answer = description.check("POST", start, await service.start.post(start, json={"skill_topic": "SQL"}))
        headers, session_id = bearer(answer.json()["session_token"]), answer.json()["session_id"]
        at = f"/api/interview/{session_id}"
        description.check("GET", record, await service.end.get(at, headers=headers))
        for _ in range(3):
            description.check("POST", another, await service.start.post(f"{at}/avatar", headers=headers))
        address = contract.bodies("createConversation")[-1]["callback_url"].removeprefix(ORIGIN)
        event = {"event_type": "system.shutdown", "conversation_id": tavus.conversations[-1].terms.conversation_id}
        description.check("POST", hook, await service.end.post(address, json=event))
        description.check("POST", hook, await service.end.post(f"{address}0", json=event))
        step = OutputChange(now(), "voice", "room")
        await service.store.change_avatar(session_id, lambda interview: transition.changed(interview.avatar, step))
        changed = description.check("GET", record, await service.end.get(at, headers=headers))
        assert [change["reason"] for change in changed.json()["avatar"]["changes"]] == ["room"]
        description.check("POST", sweep, await service.end.post(sweep, headers=bearer(signer().token())))
        tavus.strike(Fault("error", on="delete", times=3))
        description.check("DELETE", record, await service.end.delete(at, headers=headers))
        description.check("POST", another, await service.start.post(f"{at}/avatar", headers=headers))
    assert {status for _, path, status in description.seen if path == another} == {200, 404, 409}
    assert {status for _, path, status in description.seen if path == hook} == {200, 404}


async def test_an_answer_that_is_not_as_described_is_noticed(service: Service, description: Description) -> None:
    answer = await service.start.post("/api/interview/start", json={"skill_topic": "x"})
    spoilt = httpx2.Response(201, json={**answer.json(), "extra": 1})
    with pytest.raises(jsonschema.ValidationError):
        description.check("POST", "/api/interview/start", spoilt)
