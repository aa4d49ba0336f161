"""Which words are common: a claim may use them although nobody has said them.

The dictionaries are those of pyspellchecker, the words of film subtitles (MIT, in the wheel). English has a list of our
own besides, of words of work that films don't use (`TERMS`). British spellings are looked up as American ones, and a
word with a common prefix or ending by its stem. Any other word is one that the text must have from somewhere:
`contoso` and `blorptech` are no words.

A name that is also a word (`apple`), or that films mention (`london`), is common to the dictionary.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from interview.assessment.lexicon import TERMS

_LANGUAGES: Final = frozenset(("de", "en", "fr", "it", "nl", "pt"))
"""Languages with a dictionary of enough words; those of Spanish, Russian and Arabic lack common ones."""
_CHECKED: Final = frozenset(("de", "en", "nl", "pt"))
"""Those whose dictionary has so many words that an unknown one is a sign: over 300,000, or with `TERMS` for English."""
_COMPOUNDING: Final = {"de": ("", "s", "es", "n", "en"), "nl": ("", "s", "en", "e")}
"""Languages that write compounds as one word, and what links their parts."""
_LEAST: Final = 3
"""Letters of a word that is looked up. Shorter ones name nothing."""
_LEAST_PART: Final = 4
"""Letters of a part of a compound, and of a stem."""
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)*")
_CONTRACTED: Final = re.compile(
    "(?:n['\N{RIGHT SINGLE QUOTATION MARK}]t|['\N{RIGHT SINGLE QUOTATION MARK}](?:s|ve|re|ll|d|m)?)$"
)
"""The ending of `isn't`, `they'd` and `Postgres's`."""
_BRITISH: Final = (
    (r"is(?=(?:e|es|ed|er|ers|ing|ation|ations|able)$)", "iz"), (r"ys(?=(?:e|es|ed|er|ers|ing)$)", "yz"),
    (r"our", "or"), (r"(?<=[bt])re(?=s?$)", "er"), (r"ogue(?=s?$)", "og"), (r"amme(?=s?$)", "am"), (r"ae|oe", "e"),
    (r"ll(?=(?:ed|er|ers|ing)$)", "l"), (r"ence(?=s?$)", "ense"),
)  # fmt: skip
_PREFIXES: Final = (
    "un", "re", "non", "de", "pre", "mis", "over", "under", "sub", "multi", "micro", "auto", "hyper", "inter",
)  # fmt: skip
_ENDINGS: Final = (
    "s", "es", "ed", "d", "ing", "er", "ers", "r", "rs", "ly", "able", "ability", "al", "ally", "ness", "ised", "ized",
)  # fmt: skip
_KEPT: Final = 3
"""Dictionaries that stay in memory, at 40 to 60 MB each."""


def strange(sentence: str, language: str) -> list[str]:
    """The words of a sentence that are not common in the language or in English, in lower case and its order.

    None in a language of which too few words are known to tell.
    """
    if language.split("-", maxsplit=1)[0].lower() not in _CHECKED:
        return []
    words = (_CONTRACTED.sub("", one.group().casefold()) for one in _WORD.finditer(sentence))
    return [word for word in words if not is_common(word, language)]


def is_common(word: str, language: str) -> bool:
    """Whether the dictionary of the language, or the English one, has the word in some form; so has any short word.

    False for every longer word of a language without a dictionary.
    """
    low = _CONTRACTED.sub("", word.casefold())
    primary = language.split("-", maxsplit=1)[0].lower()
    if len(low) < _LEAST or _is_english(low):
        return True
    if primary not in _LANGUAGES or primary == "en":
        return False
    known = _dictionary(primary)
    return low in known or any(_compound(low, known, link) for link in _COMPOUNDING.get(primary, ()))


def has_dictionary(language: str) -> bool:
    """Whether the plain words of a language are known."""
    return language.split("-", maxsplit=1)[0].lower() in _LANGUAGES


def load(language: str) -> None:
    """Read the dictionaries for a language, which takes up to half a second of processor time each."""
    is_common("interviewer", language)


def _is_english(word: str) -> bool:
    known = _dictionary("en")
    return any(form in known or form in TERMS for form in _forms(word))


def _forms(word: str) -> Iterator[str]:
    """A word, its American spelling, and its stem in both."""
    spellings = [word]
    for british, american in _BRITISH:
        if (other := re.sub(british, american, word)) != word:
            spellings += [other, re.sub(british, american, spellings[-1])]
    yield from spellings
    for spelling in spellings:
        stems = [spelling[: -len(ending)] for ending in _ENDINGS if spelling.endswith(ending)]
        stems += [f"{stem}e" for stem in stems] + [stem[:-1] for stem in stems if stem[-1:] == stem[-2:-1]]
        yield from (stem for stem in stems if len(stem) >= _LEAST_PART)
        for prefix in _PREFIXES:
            rest = spelling.removeprefix(prefix)
            if rest != spelling and len(rest) >= _LEAST_PART:
                yield rest


def _compound(word: str, known: Any, link: str) -> bool:
    """Whether two known words make this one, with the link between them."""
    return any(
        word[:at] in known and word[at:].startswith(link) and len(rest := word[at + len(link) :]) >= _LEAST_PART
        and rest in known
        for at in range(_LEAST_PART, len(word) - _LEAST_PART + 1)
    )  # fmt: skip


@lru_cache(maxsize=_KEPT)
def _dictionary(language: str) -> Any:
    # Imported here: only an assessment needs it, and only once in the life of a process.
    from spellchecker import SpellChecker

    return SpellChecker(language=language, distance=1).word_frequency.dictionary
