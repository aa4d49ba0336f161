"""Finding a quote in what was really said.

A model that quotes changes case, punctuation, quotation marks and spacing; it must not change, add or leave out a word.
So text and quote are compared by their letters and digits alone, from the beginning of a word to the end of one.
"""

import unicodedata
from dataclasses import dataclass

MIN_WORDS = 3
"""Fewer words than this prove nothing ("I think"), unless they are the whole of an answer."""
_MIN_UNSPACED = 5
"""The same for scripts that put no space between words, in characters."""
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO ", "KHMER", "MYANMAR")


@dataclass(frozen=True, slots=True)
class _Reduced:
    """A text as its letters and digits; `origin[i]` is where the i-th stood, `starts` and `ends` bound the words."""

    letters: str
    origin: list[int]
    starts: frozenset[int]
    ends: frozenset[int]


def find(quote: str, text: str) -> str | None:
    """The passage of `text` that `quote` is, in the words of `text`; None if it is not in there."""
    wanted, there = _reduce(quote), _reduce(text)
    if not wanted.letters:
        return None
    if wanted.letters != there.letters and not _long_enough(wanted):
        return None
    begin = there.letters.find(wanted.letters)
    while begin >= 0:
        end = begin + len(wanted.letters)
        if begin in there.starts and end in there.ends:
            return text[there.origin[begin] : there.origin[end - 1] + 1]
        begin = there.letters.find(wanted.letters, begin + 1)
    return None


def has_words(text: str) -> bool:
    """Whether there is anything in `text` that could be quoted."""
    return any(map(str.isalnum, text))


def _long_enough(reduced: _Reduced) -> bool:
    unspaced = sum(map(_unspaced, reduced.letters))
    return unspaced >= _MIN_UNSPACED or len(reduced.starts) - unspaced >= MIN_WORDS


def _reduce(text: str) -> _Reduced:
    letters: list[str] = []
    origin: list[int] = []
    starts: set[int] = set()
    ends: set[int] = set()
    inside = False  # a word, as seen from the character before
    for index, character in enumerate(text):
        if unicodedata.combining(character) or character in _APOSTROPHES:
            continue  # Part of the word around it, and written or left out at will.
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
