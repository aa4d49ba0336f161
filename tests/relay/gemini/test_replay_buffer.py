"""The replay buffer: what Gemini has not acknowledged, in order, bounded. Frames are 40 ms; times are in seconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.gemini.replay_buffer import LONGEST, SOFT, ReplayBuffer
from tests.relay.conftest import SILENCE

FRAME = 0.04


def sound(number: int, samples: int = 640) -> bytes:
    """A frame that can be told from the others."""
    return (1000 + number).to_bytes(2, "little", signed=True) * samples


class Recorder:
    """Records frame after frame, each 40 ms after the one before."""

    def __init__(self, longest: int = LONGEST) -> None:
        self.buffer = ReplayBuffer(longest)
        self.now = 0.0

    def speech(self, *frames: bytes) -> None:
        for pcm in frames:
            self.now += FRAME
            self.buffer.record(pcm, self.now, loud=True)

    def quiet(self, count: int, pcm: bytes = SILENCE) -> None:
        for _ in range(count):
            self.now += FRAME
            self.buffer.record(pcm, self.now, loud=False)

    @property
    def again(self) -> list[bytes]:
        return self.buffer.unacknowledged()[0]


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def test_what_is_not_acknowledged_is_sent_again_in_order(recorder: Recorder) -> None:
    recorder.speech(sound(0))
    recorder.quiet(1)
    recorder.speech(sound(1))
    assert recorder.again == [sound(0), SILENCE, sound(1)]
    assert recorder.again == [sound(0), SILENCE, sound(1)], "until it is acknowledged"


def test_how_much_of_it_is_speech(recorder: Recorder) -> None:
    recorder.speech(*map(sound, range(25)))
    recorder.quiet(25)
    recorder.speech(*map(sound, range(25)))
    assert recorder.buffer.unacknowledged()[1] == pytest.approx(2.0)


def test_silence_alone_is_not_sent_again(recorder: Recorder) -> None:
    recorder.quiet(100)
    assert recorder.buffer.unacknowledged() == ([], 0.0)


def test_of_a_long_silence_both_ends_are_kept(recorder: Recorder) -> None:
    recorder.speech(sound(0))
    recorder.quiet(500)
    recorder.speech(sound(1))
    assert recorder.again == [sound(0), *[SILENCE] * 2 * SOFT, sound(1)]


def test_the_ends_of_a_long_silence_are_the_frames_next_to_the_speech(recorder: Recorder) -> None:
    recorder.speech(sound(0))
    for number in range(100, 200):
        recorder.quiet(1, sound(number))
    recorder.speech(sound(1))
    ends = [*range(100, 100 + SOFT), *range(200 - SOFT, 200)]
    assert recorder.again[1:-1] == [sound(number) for number in ends]


def test_a_word_begins_softly(recorder: Recorder) -> None:
    recorder.quiet(500)
    recorder.speech(sound(0))
    assert recorder.again == [*[SILENCE] * SOFT, sound(0)]


def test_the_silence_after_speech_is_sent_again_with_it(recorder: Recorder) -> None:
    recorder.speech(sound(0))
    recorder.quiet(10)
    assert recorder.again == [sound(0), *[SILENCE] * 10]


def test_what_is_acknowledged_is_forgotten(recorder: Recorder) -> None:
    recorder.speech(sound(0), sound(1))
    until = recorder.now
    recorder.speech(sound(2), sound(3))
    recorder.buffer.acknowledge(until)
    assert recorder.again == [sound(2), sound(3)]
    assert recorder.buffer.length == 2 * len(SILENCE)


def test_an_older_acknowledgement_takes_nothing_back(recorder: Recorder) -> None:
    recorder.speech(sound(0), sound(1))
    until = recorder.now
    recorder.speech(sound(2))
    recorder.buffer.acknowledge(until, keep_from=0)
    recorder.buffer.acknowledge(until - FRAME, keep_from=0)
    assert recorder.again == [sound(2)]


def test_what_has_no_words_yet_is_kept_and_not_sent_again(recorder: Recorder) -> None:
    recorder.speech(*map(sound, range(4)))
    recorder.buffer.acknowledge(recorder.now, keep_from=2 * FRAME)
    assert recorder.buffer.unacknowledged() == ([], 0.0)
    assert recorder.buffer.clip(0, recorder.now) == sound(2) + sound(3)
    recorder.buffer.acknowledge(recorder.now)
    assert recorder.buffer.length == 0


def test_a_clip_is_the_sound_between_two_times_with_its_soft_end(recorder: Recorder) -> None:
    recorder.speech(*map(sound, range(100)))
    began = 50 * FRAME
    clip = recorder.buffer.clip(began, began + FRAME)
    numbers = [int.from_bytes(clip[at : at + 2], "little") - 1000 for at in range(0, len(clip), len(SILENCE))]
    assert numbers[0] in (49, 50)
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len(numbers) == pytest.approx(2 + SOFT, abs=1)


def test_the_oldest_goes_when_it_is_full() -> None:
    recorder = Recorder(longest=3 * len(SILENCE))
    recorder.speech(*map(sound, range(5)))
    assert recorder.again == [sound(2), sound(3), sound(4)]


@given(st.lists(st.tuples(st.integers(0, 16 * 1024), st.booleans()), max_size=60))
def test_it_is_never_longer_than_it_may_be(frames: list[tuple[int, bool]]) -> None:
    """Tiny frames first and large ones after them gain nothing."""
    longest = 64 * 1024
    buffer = ReplayBuffer(longest)
    for at, (count, loud) in enumerate([*[(1, True)] * 200, *frames]):
        buffer.record(sound(0, count), float(at), loud=loud)
        kept = buffer.clip(float("-inf"), float("inf"))
        assert buffer.length == len(kept) <= longest


def test_frames_without_a_sample_take_no_place() -> None:
    recorder = Recorder(longest=8)
    for number in range(4):
        recorder.speech(sound(number, 1), *[b""] * 10)
    assert recorder.again == [sound(number, 1) for number in range(4)]


def test_it_holds_three_minutes(recorder: Recorder) -> None:
    recorder.speech(*[sound(0)] * (200 * 25))
    assert recorder.buffer.unacknowledged()[1] == pytest.approx(180, abs=0.1)
    assert recorder.buffer.length <= LONGEST
