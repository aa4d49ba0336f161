"""Printed CVs (documents/make.py) read as a person reads them: what comes after what, and what stays together."""
# ruff: noqa: E501 - sample texts

from functools import cache
from pathlib import Path

import pytest

from tests.interview.cv.reading import text_of_pdf

FOLDER = Path(__file__).parent / "documents"

# Words that follow each other in this order, each of them once at least after the one before.
ORDER = {
    "equal_columns": ["Ada Marlowe", "Platform engineer", "Profile", "build platforms", "Teaching", "database of their own",
                      "Writing", "a book on operations", "Fjordlight", "without a night", "Difference", "Jacquard", "weavers"],
    "cards": ["Ada Marlowe", "Lantern", "used by four teams", "Harbour", "the line is cut", "Thimble", "configuration fewer",
              "Bobbin", "within a year", "Quill", "spreadsheets", "Sextant", "away from it", "Languages", "French"],
    "margin_dates": ["Experience", "March 2021", "Oslo", "Senior Platform Engineer", "colleagues to keep it", "June 2017",
                     "Cambridge", "Platform Engineer, Difference", "within a year", "September 2014", "Jacquard",
                     "four factories", "Education", "2010", "BSc"],
    "right_dates": ["Ada Marlowe", "PROFILES", "EXPERIENCE", "Senior Platform Engineer", "March 2021", "Fjordlight", "Oslo,",
                    "colleagues", "Platform Engineer", "June 2017", "Jacquard"],
    "dark_sidebar": ["Ada Marlowe", "CONTACT", "ada@marlowe.example", "Skills", "Terraform", "Languages", "Norwegian",
                     "Interests", "silent era", "Experience", "Senior Platform Engineer", "June 2017", "four factories"],
    "nested_tables": ["Ada Marlowe", "Contact", "Skills", "Terraform", "Languages", "French", "Experience",
                      "Senior Platform Engineer", "Fjordlight", "keep it", "Difference", "Jacquard", "factories", "References"],
    "two_sections": ["Ada Marlowe", "files the proof", "Fjordlight", "Difference Engines", "Jacquard", "four factories",
                     "Fjordlight", "Difference Engines", "Jacquard"],
    "newspaper": ["Ada Marlowe", *[f"Project {i}:" for i in range(1, 21)]],
}  # fmt: skip
# Lines, or sentences over several of them.
TOGETHER = {
    "equal_columns": [
        "have looked after schedulers, queues and the pipelines between them, and after the people who are called",
        "We halved its machines without a night of downtime, and wrote down every step for those who come after us.",
    ],
    "cards": ["A tracing tool for batch jobs that shows where a night's hours went", "Lantern 2023", "Sextant 2016"],
    "margin_dates": [
        "finds conflicting workflows before they start.",
        "March 2021 \u2013 Present Oslo, Norway Senior Platform Engineer, Fjordlight Offices",
    ],
    "right_dates": [
        "Senior Platform Engineer March 2021 \u2013 Present",
        "Fjordlight Offices Oslo, Norway",
        "First officer of five efficient offices, official finalist of the Fjord Certifications.",
        "Software Developer September 2014 \u2013 May 2017",
    ],
    "dark_sidebar": [
        "Rowing, looms, and the first films of the silent era.",
        "Software Developer September 2014 \u2013 May 2017",
        "Platform engineer who finds the efficient way and files the proof.",
    ],
    "skill_rows": [
        "Languages Python, Rust, Go, TypeScript and enough SQL",
        "Data PostgreSQL, Kafka, ClickHouse",
        "Cloud Architect Harbour Institute 2022",
        "First Responder City of Oslo 2019",
    ],
    "nested_tables": ["Senior Platform Engineer March 2021 \u2013 Present", "Jacquard Looms Lyon, France"],
    "two_sections": ["Defined the official certification path for twelve financial profiles and taught six colleagues"],
    "newspaper": [
        (
            "Sail began as a note on one page. In its first year it carried the accounts of 21 offices, and in the second those"
            " of 62."
        )
    ],
    "hindi": [
        "\u0905\u0926\u093f\u0924\u093f \u0936\u0930\u094d\u092e\u093e",
        "\u0915\u094d\u0937\u0947\u0924\u094d\u0930\u0940\u092f \u0915\u093e\u0930\u094d\u092f\u093e\u0932\u092f\u094b\u0902 \u0915\u0947 \u0932\u093f\u090f",
        "\u0935\u093f\u0926\u094d\u092f\u093e\u0930\u094d\u0925\u093f\u092f\u094b\u0902 \u0915\u094b \u092a\u094d\u0930\u0936\u093f\u0915\u094d\u0937\u0923",
        "\u0926\u093f\u0932\u094d\u0932\u0940 2019 \u2013 2024",
    ],
    "thai": [
        "\u0e19\u0e49\u0e33\u0e17\u0e34\u0e1e\u0e22\u0e4c \u0e28\u0e23\u0e35\u0e2a\u0e38\u0e02",
        "\u0e08\u0e31\u0e14\u0e01\u0e32\u0e23\u0e04\u0e33\u0e2a\u0e31\u0e48\u0e07\u0e0b\u0e37\u0e49\u0e2d\u0e43\u0e2b\u0e49\u0e1a\u0e23\u0e34\u0e29\u0e31\u0e17",
        "\u0e40\u0e02\u0e35\u0e22\u0e19\u0e42\u0e1b\u0e23\u0e41\u0e01\u0e23\u0e21\u0e44\u0e14\u0e49\u0e14\u0e35\u0e02\u0e36\u0e49\u0e19",
    ],
    "arabic": [
        "\u0645\u0647\u0646\u062f\u0633\u0629 \u0628\u0631\u0645\u062c\u064a\u0627\u062a (\u0628\u0627\u064a\u062b\u0648\u0646)",
        "\u0634\u0631\u0643\u0629 \u0627\u0644\u0646\u0648\u0631 2019 - 2024",
        "40000 \u0637\u0644\u0628 (\u064a\u0648\u0645\u064a\u0627) \u0644\u0644\u0645\u0643\u0627\u062a\u0628",
    ],
    "hebrew": [
        "\u05de\u05d4\u05e0\u05d3\u05e1\u05ea \u05ea\u05d5\u05db\u05e0\u05d4 (\u05e4\u05d9\u05d9\u05ea\u05d5\u05df)",
        "\u05d1\u05db\u05d9\u05e8\u05d4 Google 2019 - 2024",
    ],
}


@cache
def read(name: str) -> str:
    return " ".join(text_of_pdf((FOLDER / f"{name}.pdf").read_bytes()).split())


@pytest.mark.slow
@pytest.mark.parametrize("name", ORDER)
def test_order(name: str) -> None:
    text, place = read(name), 0
    for words in ORDER[name]:
        found = text.find(words, place)
        assert found >= 0, f"{words!r} does not come after {text[max(0, place - 60) : place]!r}"
        place = found + len(words)


@pytest.mark.parametrize("name", TOGETHER)
def test_what_belongs_together_stays_together(name: str) -> None:
    text = read(name)
    for sentence in TOGETHER[name]:
        assert sentence in text


def test_header_and_page_numbers_do_not_interrupt() -> None:
    text = read("newspaper")
    assert text.count("Curriculum Vitae") == 1
    assert "Page 1 of" not in text


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.pdf")), ids=lambda path: path.stem)
def test_nothing_is_hidden_or_unreadable_in_an_honest_cv(path: Path) -> None:
    from interview.cv.pdf import read_pdf

    parsed = read_pdf(path.read_bytes(), pages=10, most_pages=50)
    assert (parsed.hidden_words, parsed.unreadable) == (0, ())
