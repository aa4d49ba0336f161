"""Ligatures whose letters a PDF font does not tell: guessed from their width, decided by the letters after them."""

from typing import Any
from weakref import WeakKeyDictionary

from pdfminer.pdffont import PDFFont

_LIGATURES = ("ffi", "ffl", "fi", "fl", "ff", "fj", "ft", "tt", "ti")
# By how much of its letters' width a ligature may differ from them.
_TOLERANCE = 0.03
_widths: WeakKeyDictionary[PDFFont, dict[str, float]] = WeakKeyDictionary()


def by_width(font: PDFFont, cid: int) -> tuple[str, ...]:
    """The ligatures that the glyph may be: those as wide as the font's own letters beside each other."""
    letters = _widths.get(font)
    if letters is None:
        letters = _widths[font] = _letter_widths(font)
    width = font.char_width(cid)
    if width <= 0 or "f" not in letters:
        return ()
    fitting = []
    for ligature in _LIGATURES:
        if all(c in letters for c in ligature):
            whole = sum(letters[c] for c in ligature)
            if abs(width - whole) <= _TOLERANCE * whole:
                fitting.append((abs(width - whole), ligature))
    return tuple(ligature for _, ligature in sorted(fitting, key=lambda found: found[0]))


def decide(guesses: tuple[str, ...], before: str, after: str) -> str | None:
    """Which of the guesses stands between these letters of one word; None when it stands in no word."""
    if not (before[-1:].isalpha() or after[:1].isalpha()):
        return None
    fi, fl = next(((i, lig) for i, lig in (("fi", "fl"), ("ffi", "ffl")) if i in guesses and lig in guesses), ("", ""))
    if not fi:
        return guesses[0] if guesses else None
    # fi and fl are often equally wide. "fl" is followed by a vowel; of those, "fie" is as in "field" and "certified".
    following = after[:2].casefold()
    if following[:1] in ("a", "o", "u", "y", "i", "\u00fc", "\u00f6", "\u00e4"):
        return fl
    if following[:1] == "e" and following not in ("ed", "er", "es", "el", "ep"):
        return fl
    return fi


def _letter_widths(font: PDFFont) -> dict[str, float]:
    widths: dict[str, float] = {}
    for cid, text in _characters(font).items():
        # An encoding names more letters than a font has.
        if text in ("f", "i", "l", "t", "j") and font.char_width(cid) > 0:
            widths.setdefault(text, font.char_width(cid))
    return widths


def _characters(font: Any) -> dict[int, str]:
    """What the font says of its glyphs; pdfminer keeps it under different names for different kinds of fonts."""
    known: dict[int, str] = {}
    for table in (getattr(font, "cid2unicode", None), getattr(getattr(font, "unicode_map", None), "cid2unichr", None)):
        if isinstance(table, dict):
            known.update(table)
    return known
