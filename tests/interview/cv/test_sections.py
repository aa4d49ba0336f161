"""What of a long CV the interviewer gets to see."""

from hypothesis import given
from hypothesis import strategies as st

from interview.cv.sections import shorten

JOB = "\n\n".join(
    f"Engineer at Company {i}\n{2000 + i} - {2001 + i}\n"
    + "\n".join(f"\u2022 Duty {n} of job {i}, at length" for n in range(6))
    for i in range(12)
)
CV = f"""Ada Lovelace
Profile
I build things.

Experience
{JOB}

Publications
{"A paper about something, in a journal. " * 12}

Awards
A medal of the city.

Skills
Python and Rust

Hobbies
{"Riding and looms. " * 10}

References
{"Charles Babbage, London. " * 20}"""


def test_short_text_stays_as_it_is() -> None:
    assert shorten(CV, len(CV)).text == CV


def test_least_telling_sections_go_first() -> None:
    short = shorten(CV, len(CV) - 100)
    assert short.left_out == ("References",)
    assert "Riding and looms" in short.text
    assert "Babbage" not in short.text
    assert short.text.endswith(
        "[The CV goes on: its section References left out here. What is missing here is no gap in it.]"
    )


def test_sections_go_whole_and_the_order_stays() -> None:
    short = shorten(CV, len(CV) - 700)
    assert short.left_out == ("References", "Hobbies", "Publications")
    assert "A medal of the city." in short.text
    assert short.text.index("Duty 5 of job 11") < short.text.index("Python and Rust")


def test_cut_is_never_in_a_job() -> None:
    for length in range(1300, 2000, 97):
        kept, note = shorten(CV, length).text.rsplit("\n\n", 1)
        assert kept.endswith("at length")
        assert kept.split("\n")[-1].startswith("\u2022 Duty 5 of job")
        assert "its end left out here" in note


def test_heading_of_a_job_is_not_one_of_a_section() -> None:
    text = (
        "Experience\n\nEditor of Publications\n2019 - 2021\n" + "\u2022 Edited\n" * 100 + "\nReferences\nBabbage\n" * 40
    )
    assert "Editor of Publications" in shorten(text, 1500).text


@given(st.text(st.sampled_from("ab \n\u2022R2019"), max_size=3000), st.integers(400, 2000))
def test_shortened_text_is_no_longer_than_allowed(text: str, length: int) -> None:
    assert len(shorten(text, length).text) <= max(length, 0)
