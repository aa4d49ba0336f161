"""Voice activity: where speech begins, pauses and ends in a stream of microphone audio."""

from collections import deque
from dataclasses import dataclass, field, replace
from enum import Enum, auto

import numpy as np

from local.gemini.wire import IN_RATE, SAMPLE_BYTES, Detection

FRAME_MS = 20
_FRAME_BYTES = IN_RATE * FRAME_MS // 1000 * SAMPLE_BYTES
# At a pause, what was said so far goes to the ear without ending the turn, so that little is left to transcribe at its
# end. The longer the segment, the shorter a pause is enough.
_CUTS_MS = ((14_000, 0), (6_000, 200), (0, 480))  # length of the segment, pause
_SEGMENT_MIN_MS = 700
_FLOOR_SECONDS = 10
_FRAMES_A_SECOND = 1000 // FRAME_MS


class Event(Enum):
    """The beginning and the end of speech."""

    STARTED = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class Segment:
    """Speech to be transcribed: PCM16 LE mono 16 kHz, a part of one utterance or all of it."""

    pcm: bytes


@dataclass(slots=True)
class Loudness:
    """Tells speech from background by level: RMS against a fixed floor and against the quietest of the last seconds.

    A steady noise (a fan, a hum) becomes background after ten seconds, however loud it is.
    """

    threshold: float
    _minima: deque[float] = field(default_factory=lambda: deque([0.0] * _FLOOR_SECONDS, maxlen=_FLOOR_SECONDS))
    _quietest: float = float("inf")
    _frames: int = 0

    def speech(self, frame: bytes, *, going_on: bool) -> bool:
        """Whether a frame is speech; within speech the bar is lower, so that soft endings are not lost."""
        samples = np.frombuffer(frame, "<i2").astype(np.float32)
        rms = float(np.sqrt(np.mean(samples * samples)))
        self._quietest = min(self._quietest, rms)
        self._frames += 1
        if self._frames == _FRAMES_A_SECOND:
            self._minima.append(self._quietest)
            self._quietest, self._frames = float("inf"), 0
        bar = max(self.threshold, 3 * min(self._minima))
        return rms > (0.6 * bar if going_on else bar)


class Detector:
    """Cuts the stream into events and segments. For silence it computes one RMS per 20 ms and keeps nothing."""

    def __init__(self, detection: Detection) -> None:
        self._detection = detection
        self._loudness = Loudness(180.0 if detection.eager_start else 260.0)
        self._start_ms = 140 if detection.eager_start else 220
        self._rest = b""
        # The padding, and the first moments of speech before it is recognised, are kept for the ear.
        kept = (max(detection.prefix_ms, 200) + self._start_ms) // FRAME_MS + 1
        self._before: deque[bytes] = deque(maxlen=kept)
        self._recent: deque[bool] = deque(maxlen=self._start_ms * 3 // 2 // FRAME_MS)
        self._segment = bytearray()
        self._speech_ms = 0
        self._silent_ms = 0
        self.speaking = False

    def feed(self, pcm: bytes) -> list[Event | Segment]:
        """The events and segments in a stretch of audio, in order. None if detection is off, before an activity."""
        data = self._rest + pcm
        whole = len(data) // _FRAME_BYTES * _FRAME_BYTES
        self._rest = data[whole:]
        found: list[Event | Segment] = []
        for at in range(0, whole, _FRAME_BYTES):
            found += self._frame(data[at : at + _FRAME_BYTES])
        return found

    def hasten(self, silence_ms: int) -> None:
        """End speech after a shorter silence than the client asked for, from now on."""
        self._detection = replace(self._detection, silence_ms=min(silence_ms, self._detection.silence_ms))

    def begin(self) -> list[Event | Segment]:
        """The client says that speech begins; ignored unless automatic detection is off (recorded)."""
        if self.speaking or not self._detection.disabled:
            return []
        self._start()
        return [Event.STARTED]

    def end(self) -> list[Event | Segment]:
        """The client says that speech ends; ignored unless automatic detection is off."""
        return self.finish() if self._detection.disabled else []

    def finish(self) -> list[Event | Segment]:
        """End the speech that is going on, if any."""
        if not self.speaking:
            return []
        self.speaking = False
        return [*self._cut(), Event.ENDED]

    def _start(self) -> None:
        self.speaking = True
        self._segment = bytearray(b"".join(self._before))
        self._before.clear()
        self._recent.clear()
        self._speech_ms, self._silent_ms = self._start_ms, 0

    def _frame(self, frame: bytes) -> list[Event | Segment]:
        loud = self._loudness.speech(frame, going_on=self.speaking)
        if not self.speaking:
            self._before.append(frame)
            self._recent.append(loud)
            if self._detection.disabled or sum(self._recent) * FRAME_MS < self._start_ms:
                return []
            self._start()
            return [Event.STARTED]
        return self._go_on(frame, loud=loud)

    def _go_on(self, frame: bytes, *, loud: bool) -> list[Event | Segment]:
        found: list[Event | Segment] = []
        if self._segment or loud:
            if not self._segment:
                self._segment += b"".join(self._before)
                self._before.clear()
            self._segment += frame
        else:
            self._before.append(frame)
        self._silent_ms = 0 if loud else self._silent_ms + FRAME_MS
        self._speech_ms += FRAME_MS if loud else 0
        length_ms = len(self._segment) // _FRAME_BYTES * FRAME_MS
        pause_ms = next(pause for length, pause in _CUTS_MS if length_ms >= length)
        if self._silent_ms >= pause_ms and self._speech_ms >= _SEGMENT_MIN_MS:
            found += self._cut()
        if not self._detection.disabled and self._silent_ms >= self._detection.silence_ms:
            found += self._cut()
            self.speaking = False
            found.append(Event.ENDED)
        return found

    def _cut(self) -> list[Event | Segment]:
        pcm, self._segment = bytes(self._segment), bytearray()
        self._speech_ms = 0
        return [Segment(pcm)] if pcm else []
