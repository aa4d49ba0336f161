from datetime import timedelta

import pytest

from interview.admission import window
from interview.errors import TooManyRequests
from interview.system import Salt
from tests.interview.store.sample import NOW

MINUTE = timedelta(minutes=1)


def test_the_window_slides() -> None:
    starts = window.count((), NOW, hourly=2)
    starts = window.count(starts, NOW + 10 * MINUTE, hourly=2)
    with pytest.raises(TooManyRequests) as refused:
        window.count(starts, NOW + 59 * MINUTE, hourly=2)
    assert refused.value.retry_after == 60
    assert "Try again in 1 minute." in refused.value.detail
    assert window.count(starts, NOW + 60 * MINUTE, hourly=2) == (NOW + 10 * MINUTE, NOW + 60 * MINUTE)


def test_the_same_start_is_counted_once() -> None:
    starts = window.count((), NOW, hourly=1)
    assert window.count(starts, NOW, hourly=1) == starts


def test_a_lower_limit_waits_for_the_right_start() -> None:
    starts = tuple(NOW + number * MINUTE for number in range(5))
    with pytest.raises(TooManyRequests) as refused:
        window.count(starts, NOW + 10 * MINUTE, hourly=2)
    assert refused.value.retry_after == 53 * 60


def test_a_pseudonym_does_not_tell_the_address_and_changes_every_day() -> None:
    today = window.salt_of(None, NOW)
    assert window.salt_of(today, NOW) is today
    assert window.salt_of(today, NOW - timedelta(days=1)) is today, "a clock that is behind"
    tomorrow = window.salt_of(today, NOW + timedelta(days=1))
    assert tomorrow.day > today.day
    names = {window.pseudonym(client, salt) for client in ("192.0.2.1", "192.0.2.2") for salt in (today, tomorrow)}
    assert len(names) == 4
    assert window.pseudonym("192.0.2.1", Salt("d", "s")) == window.pseudonym("192.0.2.1", Salt("d", "s"))
    assert {len(name) for name in names} == {32}
