"""Collects what a PDF page paints, while the interpreter runs its content."""

from typing import Any

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice, PDFTextSeq
from pdfminer.pdffont import PDFFont, PDFType3Font, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFResourceManager, PDFTextState
from pdfminer.utils import Matrix, apply_matrix_rect

from interview.cv.content import EVERYWHERE, Box, Colour, Content, Look, Mark, Paint, Span, common
from interview.cv.ligatures import by_width

_DEVICE_COLOURS = frozenset({
    "DeviceGray", "CalGray", "G", "DeviceRGB", "CalRGB", "RGB", "ICCBased", "DeviceCMYK", "CMYK",
})  # fmt: skip
# Render modes of text (ISO 32000-1, table 106); 4 to 7 are these again, as stencils for what follows.
_FILL, _STROKE, _BOTH, NOTHING = 0, 1, 2, 3
# From this alpha on, nothing is seen through an area.
_OPAQUE = 0.95
# In points. A font that is smaller and draws its own glyphs has its scale in its matrix.
_UNIT_FONT = 2.0


class State(PDFGraphicState):
    """pdfminer's graphics state and what it leaves out."""

    def __init__(self) -> None:
        super().__init__()
        self.fill_alpha = 1.0
        self.stroke_alpha = 1.0
        self.masked = False
        self.blended = False
        """Through a mask or with a blend mode, what comes out depends on what is below."""
        self.clip = EVERYWHERE
        self.ncolor_known = True

    def copy(self) -> "State":
        other = State()
        other.__dict__.update(self.__dict__)
        return other


class Painter(PDFTextDevice):
    """Collects what the interpreter paints on one page."""

    def __init__(self, resources: PDFResourceManager, content: Content) -> None:
        super().__init__(resources)
        self.content = content
        self.spans: list[Span | None] = []
        self.hidden_layers = 0
        self.stencils = 0
        """Whether what is painted is a mask for something else."""
        self.masks: set[tuple[int | None, Matrix]] = set()
        self._at = 0
        self._look = Look(None, 1.0, True, EVERYWHERE, True)  # noqa: FBT003

    def begin(self, matrix: Matrix) -> None:
        self.set_ctm(matrix)

    def render_string(
        self, textstate: PDFTextState, seq: PDFTextSeq, ncs: PDFColorSpace, graphicstate: PDFGraphicState
    ) -> None:
        assert isinstance(graphicstate, State)  # noqa: S101 - set below
        mode = textstate.render % 4 if textstate.render in range(8) else _FILL
        stroked = mode == _STROKE
        colour = colour_of(
            graphicstate.scs if stroked else ncs, graphicstate.scolor if stroked else graphicstate.ncolor
        )
        if not graphicstate.ncolor_known or mode == _BOTH or textstate.render >= 4:  # noqa: PLR2004 - 4 to 7 clip too
            colour = None
        alpha = graphicstate.stroke_alpha if stroked else graphicstate.fill_alpha
        if mode == _BOTH:
            alpha = max(graphicstate.stroke_alpha, graphicstate.fill_alpha)
        # Text of mode 7 is a stencil for the picture or gradient that follows.
        self._look = Look(colour, alpha, textstate.render != NOTHING, graphicstate.clip, not self.hidden_layers)
        if self.stencils:
            self._look = Look(None, 1.0, True, EVERYWHERE, not self.hidden_layers)  # noqa: FBT003
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(  # noqa: PLR0917 - as pdfminer calls it
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: PDFColorSpace,  # noqa: ARG002 - the look has it
        graphicstate: PDFGraphicState,  # noqa: ARG002
    ) -> float:
        try:
            text: str | None = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = None
        if text is not None and not text.strip("\0"):
            text = None
        advance = font.char_width(cid) * fontsize * scaling
        own_shape = isinstance(font, PDFType3Font)
        height = fontsize
        if own_shape and abs(fontsize) < _UNIT_FONT:
            height = max(fontsize, abs(font.get_height()) * fontsize)
        if font.is_vertical():
            disp = font.char_disp(cid)
            vx, vy = disp if isinstance(disp, tuple) else (None, 880)  # the default of ISO 32000-1, 9.7.4.3
            left = -(fontsize * 0.5 if vx is None else vx * fontsize * 0.001)
            top = (1000 - vy) * fontsize * 0.001 + rise
            local = (left, top + advance, left + fontsize, top)
        else:
            bottom = font.get_descent() * fontsize + rise
            local = (0, bottom, advance, bottom + height)
        x0, y0, x1, y1 = apply_matrix_rect(matrix, local)
        scale = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) / (abs(complex(matrix[0], matrix[1])) or 1.0)
        self._at += 1
        self.content.marks.append(
            Mark(
                text,
                by_width(font, cid) if text is None else (),
                matrix,
                (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)),
                abs(height) * scale,
                font.fontname if isinstance(font.fontname, str) else repr(font.fontname),
                self._at,
                self._look,
                next((span for span in reversed(self.spans) if span), None),
                own_shape,
            )
        )
        return advance

    def area(
        self, box: Box, state: State, *, colour: Colour | None, alpha: float, solid: bool, picture: bool = False
    ) -> None:
        """Note an area, as far as it is not clipped away."""
        box = common(box, state.clip)
        if self.stencils or self.hidden_layers or alpha <= 0 or box[0] >= box[2] or box[1] >= box[3]:
            return
        self._at += 1
        solid = solid and alpha >= _OPAQUE and not (state.masked or state.blended)
        self.content.paints.append(Paint(box, self._at, colour, solid, picture))


def colour_of(space: PDFColorSpace, value: Any) -> Colour | None:
    """A colour as red, green and blue; None where the space has colours of its own or a pattern takes their place."""
    if space.name not in _DEVICE_COLOURS:
        return None
    if isinstance(value, int | float):
        return (float(value),) * 3
    if isinstance(value, tuple) and all(isinstance(part, int | float) for part in value):
        if len(value) == 3:  # noqa: PLR2004 - red, green, blue
            return value
        if len(value) == 4:  # noqa: PLR2004 - cyan, magenta, yellow, black
            cyan, magenta, yellow, black = value
            return ((1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black))
    return None
