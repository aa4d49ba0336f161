"""Speech as the tests of this folder need it (PCM16 mono 24 kHz): three sentences of two seconds, and pauses."""

import math
import struct

SECOND = 48_000
"""Bytes."""


def tone(seconds: float, pitch: int = 220) -> bytes:
    return b"".join(
        struct.pack("<h", int(12_000 * math.sin(2 * math.pi * pitch * n / 24_000)))
        for n in range(round(seconds * 24_000))
    )


PAUSE = bytes(SECOND // 5)
FIRST, SECONDLY, THIRD = tone(2, 220), tone(2, 330), tone(2, 440)
SENTENCES = FIRST + PAUSE + SECONDLY + PAUSE + THIRD
