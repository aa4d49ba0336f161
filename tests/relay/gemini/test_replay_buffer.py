from hypothesis import given
from hypothesis import strategies as st

from relay.gemini.replay_buffer import LONGEST, SOFT, TAIL, ReplayBuffer
from relay.speech.level import LOUD, is_loud
from tests.relay.conftest import SILENCE


def sound(number: int, samples: int = 640) -> bytes:
    """A loud frame that can be told from the others."""
    return (1000 + number).to_bytes(2, "little", signed=True) * samples


def record(tape: ReplayBuffer, *frames: bytes) -> None:
    for pcm in frames:
        tape.record(pcm, loud=is_loud(pcm))


def test_what_was_not_heard_is_played_again_in_order() -> None:
    tape = ReplayBuffer()
    record(tape, sound(0), SILENCE, sound(1))
    assert tape.unacknowledged() == [sound(0), SILENCE, sound(1)]
    assert tape.unacknowledged() == [sound(0), SILENCE, sound(1)], "until something of it has been heard"


def test_silence_alone_is_not_played_again() -> None:
    tape = ReplayBuffer()
    record(tape, *[SILENCE] * 100)
    assert tape.unacknowledged() == []


def test_of_a_long_silence_both_ends_are_kept() -> None:
    tape = ReplayBuffer()
    record(tape, sound(0), *[SILENCE] * 500, sound(1))
    frames = tape.unacknowledged()
    assert (frames[0], frames[-1]) == (sound(0), sound(1))
    assert frames[1:-1] == [SILENCE] * 2 * SOFT


def test_a_word_begins_softly() -> None:
    tape = ReplayBuffer()
    record(tape, *[SILENCE] * 500, sound(0))
    assert tape.unacknowledged() == [*[SILENCE] * SOFT, sound(0)]


def test_the_oldest_goes_when_it_is_full() -> None:
    tape = ReplayBuffer(longest=3 * len(SILENCE))
    record(tape, *map(sound, range(5)))
    assert tape.unacknowledged() == [sound(2), sound(3), sound(4)]


@given(st.lists(st.integers(0, 16 * 1024), max_size=60))
def test_it_is_never_longer_than_it_may_be(samples: list[int]) -> None:
    """Whoever sends tiny frames first and large ones after them gains nothing by it."""
    longest = 64 * 1024
    tape = ReplayBuffer(longest)
    for count in (*[1] * 200, *samples):
        record(tape, sound(0, count))
        assert sum(map(len, tape.unacknowledged())) <= longest


def test_frames_without_a_sample_take_no_place() -> None:
    tape = ReplayBuffer(longest=8)
    for number in range(4):
        record(tape, sound(number, 1), *[b""] * 10)
    assert tape.unacknowledged() == [sound(number, 1) for number in range(4)]


def test_what_was_heard_is_forgotten_but_for_the_last_moment() -> None:
    tape = ReplayBuffer()
    frames = [sound(number) for number in range(100)]
    record(tape, *frames)
    tape.acknowledge()
    kept = tape.unacknowledged()
    assert kept == frames[-len(kept) :]
    assert TAIL <= sum(map(len, kept)) < TAIL + len(SILENCE)
    tape.acknowledge(0)
    assert tape.unacknowledged() == []


def test_it_holds_a_quarter_of_a_minute() -> None:
    assert LONGEST == 15 * 2 * 16_000


def test_loud_is_what_is_louder_than_a_room() -> None:
    def frame(amplitude: int) -> bytes:
        return amplitude.to_bytes(2, "little", signed=True) * 640

    assert not is_loud(frame(LOUD))
    assert is_loud(frame(LOUD + 1))
    assert is_loud(frame(-LOUD - 1))
    assert not is_loud(b"")
