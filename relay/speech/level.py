"""The loudness of audio."""

from typing import Final

LOUD: Final = 500
"""The amplitude (of 32,768) above which a frame counts as sound: above the noise of a quiet room."""


def is_loud(pcm: bytes) -> bool:
    """Whether a frame of PCM16 exceeds the noise of a quiet room. Checks every seventh sample."""
    samples = memoryview(pcm).cast("h")[::7].tolist()
    return bool(samples) and (max(samples) > LOUD or min(samples) < -LOUD)
