"""Answers to candidates' questions."""

import pytest

from local.gemini import answers


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("What is the salary?", "hiring team"),
        ("How did I do?", "don't judge"),
        ("Are you a human?", "software"),
        ("Is this recorded?", "transcript"),
        ("Will it rain tomorrow?", "leave it open"),
    ],
)
def test_answers_are_honest_and_hold_no_question(question: str, part: str) -> None:
    answer = answers.to(question)
    assert part in answer
    assert "?" not in answer
