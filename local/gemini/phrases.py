"""What an answer mentions that is surely so called, and worth asking about."""

import difflib
import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from local.gemini.names import known, names

_NEAR = 0.8  # alike enough for a name of the CV that was misheard


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase ready to follow "You mentioned", and whether it is a place: an employer, a school, a hospital."""

    phrase: str
    place: bool = False


def mention(
    text: str,
    *,
    spoken: bool,
    places: Collection[str] = (),
    things: Collection[str] = (),
    terms: Collection[str] = (),
    used: Collection[str] = (),
) -> Mention | None:
    """The first mention in the text of a place or thing that the CV names, else of a name, else of a term of the field.

    What was spoken may be misheard, so it counts only as far as the CV, the lexicon or the terms confirm it. Nothing
    that is in `used` (the topic, who is talking, the question, what was picked up before).
    """
    said = " ".join(used).lower()
    found = _mentions(text, spoken=spoken, places=places, things=things, terms=terms)
    return next((one for one in found if not _was_said(said, one.phrase)), None)


def _mentions(
    text: str, *, spoken: bool, places: Collection[str], things: Collection[str], terms: Collection[str]
) -> Iterator[Mention]:
    yield from (Mention(name, place=True) for name in places if _is_named(text, name, spoken=spoken))
    yield from (Mention(name) for name in things if _is_named(text, name, spoken=spoken))
    if spoken:
        heard = text.split()
        for word, following in itertools.pairwise([*heard, ""]):
            # "Google" followed by "Ads" is half a name.
            if not (word[-1:].isalnum() and following[:1].isupper()) and (name := known(word)):
                yield Mention(name)
    else:
        yield from (Mention(name.text, place=name.place) for name in names(text))
    yield from (Mention(term) for term in terms if _term(term).search(text))


def _was_said(said: str, phrase: str) -> bool:
    """Whether the phrase, or every word of it, was said already."""
    bare = _bare(phrase.lower())
    separate = {word.strip(".,;:?!'\"()“”") for word in said.split()}
    return bare in said or {word.strip(".,") for word in bare.split()} <= separate


def _is_named(text: str, name: str, *, spoken: bool) -> bool:
    """Whether the text names it; spoken, whether something in it sounds nearly so."""
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
        return True
    if not spoken:
        return False
    heard = [word.strip(".,;:?!'\"()").lower() for word in text.split()]
    length = len(name.split())
    pieces = (" ".join(heard[at : at + size]) for size in (length, length + 1) for at in range(len(heard)))
    return any(difflib.SequenceMatcher(None, piece, name.lower()).ratio() >= _NEAR for piece in pieces)


def _term(term: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(_bare(term))}(?:s|es)?(?![\w-])", re.IGNORECASE)


def _bare(phrase: str) -> str:
    return re.sub(r"^(?:the|your) ", "", phrase)
