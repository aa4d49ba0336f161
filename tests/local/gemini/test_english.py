"""Sentences, words and first names."""

import pytest

from local.gemini.english import is_first_name, is_word, sentences


@pytest.mark.parametrize(
    "whole",
    [
        ("I worked at St. Mary's for six years.", "Then I moved."),
        ("I have a Ph.D.", "My thesis was on birds."),
        ("We moved to Node.js and it was fine.", "Next.js came later."),
        ("I'm Tom.", "I fix cars."),
        ("Dr. Patel and I ran the clinic at 3 p.m. every day.", "She left."),
        ("It cost $3.50 per unit.", "No. 5 was the best."),
        ("I moved to the U.S. in 2010.", "The U.S. Army hired me."),
        ("I use ASP.NET Core.", "It's fast."),
    ],
)
def test_sentences_end_where_a_person_ends_them(whole: tuple[str, ...]) -> None:
    assert sentences(" ".join(whole)) == whole


def test_words_and_first_names() -> None:
    assert all(map(is_word, ("triage", "croissants", "PostgreSQL", "follow-up", "the")))
    assert not any(map(is_word, ("asdf", "blorp", "qwer")))
    assert all(map(is_first_name, ("Tom", "Siobhan", "Priya", "fatima")))
    assert not any(map(is_first_name, ("Shivon", "Yes", "Nurse", "German")))
