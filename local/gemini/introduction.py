"""The candidate's name, from what they say when they are asked for it."""

import re

from local.gemini.english import is_first_name, is_word, sentences
from local.gemini.lexicon import words

_NAME = r"([^\W\d_][\w'-]*)"
_TOLD = re.compile(rf"\b(?:my (?:first )?name(?: is|'s)|the name(?: is|'s)|calls? me|go by)\s+{_NAME}", re.IGNORECASE)
_BEGUN = re.compile(
    rf"^\W*(?:(?:hi|hello|hey|yes|sure|good (?:morning|afternoon|evening))\b(?:\W+(?:there|iris))?\W+)?"
    rf"(?:i'm|i am|it's|it is|this is|just|that's)\s+{_NAME}",
    re.IGNORECASE,
)
_HERE = re.compile(rf"^\W*{_NAME} here\b", re.IGNORECASE)
_ALONE = re.compile(
    rf"^\W*(?:(?:hi|hello|hey)\b(?:\W+(?:there|iris))?\W+)?{_NAME}(?:\s+[A-Z][\w'-]*\.?){{0,2}}\W*(?:,|$)"
)
_SURNAME = r"(?:\s+(?-i:[A-Z])[\w'-]*\.?(?=[\s,.!]|$)){0,2}[\s,.!]*"
_TITLED = re.compile(r"\b(Dr|Mr|Mrs|Ms|Mx|Prof|Professor|Sister)\b\.?\s+([A-Z][\w'-]+)")
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening)|nice to meet you|thank you|thanks|iris|there|too|\W)+\W*$",
    re.IGNORECASE,
)
_FEW = 6  # words beside the name, from which there is an answer too


def own_name(text: str, *, spoken: bool, asked: bool) -> str | None:
    """What the speaker asks to be called, if that is surely a name.

    Spoken words may be misheard, so only a known first name counts. A word alone counts if the name was `asked` for.
    """
    text = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip()
    first = (sentences(text) or ("",))[0]
    if told := _TOLD.search(text):
        name = told.group(1)
        return _written(name) if is_first_name(name) or not (spoken or _is_state(name)) else None
    titled = _TITLED.search(first) if asked else None
    if titled and len(first.split()) <= _FEW:
        return None if spoken else f"{titled.group(1)}{'' if len(titled.group(1)) > 4 else '.'} {titled.group(2)}"  # noqa: PLR2004
    begun = _BEGUN.match(text) or _HERE.match(text)
    if begun and _is_sure(begun.group(1), spoken=spoken):
        return _written(begun.group(1))
    alone = _ALONE.match(first) if asked else None
    return _written(alone.group(1)) if alone and _is_sure(alone.group(1), spoken=spoken) else None


def is_introduction(text: str) -> bool:
    """Whether the text greets or tells a name, understood or not, and hardly anything else."""
    text = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip()
    if _GREETING.match(text) or (_TITLED.search(text) and len(text.split()) <= _FEW):
        return True
    rest = text
    for pattern in (_TOLD, _BEGUN, _HERE):
        rest = re.sub(pattern.pattern + _SURNAME, " ", rest, count=1, flags=re.IGNORECASE)
    if rest != text:
        introduced = any(
            is_first_name(found.group(1)) or (found.group(1)[:1].isupper() and not _is_state(found.group(1)))
            for pattern in (_TOLD, _BEGUN, _HERE)
            if (found := pattern.search(text))
        )
        return introduced and len(rest.split()) < _FEW
    alone = _ALONE.fullmatch(text.rstrip(".!"))
    return alone is not None and alone.group(1)[:1].isupper() and not _is_state(alone.group(1))


def _is_sure(name: str, *, spoken: bool) -> bool:
    if is_first_name(name):
        return name[:1].isupper() or not spoken
    return not spoken and name[:1].isupper() and not (_is_state(name) or is_word(name))


def _is_state(name: str) -> bool:
    """Whether the word says what or how somebody is, or how they answer: "German", "fine", "Yes"."""
    lists = words("function") | words("empty") | words("person") | words("role") | words("verb")
    return name.lower() in lists


def _written(name: str) -> str:
    return name if name[:1].isupper() and not name.isupper() else name.capitalize()
