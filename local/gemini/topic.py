"""The topic as the interviewer says it: a field, a role, or the candidate's own words in quotation marks."""

import re
from dataclasses import dataclass
from typing import Literal

from local.gemini.english import sentences
from local.gemini.lexicon import spelling, words

Kind = Literal["field", "role", "quoted"]

_MOST_LETTERS = 60
_MOST_WORDS = 7
_PREFIX = re.compile(
    r"^(?:(?:mock|job|technical|practice|practise) )?(?:interview|topic|subject|skill|role|position)s?"
    r"(?: (?:questions|practice|preparation|prep))?(?:\s*:\s*| (?:about|for|on|as|in|with)(?: an?| the)? )",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r" (?:job )?(?:interviews?(?: (?:questions|practice|preparation|prep))?|jobs?|positions?|roles?)$", re.IGNORECASE
)
_STRANGE = re.compile(r"[^\u0000-\u024f\u2010-\u2027]|[{}<>\[\]|\\^~_=*]")
# A sentence, a request, a command: nothing that fits into a sentence of somebody else's.
_SAID = re.compile(
    r"[?!]|^(?:how|what|why|when|where|who|which|whether|i|i'm|i'd|i've|we|my|you|your|it|this|that|there|please|let|tell|"
    r"talk|explain|ask|give|help|make|manage|lead|sell|teach|build|run|cook|write|handle|learn|prepare|practi[sc]e|do|be|"
    r"become|get|know|understand|describe|discuss|show|test|can|could|do|does|is|are|to)\b"
    r"|\b(?:i|i'm|i'd|i've|we|my|me|you|your|is|are|was|am|will|want|should)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"\s+(?:for|with|in|at|of|on|to|from|and|or|by|within|without)\s+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_][\w.+#/'-]*")


@dataclass(frozen=True, slots=True)
class Topic:
    """`name`: what the first question calls it: "emergency room nursing", "head chef", or the words as they were typed.
    `here`: what later questions call it, to follow "in" or "of": the field's name, "this role" or "this subject".
    """

    kind: Kind
    name: str
    here: str


UNKNOWN = Topic("field", "your field", "your field")


def read(text: str) -> Topic:
    """The topic in a text of any length."""
    typed = " ".join(text.split()).strip(" .,;:-\"'“”")
    if not re.search(r"[^\W\d_]", typed):
        return UNKNOWN
    said = _SUFFIX.sub("", _PREFIX.sub("", typed)) or typed
    said = re.sub(r"\s*\([^)]*\)", "", said)
    said = re.split(r"[:;]\s|\s[-\u2013\u2014|]\s", said)[0]
    said = (sentences(said) or (typed,))[0].strip(" .,;:-")
    said = _listed(said.replace(" & ", " and "))
    if _is_long(said) or _SAID.search(said) or _STRANGE.search(said):
        return Topic("quoted", f"“{_shortened(typed)}”", "this subject")
    bare = re.sub(r"^(?:an?|the|being an?|working as an?|work as an?) ", "", said, flags=re.IGNORECASE)
    if _is_role(bare):
        return Topic("role", _singular(_lowered(bare)), "this role")
    # "In hotel front desk" lacks an article, and no rule says which.
    if head(said) in words("countable") and not re.search(r"\b(?:an?|the|my|our)\b", said, re.IGNORECASE):
        return Topic("quoted", f"“{typed}”", "this subject")
    name = _lowered(said)
    return Topic("field", name, name)


def _is_long(said: str) -> bool:
    return not said or len(said.split()) > _MOST_WORDS or len(said) > _MOST_LETTERS


def _listed(said: str) -> str:
    """A list with its last comma as "and": "Python, Django and SQL". The first part alone of a list of phrases."""
    parts = [part.strip() for part in said.split(",") if part.strip()]
    if len(parts) == 1:
        return said.strip()
    if any(len(part.split()) > 2 or part.lower().startswith("and ") for part in parts) or len(parts) > 4:  # noqa: PLR2004
        return parts[0] if parts else ""
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _lowered(said: str) -> str:
    """As it stands within a sentence: names keep their capitals, other words lose them."""
    titled = sum(word[:1].isupper() for word in said.split()) > 1

    def one(match: re.Match[str]) -> str:
        word = match.group()
        if known := spelling(word):
            return known
        plain = word[:1].isupper() and not any(letter.isupper() for letter in word[1:])
        first = match.start() == 0
        # In a title every word has a capital; elsewhere only the first, unless it is a name.
        return word.lower() if plain and (first or titled) else word

    return _WORD.sub(one, said)


def head(name: str) -> str:
    """The word that says what a topic is: "nurse" in "emergency room nurse at a small hospital"."""
    return _PREPOSITION.split(name)[0].split()[-1].lower()


def _is_role(name: str) -> bool:
    last = head(name)
    return last in words("role") or last.removesuffix("s") in words("role")


def _singular(name: str) -> str:
    last = head(name)
    if last in words("role"):
        return name
    return re.sub(rf"\b{re.escape(last)}\b", last.removesuffix("s"), name, count=1, flags=re.IGNORECASE)


def _shortened(typed: str) -> str:
    """The beginning of what was typed, cut between words."""
    if len(typed) <= _MOST_LETTERS:
        return typed
    kept = typed[:_MOST_LETTERS].split()[:-1]
    while kept and (kept[-1].endswith(".") or kept[-1].lower() in words("function")):
        kept.pop()
    return " ".join(kept).strip(" ,;:-") + "…"
