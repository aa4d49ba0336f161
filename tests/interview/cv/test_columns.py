"""The order in which a page is read."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview.cv.lines import lines
from interview.cv.pieces import Piece
from tests.interview.cv.reading import rows, text_of_pdf
from tests.interview.cv.typeset import Page, measure, pdf

SIDE = ["Contact", "ada@example.org", "London, United Kingdom", "Skills", "Python and Rust", "PostgreSQL", "Kubernetes"]
MAIN = [
    "Experience",
    "Senior Engineer at Analytical Engines, London",
    "Designed a scheduler that runs forty thousand jobs a day",
    "and cut the cost of computing by a third within a year.",
    "Engineer at Difference Engines, Cambridge",
    "Built the pipeline that feeds all reports of the company",
    "and taught six colleagues how to look after it.",
    "Education",
    "Mathematics, University of London",
]


@pytest.mark.parametrize("main_first", [True, False])
@pytest.mark.parametrize("leading", [10.5, 12])
def test_sidebar_is_read_apart_from_the_main_column(main_first: bool, leading: float) -> None:
    page = Page()
    page.text(180, 60, "Ada Lovelace, Engineer of Analytical Machines", 16)
    main_x, side_x = (50, 400) if main_first else (220, 50)
    page.lines(main_x, 110, MAIN, leading=12)
    page.lines(side_x, 113, SIDE, 9, leading=leading)
    # The file writes the main column first, on whichever side it stands.
    assert rows(text_of_pdf(pdf(page))) == ["Ada Lovelace, Engineer of Analytical Machines", *MAIN, *SIDE]


@pytest.mark.parametrize("main_first", [True, False])
def test_columns_of_a_file_written_in_no_order_are_read_from_the_left(main_first: bool) -> None:
    page = Page()
    main_x, side_x = (50, 400) if main_first else (220, 50)
    lines = [(main_x, 110 + 12.0 * i, text, 10.0) for i, text in enumerate(MAIN)]
    lines += [(side_x, 113 + 10.5 * i, text, 9.0) for i, text in enumerate(SIDE)]
    random.Random(1).shuffle(lines)
    for x, y, text, size in lines:
        page.text(x, y, text, size)
    assert rows(text_of_pdf(pdf(page))) == ([*MAIN, *SIDE] if main_first else [*SIDE, *MAIN])


def test_columns_on_one_grid_of_lines() -> None:
    left = [
        f"The left column tells of project {word} at length" for word in ("one", "two", "three", "four", "five", "six")
    ]
    right = [
        f"while its neighbour speaks of task {word} as well" for word in ("red", "blue", "pink", "grey", "teal", "gold")
    ]
    page = Page()
    page.lines(50, 100, left)
    page.lines(330, 100, right)
    assert rows(text_of_pdf(pdf(page))) == [*left, *right]


def test_full_width_text_above_between_and_below_columns() -> None:
    wide = (
        "This line reaches over the whole width of the page, from its left margin to the right one, as a summary does."
    )
    page = Page()
    page.text(50, 80, wide)
    page.lines(50, 110, SIDE[:4], leading=13)
    page.lines(320, 112, MAIN[3:8], 9, leading=11)
    page.text(50, 190, wide)
    page.lines(50, 220, SIDE[3:], leading=13)
    page.lines(320, 223, MAIN[4:7], 9, leading=11)
    page.text(50, 290, wide)
    expected = [wide, *SIDE[:4], *MAIN[3:8], wide, *SIDE[3:], *MAIN[4:7], wide]
    assert rows(text_of_pdf(pdf(page))) == expected


def test_dates_at_the_right_edge_stay_on_their_line() -> None:
    page = Page()
    expected = []
    y = 80.0
    for i, (company, dates) in enumerate(
        [
            ("Analytical Engines", "2019 - 2021"),
            ("Difference Engines", "2016 - 2019"),
            ("Jacquard Looms", "2012 - 2016"),
        ]
    ):
        page.text(50, y, company)
        page.text(545, y, dates, flush_right=True)
        page.text(50, y + 12, "Engineer")
        page.text(545, y + 12, f"City {i}", 9, flush_right=True)
        page.lines(62, y + 24, ["Short bullet", "Another one"])
        expected += [f"{company} {dates}", f"Engineer City {i}", "Short bullet", "Another one"]
        y += 60
    assert rows(text_of_pdf(pdf(page))) == expected


def test_heading_of_a_main_column_that_begins_higher_than_the_sidebar() -> None:
    page = Page()
    page.text(50, 110, "Ada Lovelace", 18)
    page.lines(50, 140, SIDE, 9, leading=11)
    page.text(220, 90, MAIN[0], 14)
    page.lines(220, 113, MAIN[1:])
    assert rows(text_of_pdf(pdf(page))) == ["Ada Lovelace", *SIDE, *MAIN]


def test_places_stay_on_their_lines_although_columns_follow_below() -> None:
    page = Page()
    page.lines(50, 100, ["Engineer", "Analytical Engines", "2019 - 2021", "Short bullet", "Another one"])
    page.text(180, 124, "London")
    page.lines(50, 170, ["Engineer", "Difference Engines", "2016 - 2019", "Short bullet", "Another one"])
    page.text(180, 194, "Cambridge")
    page.lines(50, 250, SIDE[:5], 9, leading=11)
    page.lines(180, 253, SIDE[2:], 8, leading=9.3)
    text = rows(text_of_pdf(pdf(page)))
    assert text[:6] == [
        "Engineer",
        "Analytical Engines",
        "2019 - 2021 London",
        "Short bullet",
        "Another one",
        "Engineer",
    ]
    assert text[6:10] == ["Difference Engines", "2016 - 2019 Cambridge", "Short bullet", "Another one"]
    assert text[10:] == [*SIDE[:5], *SIDE[2:]]


def test_heading_and_dates_below_columns_belong_to_what_follows() -> None:
    page = Page()
    page.lines(50, 100, SIDE, 9, leading=11)
    page.lines(320, 103, SIDE[1:6], leading=12.7)
    page.text(50, 220, "Experience", 14)
    page.text(50, 240, "Analytical Engines")
    page.text(545, 240, "2019 - 2021", flush_right=True)
    wide = "Designed a scheduler that runs forty thousand jobs a day, and cut the cost of computing by a third of it."
    page.text(50, 252, wide)
    expected = [*SIDE, *SIDE[1:6], "Experience", "Analytical Engines 2019 - 2021", wide]
    assert rows(text_of_pdf(pdf(page))) == expected


def test_writing_from_the_right_is_read_from_the_right() -> None:
    name, job = "\u05e2\u05d3\u05d4", "\u05de\u05d4\u05e0\u05d3\u05e1\u05ea"
    # On the page, the first word stands at the right and each word's first letter too; numbers run the other way.
    block = [
        Piece("2019 Google", 50, 110, 100, 10),
        Piece(job[::-1], 115, 150, 100, 10),
        Piece(name[::-1], 155, 180, 100, 10),
    ]
    assert [line.text for line in lines(block, 842)] == [f"{name} {job} Google 2019"]


def test_closed_list_beside_a_text_on_one_grid_of_lines() -> None:
    page = Page()
    page.text(50, 60, "Ada Lovelace, Engineer of Analytical Machines", 16)
    page.lines(50, 112, SIDE)
    page.lines(220, 100, MAIN[1:7] * 2)
    text = rows(text_of_pdf(pdf(page)))
    assert text == ["Ada Lovelace, Engineer of Analytical Machines", *SIDE, *MAIN[1:7], *MAIN[1:7]]


def test_labels_at_the_left_edge_stay_with_their_text() -> None:
    page = Page()
    entries = [
        (
            "2019 - 2021",
            ["Engineer at Analytical Engines", "Designed a scheduler for many jobs", "and looked after it."],
        ),
        ("2016 - 2019", ["Engineer at Difference Engines", "Built a pipeline."]),
        ("Languages", ["English, French, Italian"]),
        ("Tools", ["Python, Rust, PostgreSQL, Kubernetes, Terraform and others"]),
        ("Fields", ["Scheduling, queues, databases, reporting, accounting"]),
        ("Interests", ["Music, looms, long walks, riding and mathematics"]),
        ("Awards", ["A medal of the society of engineers of the city"]),
    ]
    expected = []
    y = 80.0
    for label, texts in entries:
        page.text(50, y, label)
        y = page.lines(150, y, texts)
        expected += [f"{label} {texts[0]}", *texts[1:]]
    assert rows(text_of_pdf(pdf(page))) == expected


def test_rows_of_a_table_stay_rows() -> None:
    cells = [
        ["Skill", "Level", "Years"],
        ["Python", "Expert", "9"],
        ["Rust", "Good", "3"],
        ["SQL", "Expert", "12"],
        ["Go", "Basic", "1"],
    ]
    page = Page()
    for i, row in enumerate(cells):
        for x, cell in zip((50, 220, 400), row, strict=True):
            page.text(x, 100 + 16 * i, cell)
        page.rule(45, 104 + 16 * i, 450)
    assert rows(text_of_pdf(pdf(page))) == [" ".join(row) for row in cells]


def test_small_print_beside_a_large_name() -> None:
    page = Page()
    page.text(50, 70, "Ada Lovelace", 28)
    page.lines(400, 55, ["ada@example.org", "+44 20 7946 0000", "London"], 8, leading=10)
    page.lines(50, 110, MAIN)
    assert sorted(rows(text_of_pdf(pdf(page)))) == sorted(
        ["Ada Lovelace", "ada@example.org", "+44 20 7946 0000", "London", *MAIN]
    )


def test_sideways_text_is_whole_and_does_not_disturb() -> None:
    page = Page()
    page.text(30, 700, "Curriculum Vitae", 20, turn=90)
    page.lines(60, 100, MAIN)
    assert rows(text_of_pdf(pdf(page))) == [*MAIN, "Curriculum Vitae"]


def test_page_that_is_sideways_as_a_whole() -> None:
    page = Page()
    for i, line in enumerate(MAIN):
        page.text(100 + 12 * i, 700, line, turn=90)
    assert rows(text_of_pdf(pdf(page))) == MAIN


def test_page_furniture_is_dropped() -> None:
    pages = []
    for number in (1, 2, 3):
        page = Page()
        page.text(50, 30, "Ada Lovelace - Curriculum Vitae")
        page.lines(50, 100, [f"Content of page {number}", f"goes on, {number} times"])
        page.text(280, 820, f"Page {number} of 3")
        pages.append(page)
    content = [line for number in (1, 2, 3) for line in (f"Content of page {number}", f"goes on, {number} times")]
    assert rows(text_of_pdf(pdf(*pages))) == ["Ada Lovelace - Curriculum Vitae", *content]


@pytest.mark.parametrize("number", ["1", "- 1 -", "Page 1 of 1", "1/1"])
def test_number_of_a_single_page_is_dropped_and_a_year_is_not(number: str) -> None:
    page = Page()
    page.lines(50, 100, [*MAIN, "2019"])
    page.text(290, 815, number)
    assert rows(text_of_pdf(pdf(page))) == [*MAIN, "2019"]


def test_paragraphs_are_set_apart() -> None:
    page = Page()
    page.lines(50, 100, MAIN[:4])
    page.lines(50, 170, MAIN[4:7])
    assert text_of_pdf(pdf(page)) == "\n".join(MAIN[:4]) + "\n\n" + "\n".join(MAIN[4:7])


WORDS = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]),
    min_size=1,
    max_size=4,
)
COLUMN = st.lists(WORDS.map(" ".join), min_size=6, max_size=18)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(left=COLUMN, right=COLUMN, leading=st.sampled_from([10.3, 11.1, 13.7]), offset=st.floats(3, 9))
def test_two_columns_survive_in_order(left: list[str], right: list[str], leading: float, offset: float) -> None:
    page = Page()
    page.lines(50, 100, left, leading=12)
    page.lines(50 + max(map(measure, left)) + 25, 100 + offset, right, 9, leading=leading)
    assert rows(text_of_pdf(pdf(page))) == [*left, *right]
