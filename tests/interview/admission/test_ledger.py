from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.admission import ledger
from interview.errors import AtCapacity, TooManyRequests
from interview.settings import Limits
from interview.system import Admissions, Place
from tests.interview.store.sample import NOW

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
EMPTY = Admissions()
LIMITS = Limits(concurrent=4, daily=6, dollars=10)
MIDNIGHT = NOW.replace(hour=0, minute=0, second=0, microsecond=0) + DAY


def admit(
    before: Admissions,
    name: str,
    at: timedelta = timedelta(),
    client: str = "",
    *,
    limits: Limits = LIMITS,
    invited: bool = False,
) -> Admissions:
    """Each interview is started from another network, unless `client` is given."""
    since = NOW + at
    return ledger.admit(before, name, client or name, since, since + ledger.UNBEGUN, limits=limits, invited=invited)


def extend(before: Admissions, name: str, at: timedelta = timedelta(), *, limits: Limits = LIMITS) -> Admissions:
    return ledger.extend(before, name, NOW + at + 25 * MINUTE, NOW + at, limits=limits)


def begun(*names: str, limits: Limits = LIMITS) -> Admissions:
    books = EMPTY
    for name in names:
        books = extend(admit(books, name, limits=limits), name, limits=limits)
    return books


def test_a_place_is_held_for_three_minutes() -> None:
    taken = admit(EMPTY, "a")
    assert taken.places == {"a": Place("a", NOW, NOW + 3 * MINUTE)}
    assert taken.today == 0, "nobody has come yet"
    assert admit(taken, "a") is taken, "the same again, after an answer was lost"
    assert set(admit(taken, "b", 3 * MINUTE).places) == {"b"}


def test_the_candidates_hello_counts_the_interview_once() -> None:
    joined = extend(admit(EMPTY, "a"), "a", MINUTE)
    assert joined.places == {"a": Place("a", NOW, NOW + 26 * MINUTE, begun=True)}
    assert joined.today == 1
    assert extend(joined, "a", MINUTE) is joined
    again = extend(joined, "a", 5 * MINUTE)
    assert (again.today, again.places["a"].until) == (1, NOW + 30 * MINUTE)


def test_the_limit_on_concurrent_interviews_holds() -> None:
    full = begun("a", "b", "c", "d")
    with pytest.raises(AtCapacity) as refused:
        admit(full, "e", MINUTE)
    assert refused.value.retry_after == 24 * 60
    assert refused.value.detail == "All interviewers are busy. Try again in about 24 minutes."
    assert set(admit(ledger.release(full, "a"), "e").places) == {"b", "c", "d", "e"}


def test_the_daily_limit_holds_until_midnight_utc() -> None:
    books = EMPTY
    for name in "abcdef":
        books = ledger.release(extend(admit(books, name), name), name)
    with pytest.raises(AtCapacity) as refused:
        admit(books, "g")
    assert refused.value.retry_after == -((NOW - MIDNIGHT) // timedelta(seconds=1))
    assert refused.value.detail.startswith("Today's interviews are used up. Come back after 00:00 UTC (in ")
    tomorrow = ledger.admit(books, "g", "g", MIDNIGHT, MIDNIGHT + MINUTE, limits=LIMITS, invited=False)
    assert (tomorrow.day, tomorrow.today) == (MIDNIGHT.date().isoformat(), 0)


def test_a_place_that_nobody_has_joined_counts_for_the_day_while_it_is_held() -> None:
    limits = replace(LIMITS, daily=2)
    books = admit(begun("a", limits=limits), "b", limits=limits)
    with pytest.raises(AtCapacity) as refused:
        admit(books, "c", MINUTE, limits=limits)
    assert refused.value.retry_after == 120
    assert "c" in admit(books, "c", 3 * MINUTE, limits=limits).places
    assert "c" in admit(ledger.release(books, "b"), "c", limits=limits).places


def test_starts_that_nobody_joins_never_use_the_day_up() -> None:
    books = EMPTY
    for number in range(100):
        books = ledger.release(admit(books, str(number)), str(number))
    assert (books.today, books.places, books.accounts) == (0, {}, {})


def test_money_stops_new_interviews_and_no_live_one() -> None:
    books = ledger.charge(begun("a"), "a", 10.0, NOW)
    with pytest.raises(AtCapacity) as refused:
        admit(books, "b")
    assert "used up" in refused.value.detail
    assert extend(books, "a", MINUTE).places["a"].until == NOW + 26 * MINUTE
    assert "b" in admit(books, "b", limits=replace(LIMITS, dollars=0)).places
    assert "b" in admit(books, "b", DAY).places


def test_dollars_are_the_sum_so_far_and_added_once() -> None:
    books = begun("a")
    for dollars in (0.5, 0.5, 1.25, 0.75):
        books = ledger.charge(books, "a", dollars, NOW)
    assert books.dollars == 1.25
    after = ledger.charge(ledger.release(books, "a"), "a", 1.5, NOW + 5 * MINUTE)
    assert after.dollars == 1.5, "the summary comes after the end"
    tomorrow = ledger.charge(after, "a", 1.75, MIDNIGHT)
    assert (tomorrow.day, tomorrow.dollars) == (MIDNIGHT.date().isoformat(), 0.25)
    assert ledger.charge(tomorrow, "b", 0.5, NOW + 3 * DAY).accounts.keys() == {"b"}


def test_a_candidate_who_comes_late_gets_a_free_place() -> None:
    late = extend(admit(EMPTY, "a"), "a", 10 * MINUTE)
    assert (late.today, late.places["a"].begun) == (1, True)
    books = ledger.release(begun("b", "c", "d", "e"), "b")
    full = extend(admit(books, "f"), "f")
    with pytest.raises(AtCapacity):
        extend(full, "a", MINUTE)


def test_an_interview_that_has_begun_goes_on_when_the_day_is_used_up() -> None:
    limits = replace(LIMITS, daily=1)
    abandoned = ledger.release(begun("a", limits=limits), "a")
    assert extend(abandoned, "a", MINUTE, limits=limits).today == 1
    with pytest.raises(AtCapacity):
        extend(abandoned, "b", MINUTE, limits=limits)


def test_one_network_holds_at_most_half_of_the_places_that_nobody_has_joined() -> None:
    limits = Limits(concurrent=30)
    books = EMPTY
    for number in range(15):
        books = admit(books, str(number), number * timedelta(seconds=1), "x", limits=limits)
    with pytest.raises(TooManyRequests) as refused:
        admit(books, "c", 2 * MINUTE, "x", limits=limits)
    assert refused.value.retry_after == 60
    assert "c" in admit(books, "c", client="y", limits=limits).places
    assert "c" in admit(books, "c", client="x", limits=limits, invited=True).places
    joined = extend(extend(books, "0", limits=limits), "1", limits=limits)
    assert "c" in admit(joined, "c", client="x", limits=limits).places, "it has joined two"


def test_a_small_deployment_has_no_share_for_each_network() -> None:
    books = EMPTY
    for name in "abcd":
        books = admit(books, name, client="x")
    with pytest.raises(AtCapacity):
        admit(books, "e", client="x")


def test_a_fifth_is_kept_for_those_with_an_invite() -> None:
    limits = replace(LIMITS, concurrent=5, daily=10, invite_code="friend")
    books = begun("a", "b", "c", "d", limits=limits)
    with pytest.raises(AtCapacity):
        admit(books, "e", limits=limits)
    invited = admit(books, "e", limits=limits, invited=True)
    assert invited.places["e"].invited
    with pytest.raises(AtCapacity):
        admit(invited, "f", limits=limits, invited=True)
    assert "f" in admit(ledger.release(invited, "a"), "f", limits=limits).places, "the reserve is in use already"


def test_a_fifth_of_the_day_is_kept_for_those_with_an_invite() -> None:
    limits = replace(LIMITS, daily=5, invite_code="friend")
    books = EMPTY
    for name in "abcd":
        books = ledger.release(extend(admit(books, name, limits=limits), name, limits=limits), name)
    with pytest.raises(AtCapacity):
        admit(books, "e", limits=limits)
    joined = extend(admit(books, "e", limits=limits, invited=True), "e", limits=limits)
    assert (joined.today, joined.invited) == (5, 1)
    with pytest.raises(AtCapacity):
        admit(joined, "f", limits=limits, invited=True)


def test_a_clock_that_is_behind_does_not_reset_the_day() -> None:
    books = replace(begun("a"), day=MIDNIGHT.date().isoformat())
    assert admit(books, "b").today == 1


def test_releasing_nothing_changes_nothing() -> None:
    books = admit(EMPTY, "a")
    assert ledger.release(books, "b") is books
    assert ledger.forget(books, "b") is books


def test_a_deleted_interview_leaves_its_dollars_and_not_its_name() -> None:
    books = extend(admit(Admissions(), "a"), "a")
    books = ledger.charge(ledger.charge(books, "a", 1.5, NOW), "a/cv", 0.06, NOW)
    forgotten = ledger.forget(ledger.charge(books, "b", 1.0, NOW), "a")
    assert (set(forgotten.places), set(forgotten.accounts)) == (set(), {"b"})
    assert forgotten.today == 1
    assert forgotten.dollars == pytest.approx(2.56)
    assert ledger.charge(books, "a", 0.0, NOW) is books


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["admit", "extend", "release"]), st.integers(0, 2000))
    ),
    st.integers(0, 4),
    st.integers(0, 5),
    st.booleans(),
)
def test_the_limits_hold_in_any_order_of_events(
    events: list[tuple[str, str, int]], concurrent: int, daily: int, reserve: bool
) -> None:
    limits = Limits(concurrent, daily, invite_code="friend" if reserve else None)
    books = EMPTY
    for name, event, minutes in sorted(events, key=lambda event: event[2]):
        at = minutes * MINUTE
        before = books
        try:
            match event:
                case "admit":
                    books = admit(books, name, at, limits=limits, invited=name < "c")
                case "extend":
                    books = extend(books, name, at, limits=limits)
                case _:
                    books = ledger.release(books, name)
        except (AtCapacity, TooManyRequests):
            continue
        held = [place for place in books.places.values() if place.until > NOW + at]
        assert len(held) <= concurrent
        assert books.today <= daily or books.today == before.today
