"""Names of places and things in typed text: only those that are surely whole, and surely not a person's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from local.gemini.english import is_first_name, is_word, sentences
from local.gemini.lexicon import spelling, words

_ACRONYM = 5  # letters of a word in capitals that may be anything
_JOINING = ("of", "&", "de", "du", "van", "von")
_SAINT = ("st", "saint")
_BROKEN = ("st", "mt", "ft")  # what a cut name ends with
_PLACE = re.compile(r"\b(?:at|for|joined|left)(?: the)?\W+$", re.IGNORECASE)
_CALLED = re.compile(r"\b(?:called|named|us(?:e|ed|ing)|via)(?: the)?\W+$", re.IGNORECASE)
_INNER = re.compile(r"[^\W\d_]{2}\.[^\W\d_]{2}|[a-z][A-Z]")  # Node.js, TypeScript
_QUOTES = "\"'()“”"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it was typed, and whether it is an employer's, a school's, a hospital's."""

    text: str
    place: bool


def names(text: str) -> Iterator[Name]:
    """The names in order."""
    for sentence in sentences(text):
        typed = sentence.split()
        at = 0
        while at < len(typed):
            end = at if typed[at].lower().strip(",") in words("function") else _end(typed, at)
            if end <= at + 1 and (name := known(typed[at])):
                yield Name(name, place=False)
            elif end > at and (found := _name(_Run.read(typed, at, end))):
                yield found
            at = max(end, at + 1)


def known(word: str) -> str | None:
    """The name of a tool or a product as it is spelled, if the lexicon has it. "Excel" is one, "excel" is a verb."""
    bare = word.strip(f".,;:?!{_QUOTES}").removesuffix("'s")
    lower = bare.lower()
    everyday = lower in words("everyday") and not bare[:1].isupper()
    return spelling(bare) if lower in words("known") and not everyday else None


def _end(typed: list[str], at: int) -> int:
    """Where a run of capitalised words ends that begins at this word."""
    end = at
    while end < len(typed):
        word = typed[end].strip(f"{_QUOTES},;:")
        following = typed[end + 1].lstrip(_QUOTES) if end + 1 < len(typed) else ""
        joined = word in _JOINING and end > at and following[:1].isupper()
        if word.lower() in words("function") and not joined:
            break
        number = end > at and word[:1].isdigit()
        if not (word[:1].isupper() or joined or number or (end == at and _INNER.search(word))):
            break
        end += 1
        if typed[end - 1][-1:] in ",;:)":
            break
    return end


@dataclass(frozen=True, slots=True)
class _Run:
    """Capitalised words in a row, bare ones in lower case without dots, and what stands before them."""

    parts: tuple[str, ...]
    bare: tuple[str, ...]
    before: str

    @classmethod
    def read(cls, typed: list[str], at: int, end: int) -> "_Run":
        after = typed[end : end + 1]
        last = typed[end - 1].rstrip("\"'”)!?,;:")
        ended = last != typed[end - 1] or not after
        if ended and last.endswith(".") and last.lower() not in words("abbreviation"):
            last = last[:-1]
        possessed = last.endswith(("'s", "\N{RIGHT SINGLE QUOTATION MARK}s"))
        # "Kafka's speed" is about Kafka; "at McDonald's for a year" is about McDonald's.
        if possessed and not (ended or after[0].lower().strip(",.") in words("function")):
            last = last[:-2]
        parts = [*typed[at : end - 1], last]
        parts[0] = parts[0].lstrip(_QUOTES)
        bare = tuple(word.lower().strip(".,'") for word in parts if word not in _JOINING)
        return cls(tuple(parts), bare, " ".join(typed[:at]) + " ")

    @property
    def text(self) -> str:
        """The words with the article before them."""
        article = "the " if self.before.lower().endswith("the ") else ""
        return article + " ".join(self.parts)

    @property
    def organisation(self) -> bool:
        return self.bare[0] in _SAINT or not words("organisation").isdisjoint(self.bare)

    @property
    def shaped(self) -> bool:
        """Whether a word is written as only names are."""
        return any(_INNER.search(word) and word.lower() not in words("credential") for word in self.parts)

    def among(self, *lists: str) -> bool:
        """Whether a word of it is in one of the lists."""
        return any(word in words(name) or f"{word}." in words(name) for name in lists for word in self.bare)


def _name(run: _Run) -> Name | None:
    """The name, or None if it may be a person, a cut name or an ordinary word."""
    if run.among("function", "credential", "calendar", "person") or run.bare[-1] in _BROKEN:
        return None
    if _is_opening(run) or (not run.organisation and _is_person(run)):
        return None
    tool = any(map(spelling, run.parts))
    place = run.organisation or (not tool and bool(_PLACE.search(run.before)))
    if _is_acronym(run) and not place:
        return None
    sure = place or tool or run.shaped or _CALLED.search(run.before)
    return Name(run.text, place=place) if sure else None


def _is_opening(run: _Run) -> bool:
    """Whether the run begins a sentence with a word that may have its capital from there."""
    first = run.bare[0]
    certain = first in _SAINT or first in words("organisation") or (run.shaped and not run.organisation)
    return not run.before.strip() and not certain and is_word(first)


def _is_person(run: _Run) -> bool:
    related = (run.before.split() or [""])[-1].lower().strip(",") in words("relation")
    return related or run.bare[0] in words("honorific") or is_first_name(run.parts[0])


def _is_acronym(run: _Run) -> bool:
    return len(run.parts) == 1 and run.parts[0].isupper() and len(run.parts[0].replace(".", "")) <= _ACRONYM
