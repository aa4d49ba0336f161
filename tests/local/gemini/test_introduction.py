"""The candidate's name."""

import pytest

from local.gemini.introduction import is_introduction, own_name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("I'm Tom.", "Tom"),
        ("Tom", "Tom"),
        ("i'm sam", "Sam"),
        ("Hi Iris, I'm Maya.", "Maya"),
        ("Hi, my name is maria and I paint.", "Maria"),
        ("You can call me Jo.", "Jo"),
        ("My friends call me Bea.", "Bea"),
        ("My name's Jean-Luc.", "Jean-Luc"),
        ("Hello Iris, this is Anne-Marie.", "Anne-Marie"),
        ("I go by Mo.", "Mo"),
        ("My name is Xiaopin.", "Xiaopin"),
        ("Good morning, Dr. Patel here.", "Dr. Patel"),
        ("I am German.", None),
        ("I'm Nursing at the moment.", None),
        ("I'm fine.", None),
        ("Yes.", None),
        ("I have worked at St. Mary's for six years.", None),
    ],
)
def test_a_name_that_was_typed_when_it_was_asked_for(said: str, name: str | None) -> None:
    assert own_name(said, spoken=False, asked=True) == name


@pytest.mark.parametrize(
    ("heard", "name"),
    [("I'm Tom.", "Tom"), ("My name is Maria.", "Maria"), ("My name is Xiaopin.", None), ("I'm Shivon.", None)],
)
def test_a_name_that_was_heard_counts_only_if_it_is_a_known_one(heard: str, name: str | None) -> None:
    assert own_name(heard, spoken=True, asked=True) == name


def test_a_word_alone_is_a_name_only_when_it_was_asked_for() -> None:
    assert own_name("Tom", spoken=False, asked=False) is None


@pytest.mark.parametrize(
    ("said", "alone"),
    [
        ("I'm Tom.", True),
        ("Hello", True),
        ("My name is Xiaopin.", True),
        ("I'm Chen Wei.", True),
        ("I'm Tom and I have worked as a nurse for ten years.", False),
        ("I'm German.", False),
        ("Yes.", False),
        ("It depends on the client.", False),
    ],
)
def test_an_introduction_is_told_from_an_answer(said: str, alone: bool) -> None:
    assert is_introduction(said) is alone
