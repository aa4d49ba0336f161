from datetime import UTC, datetime, timedelta

import pytest

from relay.talk.clock import FAREWELL, TICK, Clock

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def clock(elapsed: float, limit: float = 1500) -> Clock:
    return Clock(START, limit, lambda: START + timedelta(seconds=elapsed))


def test_time_runs_from_the_first_connection_on() -> None:
    assert clock(100).elapsed == 100
    assert clock(100).remaining == 1400
    assert clock(1600).remaining == 0
    assert clock(-3).elapsed == 0, "clocks of two machines differ"


@pytest.mark.parametrize(("limit", "wrap_up", "goodbye"), [(1500, 1320, 1475), (60, 48, 54), (6, 4.8, 5.4)])
def test_the_interviewer_is_told_in_good_time(limit: float, wrap_up: float, goodbye: float) -> None:
    assert clock(0, limit).wrap_up == pytest.approx(wrap_up)
    assert clock(0, limit).goodbye == pytest.approx(goodbye)


@pytest.mark.parametrize(
    ("elapsed", "mark"), [(0, TICK), (7.5, 8), (8, 16), (1319, 1320), (1473, 1475), (1476, 1480), (1499.5, 1500)]
)
def test_it_wakes_at_each_tick_and_threshold(elapsed: float, mark: float) -> None:
    assert clock(elapsed).next_mark() == pytest.approx(mark - elapsed)


def test_an_interview_that_is_cut_short_has_the_goodbye_now_and_the_time_for_it() -> None:
    short = clock(100).cut_short()
    assert (short.goodbye, short.limit, short.remaining) == (100, 125, 25)
    assert short.next_mark() == pytest.approx(4)
    late = clock(1490).cut_short()
    assert (late.goodbye, late.limit) == (1490, 1500), "the time limit stays"


def test_it_never_spins() -> None:
    assert clock(1319.9999).next_mark() >= 0.01


def test_a_clock_that_is_cut_short_says_goodbye_now_and_ends_soon() -> None:
    cut = clock(100).cut_short()
    assert (cut.goodbye, cut.limit, cut.remaining) == (100, 100 + FAREWELL, FAREWELL)
    late = clock(100, limit=110).cut_short()
    assert (late.goodbye, late.remaining) == (100, 10), "it is never made longer"


def thinking(*, began: float, until: float, allowance: float = 300, thought: float = 0) -> Clock:
    """A clock at `until`, whose candidate thinks since `began`."""
    at = {"now": began}
    stopped = Clock(
        START, 1500, lambda: START + timedelta(seconds=at["now"]), allowance=allowance, thought=thought
    ).think(on=True)
    at["now"] = until
    return stopped


def test_thinking_time_does_not_count() -> None:
    still = thinking(began=100, until=160)
    assert (still.elapsed, still.remaining, still.thinking, still.paused) == (100, 1400, 60, True)
    over = still.think(on=False)
    assert (over.elapsed, over.thinking, over.paused) == (100, 60, False)


def test_thinking_time_counts_once_all_of_the_allowance_is_used() -> None:
    used = thinking(began=100, until=500)
    assert (used.elapsed, used.thinking, used.paused) == (200, 300, False)
    assert thinking(began=700, until=900, thought=200).elapsed == 600, "100 s are left of the allowance"
    assert thinking(began=100, until=200, allowance=0).elapsed == 200


def test_a_clock_that_stands_still_still_wakes() -> None:
    assert thinking(began=100, until=160).next_mark() == pytest.approx(TICK - 100 % TICK)
