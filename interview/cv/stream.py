"""The order in which a file writes its page, where that is a reading order.

Programs that set text write a column to its end before the next one, and a table cell by cell: mostly in the order in
which a person reads. Some write in no order at all, by font or by colour; then the page's geometry has to tell
(`columns`).
"""

import re
from collections.abc import Iterator

from interview.cv.lines import runs_from_right
from interview.cv.pieces import Piece, typical_size

# In font sizes: how far a line may reach above or below another one and still stand beside it.
_LEVEL, _ABOVE = 0.25, 0.6
# A share of lines that may stand above earlier ones of their own column: a page has ornaments and corrections.
_ODD = 0.06
# In font sizes: as far below the line before it a line may stand and still go on with it.
_FOLLOWING = 3.0
# A cell of a date or a place has so few words and lines.
_CELL_WORDS, _CELL_LINES = 5, 3
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_STRIP = 4.0  # points
# A title is so much larger than the text, within this share of the page's height, and of two lines at most.
_LARGE, _ALIKE, _TOP, _TITLE_LINES = 1.5, 0.9, 0.3, 2

Row = list[Piece]


def stream_blocks(found: list[Piece]) -> list[list[Piece]] | None:
    """The pieces as blocks in the order of the file, each from its top down; None when that is no order to read in."""
    if not found:
        return []
    size = typical_size(found)
    rows = _rows(found)
    if not _is_sane(rows, size):
        return None
    title = _title(rows, size)
    blocks: list[list[Row]] = [title] if title else []
    for written in _header_first(list(_runs([row for row in rows if row not in title], size))):
        run = written
        if blocks and blocks[-1] is not title:
            joined = _join_cells(blocks[-1], run, size)
            if joined is not None:
                before, run = joined
                blocks[-1:] = before
        if run:
            blocks.append(run)
    return [[piece for row in block for piece in row] for block in blocks]


def _rows(found: list[Piece]) -> list[Row]:
    """What is written one after the other on one baseline."""
    rows: list[Row] = []
    for piece in sorted(found, key=lambda p: p.at):
        last = rows[-1][-1] if rows else None
        if last is not None and _level(last, piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _level(a: Piece, b: Piece) -> bool:
    """Whether b stands on the line of a: a date beside a heading may be set a little higher than it."""
    beside = b.x0 > a.x1 or b.x1 < a.x0
    return abs(a.base - b.base) <= (0.45 * max(a.size, b.size) if beside else _LEVEL * min(a.size, b.size))


def _is_sane(rows: list[Row], size: float) -> bool:
    """Whether hardly a line stands above text of its own column that was written earlier."""
    lowest: dict[int, float] = {}
    odd = 0
    above: Row | None = None
    for row in rows:
        base = min(piece.base for piece in row)
        # An edge may reach a little over the gutter.
        strips = [strip for piece in row for strip in _strips(piece.x0 + 0.5 * size, piece.x1 - 0.5 * size)]
        if any(lowest.get(strip, base) > base + _ABOVE * size for strip in strips):
            # A header of several lines that is written last is out of place once.
            follows = above is not None and 0 <= base - above[0].base <= _FOLLOWING * size
            odd += not follows
            above = row
        else:
            above = None
        for piece in row:
            for strip in _strips(piece.x0, piece.x1):
                lowest[strip] = max(lowest.get(strip, piece.base), piece.base)
    return odd <= max(1, _ODD * len(rows))


def _strips(x0: float, x1: float) -> range:
    return range(int(x0 // _STRIP), int(x1 // _STRIP) + 1) if x1 > x0 else range(0)


def _title(rows: list[Row], size: float) -> list[Row]:
    """What is largest at the top of the page, where the file writes it later: a name above or beside a column."""
    largest = max(piece.size for row in rows for piece in row)
    if largest < _LARGE * size or rows[0][0].size >= _ALIKE * largest:
        return []
    top, bottom = min(row[0].base for row in rows), max(row[0].base for row in rows)
    large = [row for row in rows if row[0].size >= _ALIKE * largest]
    # Headings that are as large as each other are no title.
    if len(large) > _TITLE_LINES or large[-1][0].base - top > max(3 * largest, _TOP * (bottom - top)):
        return []
    return large


def _runs(rows: list[Row], size: float) -> Iterator[list[Row]]:
    """The rows in stretches in which each stands below the one before it."""
    run: list[Row] = []
    for row in rows:
        if run and row[0].base < run[-1][-1].base - _LEVEL * size:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _header_first(runs: list[list[Row]]) -> list[list[Row]]:
    """With a header that is written last, above all else, where it stands on the page."""
    if len(runs) > 1 and runs[-1][-1][0].base < min(row[0].base for run in runs[:-1] for row in run):
        return [runs[-1], *runs[:-1]]
    return runs


def _join_cells(before: list[Row], run: list[Row], size: float) -> tuple[list[list[Row]], list[Row]] | None:
    """A date and a place set beside a job, in a cell written after it, go to the lines that they stand on.

    Returns the blocks instead of the one before and what is left of the run; None where the run begins otherwise.
    """
    count = 0
    lines: list[int] = []
    while count < min(_CELL_LINES, len(run)) and sum(len(piece.text.split()) for piece in run[count]) <= _CELL_WORDS:
        line = _beside(run[count], before, size)
        if line is None:
            break
        lines.append(line)
        count += 1
    cell, rest = run[:count], run[count:]
    if not cell or (rest and not _ends(cell, rest[0], size)):
        return None
    text = " ".join(piece.text for row in cell for piece in row)
    leads = max(piece.x1 for row in cell for piece in row) < before[lines[0]][0].x0
    if leads and not runs_from_right(before[lines[0]][0].text):
        if not _YEAR.search(text):
            return None
        if count > 1:
            # A date of several lines in the margin stands before the job.
            after = [*before[lines[0] :], *rest]
            return [before[: lines[0]], cell, after] if lines[0] else [cell, after], []
    elif count > 1 and not any(c.isdigit() for c in text):
        return None
    rows = [list(row) for row in before]
    for line, part in zip(lines, cell, strict=True):
        rows[line] = [*rows[line], *part]
    if rest and rest[0][0].base >= rows[-1][0].base - _LEVEL * size:
        return [[*rows, *rest]], []
    return [rows], rest


def _ends(cell: list[Row], following: Row, size: float) -> bool:
    """Whether the cell is over: what follows begins further left, as the job does, or right of all of it."""
    right = max(piece.x1 for row in cell for piece in row)
    return following[0].x0 < cell[0][0].x0 - 2 * size or following[0].x0 > right


def _beside(cell: Row, rows: list[Row], size: float) -> int | None:
    """Which of the rows the cell stands on, before or after it."""
    for i in range(len(rows) - 1, -1, -1):
        row = rows[i]
        if abs(row[0].base - cell[0].base) <= 0.2 * size:
            after = max(piece.x1 for piece in row) < min(piece.x0 for piece in cell)
            ahead = max(piece.x1 for piece in cell) < min(piece.x0 for piece in row)
            return i if after or ahead else None
    return None
