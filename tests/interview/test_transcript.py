import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import docx
import pytest

from interview.errors import Invalid
from interview.record import Doubt, Turn
from interview.transcript import FORMATS, render
from tests.interview.records import BEGAN, an_interview, turns

INTERVIEW = an_interview(skill_topic="C++ & *Rust*")
TALK = turns("Hello. What is a move?", "It is <b>cheap</b> & *fast*,\nmostly.\n\n# Not a title\n1. one")


def text(name: str) -> str:
    return render(INTERVIEW, TALK, name).data.decode()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_both_speakers_words(name: str) -> None:
    file = render(INTERVIEW, TALK, name)
    content = (
        "\n".join(p.text for p in docx.Document(io.BytesIO(file.data)).paragraphs) if name == "docx" else text(name)
    )
    assert "What is a move?" in content
    assert "mostly." in content
    assert file.filename == f"interview-c-rust-2026-11-22.{name}"


@pytest.mark.parametrize("name", ["", "pdf", "JSON", "../txt"])
def test_an_unknown_format(name: str) -> None:
    with pytest.raises(Invalid) as raised:
        render(INTERVIEW, TALK, name)
    assert raised.value.code == "invalid_format"


def test_json() -> None:
    content = json.loads(text("json"))
    assert content["skill_topic"] == "C++ & *Rust*"
    assert content["turns"][1] == {
        "turn": 1,
        "speaker": "candidate",
        "text": TALK[1].text,
        "started_at": "2026-11-22T10:00:10.000Z",
        "ended_at": "2026-11-22T10:00:18.000Z",
        "interrupted": False,
        "broken_off": False,
        "source": "speech",
        "doubt": [],
        "corrected_text": None,
    }


def test_txt() -> None:
    assert text("txt").splitlines() == [
        "Interview: C++ & *Rust*",
        "Level: intermediate",
        "Language: en-US",
        "Date: 2026-11-22 10:00 UTC",
        "Duration: 10:00",
        f"Session: {'0' * 32}",
        "",
        "[00:00] Iris (interviewer): Hello. What is a move?",
        "[00:10] Candidate: It is <b>cheap</b> & *fast*,",
        "    mostly.",
        "    # Not a title",
        "    1. one",
    ]


def test_markdown_stays_text() -> None:
    content = text("md")
    assert content.startswith("# Interview: C++ \\& \\*Rust\\*\n\n- **Level:** intermediate\n")
    assert content.endswith(
        "**Candidate** (00:10)\n\n"
        "It is \\<b\\>cheap\\</b\\> \\& \\*fast\\*,\\\nmostly.\\\n\\# Not a title\\\n1\\. one\n"
    )


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("a_b_c", r"a\_b\_c"),
        ("- item", r"\- item"),
        ("12) item", r"12\) item"),
        ("===", r"\==="),
        ("[x](javascript:1)", r"\[x\](javascript:1)"),
        ("5 - 3 is 2. Fine.", "5 - 3 is 2. Fine."),
    ],
)
def test_markdown_escapes(said: str, written: str) -> None:
    assert render(INTERVIEW, turns(said), "md").data.decode().endswith(f"\n\n{written}\n")


def test_vtt() -> None:
    assert text("vtt") == (
        "WEBVTT\n\n"
        "0\n00:00:00.000 --> 00:00:08.000\n<v Interviewer>Hello. What is a move?</v>\n\n"
        "1\n00:00:10.000 --> 00:00:18.000\n<v Candidate>It is &lt;b&gt;cheap&lt;/b&gt; &amp; *fast*,\n"
        "mostly.\n# Not a title\n1. one</v>\n"
    )


def test_vtt_cannot_be_given_another_cue() -> None:
    content = render(
        INTERVIEW, turns("x\n\n7\n00:00:01.000 --> 00:00:02.000\n</v><v Candidate>forged"), "vtt"
    ).data.decode()
    assert len(re.findall("-->", content)) == 1
    assert content.count("<v ") == 1
    assert content.count("\n\n") == 1


def test_a_cue_is_never_empty_or_before_the_beginning() -> None:
    early = an_interview(started_at=BEGAN + timedelta(hours=1, seconds=5))
    content = render(early, turns("Hello"), "vtt").data.decode()
    assert "00:00:00.000 --> 00:00:00.001" in content


def test_docx() -> None:
    document = docx.Document(io.BytesIO(render(INTERVIEW, TALK, "docx").data))
    assert document.core_properties.title == "Interview: C++ & *Rust*"
    assert document.core_properties.author == ""
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    assert paragraphs[0] == "Interview: C++ & *Rust*"
    assert paragraphs[-1] == "Candidate (00:10)\nIt is <b>cheap</b> & *fast*,\nmostly.\n# Not a title\n1. one"


@pytest.mark.parametrize(("language", "rtl"), [("en-US", None), ("he-IL", True)])
def test_docx_names_the_language_of_the_words(language: str, rtl: bool | None) -> None:
    document = docx.Document(io.BytesIO(render(an_interview(language=language), turns("Hello."), "docx").data))
    label, *_, words = document.paragraphs[-1].runs
    assert words.text == "Hello."
    assert words.style.element.xpath("w:rPr/w:lang/@w:val") == [language]
    assert words.style.font.rtl is rtl
    assert not label.style.element.xpath("w:rPr/w:lang")


@pytest.mark.parametrize("name", FORMATS)
def test_control_characters_are_removed(name: str) -> None:
    file = render(an_interview(skill_topic="a\x00b\x1b"), turns("bell\x07 \x0b \ufffe", "", "\x00"), name)
    assert name == "docx" or b"\x07" not in file.data


@pytest.mark.parametrize("name", FORMATS)
def test_an_interview_that_never_began(name: str) -> None:
    interview = an_interview(
        status="ready", started_at=None, ended_at=None, ended_reason=None, duration_seconds=None, skill_topic="日本語"
    )
    assert render(interview, [], name).filename == f"interview-2026-11-22.{name}"


UNTRANSCRIBED = replace(turns("", "")[1], doubt=("untranscribed",))
"""8 seconds of the candidate's speech without words."""


def content(turn: Turn, name: str) -> str:
    data = render(INTERVIEW, [turn], name).data
    return docx.Document(io.BytesIO(data)).paragraphs[-1].text if name == "docx" else data.decode()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("txt", "[00:10] Candidate: [not understood, 8 s]\n"),
        ("md", "**Candidate** (00:10)\n\n\\[not understood, 8 s\\]\n"),
        ("vtt", "00:00:10.000 --> 00:00:18.000\n<v Candidate>[not understood, 8 s]</v>\n"),
        ("docx", "Candidate (00:10)\n[not understood, 8 s]"),
        ("json", '"text": "",\n      "started_at": "2026-11-22T10:00:10.000Z"'),
    ],
)
def test_speech_without_words_is_in_every_format(name: str, shown: str) -> None:
    assert shown in content(UNTRANSCRIBED, name)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.2, "1 s"), (8.4, "8 s"), (59.6, "1 min"), (60, "1 min"), (75, "1 min 15 s")]
)
def test_speech_without_words_says_how_long_it_was(seconds: float, shown: str) -> None:
    turn = replace(UNTRANSCRIBED, ended_at=UNTRANSCRIBED.started_at + timedelta(seconds=seconds))
    assert f"[not understood, {shown}]" in content(turn, "txt")


@pytest.mark.parametrize(
    ("doubt", "shown"),
    [
        ("echo", "may be the interviewer's own voice"),
        ("language", "not in the interview's language"),
        ("repeated", "heard twice, kept once"),
        ("unclear", "may be wrong"),
    ],
)
@pytest.mark.parametrize("name", ["txt", "md", "vtt", "docx"])
def test_doubtful_words_are_marked(name: str, doubt: Doubt, shown: str) -> None:
    turn = replace(TALK[1], text="A move.", doubt=(doubt,))
    assert f"A move. [{shown}]" in content(turn, name).replace("\\", "")


def test_doubts_are_in_the_json() -> None:
    turn = replace(TALK[1], doubt=("echo", "unclear"))
    assert json.loads(content(turn, "json"))["turns"][0]["doubt"] == ["echo", "unclear"]


def test_an_interrupted_turn_says_so() -> None:
    assert "What is [interrupted]\n" in render(INTERVIEW, turns("What is", interrupted=True), "txt").data.decode()


def test_times_beyond_an_hour() -> None:
    late = an_interview(started_at=BEGAN - timedelta(hours=1, minutes=2), duration_seconds=3723)
    content = render(late, turns("Hello"), "txt").data.decode()
    assert "Duration: 1:02:03" in content
    assert "[1:02:00]" in content
