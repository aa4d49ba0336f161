"""Where a word ends on a typeset page."""

import io
import unicodedata

import pdfplumber
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.interview.cv.reading import rows, text_of_pdf
from tests.interview.cv.typeset import WIDTH, Page, measure, pdf

TITLE = "Site Reliability Engineer and Software Architect"


def one_line(text: str, **how: object) -> bytes:
    page = Page()
    page.text(50, 100, text, **how)  # type: ignore[arg-type]
    return pdf(page)


def by_default(data: bytes) -> str:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return str(document.pages[0].extract_text())


@pytest.mark.parametrize("size", [8, 9, 10, 11])
@pytest.mark.parametrize("space", [0.17, 0.222, 0.25])
def test_words_of_a_font_without_spaces_stay_apart(size: float, space: float) -> None:
    data = one_line(TITLE, size=size, space=space)
    # The page is one that glues words together when it is read in stream order.
    assert by_default(data) == TITLE.replace(" ", "")
    assert text_of_pdf(data) == TITLE


@pytest.mark.parametrize("size", [7, 12, 24])
def test_kerned_letters_stay_together(size: float) -> None:
    text = "AVATAR Two Types of LTE Waves, P.A. Fjord"
    assert text_of_pdf(one_line(text, size=size, space=0.33)) == text


@settings(max_examples=30, deadline=None)
@given(
    words=st.lists(
        st.text("abcdefghijklmnopqrstuvwxyzABCDEFGTVWY.,0123456789", min_size=1, max_size=12), min_size=2, max_size=9
    ),
    size=st.sampled_from([7.5, 9, 10, 10.95, 14]),
    space=st.sampled_from([0.2, 0.25, 0.333, 0.4]),
    spaces=st.booleans(),
)
def test_every_line_comes_back_word_for_word(words: list[str], size: float, space: float, spaces: bool) -> None:
    # What runs off the page is not seen.
    while measure(" ".join(words), size, space=max(space, 0.3)) > WIDTH - 40:
        words.pop()
    # A line of single letters can't be told from a letter-spaced word.
    assume(sum(map(len, words)) >= 2 * len(words))
    text = " ".join(words)
    page = Page()
    page.text(20, 100, text, size, space=space, spaces=spaces)
    page.text(20, 130, "Another line to stand below it")
    assert rows(text_of_pdf(pdf(page))) == [text, "Another line to stand below it"]


@pytest.mark.parametrize("tracking", [0.05, 0.1, 0.2, 0.4])
def test_letter_spaced_heading_is_words(tracking: float) -> None:
    data = one_line("PROFESSIONAL EXPERIENCE", tracking=tracking, space=0.3)
    assert text_of_pdf(data) == "PROFESSIONAL EXPERIENCE"


def test_heading_spaced_out_by_hand_is_words() -> None:
    data = one_line("W O R K   E X P E R I E N C E", spaces=True)
    assert by_default(data).startswith("W O R K")
    assert text_of_pdf(data) == "WORK EXPERIENCE"


def test_digits_in_a_row_of_a_table_stay_apart() -> None:
    assert text_of_pdf(one_line("1 2 3 4 5 6 7", space=0.4)) == "1 2 3 4 5 6 7"


def test_small_capitals_are_one_word() -> None:
    page = Page()
    x = 50.0
    for text, size in (("C", 12), ("OMPUTER", 9), (" ", 0), ("S", 12), ("CIENCE", 9)):
        if text == " ":
            x += 3.5
            continue
        page.text(x, 100, text, size)
        x += measure(text, size)
    assert text_of_pdf(pdf(page)) == "COMPUTER SCIENCE"


def test_superscript_stays_with_its_word() -> None:
    page = Page()
    page.text(50, 100, "Updated on 21")
    x = 50 + measure("Updated on 21")
    page.text(x, 96.4, "st", 7)
    page.text(x + measure("st", 7) + 3, 100, "January 2015")
    page.text(50, 112, "And the next line")
    assert rows(text_of_pdf(pdf(page))) == ["Updated on 21st January 2015", "And the next line"]


def test_logo_with_a_lowered_letter_is_one_word() -> None:
    page = Page()
    page.text(50, 100, "Java and")
    x = 50 + measure("Java and") + 3
    for text, dx, dy, size in (
        ("L", 0, 0, 10),
        ("A", 3.2, -2, 7),
        ("T", 6.5, 0, 10),
        ("E", 11.6, 2.2, 10),
        ("X", 17.2, 0, 10),
    ):
        page.text(x + dx, 100 + dy, text, size)
    page.text(x + 28, 100, "daily")
    assert text_of_pdf(pdf(page)) == "Java and LATEX daily"


def test_ligatures_are_letters() -> None:
    data = one_line("An efficient workflow for the first office")
    with pdfplumber.open(io.BytesIO(data)) as document:
        assert "\ufb01" in {char["text"] for char in document.pages[0].chars}
    assert text_of_pdf(data) == "An efficient workflow for the first office"


def test_accents_drawn_over_letters_are_part_of_them() -> None:
    page = Page()
    page.text(50, 100, "Ren")
    x = 50 + measure("Ren")
    page.text(x, 100, "e")
    page.text(x, 100, "\u00b4")
    page.text(x + measure("e"), 100, "e M")
    x += measure("ee M")
    page.text(x, 100, "u")
    page.text(x, 99.5, "\u00a8")
    page.text(x + measure("u"), 100, "ller")
    text = text_of_pdf(pdf(page))
    assert text == unicodedata.normalize("NFC", "Rene\u0301e Mu\u0308ller")


def test_overprinted_bold_is_read_once() -> None:
    page = Page()
    for shift in (0, 0.3, 0.6):
        page.text(50 + shift, 100, "Jill Miller")
    assert by_default(pdf(page)) != "Jill Miller"
    assert text_of_pdf(pdf(page)) == "Jill Miller"


def test_word_divided_at_the_end_of_a_line_is_whole() -> None:
    page = Page()
    page.lines(50, 100, ["Worked on the infra-", "structure of a well-", "known and long-", "lived service."])
    assert text_of_pdf(pdf(page)) == "Worked on the infrastructure\nof a well-known\nand long-lived\nservice."


def test_icons_are_dropped() -> None:
    page = Page()
    page.text(50, 100, "@", font="Icons")
    page.text(62, 100, "ada@example.org")
    page.text(150, 100, "#", font="Icons")
    page.text(162, 100, "London")
    assert text_of_pdf(pdf(page)) == "ada@example.org London"
