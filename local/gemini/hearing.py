"""From microphone frames to whole utterances."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Self

from local.gemini.activity import Detector, Event, Segment
from local.gemini.ear import Ear
from local.gemini.wire import IN_RATE, SAMPLE_BYTES, Detection

_QUEUED_SEGMENTS = 32


@dataclass(frozen=True, slots=True)
class Utterance:
    """Speech up to the silence that ended it: the words, the length in seconds, and when the end was detected (time of
    the event loop).
    """

    text: str
    seconds: float
    ended: float

    def and_then(self, following: Self) -> Self:
        """Both as one utterance."""
        text = f"{self.text} {following.text}".strip()
        return replace(following, text=text, seconds=self.seconds + following.seconds)


class Hearing:
    """One connection's microphone. It works on frames only: when they stop, speech doesn't end (recorded)."""

    def __init__(self, detection: Detection, ear: Ear) -> None:
        self.detector = Detector(detection)
        self._ear = ear
        self._segments: asyncio.Queue[Segment | float] = asyncio.Queue(_QUEUED_SEGMENTS)
        self._untold = False

    @property
    def speaking(self) -> bool:
        """Whether the candidate speaks."""
        return self.detector.speaking

    @property
    def transcribing(self) -> bool:
        """Whether something was said whose words are still to come."""
        return self._untold

    async def take(self, events: list[Event | Segment]) -> bool:
        """Queue the detector's segments and ends; returns whether the candidate has begun to speak."""
        for event in events:
            if isinstance(event, Segment):
                self._untold = True
                await self._segments.put(event)
            elif event is Event.ENDED:
                await self._segments.put(asyncio.get_running_loop().time())
        return Event.STARTED in events

    async def utterances(self) -> AsyncIterator[Utterance]:
        """Every utterance as it ends. If the candidate is speaking again by then, it is part of the next."""
        words: list[str] = []
        seconds = 0.0
        while True:
            segment = await self._segments.get()
            if isinstance(segment, Segment):
                seconds += len(segment.pcm) / SAMPLE_BYTES / IN_RATE
                words += (await self._ear.transcribe(segment.pcm)).split()
            elif not self.speaking:
                self._untold = not self._segments.empty()
                yield Utterance(" ".join(words), seconds, segment)
                words, seconds = [], 0.0
