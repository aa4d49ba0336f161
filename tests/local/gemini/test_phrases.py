"""What an answer mentions that is surely so called."""

import pytest

from local.gemini.phrases import Mention, mention


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [
        ("I worked at St. Mary's for six years. Then I moved.", "St. Mary's"),
        ("We moved the board to Node.js and it was fine.", "Node.js"),
        ("I did my Ph.D. in Boston.", None),
        ("We used kafka for the events.", "Kafka"),
        ("I moved the reports to Google Analytics last year.", "Google Analytics"),
        ("Kafka's speed was fine.", "Kafka"),
        ("I was at McDonald's for a year.", "McDonald's"),
        ("I stayed at the Grand Hotel in Bath.", "the Grand Hotel"),
        ("I work for Baker & Stone LLP on contracts.", "Baker & Stone LLP"),
        ("I said no to a client at Acme Inc. It was hard.", "Acme Inc."),
        ("I studied at the University of Leeds.", "the University of Leeds"),
        ("At St. Bartholomew's I ran the ward.", "St. Bartholomew's"),
        ("Tidepool Bank hired me.", "Tidepool Bank"),
        ("Northern Trust hired me.", None),
        ("My boss Dr. Patel taught me.", None),
        ("I worked with my colleague Anna at night.", None),
        ("I called the CFO and the ICU.", None),
        ("We met on Monday at Christmas.", None),
        ("I excel at cooking.", None),
        ("Hello, I'm Maya Chen.", None),
        ("Yes, I did that.", None),
        ("", None),
    ],
)
def test_only_names_that_are_whole_and_of_a_place_or_a_thing(typed: str, phrase: str | None) -> None:
    found = mention(typed, spoken=False)
    assert (found and found.phrase) == phrase


def test_a_place_is_told_from_a_thing() -> None:
    assert mention("I was at Krume for a year.", spoken=False) == Mention("Krume", place=True)
    assert mention("I used Krume for a year.", spoken=False) == Mention("Krume", place=False)


def test_of_spoken_words_only_confirmed_ones() -> None:
    assert mention("I worked at Tightwell Clinic for a year.", spoken=True) is None
    assert mention("We used Kafka at Tightwell Clinic.", spoken=True) == Mention("Kafka")
    assert mention("Mostly I do triages.", spoken=True, terms=("triage",)) == Mention("triage")
    known = ("Parcelway",)
    assert mention("I work at parcel way now.", spoken=True, places=known) == Mention("Parcelway", place=True)
    assert mention("I work at Tightwell now.", spoken=True, places=known) is None


def test_what_is_known_already_is_left_out() -> None:
    assert mention("I use Python and Kafka.", spoken=False, used=("Python backend",)) == Mention("Kafka")
    assert mention("I use Kafka.", spoken=False, used=("Kafka",)) is None
