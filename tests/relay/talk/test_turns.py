from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.record import Turn
from relay.talk.turns import GRACE, LATE, Caption, Finished, TurnEvent, TurnLog


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, by: timedelta) -> None:
        self.time += by


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def dialogue(hands: Hands) -> TurnLog:
    return TurnLog(hands)


def turns(told: Iterable[TurnEvent]) -> list[Turn]:
    return [item.turn for item in told if isinstance(item, Finished)]


def captions(told: Iterable[TurnEvent]) -> list[Caption]:
    return [item for item in told if isinstance(item, Caption)]


def test_a_caption_is_the_whole_turn_so_far(dialogue: TurnLog) -> None:
    assert dialogue.said(" Hello") == [Caption(0, "interviewer", "Hello", final=False)]
    assert dialogue.said(",") == [Caption(0, "interviewer", "Hello,", final=False)]
    assert dialogue.said(" Ada.") == [Caption(0, "interviewer", "Hello, Ada.", final=False)]


def test_the_interviewers_turn_ends_when_it_is_generated(dialogue: TurnLog, hands: Hands) -> None:
    started = hands.time
    dialogue.said("Welcome.")
    hands.pass_(timedelta(seconds=2))
    told = dialogue.generated()
    assert captions(told) == [Caption(0, "interviewer", "Welcome.", final=True)]
    assert turns(told) == [Turn(0, "interviewer", "Welcome.", started, hands.time)]
    assert dialogue.settled() == []


def test_the_candidates_turn_ends_with_the_interviewers_first_sound(dialogue: TurnLog) -> None:
    dialogue.heard(" I like")
    dialogue.heard(" Python.")
    (kept,) = turns(dialogue.speaking())
    assert (kept.number, kept.speaker, kept.text, kept.interrupted) == (0, "candidate", "I like Python.", False)
    assert turns(dialogue.said(" Why?")) == []
    assert dialogue.interviewer_turn == 1


def test_a_late_word_amends_the_answer_it_was_said_in(dialogue: TurnLog, hands: Hands) -> None:
    dialogue.heard("I like")
    dialogue.said("Why")
    hands.pass_(LATE)
    told = dialogue.heard(" Python.")
    assert captions(told) == [Caption(0, "candidate", "I like Python.", final=True)]
    assert [turn.text for turn in turns(told)] == ["I like Python."]


def test_what_comes_after_that_is_a_barge_in(dialogue: TurnLog, hands: Hands) -> None:
    dialogue.heard("I like Python.")
    dialogue.said("Why do you")
    hands.pass_(LATE + timedelta(seconds=1))
    assert captions(dialogue.heard("Wait")) == [Caption(2, "candidate", "Wait", final=False)]


def test_a_word_after_the_interruption_is_a_new_answer(dialogue: TurnLog) -> None:
    dialogue.heard("I like Python.")
    dialogue.said("Why do you")
    (cut,) = turns(dialogue.interrupted())
    assert (cut.number, cut.text, cut.interrupted) == (1, "Why do you", True)
    assert captions(dialogue.heard("Wait")) == [Caption(2, "candidate", "Wait", final=False)]


def test_an_interruption_while_it_is_still_being_heard_marks_the_turn(dialogue: TurnLog) -> None:
    dialogue.said("A long question.")
    dialogue.generated()
    (cut,) = turns(dialogue.interrupted())
    assert (cut.number, cut.text, cut.interrupted) == (0, "A long question.", True)
    assert dialogue.interrupted() == []


def test_what_has_been_heard_in_full_can_not_be_interrupted(dialogue: TurnLog) -> None:
    dialogue.said("A question.")
    dialogue.generated()
    dialogue.settled()
    assert dialogue.interrupted() == []
    assert dialogue.interviewer_turn is None


def test_the_interviewers_late_word_amends_its_turn(dialogue: TurnLog, hands: Hands) -> None:
    dialogue.said("Tell me")
    dialogue.generated()
    hands.pass_(GRACE)
    told = dialogue.said(" more.")
    assert [(turn.number, turn.text) for turn in turns(told)] == [(0, "Tell me more.")]
    hands.pass_(GRACE * 2)
    assert captions(dialogue.said("Next"))[0].turn == 1


def test_a_typed_answer_is_a_turn_at_once_and_cuts_whoever_speaks(dialogue: TurnLog) -> None:
    dialogue.said("Tell me about")
    told = turns(dialogue.typed("No, wait."))
    assert [(turn.number, turn.speaker, turn.text, turn.interrupted, turn.source) for turn in told] == [
        (0, "interviewer", "Tell me about", True, "speech"),
        (1, "candidate", "No, wait.", False, "text"),
    ]


def test_typing_ends_what_was_being_said_aloud(dialogue: TurnLog) -> None:
    dialogue.heard("I would")
    told = turns(dialogue.typed("rather type"))
    assert [(turn.number, turn.text, turn.source) for turn in told] == [
        (0, "I would", "speech"),
        (1, "rather type", "text"),
    ]
    assert dialogue.answers == 2


def test_a_turn_without_a_word_is_not_told_and_its_number_not_used_again(dialogue: TurnLog) -> None:
    dialogue.speaking()
    assert dialogue.generated() == []
    dialogue.settled()
    assert dialogue.heard("  ") == []
    assert captions(dialogue.heard("Yes"))[0].turn == 1


def test_flush_keeps_what_is_open_in_order(dialogue: TurnLog, hands: Hands) -> None:
    dialogue.said("Why do you")
    hands.pass_(LATE * 2)
    dialogue.heard("Because")
    told = turns(dialogue.flush())
    assert [(turn.number, turn.text, turn.interrupted) for turn in told] == [
        (0, "Why do you", True),
        (1, "Because", False),
    ]
    assert dialogue.flush() == []


def test_numbers_go_on_from_where_an_earlier_connection_stopped(hands: Hands) -> None:
    assert captions(TurnLog(hands, number=7).heard("Back"))[0].turn == 7


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["said", "heard", "typed"]), st.text(min_size=1, max_size=8)),
        st.tuples(st.sampled_from(["speaking", "interrupted", "generated", "settled"]), st.none()),
        st.tuples(st.just("wait"), st.sampled_from([0.1, 1.0, 5.0])),
    ),
    max_size=40,
)


@given(STEPS)
def test_whatever_happens_every_word_is_kept_once_and_no_number_means_two_turns(
    steps: list[tuple[str, str | float | None]],
) -> None:
    hands = Hands()
    dialogue = TurnLog(hands)
    told: list[TurnEvent] = []
    for step, value in steps:
        if step == "wait":
            assert isinstance(value, float)
            hands.pass_(timedelta(seconds=value))
        elif value is None:
            told += getattr(dialogue, step)()
        else:
            told += getattr(dialogue, step)(value)
    told += dialogue.flush()
    kept: dict[int, Turn] = {}
    for turn in turns(told):
        before = kept.get(turn.number)
        assert before is None or (before.speaker == turn.speaker and turn.text.startswith(before.text))
        kept[turn.number] = turn
    for speaker, sources in (("interviewer", ("said",)), ("candidate", ("heard", "typed"))):
        given_words = "".join(str(value) for step, value in steps if step in sources)
        kept_words = "".join(
            turn.text for turn in sorted(kept.values(), key=lambda t: t.number) if turn.speaker == speaker
        )
        assert "".join(kept_words.split()) == "".join(given_words.split())
