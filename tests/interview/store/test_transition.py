"""The rules, without a store. What each store makes of them is in test_store."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.errors import AlreadyEnded, Conflict, Superseded
from interview.record import EndedReason, Interview, Live, Status
from interview.store import transition
from tests.interview.store.sample import NOW, SUMMARY, new_cv, new_interview

STATUSES: list[Status] = ["ready", "live", "ended", "completed", "abandoned", "failed"]
REASONS: list[EndedReason] = ["interviewer", "candidate", "time_limit", "failed", "abandoned"]


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "ready"])
def test_a_cv_comes_before_the_interview(status: Status) -> None:
    with pytest.raises(Conflict):
        transition.attach_cv(new_interview(status=status), new_cv(), "prompt")


@pytest.mark.parametrize("status", ["ended", "completed", "failed"])
def test_nobody_claims_what_is_over(status: Status) -> None:
    with pytest.raises(AlreadyEnded):
        transition.claim(new_interview(status=status), NOW)


@pytest.mark.parametrize("status", ["ready", "live", "abandoned"])
def test_a_claim_counts_on(status: Status) -> None:
    claimed = transition.claim(new_interview(status=status, live=Live(7, "handle")), NOW)
    assert claimed.live == Live(8, "handle")
    assert claimed.status == "live"


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


def test_what_is_over_keeps_no_handle() -> None:
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
        transition.complete(new_interview(status=status), SUMMARY)
    assert refused.value.code == "not_ended"


@pytest.mark.parametrize("status", ["ended", "failed", "abandoned"])
def test_a_summary_completes(status: Status) -> None:
    assert transition.complete(new_interview(status=status), SUMMARY).status == "completed"


@pytest.mark.parametrize("status", STATUSES)
def test_what_is_sealed_takes_nothing_more(status: Status) -> None:
    sealed = transition.seal(new_interview(status=status, live=Live(4, "handle")), NOW)
    assert sealed.over
    assert sealed.live == Live(5)
    with pytest.raises(Superseded):
        transition.allow_turn(sealed, 4)
    with pytest.raises(AlreadyEnded):
        transition.claim(sealed, NOW)


@given(st.lists(st.tuples(st.sampled_from(["claim", *REASONS, "complete"]), st.integers(0, 10_000))))
def test_whatever_happens_in_whatever_order(events: list[tuple[str, int]]) -> None:
    interview: Interview = new_interview()
    for event, seconds in events:
        now = NOW + timedelta(seconds=seconds)
        before = interview
        try:
            if event == "claim":
                interview = transition.claim(interview, now)
            elif event == "complete":
                interview = transition.complete(interview, SUMMARY)
            else:
                reason = next(reason for reason in REASONS if reason == event)
                interview = transition.end(interview, reason, now)
        except Conflict:
            assert interview is before
        assert interview.live.epoch - before.live.epoch == (event == "claim" and not before.over)
        assert (interview.summary is not None) == (interview.status == "completed")
        assert (interview.ended_at is None) == (interview.status in ("ready", "live"))
        assert (interview.duration_seconds is None) == (interview.ended_at is None)
        if before.over:
            assert (interview.ended_at, interview.ended_reason) == (before.ended_at, before.ended_reason)
        if before.started_at is not None:
            assert interview.started_at == before.started_at
