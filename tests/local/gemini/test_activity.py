"""Where speech begins, pauses and ends."""

import numpy as np
import pytest

from local.gemini.activity import Detector, Event, Segment
from local.gemini.wire import Detection
from tests.local.gemini.conftest import RATE, noise, silence

LOW = Detection(eager_start=False, silence_ms=900)


def events(detector: Detector, pcm: bytes, chunk: int = 1280) -> list[Event | Segment]:
    return [event for at in range(0, len(pcm), chunk) for event in detector.feed(pcm[at : at + chunk])]


def seconds(segment: Event | Segment) -> float:
    assert isinstance(segment, Segment)
    return len(segment.pcm) / 2 / RATE


def test_an_utterance_with_the_padding_before_it() -> None:
    found = events(Detector(LOW), silence(1) + noise(2) + silence(2))
    assert [type(one) for one in found] == [Event, Segment, Event]
    assert (found[0], found[2]) == (Event.STARTED, Event.ENDED)
    assert 2.2 < seconds(found[1]) < 2.9


@pytest.mark.parametrize("silence_ms", [500, 900, 1200])
def test_the_silence_that_ends_a_turn_is_the_clients_choice(silence_ms: int) -> None:
    detector = Detector(Detection(silence_ms=silence_ms))
    assert Event.ENDED not in events(detector, noise(1) + silence((silence_ms - 60) / 1000))
    assert Event.ENDED in events(detector, silence(0.1))


def test_low_start_sensitivity_ignores_a_short_sound() -> None:
    cough = silence(0.5) + noise(0.16) + silence(0.5)
    assert events(Detector(Detection(eager_start=True)), cough) != []
    assert events(Detector(LOW), cough) == []


def test_a_pause_yields_a_segment_without_ending_the_turn() -> None:
    found = events(Detector(LOW), noise(1) + silence(0.7) + noise(1) + silence(0.7))
    assert [type(one) for one in found] == [Event, Segment, Segment]


def test_a_monologue_is_cut_into_segments() -> None:
    breathless = events(Detector(LOW), (noise(4) + silence(0.1)) * 8)
    assert all(13 < seconds(one) < 15 for one in breathless[1:])
    assert len(breathless) == 3
    breathing = events(Detector(LOW), (noise(4) + silence(0.3)) * 8)
    assert all(8 < seconds(one) < 9 for one in breathing[1:])


def test_a_steady_hum_becomes_background() -> None:
    detector = Detector(LOW)
    events(detector, noise(15))
    assert events(detector, noise(3)) == []
    loud = (np.frombuffer(noise(1), "<i2").astype(np.int32) * 4).clip(-32768, 32767).astype("<i2").tobytes()
    assert Event.STARTED in events(detector, loud)


def test_the_size_of_frames_makes_no_difference() -> None:
    pcm = silence(0.5) + noise(1.5) + silence(1.5)
    assert len({tuple(events(Detector(LOW), pcm, chunk)) for chunk in (640, 1280, 3200, 646)}) == 1


def test_with_detection_off_the_client_says_where_speech_begins_and_ends() -> None:
    detector = Detector(Detection(disabled=True))
    assert events(detector, noise(2) + silence(2)) == []
    assert detector.begin() == [Event.STARTED]
    assert all(isinstance(one, Segment) for one in events(detector, noise(2) + silence(3)))
    assert detector.end()[-1] is Event.ENDED
    assert detector.end() == []
