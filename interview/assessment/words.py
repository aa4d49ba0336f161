"""The words of a text, and whether they were said: what a claim's names, numbers and subjects are looked up in."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from interview.assessment.numerals import Number, numbers
from interview.assessment.script import is_unspaced, spaced_only

_WORD = re.compile(r"[^\W_]+(?:[+#]+|['\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)?")
_STEM = 4
"""Letters that two forms of one word have in common at least."""
_ENDING = 3
"""Letters in which two forms of one word differ at most."""
_TOGETHER: Final = 4
"""Words in a row that are borrowed rather than the words of the subject."""
_BORROWED: Final = 0.75
"""The share of borrowed words from which a text is not the speaker's own: `So, ` before it changes nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """The words of a text in a row, with a space before and behind each, and all runs of `_TOGETHER` words in it."""

    text: str
    runs: frozenset[tuple[str, ...]]


def words(text: str) -> list[str]:
    """The words in plain lower case. A script without spaces has one for each run of letters."""
    return [plain(word) for word in _WORD.findall(text)]


def plain(word: str) -> str:
    """A word without accents, apostrophes and case."""
    letters = unicodedata.normalize("NFKD", word).casefold()
    return "".join(c for c in letters if not unicodedata.combining(c) and c not in "'\N{RIGHT SINGLE QUOTATION MARK}")


def count(text: str) -> int:
    """How many words; of a script without spaces, half as many as letters."""
    unspaced = sum(map(is_unspaced, text))
    return len(_WORD.findall(spaced_only(text))) + (unspaced + 1) // 2


def alike(one: str, other: str) -> bool:
    """Whether two plain words are equal or may be forms of one word, such as `index` and `indexes`."""
    if one == other:
        return True
    common = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= _STEM and max(len(one), len(other)) - common <= _ENDING


def row(text: str) -> Row:
    """The row of a text."""
    listed = words(text)
    return Row(f" {' '.join(listed)} ", frozenset(_runs(listed)))


def repeats(text: str, rows: Iterable[Row]) -> bool:
    """Whether the text has at least four words, and all or most of them stand together in one of the rows."""
    listed = words(text)
    if len(listed) < _TOGETHER and sum(map(is_unspaced, text)) < 2 * _TOGETHER:
        return False
    needle, runs = f" {' '.join(listed)} ", _runs(listed)
    return any(needle in one.text or _share(runs, one.runs, len(listed)) >= _BORROWED for one in rows)


def _runs(listed: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(listed[at : at + _TOGETHER]) for at in range(len(listed) - _TOGETHER + 1)]


def _share(runs: Sequence[tuple[str, ...]], known: frozenset[tuple[str, ...]], total: int) -> float:
    """The share of the words that are in a known run."""
    found = {at + offset for at, run in enumerate(runs) if run in known for offset in range(_TOGETHER)}
    return len(found) / total


class Said:
    """The words and numbers of some texts."""

    def __init__(self, texts: Sequence[str], language: str) -> None:
        listed = [words(text) for text in texts]
        self._text = " ".join(" ".join(one) for one in listed)
        self._tokens = {token for one in listed for token in one}
        pairs = [(a, b) for one in listed for a, b in pairwise(one)]
        self._joined = {a + b for a, b in pairs} | {
            a + b + c for one in listed for a, b, c in zip(one, one[1:], one[2:], strict=False)
        }
        self._values = {value for text in texts for number in numbers(text, language) for value in number.values}
        self._inflected = not language.lower().startswith("en")

    def has_number(self, number: Number) -> bool:
        """Whether this number was said, in figures or in words."""
        return bool(number.values & self._values)

    def has_name(self, name: str) -> bool:
        """Whether this name was said: as one word or as parts in a row, with or without an s at its end."""
        wanted = "".join(words(name))
        forms = {wanted, wanted.removesuffix("s"), f"{wanted}s"}
        if forms & (self._tokens | self._joined):
            return True
        if any(map(is_unspaced, wanted)):
            return wanted in self._text
        return self._inflected and any(alike(wanted, token) for token in self._tokens)

    def has_word(self, word: str) -> bool:
        """Whether this word was said in some form."""
        return self.has_name(word) or self.has_subject(words(word))

    def has_subject(self, subject: Sequence[str]) -> bool:
        """Whether every one of these plain words was said in some form."""
        return all(
            word in self._text if any(map(is_unspaced, word)) else any(alike(word, token) for token in self._tokens)
            for word in subject
        )
