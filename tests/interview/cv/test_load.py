"""Many files at once: each gets its time, and who can't be served is told so."""

import asyncio

import pytest

from interview.cv import Limits, read_cv
from interview.cv.process import READERS
from interview.errors import Unavailable
from tests.interview.cv.test_outcomes import endless, pages


async def test_time_of_a_file_does_not_run_while_it_waits() -> None:
    """A file that takes its whole time holds up the others, and costs none of them any of theirs."""
    data, slow = pages("Ada Lovelace"), endless()
    # Two rounds of slow files take 14 s. That is more than a file has.
    blocked, limits = Limits(seconds=7, cpu_seconds=600, wait_seconds=90), Limits(seconds=13, wait_seconds=90)
    blocking = [asyncio.create_task(read_cv(slow, "cv.pdf", limits=blocked)) for _ in range(2 * READERS)]
    cvs = await asyncio.gather(*[read_cv(data, "cv.pdf", limits=limits) for _ in range(4)])
    await asyncio.gather(*blocking, return_exceptions=True)
    assert {cv.text for cv in cvs} == {"Ada Lovelace"}


async def test_who_waits_too_long_is_told_to_come_back() -> None:
    data = endless()
    limits = Limits(seconds=2, wait_seconds=0.2)
    reading = [read_cv(data, "cv.pdf", limits=limits) for _ in range(READERS + 2)]
    results = await asyncio.gather(*reading, return_exceptions=True)
    busy = [result for result in results if isinstance(result, Unavailable)]
    assert len(busy) == 2
    assert {one.code for one in busy} == {"readers_busy"}
    assert "Please try again" in busy[0].detail


async def test_line_has_an_end() -> None:
    limits = Limits(seconds=3, wait_seconds=60, waiting=0)
    with pytest.raises(Unavailable):
        await read_cv(pages("Ada Lovelace"), "cv.pdf", limits=limits)


async def test_place_is_free_again_after_a_failure() -> None:
    data = endless()
    tasks = [asyncio.create_task(read_cv(data, "cv.pdf")) for _ in range(READERS + 2)]
    await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    cv = await read_cv(pages("Ada Lovelace"), "cv.pdf")
    assert cv.text == "Ada Lovelace"
