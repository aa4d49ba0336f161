"""Who may start an interview, over HTTP."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from interview.api.sweep import sweep
from interview.clock import now
from interview.errors import StoreUnavailable
from interview.settings import Limits
from interview.store.sqlite import SqliteStore
from interview.system import Switch
from local.tavus import Server
from tests.functions.service import PATIENT, Service, bearer, pdf, serving_functions

START = "/api/interview/start"
TOPIC = {"skill_topic": "SQL"}
CV = {"cv_file": ("cv.pdf", pdf(), "application/pdf")}


async def places(service: Service) -> int:
    return len((await service.store.admissions()).places)


async def test_over_the_limit_nothing_is_read_or_created(
    tavus: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": tavus.base_url, "INTERVIEWS_CONCURRENT": "1"}
    async with serving_functions(tmp_path, monkeypatch, PATIENT, **env) as service:
        session_id, _ = await service.begin(output="voice")
        await service.store.extend_place(session_id, now() + timedelta(minutes=25), now(), limits=Limits())
        answer = await service.start.post(START, data=TOPIC, files=CV)
        assert (answer.status_code, answer.json()["code"]) == (429, "at_capacity")
        assert answer.headers["content-type"] == "application/problem+json"
        assert 24 * 60 < int(answer.headers["retry-after"]) <= 25 * 60
        assert answer.json()["detail"] == "All interviewers are busy. Try again in about 25 minutes."
        assert tavus.conversations == []
        assert service.files() == []


async def test_when_the_day_is_used_up_it_says_until_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving_functions(tmp_path, monkeypatch, DOLLARS_DAILY="2.5") as service:
        session_id, _ = await service.begin()
        await service.store.charge({session_id: 2.5}, now())
        answer = await service.start.post(START, json=TOPIC)
        assert (answer.status_code, answer.json()["code"]) == (429, "at_capacity")
        assert "used up. Come back after 00:00 UTC (in " in answer.json()["detail"]
        assert 1 <= int(answer.headers["retry-after"]) <= 24 * 3600


async def test_more_starts_than_one_network_may_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving_functions(tmp_path, monkeypatch, STARTS_PER_HOUR="2") as service:
        for _ in range(2):
            await service.begin()
        answer = await service.start.post(START, json=TOPIC)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
        assert 3500 < int(answer.headers["retry-after"]) <= 3600
        invalid = await service.start.post(START, json={})
        assert invalid.status_code == 422, "what is invalid is not counted"


async def test_a_start_without_a_place_is_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A candidate who tries again every minute must not run out of starts."""
    env = {"STARTS_PER_HOUR": "2", "INTERVIEWS_CONCURRENT": "1"}
    async with serving_functions(tmp_path, monkeypatch, **env) as service:
        session_id, headers = await service.begin()
        for _ in range(3):
            assert (await service.start.post(START, json=TOPIC)).json()["code"] == "at_capacity"
        await service.end.delete(f"/api/interview/{session_id}", headers=headers)
        await service.begin()


async def test_a_start_that_fails_gives_its_place_back(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {"cv_file": ("cv.pdf", b"%PDF-1.7 and nothing that is one", "application/pdf")}
    assert (await service.start.post(START, data=TOPIC, files=broken)).status_code == 422
    assert await places(service) == 0


@pytest.mark.parametrize("how", ["end", "delete", "sweep"])
async def test_an_interview_that_is_over_gives_its_place_back(service: Service, how: str) -> None:
    session_id, headers = await service.begin()
    assert await places(service) == 1
    await service.talk(session_id, "Hello", "Hi")
    path = f"/api/interview/{session_id}"
    match how:
        case "end":
            await service.end.post(f"{path}/end", headers=headers)
        case "delete":
            await service.end.delete(path, headers=headers)
        case _:
            assert await sweep(service.store, now() + timedelta(minutes=6)) == (1, False)
    assert await places(service) == 0


async def test_a_place_that_can_not_be_given_back_is_no_failure(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> None:
        raise StoreUnavailable("Away.")

    session_id, headers = await service.begin()
    monkeypatch.setattr(SqliteStore, "release_place", away)
    answer = await service.end.delete(f"/api/interview/{session_id}", headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["switch", "admissions", "count_start", "admit"])
async def test_nothing_starts_while_the_ledger_is_away(
    service: Service, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("Away.")

    monkeypatch.setattr(SqliteStore, method, away)
    answer = await service.start.post(START, data=TOPIC, files=CV)
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert service.files() == []


async def test_a_start_code_is_needed_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving_functions(tmp_path, monkeypatch, START_CODE="class-7 ü") as service:
        missing = await service.start.post(START, json=TOPIC)
        wrong = await service.start.post(START, json={**TOPIC, "start_code": "class-8"})
        assert [(one.status_code, one.json()["code"]) for one in (missing, wrong)] == [(403, "start_code")] * 2
        assert "needed" in missing.json()["detail"]
        assert "isn't right" in wrong.json()["detail"]
        assert await places(service) == 0
        right = await service.start.post(START, json={**TOPIC, "start_code": " class-7 ü "})
        assert right.status_code == 201
        long = await service.start.post(START, json={**TOPIC, "start_code": "x" * 201})
        assert (long.status_code, long.json()["field"]) == (422, "start_code")


async def test_a_fifth_of_the_places_is_kept_for_invites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = {"INTERVIEWS_CONCURRENT": "5", "INVITE_CODE": "friend"}
    async with serving_functions(tmp_path, monkeypatch, **env) as service:
        for _ in range(4):
            await service.begin(invite="stranger")
        assert (await service.start.post(START, json=TOPIC)).json()["code"] == "at_capacity"
        await service.begin(invite="friend")
        assert (await service.start.post(START, json={**TOPIC, "invite": "friend"})).status_code == 429


async def test_a_closed_deployment_says_what_the_operator_wants_to_say(service: Service) -> None:
    session_id, headers = await service.begin()
    await service.store.set_switch(Switch(open=False, message="We are back on Monday."))
    answer = await service.start.post(START, data=TOPIC, files=CV)
    assert (answer.status_code, answer.json()["code"]) == (503, "closed")
    assert answer.json()["detail"] == "We are back on Monday."
    assert service.files() == []
    record = await service.end.get(f"/api/interview/{session_id}", headers=headers)
    assert record.status_code == 200, "what exists can be read and deleted"
    await service.store.set_switch(Switch())
    assert (await service.start.post(START, json=TOPIC)).status_code == 201


async def test_a_program_without_a_browsers_headers_is_admitted(service: Service) -> None:
    answer = await service.start.post(START, json=TOPIC)
    assert answer.status_code == 201
    # An allowed origin may be another site than the API's.
    cross = {"origin": "https://interviews.example", "sec-fetch-site": "cross-site"}
    assert (await service.start.post(START, json=TOPIC, headers=cross)).status_code == 201
    foreign = {"origin": "https://evil.example", **bearer(answer.json()["session_token"])}
    path = f"/api/interview/{answer.json()['session_id']}"
    assert (await service.end.get(path, headers=foreign)).status_code == 200, "it has the token, and changes nothing"
    for call in (
        service.end.post(f"{path}/end", headers=foreign),
        service.end.delete(path, headers=foreign),
        service.start.post(f"{path}/upload-cv", files=CV, headers=foreign),
        service.start.put(f"{path}/cv-text", json={"text": "x"}, headers=foreign),
        service.start.post(f"{path}/avatar", headers=foreign),
    ):
        refused = await call
        assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")


async def test_only_the_languages_offered_and_the_first_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving_functions(tmp_path, monkeypatch, LANGUAGES="de-DE, en-GB") as service:
        answer = await service.start.post(START, json=TOPIC | {"language": "en-US"})
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["field"]) == (422, "invalid_language", "language")
        assert problem["detail"] == "language must be one of de-DE, en-GB."
        for given, kept in [({}, "de-DE"), ({"language": "en-gb"}, "en-gb")]:
            session_id, _ = await service.begin(**given)
            assert (await service.store.get(session_id)).language == kept
