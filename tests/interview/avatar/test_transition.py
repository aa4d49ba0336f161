from dataclasses import replace
from datetime import timedelta

import pytest

from interview.avatar import transition
from interview.record import Avatar, AvatarStatus, OutputChange
from tests.interview.store.sample import NOW, new_avatar

MINUTE = timedelta(minutes=1)


def test_the_first_conversation() -> None:
    creating = transition.creating(None, "hash", NOW)
    assert creating == Avatar("tavus", "creating", hook_sha256="hash", created_at=NOW)
    opened = transition.opened(creating, "c1")
    assert opened == replace(creating, status="active", conversation_id="c1")
    closed = transition.closed(opened, "candidate", NOW + 2 * MINUTE)
    assert (closed.status, closed.reason, closed.ended_at, closed.seconds) == (
        *("ended", "candidate"),
        NOW + 2 * MINUTE,
        120,
    )
    assert closed.conversation_id == "c1"


def test_another_conversation_keeps_the_earlier_ids() -> None:
    before = transition.closed(new_avatar(), "shutdown", NOW + MINUTE)
    creating = transition.creating(before, "another", NOW + 2 * MINUTE)
    assert (creating.status, creating.conversation_id, creating.ended_at, creating.reason) == ("creating", *[None] * 3)
    assert (creating.hook_sha256, creating.created_at) == ("another", NOW + 2 * MINUTE)
    assert creating.earlier == ("c0", "c1", "c2")
    assert (creating.seconds, creating.changes) == (before.seconds, before.changes)
    closed = transition.closed(transition.opened(creating, "c3"), "candidate", NOW + 3 * MINUTE)
    assert closed.seconds == before.seconds + 60


def test_a_second_end_changes_nothing() -> None:
    closed = transition.closed(new_avatar(), "candidate", NOW + MINUTE)
    assert transition.closed(closed, "shutdown", NOW + 5 * MINUTE) is closed
    assert transition.failed(closed, "avatar_credit", NOW) is closed


def test_a_failed_conversation_cost_nothing() -> None:
    failed = transition.failed(transition.creating(new_avatar(), "hash", NOW), "avatar_credit", NOW + MINUTE)
    assert (failed.status, failed.reason, failed.ended_at, failed.seconds) == (
        *("failed", "avatar_credit"),
        NOW + MINUTE,
        61,
    )
    assert transition.closed(failed, "candidate", NOW + 2 * MINUTE) is failed


def test_a_conversation_that_never_existed_cost_nothing() -> None:
    creating = transition.creating(new_avatar(), "hash", NOW)
    assert transition.closed(creating, "candidate", NOW + MINUTE).seconds == creating.seconds


def test_a_clock_that_went_back_does_not_reduce_the_seconds() -> None:
    assert transition.closed(new_avatar(), "candidate", NOW - MINUTE).seconds == new_avatar().seconds


@pytest.mark.parametrize(
    ("status", "running"), [("creating", True), ("active", True), ("ended", False), ("failed", False)]
)
def test_an_avatar_is_running_while_a_conversation_may_exist(status: AvatarStatus, running: bool) -> None:
    assert new_avatar(status=status).running is running


def test_the_last_changes_are_kept() -> None:
    avatar: Avatar | None = new_avatar(changes=())
    for second in range(100):
        avatar = transition.changed(avatar, OutputChange(NOW + timedelta(seconds=second), "voice", "room"))
    assert avatar is not None
    assert [change.at for change in avatar.changes] == [NOW + timedelta(seconds=second) for second in range(36, 100)]


def test_without_an_avatar_nothing_changes() -> None:
    assert transition.changed(None, OutputChange(NOW, "voice", "room")) is None
