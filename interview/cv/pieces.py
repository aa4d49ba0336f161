"""Makes pieces of text from glyphs: where a word ends and where a line is broken by a wide gap.

Typeset CVs often hold no space at all: TeX writes a word's distance as a move of a quarter of the font size, shrunk in
justified lines, and kerns letters by a twentieth of it either way. So a gap is measured in font sizes, and against the
gaps around it, since headings may be letter-spaced.
"""

from itertools import pairwise
from typing import NamedTuple

from interview.cv.glyphs import Glyph

# In font sizes. Between letters, gaps in typeset CVs stay below 0.07; between words they are 0.16 and more.
_WORD = 0.115
# From here on it is no longer certain that two words belong to the same line of text: a gutter may be between them.
_PIECE = 0.8
_JUMP, _NEAR = 0.5, 40
# A script is short; and of fewer letters it can't be told whether they are spaced out.
_SCRIPT_LETTERS, _RUN_LETTERS = 4, 5
# Letter-spaced text never has letters further apart than this.
_SPACED = 2.5


class Piece(NamedTuple):
    """Words that certainly follow each other on one baseline; points, `base` growing downwards."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    at: int = 0
    """Its place in the order in which the file writes the page."""


def pieces(glyphs: list[Glyph]) -> list[Piece]:
    """The pieces of a page, in no particular order."""
    found: list[Piece] = []
    for row in _rows(glyphs):
        piece: list[tuple[Glyph, str]] = []
        for glyph, lead in _spaced(row):
            if piece and _parts(piece[-1][0], glyph):
                found.append(_piece(piece))
                piece = []
            piece.append((glyph, lead))
        if piece:
            found.append(_piece(piece))
    return found


def _parts(a: Glyph, b: Glyph) -> bool:
    """Whether a new piece begins at b: after a wide gap, or after a narrower one over which the file jumps."""
    gap = (b.x0 - a.x1) / max(a.size, b.size)
    return gap > _PIECE or (gap > _JUMP and not 0 < b.at - a.at <= _NEAR)


def _piece(parts: list[tuple[Glyph, str]]) -> Piece:
    text = "".join(lead + glyph.text for glyph, lead in parts).strip()
    sizes = sorted(glyph.size for glyph, _ in parts)
    glyphs = [glyph for glyph, _ in parts]
    size = sizes[len(sizes) // 2]
    x0, x1 = min(g.x0 for g in glyphs), max(g.x1 for g in glyphs)
    return Piece(text, x0, x1, glyphs[0].base, size, min(g.at for g in glyphs))


def _rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Glyphs that share a baseline, from left to right; raised and lowered small ones join the row they lean on."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.base):
        if rows and glyph.base - rows[-1][-1].base <= 0.08 * min(glyph.size, rows[-1][-1].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    rows = _scripts([sorted(row, key=lambda g: g.x0) for row in rows])
    return [row for row in rows if any(glyph.text != " " for glyph in row)]


def _scripts(rows: list[list[Glyph]]) -> list[list[Glyph]]:
    for i, row in enumerate(rows):
        for neighbour in (*rows[max(0, i - 2) : i], *rows[i + 1 : i + 3]):
            joining = [group for group in _groups(row) if _leans(group, neighbour)]
            for group in joining:
                base = neighbour[0].base
                neighbour.extend(glyph._replace(base=base) for glyph in group)
                neighbour.sort(key=lambda g: g.x0)
                for glyph in group:
                    row.remove(glyph)
    return [row for row in rows if row]


def _groups(row: list[Glyph]) -> list[list[Glyph]]:
    groups: list[list[Glyph]] = []
    for glyph in row:
        if groups and glyph.x0 - groups[-1][-1].x1 <= _PIECE * glyph.size:
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    return groups


def _leans(group: list[Glyph], row: list[Glyph]) -> bool:
    """Whether the group is a short script right behind a larger letter of the row, or one letter set into its midst."""
    first = group[0]
    inked = [g for g in row if g.text != " " and abs(first.base - g.base) < 0.5 * max(g.size, first.size)]
    if len(group) == 1 and any(0 < g.x1 - first.x0 < 0.3 * g.size for g in inked if g.x0 < first.x0):
        # As in the logos of TeX and its kin, whose letters overlap their neighbours on both sides.
        return any(0 < first.x1 - g.x0 < 0.3 * g.size for g in inked if g.x0 > first.x0)
    return len(group) <= _SCRIPT_LETTERS and any(
        first.size <= 0.85 * g.size and -0.45 * g.size < first.x0 - g.x1 < 0.15 * g.size for g in inked
    )


def _spaced(row: list[Glyph]) -> list[tuple[Glyph, str]]:
    """The row's glyphs without its spaces, each with what goes before it: a space or nothing."""
    spaced: list[tuple[Glyph, str]] = []
    for run in _runs(row):
        inked = [glyph for glyph in run if glyph.text != " "]
        tracking = _tracking(inked)
        pending = False
        previous = spaced[-1][0] if spaced else None
        first = True
        for glyph in run:
            if glyph.text == " ":
                # In letter-spaced text every letter may have a space behind it: there only the distance counts.
                pending = pending or tracking <= _WORD
                continue
            gap = 0.0 if previous is None else (glyph.x0 - previous.x1) / max(glyph.size, previous.size)
            limit = _WORD if first else tracking + max(_WORD, 0.5 * tracking)
            broken = pending or gap > limit
            spaced.append((glyph, " " if broken and previous is not None else ""))
            previous, pending, first = glyph, False, False
        if pending and spaced:
            spaced[-1] = (spaced[-1][0]._replace(text=spaced[-1][0].text + " "), spaced[-1][1])
    return spaced


def _runs(row: list[Glyph]) -> list[list[Glyph]]:
    """Stretches of one font and size, in which letters are evenly spaced."""
    runs: list[list[Glyph]] = []
    last: Glyph | None = None
    for glyph in row:
        same = last is not None and glyph.font == last.font and abs(glyph.size - last.size) <= 0.02 * last.size
        if last is not None and same and glyph.x0 - last.x1 <= _SPACED * glyph.size:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
        last = glyph
    return runs


def _tracking(inked: list[Glyph]) -> float:
    """By how much letters are spaced out, in font sizes; 0 for ordinary text."""
    if len(inked) < _RUN_LETTERS:
        return 0.0
    gaps = sorted(max(0.0, (b.x0 - a.x1) / b.size) for a, b in pairwise(inked))
    tracking = gaps[int(0.3 * len(gaps))]
    if tracking <= 0.5 * _WORD:
        return tracking
    # Single digits and signs with spaces between them are a row of a table, not a letter-spaced word.
    alphabetic = sum(glyph.text.isalpha() for glyph in inked)
    return tracking if alphabetic >= 0.7 * len(inked) else 0.0


def lines_of(found: list[Piece], tolerance: float = 0.25) -> list[float]:
    """The baselines that the pieces stand on, from the top; those closer than `tolerance` font sizes are one."""
    bases: list[float] = []
    for piece in sorted(found, key=lambda p: p.base):
        if not bases or piece.base - bases[-1] > tolerance * piece.size:
            bases.append(piece.base)
    return bases


def typical_size(found: list[Piece]) -> float:
    """The font size of most of the text, in points; `found` is not empty."""
    sizes = sorted(found, key=lambda p: p.size)
    half = sum(len(piece.text) for piece in sizes) / 2
    so_far = 0
    for piece in sizes:
        so_far += len(piece.text)
        if so_far >= half:
            break
    return piece.size
