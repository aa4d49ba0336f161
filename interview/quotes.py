"""Finds a quote in a text.

A model that quotes may change case, punctuation, quotation marks and spacing, but must not change, add or omit a word.
So quote and text are compared by their letters and digits only, from the start of a word to the end of a word.
"""

import unicodedata
from dataclasses import dataclass

MIN_WORDS = 3
"""A shorter quote proves nothing ("I think"), unless it is the whole answer."""
_MIN_UNSPACED = 5
"""The same in characters, for scripts without spaces between words."""
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO ", "KHMER", "MYANMAR")


@dataclass(frozen=True, slots=True)
class _Reduced:
    """A text's letters and digits. `origin[i]` is the index of the i-th; `starts` and `ends` bound words."""

    letters: str
    origin: list[int]
    starts: frozenset[int]
    ends: frozenset[int]


def find(quote: str, text: str) -> str | None:
    """The passage of `text` that matches `quote`, as it is in `text`; None if there is none."""
    needle, hay = _reduce(quote), _reduce(text)
    if not needle.letters:
        return None
    if needle.letters != hay.letters and not _long_enough(needle):
        return None
    begin = hay.letters.find(needle.letters)
    while begin >= 0:
        end = begin + len(needle.letters)
        if begin in hay.starts and end in hay.ends:
            return text[hay.origin[begin] : hay.origin[end - 1] + 1]
        begin = hay.letters.find(needle.letters, begin + 1)
    return None


def has_words(text: str) -> bool:
    """Whether `text` has a letter or digit, so that it can be quoted."""
    return any(map(str.isalnum, text))


def _long_enough(reduced: _Reduced) -> bool:
    unspaced = sum(map(_unspaced, reduced.letters))
    return unspaced >= _MIN_UNSPACED or len(reduced.starts) - unspaced >= MIN_WORDS


def _reduce(text: str) -> _Reduced:
    letters: list[str] = []
    origin: list[int] = []
    starts: set[int] = set()
    ends: set[int] = set()
    inside = False  # whether the character before belongs to a word
    for index, character in enumerate(text):
        if unicodedata.combining(character) or character in _APOSTROPHES:
            continue  # Optional characters inside a word.
        reduced = [c for c in unicodedata.normalize("NFKD", character).casefold() if c.isalnum()]
        alone = bool(reduced) and _unspaced(reduced[0])
        if inside and (not reduced or alone):
            ends.add(len(letters))
        if reduced and (alone or not inside):
            starts.add(len(letters))
        letters += reduced
        origin += [index] * len(reduced)
        if alone:
            ends.add(len(letters))
        inside = bool(reduced) and not alone
    if inside:
        ends.add(len(letters))
    return _Reduced("".join(letters), origin, frozenset(starts), frozenset(ends))


def _unspaced(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_UNSPACED)
