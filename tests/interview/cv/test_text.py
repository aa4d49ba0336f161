"""Cleaning, cutting and naming."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.cv.kind import safe_name
from interview.cv.text import clean, cut, join_hyphens


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("a  b\t c\u00a0d\u2003e", "a b c d e"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("zero\u200bwidth\ufeff\u2060 and\u00ad soft\u202e", "zerowidth and soft"),
        ("\x00bell\x07", "bell"),
        ("\ue001\uf0b7 icon \U000f0001", "icon"),
        ("o\ufb03ce \uff21\uff42\uff43 \U0001d400", "office Abc A"),
        ("Rene\u0301", "Ren\u00e9"),
        ("10 m\u00b2, \u00bd, C\u2122, 5\u2026", "10 m\u00b2, \u00bd, C\u2122, 5\u2026"),
        ("\u25aa one\n\u25cf\u25cf two\n\u2022three", "\u2022 one\n\u2022 two\n\u2022 three"),
        ("a\n\u25cf \u25cf \u25cb\nb", "a\n\nb"),
        ("\u5c71\u7530 \u592a\u90ce \u2f00", "\u5c71\u7530 \u592a\u90ce \u4e00"),
    ],
)
def test_clean(given_text: str, expected: str) -> None:
    assert clean(given_text) == expected


@given(st.text())
def test_clean_text_is_clean(text: str) -> None:
    once = clean(text)
    assert "\n\n\n" not in once
    assert "  " not in once
    assert once == once.strip()
    assert all(c == "\n" or c.isprintable() for c in once)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("infra-\nstructure is", "infrastructure\nis"),
        ("a well-\nknown thing", "a well-known\nthing"),
        ("client-side and client-\nside code", "client-side and client-side\ncode"),
        ("2019-\n2021", "2019-\n2021"),
        ("Chun Shin-\nIl", "Chun Shin-\nIl"),
        ("a paragraph-\n\nanother", "a paragraph-\n\nanother"),
        ("infra-\nstructure", "infrastructure\n"),
    ],
)
def test_join_hyphens(text: str, expected: str) -> None:
    assert join_hyphens(text) == expected


def test_cut_at_a_line() -> None:
    assert cut("one\ntwo\nthree", 9) == "one\ntwo"
    assert cut("one\ntwo\nthree", 7) == "one\ntwo"
    assert cut("one two three", 9) == "one two"
    assert cut("onetwothree", 5) == "onetw"
    assert cut("short", 5) == "short"


@given(st.text(), st.integers(1, 50))
def test_cut_is_a_beginning(text: str, length: int) -> None:
    short = cut(text, length)
    assert len(short) <= length
    assert text.startswith(short)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cv.pdf", "cv.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ada\\cv.docx", "cv.docx"),
        ("a\r\nb\x00\u202efdp.exe", "abfdp.exe"),
        ("", "cv.pdf"),
        ("...", "cv.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("y" * 300, "y" * 100),
        ("  Ada   Lovelace .pdf ", "Ada Lovelace .pdf"),
    ],
)
def test_safe_name(name: str, expected: str) -> None:
    assert safe_name(name, "pdf") == expected
