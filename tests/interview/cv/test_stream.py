"""The order in which the file writes a page, where it is one to read in."""

import random

import pytest

from interview.cv.pdf import read_pdf
from tests.interview.cv.reading import rows, text_of_pdf
from tests.interview.cv.typeset import Page, measure, pdf


def test_date_and_place_in_a_cell_written_after_the_job_join_its_lines() -> None:
    page = Page()
    page.lines(50, 100, ["Senior Engineer", "Analytical Engines"])
    page.lines(420, 100, ["2019 - 2021", "London"])
    page.lines(50, 124, ["Designed a scheduler that runs forty thousand jobs a day", "and cut its cost by a third."])
    page.lines(50, 160, ["Engineer", "Difference Engines"])
    page.lines(420, 160, ["2016 - 2019", "Cambridge"])
    page.lines(50, 184, ["Built the pipeline that feeds all reports of the company", "and taught six colleagues."])
    assert rows(text_of_pdf(pdf(page))) == [
        "Senior Engineer 2019 - 2021",
        "Analytical Engines London",
        "Designed a scheduler that runs forty thousand jobs a day",
        "and cut its cost by a third.",
        "Engineer 2016 - 2019",
        "Difference Engines Cambridge",
        "Built the pipeline that feeds all reports of the company",
        "and taught six colleagues.",
    ]


def test_date_set_a_little_higher_than_its_job_is_on_its_line() -> None:
    page = Page()
    page.text(50, 100, "Senior Engineer", 12)
    page.text(545, 97, "2019 - 2021", 9, flush_right=True)
    page.lines(50, 114, ["Designed a scheduler that runs forty thousand jobs a day", "and cut its cost by a third."])
    assert rows(text_of_pdf(pdf(page)))[0] == "Senior Engineer 2019 - 2021"


@pytest.mark.parametrize("leading", [12, 13.3])
def test_cards_beside_each_other_are_read_one_by_one(leading: float) -> None:
    cards = [[f"Card {i}", f"It tells of thing number {i}", f"and of what came of it, {i}."] for i in range(1, 7)]
    page = Page()
    for i, card in enumerate(cards):
        page.lines(50 + 250 * (i % 2), 100 + 60 * (i // 2), card, leading=leading)
    assert rows(text_of_pdf(pdf(page))) == [line for card in cards for line in card]


def test_dates_in_the_margin_stand_before_their_job() -> None:
    page = Page()
    for i, (when, place, job) in enumerate(
        [("2019 - 2021", "London", "Analytical Engines"), ("2016 - 2019", "Leeds", "Difference Engines")]
    ):
        page.lines(50, 100 + 60 * i, [when, place], 9, leading=11)
        page.lines(
            150, 100 + 60 * i, [f"Engineer at {job}, where I", "designed a scheduler for many jobs", "and more."]
        )
    text = text_of_pdf(pdf(page)).replace("\n", " ")
    places = [text.index(word) for word in ("2019 - 2021", "Analytical", "and more", "2016 - 2019", "Difference")]
    assert places == sorted(places)


@pytest.mark.parametrize("date", [["2019 - 2021"], ["March 2019 -", "May 2021"]])
def test_date_in_the_margin_that_the_file_writes_after_the_job(date: list[str]) -> None:
    page = Page()
    for i, job in enumerate(["Analytical Engines", "Difference Engines", "Jacquard Looms"]):
        page.lines(
            150, 100 + 60 * i, [f"Engineer at {job}, where I", "designed a scheduler for many jobs", "and more."]
        )
        page.lines(50, 100 + 60 * i, date)
    text = " ".join(text_of_pdf(pdf(page)).split())
    assert text.count(f"{' '.join(date)} Engineer at") == 3


def test_name_that_the_file_writes_last_leads() -> None:
    page = Page()
    page.lines(50, 110, ["Contact", "ada@example.org", "London", "Skills", "Python", "Rust"], 9)
    page.lines(220, 110, ["Experience", "Engineer at Analytical Engines", "Designed a scheduler"])
    page.text(220, 70, "Ada Lovelace", 24)
    assert rows(text_of_pdf(pdf(page)))[:2] == ["Ada Lovelace", "Contact"]


def test_header_that_the_file_writes_last_stands_where_it_is() -> None:
    body = [f"Line {i} of a life that was full of projects" for i in range(12)]
    header = ["12 Loom Street, London", "ada@example.org", "+44 20 7946 0000"]
    page = Page()
    page.lines(50, 140, body)
    page.lines(50, 60, header)
    assert rows(text_of_pdf(pdf(page))) == [*header, *body]


def test_order_of_a_file_that_is_none_is_not_followed() -> None:
    left = [f"The left column tells of project {i} at length" for i in range(8)]
    right = [f"while its neighbour speaks of {i} tasks as well" for i in range(8)]
    lines = [(50, 100 + 12.0 * i, text) for i, text in enumerate(left)]
    lines += [(330, 104 + 11.0 * i, text) for i, text in enumerate(right)]
    random.Random(2).shuffle(lines)
    page = Page()
    for x, y, text in lines:
        page.text(x, y, text)
    assert rows(text_of_pdf(pdf(page))) == [*left, *right]


def test_rows_written_in_no_order_but_row_by_row_stay_rows() -> None:
    """The page as a whole is written from the bottom up, and yet each row from left to right."""
    names = ["Python and its libraries", "Rust for small tools", "SQL and its planners", "Go for the servers",
             "C for the machines", "Erlang for telephones"]  # fmt: skip
    levels = ["used daily since 2012", "used for two projects", "used in every position", "used at one company",
              "used at the university", "used in a long summer"]  # fmt: skip
    page = Page()
    for i in reversed(range(6)):
        page.text(50, 100 + 12 * i, names[i])
        page.text(50 + max(map(measure, names)) + 30, 100 + 12 * i, levels[i])
    assert rows(text_of_pdf(pdf(page))) == [f"{name} {level}" for name, level in zip(names, levels, strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize("written", ["rows", "shuffled"])
def test_five_pages_of_a_skill_matrix_are_read(written: str) -> None:
    made = []
    for number in range(5):
        cells = [
            (40 + 38 * column, 40 + 8.6 * row, f"s{number}{row}{column}") for row in range(90) for column in range(14)
        ]
        if written == "shuffled":
            random.Random(number).shuffle(cells)
        page = Page()
        for x, y, text in cells:
            page.text(x, y, text, 6)
        made.append(page)
    data = pdf(*made)
    parsed = read_pdf(data, pages=10, most_pages=50)
    assert " ".join(f"s00{column}" for column in range(14)) in parsed.text
