"""The glyphs of a PDF page, as a reader would see them: upright, once each, with accents on their letters.

Coordinates are in points. `x` runs along the reading direction and `base`, the baseline, grows from line to line, so
that later steps need not know whether text was set sideways.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from pdfminer.utils import Matrix

from interview.cv.content import Mark
from interview.cv.ligatures import decide

# Fonts whose letters are pictures: their text is a code point of no meaning, or the picture's name.
_ICON_FONT = re.compile(r"awesome|icon|material|octicon|fontello|feather|marvosym|fontisto|typicons", re.IGNORECASE)
_SYMBOL_FONT = re.compile(r"wingding|webding|dingbat|symbol", re.IGNORECASE)
# Where Symbol and Wingdings keep the marks that word processors use as bullets.
_SYMBOL_BULLETS = frozenset("\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8\uf06c\uf06e\uf0be\uf02d")
_UNMAPPED = re.compile(r"\(cid:\d+\)")
# Accents that stand beside their letter in the text although they are drawn above or below it.
_ACCENTS = {
    "`": "\u0300", "\u00b4": "\u0301", "\u02c6": "\u0302", "^": "\u0302", "\u02dc": "\u0303", "~": "\u0303",
    "\u00af": "\u0304", "\u02d8": "\u0306", "\u02d9": "\u0307", "\u00a8": "\u0308", "\u02da": "\u030a",
    "\u02dd": "\u030b", "\u02c7": "\u030c", "\u00b8": "\u0327", "\u02db": "\u0328",
}  # fmt: skip
_QUARTER, _HALF = 90, 180  # degrees
# From here on a text is not set askew but laid across the page.
_TILT = 30.0
# A text named for glyphs is a ligature or a syllable: so many letters a glyph at most, and no wider than so many sizes.
_LETTERS_A_GLYPH, _SYLLABLE = 4, 6.0
_LATIN_LIGATURES = frozenset(
    {"fi", "fl", "ff", "ffi", "ffl", "ft", "fft", "tt", "ti", "th", "fj", "st", "ct", "ij", "ae", "oe"}
)
_NO_LETTERS = frozenset({"Cc", "Co", "Cn", "Cs"})
_HYPHENS = "-\u00ad\u2010\u2011"
MIRRORS = {
    "(": ")",
    ")": "(",
    "[": "]",
    "]": "[",
    "{": "}",
    "}": "{",
    "<": ">",
    ">": "<",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab",
}
_DOTLESS = {"\u0131": "i", "\u0237": "j"}


class Glyph(NamedTuple):
    """A glyph: text (several letters in a ligature, `" "` for a space), extent, baseline and font size in points.

    `at` is its place in the order in which the file writes the page.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    font: str
    at: int = 0


class Glyphs(NamedTuple):
    """A page's glyphs by how far the text is turned (0, 90, 180, 270 degrees), and how many could not be read."""

    turned: dict[int, list[Glyph]]
    unreadable: int


def read_glyphs(marks: list[Mark], height: float) -> Glyphs:
    """Every glyph that means something, of a page of this height. Icons and slanted watermarks are left out."""
    turned: dict[int, list[Glyph]] = defaultdict(list)
    unreadable = 0
    for i, (mark, said) in enumerate(_said(marks)):
        turn = _turn(mark.matrix)
        if turn is None:
            continue
        text = said
        if text is None and mark.guesses:
            text = decide(mark.guesses, _letter(marks, i - 1, mark), _letter(marks, i + 1, mark))
        if text is None:
            unreadable += 1
        elif text:
            angle = round(turn / _QUARTER) * _QUARTER
            glyph = _upright(mark if turn == angle else _straightened(mark, turn), _visual(text), angle % 360, height)
            _add(turned[angle % 360], glyph)
    return Glyphs({turn: _compose(_once(glyphs)) for turn, glyphs in turned.items()}, unreadable)


def _said(marks: list[Mark]) -> Iterator[tuple[Mark, str | None]]:
    """Each glyph with what it says; those for which the file names other text as one, where it names a likely one."""
    for _, group in groupby(marks, key=lambda mark: id(mark.span) if mark.span else -mark.at):
        glyphs = list(group)
        meanings = [_meaning(mark.text, mark.font) for mark in glyphs]
        actual = _actual(glyphs, meanings)
        if actual is None:
            yield from zip(glyphs, meanings, strict=True)
            continue
        # What comes after the first glyph has no text of its own, but takes up room.
        boxes = [mark.box for mark in glyphs]
        whole = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
        yield glyphs[0]._replace(box=whole), actual
        yield from ((mark, "") for mark in glyphs[1:])


def _actual(glyphs: list[Mark], meanings: list[str | None]) -> str | None:
    """The text that the file names for these glyphs (`/ActualText`), where it is one that they can show.

    It is no place to hide text in: it has a few letters a glyph at most, and the glyphs stand beside each other.
    """
    span = glyphs[0].span
    if span is None:
        return None
    if any(_ICON_FONT.search(mark.font) for mark in glyphs):
        return None
    text = "".join("-" if c in _HYPHENS else c for c in span.text if unicodedata.category(c) not in _NO_LETTERS)
    if text.isspace():
        return " "
    size = max(mark.size for mark in glyphs)
    level = all(
        abs(mark.matrix[5] - glyphs[0].matrix[5]) < size
        and abs(mark.matrix[4] - glyphs[0].matrix[4]) < _SYLLABLE * size
        for mark in glyphs
    )
    own = "".join(meaning or "" for meaning in meanings)
    # A bracket in Arabic is named as it is written, and its font says how it looks: that is what the line goes by.
    if not level or not 0 < len(text) <= _LETTERS_A_GLYPH * len(glyphs) or own in (text, MIRRORS.get(text)):
        return None
    if all(meaning is None for meaning in meanings) and text.isascii() and text.casefold() not in _LATIN_LIGATURES:
        # Pictures of letters and telephones have names too ("tel", "in"), which nobody reads.
        return text if len(glyphs) > 1 or len(text) == 1 else ""
    return text


def _add(glyphs: list[Glyph], glyph: Glyph) -> None:
    """Append a glyph; a vowel or tone mark becomes part of the letter that it was written after."""
    if glyph.text and all(unicodedata.category(c) == "Mn" for c in glyph.text):
        for i in range(len(glyphs) - 1, max(-1, len(glyphs) - 4), -1):
            letter = glyphs[i]
            near = letter.x0 - 0.6 * letter.size <= (glyph.x0 + glyph.x1) / 2 <= letter.x1 + 0.6 * letter.size
            if letter.text != " " and near and abs(letter.base - glyph.base) < letter.size:
                marks = glyph.text if not _from_right(letter.text) else ""
                before = glyph.text[::-1] if not marks else ""
                glyphs[i] = letter._replace(text=before + letter.text + marks)
                return
    glyphs.append(glyph)


def _visual(text: str) -> str:
    """Letters of one glyph in the order in which a page shows them: a ligature of Arabic runs from the right."""
    return text[::-1] if len(text) > 1 and _from_right(text) else text


def _from_right(text: str) -> bool:
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)


def _letter(marks: list[Mark], i: int, beside: Mark) -> str:
    """What the glyph there says, if it stands right beside this one."""
    if not 0 <= i < len(marks):
        return ""
    gap = max(marks[i].box[0] - beside.box[2], beside.box[0] - marks[i].box[2])
    follows = ""
    if i > 0 and i + 1 < len(marks) and marks[i - 1] is beside and len(marks[i].text or "") == 1:
        follows = marks[i + 1].text or ""
    return (marks[i].text or "") + follows if gap < 0.1 * beside.size else ""


def _turn(matrix: Matrix) -> float | None:
    """By how many degrees the text is turned against the reading direction.

    A right angle, or a slight tilt as of a name set askew; None for what lies across the page, as a watermark does.
    """
    angle = math.degrees(math.atan2(matrix[1], matrix[0]))
    nearest = round(angle / _QUARTER) * _QUARTER
    if abs(angle - nearest) <= 3:  # noqa: PLR2004 - degrees
        return nearest % 360
    return angle if abs(angle) <= _TILT else None


def _straightened(mark: Mark, angle: float) -> Mark:
    """A tilted glyph as if it stood upright: the line that it is on is turned around the page's left edge."""
    turn = math.radians(-angle)
    a, b, c, d, e, f = mark.matrix
    base = f - e * math.tan(math.radians(angle))
    along = e / math.cos(math.radians(angle))
    size = mark.size
    width = max(abs(mark.box[2] - mark.box[0]) / math.cos(math.radians(angle)) - size * abs(math.sin(turn)), 0.1 * size)
    return mark._replace(
        matrix=(math.hypot(a, b), 0, 0, math.hypot(c, d), along, base), box=(along, base, along + width, base + size)
    )


def _upright(mark: Mark, text: str, turn: int, height: float) -> Glyph:
    e, f = mark.matrix[4], mark.matrix[5]
    x0, y0, x1, y1 = mark.box
    if turn == 0:
        return Glyph(text, x0, x1, height - f, mark.size, mark.font, mark.at)
    if turn == _HALF:
        return Glyph(text, -x1, -x0, f, mark.size, mark.font, mark.at)
    if turn == _QUARTER:
        return Glyph(text, y0, y1, e, mark.size, mark.font, mark.at)
    return Glyph(text, -y1, -y0, -e, mark.size, mark.font, mark.at)


@lru_cache(maxsize=4096)
def _meaning(text: str | None, font: str) -> str | None:
    """What a glyph says: "" for nothing worth keeping, None when the font does not tell."""
    if _ICON_FONT.search(font):
        return ""
    if text is None or _UNMAPPED.fullmatch(text) or text == "\ufffd":
        return None
    if text.isspace():
        return " "
    if _SYMBOL_FONT.search(font) and (text in _SYMBOL_BULLETS or (len(text) == 1 and text in "lnu\u2751\u274f\u27a2")):
        return "\u2022"
    # Several fonts call their hyphen a soft one, and Quartz names three at once; drawn on paper it is a hyphen.
    if all(c in _HYPHENS for c in text):
        return "-"
    text = "".join("-" if c in _HYPHENS else c for c in text)
    kept = "".join(c for c in text if unicodedata.category(c) not in _NO_LETTERS)
    return kept or (None if text else "")


def _once(glyphs: list[Glyph]) -> list[Glyph]:
    """Without overprints: bold is sometimes the same letter drawn again a hair further on."""
    seen: dict[tuple[str, int, int], list[Glyph]] = defaultdict(list)
    kept = []
    for glyph in glyphs:
        near = max(0.12 * glyph.size, 0.01)
        # Cells as wide as the tolerance: a twin lies in the same cell or the one beside it.
        column, row = int(glyph.x0 // near), int(glyph.base // near)
        if glyph.text != " " and any(
            abs(other.x0 - glyph.x0) < near and abs(other.base - glyph.base) < near
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in seen.get((glyph.text, column + dx, row + dy), ())
        ):
            continue
        seen[glyph.text, column, row].append(glyph)
        kept.append(glyph)
    return kept


def _compose(glyphs: list[Glyph]) -> list[Glyph]:
    """Accents that are drawn over a letter become part of it."""
    accents = [glyph for glyph in glyphs if glyph.text in _ACCENTS]
    if not accents:
        return glyphs
    letters = [i for i, glyph in enumerate(glyphs) if len(glyph.text) == 1 and glyph.text.isalpha()]
    result: list[Glyph | None] = list(glyphs)
    for accent in accents:
        for i in letters:
            letter = glyphs[i]
            if _over(accent, letter):
                whole = unicodedata.normalize("NFC", _DOTLESS.get(letter.text, letter.text) + _ACCENTS[accent.text])
                if len(whole) == 1:
                    result[i] = letter._replace(text=whole)
                    result[glyphs.index(accent)] = None
                break
    return [glyph for glyph in result if glyph is not None]


def _over(accent: Glyph, letter: Glyph) -> bool:
    centre = (accent.x0 + accent.x1) / 2
    inside = letter.x0 + 0.15 * (letter.x1 - letter.x0) <= centre <= letter.x1 - 0.15 * (letter.x1 - letter.x0)
    return inside and abs(accent.base - letter.base) < 0.5 * letter.size


def letters(glyphs: Iterable[Glyph]) -> int:
    """How many letters and digits there are."""
    return sum(c.isalnum() for glyph in glyphs for c in glyph.text)
