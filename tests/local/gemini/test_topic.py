"""The topic as the interviewer says it."""

import re
from pathlib import Path

import pytest

from local.gemini.topic import read

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Emergency room nursing", "emergency room nursing"),
        ("Contract Law", "contract law"),
        ("contract law in Germany", "contract law in Germany"),
        ("Product management: saying no to stakeholders", "product management"),
        ("Python back ends with PostgreSQL", "Python back ends with PostgreSQL"),
        ("python, django, sql", "Python, Django and SQL"),
        ("seo", "SEO"),
        ("Marketing & PR", "marketing and PR"),
        ("Nursing (ICU)", "nursing"),
        ("node.js back ends", "Node.js back ends"),
        ("Ph.D. defence in biology", "Ph.D. defence in biology"),
        ("Interview for a nursing position", "nursing"),
        ("Topic: nursing", "nursing"),
        ("Leading a sales team", "leading a sales team"),
    ],
)
def test_a_field_has_the_capitals_that_it_has_within_a_sentence(typed: str, said: str) -> None:
    topic = read(typed)
    assert (topic.kind, topic.name, topic.here) == ("field", said, said)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("First-time engineering manager", "first-time engineering manager"),
        ("Head chef at a busy restaurant", "head chef at a busy restaurant"),
        ("Registered Nurses", "registered nurse"),
        ("a barista", "barista"),
        ("Software engineer interview", "software engineer"),
        ("AWS Solutions Architect", "AWS solutions architect"),
    ],
)
def test_a_role_is_called_a_role(typed: str, said: str) -> None:
    topic = read(typed)
    assert (topic.kind, topic.name, topic.here) == ("role", said, "this role")


@pytest.mark.parametrize(
    "typed",
    [
        "Tell me about yourself",
        "how to sell cars",
        "Why should we hire you?",
        "{x} and {0}",
        "日本語",
        "Hotel front desk",
    ],
)
def test_anything_else_is_quoted_once(typed: str) -> None:
    topic = read(typed)
    assert (topic.kind, topic.here) == ("quoted", "this subject")
    assert topic.name == f"“{typed.rstrip('?')}”" or topic.name == f"“{typed}”"


def test_a_long_sentence_is_cut_between_words_and_not_within_a_name() -> None:
    topic = read("I want to practise for my first job as a nurse at St. Mary's hospital in Leeds")
    assert topic.name == "“I want to practise for my first job as a nurse…”"


def test_a_topic_without_a_letter_is_not_said() -> None:
    assert read("!!!").name == "your field"


def test_none_of_the_pages_examples_needs_quotation_marks() -> None:
    source = (ROOT / "web/src/features/setup/choices.ts").read_text("utf-8")
    block = re.search(r"EXAMPLES = \[(.*?)\]", source, re.DOTALL)
    assert block
    examples = re.findall(r'"(.+?)"', block.group(1))
    assert len(examples) >= 6
    assert {read(example).kind for example in examples} == {"field", "role"}
