"""The floor without a socket: what follows from each thing that Gemini Live is known to do (docs/reliability.md)."""

import pytest

from interview.record import Turn
from relay.talk import actions, candidate, directions, interviewer, waiting
from relay.talk.incoming import LONGEST
from relay.talk.state import TRANSITIONS, State
from relay.talk.waiting import AFTER_REMINDER, ANSWER, ASK_GENTLY_AFTER, OFFER_HELP_AFTER, SUSPEND_AFTER
from tests.relay.talk.driver import FRAME, QUIET, START, Driver, level, sound

GREETING = ("interviewer", "Hello, I am Iris. What have you built?")
REJECTED = "RESPONSE_REJECTED"


@pytest.fixture
def driver() -> Driver:
    """After the greeting, with the candidate's floor open."""
    driver = Driver()
    driver.greet()
    assert driver.floor.state is State.OPEN
    return driver


def answer(driver: Driver, text: str = "I built a queue.", seconds: float = 3.0) -> None:
    """An answer as recorded: its words come whole, 1.4 s after it has ended."""
    driver.speak(seconds)
    driver.listen(1.4)
    driver.hears(text)


def seconds(turn: Turn) -> tuple[float, float]:
    return (turn.started_at - START).total_seconds(), (turn.ended_at - START).total_seconds()


# A turn as it should be


def test_an_answer_and_its_reply(driver: Driver) -> None:
    began = driver.now - 100
    answer(driver)
    driver.says("Why a queue?", 1.5)
    driver.listen(2)
    assert driver.transcript == [GREETING, ("candidate", "I built a queue."), ("interviewer", "Why a queue?")]
    spoken = driver.record[1]
    assert seconds(spoken) == pytest.approx((began, began + 3.0), abs=0.05), "it has the times of the speech"
    assert driver.actions(actions.Begin)[-1].delay_ms == pytest.approx(1400, abs=60), "from the last sound"
    assert driver.floor.state is State.OPEN
    assert driver.redials == []
    assert driver.notices == []


def test_the_room_shows_speech_and_then_that_it_is_written_down(driver: Driver) -> None:
    answer(driver)
    assert [action.state for action in driver.actions(actions.ShowHearing)] == ["speech", "writing", "quiet"]


def test_a_reply_proves_that_the_answer_was_received(driver: Driver) -> None:
    driver.speak(3)
    ended = driver.now
    driver.listen(1.4)
    driver.says("Why a queue?")
    assert driver.actions(actions.Acknowledge)[-1].until == pytest.approx(ended)


def test_words_that_come_before_a_pause_prove_nothing_of_what_follows(driver: Driver) -> None:
    driver.speak(1)
    driver.listen(0.6)
    resumed = driver.now
    driver.speak(1)
    driver.hears("Thanks.")
    assert driver.actions(actions.Acknowledge)[-1].until == pytest.approx(resumed, abs=FRAME)
    driver.speak(1)
    driver.listen(1.5)
    driver.hears("Now name one fruit.")
    driver.says("A banana.")
    assert driver.transcript[1] == ("candidate", "Thanks. Now name one fruit.")


def test_what_has_been_played_cannot_be_cut_any_more(driver: Driver) -> None:
    answer(driver)
    interviewer.interrupted(driver.floor, driver.now)
    driver.perform()
    assert not driver.record[0].interrupted


def test_played_is_not_counted_for_an_utterance_that_is_still_coming_in(driver: Driver) -> None:
    driver.plays = False
    interviewer.said(driver.floor, "And why did you", driver.now)
    driver.audio(sound(1))
    candidate.played(driver.floor, driver.now)
    driver.audio(sound(1))
    interviewer.generated(driver.floor, driver.now)
    driver.perform()
    driver.wait(2 + 10 + 1)
    assert driver.floor.state is State.OPEN, "the floor is the candidate's again, although no page says so"


def test_speaking_over_the_interviewer_cuts_it_off(driver: Driver) -> None:
    answer(driver)
    driver.says("Why did you choose a queue and not a table?", 5, complete=False)
    driver.listen(1)
    driver.speak(0.6)
    driver.frame({"serverContent": {"interrupted": True}})
    driver.after(0.3, driver.complete)
    driver.speak(1.4)
    driver.listen(1.4)
    driver.hears("Sorry, one more thing.")
    driver.says("Yes?", 1)
    driver.listen(2)
    assert len(driver.actions(actions.Cut)) == 1
    assert driver.record[2].interrupted
    assert driver.transcript[3:] == [("candidate", "Sorry, one more thing."), ("interviewer", "Yes?")]


def test_an_answer_without_anything_to_be_seen_is_none(driver: Driver) -> None:
    driver.says("Hello.", 0.5)
    before = (len(driver.sent), len(driver.record))
    candidate.typed(driver.floor, "\u200b\U000e0041 \u2060", driver.now)
    driver.perform()
    assert (len(driver.sent), len(driver.record)) == before


def test_typing_cuts_the_interviewer_off(driver: Driver) -> None:
    driver.says("Let me explain at length what", 0.5, complete=False)
    driver.floor.state = State.PLAYING
    candidate.typed(driver.floor, "I [typed] \uff3bthis\uff3d \u200bhere.", driver.now)
    driver.perform()
    assert driver.sent[-1] == "I (typed) (this) here.", "nothing typed looks like a direction"
    assert driver.record[-1].source == "text"
    assert len(driver.actions(actions.Cut)) == 1


# Transcription


def test_words_that_come_seconds_into_the_reply_belong_to_the_answer(driver: Driver) -> None:
    driver.speak(3)
    driver.listen(3)
    driver.says("Why a queue?", 4)
    driver.listen(2.5)
    driver.hears("I built a queue.")
    driver.listen(3)
    assert driver.transcript == [GREETING, ("candidate", "I built a queue."), ("interviewer", "Why a queue?")]


def test_speech_that_is_never_transcribed_is_a_turn_without_words(driver: Driver) -> None:
    driver.speak(2)
    driver.listen(3)
    driver.says("I see. And why?")
    driver.listen(12)
    spoken = driver.record[1]
    assert (spoken.text, spoken.doubt) == ("", ("untranscribed",))
    began, ended = seconds(spoken)
    assert ended - began == pytest.approx(2.0, abs=0.1)
    assert driver.captions[spoken.number].doubt == ("untranscribed",)


def test_a_later_answers_words_are_not_given_to_an_untranscribed_one(driver: Driver) -> None:
    driver.speak(2)
    driver.listen(3)
    driver.says("I see. And why?", 3)
    driver.listen(3.2)
    driver.speak(4)
    driver.listen(1.4)
    driver.hears("Because it was slow.")
    driver.says("How slow?")
    driver.listen(10)
    assert [text for speaker, text in driver.transcript if speaker == "candidate"] == ["", "Because it was slow."]


def test_a_cough_is_no_turn(driver: Driver) -> None:
    driver.speak(0.3)
    driver.listen(20)
    assert driver.transcript == [GREETING]
    assert driver.sent == [directions.BEGIN]


def test_the_same_transcription_again_is_kept_once(driver: Driver) -> None:
    answer(driver, "I built a queue with Kafka.")
    driver.hears("I built a queue with Kafka.")
    driver.says("Why Kafka?")
    assert driver.transcript[1] == ("candidate", "I built a queue with Kafka.")
    assert driver.record[1].doubt == ("repeated",)


def test_two_answers_alike_are_two_answers(driver: Driver) -> None:
    for _ in range(2):
        answer(driver, "Yes, I did.", 1)
        driver.says("And then?", 1)
        driver.listen(2)
    assert [text for speaker, text in driver.transcript if speaker == "candidate"] == ["Yes, I did."] * 2
    assert driver.record[3].doubt == ()


@pytest.mark.parametrize("mark", ["[Silence]", "<noise>", "(inaudible)"])
def test_a_mark_is_no_transcription(driver: Driver, mark: str) -> None:
    driver.hears(mark)
    driver.listen(1)
    driver.end()
    assert driver.transcript == [GREETING]


def test_a_transcription_in_another_script_is_doubtful(driver: Driver) -> None:
    answer(driver, "Я построил очередь сообщений")
    driver.says("Why a queue?")
    assert driver.record[1].doubt == ("language",)


def test_the_interviewers_own_words_are_an_echo(driver: Driver) -> None:
    answer(driver, "I am Iris. What have you built?")
    driver.says("Why a queue?")
    assert driver.record[1].doubt == ("echo",)


def test_words_without_any_sound_are_a_turn_too(driver: Driver) -> None:
    driver.hears("Very quietly spoken.")
    driver.says("Could you speak up?")
    assert driver.transcript[1] == ("candidate", "Very quietly spoken.")


# Turns in which nothing can be heard


def test_a_lone_turn_complete_for_the_greeting_is_asked_for_again_at_once() -> None:
    driver = Driver()
    driver.connect()
    driver.wait(0.5)
    driver.complete(REJECTED)
    assert driver.sent == [directions.BEGIN] * 2
    driver.wait(0.5)
    driver.complete(REJECTED)
    assert driver.sent == [directions.BEGIN] * 3
    assert driver.notices == ["slow_reply"]
    driver.wait(0.5)
    driver.complete(REJECTED)
    assert driver.redials == ["empty_turns"]


def test_a_lone_turn_complete_for_a_typed_answer_is_asked_for_again_at_once(driver: Driver) -> None:
    candidate.typed(driver.floor, "I built a queue.", driver.now)
    driver.perform()
    driver.wait(0.5)
    driver.complete()
    assert driver.sent[-2:] == ["I built a queue."] * 2


def test_a_rejected_reply_to_a_spoken_answer_is_asked_for_again_at_once(driver: Driver) -> None:
    answer(driver)
    driver.complete(REJECTED)
    assert driver.sent[-1] == directions.SAY_AGAIN


def test_an_inaudible_reply_is_neither_caption_nor_turn_and_is_asked_for_again(driver: Driver) -> None:
    answer(driver)
    driver.says("Why a queue?", 2, amplitude=2)
    driver.listen(2.1)
    assert driver.sent[-1] == directions.SAY_AGAIN
    driver.says("Why a queue?", 2)
    driver.listen(3)
    assert driver.transcript == [GREETING, ("candidate", "I built a queue."), ("interviewer", "Why a queue?")]


def test_no_speech_is_neither_caption_nor_turn(driver: Driver) -> None:
    answer(driver, "Mm-hmm.", 0.6)
    for words in ("<no ", "", "", "", "speech>"):
        if words:
            interviewer.said(driver.floor, words, driver.now)
        driver.audio(bytes(2))
    interviewer.generated(driver.floor, driver.now)
    driver.complete()
    driver.listen(1)
    assert GREETING[1] in {turn.text for turn in driver.record}
    assert all("speech>" not in turn.text for turn in driver.record)
    assert len(driver.actions(actions.Begin)) == 1


def test_no_speech_with_real_sound_under_it_is_not_played(driver: Driver) -> None:
    answer(driver, "Mm-hmm.", 0.6)
    interviewer.said(driver.floor, "<no ", driver.now)
    driver.audio(sound(0.4))
    interviewer.said(driver.floor, "speech>", driver.now)
    driver.audio(sound(0.4))
    interviewer.generated(driver.floor, driver.now)
    driver.complete()
    assert len(driver.actions(actions.Begin)) == 1


@pytest.mark.parametrize("words", [directions.BEGIN, directions.REMIND.strip("[]")])
def test_a_direction_read_aloud_is_neither_caption_nor_turn(driver: Driver, words: str) -> None:
    answer(driver)
    driver.says(words, 3)
    driver.listen(3.1)
    assert len(driver.actions(actions.Begin)) == 1
    assert driver.sent[-1] == directions.SAY_AGAIN
    assert [speaker for speaker, _ in driver.transcript] == ["interviewer"]


def test_what_follows_a_direction_read_aloud_is_played() -> None:
    driver = Driver()
    driver.connect()
    interviewer.said(driver.floor, directions.BEGIN, driver.now)
    driver.audio(sound(1))
    interviewer.said(driver.floor, " Hello Ada, I am Iris.", driver.now)
    driver.audio(sound(1))
    interviewer.generated(driver.floor, driver.now)
    driver.perform()
    assert driver.transcript == [("interviewer", "Hello Ada, I am Iris.")]


def test_an_utterance_whose_words_are_missing_is_played_all_the_same(driver: Driver) -> None:
    answer(driver)
    driver.audio(sound(1))
    assert len(driver.actions(actions.Begin)) == 2


def test_a_first_chunk_of_two_bytes_delays_nothing(driver: Driver) -> None:
    answer(driver)
    interviewer.said(driver.floor, "A banana ", driver.now)
    driver.audio(bytes(2))
    driver.audio(sound(0.16))
    assert len(driver.actions(actions.Begin)) == 2


def test_an_endless_tone_is_cut_and_the_candidate_told(driver: Driver) -> None:
    answer(driver)
    interviewer.said(driver.floor, "Well", driver.now)
    for _ in range(round(LONGEST) + 1):
        driver.audio(sound(1))
        driver.wait(0.2)
    assert len(driver.actions(actions.Cut)) == 1
    assert driver.redials == ["endless_sound"]
    assert driver.notices == ["slow_reply"]


# Silence


def test_a_service_that_says_nothing_is_reminded_and_then_replaced(driver: Driver) -> None:
    driver.speak(3)
    spoken = driver.now
    driver.listen(ANSWER + 0.5)
    assert driver.sent[-1] == directions.REMIND
    assert driver.notices == ["slow_reply"]
    driver.listen(AFTER_REMINDER + 0.5)
    assert driver.redials == ["no_reply"]
    assert driver.now - spoken < ANSWER + AFTER_REMINDER + 2


def test_a_fan_hides_no_dead_service(driver: Driver) -> None:
    fan = level(420)
    driver.listen(4, fan)
    driver.speech = level(8000)
    driver.speak(3)
    spoken = driver.now
    driver.listen(ANSWER + AFTER_REMINDER + 1, fan)
    assert driver.redials == ["no_reply"]
    assert driver.times(actions.Redial)[0] + 100 - spoken < ANSWER + AFTER_REMINDER + 1


def test_a_model_that_is_silent_on_purpose_is_reminded_once_and_never_replaced(driver: Driver) -> None:
    answer(driver, "Mm-hmm.", 0.6)
    driver.listen(24)
    assert driver.sent.count(directions.REMIND) == 1
    assert driver.redials == []
    assert driver.floor.state is State.OPEN


def test_key_clicks_are_no_answer(driver: Driver) -> None:
    for _ in range(25):
        driver.click()
    driver.listen(15)
    assert driver.sent == [directions.BEGIN]
    assert driver.redials == []


def test_a_sound_that_stops_in_mid_utterance_replaces_the_connection(driver: Driver) -> None:
    answer(driver)
    interviewer.said(driver.floor, "Why did you", driver.now)
    driver.audio(sound(0.5))
    driver.listen(9)
    assert driver.redials[0] == "stalled"


def test_realtime_text_that_is_ignored_is_sent_again(driver: Driver) -> None:
    candidate.typed(driver.floor, "I built a queue.", driver.now)
    driver.perform()
    driver.listen(ANSWER + 0.5)
    assert driver.sent[-2:] == ["I built a queue."] * 2
    assert driver.notices == ["slow_reply"]


def test_an_idle_candidate_is_asked_offered_help_and_then_suspended(driver: Driver) -> None:
    opened = driver.now
    driver.listen(ASK_GENTLY_AFTER + 0.5)
    assert driver.sent[-1] == directions.ASK_GENTLY
    driver.says("Would you like more time?", 2)
    driver.listen(OFFER_HELP_AFTER - ASK_GENTLY_AFTER)
    assert driver.notices == ["idle"]
    driver.listen(SUSPEND_AFTER - OFFER_HELP_AFTER + 1)
    assert driver.times(actions.Suspend)[0] + 100 - opened == pytest.approx(SUSPEND_AFTER, abs=0.5)


def test_extra_time_lengthens_the_waits_for_an_answer() -> None:
    driver = Driver(extra_time=2)
    driver.greet()
    opened = driver.now
    driver.listen(ASK_GENTLY_AFTER * 2 - 1)
    assert directions.ASK_GENTLY not in driver.sent
    driver.listen(2)
    assert driver.sent[-1] == directions.ASK_GENTLY
    driver.says("Would you like more time?", 2)
    driver.listen(SUSPEND_AFTER * 2)
    assert driver.notices == ["idle"]
    assert driver.times(actions.Suspend)[0] + 100 - opened == pytest.approx(SUSPEND_AFTER * 2, abs=0.5)


def test_a_candidate_who_speaks_is_not_idle(driver: Driver) -> None:
    driver.listen(20)
    answer(driver)
    driver.says("And why?")
    driver.listen(20)
    assert directions.ASK_GENTLY not in driver.sent


def test_thinking_time_is_not_idle_and_holds_silence_back(driver: Driver) -> None:
    candidate.hold(driver.floor, on=True, now=driver.now)
    driver.perform()
    passed = 0
    for _ in range(round(60 / FRAME)):
        driver.wait(FRAME)
        passed += candidate.microphone(driver.floor, QUIET, driver.now)
    assert passed == 0
    assert driver.sent == [directions.BEGIN]
    assert not driver.actions(actions.Suspend)


def test_a_steady_fan_is_held_back_in_thinking_time(driver: Driver) -> None:
    fan = level(420)
    driver.listen(3, fan)
    candidate.hold(driver.floor, on=True, now=driver.now)
    assert not any(candidate.microphone(driver.floor, fan, driver.now + n * FRAME) for n in range(250))


# Interruptions and leftovers


def test_a_phantom_interruption_is_not_the_candidates(driver: Driver) -> None:
    answer(driver)
    interviewer.said(driver.floor, "Why did you choose", driver.now)
    driver.audio(sound(1.5))
    driver.listen(4)
    driver.frame({"serverContent": {"interrupted": True}})
    driver.after(0.3, driver.complete)
    assert not driver.actions(actions.Cut), "what has come is played to its end"
    assert driver.sent[-1] == directions.FINISH
    driver.listen(1)
    driver.says("a queue and not a table?")
    driver.listen(4)
    assert not any(turn.interrupted for turn in driver.record)


def test_a_premature_turn_complete_is_asked_to_finish(driver: Driver) -> None:
    answer(driver)
    interviewer.said(driver.floor, "Why did you choose", driver.now)
    driver.audio(sound(1.5))
    driver.complete()
    assert driver.sent[-1] == directions.FINISH


def test_leftover_sound_and_words_open_no_turn(driver: Driver) -> None:
    answer(driver)
    driver.says("Why a", 1, complete=False)
    driver.wait(0.2)
    driver.audio(sound(0.3))
    interviewer.said(driver.floor, " queue?", driver.now)
    driver.wait(1)
    driver.complete()
    driver.listen(3)
    assert driver.transcript[-1] == ("interviewer", "Why a queue?")
    assert directions.FINISH not in driver.sent
    assert len(driver.actions(actions.Begin)) == 2


def test_words_after_turn_complete_amend_the_turn(driver: Driver) -> None:
    answer(driver)
    driver.says("Why a", 1)
    driver.listen(1.1)
    interviewer.said(driver.floor, " queue?", driver.now)
    driver.perform()
    assert driver.transcript[-1] == ("interviewer", "Why a queue?")


def test_a_reply_right_after_an_interruption_is_no_leftover(driver: Driver) -> None:
    answer(driver)
    interviewer.said(driver.floor, "Thank you. How did you test it?", driver.now)
    driver.audio(sound(2))
    driver.listen(4)
    driver.frame({"serverContent": {"interrupted": True}})
    driver.wait(0.3)
    driver.says("I see. And what failed?", 1)
    driver.listen(3)
    assert driver.transcript[-2:] == [
        ("interviewer", "Thank you. How did you test it?"),
        ("interviewer", "I see. And what failed?"),
    ]


def test_a_reply_to_an_answer_given_over_the_playback_is_no_leftover(driver: Driver) -> None:
    answer(driver)
    driver.says("How did you test it?", 5, complete=False)
    driver.speak(0.8)
    driver.listen(0.4)
    driver.says("I see. And what failed?", 1)
    driver.listen(6)
    assert driver.transcript[-1] == ("interviewer", "I see. And what failed?")


# The connection


def test_a_connection_that_is_lost_in_mid_answer_loses_no_turn(driver: Driver) -> None:
    driver.speak(10)
    driver.lose()
    driver.speak(5)
    driver.connect(seeded=True, sound=15)
    driver.listen(1.5)
    driver.hears("All of the long answer.")
    driver.says("I see.")
    driver.listen(3)
    assert driver.transcript[1] == ("candidate", "All of the long answer.")
    assert directions.GO_ON not in driver.sent


def test_a_fragment_of_the_greeting_is_no_turn_and_its_number_is_used_again() -> None:
    driver = Driver()
    for _ in range(5):
        driver.connect(seeded=False)
        driver.wait(0.3)
        interviewer.said(driver.floor, "Hello", driver.now)
        driver.audio(sound(0.2))
        driver.wait(0.2)
        driver.lose()
    driver.connect(seeded=False)
    driver.says("Hello Ada, I am Iris.")
    driver.wait(3)
    assert driver.transcript == [("interviewer", "Hello Ada, I am Iris.")]
    assert driver.record[0].number == 0
    assert set(driver.sent) == {directions.BEGIN}


def test_go_away_waits_for_a_pause(driver: Driver) -> None:
    driver.speak(2)
    driver.floor.leave_by = driver.now + 30
    driver.speak(10)
    assert driver.redials == []
    driver.listen(1.4)
    driver.hears("A long answer.")
    driver.says("Thank you. And why?", 2)
    driver.listen(2.5)
    assert driver.redials == ["go_away"]
    assert driver.floor.state is State.OPEN


def test_go_away_waits_no_longer_than_it_can(driver: Driver) -> None:
    driver.floor.leave_by = driver.now + 5
    driver.speak(6)
    assert driver.redials == ["go_away"]
    assert driver.times(actions.Redial)[0] + 100 <= driver.now


def test_what_is_typed_without_a_connection_is_sent_on_the_next(driver: Driver) -> None:
    driver.lose()
    candidate.typed(driver.floor, "I built a queue.", driver.now)
    driver.connect(seeded=False, resumed=True)
    assert driver.sent[-1] == "I built a queue."


# The end


def test_end_waits_for_the_words_of_what_was_just_said(driver: Driver) -> None:
    driver.speak(20)
    driver.listen(0.3)
    candidate.end(driver.floor, "candidate", driver.now)
    driver.perform()
    assert driver.actions(actions.SendSilence), "silence ends the answer at once"
    assert not driver.actions(actions.End)
    driver.wait(1.5)
    driver.hears("All of the answer.")
    assert driver.actions(actions.End)[0].reason == "candidate"
    driver.end()
    assert driver.transcript[-1] == ("candidate", "All of the answer.")


def test_end_waits_three_seconds_at_the_most(driver: Driver) -> None:
    driver.speak(20)
    candidate.end(driver.floor, "candidate", driver.now)
    driver.perform()
    pressed = driver.now
    driver.wait(5)
    driver.end()
    assert driver.times(actions.End)[0] + 100 - pressed == pytest.approx(3, abs=0.3)
    assert driver.record[-1].doubt == ("untranscribed",)


def test_end_with_nothing_unwritten_ends_at_once(driver: Driver) -> None:
    candidate.end(driver.floor, "candidate", driver.now)
    driver.perform()
    assert driver.actions(actions.End)


def three_answers(driver: Driver) -> None:
    for number in range(3):
        answer(driver, f"I did {number} things.")
        if number < 2:
            driver.says("And then?", 1)
            driver.listen(1.5)


def test_a_call_without_a_goodbye_asks_for_one_and_ends_after_it(driver: Driver) -> None:
    three_answers(driver)
    driver.call()
    assert driver.actions(actions.Respond)[-1].response == {"result": directions.NO_GOODBYE}
    assert not driver.actions(actions.Respond)[-1].silent
    driver.listen(0.8)
    driver.says("Thank you, goodbye.", 1.5)
    driver.listen(1)
    assert not driver.actions(actions.End), "the goodbye is heard to its end"
    driver.listen(1)
    assert driver.actions(actions.End)[0].reason == "interviewer"


def test_a_call_after_a_goodbye_ends_once_it_is_played(driver: Driver) -> None:
    three_answers(driver)
    driver.says("Thank you, goodbye.", 2, complete=False)
    driver.call()
    assert driver.actions(actions.Respond)[-1].silent
    driver.listen(1)
    assert not driver.actions(actions.End)
    driver.listen(1.5)
    assert driver.actions(actions.End)


def test_a_goodbye_without_the_call_ends_after_fifteen_quiet_seconds(driver: Driver) -> None:
    three_answers(driver)
    driver.says("Thank you for your time. Goodbye!", 2)
    driver.listen(16)
    assert not driver.actions(actions.End)
    driver.listen(2)
    assert driver.actions(actions.End)[0].reason == "interviewer"


def test_thanks_bye_over_the_goodbye_does_not_undo_it(driver: Driver) -> None:
    three_answers(driver)
    driver.says("Thank you, goodbye.", 2, complete=False)
    driver.call()
    driver.speak(0.8)
    driver.frame({"serverContent": {"interrupted": True}})
    driver.listen(1.2)
    driver.hears("Thanks, bye.")
    driver.listen(2)
    assert driver.actions(actions.End)
    driver.end()
    assert driver.transcript[-1] == ("candidate", "Thanks, bye.")


def test_thanks_bye_after_the_goodbye_needs_no_reply(driver: Driver) -> None:
    three_answers(driver)
    driver.says("Thank you for your time. Goodbye!", 2)
    driver.listen(2.5)
    answer(driver, "Thanks, bye.", 1)
    driver.listen(20)
    assert directions.REMIND not in driver.sent
    assert driver.actions(actions.End)


def test_a_refused_early_end_goes_on_with_a_question(driver: Driver) -> None:
    answer(driver)
    driver.call()
    assert driver.actions(actions.Respond)[-1].response == {"error": directions.TOO_EARLY}
    driver.listen(0.8)
    driver.says("What did you build next?")
    driver.listen(3)
    assert driver.floor.state is State.OPEN
    assert not driver.actions(actions.End)


def test_an_early_end_at_the_candidates_request_is_granted(driver: Driver) -> None:
    answer(driver, "I would like to stop.")
    driver.call("candidate_request")
    driver.listen(0.8)
    driver.says("Of course. Goodbye.", 1)
    driver.listen(2)
    assert driver.actions(actions.End)


def test_an_unknown_tool_is_answered_too(driver: Driver) -> None:
    interviewer.called(driver.floor, "call_1", "look_up", {}, driver.now)
    driver.perform()
    assert driver.actions(actions.Respond)[0].response == {"error": directions.NO_SUCH_TOOL}


def test_advice_waits_for_a_pause(driver: Driver) -> None:
    driver.speak(1)
    waiting.advise(driver.floor, directions.WRAP_UP, driver.now)
    driver.speak(2)
    assert directions.WRAP_UP not in driver.sent
    driver.listen(1.4)
    driver.hears("A long answer.")
    driver.says("I see. And why?", 1)
    driver.listen(1.5)
    assert driver.sent[-1] == directions.WRAP_UP


def test_time_up_lifts_thinking_time(driver: Driver) -> None:
    candidate.hold(driver.floor, on=True, now=driver.now)
    driver.time_up = True
    waiting.interject(driver.floor, directions.GOODBYE, driver.now)
    driver.perform()
    assert driver.sent[-1] == directions.GOODBYE
    driver.says("Time is up, thank you. Goodbye.", 2, complete=False)
    driver.call("time")
    driver.listen(3)
    assert driver.actions(actions.End)[0].reason == "time_limit"


# The table


def test_every_state_can_be_left_and_reached() -> None:
    reached = {to for row in TRANSITIONS.values() for to in row.values()}
    assert reached == set(State) - {State.OVER}, "the end is reached from everywhere"
    assert all(row for state, row in TRANSITIONS.items() if state is not State.OVER)
