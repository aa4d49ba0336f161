import itertools

import pytest

from interview.record import Writing
from interview.tasks.schedule import MOST_BLOCKS, PAUSES, next_pause


def test_the_pauses_grow_and_end_within_a_day() -> None:
    assert PAUSES == (10, 30, 60, 120, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800)
    assert all(one <= other for one, other in itertools.pairwise(PAUSES))
    assert 20 * 3_600 < sum(PAUSES) < 24 * 3_600


@pytest.mark.parametrize(
    ("attempts", "blocks", "code", "pause"),
    [
        (0, 0, "model_silent", 10),
        (0, 0, "model_blocked", 10),
        (4, 4, "model_blocked", 300),
        (MOST_BLOCKS - 1, MOST_BLOCKS - 1, "model_blocked", None),
        (5, 0, "model_blocked", 900),
        (5, 5, "model_silent", 900),
        (11, 0, "model_key", 28_800),
        (12, 0, "model_key", None),
        (12, 0, "model_blocked", None),
        (40, 0, "internal", None),
    ],
)
def test_the_pause_after_an_attempt(attempts: int, blocks: int, code: str, pause: float | None) -> None:
    assert next_pause(Writing(attempts=attempts, blocks=blocks), code) == pause
