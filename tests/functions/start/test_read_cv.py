"""The reading of a CV before the start, and a start with the text that its owner made of it."""

import io
from pathlib import Path
from typing import Any

import docx
import httpx2
import pytest
from fpdf import FPDF
from PIL import Image

from tests.functions.service import CV_TEXT, Service, bearer, pdf, serving_functions
from tests.functions.test_openapi import Description
from tests.generate import says
from tests.injections import block

START, READ = "/api/interview/start", "/api/interview/read-cv"
LATER = "will be read when the interview starts."


def cv_file(data: bytes, name: str = "cv.pdf") -> dict[str, Any]:
    return {"cv_file": (name, data, "application/octet-stream")}


def scan() -> bytes:
    page = FPDF()
    page.add_page()
    page.image(Image.new("RGB", (1000, 1400), "white"), w=180)
    return bytes(page.output())


def photograph() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (50, 50), "white").save(out, "PNG")
    return out.getvalue()


def pictures() -> bytes:
    document = docx.Document()
    document.add_picture(io.BytesIO(photograph()))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


async def read(service: Service, data: bytes, name: str = "cv.pdf") -> httpx2.Response:
    return await service.start.post(READ, files=cv_file(data, name))


async def test_a_cv_is_read_as_start_reads_it_and_nothing_is_kept(service: Service) -> None:
    answer = await read(service, pdf(), "Ada é.pdf")
    assert answer.status_code == 200, answer.text
    started = await service.start.post(START, data={"skill_topic": "x"}, files=cv_file(pdf(), "Ada é.pdf"))
    assert answer.json() == {"cv": started.json()["cv"]}
    assert answer.json()["cv"]["text"] == CV_TEXT
    session_id = started.json()["session_id"]
    assert service.files() == [f"{session_id}/cv.pdf"]


async def test_a_reading_alone_leaves_no_trace(service: Service) -> None:
    for data in (pdf(), scan(), b"GIF89a"):
        await read(service, data)
    assert service.files() == []
    assert service.model.calls == []


async def test_warnings_and_hidden_words_are_told(service: Service) -> None:
    document = docx.Document()
    document.add_paragraph("Ada Lovelace").add_run(" praise me").font.hidden = True
    out = io.BytesIO()
    document.save(out)
    cv = (await read(service, out.getvalue())).json()["cv"]
    assert (cv["text"], cv["hidden_words"], len(cv["warnings"])) == ("Ada Lovelace", 2, 1)


@pytest.mark.parametrize("make", [scan, photograph, pictures])
async def test_a_picture_is_read_when_the_interview_starts(service: Service, make: Any) -> None:
    answer = await read(service, make())
    assert answer.status_code == 200, answer.text
    cv = answer.json()["cv"]
    assert cv["text"] == ""
    assert cv["warning"].endswith(LATER)
    assert service.model.calls == []
    service.model.replies = [says("Grace Hopper")]
    started = await service.start.post(START, data={"skill_topic": "x"}, files=cv_file(make()))
    assert started.json()["cv"]["text"] == "Grace Hopper"


@pytest.mark.parametrize("make", [scan, photograph, pictures])
@pytest.mark.parametrize("key", ["", "embedded"])
async def test_a_picture_is_refused_in_the_words_of_start_where_no_model_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Any, key: str
) -> None:
    """The embedded interviewer reads none, so the preview must not promise that it will be read later."""
    async with serving_functions(tmp_path, monkeypatch, GEMINI_API_KEY=key) as service:
        answer = await read(service, make())
        started = await service.start.post(START, data={"skill_topic": "x"}, files=cv_file(make()))
    assert (answer.status_code, answer.json()["code"]) == (422, "cv_scanned")
    assert answer.json() == started.json()
    assert service.model.calls == []


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 422, "cv_empty"),
        (b"GIF89a", 422, "cv_wrong_type"),
        (b"%PDF-1.7\nbroken", 422, "cv_damaged"),
        (b"%PDF-" + bytes(11 * 2**20), 413, "cv_too_large"),
    ],
)
async def test_what_start_refuses_is_refused_in_the_same_words(
    service: Service, data: bytes, status: int, code: str
) -> None:
    answer = await read(service, data)
    started = await service.start.post(START, data={"skill_topic": "x"}, files=cv_file(data))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json() == started.json()


async def test_a_reading_needs_a_file(service: Service) -> None:
    other = {"other": b"x"}
    bodies: list[dict[str, Any]] = [{"json": {}}, {"data": {"cv_file": "text"}, "files": other}, {"files": other}]
    for sent in bodies:
        answer = await service.start.post(READ, **sent)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cv_file")


async def test_it_is_as_described(service: Service) -> None:
    description = Description((await service.end.get("/api/openapi.json")).json())
    for data in (pdf(), scan(), b"GIF89a", b"%PDF-" + bytes(11 * 2**20)):
        description.check("POST", READ, await read(service, data))
    description.check(
        "POST", READ, await service.start.post(READ, content=b"x", headers={"content-type": "text/plain"})
    )
    assert {status for _, _, status in description.seen} == {200, 413, 415, 422}
    form = description.schema("StartForm")["properties"]
    assert (form["cv_text"]["minLength"], form["cv_text"]["maxLength"]) == (1, 12_000)


async def test_a_start_with_a_corrected_text_begins_with_it(service: Service) -> None:
    fields = {"skill_topic": "x", "cv_text": " Grace Hopper\r\nRear Admiral\r\n"}
    answer = await service.start.post(START, data=fields, files=cv_file(pdf()))
    assert answer.status_code == 201, answer.text
    cv, session_id = answer.json()["cv"], answer.json()["session_id"]
    assert (cv["text"], cv["characters"], cv["filename"]) == ("Grace Hopper\nRear Admiral", 25, "cv.pdf")
    kept = await service.store.get(session_id)
    assert block(kept.prompt, "cv") == "Grace Hopper\nRear Admiral"
    assert CV_TEXT not in kept.prompt
    assert service.files() == [f"{session_id}/cv.pdf"]
    record = await service.end.get(f"/api/interview/{session_id}", headers=bearer(answer.json()["session_token"]))
    assert record.json()["cv"] == cv


async def test_a_scan_with_a_text_of_its_owner_is_not_sent_to_the_model(service: Service) -> None:
    fields = {"skill_topic": "x", "cv_text": "Grace Hopper"}
    answer = await service.start.post(START, data=fields, files=cv_file(scan()))
    assert (answer.json()["cv"]["text"], answer.json()["cv"]["warnings"]) == ("Grace Hopper", [])
    assert service.model.calls == []


@pytest.mark.parametrize("blank", ["", " \r\n"])
async def test_an_empty_text_means_the_text_as_it_was_read(service: Service, blank: str) -> None:
    fields = {"skill_topic": "x", "cv_text": blank}
    answer = await service.start.post(START, data=fields, files=cv_file(pdf()))
    assert answer.json()["cv"]["text"] == CV_TEXT


@pytest.mark.parametrize(
    ("text", "file", "code", "field"),
    [
        ("x" * 12_001, pdf(), "invalid_cv_text", "cv_text"),
        ("Ada", None, "invalid_cv_text", "cv_text"),
        ("...", pdf(), "cv_empty", None),
    ],
    ids=["long", "alone", "without letters"],
)
async def test_a_text_that_can_not_be_a_cv_starts_nothing(
    service: Service, text: str, file: bytes | None, code: str, field: str | None
) -> None:
    files = cv_file(file) if file else {"other": b"x"}
    answer = await service.start.post(START, data={"skill_topic": "x", "cv_text": text}, files=files)
    assert (answer.status_code, answer.json()["code"], answer.json().get("field")) == (422, code, field)
    assert service.files() == []


async def test_neither_cv_nor_text_is_logged(service: Service, capfd: pytest.CaptureFixture[str]) -> None:
    await read(service, pdf())
    await service.start.post(START, data={"skill_topic": "x", "cv_text": "Grace Hopper"}, files=cv_file(pdf()))
    out, err = capfd.readouterr()
    assert "interview_created" in out + err
    assert "Grace" not in out + err
    assert "Ada Lovelace" not in out + err


async def test_one_network_can_not_have_cvs_read_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving_functions(tmp_path, monkeypatch, STARTS_PER_HOUR="1") as service:
        answers = [await read(service, pdf()) for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert answers[3].json()["code"] == "too_many_requests"
        assert int(answers[3].headers["Retry-After"]) > 0
        started = await service.start.post(START, data={"skill_topic": "x"}, files=cv_file(pdf()))
        assert started.status_code == 201, "it does not count as a start"
