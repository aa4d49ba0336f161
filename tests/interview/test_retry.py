import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tenacity import retry_if_exception_type, retry_if_result

from interview.retry import Backoff, Policy

QUICK = Backoff(first=0.001, longest=0.002)
ON_ERROR = retry_if_exception_type(ConnectionError)


@given(st.integers(1, 100_000))
def test_a_pause_doubles_up_to_the_longest_and_at_most_half_of_it_is_random(failures: int) -> None:
    pause = Backoff(first=0.5, longest=4).pause(failures)
    upper = min(4, 0.5 * 2 ** min(failures - 1, 10))
    assert upper / 2 <= pause <= upper


def test_pauses_differ() -> None:
    assert len({Backoff(first=1, longest=1).pause(1) for _ in range(100)}) > 50


async def test_a_call_is_repeated_until_it_succeeds() -> None:
    attempts = itertools.count(1)

    async def work() -> int:
        attempt = next(attempts)
        if attempt < 3:
            raise ConnectionError
        return attempt

    assert await Policy(3, 5, QUICK).run(work, retry=ON_ERROR) == 3


async def test_the_last_error_is_raised_when_no_attempt_is_left() -> None:
    attempts = itertools.count(1)

    async def work() -> None:
        raise ConnectionError(next(attempts))

    with pytest.raises(ConnectionError, match=r"^3$"):
        await Policy(3, 5, QUICK).run(work, retry=ON_ERROR)


async def test_the_last_result_is_returned_when_no_attempt_is_left() -> None:
    attempts = itertools.count(1)

    async def work() -> int:
        return next(attempts)

    assert await Policy(3, 5, QUICK).run(work, retry=retry_if_result(lambda _: True)) == 3


async def test_another_error_is_not_retried() -> None:
    attempts = itertools.count(1)

    async def work() -> None:
        raise ValueError(next(attempts))

    with pytest.raises(ValueError, match=r"^1$"):
        await Policy(3, 5, QUICK).run(work, retry=ON_ERROR)


async def test_an_attempt_that_hangs_ends_with_the_time_for_all_of_them() -> None:
    with pytest.raises(TimeoutError):
        await Policy(3, 0.05, QUICK).run(asyncio.Event().wait, retry=ON_ERROR)


async def test_no_attempt_begins_after_a_pause_that_is_longer_than_the_time_left() -> None:

    async def work() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await Policy(3, 60, Backoff(first=1000, longest=1000)).run(work, retry=ON_ERROR)


def test_a_blocking_call_is_repeated_and_its_last_error_raised() -> None:
    attempts = itertools.count(1)

    def work() -> int:
        attempt = next(attempts)
        if attempt < 3:
            raise ConnectionError(attempt)
        return attempt

    assert Policy(3, 5, QUICK).run_blocking(work, retry=ON_ERROR) == 3
    attempts = itertools.count(1)
    with pytest.raises(ConnectionError, match=r"^2$"):
        Policy(2, 5, QUICK).run_blocking(work, retry=ON_ERROR)
