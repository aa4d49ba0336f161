"""What a PDF page paints, in the order in which the file writes it: glyphs, areas and pictures, each with its looks.

pdfminer reads the file's syntax and fonts. Its own page layout knows no transparency, clipping or layers and forgets in
which order things are painted; all of these decide what people see (ISO 32000-1, 8.4, 8.5.4, 8.11 and 9.3.6).
"""

from typing import NamedTuple

from pdfminer.pdfpage import PDFPage
from pdfminer.utils import Matrix, apply_matrix_rect

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in points; `y` grows upwards."""
Colour = tuple[float, float, float]
"""Red, green and blue from 0 to 1."""

EVERYWHERE: Box = (float("-inf"), float("-inf"), float("inf"), float("inf"))


class Look(NamedTuple):
    """How a text is painted. A colour is None when it can't be told: a pattern, a spot colour, a picture's."""

    colour: Colour | None
    alpha: float
    painted: bool
    """False for text that is there to be searched only (render mode 3)."""
    clip: Box
    shown: bool
    """False inside a layer that is switched off."""


class Mark(NamedTuple):
    """A glyph. `text` is None when the font does not tell it; `guesses` are ligatures as wide as it is.

    `at` counts everything that the page paints; `size` is the font's in points, across the reading direction.
    """

    text: str | None
    guesses: tuple[str, ...]
    matrix: Matrix
    box: Box
    size: float
    font: str
    at: int
    look: Look
    span: "Span | None"
    own_shape: bool
    """The font draws its glyphs by a page's means (Type 3): their size and colour are its own."""


class Span:
    """A stretch of glyphs for which the file names other text (`/ActualText`)."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Paint(NamedTuple):
    """An area that is painted. `solid`: a rectangle without holes that lets nothing through."""

    box: Box
    at: int
    colour: Colour | None
    solid: bool
    picture: bool


class Content:
    """All that a page paints."""

    def __init__(self, box: Box) -> None:
        self.box = box
        """What is shown of the page, in its own coordinates: from (0, 0) unless it is cropped."""
        self.marks: list[Mark] = []
        self.paints: list[Paint] = []
        self.outlines = 0
        """How many closed shapes are drawn that are no rectangles."""

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


def page_matrix(page: PDFPage) -> Matrix:
    """From the page's own coordinates to those in which it stands upright with its corner at (0, 0)."""
    x0, y0, x1, y1 = page.mediabox
    if page.rotate == 90:  # noqa: PLR2004 - degrees
        return (0, -1, 1, 0, -y0, x1)
    if page.rotate == 180:  # noqa: PLR2004
        return (-1, 0, 0, -1, x1, y1)
    if page.rotate == 270:  # noqa: PLR2004
        return (0, 1, -1, 0, y1, -x0)
    return (1, 0, 0, 1, -x0, -y0)


def page_content(page: PDFPage) -> Content:
    """An empty page of the size that is shown of it."""
    media = apply_matrix_rect(page_matrix(page), page.mediabox)
    shown = apply_matrix_rect(page_matrix(page), page.cropbox) if page.cropbox else media
    return Content(
        common(media, shown) if shown[0] < media[2] and shown[1] < media[3] and shown[2] > shown[0] else media
    )


def common(a: Box, b: Box) -> Box:
    """What two boxes have in common; turned inside out where that is nothing."""
    return (max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3]))


def covered_share(content: Content) -> float:
    """The share of the page that pictures cover."""
    left, bottom, right, top = content.box
    area = 0.0
    for paint in content.paints:
        if paint.picture:
            x0, y0, x1, y1 = paint.box
            area += max(0.0, min(x1, right) - max(x0, left)) * max(0.0, min(y1, top) - max(y0, bottom))
    return min(1.0, area / max(1.0, content.width * content.height))
