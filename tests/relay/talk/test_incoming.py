"""What is held back of an utterance, and when it is played. Sound is PCM16 mono 24 kHz."""

import pytest

from relay.talk import directions
from relay.talk.incoming import INAUDIBLE, LEFTOVER, LONGEST, WORDLESS, Incoming
from tests.relay.talk.driver import sound


@pytest.fixture
def incoming() -> Incoming:
    return Incoming()


def verdict(incoming: Incoming, words: str, *, complete: bool = False) -> str:
    incoming.words += words
    return incoming.verdict(complete=complete)


def test_sound_with_words_is_speech_at_once(incoming: Incoming) -> None:
    incoming.hold(sound(0.04))
    assert verdict(incoming, "Hello Ada") == "speech"
    assert incoming.release(7.0) == sound(0.04)
    assert (incoming.playing, incoming.began_at) == (True, 7.0)
    assert incoming.release(8.0) == b"", "once"


def test_words_without_sound_are_waited_for(incoming: Incoming) -> None:
    assert verdict(incoming, "Hello Ada") == "wait"
    assert verdict(incoming, "", complete=True) == "wait"
    assert incoming.empty
    assert not incoming.inaudible


def test_sound_without_words_is_held_for_a_moment_only(incoming: Incoming) -> None:
    incoming.hold(sound(WORDLESS - 0.1))
    assert incoming.verdict(complete=False) == "wait"
    assert incoming.verdict(complete=True) == "speech", "no more of it comes"
    incoming.hold(sound(0.2))
    assert incoming.verdict(complete=False) == "speech"


def test_inaudible_sound_is_no_speech(incoming: Incoming) -> None:
    incoming.hold(sound(5, amplitude=INAUDIBLE))
    assert verdict(incoming, "Hello Ada", complete=True) == "wait"
    assert incoming.inaudible
    incoming.hold(sound(0.04, amplitude=INAUDIBLE + 1))
    assert incoming.verdict(complete=True) == "speech"
    assert not incoming.inaudible


def test_silence_does_not_count_as_sound_without_words(incoming: Incoming) -> None:
    incoming.hold(sound(3, amplitude=2))
    incoming.hold(sound(0.04))
    assert incoming.verdict(complete=False) == "wait"


def test_a_first_chunk_of_two_bytes_is_neither_sound_nor_in_the_way(incoming: Incoming) -> None:
    incoming.hold(bytes(2))
    assert verdict(incoming, "A banana ") == "wait"
    incoming.hold(sound(0.16))
    assert incoming.verdict(complete=False) == "speech"
    assert incoming.release(1) == bytes(2) + sound(0.16)


def test_a_mark_is_not_played(incoming: Incoming) -> None:
    incoming.hold(sound(0.4))
    assert verdict(incoming, "<no ") == "mark"
    assert verdict(incoming, "speech>", complete=True) == "mark"
    assert incoming.release(1) == b""


def test_what_follows_a_direction_read_aloud_is_played_without_it(incoming: Incoming) -> None:
    incoming.hold(sound(1))
    assert verdict(incoming, directions.BEGIN) == "direction"
    incoming.hold(sound(0.5))
    assert verdict(incoming, " Hello Ada, I am Iris.") == "speech"
    assert incoming.words == "Hello Ada, I am Iris."
    assert incoming.release(1) == sound(0.5)


def test_words_that_may_become_a_direction_are_waited_for(incoming: Incoming) -> None:
    incoming.hold(sound(0.1))
    assert verdict(incoming, "The") == "wait"
    assert verdict(incoming, " last time we spoke") == "speech"


def test_leftovers_are_held_until_there_is_more_of_them_than_leftovers_have() -> None:
    incoming = Incoming(leftover=True)
    incoming.hold(sound(LEFTOVER))
    assert verdict(incoming, "Hello Ada", complete=True) == "wait"
    incoming.hold(sound(0.04))
    assert incoming.verdict(complete=False) == "speech"


def test_what_is_held_is_bounded(incoming: Incoming) -> None:
    for _ in range(round(LONGEST) + 30):
        incoming.hold(sound(1, amplitude=2))
    assert incoming.seconds == round(LONGEST) + 30
    assert len(incoming.release(1)) <= LONGEST * 48_000


def test_an_utterance_has_a_longest_length(incoming: Incoming) -> None:
    incoming.hold(sound(1))
    incoming.release(1)
    assert all(incoming.pass_through(48_000) for _ in range(round(LONGEST) - 1))
    assert not incoming.pass_through(2)
    assert incoming.seconds == pytest.approx(LONGEST, abs=0.001)
