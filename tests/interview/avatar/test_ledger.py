from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.avatar import ledger
from interview.errors import AvatarRefused
from interview.system import Lease, Ledger
from tests.interview.store.sample import NOW

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
EMPTY = Ledger("d")


def lease(
    before: Ledger, name: str, since: datetime = NOW, *, concurrent: int = 2, daily: int = 3, another: bool = False
) -> Ledger:
    until = since + 30 * MINUTE
    return ledger.lease(before, name, since, until, concurrent=concurrent, daily=daily, another=another)


def test_a_lease_is_counted() -> None:
    taken = lease(EMPTY, "a")
    assert taken.leases == {"a": Lease(NOW, NOW + 30 * MINUTE)}
    assert (taken.day, taken.today) == (NOW.date().isoformat(), 1)
    assert lease(taken, "a") is taken, "the same again, after an answer was lost"


def test_the_limit_on_concurrent_avatars_holds() -> None:
    full = lease(lease(EMPTY, "a"), "b")
    with pytest.raises(AvatarRefused) as refused:
        lease(full, "c")
    assert refused.value.code == "avatar_capacity"
    assert set(lease(ledger.release(full, "a", NOW), "c").leases) == {"b", "c"}


def test_the_daily_limit_holds() -> None:
    books = EMPTY
    for name in "abc":
        books = ledger.release(lease(books, name), name, NOW)
    with pytest.raises(AvatarRefused) as refused:
        lease(books, "d")
    assert refused.value.code == "avatar_capacity"
    tomorrow = lease(books, "d", NOW + DAY)
    assert (tomorrow.day, tomorrow.today) == ((NOW + DAY).date().isoformat(), 1)


def test_another_conversation_replaces_the_lease_and_is_not_counted_again() -> None:
    books = replace(lease(lease(EMPTY, "a"), "b"), today=3)
    again = lease(books, "a", NOW + MINUTE, another=True)
    assert again.today == 3
    assert again.leases["a"].since == NOW + MINUTE
    assert ledger.release(again, "a", NOW) is again, "the end of the one before frees no place"
    with pytest.raises(AvatarRefused):
        lease(ledger.release(again, "a", NOW + MINUTE), "c", NOW + MINUTE)


def test_a_lease_expires() -> None:
    full = lease(lease(EMPTY, "a"), "b")
    assert set(lease(full, "c", NOW + 30 * MINUTE).leases) == {"c"}


def test_a_failed_creation_does_not_count() -> None:
    taken = lease(EMPTY, "a")
    assert replace(ledger.release(taken, "a", NOW, uncount=True), day="") == EMPTY
    assert ledger.release(taken, "a", NOW).today == 1
    assert ledger.release(EMPTY, "a", NOW, uncount=True) is EMPTY
    tomorrow = lease(taken, "b", NOW + DAY)
    assert ledger.release(replace(tomorrow, leases=taken.leases), "a", NOW, uncount=True).today == 1


def test_a_clock_that_is_behind_does_not_reset_the_day() -> None:
    books = replace(EMPTY, day=(NOW + DAY).date().isoformat(), today=3)
    with pytest.raises(AvatarRefused):
        lease(books, "a")
    late = lease(replace(books, today=2), "a")
    assert (late.day, late.today) == (books.day, 3)


def test_several_leases_are_released_in_one_step() -> None:
    books = lease(lease(EMPTY, "a"), "b", NOW + MINUTE)
    assert set(ledger.release_all(books, {"a": NOW, "b": NOW, "c": NOW}).leases) == {"b"}


@given(
    st.lists(st.tuples(st.sampled_from("abcde"), st.booleans(), st.booleans(), st.integers(0, 2000))),
    st.integers(1, 3),
    st.integers(1, 6),
)
def test_the_limits_hold_in_any_order_of_events(
    events: list[tuple[str, bool, bool, int]], concurrent: int, daily: int
) -> None:
    books, since, counted = EMPTY, dict[str, datetime](), dict[str, int]()
    for name, taking, uncount, minutes in sorted(events, key=lambda event: event[3]):
        now = NOW + minutes * MINUTE
        if not taking:
            books = ledger.release(books, name, since.get(name, now), uncount=uncount)
            continue
        try:
            books = lease(books, name, now, concurrent=concurrent, daily=daily)
        except AvatarRefused:
            continue
        since[name] = now
        counted[books.day] = max(counted.get(books.day, 0), books.today)
        assert sum(one.until > now for one in books.leases.values()) <= concurrent
        assert 1 <= books.today <= daily
    assert all(most <= daily for most in counted.values())
