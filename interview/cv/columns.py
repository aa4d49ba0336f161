"""The reading order of a page: which pieces belong to one column, and which column comes first.

Columns are told from lines that merely have a gap (a place or a date set flush right, a label before its text) by
their baselines: what belongs to one line shares them, two flows of text rarely do.
"""

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import NamedTuple

from interview.cv.pieces import Piece, lines_of, typical_size

# A gutter is at least this wide, in font sizes.
_GUTTER = 1.0
_LINES = 2  # each side has so many
_STEP = 3.0  # points between two places where a gutter is looked for
_DEPTH = 6
_TRIES = 40
# Points within which two baselines are the same: one line was set there, not two by chance.
_EXACT = 0.2
# A share of common baselines from which on two sides are lines with a gap in them.
_SHARED = 0.7
# How often the file changes sides for each line of the shorter side, where it writes row by row.
_ALTERNATING = 0.6
_PROSE_LINES = 5
_COLUMN_WORDS = 2.5
_PROSE_WORDS = 4
_LONGER = 1.25


class _Gutter(NamedTuple):
    score: tuple[int, int, float]
    left: list[Piece]
    right: list[Piece]


def blocks(found: list[Piece], depth: int = _DEPTH) -> list[list[Piece]]:
    """The pieces as blocks in reading order; within a block text runs line by line over its whole width."""
    if not found:
        return []
    gutters = sorted(_gutters(found), key=lambda g: g.score, reverse=True) if depth else []
    for gutter in gutters[:_TRIES]:
        if _are_columns(gutter.left, gutter.right):
            above, below = _around(found, gutter)
            parts = (above, gutter.left, gutter.right, below)
            return [block for part in parts for block in blocks(part, depth - 1)]
    return [found]


def _around(found: list[Piece], gutter: _Gutter) -> tuple[list[Piece], list[Piece]]:
    """What stands above the two columns and what stands below."""
    kept = {id(piece) for piece in (*gutter.left, *gutter.right)}
    top = min(piece.base for piece in (*gutter.left, *gutter.right))
    rest = [piece for piece in found if id(piece) not in kept]
    return [piece for piece in rest if piece.base < top], [piece for piece in rest if piece.base >= top]


def _gutters(found: list[Piece]) -> list[_Gutter]:
    """Every place where a vertical strip is free of text over several lines."""
    size = typical_size(found)
    found = sorted(found, key=lambda p: p.base)
    bases = [piece.base for piece in found]
    gutters: list[_Gutter] = []
    x = min(piece.x0 for piece in found) + _STEP
    end = max(piece.x1 for piece in found)
    while x < end:
        crossing = [piece.base for piece in found if piece.x0 < x - 0.5 and piece.x1 > x + 0.5]
        edges = [float("-inf"), *sorted([*crossing, *_bridges(found, x, size)]), float("inf")]
        for above, below in pairwise(edges):
            inside = found[bisect_right(bases, above + 0.3 * size) : bisect_left(bases, below - 0.3 * size)]
            if len(inside) >= 2 * _LINES:
                gutter = _gutter(inside, x, size, closed=below != float("inf"))
                if gutter is not None:
                    gutters.append(gutter)
        x += _STEP
    return gutters


def _bridges(found: list[Piece], x: float, size: float) -> list[float]:
    """Baselines of lines that reach over x although nothing of them stands there; `found` is sorted by its baselines.

    Such a line's right part, a place or a date, stands by itself: exactly on the baseline of something to the left, and
    with nothing of its own side close above or below.
    """
    left = [piece.base for piece in found if (piece.x0 + piece.x1) / 2 < x]
    right = [piece.base for piece in found if (piece.x0 + piece.x1) / 2 >= x]
    near = 2.2 * size
    return [
        base
        for base in right
        if not _beside(right, base, near) and _within(left, base, _EXACT) and _beside(left, base, near)
    ]


def _within(bases: list[float], base: float, reach: float) -> int:
    """How many of the sorted baselines are no further away than that."""
    return bisect_right(bases, base + reach) - bisect_left(bases, base - reach)


def _beside(bases: list[float], base: float, reach: float) -> bool:
    """Whether there is another line within reach, above or below."""
    return _within(bases, base, reach) > _within(bases, base, _EXACT)


def _gutter(inside: list[Piece], x: float, size: float, *, closed: bool) -> _Gutter | None:
    left = [piece for piece in inside if (piece.x0 + piece.x1) / 2 < x]
    right = [piece for piece in inside if (piece.x0 + piece.x1) / 2 >= x]
    if not left or not right:
        return None
    right = _without_head(left, right, size)
    if closed:
        left, right = _without_tail(left, right, size)
    if not left or not right:
        return None
    width = min(piece.x0 for piece in right) - max(piece.x1 for piece in left)
    if width < _GUTTER * size:
        return None
    lines_left, lines_right = len(lines_of(left)), len(lines_of(right))
    if min(lines_left, lines_right) < _LINES:
        return None
    return _Gutter((min(lines_left, lines_right), lines_left + lines_right, width), left, right)


def _without_head(left: list[Piece], right: list[Piece], size: float) -> list[Piece]:
    """The right column without what stands over both: a name or an address that begins above the left column.

    It is larger than all that stands on the left or does not begin where the column does.
    """
    top = min(piece.base for piece in left) - 0.3 * size
    starts = sorted(piece.x0 for piece in right if piece.base >= top)
    if not starts:
        return right
    edge = starts[len(starts) // 4]
    large = 1.25 * max(piece.size for piece in left)
    head = [
        piece.base for piece in right if piece.base < top and (piece.size > large or abs(piece.x0 - edge) > 2 * size)
    ]
    return [piece for piece in right if piece.base > max(head, default=float("-inf"))]


def _without_tail(left: list[Piece], right: list[Piece], size: float) -> tuple[list[Piece], list[Piece]]:
    """Without the lines at the bottom that lead over to the full width: a short heading, a line with a date.

    They stand below a gap that goes through both columns, and nothing there looks like columns any more.
    """
    bases = lines_of([*left, *right])
    for above, below in reversed(list(pairwise(bases))):
        if below - above < 1.6 * size:
            continue
        tail_left = [piece for piece in left if piece.base > above + 0.3 * size]
        tail_right = [piece for piece in right if piece.base > above + 0.3 * size]
        if tail_left and (not tail_right or not _are_columns(tail_left, tail_right)):
            left = [piece for piece in left if piece.base <= above + 0.3 * size]
            right = [piece for piece in right if piece.base <= above + 0.3 * size]
        else:
            break
    return left, right


def _are_columns(left: list[Piece], right: list[Piece]) -> bool:
    lines_left, lines_right = lines_of(left), lines_of(right)
    short, long = (left, right) if len(lines_left) <= len(lines_right) else (right, left)
    few, many = sorted((lines_left, lines_right), key=len)
    if not _share_lines(few, many, typical_size([*left, *right])):
        return True
    # The file may not write the page in order and yet say this much: rows change sides at every line.
    if _changes(left, right) >= _ALTERNATING * len(few):
        return False
    # On one grid of lines, two sides of running text are columns, and so is a closed list beside a longer text. Labels
    # have gaps between them where their text goes on; dates have numbers; cells are as many on either side.
    if len(few) < _PROSE_LINES:
        return False
    if _flows(left, _COLUMN_WORDS) and _flows(right, _COLUMN_WORDS):
        return 2 * len(few) >= len(many)
    numbers = sum(any(c.isdigit() for c in piece.text) for piece in short)
    listed = _flows(short, 1) and 2 * numbers < len(short)
    return listed and _flows(long, _PROSE_WORDS) and len(many) >= _LONGER * len(few)


def _changes(left: list[Piece], right: list[Piece]) -> int:
    """How often the file goes back from the right side to the left while it writes both."""
    sides = sorted([(piece.at, 0) for piece in left] + [(piece.at, 1) for piece in right])
    return sum(a > b for (_, a), (_, b) in pairwise(sides))


def _share_lines(few: list[float], many: list[float], size: float) -> bool:
    """Whether most of the fewer baselines are those of the other side, or by one small distance above or below."""
    offsets = sorted(min((base - other for other in many), key=abs) for base in few)
    middle = offsets[len(offsets) // 2]
    shared = sum(abs(offset - middle) <= 0.1 * size for offset in offsets)
    return abs(middle) <= 0.2 * size and shared >= _SHARED * len(few)


def _flows(side: list[Piece], words: float) -> bool:
    """Whether lines of so many words follow each other closely, begin at one edge and mostly fill the column."""
    bases = lines_of(side)
    size = typical_size(side)
    start, end = min(piece.x0 for piece in side), max(piece.x1 for piece in side)
    flush = sum(piece.x0 - start < 2 * size for piece in side)
    full = sum(piece.x1 - piece.x0 > 0.6 * (end - start) for piece in side)
    close = sum(b - a < 1.8 * size for a, b in pairwise(bases))
    return (
        sum(len(piece.text.split()) for piece in side) >= words * len(bases)
        and flush >= 0.7 * len(side)
        and full >= 0.4 * len(side)
        and close >= 0.7 * (len(bases) - 1)
    )
