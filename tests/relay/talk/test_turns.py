"""Every rule of the turn log. Times are seconds of the log's clock, which begins at START."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.record import Turn
from relay.talk.answers import AMEND, AUDIBLE, LATE, SOONEST, UNWRITTEN
from relay.talk.turns import TurnLog
from relay.talk.utterances import Caption, Finished, TurnEvent

START = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture
def log() -> TurnLog:
    return TurnLog(at, language="en-US")


def turns(told: Iterable[TurnEvent]) -> list[Turn]:
    return [one.turn for one in told if isinstance(one, Finished)]


def captions(told: Iterable[TurnEvent]) -> list[Caption]:
    return [one for one in told if isinstance(one, Caption)]


def numbered(told: Iterable[TurnEvent]) -> list[tuple[int, str]]:
    return [(turn.number, turn.text) for turn in turns(told)]


def spoken(log: TurnLog, began: float, ended: float, *, over: bool = False) -> None:
    """A stretch of speech, as the microphone shows it."""
    log.hear(began, over=over)
    log.pause(ended, ended - began)


def question(log: TurnLog, text: str, began: float, ended: float) -> list[TurnEvent]:
    """An utterance of the interviewer from its first sound to its last."""
    return [*log.begin(began), *log.say(text), *log.end(ended)]


# The interviewer's turn


def test_a_caption_is_the_whole_turn_so_far(log: TurnLog) -> None:
    log.begin(1)
    assert log.say("Hello,") == [Caption(0, "interviewer", "Hello,", final=False)]
    assert log.say(" Ada.") == [Caption(0, "interviewer", "Hello, Ada.", final=False)]


def test_a_piece_without_words_is_no_caption(log: TurnLog) -> None:
    log.begin(1)
    assert log.say("  ") == []


def test_the_interviewers_turn_has_the_times_of_its_sound(log: TurnLog) -> None:
    told = question(log, "Welcome.", 1, 3)
    assert captions(told)[-1] == Caption(0, "interviewer", "Welcome.", final=True)
    assert turns(told) == [Turn(0, "interviewer", "Welcome.", at(1), at(3))]


def test_a_turn_never_ends_before_it_began(log: TurnLog) -> None:
    assert turns(question(log, "Welcome.", 3, 1))[0].ended_at == at(3)


def test_it_begins_once(log: TurnLog) -> None:
    log.begin(1)
    log.say("Hello")
    assert log.begin(2) == []
    log.say(" there.")
    assert turns(log.end(3)) == [Turn(0, "interviewer", "Hello there.", at(1), at(3))]


def test_words_after_its_end_amend_it(log: TurnLog) -> None:
    question(log, "Tell me", 1, 3)
    told = log.say(" more.")
    assert told == [
        Caption(0, "interviewer", "Tell me more.", final=True),
        Finished(Turn(0, "interviewer", "Tell me more.", at(1), at(3))),
    ]
    assert log.interviewer_text == "Tell me more."
    assert numbered(log.say(" Please.")) == [(0, "Tell me more. Please.")]


def test_words_amend_a_turn_that_has_been_played(log: TurnLog) -> None:
    question(log, "Tell me", 1, 3)
    log.played()
    assert numbered(log.say(" more.")) == [(0, "Tell me more.")]


def test_words_before_any_turn_are_nobodys(log: TurnLog) -> None:
    assert log.say("Hello") == []


def test_a_turn_without_words_is_not_told_and_its_number_stays_unused(log: TurnLog) -> None:
    log.begin(1)
    assert log.end(2) == []
    assert captions(log.begin(3) + log.say("Hello"))[0].turn == 1


def test_cut_while_it_is_spoken_it_is_interrupted_where_it_stops(log: TurnLog) -> None:
    log.begin(1)
    log.say("Why do you")
    assert turns(log.cut(4)) == [Turn(0, "interviewer", "Why do you", at(1), at(4), interrupted=True)]
    assert log.cut(5) == [], "once"
    assert log.say(" ask") == [], "nothing of it comes after"


def test_cut_while_it_is_still_played_it_ends_where_it_was_cut(log: TurnLog) -> None:
    question(log, "A long question.", 1, 9)
    assert turns(log.cut(4)) == [Turn(0, "interviewer", "A long question.", at(1), at(4), interrupted=True)]
    assert log.cut(5) == []


def test_cut_after_its_last_sound_it_keeps_its_end(log: TurnLog) -> None:
    question(log, "A long question.", 1, 3)
    assert turns(log.cut(4))[0].ended_at == at(3)


def test_what_has_been_played_cannot_be_cut(log: TurnLog) -> None:
    question(log, "A question.", 1, 3)
    log.played()
    assert log.cut(4) == []


def test_the_next_utterance_can_be_cut_again(log: TurnLog) -> None:
    question(log, "A question.", 1, 3)
    log.played()
    question(log, "Another.", 5, 7)
    assert [turn.number for turn in turns(log.cut(6))] == [1]


@pytest.mark.parametrize(
    ("text", "ended"),
    [("Hello.", True), ("Why?", True), ("なぜですか。", True), ("He said “no”", True), ("And then", False), ("", True)],
)
def test_whether_a_sentence_has_ended(log: TurnLog, text: str, ended: bool) -> None:
    log.begin(1)
    log.say(text)
    assert log.sentence_ended is ended


def test_its_number_and_words_can_be_asked_for_until_the_next_begins(log: TurnLog) -> None:
    assert (log.interviewer_turn, log.interviewer_text) == (None, "")
    log.begin(1)
    log.say("Why?")
    assert (log.interviewer_turn, log.interviewer_text) == (0, "Why?")
    log.end(2)
    assert (log.interviewer_turn, log.interviewer_text) == (0, "Why?")
    log.begin(3)
    assert (log.interviewer_turn, log.interviewer_text) == (1, "")


# Lost with the connection


def test_a_fragment_is_dropped_and_its_number_used_again(log: TurnLog) -> None:
    log.begin(1)
    log.say("Hello there,")
    assert log.break_off(2) == []
    assert log.empty
    assert numbered(question(log, "Hello there, Ada.", 3, 5)) == [(0, "Hello there, Ada.")]


def test_three_words_that_broke_off_are_a_turn(log: TurnLog) -> None:
    log.begin(1)
    log.say("Hello there, Ada")
    assert turns(log.break_off(2)) == [Turn(0, "interviewer", "Hello there, Ada", at(1), at(2), broken_off=True)]


def test_a_fragment_that_was_spoken_over_keeps_its_number(log: TurnLog) -> None:
    log.begin(1)
    log.say("Hello")
    log.hear(1.5, over=True)
    assert numbered(log.break_off(2)) == [(0, "Hello")]


def test_an_utterance_that_has_come_whole_does_not_break_off(log: TurnLog) -> None:
    question(log, "A long question.", 1, 9)
    assert log.break_off(4) == []


# The candidate's turn


def test_a_turn_has_its_number_from_its_first_sound_on(log: TurnLog) -> None:
    spoken(log, 1, 4)
    log.begin(6)
    assert log.interviewer_turn == 1
    told = log.transcribe("I like Python.", 6.2, speaking=False)
    assert turns(told) == [Turn(0, "candidate", "I like Python.", at(1), at(4))]


def test_words_before_the_reply_are_a_caption_and_with_the_reply_a_turn(log: TurnLog) -> None:
    spoken(log, 1, 4)
    assert log.transcribe("I like Python.", 5.5, speaking=False) == [
        Caption(0, "candidate", "I like Python.", final=False)
    ]
    assert log.begin(6) == [
        Caption(0, "candidate", "I like Python.", final=True),
        Finished(Turn(0, "candidate", "I like Python.", at(1), at(4))),
    ]
    assert log.answers == 1


def test_stretches_with_pauses_between_them_are_one_turn(log: TurnLog) -> None:
    spoken(log, 1, 4)
    spoken(log, 5, 8)
    assert log.answer_seconds == 6
    log.transcribe("One. Two.", 9.5, speaking=False)
    assert turns(log.begin(10)) == [Turn(0, "candidate", "One. Two.", at(1), at(8))]


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("I like", " Python", "I like Python"),
        ("I like Py", "thon", "I like Python"),
        ("I like it.", "Very much", "I like it. Very much"),
        ("I like it.", " Very much", "I like it. Very much"),
        ("I like it", ".", "I like it."),
    ],
)
def test_pieces_are_joined_as_they_were_split(log: TurnLog, first: str, second: str, whole: str) -> None:
    spoken(log, 1, 4)
    log.transcribe(first, 5.5, speaking=False)
    assert captions(log.transcribe(second, 5.6, speaking=False)) == [Caption(0, "candidate", whole, final=False)]


def test_after_a_pause_the_next_words_are_words_of_their_own(log: TurnLog) -> None:
    spoken(log, 1, 2)
    log.transcribe("I like", 3.5, speaking=False)
    spoken(log, 4, 5)
    assert captions(log.transcribe("Python", 6.5, speaking=False))[0].text == "I like Python"
    spoken(log, 7, 8)
    assert captions(log.transcribe(".", 9.5, speaking=False))[0].text == "I like Python."


def test_words_without_any_sound_are_dated_back(log: TurnLog) -> None:
    log.transcribe("x" * 28, 10, speaking=False)
    (turn,) = turns(log.begin(11))
    assert turn.ended_at == at(10 - SOONEST)
    assert turn.started_at == at(10 - SOONEST - 2), "28 characters take two seconds"


def test_no_turn_begins_before_the_one_before_it(log: TurnLog) -> None:
    question(log, "Why?", 10, 11)
    log.transcribe("x" * 280, 12, speaking=False)
    (late,) = turns(log.begin(13))
    assert late.started_at == at(10)
    assert late.ended_at >= late.started_at


def test_words_that_the_microphone_did_not_show_are_dated_before_the_reply(log: TurnLog) -> None:
    question(log, "Why?", 10, 11)
    log.played()
    log.begin(20, unheard=True)
    log.say("I see.")
    (turn,) = turns(log.transcribe("I wrote a queue in Python.", 20.1, speaking=False))
    assert at(10) < turn.started_at < turn.ended_at == at(20.1 - SOONEST)
    (reply,) = turns(log.end(22))
    assert turn.number < reply.number


def test_speech_that_comes_all_at_once_has_its_length(log: TurnLog) -> None:
    question(log, "Why?", 10, 11)
    log.hear(20, over=False)
    log.pause(20.1, 1.5)
    log.transcribe("Because of the load.", 22, speaking=False)
    (turn,) = turns(log.begin(23))
    assert (turn.started_at, turn.ended_at) == (at(18.6), at(20.1))


def test_an_answer_that_is_replied_to_in_mid_speech_ends_there(log: TurnLog) -> None:
    question(log, "Why?", 10, 11)
    log.hear(20, over=False)
    log.begin(25)
    log.say("Wait.")
    (turn,) = turns(log.transcribe("Because of the load", 27, speaking=True))
    assert (turn.started_at, turn.ended_at) == (at(20), at(25))


def test_the_interviewers_turn_ends_when_it_was_heard_to_end(log: TurnLog) -> None:
    question(log, "Why?", 10, 11)
    (turn,) = turns(log.played(13.5))
    assert (turn.started_at, turn.ended_at) == (at(10), at(13.5))


def test_an_end_that_is_heard_near_the_reckoned_one_is_not_told_again(log: TurnLog) -> None:
    question(log, "Why?", 10, 11)
    assert log.played(11.3) == []


def test_a_turn_that_waits_for_the_end_of_another_begins_after_it(log: TurnLog) -> None:
    question(log, "Why?", 10, 15)
    log.begin(11, sounds_at=15)
    log.say("And how?")
    (turn,) = turns(log.end(17))
    assert (turn.started_at, turn.ended_at) == (at(15), at(17))


def test_what_is_cut_before_it_can_be_heard_takes_no_time(log: TurnLog) -> None:
    question(log, "Why?", 10, 15)
    log.begin(11, sounds_at=15)
    log.say("And how?")
    playing, waiting = turns(log.cut(12))
    assert (playing.text, playing.started_at, playing.ended_at) == ("Why?", at(10), at(12))
    assert (waiting.text, waiting.started_at, waiting.ended_at) == ("And how?", at(12), at(12))
    assert playing.interrupted
    assert waiting.interrupted


def test_what_broke_off_before_it_could_be_heard_takes_no_time_when_it_is_cut(log: TurnLog) -> None:
    question(log, "Why?", 10, 15)
    log.begin(11, sounds_at=15)
    log.say("And could you tell me")
    log.break_off(17)
    playing, broken = turns(log.cut(12))
    assert (playing.text, playing.ended_at, playing.interrupted) == ("Why?", at(12), True)
    assert (broken.text, broken.started_at, broken.ended_at) == ("And could you tell me", at(12), at(12))
    assert broken.interrupted
    assert broken.broken_off


def test_turns_that_were_heard_sooner_than_expected_end_when_they_were_heard(log: TurnLog) -> None:
    question(log, "Why?", 10, 15)
    log.begin(11, sounds_at=15)
    log.say("And how?")
    log.end(17)
    first, last = turns(log.played(13))
    assert (first.text, first.started_at, first.ended_at) == ("Why?", at(10), at(13))
    assert (last.text, last.started_at, last.ended_at) == ("And how?", at(13), at(13))
    assert log.cut(14) == []


def test_a_short_turn_that_was_heard_sooner_than_expected_does_not_begin_after_it_was_heard(log: TurnLog) -> None:
    question(log, "Why?", 10, 15)
    for text, sounds_at in (("And how?", 15), ("And when?", 15.1)):
        log.begin(11, sounds_at=sounds_at)
        log.say(text)
        log.end(sounds_at + 0.2)
    found = turns(log.played(14.9))
    assert [(turn.text, turn.started_at, turn.ended_at) for turn in found] == [
        ("And how?", at(14.9), at(14.9)),
        ("And when?", at(14.9), at(14.9)),
    ]


def test_a_turn_that_was_heard_before_the_one_that_is_cut_stays_as_it_is(log: TurnLog) -> None:
    question(log, "Why?", 10, 12)
    log.begin(11, sounds_at=12)
    log.say("And how?")
    (cut,) = turns(log.cut(13))
    assert (cut.text, cut.started_at, cut.ended_at) == ("And how?", at(12), at(13))


def test_speech_that_began_before_the_newest_turn_is_dated_to_it(log: TurnLog) -> None:
    log.begin(10)
    spoken(log, 9.9, 12, over=True)
    log.transcribe("Wait a moment.", 13, speaking=False)
    assert turns(log.flush(14))[0].started_at == at(10)


def test_words_without_letters_open_no_turn(log: TurnLog) -> None:
    assert log.transcribe("  ", 1, speaking=False) == []
    assert log.empty


@pytest.mark.parametrize("mark", ["[Silence]", " <noise> ", "(inaudible)"])
def test_a_mark_is_no_transcription(log: TurnLog, mark: str) -> None:
    spoken(log, 1, 4)
    assert log.transcribe(mark, 5.5, speaking=False) == []
    assert log.unwritten(5.6), "its words are still to come"


@pytest.mark.parametrize("text", ["[Silence] I like Python.", "I used a list[int]"])
def test_words_beside_brackets_are_words(log: TurnLog, text: str) -> None:
    assert captions(log.transcribe(text, 5, speaking=False))[0].text == text


def test_what_opened_it_long_ago_was_a_noise(log: TurnLog) -> None:
    spoken(log, 1, 1 + UNWRITTEN / 2)
    began = 1 + UNWRITTEN / 2 + LATE + 1
    spoken(log, began, began + 2)
    log.transcribe("I like Python.", began + 3.5, speaking=False)
    (turn,) = turns(log.begin(began + 4))
    assert (turn.started_at, turn.ended_at) == (at(began), at(began + 2))


def test_a_pause_to_think_is_no_noise(log: TurnLog) -> None:
    spoken(log, 1, 1 + UNWRITTEN)
    began = 1 + UNWRITTEN + LATE + 1
    spoken(log, began, began + 2)
    log.transcribe("I like Python.", began + 3.5, speaking=False)
    assert turns(log.begin(began + 4))[0].started_at == at(1)


# Late words


def test_late_words_go_to_the_answer_that_waits_for_them(log: TurnLog) -> None:
    spoken(log, 1, 4)
    assert log.begin(5) == []
    log.say("Why")
    told = log.transcribe("I like Python.", 7, speaking=False)
    assert told == [
        Caption(0, "candidate", "I like Python.", final=True),
        Finished(Turn(0, "candidate", "I like Python.", at(1), at(4))),
    ]
    assert log.answers == 1
    assert log.expire(30) == [], "it waits for nothing any more"


def test_late_words_go_to_the_waiting_answer_while_the_next_is_being_spoken(log: TurnLog) -> None:
    spoken(log, 1, 4)
    question(log, "Why?", 5, 6)
    log.hear(6.5, over=False)
    assert numbered(log.transcribe("I like Python.", 7, speaking=True)) == [(0, "I like Python.")]


def test_words_that_can_be_the_next_answers_are_not_given_to_the_one_before(log: TurnLog) -> None:
    spoken(log, 1, 2)
    question(log, "Why?", 3, 4)
    spoken(log, 5, 7)
    assert captions(log.transcribe("Because.", 7.1 + SOONEST, speaking=False)) == [
        Caption(2, "candidate", "Because.", final=False)
    ]


def test_words_that_come_too_soon_for_the_next_answer_are_the_ones_before(log: TurnLog) -> None:
    spoken(log, 1, 2)
    question(log, "Why?", 3, 4)
    spoken(log, 5, 7)
    assert numbered(log.transcribe("I like Python.", 7 + SOONEST / 2, speaking=False)) == [(0, "I like Python.")]


def test_words_later_than_late_are_not_the_waiting_answers(log: TurnLog) -> None:
    spoken(log, 1, 2)
    question(log, "Why?", 3, 4)
    assert captions(log.transcribe("Because.", 2 + LATE + 0.1, speaking=False))[0].turn == 2


def test_more_words_soon_after_the_reply_amend_the_answer(log: TurnLog) -> None:
    spoken(log, 1, 4)
    log.transcribe("I like", 5, speaking=False)
    log.begin(5.5)
    told = log.transcribe(" Python.", 5.5 + AMEND, speaking=False)
    assert numbered(told) == [(0, "I like Python.")]
    assert captions(told)[0].final


def test_more_words_long_after_the_reply_are_another_answer(log: TurnLog) -> None:
    spoken(log, 1, 4)
    log.transcribe("I like Python.", 5, speaking=False)
    log.begin(5.5)
    assert captions(log.transcribe("Wait.", 5.5 + AMEND + 0.1, speaking=False))[0].turn == 2


def test_words_while_the_candidate_speaks_are_of_what_they_say(log: TurnLog) -> None:
    spoken(log, 1, 4)
    log.transcribe("I like Python.", 5, speaking=False)
    log.begin(5.5)
    log.hear(6, over=True)
    assert captions(log.transcribe("Wait.", 7, speaking=True))[0].turn == 2


def test_a_noise_over_the_reply_does_not_take_the_answers_late_words(log: TurnLog) -> None:
    spoken(log, 1, 4)
    log.transcribe("I like", 5, speaking=False)
    log.begin(5.5)
    log.hear(6, over=True)
    assert numbered(log.transcribe(" Python.", 6.2, speaking=False)) == [(0, "I like Python.")]


def test_a_typed_answer_is_not_amended_by_spoken_words(log: TurnLog) -> None:
    log.type("I like Python.", 4)
    log.begin(5)
    assert captions(log.transcribe("And Go.", 6, speaking=False))[0].turn == 2


# Words twice


def test_the_same_transcription_again_is_kept_once_and_doubted(log: TurnLog) -> None:
    spoken(log, 1, 4)
    log.transcribe("I like Python.", 5, speaking=False)
    assert log.transcribe("I like python", 5.2, speaking=False) == []
    (turn,) = turns(log.begin(6))
    assert (turn.text, turn.doubt) == ("I like Python.", ("repeated",))


def test_the_same_transcription_again_after_the_reply_is_told_as_a_doubt(log: TurnLog) -> None:
    spoken(log, 1, 4)
    log.transcribe("I like Python.", 5, speaking=False)
    log.begin(6)
    told = log.transcribe("I like Python.", 6.2, speaking=False)
    assert captions(told) == [Caption(0, "candidate", "I like Python.", final=True, doubt=("repeated",))]
    assert turns(told)[0].doubt == ("repeated",)


def test_the_same_words_after_more_speech_were_said_twice(log: TurnLog) -> None:
    spoken(log, 1, 2)
    log.transcribe("Yes, I did.", 3, speaking=False)
    spoken(log, 3.5, 4.5)
    assert captions(log.transcribe("Yes, I did.", 6, speaking=False))[0].text == "Yes, I did. Yes, I did."


def test_the_same_words_of_the_next_answer_are_no_repetition(log: TurnLog) -> None:
    spoken(log, 1, 2)
    log.transcribe("Yes, I did.", 3, speaking=False)
    question(log, "And then?", 4, 5)
    spoken(log, 6, 7)
    log.transcribe("Yes, I did.", 8.5, speaking=False)
    (turn,) = turns(log.begin(9))
    assert (turn.number, turn.text, turn.doubt) == (2, "Yes, I did.", ())


def test_the_first_words_of_an_answer_are_no_repetition_while_it_is_spoken(log: TurnLog) -> None:
    spoken(log, 1, 2)
    log.transcribe("Yes, I did.", 3, speaking=False)
    question(log, "And then?", 4, 5)
    log.hear(9, over=False)
    assert captions(log.transcribe("Yes, I did.", 11, speaking=True))[0].text == "Yes, I did."


def test_nobody_can_tell_a_repeated_no_from_a_second_one(log: TurnLog) -> None:
    spoken(log, 1, 2)
    log.transcribe("No.", 3, speaking=False)
    assert captions(log.transcribe("No.", 3.2, speaking=False))[0].text == "No. No."


# Doubts


def test_another_script_is_doubted(log: TurnLog) -> None:
    spoken(log, 1, 4)
    log.transcribe("Я построил очередь", 5, speaking=False)
    told = log.begin(6)
    assert turns(told)[0].doubt == captions(told)[0].doubt == ("language",)


def test_the_interviews_own_script_is_not_doubted() -> None:
    log = TurnLog(at, language="ru-RU")
    log.transcribe("Я построил очередь", 5, speaking=False)
    assert turns(log.begin(6))[0].doubt == ()


def test_the_interviewers_words_over_its_own_speech_are_an_echo(log: TurnLog) -> None:
    log.begin(1)
    log.say("Why did you choose a queue?")
    spoken(log, 2, 4, over=True)
    log.transcribe("did you choose a queue", 5, speaking=False)
    assert turns(log.flush(6))[-1].doubt == ("echo",)


def test_an_echo_is_told_by_the_utterance_before_the_answer(log: TurnLog) -> None:
    question(log, "Why did you choose a queue?", 1, 3)
    spoken(log, 4, 6)
    question(log, "And what came then?", 7, 9)
    told = log.transcribe("why did you choose a queue", 9, speaking=False)
    assert turns(told)[0].doubt == ("echo",)


@pytest.mark.parametrize("ended", [False, True])
def test_the_words_of_a_later_utterance_are_no_echo(log: TurnLog, *, ended: bool) -> None:
    question(log, "Tell me of your work.", 1, 3)
    spoken(log, 4, 6)
    log.begin(7)
    log.say("Why did you choose a queue?")
    if ended:
        log.end(9)
    assert turns(log.transcribe("why did you choose a queue", 9, speaking=False))[0].doubt == ()


def test_what_is_typed_is_not_doubted(log: TurnLog) -> None:
    assert turns(log.type("Я построил очередь", 5))[0].doubt == ()


# Speech without words


def test_speech_whose_words_never_come_is_a_turn_without_text(log: TurnLog) -> None:
    spoken(log, 1, 4)
    log.begin(6)
    log.say("Why?")
    assert log.expire(6 + LATE - 0.1) == [], "counted from the reply"
    told = log.expire(6 + LATE)
    assert told == [
        Caption(0, "candidate", "", final=True, doubt=("untranscribed",)),
        Finished(Turn(0, "candidate", "", at(1), at(4), doubt=("untranscribed",)), 1, 4),
    ]
    assert log.answers == 1
    assert log.expire(20) == [], "once"


def test_words_are_waited_for_from_the_end_of_speech_when_that_is_later(log: TurnLog) -> None:
    log.begin(1)
    log.hear(2, over=False)
    log.pause(6, 4)
    log.close(6)
    assert log.expire(1 + LATE + 1) == []
    assert log.expire(6 + LATE)


@pytest.mark.parametrize(("seconds", "count"), [(UNWRITTEN - 0.01, 0), (UNWRITTEN, 1)])
def test_a_cough_is_no_turn(log: TurnLog, seconds: float, count: int) -> None:
    log.hear(1, over=False)
    log.pause(4, seconds)
    log.begin(6)
    assert len(turns(log.expire(20))) == count
    assert log.answers == count


def test_a_second_answer_without_words_ends_the_wait_for_the_first(log: TurnLog) -> None:
    spoken(log, 1, 3)
    question(log, "Why?", 4, 5)
    spoken(log, 6, 8)
    assert [turn.number for turn in turns(log.begin(9))] == [0]
    assert [turn.number for turn in turns(log.expire(9 + LATE))] == [2]


def test_sound_over_the_interviewer_that_has_no_words_is_no_turn(log: TurnLog) -> None:
    log.begin(1)
    log.say("Why did you choose a queue?")
    spoken(log, 2, 6, over=True)
    log.end(7)
    log.begin(9)
    assert log.expire(30) == []
    assert numbered(log.flush(30)) == []


def test_sound_that_cut_the_interviewer_off_was_speech(log: TurnLog) -> None:
    log.begin(1)
    log.say("Why did you choose a queue?")
    spoken(log, 2, 6, over=True)
    log.cut(6)
    log.begin(9)
    assert turns(log.expire(9 + LATE))[0].doubt == ("untranscribed",)


@pytest.mark.parametrize(("seconds", "expected"), [(AUDIBLE - 0.01, False), (AUDIBLE, True)])
def test_words_are_expected_of_enough_speech(log: TurnLog, seconds: float, expected: bool) -> None:
    log.hear(1, over=False)
    log.pause(2, seconds)
    assert log.unwritten(3) is expected


def test_words_are_expected_for_a_while_and_until_they_come(log: TurnLog) -> None:
    spoken(log, 1, 3)
    assert log.unwritten(3 + LATE - 0.1)
    assert not log.unwritten(3 + LATE)
    assert log.unwritten_since == 1
    log.begin(4)
    assert log.unwritten(5), "the reply has begun and they have not come"
    log.transcribe("I like Python.", 5, speaking=False)
    assert not log.unwritten(5)
    assert log.unwritten_since is None


def test_no_words_are_expected_of_sound_over_the_interviewer(log: TurnLog) -> None:
    log.begin(1)
    spoken(log, 2, 4, over=True)
    assert not log.unwritten(5)


def test_an_answer_is_given_with_words_or_with_enough_speech(log: TurnLog) -> None:
    assert not log.answering
    spoken(log, 1, 1 + UNWRITTEN / 2)
    assert not log.answering
    log.transcribe("Yes.", 3, speaking=False)
    assert log.answering
    log.begin(4)
    assert not log.answering, "it has its reply"
    spoken(log, 5, 5 + UNWRITTEN)
    assert log.answering


def test_an_answer_ends_without_a_reply(log: TurnLog) -> None:
    spoken(log, 1, 3)
    log.transcribe("Mm-hmm.", 4, speaking=False)
    assert numbered(log.close(9)) == [(0, "Mm-hmm.")]
    assert log.close(9) == []


# Typing


def test_a_typed_answer_is_a_turn_at_once_and_cuts_the_interviewer_off(log: TurnLog) -> None:
    log.begin(1)
    log.say("Tell me about")
    told = turns(log.type("No, wait.", 3))
    assert [(turn.number, turn.speaker, turn.text, turn.interrupted, turn.source) for turn in told] == [
        (0, "interviewer", "Tell me about", True, "speech"),
        (1, "candidate", "No, wait.", False, "text"),
    ]
    assert told[1].started_at == told[1].ended_at == at(3)


def test_typing_ends_what_was_being_said_aloud(log: TurnLog) -> None:
    spoken(log, 1, 2)
    log.transcribe("I would", 3, speaking=False)
    assert [(turn.number, turn.text, turn.source) for turn in turns(log.type("rather type", 4))] == [
        (0, "I would", "speech"),
        (1, "rather type", "text"),
    ]
    assert log.answers == 2


# What is open


def test_what_is_being_said_can_be_read_and_stays_open(log: TurnLog) -> None:
    log.begin(1)
    log.say("Why do you")
    spoken(log, 2, 3, over=True)
    assert [turn.number for turn in log.open(3.5)] == [0], "what has no words is left out"
    log.transcribe("Because", 4, speaking=False)
    assert [(turn.number, turn.text, turn.interrupted) for turn in log.open(5)] == [
        (0, "Why do you", False),
        (1, "Because", False),
    ]
    assert captions(log.say(" ask?"))[0].text == "Why do you ask?"


def test_an_answer_that_has_not_paused_ends_now(log: TurnLog) -> None:
    log.hear(1, over=False)
    log.transcribe("Because", 4, speaking=True)
    assert log.open(5)[0].ended_at == at(5)


def test_flush_makes_turns_of_what_is_open_in_order(log: TurnLog) -> None:
    spoken(log, 1, 3)
    log.begin(4)
    log.say("Why do you")
    spoken(log, 5, 6, over=True)
    log.transcribe("Because.", 14, speaking=False)
    told = log.flush(15)
    assert [(turn.number, turn.text, turn.broken_off, turn.doubt) for turn in turns(told)] == [
        (0, "", False, ("untranscribed",)),
        (1, "Why do you", True, ()),
        (2, "Because.", False, ()),
    ]
    assert log.flush(16) == []


def test_numbers_go_on_from_where_an_earlier_connection_stopped() -> None:
    log = TurnLog(at, language="en-US", number=7)
    assert log.empty
    assert captions(log.transcribe("Back", 1, speaking=False))[0].turn == 7
    assert not log.empty


def test_an_answer_without_words_is_carried_to_the_next_connection(log: TurnLog) -> None:
    question(log, "Why?", 1, 2)
    spoken(log, 3, 6)
    carried = log.carry()
    assert carried is not None
    log.flush(7)
    after = TurnLog(at, language="en-US", number=2, carried=carried)
    spoken(after, 8, 9)
    after.transcribe("All of the answer.", 10.5, speaking=False)
    assert turns(after.begin(11)) == [Turn(1, "candidate", "All of the answer.", at(3), at(9))]


def test_an_answer_that_the_reply_overtook_is_carried_too(log: TurnLog) -> None:
    spoken(log, 3, 6)
    log.begin(7)
    carried = log.carry()
    assert carried
    assert carried.number == 0


def test_only_speech_whose_words_are_missing_is_carried(log: TurnLog) -> None:
    assert log.carry() is None
    log.hear(1, over=False)
    assert log.carry() is None, "nothing of it has ended"
    log.pause(3, 2)
    log.transcribe("I like Python.", 4, speaking=False)
    assert log.carry() is None
    log.begin(5)
    spoken(log, 6, 8, over=True)
    assert log.carry() is None, "it may be the interviewer's own sound"


def test_what_is_carried_has_no_doubt_of_its_last_connection(log: TurnLog) -> None:
    spoken(log, 1, 4)
    carried = log.carry()
    log.flush(5)
    assert carried
    assert carried.doubts == set()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["say", "hear words", "type"]), st.integers(0, 999)),
        st.tuples(
            st.sampled_from(["speak", "speak over", "begin", "cut", "end", "played", "expire", "close"]), st.just(0)
        ),
        st.tuples(st.just("wait"), st.integers(1, 12)),
    ),
    max_size=40,
)


def take(log: TurnLog, step: str, value: int, now: float) -> list[TurnEvent]:
    told: list[TurnEvent] = []
    match step:
        case "say":
            told = log.say(f" s{value}.")
        case "hear words":
            told = log.transcribe(f" h{value} word.", now, speaking=False)
        case "type":
            told = log.type(f" t{value}.", now)
        case "speak" | "speak over":
            spoken(log, now - 2, now - 0.5, over=step == "speak over")
        case "played":
            log.played()
        case _:
            told = getattr(log, step)(now)
    return told


@given(STEPS)
def test_every_word_is_kept_once_and_no_number_means_two_turns(steps: list[tuple[str, int]]) -> None:
    log, now = TurnLog(at, language="en-US"), 100.0
    told: list[TurnEvent] = []
    given_words: list[str] = []
    for count, (step, value) in enumerate(steps):
        now += value if step == "wait" else 0.1
        if step == "wait":
            continue
        said = take(log, step, 1000 * count + value, now)
        told += said
        if step in ("hear words", "type") or (step == "say" and said):
            given_words.append(f"{step[0]}{1000 * count + value}")
    told += log.flush(now)
    kept: dict[int, Turn] = {}
    for turn in turns(told):
        before = kept.setdefault(turn.number, turn)
        assert before.speaker == turn.speaker
        assert turn.text.startswith(before.text)
        kept[turn.number] = turn
    record = [kept[number] for number in sorted(kept)]
    text = " ".join(turn.text for turn in record).replace(".", " ").split()
    assert all(text.count(word) == 1 for word in given_words), (given_words, text)
    assert [turn.started_at for turn in record] == sorted(turn.started_at for turn in record)
    assert all(turn.ended_at >= turn.started_at for turn in record)
