"""What an utterance knows: how much of it was spoken, and from where it is repeated."""

import pytest

from relay.browser.outbox import MAX_AUDIO
from relay.speech.utterance import PLAYED_GRACE, Utterance, last_pause
from tests.relay.speech.sounds import FIRST, PAUSE, SECOND, SECONDLY, SENTENCES, THIRD


def spoken(pcm: bytes, *, complete: bool = True) -> Utterance:
    """An utterance that began at 100 s and was sent to the avatar as a whole."""
    utterance = Utterance(3, "avatar", 100.0)
    utterance.keep(pcm)
    utterance.length = len(pcm)
    utterance.first_sent_at = 100.0
    utterance.complete = complete
    return utterance


def test_it_is_played_a_while_after_its_length() -> None:
    assert spoken(FIRST).played_by == 100 + 2 + PLAYED_GRACE


def test_its_length_counts_from_the_avatars_first_word() -> None:
    utterance = spoken(FIRST)
    utterance.avatar_speaks(105)
    assert utterance.played_by == 105 + 2 + PLAYED_GRACE
    utterance.avatar_silent(106)
    utterance.avatar_speaks(107)
    assert utterance.played_by == 105 + 2 + PLAYED_GRACE


def test_an_avatar_that_speaks_before_it_was_sent_audio_does_not_change_when_it_began() -> None:
    utterance = Utterance(3, "avatar", 100.0)
    utterance.avatar_speaks(105)
    assert utterance.began == 100


def test_only_the_time_in_which_the_avatar_speaks_is_spoken() -> None:
    utterance = spoken(SENTENCES)
    assert (utterance.started, utterance.spoken(101)) == (False, 0)
    utterance.avatar_speaks(101)
    assert (utterance.started, utterance.spoken(103)) == (True, 2)
    utterance.avatar_speaks(102)  # reported twice
    utterance.avatar_silent(104)
    assert (utterance.started, utterance.spoken(109)) == (True, 3)
    utterance.avatar_speaks(110)
    assert utterance.spoken(111) == 4
    utterance.avatar_silent(111)
    assert utterance.spoken(120) == 4


def test_it_is_over_when_the_avatar_falls_silent_after_all_of_it_was_sent() -> None:
    utterance = spoken(FIRST, complete=False)
    assert not utterance.avatar_silent(101), "a silence before the first word belongs to an earlier utterance"
    utterance.avatar_speaks(101)
    assert not utterance.avatar_silent(102)
    utterance.complete = True
    assert not utterance.avatar_silent(103), "reported twice"
    utterance.avatar_speaks(104)
    assert utterance.avatar_silent(105)


def test_the_avatars_first_word_is_awaited_from_the_first_audio_on() -> None:
    utterance = Utterance(3, "avatar", 100.0)
    assert utterance.unspoken(120) == 0
    utterance.first_sent_at = 121.0
    assert utterance.unspoken(123) == 2
    utterance.avatar_speaks(124)
    assert utterance.unspoken(130) == 0
    utterance.avatar_silent(131)
    assert utterance.unspoken(140) == 0


def test_an_avatar_that_joins_again_gets_the_whole_wait() -> None:
    utterance = spoken(FIRST)
    utterance.change_to_avatar(107)
    assert utterance.unspoken(110) == 0
    assert utterance.played_by == 107 + 2 + PLAYED_GRACE
    assert utterance.kept == FIRST


@pytest.mark.parametrize(
    ("spoken_for", "at"), [(0.5, 0.0), (2.63, 0.0), (2.65, 2.06), (4.8, 2.12), (4.83, 2.12), (4.85, 4.26), (6.5, 4.32)]
)
def test_the_repetition_begins_in_the_last_pause_that_was_played_for_certain(spoken_for: float, at: float) -> None:
    """In seconds. Pauses begin at 2.0 and 4.2 and last 0.2; 0.14 of one is enough. The newest 0.5 is not certain."""
    utterance = spoken(SENTENCES, complete=False)
    utterance.avatar_speaks(100)
    rest = utterance.change_to_voice(100 + spoken_for, lag=0.5)
    assert rest == SENTENCES[round(at * SECOND) :]


def test_the_offset_of_a_repetition_allows_for_what_is_not_kept_any_more() -> None:
    silent = bytes(MAX_AUDIO)
    utterance = spoken(silent, complete=False)
    for part in (FIRST, PAUSE + SECONDLY, PAUSE + THIRD):
        utterance.keep(part)
    assert len(utterance.kept) == MAX_AUDIO
    utterance.avatar_speaks(100)
    rest = utterance.change_to_voice(100 + 30 + 3, lag=0.5)
    assert rest.lstrip(b"\0") == (SECONDLY + PAUSE + THIRD).lstrip(b"\0")


def test_nothing_is_repeated_after_the_last_word() -> None:
    utterance = spoken(FIRST)
    utterance.avatar_speaks(100)
    assert utterance.change_to_voice(102, lag=0.5) == b""


def test_an_utterance_that_is_still_coming_in_has_no_last_word_yet() -> None:
    utterance = spoken(FIRST, complete=False)
    utterance.avatar_speaks(100)
    assert utterance.change_to_voice(103, lag=0.5) == FIRST


def test_after_the_change_to_voice_the_page_plays_it_and_nothing_is_kept() -> None:
    utterance = spoken(FIRST)
    utterance.avatar_speaks(100)
    rest = utterance.change_to_voice(101, lag=0.5)
    assert (utterance.route, utterance.length, bytes(utterance.kept)) == ("voice", len(rest), b"")
    assert utterance.played_by == 101 + 2 + PLAYED_GRACE
    assert not utterance.started


def test_the_last_pause() -> None:
    pcm = FIRST + PAUSE + SECONDLY
    assert last_pause(pcm, 0) == 0
    assert last_pause(pcm, len(FIRST)) == 0
    inside = last_pause(pcm, len(pcm))
    assert len(FIRST) < inside < len(FIRST + PAUSE)
    assert last_pause(pcm, 10 * len(pcm)) == inside
    assert last_pause(b"", 100) == 0
    assert last_pause(pcm, -5) == 0


def test_the_end_of_a_word_is_no_pause() -> None:
    assert last_pause(FIRST + bytes(SECOND // 10) + THIRD, len(FIRST) * 2) == 0
