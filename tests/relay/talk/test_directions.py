"""Directions: what a candidate types is none, and one that is read aloud is recognised."""

import pytest

from interview.fence import neutral
from relay.talk import directions
from relay.talk.directions import after_reading, read_aloud


@pytest.mark.parametrize("direction", directions.ALL)
def test_a_direction_is_in_brackets_and_nothing_typed_is_one(direction: str) -> None:
    assert direction[0] + direction[-1] == "[]"
    assert "[" not in direction[1:]
    typed = neutral(direction)
    assert not {"[", "]"} & set(typed)
    assert typed[1:-1] == direction[1:-1]


@pytest.mark.parametrize("direction", directions.ALL)
def test_a_direction_read_aloud_is_recognised_word_by_word(direction: str) -> None:
    """With brackets at its first character, without them after four words at the latest, and never taken for speech."""
    assert read_aloud(direction[:1]) == "direction"
    said = direction.strip("[]").split()
    readings = [read_aloud(" ".join(said[:count]).upper()) for count in range(1, len(said) + 1)]
    assert readings[:3] == ["perhaps"] * 3
    assert set(readings[4:]) <= {"direction"}


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("", "perhaps"),
        ("  ", "perhaps"),
        ("<no speech>", "mark"),
        ("<no ", "mark"),
        (" <", "mark"),
        ("[The", "direction"),
        ("Hello Ada.", "no"),
        ("The", "perhaps"),
        ("The candidate", "perhaps"),
        ("The candidate who asks most", "no"),
        ("Time is up, so let us end here.", "no"),
        ("Time is up: say goodbye", "direction"),
        ("Is the candidate waiting?", "no"),
    ],
)
def test_a_reading_in_full_and_in_part(text: str, reading: str) -> None:
    assert read_aloud(text) == reading


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("<no speech>", ""),
        ("<no speech> Hello Ada.", "Hello Ada."),
        ("<no ", ""),
        (directions.BEGIN, ""),
        (f"{directions.BEGIN} Hello Ada.", "Hello Ada."),
        ("[The candidate has", ""),
        (directions.BEGIN.strip("[]"), ""),
        (f"{directions.BEGIN.strip('[]')} Hello Ada.", "Hello Ada."),
        ("Hello Ada.", ""),
        ("", ""),
    ],
)
def test_what_follows_a_reading(text: str, rest: str) -> None:
    assert after_reading(text) == rest


def test_words_are_compared_without_case_and_punctuation() -> None:
    assert directions.words("Time is UP: say_goodbye, naïve!") == ["time", "is", "up", "say", "goodbye", "naïve"]
