"""The glyphs of a PDF page, as a reader would see them: upright, once each, with accents on their letters.

Coordinates are in points. `x` runs along the reading direction and `base`, the baseline, grows from line to line, so
that text set sideways looks like any other to those who come after.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pdfminer.layout import LTChar, LTContainer, LTPage

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
_DOTLESS = {"\u0131": "i", "\u0237": "j"}


class Glyph(NamedTuple):
    """A glyph: text (several letters in a ligature, `" "` for a space), extent, baseline and font size in points."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    font: str


class Glyphs(NamedTuple):
    """A page's glyphs by how far the text is turned (0, 90, 180, 270 degrees), and how many could not be read."""

    turned: dict[int, list[Glyph]]
    unreadable: int


def read_glyphs(page: LTPage) -> Glyphs:
    """Every glyph of the page that means something. Icons and slanted watermarks are left out."""
    turned: dict[int, list[Glyph]] = defaultdict(list)
    unreadable = 0
    for char in _chars(page):
        turn = _turn(char.matrix)
        if turn is None or _ICON_FONT.search(char.fontname):
            continue
        if not _on_page(char, page):
            continue
        text = _meaning(char.get_text(), char.fontname)
        if text is None:
            unreadable += 1
        elif text:
            turned[turn].append(_upright(char, text, turn, page.height))
    return Glyphs({turn: _compose(_once(glyphs)) for turn, glyphs in turned.items()}, unreadable)


def _chars(container: LTContainer[Any]) -> Iterator[LTChar]:
    for item in container:
        if isinstance(item, LTChar):
            yield item
        elif isinstance(item, LTContainer):
            yield from _chars(item)


def _on_page(char: LTChar, page: LTPage) -> bool:
    return bool(char.x1 > page.x0 and char.x0 < page.x1 and char.y1 > page.y0 and char.y0 < page.y1)


def _turn(matrix: tuple[float, ...]) -> int | None:
    """By how many degrees the text is turned against the reading direction; None when not by a right angle."""
    a, b = matrix[0], matrix[1]
    if abs(b) <= 0.05 * abs(a):
        return 0 if a > 0 else _HALF
    if abs(a) <= 0.05 * abs(b):
        return _QUARTER if b > 0 else 270
    return None


def _upright(char: LTChar, text: str, turn: int, height: float) -> Glyph:
    e, f = char.matrix[4], char.matrix[5]
    if turn == 0:
        return Glyph(text, char.x0, char.x1, height - f, char.height, char.fontname)
    if turn == _HALF:
        return Glyph(text, -char.x1, -char.x0, f, char.height, char.fontname)
    if turn == _QUARTER:
        return Glyph(text, char.y0, char.y1, e, char.width, char.fontname)
    return Glyph(text, -char.y1, -char.y0, -e, char.width, char.fontname)


def _meaning(text: str, font: str) -> str | None:
    """What a glyph says: "" for nothing worth keeping, None when the font does not tell."""
    if _UNMAPPED.fullmatch(text) or text == "\ufffd":
        return None
    if text.isspace():
        return " "
    if _SYMBOL_FONT.search(font) and (text in _SYMBOL_BULLETS or (len(text) == 1 and text in "lnu\u2751\u274f\u27a2")):
        return "\u2022"
    # Several fonts call their hyphen a soft one; drawn on paper it is a hyphen.
    text = text.replace("\u00ad", "-").replace("\u2010", "-").replace("\u2011", "-")
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Co", "Cn", "Cs"))
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
