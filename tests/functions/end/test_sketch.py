"""Sketches of good answers over HTTP."""

import json
from datetime import timedelta

import pytest

from interview.api import sketches
from tests.functions.end.test_main import held
from tests.functions.service import Service
from tests.generate import Reply, fails, says

WRITTEN = "Name the search tree first, then what it costs with each write."
SKETCH = f"A sample answer, not one that was given: {WRITTEN}"
TOKENS = {"promptTokenCount": 100, "candidatesTokenCount": 20}
SKETCHED = says(json.dumps({"sketch": WRITTEN}), usageMetadata=TOKENS)


async def ended(service: Service, *replies: Reply) -> tuple[str, dict[str, str]]:
    path, headers = await held(service)
    assert (await service.end.post(f"{path}/end", headers=headers)).status_code == 200
    service.model.calls.clear()
    service.model.replies = list(replies)
    return path, headers


async def test_a_sketch_is_made_once_and_kept(service: Service) -> None:
    path, headers = await ended(service, SKETCHED)
    for _ in range(2):
        answer = await service.end.post(f"{path}/questions/0/sketch", headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"turn": 0, "sketch": SKETCH})
    (call,) = service.model.calls
    prompt = call.body["contents"][0]["parts"][0]["text"]
    assert "What is an index for?" in prompt
    assert "<topic>\nSQL\n</topic>" in prompt
    assert "without reading the whole table" not in prompt, "it is not about the candidate's answer"
    kept = await service.store.get(path.rpartition("/")[2])
    assert (kept.usage.text.calls, kept.usage.text.prompt_text, kept.usage.text.response) == (4, 100, 20)


@pytest.mark.parametrize("turn", ["1", "99", "-1", "x", "00"])
async def test_there_is_a_sketch_of_the_interviewers_turns_only(service: Service, turn: str) -> None:
    path, headers = await ended(service, SKETCHED)
    answer = await service.end.post(f"{path}/questions/{turn}/sketch", headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "turn")
    assert service.model.calls == []


async def test_there_is_none_before_the_end_and_none_for_others(service: Service) -> None:
    path, headers = await held(service)
    early = await service.end.post(f"{path}/questions/0/sketch", headers=headers)
    assert (early.status_code, early.json()["code"]) == (409, "not_ended")
    _, others = await service.begin()
    assert (await service.end.post(f"{path}/questions/0/sketch", headers=others)).status_code == 404
    assert service.model.calls == []


async def test_calls_are_bounded_and_failed_ones_count(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketches, "MAX_SKETCHES", 2)
    path, headers = await ended(service, fails(403, "PERMISSION_DENIED"), says("no json", usageMetadata=TOKENS))
    answers = [await service.end.post(f"{path}/questions/0/sketch", headers=headers) for _ in range(3)]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (502, "model_key"),
        (503, "model_unavailable"),
        (409, "too_many_sketches"),
    ]
    assert len(service.model.calls) == 2
    kept = await service.store.get(path.rpartition("/")[2])
    assert (kept.sketches, kept.usage.text.prompt_text) == ({}, 100), "what it cost is counted"


async def test_there_is_none_while_an_abandoned_interview_may_be_continued(service: Service) -> None:
    """The candidate would come back with the answer to the last question."""
    path, headers = await held(service)
    service.model.replies = [SKETCHED]
    session_id = path.rpartition("/")[2]
    await service.store.abandon(session_id, service.clock() + timedelta(minutes=1))
    answer = await service.end.post(f"{path}/questions/0/sketch", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ended")
    assert service.model.calls == []
