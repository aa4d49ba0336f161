"""Whether a page's text can be what the page shows, or is only what was left over: a stamp on a scan, wrong letters."""

import re
import unicodedata
from itertools import pairwise
from typing import Literal

from interview.cv.content import Content, covered_share

Fault = Literal["picture", "outlines", "letters"]
"""A page is a picture; its text is drawn as shapes; its font does not tell the right letters."""

# Letters and digits. A page that is a picture has more than these only where it has a text layer.
_FEW = 200
# Shares of a page that pictures cover: more than a logo does, and more than a portrait does.
_SOME, _MOST = 0.02, 0.5
# Shapes: as many as say that a page without letters may be text in outlines; and one beside a footer or a stamp.
_OUTLINES, _MANY_OUTLINES = 60, 300
# Below this length nothing can be said of the letters a text is made of.
_SAMPLE = 150
_COMMON = frozenset("etaoinrs")
_VOWELS = frozenset("aeiouy")
_WORD = re.compile(r"[^\W\d_]{4,}")
# In text of any European language the eight letters above are half of all and more, and a word of four letters has a
# vowel. Letters that a font names wrongly keep neither.
_LEAST_COMMON, _LEAST_VOCAL = 0.4, 0.7
_LEAST_ALPHABETIC = 0.5


def fault_of(content: Content, text: str, *, unreadable: int) -> Fault | None:
    """What is wrong with a page whose visible text is `text` and of whose glyphs so many say nothing."""
    letters = sum(c.isalnum() for c in text)
    if unreadable > letters or not legible(text):
        return "letters"
    covered = covered_share(content)
    if letters == 0:
        return "picture" if covered > _SOME else "outlines" if content.outlines >= _OUTLINES else None
    if letters >= _FEW:
        return None
    if covered > _MOST:
        return "picture"
    return "outlines" if content.outlines >= max(_MANY_OUTLINES, 3 * letters) else None


def legible(text: str) -> bool:
    """Whether a text consists of words, as far as that can be told without knowing its language."""
    # A row of dots, as leads from a skill to its rating, is one sign.
    inked = [b for a, b in pairwise(["", *(c for c in text if not c.isspace())]) if b != a or b.isalnum()]
    if len(inked) >= _SAMPLE and sum(
        c.isalnum() or unicodedata.category(c)[0] == "M" for c in inked
    ) < _LEAST_ALPHABETIC * len(inked):
        return False
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    small = [c for c in plain if "a" <= c <= "z"]
    if len(small) < _SAMPLE or len(small) < _LEAST_ALPHABETIC * len(inked):
        return True
    words = [word for word in _WORD.findall(plain) if word.islower()]
    vocal = sum(any(c in _VOWELS for c in word) for word in words)
    return sum(c in _COMMON for c in small) >= _LEAST_COMMON * len(small) and vocal >= _LEAST_VOCAL * len(words)
