"""The ear: speech is found and dated over any room's noise, and nothing else is speech."""

import asyncio
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from local.gemini.voice import NeuralVoice
from relay.talk.ear import LOUDEST_NOISE, QUIETEST, RELEASE, Change, Ear

RATE = 16_000
NOISES = (-60, -54, -48, -42, -36)
"""dBFS: from a quiet room to a loud fan."""
SENTENCE = "I built a message queue with Kafka, and it handled two thousand messages a second."

Sound = NDArray[np.float64]


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE))


def white(seconds: float, decibels: float, seed: int = 1) -> Sound:
    """White noise whose effective value is so many dBFS."""
    return np.random.default_rng(seed).normal(0, 32_768 * 10 ** (decibels / 20), round(seconds * RATE))


def sine(seconds: float, amplitude: float, pitch: float = 220) -> Sound:
    return amplitude * np.sin(2 * np.pi * pitch * np.arange(round(seconds * RATE)) / RATE)


def clicks(seconds: float, every: float) -> Sound:
    """A key that is pressed again and again: 8 ms each."""
    sound = silence(seconds)
    for at in np.arange(0.05, seconds - 0.1, every):
        start = round(at * RATE)
        sound[start : start + 128] = 12_000 * np.hanning(128) * np.sign(np.sin(np.arange(128)))
    return sound


@pytest.fixture(scope="session")
def sentence() -> Sound:
    """A synthesised sentence, at an ordinary loudness, without the silence around it."""
    voice = NeuralVoice()
    try:
        pcm = np.frombuffer(asyncio.run(voice.speak(SENTENCE)), "<i2").astype(float)
    finally:
        voice.close()
    length = round(len(pcm) * RATE / 24_000)
    samples = np.interp(np.arange(length) * 1.5, np.arange(len(pcm)), pcm)
    samples *= 8_000 / np.abs(samples).max()
    loud = np.flatnonzero(np.abs(samples) > 800)
    return np.asarray(samples[loud[0] : loud[-1]])


def mix(*parts: Sound, decibels: float | None = None) -> Sound:
    """Parts one after the other, over a noise."""
    sound = np.concatenate(parts)
    return sound if decibels is None else sound + white(len(sound) / RATE + 1, decibels)[: len(sound)]


@dataclass
class Listener:
    """Feeds an ear frame by frame."""

    frame: float = 0.04
    speed: float = 1.0
    ear: Ear = field(default_factory=Ear)
    now: float = 0.0
    began: list[tuple[float, float]] = field(default_factory=list)
    """When each stretch was found, and from when on it is dated."""
    ended: list[tuple[float, float, float]] = field(default_factory=list)
    """When each end was found, when it was, and how many seconds the stretch has."""

    def hear(self, sound: Sound) -> "Listener":
        pcm = np.clip(sound, -32_768, 32_767).astype("<i2").tobytes()
        size = 2 * round(self.frame * RATE)
        for at in range(0, len(pcm), size):
            frame = pcm[at : at + size]
            self.now += len(frame) / (2 * RATE) / self.speed
            change = self.ear.hear(frame, self.now)
            if change is Change.BEGAN:
                self.began.append((self.now, self.ear.began_at))
            elif change is Change.ENDED:
                self.ended.append((self.now, self.ear.ended_at, self.ear.seconds))
        return self


@pytest.mark.parametrize("frame", [0.02, 0.04, 0.1])
@pytest.mark.parametrize("decibels", NOISES)
def test_noise_is_not_speech(decibels: float, frame: float) -> None:
    assert Listener(frame).hear(white(60, decibels)).began == []


@pytest.mark.parametrize("frame", [0.02, 0.04, 0.1])
@pytest.mark.parametrize("decibels", [None, *NOISES])
def test_speech_over_noise_is_found_at_once_and_dated(sentence: Sound, decibels: float | None, frame: float) -> None:
    listener = Listener(frame).hear(mix(silence(4), sentence, silence(3), decibels=decibels))
    found, began = listener.began[0]
    assert found - 4 <= 0.25 + (frame if frame > 0.04 else 0)
    assert began == pytest.approx(4, abs=0.1)
    end = 4 + len(sentence) / RATE
    noticed, ended, _ = listener.ended[-1]
    assert ended == pytest.approx(end, abs=0.25), "the last syllable may drown in the noise"
    assert noticed - ended == pytest.approx(RELEASE, abs=2 * frame)


def test_a_sentence_is_one_stretch_of_its_length(sentence: Sound) -> None:
    listener = Listener().hear(mix(silence(1), sentence, silence(1)))
    assert len(listener.began) == len(listener.ended) == 1
    assert listener.ended[0][2] == pytest.approx(len(sentence) / RATE, abs=0.15)


def test_speech_is_found_while_the_noise_is_still_being_learned(sentence: Sound) -> None:
    listener = Listener().hear(mix(silence(0.1), sentence, silence(1), decibels=-48))
    assert listener.began[0][1] == pytest.approx(0.1, abs=0.15)


def test_a_minute_of_speech_does_not_become_the_noise(sentence: Sound) -> None:
    rounds = round(60 / (len(sentence) / RATE))
    listener = Listener().hear(mix(silence(3), *[sentence, silence(0.2)] * rounds, silence(2), decibels=-48))
    total = sum(seconds for *_, seconds in listener.ended)
    assert total >= 0.9 * rounds * len(sentence) / RATE


def test_two_stretches_are_two(sentence: Sound) -> None:
    listener = Listener().hear(mix(silence(1), sentence, silence(1.5), sentence, silence(1)))
    assert len(listener.began) == len(listener.ended) == 2
    gap = listener.began[1][1] - listener.ended[0][1]
    assert gap == pytest.approx(1.5, abs=0.2)


@pytest.mark.parametrize("pause", [0.1, 0.3])
def test_a_short_pause_does_not_end_speech(pause: float) -> None:
    listener = Listener().hear(mix(silence(1), sine(1, 6000), silence(pause), sine(1, 6000), silence(1)))
    assert len(listener.began) == 1
    assert listener.ended[0][2] == pytest.approx(2 + pause, abs=0.05)


def test_a_gap_within_the_first_word_belongs_to_it() -> None:
    listener = Listener().hear(mix(silence(2), sine(0.08, 6000), silence(0.04), sine(1, 6000)))
    assert listener.began[0][1] == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize("frame", [0.02, 0.04])
@pytest.mark.parametrize("decibels", [None, -48])
def test_key_clicks_are_not_speech(decibels: float | None, frame: float) -> None:
    assert Listener(frame).hear(mix(silence(2), clicks(20, 0.17), decibels=decibels)).began == []


@pytest.mark.parametrize(("seconds", "stretches"), [(0.12, 0), (0.24, 1)])
def test_a_tap_is_not_speech_and_a_short_yes_is(seconds: float, stretches: int) -> None:
    listener = Listener().hear(mix(silence(2), sine(seconds, 6000), silence(1)))
    assert len(listener.began) == stretches


def test_taps_far_apart_do_not_add_up() -> None:
    parts = [part for _ in range(20) for part in (sine(0.12, 6000), silence(0.12))]
    assert Listener().hear(mix(silence(2), *parts)).began == []


def test_digital_silence_is_not_speech() -> None:
    listener = Listener().hear(silence(60))
    assert listener.began == []
    assert listener.ear.threshold == QUIETEST


def test_a_tone_is_found() -> None:
    listener = Listener().hear(mix(silence(2), sine(1, 6000), silence(1)))
    assert listener.began[0][1] == pytest.approx(2, abs=0.05)
    _, ended, seconds = listener.ended[0]
    assert ended == pytest.approx(3, abs=0.05)
    assert seconds == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(("amplitude", "stretches"), [(QUIETEST / 2 - 20, 0), (QUIETEST / 2 + 20, 1)])
def test_below_a_limit_nothing_is_speech_however_quiet_the_room(amplitude: float, stretches: int) -> None:
    assert len(Listener().hear(mix(silence(4), sine(1, amplitude), silence(1))).began) == stretches


def test_a_soft_voice_in_a_quiet_room_is_speech() -> None:
    assert len(Listener().hear(mix(silence(4), sine(1, 500), silence(1), decibels=-60)).began) == 1


def test_no_noise_is_so_loud_that_speech_is_missed(sentence: Sound) -> None:
    """A rattling machine: the threshold stays where a voice near the microphone exceeds it."""
    listener = Listener().hear(white(20, -20))
    assert listener.ear.threshold <= 2.2 * LOUDEST_NOISE
    assert Listener(ear=listener.ear, now=listener.now).hear(4 * sentence).ear.speaking


def test_a_fan_that_is_switched_on_is_speech_for_a_few_seconds_only() -> None:
    listener = Listener().hear(white(10, -60)).hear(white(30, -40))
    assert len(listener.began) <= 1
    assert not listener.ear.speaking
    assert all(ended - began < 4 for (_, began), (_, ended, _) in zip(listener.began, listener.ended, strict=True))


def test_silence_in_the_microphones_place_says_nothing_of_the_room() -> None:
    listener = Listener().hear(white(10, -40))
    for _ in range(250):
        listener.ear.hear(bytes(1280), listener.now, learn=False)
    assert listener.hear(white(10, -40, seed=2)).began == []


def test_silence_in_the_microphones_place_ends_speech() -> None:
    listener = Listener().hear(mix(silence(1), sine(1, 6000)))
    changes = [listener.ear.hear(bytes(1280), listener.now, learn=False) for _ in range(20)]
    assert Change.ENDED in changes


def test_faster_than_real_time_lengths_are_those_of_the_sound(sentence: Sound) -> None:
    listener = Listener(speed=20).hear(mix(silence(4), sentence, silence(2), decibels=-48))
    assert len(listener.began) == len(listener.ended) == 1
    _, ended, seconds = listener.ended[0]
    assert seconds == pytest.approx(len(sentence) / RATE, abs=0.25)
    assert ended == pytest.approx((4 + len(sentence) / RATE) / 20, abs=0.02)


def test_a_frame_without_samples_changes_nothing() -> None:
    assert Ear().hear(b"", 1.0) is None


def test_the_loudest_samples_there_are() -> None:
    ear = Ear()
    frame = np.where(np.arange(640) % 2, 32_767, -32_768).astype("<i2").tobytes()
    assert [ear.hear(frame, 0.04 * count) for count in range(1, 5)][-1] is Change.BEGAN
