"""The phrase of an answer that is worth picking up."""

import difflib
import re
from collections.abc import Collection

from local.gemini.lexicon import words

_SHORTEST = 5  # letters of a noun that stands alone
_LONGEST = 3  # words of a phrase; more have a verb among them
_NEAR = 0.58  # alike enough for a name that was misheard: "Typle Bank" for "Tidepool Bank"
_DETERMINER = r"(?:an?|the|our|my|this|these|their)\b"
_AFTER_DETERMINER = re.compile(
    rf"\b({_DETERMINER})\s+((?:[\w'/-]+\s+){{0,3}}[\w'/-]+)"
    r"|\b(?:built|designed|launched|wrote|created|migrated|used|ran|managed|improved|implemented|developed|introduced"
    r"|measured|tested|handled|reduced|started|planned|organi[sz]ed|taught|sold|learned|studied)\s+"
    rf"(?!{_DETERMINER})((?:[\w'/-]+\s+){{0,2}}[\w'/-]+)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:my name is|my name's|call me|^\W*(?:hi|hello|hey)\b(?:\W+\w+){0,2}?\W+(?:i'm|i am|this is))"
    r"\s+([a-z][\w'-]+)",
    re.IGNORECASE,
)
# A capital letter after these is somebody's name, or what somebody is.
_INTRODUCED = re.compile(r"\b(?i:my name is|my name's|call me|i'm|i am|this is)\s+(?:[A-Z][\w'-]*[,.!]?(?:\s+|$)){1,3}")


def salient(text: str, used: Collection[str] = ()) -> str | None:
    """The phrase worth quoting back, ready to follow "You mentioned": a name, else a specific noun phrase.

    Nothing that is made of the words in `used` (the topic, who is talking, what was picked up before), and nobody who
    is introduced in the text itself.
    """
    known = {word.lower().strip(".,;:?!'\"()") for phrase in used for word in [phrase, *phrase.split()]}
    text = _INTRODUCED.sub("| ", text)
    names = [name for name in _names(text) if not set(name.lower().split()) <= known]
    if names:
        return max(names, key=lambda name: len(name.split()))
    phrases = [phrase for phrase in _nouns(text) if not set(_bare(phrase).split()) <= known]
    # Two or three words are specific; a single one is taken only if there is nothing better. The first of equals wins.
    return max(phrases, key=lambda phrase: min(len(_bare(phrase).split()), 2), default=None)


def spelled(phrase: str, names: Collection[str]) -> str:
    """A name as the CV spells it, if it was heard nearly so; anything else as it is."""
    if not phrase[:1].isupper():
        return phrase
    written = {name.lower(): name for name in names}
    near = difflib.get_close_matches(phrase.lower(), written, n=1, cutoff=_NEAR)
    return written[near[0]] if near else phrase


def own_name(text: str) -> str | None:
    """What the speaker asks to be called."""
    found = _NAMED.search(text)
    return found.group(1).capitalize() if found else None


def _bare(phrase: str) -> str:
    return re.sub(r"^(the|your) ", "", phrase.lower())


def _names(text: str) -> list[str]:
    found: list[str] = []
    for sentence in re.split(r"[.!?]+\s*", text):
        current: list[str] = []
        tokens = [*sentence.split(), ""]
        for at, token in enumerate(tokens):
            word = token.strip(",;:\"'()").removesuffix("'s")
            # Every sentence begins with a capital letter: it says something only before another one.
            first = at == 0 and not (token[-1:].isalpha() and _is_name(tokens[1].strip(",;:\"'()"), first=False))
            name = _is_name(word, first=first)
            if name:
                current.append(word)
            if current and (not name or token[-1:] in ",;:"):
                found.append(" ".join(current))
                current = []
    return [name[:1].upper() + name[1:] for name in found]


def _is_name(word: str, *, first: bool) -> bool:
    lower = word.lower()
    if lower in words("known"):
        return True
    general = lower in words("function") | words("empty") | words("verb")
    return len(word) > 1 and word[0].isupper() and not first and not general


def _nouns(text: str) -> list[str]:
    found: list[str] = []
    for match in _AFTER_DETERMINER.finditer(re.sub(r"[,.;:!?]", " | ", text)):
        noun = _noun((match.group(2) or match.group(3)).lower().split())
        if noun:
            determiner = (match.group(1) or "").lower()
            found.append({"": "", "my": "your ", "our": "your "}.get(determiner, "the ") + noun)
    return found


def _noun(following: list[str]) -> str:
    """The noun phrase at the beginning of these words, empty when it says too little."""
    taken: list[str] = []
    for word in following:
        if (
            word in words("function") | words("verb")
            or word.endswith("ed")
            or not re.fullmatch(r"[a-z][a-z'/-]+", word)
        ):
            break
        taken.append(word)
    while taken and taken[0] in words("empty"):
        taken.pop(0)
    while taken and (taken[-1] in words("empty") or taken[-1].endswith("ly")):
        taken.pop()
    too_short = len(taken) == 1 and len(taken[0]) < _SHORTEST
    return "" if too_short or len(taken) > _LONGEST else " ".join(taken)
