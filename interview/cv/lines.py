"""Makes lines of text from blocks of pieces, without page numbers and repeated headers and footers."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from interview.cv.glyphs import MIRRORS
from interview.cv.pieces import Piece, typical_size

_PAGE_NUMBER = re.compile(
    r"[-\u2013\u2014|\s]*(?:(?:page|seite|p\.|p\u00e1gina|pagina|strana|sivu)\s*)?\d{1,3}"
    r"(?:\s*(?:/|of|von|de|di|sur|\||\u2013)\s*\d{1,3})?[-\u2013\u2014|\s]*",
    re.IGNORECASE,
)
# In kinds of characters (see _direction). Latin words stay together over what is between them; numbers stand alone.
_LEFT_TO_RIGHT = re.compile(r"L(?:[LDSN]*[LD])?|D(?:[DS]*D)?")
_RIGHT_TO_LEFT = re.compile(r"[RM](?:[RMNS]*[RM])?")
# The parts of a page's height in which headers and footers stand.
_TOP, _BOTTOM = 0.09, 0.91


class Line(NamedTuple):
    """A line; `place` is its baseline from the top of the page (0) to the bottom (1)."""

    text: str
    place: float


def lines(block: list[Piece], height: float) -> list[Line]:
    """A block's lines from the top, an empty one wherever there is clearly more room than between lines."""
    rows = _rows(block)
    size = typical_size(block)
    steps = sorted(b[0].base - a[0].base for a, b in pairwise(rows))
    step = max(size, steps[len(steps) // 3]) if steps else size
    found: list[Line] = []
    for i, row in enumerate(rows):
        if i and row[0].base - rows[i - 1][0].base > max(1.45 * step, 1.2 * row[0].size):
            found.append(Line("", row[0].base / height))
        found.append(Line(_text(row), row[0].base / height))
    return found


def _rows(block: list[Piece]) -> list[list[Piece]]:
    rows: list[list[Piece]] = []
    for piece in sorted(block, key=lambda p: p.base):
        if rows and _same_line(rows[-1][0], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _same_line(a: Piece, b: Piece) -> bool:
    small, large = sorted((a.size, b.size))
    # Small print beside a large name stands on lines of its own.
    reach = 0.45 * large if large < 1.6 * small else 0.3 * small
    return abs(a.base - b.base) <= reach


def _text(row: list[Piece]) -> str:
    row = sorted(row, key=lambda p: p.x0)
    text = row[0].text
    for a, b in pairwise(row):
        text += ("" if b.x0 - a.x1 < 0.115 * min(a.size, b.size) else " ") + b.text
    return _logical(text)


def _logical(text: str) -> str:
    """The order in which it is read: a page shows Hebrew and Arabic from the right, numbers and Latin words in them
    from the left (Unicode's bidirectional algorithm, run backwards).
    """
    kinds = "".join(map(_direction, text))
    if "R" not in kinds:
        return text
    if not runs_from_right(text):
        return _reverse(text, _RIGHT_TO_LEFT.finditer(kinds))
    runs = list(_LEFT_TO_RIGHT.finditer(kinds))
    kept = {i for run in runs for i in range(run.start(), run.end())}
    mirrored = "".join(c if i in kept else MIRRORS.get(c, c) for i, c in enumerate(text))
    return _reverse(mirrored, runs)[::-1]


def runs_from_right(text: str) -> bool:
    """Whether most of the text's letters are of a script that is written from the right."""
    kinds = Counter(map(_direction, text))
    return kinds["R"] > kinds["L"]


def _direction(c: str) -> str:
    """R and L for letters, D for digits, S for signs within a number, M for marks on letters, N for the rest."""
    kind = unicodedata.bidirectional(c)
    if kind in ("R", "AL"):
        return "R"
    if kind in ("EN", "AN"):
        return "D"
    return "L" if kind == "L" else "M" if kind == "NSM" else "S" if c in ".,:/@+_%-" else "N"


def _reverse(text: str, runs: Iterable[re.Match[str]]) -> str:
    for run in runs:
        text = text[: run.start()] + text[run.start() : run.end()][::-1] + text[run.end() :]
    return text


def without_furniture(pages: list[list[Line]]) -> list[list[Line]]:
    """Without page numbers and without footers that come back; a header that does stays where it is first."""
    marks = Counter(mark for page in pages for mark in {_mark(line) for line in page if _at_edge(line)} if mark)
    repeated = {mark for mark, count in marks.items() if count > 1 and 2 * count >= len(pages)}
    seen: set[tuple[str, int]] = set()
    kept: list[list[Line]] = []
    for page in pages:
        left = []
        for line in page:
            mark = _mark(line) if _at_edge(line) else None
            if mark is not None:
                again = mark in repeated and (mark in seen or line.place > _BOTTOM)
                if again or _PAGE_NUMBER.fullmatch(line.text):
                    continue
                seen.add(mark)
            left.append(line)
        kept.append(left)
    return kept


def _at_edge(line: Line) -> bool:
    return bool(line.text) and not _TOP < line.place < _BOTTOM


def _mark(line: Line) -> tuple[str, int]:
    """What makes a line the same on another page: its words without numbers, and its height."""
    return re.sub(r"\d+", "#", line.text).casefold(), round(line.place * 200)
