"""The phrases of an answer that are worth asking about."""

import pytest

from local.gemini.phrases import own_name, salient, spelled


@pytest.mark.parametrize(
    ("answer", "phrase"),
    [
        ("We used kafka for the events.", "Kafka"),
        ("I moved the reports to Google Analytics last year.", "Google Analytics"),
        ("I built an event pipeline that handled the load.", "the event pipeline"),
        ("So our onboarding process was far too long.", "your onboarding process"),
        ("I like it a lot and it is the best thing of all time.", None),
        ("Yes, I did that.", None),
        ("Our cache returns stale prices.", "your cache"),
        ("Tidepool Bank hired me.", "Tidepool Bank"),
        ("It was said that nobody noticed.", None),
        ("Hello, I'm Maya Chen.", None),
        ("Hi, my name is Maya and I paint.", None),
        ("I'm Maya, and I moved the reports to Redis.", "Redis"),
        ("", None),
    ],
)
def test_names_first_then_specific_nouns_and_nothing_vague(answer: str, phrase: str | None) -> None:
    assert salient(answer) == phrase


def test_what_is_known_already_is_left_out() -> None:
    assert salient("I use Python and Kafka.", used=("Python backend",)) == "Kafka"
    assert salient("I use Kafka.", used=("Kafka",)) is None


def test_a_name_that_the_candidate_says() -> None:
    assert own_name("Hi, my name is maria and I paint.") == "Maria"
    assert own_name("Hi Iris, I'm Maya.") == "Maya"
    assert own_name("I am German.") is None


def test_a_name_from_the_cv_is_spelled_as_there() -> None:
    known = ("Tidepool Bank", "Lantern")
    assert spelled("Typle Bank", known) == "Tidepool Bank"
    assert spelled("Kafka", known) == "Kafka"
    assert spelled("the lanterns", known) == "the lanterns"
