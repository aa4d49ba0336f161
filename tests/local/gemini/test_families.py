"""The families of topics."""

import itertools

import pytest

from local.gemini import families

LEVELS = ("beginner", "intermediate", "advanced")


def test_there_are_at_least_twenty_with_four_questions_for_each_level() -> None:
    everything = families.everything()
    assert len(everything) >= 20
    for family in everything:
        assert len(family.words) >= 5, family.name
        assert len(family.terms) >= 15, family.name
        assert [len(family.questions[level]) for level in LEVELS] == [4, 4, 4], family.name  # type: ignore[index]


def test_each_text_holds_one_question_and_none_stands_twice() -> None:
    texts = [text for family in families.everything() for texts in family.questions.values() for text in texts]
    assert all(text.count("?") == 1 and text.endswith("?") and text[0].isupper() for text in texts)
    assert not any(set("{}") & set(text) for text in texts)
    assert len(set(texts)) == len(texts)


def test_no_word_belongs_to_two_families() -> None:
    for one, other in itertools.combinations(families.everything(), 2):
        assert not set(one.words) & set(other.words), (one.name, other.name)


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("Emergency room nursing", "nursing"),
        ("Cardiology", "medicine"),
        ("Primary school teaching", "teaching"),
        ("Mathematics teacher for 9th grade", "teaching"),
        ("Contract law", "law"),
        ("Hotel front desk", "hospitality"),
        ("Restaurant manager", "hospitality"),
        ("Pastry chef", "cooking"),
        ("Electrician apprenticeship", "trades"),
        ("Car mechanic", "mechanics"),
        ("Supermarket cashier", "service"),
        ("how to sell cars", "sales"),
        ("Marketing manager", "marketing"),
        ("Product management: saying no to stakeholders", "product"),
        ("First-time engineering manager", "management"),
        ("Financial auditing", "finance"),
        ("Recruiting", "hr"),
        ("Warehouse logistics", "logistics"),
        ("Mechanical engineering", "engineering"),
        ("Biology research", "science"),
        ("Journalism", "writing"),
        ("Social work with children", "care"),
        ("Python back ends with PostgreSQL", "backend"),
        ("System design for a chat app", "backend"),
        ("React and TypeScript", "frontend"),
        ("Data science", "data"),
        ("Kubernetes", "devops"),
        ("Penetration testing", "security"),
        ("UX/UI design", "design"),
        ("Underwater basket weaving", None),
    ],
)
def test_a_topic_finds_its_family(topic: str, name: str | None) -> None:
    family = families.find(topic)
    assert (family and family.name) == name
