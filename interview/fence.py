"""Puts what people typed, said or uploaded into a prompt as data.

The prompts mark data by a fence, a pair of tags such as `<cv>` and `</cv>`, and the relay's directions by square
brackets. `neutral` makes a text in which neither occurs; `fenced` puts it into its fence. So a prompt has exactly one
block of each name, and no text in it can change that (docs/decisions/0047-fences.md).
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, Literal

Name = Literal["topic", "cv", "job_description", "transcript", "rubric", "claims", "earlier_questions", "question"]
"""A fence of one of the prompts."""

# Default_Ignorable_Code_Point of Unicode 17: zero-width and bidi characters, tags, variation selectors, fillers. Also
# control characters other than tab and the ends of a line, and annotations. None of them has a shape of its own.
_UNSEEN: Final = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS: Final = "\u200c\u200d"
_LATIN_ENDS: Final = 0x300

# Square brackets of every kind, with those that resemble them: tortoise-shell, lenticular and white ones.
_OPENING: Final = "[\u2045\u27e6\u2772\u3010\u3014\u3016\u3018\u301a\ufe39\ufe3b\ufe47\ufe5d\uff3b"
_CLOSING: Final = "]\u2046\u27e7\u2773\u3011\u3015\u3017\u3019\u301b\ufe3a\ufe3c\ufe48\ufe5e\uff3d"
_ROUND: Final = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))

# What resembles `<` and `/`, and the letters of other scripts that resemble those in a fence's name.
_ALIKE: Final = str.maketrans(
    "\u02c2\u1438\u2039\u276c\u276e\u2770\u27e8\u27ea\u3008\u300a\u00ab\u226a\u2a79\u29fc"
    "\\\u2044\u2215\u29f8\u2571\u27cb\u29f6"
    "\u0430\u0441\u0435\u0456\u0458\u043e\u0440\u0455\u0442\u0475\u0501\u043f\u03bd\u03bf\u03c1\u03b9\u0131\u03c5\u04cf",
    "<" * 14 + "/" * 7 + "aceijopstvdnvopiiul",
)
_NAMES: Final = (
    r"(?=(?:topic|cv|job[\s_-]*description|transcript|rubric|claims|(?:earlier[\s_-]*)?questions?)(?![a-z0-9]))"
)
# Each alternative looks at a run of blanks, slashes and brackets once, so that the time grows with the length alone.
_FENCE: Final = re.compile(
    rf"(?<![\s/<])[\s/<]++{_NAMES}|&(?:lt|\#0{{0,9}}60|\#x0{{0,9}}3c);?(?=[\s/<]{{0,64}}{_NAMES})"
)


def neutral(text: str) -> str:
    """The text as data: it can neither open nor close a fence, and nothing in it looks like a direction.

    Characters that nobody sees are left out, square brackets become round ones, and so does the first bracket of a tag
    that resembles a fence. All else stays as it was written. The result is its own neutral form.
    """
    text = _seen(text).translate(_ROUND)
    plain, origin = _fold(text)
    pieces: list[str] = []
    at = 0
    for begin, end in _brackets(plain):
        pieces += (text[at : origin[begin]], "(")
        at = origin[end - 1] + 1
    return "".join(pieces) + text[at:]


def neutral_line(text: str) -> str:
    """The same in one line: line breaks and runs of blanks become one space."""
    return " ".join(neutral(text).split())


def fenced(name: Name, text: str) -> str:
    """The block of this name, with the text as data."""
    return f"<{name}>\n{neutral(text).strip()}\n</{name}>"


def folded(text: str) -> str:
    """The text as it looks: without unseen characters, in the plain lower-case letters that others resemble."""
    return _fold(_seen(text))[0]


def _brackets(plain: str) -> Iterator[tuple[int, int]]:
    """Start and end of each bracket that would begin a fence."""
    for found in _FENCE.finditer(plain):
        if found.group().startswith("&"):
            yield found.span()
        else:
            yield from ((at, at + 1) for at in range(*found.span()) if plain[at] == "<")


def _seen(text: str) -> str:
    """The text without characters that nobody sees. A joiner stays between two letters of a script that needs it."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(_joiner, text)


def _joiner(found: re.Match[str]) -> str:
    text, at = found.string, found.start()
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    joins = found.group() in _JOINERS and len(around) == len("ab") and all(map(_joined, around))
    return found.group() if joins else ""


def _joined(character: str) -> bool:
    seen = not _UNSEEN.match(character)
    return seen and ord(character) > _LATIN_ENDS and unicodedata.category(character)[0] in "LM"


def _fold(text: str) -> tuple[str, list[int]]:
    """The text in plain letters, and for each of its characters the index of the one it came from."""
    plain: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        if character.isascii():
            letters = character.lower()
        else:
            letters = "".join(
                c for c in unicodedata.normalize("NFKD", character).casefold() if not unicodedata.combining(c)
            )
        letters = letters.translate(_ALIKE)
        plain += letters
        origin += [index] * len(letters)
    return "".join(plain), origin
