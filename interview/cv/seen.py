"""Which glyphs of a page people can see. What they can't see was put there for machines, and is left out.

In doubt a glyph counts as seen: a colour that can't be told, a shape that only seems to cover it, a picture below it.
"""

from collections import defaultdict
from typing import NamedTuple

from interview.cv.content import Box, Colour, Content, Mark, Paint, covered_share

# Under this size, in points, nobody reads.
_SMALLEST = 1.5
# Colours that differ by less than this in red, green and blue look the same.
_SAME = 0.08
_FAINT = 0.05
_WHITE: Colour = (1.0, 1.0, 1.0)
_CELL = 40.0
# Pictures of this share of the page and more that lie over text are the scan whose words the text holds.
_SCAN = 0.5
# A text drawn as shapes, with the words for searching over it: so many shapes for each of its letters.
_SHAPES_A_LETTER = 0.3


class Seen(NamedTuple):
    """The page's glyphs: those that people can see and those that they can't."""

    shown: list[Mark]
    hidden: list[Mark]


def split(content: Content) -> Seen:
    """Tell apart what is seen and what is not."""
    below = _Paints(content)
    outlined = content.outlines >= max(60, _SHAPES_A_LETTER * sum(not mark.look.painted for mark in content.marks))
    shown: list[Mark] = []
    hidden: list[Mark] = []
    for mark in content.marks:
        (shown if _is_seen(mark, content, below, outlined=outlined) else hidden).append(mark)
    return Seen(shown, _without_shadows(hidden, shown))


def _is_seen(mark: Mark, content: Content, paints: "_Paints", *, outlined: bool) -> bool:
    look = mark.look
    middle = _middle(mark)
    if not look.shown or not _touches(mark.box, content.box):
        return False
    if not look.painted:
        return outlined or paints.picture_at(middle)
    if look.alpha < _FAINT or not _touches(middle, look.clip):
        return False
    if mark.size < _SMALLEST and not mark.own_shape:
        return False
    return not (
        paints.covered(mark.at, middle) or (not mark.own_shape and paints.same_colour(mark.at, middle, look.colour))
    )


def _middle(mark: Mark) -> Box:
    """The centre of a glyph's box, which has ink in every letter."""
    x0, y0, x1, y1 = mark.box
    dx, dy = 0.3 * (x1 - x0), 0.35 * (y1 - y0)
    return (x0 + dx, y0 + dy, x1 - dx, y1 - dy)


def _touches(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]


def _holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


class _Paints:
    """The painted areas of a page, found by place."""

    def __init__(self, content: Content) -> None:
        self._scanned = covered_share(content) > _SCAN
        self._cells: dict[tuple[int, int], list[Paint]] = defaultdict(list)
        left, bottom, right, top = content.box
        for paint in content.paints:
            x0, y0, x1, y1 = paint.box
            # What is smaller than a letter neither carries nor covers text.
            if x1 - x0 < _SMALLEST or y1 - y0 < _SMALLEST:
                continue
            for column in range(int(max(x0, left) // _CELL), int(min(x1, right) // _CELL) + 1):
                for row in range(int(max(y0, bottom) // _CELL), int(min(y1, top) // _CELL) + 1):
                    self._cells[column, row].append(paint)

    def _at(self, place: Box) -> list[Paint]:
        """What may lie at this place, in the order in which it is painted."""
        return self._cells.get((int((place[0] + place[2]) / 2 // _CELL), int((place[1] + place[3]) / 2 // _CELL)), [])

    def picture_at(self, place: Box) -> bool:
        # A scan may come in strips, and a picture as a pattern.
        return any((paint.picture or paint.colour is None) and _touches(paint.box, place) for paint in self._at(place))

    def covered(self, at: int, place: Box) -> bool:
        """Whether something that lets nothing through is painted over it later."""
        for paint in reversed(self._at(place)):
            if paint.at < at:
                return False
            if paint.solid and _holds(paint.box, place) and not (paint.picture and self._scanned):
                return True
        return False

    def same_colour(self, at: int, place: Box, colour: Colour | None) -> bool:
        """Whether the glyph has the colour of what it stands on, which is paper where nothing is painted."""
        if colour is None:
            return False
        for paint in reversed(self._at(place)):
            if paint.at > at or not _touches(paint.box, place):
                continue
            alike = paint.colour is not None and _alike(paint.colour, colour)
            if paint.solid and _holds(paint.box, place):
                return alike
            if not alike:
                return False
        return _alike(_WHITE, colour)


def _alike(a: Colour, b: Colour) -> bool:
    return all(abs(x - y) < _SAME for x, y in zip(a, b, strict=True))


def _without_shadows(hidden: list[Mark], shown: list[Mark]) -> list[Mark]:
    """Without glyphs that are seen at the same place after all: drawn twice, once below something."""
    places: dict[str | None, set[tuple[int, int]]] = defaultdict(set)
    for mark in shown:
        places[mark.text].add((round(mark.box[0] / 2), round(mark.box[1] / 2)))
    return [
        mark
        for mark in hidden
        if not any(
            (round(mark.box[0] / 2) + dx, round(mark.box[1] / 2) + dy) in places[mark.text]
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
        )
    ]
