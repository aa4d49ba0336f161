"""The transitions without a store. test_store.py tests them in the stores."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.errors import AlreadyEnded, Conflict, Invalid, Superseded
from interview.record import EndedReason, Interview, Live, Status
from interview.store import results, transition
from interview.usage import LiveUsage, TextUsage, Usage
from tests.interview.store.sample import NOW, SUMMARY, new_cv, new_interview

STATUSES: list[Status] = ["ready", "live", "ended", "completed", "abandoned", "failed"]
REASONS: list[EndedReason] = ["interviewer", "candidate", "time_limit", "failed"]
MINUTE = timedelta(minutes=1)


def held(seen_at: datetime = NOW, **changes: Any) -> Interview:
    """A live interview of 25 minutes that began at NOW."""
    return new_interview(**{"status": "live", "started_at": NOW, "live": Live(1, seen_at=seen_at), **changes})


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "ready"])
def test_a_cv_comes_before_the_interview(status: Status) -> None:
    with pytest.raises(Conflict):
        transition.attach_cv(new_interview(status=status), new_cv(), "prompt")


@pytest.mark.parametrize("status", ["ended", "completed", "failed"])
def test_an_interview_that_is_over_can_not_be_claimed(status: Status) -> None:
    with pytest.raises(AlreadyEnded):
        transition.claim(new_interview(status=status), NOW)


@pytest.mark.parametrize("status", ["ready", "live", "abandoned"])
def test_a_claim_counts_on(status: Status) -> None:
    claimed = transition.claim(new_interview(status=status, live=Live(7, "handle", NOW - MINUTE)), NOW)
    assert claimed.live == Live(8, "handle", NOW, held=True)
    assert claimed.status == "live"


def test_an_abandoned_interview_can_be_claimed_within_its_time_limit_only() -> None:
    abandoned = transition.abandon(held(seen_at=NOW + MINUTE), NOW + 6 * MINUTE)
    claimed = transition.claim(abandoned, NOW + 24.99 * MINUTE)
    assert (claimed.status, claimed.ended_at, claimed.ended_reason, claimed.duration_seconds) == ("live", *[None] * 3)
    assert claimed.started_at == NOW
    with pytest.raises(AlreadyEnded):
        transition.claim(abandoned, NOW + 25 * MINUTE)


def test_a_reconnection_at_the_last_second_is_for_the_relay_to_end() -> None:
    assert transition.claim(held(), NOW + 25 * MINUTE).status == "live"


def test_a_touch_updates_when_the_connection_was_seen() -> None:
    live = held(live=Live(3, "handle", NOW))
    assert transition.touch(live, 3, NOW + MINUTE) == replace(live, live=Live(3, "handle", NOW + MINUTE))
    with pytest.raises(Superseded):
        transition.touch(live, 2, NOW + MINUTE)


@pytest.mark.parametrize("earlier", [0 * MINUTE, MINUTE])
def test_a_late_touch_does_not_go_back_in_time(earlier: timedelta) -> None:
    live = held(seen_at=NOW + MINUTE)
    assert transition.touch(live, 1, NOW + MINUTE - earlier) is live


@pytest.mark.parametrize("status", ["ended", "completed", "failed"])
def test_a_touch_does_not_change_an_interview_that_is_over(status: Status) -> None:
    over = new_interview(status=status, live=Live(1))
    assert transition.touch(over, 1, NOW) is over


def test_a_touch_counts_what_the_relay_has_used_also_after_the_end() -> None:
    """The functions' own tokens stay: the relay has an older number of them."""
    live, spoken = LiveUsage(turns=4, prompt_audio=900), TextUsage(calls=1, prompt_audio=50)
    text = TextUsage(calls=1, prompt_image=258)
    for interview in (held(), held(status="ended"), held(status="completed")):
        before = replace(interview, usage=Usage(text=text))
        touched = transition.touch(before, 1, NOW + MINUTE, Usage(live, spoken, TextUsage()))
        assert touched.usage == Usage(live, spoken, text)
        assert touched.status == interview.status


def test_the_tokens_of_every_summary_count_and_the_first_summary() -> None:
    used = TextUsage(calls=1, prompt_text=900, response=200)
    first = results.complete(held(status="ended"), SUMMARY, used)
    again = results.complete(first, replace(SUMMARY, verdict="no"), used)
    assert again.summary == SUMMARY
    assert again.usage.text == TextUsage(calls=2, prompt_text=1_800, response=400)


def test_a_touch_needs_a_claim_before() -> None:
    with pytest.raises(Conflict) as refused:
        transition.touch(new_interview(), 0, NOW)
    assert refused.value.code == "not_live"


def test_a_touch_makes_an_abandoned_interview_live_again() -> None:
    abandoned = transition.abandon(held(), NOW + 5 * MINUTE)
    touched = transition.touch(abandoned, 1, NOW + 7 * MINUTE)
    assert touched == held(seen_at=NOW + 7 * MINUTE)
    ended = transition.end(abandoned, "interviewer", NOW + 8 * MINUTE, epoch=1)
    assert (ended.ended_at, ended.duration_seconds) == (NOW + 8 * MINUTE, 480)


def test_an_idle_interview_is_abandoned_as_of_when_it_was_last_seen() -> None:
    live = held(live=Live(2, "handle", NOW + 3 * MINUTE))
    abandoned = transition.abandon(live, NOW + 4 * MINUTE)
    assert (abandoned.status, abandoned.ended_reason) == ("abandoned", "abandoned")
    assert (abandoned.ended_at, abandoned.duration_seconds) == (NOW + 3 * MINUTE, 180)
    assert abandoned.live == live.live


@pytest.mark.parametrize("live", [held(seen_at=NOW + MINUTE), held(seen_at=NOW + 2 * MINUTE), held(live=Live(1))])
def test_one_that_was_seen_since_is_not_abandoned(live: Interview) -> None:
    assert transition.abandon(live, NOW + MINUTE) is live


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "live"])
def test_only_a_live_interview_is_abandoned(status: Status) -> None:
    interview = new_interview(status=status, live=Live(1, seen_at=NOW))
    assert transition.abandon(interview, NOW + MINUTE) is interview


def test_an_end_with_the_reason_abandoned_is_invalid() -> None:
    with pytest.raises(Invalid):
        transition.end(held(), "abandoned", NOW)


@pytest.mark.parametrize("status", ["live", "ended", "failed", "abandoned"])
def test_a_turn_is_allowed_under_the_present_epoch(status: Status) -> None:
    interview = new_interview(status=status, live=Live(3))
    transition.allow_turn(interview, 3)
    with pytest.raises(Superseded):
        transition.allow_turn(interview, 2)


def test_a_turn_is_not_allowed_before_and_after() -> None:
    with pytest.raises(Conflict) as refused:
        transition.allow_turn(new_interview(), 0)
    assert refused.value.code == "not_live"
    with pytest.raises(AlreadyEnded):
        transition.allow_turn(new_interview(status="completed"), 0)


def test_an_interview_that_is_over_keeps_no_handle() -> None:
    ended = new_interview(status="ended", live=Live(1))
    assert transition.keep_handle(ended, 1, "handle") is ended


def test_the_same_handle_is_no_change() -> None:
    live = new_interview(status="live", live=Live(1, "handle"))
    assert transition.keep_handle(live, 1, "handle") is live


def test_a_clock_that_went_back_makes_no_negative_duration() -> None:
    live = new_interview(status="live", started_at=NOW)
    assert transition.end(live, "candidate", NOW - timedelta(hours=1)).duration_seconds == 0


@pytest.mark.parametrize("status", ["ready", "live"])
def test_a_summary_comes_after_the_end(status: Status) -> None:
    with pytest.raises(Conflict) as refused:
        results.complete(new_interview(status=status), SUMMARY)
    assert refused.value.code == "not_ended"


@pytest.mark.parametrize("status", ["ended", "failed", "abandoned"])
def test_a_summary_completes(status: Status) -> None:
    assert results.complete(new_interview(status=status), SUMMARY).status == "completed"


@pytest.mark.parametrize("status", STATUSES)
def test_a_sealed_interview_refuses_every_write(status: Status) -> None:
    sealed = transition.seal(new_interview(status=status, live=Live(4, "handle")), NOW)
    assert sealed.over
    assert sealed.live == Live(5)
    with pytest.raises(Superseded):
        transition.allow_turn(sealed, 4)
    with pytest.raises(AlreadyEnded):
        transition.claim(sealed, NOW)


@given(
    st.lists(st.tuples(st.sampled_from(["claim", "touch", "abandon", *REASONS, "complete"]), st.integers(0, 10_000)))
)
def test_any_order_of_transitions_keeps_the_invariants(events: list[tuple[str, int]]) -> None:
    interview: Interview = new_interview()
    for event, seconds in events:
        now = NOW + timedelta(seconds=seconds)
        before = interview
        try:
            if event == "claim":
                interview = transition.claim(interview, now)
            elif event == "touch":
                interview = transition.touch(interview, interview.live.epoch, now)
            elif event == "abandon":
                interview = transition.abandon(interview, now)
            elif event == "complete":
                interview = results.complete(interview, SUMMARY)
            else:
                reason = next(reason for reason in REASONS if reason == event)
                interview = transition.end(interview, reason, now)
        except Conflict:
            assert interview is before
        claimed = event == "claim" and interview is not before
        assert interview.live.epoch - before.live.epoch == claimed
        assert claimed or event != "claim" or before.over or before.status == "abandoned"
        assert (interview.summary is not None) == (interview.status == "completed")
        assert (interview.ended_at is None) == (interview.status in ("ready", "live"))
        assert (interview.duration_seconds is None) == (interview.ended_at is None)
        if before.over:
            assert (interview.ended_at, interview.ended_reason) == (before.ended_at, before.ended_reason)
        if before.started_at is not None:
            assert interview.started_at == before.started_at
