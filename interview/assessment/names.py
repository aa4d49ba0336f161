"""The names and products in a sentence: what a claim must have from the candidate's own words.

A name is a word with a capital letter that does not begin its sentence, or begins it and is no common first word; a
word with a figure in it (`p99`); a Latin word in a text of another script, and a word of another script in a Latin
text; a run of katakana; and a product of a list, in any case. German writes every noun with a capital: there a noun of
judging (`GERMAN`) or one with the ending of an abstract noun is no name. Scripts without capitals have no mark for
names, so that there only figures, Latin words and katakana are found (docs/decisions/0050-claims.md).
"""

import re
import unicodedata
from itertools import groupby
from typing import Final

from interview.assessment.lexicon import FIRST, GERMAN, PRODUCTS
from interview.assessment.person import CANDIDATE
from interview.assessment.script import is_unspaced, spaced_only
from interview.assessment.words import plain

_CHUNK: Final = re.compile(r"[^\W_](?:[\w.&+#@'\N{RIGHT SINGLE QUOTATION MARK}]*[\w+#])?")
_START: Final = re.compile(
    r"(?:^|[.!?:;\u2026]['\")\u201d\u00bb]*\s+|\n)[\s\"'(\u201c\u201e\u00ab\u2018\u00bf\u00a1-]*$"
)
_GERMAN_ENDINGS: Final = (
    "ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "tion", "tionen", "tät", "täten", "ismus",
    "nis", "nisse",
)  # fmt: skip
_LANGUAGES: Final = "ar bg bn cmn el fa gu he hi ja kn ko ml mr ru sr ta te th uk ur zh"
_OTHER_SCRIPTS: Final = frozenset(_LANGUAGES.split())
"""Languages in which a Latin word is a name or a product."""
_UNSPACED: Final = frozenset(["cmn", "ja", "km", "lo", "my", "th", "yue", "zh"])
"""Languages in scripts without spaces. Elsewhere every word of such a script is a name."""
_POSSESSIVE: Final = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}](?:s|ve|re|ll|d|m|t)$")
_KATAKANA: Final = re.compile("[\u30a1-\u30fa\u30fc]{3,}")


def products(word: str) -> bool:
    """Whether a word is a product or a company of the list, in any case."""
    return plain(_POSSESSIVE.sub("", word)) in PRODUCTS


def names(sentence: str, language: str) -> list[str]:
    """The names and products in a sentence, in its order."""
    sentence = unicodedata.normalize("NFKC", sentence)
    primary = language.split("-", maxsplit=1)[0].lower()
    spaced = spaced_only(sentence)
    found = [
        chunk.group()
        for chunk in _CHUNK.finditer(spaced)
        if _is_name(chunk.group(), primary, starts=bool(_START.search(spaced[: chunk.start()])))
    ]
    if primary == "ja":
        found += _KATAKANA.findall(sentence)
    if primary not in _UNSPACED:
        found += ["".join(run) for foreign, run in groupby(sentence, is_unspaced) if foreign]
    return found


def _is_name(chunk: str, primary: str, *, starts: bool) -> bool:
    letters = [c for c in chunk if c.isalpha()]
    word = _POSSESSIVE.sub("", chunk)
    if not letters or word in ("I", "A"):
        return False
    if any(c.isdigit() for c in chunk):
        return not re.fullmatch(r"\d[\d.,]*(?:k|m|bn|x|st|nd|rd|th|s)?", chunk, re.IGNORECASE)
    if _by_spelling(word, primary):
        return True
    if not any(map(str.isupper, word)) or CANDIDATE.match(plain(word)):
        return False
    low = word.lower()
    return not _begins(low) if starts else not (primary == "de" and _german_noun(low))


def _by_spelling(word: str, primary: str) -> bool:
    """A product of the list, a word with a capital inside (SQL, GitHub), a Latin one in another script, or one with
    letters of another script in Latin.
    """
    letters = [c for c in word if c.isalpha()]
    latin = all(unicodedata.name(c, "").startswith("LATIN") for c in letters)
    foreign = latin if primary in _OTHER_SCRIPTS else not latin and len(letters) > 1
    return plain(word) in PRODUCTS or any(map(str.isupper, word[1:])) or foreign


def _begins(low: str) -> bool:
    article, apostrophe, noun = re.sub("\N{RIGHT SINGLE QUOTATION MARK}", "'", low).partition("'")
    return low in FIRST or (bool(apostrophe) and article in ("l", "d", "c", "qu", "un") and bool(noun))


def _german_noun(low: str) -> bool:
    return low in GERMAN or low.endswith(_GERMAN_ENDINGS)
