"""The conversion between records and documents, for generated records."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview import prices
from interview.record import Avatar, Cv, Interview, Live, OutputChange, Turn, Writing
from interview.report import AnswerFacts, Competency, Criterion, Evidence, Facts, Finding, Rubric, Summary
from interview.store import document
from interview.system import Lease, Ledger
from interview.usage import LiveUsage, TextUsage, Usage
from tests.interview.store.sample import NOW, new_avatar, new_interview, new_turn

times = st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9990, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
numbers = st.integers(0, 2**53)
cvs = st.builds(Cv, pages=numbers, characters=numbers)
avatars = st.builds(
    Avatar,
    created_at=st.none() | times,
    ended_at=st.none() | times,
    seconds=numbers,
    earlier=st.lists(st.text(), max_size=3).map(tuple),
    changes=st.lists(st.builds(OutputChange, at=times), max_size=3).map(tuple),
)
ledgers = st.builds(
    Ledger,
    today=numbers,
    leases=st.dictionaries(st.text(min_size=1), st.builds(Lease, since=times, until=times), max_size=3),
)
seconds = st.floats(0, 4_000)
evidence = st.lists(st.builds(Evidence, turn=numbers), max_size=2).map(tuple)
findings = st.lists(st.builds(Finding, evidence=evidence), max_size=2).map(tuple)
facts = st.builds(
    Facts,
    interviewer_seconds=seconds,
    candidate_seconds=seconds,
    answers=st.lists(
        st.builds(AnswerFacts, turn=numbers, words=numbers, offset=seconds, seconds=seconds, pause=seconds), max_size=2
    ).map(tuple),
)
competencies = st.lists(st.builds(Competency, low=st.none() | numbers, findings=findings), max_size=2).map(tuple)
rubrics = st.builds(Rubric, numbers, st.lists(st.builds(Criterion), max_size=2).map(tuple))
interviews = st.builds(
    Interview,
    created_at=times,
    expires_at=times,
    started_at=st.none() | times,
    ended_at=st.none() | times,
    cv=st.none() | cvs,
    live=st.builds(Live, epoch=numbers, seen_at=st.none() | times),
    avatar=st.none() | avatars,
    usage=st.builds(Usage, st.builds(LiveUsage, numbers), st.builds(TextUsage, numbers), st.builds(TextUsage, numbers)),
    summary=st.none()
    | st.builds(
        Summary,
        quotes_checked=numbers,
        quotes_dropped=numbers,
        strengths=findings,
        improvements=findings,
        competencies=competencies,
        facts=st.none() | facts,
        doubtful=st.lists(numbers, max_size=2).map(tuple),
    ),
    rubric=st.none() | rubrics,
    writing=st.none()
    | st.builds(Writing, attempts=numbers, until=st.none() | times, due_at=st.none() | times, blocks=numbers),
    corrected_at=st.none() | times,
    max_duration_seconds=numbers,
    duration_seconds=st.none() | numbers,
)
turns = st.builds(Turn, number=numbers, started_at=times, ended_at=times)


@given(interviews)
def test_an_interview_survives_the_conversion(interview: Interview) -> None:
    assert document.to_interview(interview.session_id, document.from_interview(interview)) == interview


@given(interviews)
def test_an_interview_survives_the_conversion_to_json(interview: Interview) -> None:
    text = document.to_json(document.from_interview(interview))
    assert document.to_interview(interview.session_id, json.loads(text)) == interview


@given(ledgers)
def test_the_ledger_survives_the_conversion(ledger: Ledger) -> None:
    kept = document.from_ledger(ledger)
    assert document.to_ledger(kept) == document.to_ledger(json.loads(document.to_json(kept))) == ledger


@given(turns, times)
def test_a_turn_survives_the_conversion(turn: Turn, expires_at: datetime) -> None:
    kept = document.from_turn(turn, expires_at)
    assert kept["expires_at"] == expires_at
    assert document.to_turn(turn.number, kept) == turn
    assert document.to_turn(turn.number, json.loads(document.to_json(kept))) == turn


@given(times, times)
def test_times_as_text_compare_as_times_do(one: datetime, other: datetime) -> None:
    assert (document.iso(one) < document.iso(other)) == (one < other)
    assert datetime.fromisoformat(document.iso(one)) == one


@given(st.text(st.characters(), max_size=20))
def test_any_text_can_be_encoded(text: str) -> None:
    kept = document.from_turn(new_turn(0, text=text), NOW)["text"]
    kept.encode("utf-8")
    if text.isascii():
        assert kept == text


def test_surrogate_pairs_are_joined() -> None:
    assert document.from_turn(new_turn(0, text="\ud83d\ude00"), NOW)["text"] == "😀"


def test_a_document_is_a_copy() -> None:
    summary = {"strengths": [{"point": "a"}]}
    kept = document.from_interview(new_interview(summary=summary))
    summary["strengths"][0]["point"] = "b"
    assert kept["summary"] == {"strengths": [{"point": "a"}]}


def test_the_console_shows_the_tokens_and_the_cost() -> None:
    text = TextUsage(calls=1, prompt_text=100)
    used = Usage(LiveUsage(prompt_audio=10**6), transcription=text, text=text)
    seen_at = NOW + timedelta(seconds=62)
    kept = document.from_interview(new_interview(usage=used, avatar=new_avatar(), live=Live(1, seen_at=seen_at)))
    assert kept["usage"] == {
        **asdict(used),
        "avatar_seconds": 61 + 60,
        "dollars": pytest.approx(3 + 200 * 1.5 / 1e6 + 121 / 60 * 0.37, abs=1e-6),
        "prices_as_of": prices.AS_OF,
    }


def test_the_usage_of_an_earlier_version_is_that_of_gemini_live() -> None:
    kept = document.from_interview(new_interview()) | {"usage": {"turns": 2, "prompt_text": 1_562, "thoughts": 134}}
    assert document.to_interview("5e55", kept).usage == Usage(LiveUsage(turns=2, prompt_text=1_562, thoughts=134))


def test_times_are_kept_in_utc() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-7)))
    kept = document.from_interview(new_interview(created_at=elsewhere, expires_at=elsewhere))
    assert kept["created_at"].tzinfo is UTC
    assert document.from_turn(new_turn(0), elsewhere)["expires_at"].tzinfo is UTC


def test_a_value_that_is_not_plain_is_refused() -> None:
    with pytest.raises(TypeError, match="not set"):
        document.to_json({"summary": {"strengths": {1, 2}}})


@pytest.mark.parametrize(("number", "name"), [(0, "0000"), (42, "0042"), (9999, "9999"), (12345, "12345")])
def test_turns_are_named_by_their_number(number: int, name: str) -> None:
    assert document.turn_name(number) == name
