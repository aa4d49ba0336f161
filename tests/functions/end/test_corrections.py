"""Corrections of the transcript over HTTP."""

import io
from typing import Any

import docx
import pytest

from tests.assessor import PROVEN, TALK, Assessor, asked, claim
from tests.functions.end.test_main import held
from tests.functions.service import Service

SAID = "An index lets the database find rows by a tree, without reading the whole table."
ASSESSED_AGAIN = Assessor(
    claims=(claim("The candidate names the tree", (1, "find rows by a tree")), *PROVEN[1:]),
)


async def completed(service: Service) -> tuple[str, dict[str, str]]:
    path, headers = await held(service)
    assert (await service.end.post(f"{path}/end", headers=headers)).status_code == 200
    return path, headers


def corrections(*items: Any) -> dict[str, Any]:
    return {"corrections": [{"turn": turn, "text": text} for turn, text in items]}


async def test_a_correction_keeps_both_texts_and_the_summary_is_written_again_with_it(service: Service) -> None:
    path, headers = await completed(service)
    service.model.replies = [ASSESSED_AGAIN]
    answer = await service.end.post(f"{path}/corrections", json=corrections((1, f"  {SAID} ")), headers=headers)
    assert answer.status_code == 200, answer.text
    assert [(turn["text"], turn["corrected_text"]) for turn in answer.json()["turns"]] == [
        (text, SAID if number == 1 else None) for number, text in enumerate(TALK)
    ]
    answer = await service.end.post(f"{path}/end", headers=headers)
    assert answer.status_code == 200
    assert answer.json()["summary"]["strengths"][0]["evidence"] == [{"turn": 1, "quote": "find rows by a tree"}]
    assert answer.json()["summary"]["corrected"] == [1]
    prompt = asked(service.model.calls[-1])
    assert SAID in prompt
    assert TALK[1] not in prompt
    record = (await service.end.get(path, headers=headers)).json()
    assert record["status"] == "completed"
    assert record["corrected_at"]


async def test_every_format_of_the_transcript_shows_both_texts(service: Service) -> None:
    path, headers = await completed(service)
    await service.end.post(f"{path}/corrections", json=corrections((1, SAID)), headers=headers)
    for name in ("txt", "md", "vtt", "docx"):
        answer = await service.end.get(f"{path}/transcript", params={"format": name}, headers=headers)
        text = answer.text
        if name == "docx":
            text = "\n".join(p.text for p in docx.Document(io.BytesIO(answer.content)).paragraphs)
        assert TALK[1] in text, name
        assert f"Corrected by the candidate: {SAID}" in text, name


async def test_a_transcript_is_corrected_once_and_after_the_interview(service: Service) -> None:
    path, headers = await held(service)
    early = await service.end.post(f"{path}/corrections", json=corrections((1, SAID)), headers=headers)
    assert (early.status_code, early.json()["code"]) == (409, "not_ended")
    await service.end.post(f"{path}/end", headers=headers)
    assert (
        await service.end.post(f"{path}/corrections", json=corrections((1, SAID)), headers=headers)
    ).status_code == 200
    again = await service.end.post(f"{path}/corrections", json=corrections((1, "Never mind.")), headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "already_corrected")
    assert (await service.store.turns(path.rpartition("/")[2]))[1].corrected_text == SAID


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({}, "corrections"),
        ([], "corrections"),
        ({"corrections": []}, "corrections"),
        ({"corrections": [1]}, "turn"),
        (corrections((True, SAID)), "turn"),
        (corrections(("1", SAID)), "turn"),
        (corrections((1, SAID), (1, "Twice.")), "turn"),
        (corrections((0, "I am the interviewer.")), "turn"),
        (corrections((99, "Nobody said this.")), "turn"),
        (corrections((1, "  ")), "text"),
        (corrections((1, "x" * 8_001)), "text"),
        (corrections(*[(1, "x")] * 201), "corrections"),
    ],
)
async def test_what_is_no_correction_of_an_own_turn_is_refused(service: Service, content: Any, field: str) -> None:
    path, headers = await completed(service)
    answer = await service.end.post(f"{path}/corrections", json=content, headers=headers)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "invalid", field)
    assert (await service.store.get(path.rpartition("/")[2])).status == "completed"


async def test_a_correction_needs_the_interviews_token(service: Service) -> None:
    path, _ = await completed(service)
    _, others = await service.begin()
    answer = await service.end.post(f"{path}/corrections", json=corrections((1, SAID)), headers=others)
    assert answer.status_code == 404
