"""What counts as the candidate's own words, and what only repeats the interviewer."""

from dataclasses import replace

import pytest

from interview.assessment.evidence import ground
from tests.interview.records import turns

TOLD = "A covering index holds every column that the query asks for."
TALK = turns("What is a covering index?", "I am not quite sure about that one.", TOLD, "So a covering index holds all.")


@pytest.mark.parametrize(
    ("passage", "corrected", "borrowed"),
    [
        pytest.param("a covering index holds every column", True, True, id="a correction knows what was said later"),
        pytest.param("a covering index holds every column", False, False, id="nobody knows what is said later"),
        pytest.param("it keeps the columns of a query together", True, False, id="a correction in own words"),
        pytest.param("holds every column", True, False, id="three words are those of the subject"),
    ],
)
def test_a_passage_of_a_correction_is_borrowed_from_any_turn_of_the_interviewers(
    passage: str, *, corrected: bool, borrowed: bool
) -> None:
    text = f"Well, in my own words I think that {passage}, as far as I remember it from my work with reports."
    answer = replace(TALK[1], corrected_text=text) if corrected else replace(TALK[1], text=text)
    told = ground([TALK[0], answer, *TALK[2:]])
    assert 1 in told.answers, "the turn counts: most of it is not borrowed"
    assert told.borrowed(passage, 1) == borrowed
