import pytest

from contract.limits import (
    ANSWER_BURST,
    CONTROLS_A_SECOND,
    MAX_ANSWER,
    MAX_TYPED,
    MICROPHONE_BURST_SECONDS,
    MICROPHONE_RATE,
    MICROPHONE_SPEED,
    SECONDS_AN_ANSWER,
)
from interview.errors import BadMessage, TooFast
from relay.browser.pacing import CONNECTIONS, CONTROL_BURST, REFUSALS, SHORT_FRAMES, Bucket, Pace

FRAME = 2 * MICROPHONE_RATE // 25
"""Bytes of 40 ms."""
NOW = 1_000.0


def test_a_bucket_has_its_burst_at_once_and_its_rate_after_that() -> None:
    bucket = Bucket(2.0, 3)
    assert [bucket.take(1, NOW) for _ in range(5)] == [True] * 3 + [False] * 2
    assert bucket.take(1, NOW + 0.5)
    assert not bucket.take(1, NOW + 0.5)
    assert [bucket.take(1, NOW + 60) for _ in range(4)] == [True] * 3 + [False]


def test_a_microphone_in_real_time_is_never_refused() -> None:
    pace = Pace()
    assert not any(pace.sound(FRAME, NOW + number * 0.04) for number in range(25 * 60 * 60))


def test_a_microphone_that_was_kept_while_not_connected_passes_at_once() -> None:
    pace = Pace()
    assert not any(pace.sound(FRAME, NOW) for _ in range(round(MICROPHONE_BURST_SECONDS * 25)))


def test_a_microphone_that_is_too_fast_passes_at_the_limit_until_the_page_is_disconnected() -> None:
    pace, passed, lasted = Pace(), 0, 0.0
    try:
        while lasted < 60:
            passed += pace.sound(FRAME, NOW + lasted) is None
            lasted += 0.001
    except TooFast:
        pass
    assert lasted < 60
    assert passed * 0.04 <= MICROPHONE_BURST_SECONDS + MICROPHONE_SPEED * lasted
    assert passed * 0.04 >= MICROPHONE_BURST_SECONDS


def test_short_frames_are_allowed_a_few_times() -> None:
    pace = Pace()
    for _ in range(SHORT_FRAMES):
        assert pace.sound(2, NOW) is None
    with pytest.raises(BadMessage):
        pace.sound(2, NOW)
    assert pace.sound(2, NOW + 1) is None
    assert pace.sound(FRAME // 2, NOW + 1) is None, "20 ms is not too short"


def test_answers_have_a_burst_and_then_two_seconds_each() -> None:
    pace = Pace()
    assert not any(pace.answer(100, NOW) for _ in range(ANSWER_BURST))
    assert "back in the field" in (pace.answer(100, NOW) or "")
    assert pace.answer(100, NOW + SECONDS_AN_ANSWER) is None
    assert pace.typed == (ANSWER_BURST + 1) * 100, "what was refused does not count"


def test_answers_have_a_limit_in_all() -> None:
    pace = Pace()
    for number in range(MAX_TYPED // MAX_ANSWER):
        assert pace.answer(MAX_ANSWER, NOW + 60 * number) is None
    assert "as much as one interview can take" in (pace.answer(1, NOW + 3600) or "")


def test_controls_over_the_pace_bring_a_notice_and_then_the_end() -> None:
    pace = Pace()
    assert not any(pace.control(NOW) for _ in range(CONTROL_BURST))
    assert all(pace.control(NOW) for _ in range(REFUSALS))
    with pytest.raises(TooFast):
        pace.control(NOW)


def test_controls_at_the_pace_are_never_refused() -> None:
    pace = Pace()
    assert not any(pace.control(NOW + number / CONTROLS_A_SECOND) for number in range(10_000))


def test_refusals_are_forgotten_with_time() -> None:
    pace = Pace()
    for minute in range(100):
        for _ in range(ANSWER_BURST + 5):
            pace.answer(1, NOW + 60 * minute)


def test_connections_are_limited() -> None:
    pace = Pace()
    for _ in range(CONNECTIONS):
        pace.connection(NOW)
    with pytest.raises(TooFast):
        pace.connection(NOW)
    pace.connection(NOW + 60)
