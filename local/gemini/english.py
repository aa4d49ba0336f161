"""What the rules know of English: where a sentence ends, which words exist, which are first names.

Three libraries, all in wheels, each for one of these (docs/decisions/0056-embedded-language.md).
"""

import importlib
import pkgutil
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from nupunkt import sent_tokenize

from local.gemini.lexicon import words

# The languages of Latin script whose first names are read. All of Faker's take twice as long.
_LANGUAGES = re.compile(
    r"(az|cs|da|de|en|es|et|fi|fil|fr|ga|ha|hr|hu|id|ig|it|lt|lv|nl|no|pl|pt|ro|sk|sl|sv|tr|tw|vi|yo|zu)(_|$)"
)
_LETTERS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text. "St. Mary's", "Ph.D." and "Node.js" are not cut."""
    return tuple(found for sentence in sent_tokenize(text) if (found := str(sentence).strip()))


def tokens(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation and numbers."""
    return [word.lower() for word in _LETTERS.findall(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))]


def is_word(word: str) -> bool:
    """Whether a dictionary or the lexicon has the word, its singular, or both halves of a compound."""
    plain = word.lower().removesuffix("'s")
    if plain in words("function") | words("known"):
        return True
    forms = {plain, plain.removesuffix("s"), plain.removesuffix("es")}
    return any(form in _dictionary() for form in forms) or ("-" in plain and all(map(is_word, plain.split("-"))))


def is_first_name(word: str) -> bool:
    """Whether the word, in capitals or not, is somebody's first name in a language of Latin script."""
    plain = word.lower().removesuffix("'s")
    return plain in _first_names() and plain not in words("person")


def warm() -> None:
    """Load the dictionary and the names, which takes most of a second."""
    is_word("warm")
    is_first_name("tom")


@cache
def _dictionary() -> Any:
    # Imported here, like the names: the server listens sooner without them.
    from spellchecker import SpellChecker

    return SpellChecker().word_frequency


@cache
def _first_names() -> frozenset[str]:
    from faker.providers import person

    found: set[str] = set()
    for module in pkgutil.iter_modules(person.__path__):
        if not _LANGUAGES.match(module.name):
            continue
        provider = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        for kind in ("first_names", "first_names_male", "first_names_female"):
            names = getattr(provider, kind, ())
            if isinstance(names, Iterable):  # a few providers compute theirs from parts
                found |= {name.lower() for name in names if _LETTERS.fullmatch(name)}
    return frozenset(found)
