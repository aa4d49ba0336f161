"""When an attempt at a summary is followed by another one."""

from collections.abc import Sequence
from typing import Final

from interview.record import Writing

PAUSES: Final = (10, 30, 60, 120, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800)
"""Seconds after the first failed attempt, the second one and so on: thirteen attempts within 24 hours."""
MOST_BLOCKS: Final = 6
"""Attempts in which the model may decline the content. A block by chance passes at the next one; what is declined six
times in nine minutes is declined the seventh time, too, and each attempt costs as much as a summary.
"""


def next_pause(writing: Writing, code: str, pauses: Sequence[float] = PAUSES) -> float | None:
    """Seconds to wait after an attempt has failed with this code; None: it was the last one.

    `writing` is how far the summary was when that attempt began.
    """
    if code == "model_blocked" and writing.blocks + 1 >= MOST_BLOCKS:
        return None
    return pauses[writing.attempts] if writing.attempts < len(pauses) else None
