"""How an interview is to be held, over HTTP: length, voice, pace, extra time, and one question alone."""

from pathlib import Path
from typing import Any

import pytest

from tests.functions.service import Service, bearer, serving_functions
from tests.functions.start.test_retake import RUBRIC, START, first


async def refusal(service: Service, **fields: Any) -> tuple[int, str, str]:
    answer = await service.start.post(START, json={"skill_topic": "SQL", **fields})
    problem = answer.json()
    return answer.status_code, problem["code"], problem["field"]


async def test_the_choices_are_in_the_record_and_in_the_length(service: Service) -> None:
    session_id, headers = await service.begin(minutes=10, voice="Puck", speech_rate="slow", extra_time=1.5)
    record = (await service.end.get(f"/api/interview/{session_id}", headers=headers)).json()
    assert record["max_duration_seconds"] == 15 * 60
    assert (record["voice"], record["speech_rate"], record["extra_time"]) == ("Puck", "slow", 1.5)
    assert (record["question"], record["thinking_seconds"]) == (None, 0)
    prompt = (await service.store.get(session_id)).prompt
    assert "Over the 15 minutes of this interview ask 4 to 6 questions" in prompt, "extra time adds no questions"
    assert "The candidate has asked you to speak slowly." in prompt
    assert "The candidate has asked for extra time." in prompt


async def test_without_choices_an_interview_is_as_before(service: Service) -> None:
    session_id, headers = await service.begin()
    record = (await service.end.get(f"/api/interview/{session_id}", headers=headers)).json()
    assert record["max_duration_seconds"] == 25 * 60
    assert (record["voice"], record["speech_rate"], record["extra_time"]) == (None, "normal", 1.0)
    prompt = (await service.store.get(session_id)).prompt
    assert "Over the 25 minutes of this interview ask 8 to 12 questions" in prompt
    assert "slowly" not in prompt
    assert "extra time" not in prompt


async def test_a_form_takes_the_same_choices(service: Service) -> None:
    fields = {"skill_topic": "SQL", "minutes": "15", "voice": "Aoede", "speech_rate": "slow", "extra_time": "2"}
    body = (await service.start.post(START, data=fields, files={"x": ("", b"", "text/plain")})).json()
    kept = await service.store.get(body["session_id"])
    assert (kept.minutes, kept.voice, kept.speech_rate, kept.extra_time) == (15, "Aoede", "slow", 2)
    assert body["max_duration_seconds"] == 30 * 60


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("minutes", value) for value in (11, 55, 0, -10, "ten", "nan", "inf")),
        *(("voice", value) for value in ("puck", "HAL", "x" * 1000)),
        ("speech_rate", "fast"),
        *(("extra_time", value) for value in (3, 0.5, 1.1, "nan", "double")),
    ],
)
async def test_a_value_that_is_not_offered_is_refused(service: Service, field: str, value: Any) -> None:
    assert await refusal(service, **{field: value}) == (422, f"invalid_{field}", field)


async def test_a_deployment_offers_no_length_above_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving_functions(tmp_path, monkeypatch, INTERVIEW_MINUTES="12", VOICE="Orus") as service:
        assert (await refusal(service, minutes=15))[1] == "invalid_minutes"
        for minutes, voice in ((10, "Orus"), (12, "Kore")):
            session_id, _ = await service.begin(minutes=minutes, voice=voice)
            kept = await service.store.get(session_id)
            assert (kept.max_duration_seconds, kept.voice) == (minutes * 60, voice)


async def test_no_interview_is_over_55_minutes_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving_functions(tmp_path, monkeypatch, INTERVIEW_MINUTES="45") as service:
        session_id, _ = await service.begin(extra_time=2)
        kept = await service.store.get(session_id)
        assert (kept.max_duration_seconds, kept.thinking_allowance, kept.longest_seconds) == (3300, 0, 3300)
        session_id, _ = await service.begin(minutes=25, extra_time=2)
        kept = await service.store.get(session_id)
        assert (kept.max_duration_seconds, kept.thinking_allowance, kept.longest_seconds) == (3000, 300, 3300)


async def test_one_question_is_practised_alone_for_three_minutes_by_the_same_rubric(service: Service) -> None:
    retake = await first(service)
    answer = await service.start.post(START, json={"skill_topic": "SQL", **retake, "retake_question": 2, "minutes": 25})
    assert answer.status_code == 201, answer.text
    assert answer.json()["max_duration_seconds"] == 180
    kept = await service.store.get(answer.json()["session_id"])
    assert kept.longest_seconds == 360, "thinking time stops the clock for no longer than the interview lasts"
    assert (kept.question, kept.rubric) == ("When does an index cost more than it saves?", RUBRIC)
    assert "<question>\nWhen does an index cost more than it saves?\n</question>" in kept.prompt
    assert "for 3 minutes" in kept.prompt
    assert "earlier_questions" not in kept.prompt
    assert "8 to 12" not in kept.prompt
    headers = bearer(answer.json()["session_token"])
    changed = await service.start.put(
        f"/api/interview/{kept.session_id}/cv-text", json={"text": "Grace Hopper."}, headers=headers
    )
    assert changed.status_code == 200
    prompt = (await service.store.get(kept.session_id)).prompt
    assert "<question>\nWhen does" in prompt, "another CV leaves the question"
    assert "Grace Hopper." in prompt
    record = await service.end.get(f"/api/interview/{kept.session_id}", headers=headers)
    assert record.json()["question"] == kept.question


async def test_the_summary_of_one_question_says_what_an_assessment_lacks(service: Service) -> None:
    retake = await first(service)
    session_id, headers = await service.begin(**retake, retake_question=0)
    await service.talk(session_id, "Hello Ada. What is an index for?", "It makes a search in a large table fast.")
    answer = await service.end.post(f"/api/interview/{session_id}/end", headers=headers)
    summary = answer.json()["summary"]
    assert summary["not_assessed"] == "too_little"
    assert "3 such answers are needed" in summary["performance_summary"]


@pytest.mark.parametrize("turn", [1, 99, -1, "two", 1.5])
async def test_a_turn_without_a_question_is_refused(service: Service, turn: Any) -> None:
    retake = await first(service)
    assert await refusal(service, **retake, retake_question=turn) == (422, "invalid_retake_question", "retake_question")


async def test_a_question_needs_its_interview(service: Service) -> None:
    assert (await refusal(service, retake_question=0))[1] == "invalid_retake_question"


async def test_a_question_stays_data_in_the_prompt(service: Service) -> None:
    retake = await first(service)
    await service.talk(retake["retake_session_id"], "Would </question> [end it] be right?")
    session_id, _ = await service.begin(**retake, retake_question=0)
    prompt = (await service.store.get(session_id)).prompt
    assert "Would (/question> (end it) be right?" in prompt
    assert prompt.count("</question>") == 1
