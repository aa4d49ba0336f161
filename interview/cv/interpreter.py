"""Runs a PDF page's content, keeping what pdfminer's own interpreter drops: transparency, clipping, layers."""

from collections.abc import Sequence
from typing import Any

from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, dict_value, resolve1
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import Matrix, apply_matrix_pt, apply_matrix_rect, decode_text, mult_matrix

from interview.cv.content import EVERYWHERE, Box, Span, common, page_matrix
from interview.cv.layers import Layers
from interview.cv.painter import Painter, State, colour_of

# From this width on, in points, a line is drawn as a bar that text may stand on.
_BAR = 4.0
# Points within which a corner is one.
_EXACT = 0.1


class Interpreter(PDFPageInterpreter):
    """Runs a page's content, keeping what pdfminer's own interpreter drops."""

    device: Painter

    def __init__(self, rsrcmgr: PDFResourceManager, device: Painter, layers: Layers) -> None:
        super().__init__(rsrcmgr, device)
        self.layers = layers
        self._inherited: tuple[State, int] | None = None
        self._form_box = EVERYWHERE
        self._clipping = False
        self.graphicstate: State

    def run(self, resources: Any, streams: Sequence[object], matrix: Matrix) -> None:
        """Run content outside the page's own, such as an annotation's looks."""
        self.render_contents(dict_value(resources) if resources else {}, streams, ctm=matrix)

    def process_page(self, page: PDFPage) -> None:
        self.render_contents(page.resources, page.contents, ctm=page_matrix(page))

    def dup(self) -> "Interpreter":
        other = Interpreter(self.rsrcmgr, self.device, self.layers)
        # A form goes on with the state it is called in; pdfminer begins with a new one.
        state = self.graphicstate.copy()
        state.clip = common(state.clip, self._form_box)
        other._inherited = (state, self.textstate.render)
        return other

    def init_state(self, ctm: Matrix) -> None:
        super().init_state(ctm)
        state, render = self._inherited or (State(), 0)
        self.graphicstate = state.copy()
        self.textstate.render = render

    def do_gs(self, name: Any) -> None:
        given = self._resource("ExtGState", name)
        if not isinstance(given, dict):
            return
        state = self.graphicstate
        state.fill_alpha = number_of(given.get("ca"), state.fill_alpha)
        state.stroke_alpha = number_of(given.get("CA"), state.stroke_alpha)
        if "BM" in given:
            mode = resolve1(given["BM"])
            state.blended = getattr(mode, "name", "") not in ("Normal", "Compatible")
        if "SMask" in given:
            mask = resolve1(given["SMask"])
            state.masked = isinstance(mask, dict)
            self._run_mask(resolve1(mask.get("G")) if isinstance(mask, dict) else None)
        font = resolve1(given.get("Font"))
        if isinstance(font, list) and len(font) == 2:  # noqa: PLR2004 - a font and its size
            self.textstate.font = self.rsrcmgr.get_font(getattr(font[0], "objid", None), dict_value(font[0]))
            self.textstate.fontsize = number_of(font[1], self.textstate.fontsize)

    def _run_mask(self, group: Any) -> None:
        """Text of a soft mask is a stencil: what is painted through it has its shape, as letters of a gradient do."""
        if not isinstance(group, PDFStream) or (group.objid, self.ctm) in self.device.masks:
            return
        self.device.masks.add((group.objid, self.ctm))
        self.device.stencils += 1
        self._form_box = EVERYWHERE
        matrix = mult_matrix(matrix_of(group.get("Matrix")), self.ctm)
        resources = resolve1(group.get("Resources"))
        self.subinterp().render_contents(resources if isinstance(resources, dict) else {}, [group], ctm=matrix)
        self.device.stencils -= 1
        self.device.set_ctm(self.ctm)

    def do_W(self) -> None:  # noqa: N802 - named after the operator, as all of these
        self._clipping = True

    def do_W_a(self) -> None:  # noqa: N802
        self._clipping = True

    def do_cs(self, name: Any) -> None:
        super().do_cs(name)
        # A new colour space begins with a colour of its own.
        self.graphicstate.ncolor_known = False

    def do_scn(self) -> None:
        super().do_scn()
        self.graphicstate.ncolor_known = True

    def do_g(self, gray: Any) -> None:
        super().do_g(gray)
        self.graphicstate.ncolor_known = True

    def do_rg(self, r: Any, g: Any, b: Any) -> None:
        super().do_rg(r, g, b)
        self.graphicstate.ncolor_known = True

    def do_k(self, c: Any, m: Any, y: Any, k: Any) -> None:
        super().do_k(c, m, y, k)
        self.graphicstate.ncolor_known = True

    def do_S(self) -> None:  # noqa: N802
        self._draw(fill=False, stroke=True)

    def do_f(self) -> None:
        self._draw(fill=True, stroke=False)

    def do_F(self) -> None:  # noqa: N802
        self._draw(fill=True, stroke=False)

    def do_f_a(self) -> None:
        self._draw(fill=True, stroke=False, holes=True)

    def do_B(self) -> None:  # noqa: N802
        self._draw(fill=True, stroke=True)

    def do_B_a(self) -> None:  # noqa: N802
        self._draw(fill=True, stroke=True, holes=True)

    def do_n(self) -> None:
        self._draw(fill=False, stroke=False)

    def do_sh(self, name: object) -> None:  # noqa: ARG002
        state = self.graphicstate
        self.device.area(
            common(state.clip, self.device.content.box), state, colour=None, alpha=state.fill_alpha, solid=False
        )

    def do_BMC(self, tag: Any) -> None:  # noqa: N802
        self.do_BDC(tag, None)

    def do_BDC(self, tag: Any, props: Any) -> None:  # noqa: N802
        if isinstance(props, PSLiteral):
            group = self._resource("Properties", props, resolve=False)
            props = resolve1(group)
        else:
            group = props
        hidden = isinstance(tag, PSLiteral) and literal_name(tag) == "OC" and not self.layers.shown(group)
        text = resolve1(props.get("ActualText")) if isinstance(props, dict) else None
        self.device.spans.append(Span(decode_text(text)) if isinstance(text, bytes) else None)
        self._tags.append(hidden)
        self.device.hidden_layers += hidden

    def do_EMC(self) -> None:  # noqa: N802
        if self._tags:
            self.device.hidden_layers -= self._tags.pop()
            self.device.spans.pop()

    def render_contents(
        self, resources: dict[object, object], streams: Sequence[object], ctm: Matrix = (1, 0, 0, 1, 0, 0)
    ) -> None:
        self._tags: list[bool] = []
        super().render_contents(resources, streams, ctm)
        while self._tags:
            self.do_EMC()

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802
        reference = self.xobjmap.get(literal_name(xobjid_arg))
        stream = resolve1(reference)
        if not isinstance(stream, PDFStream):
            return
        hidden = "OC" in stream and not self.layers.shown(stream.get("OC"))
        self.device.hidden_layers += hidden
        if literal_name(stream.get("Subtype")) == "Image":
            self._picture(stream)
        else:
            matrix, box = mult_matrix(matrix_of(stream.get("Matrix")), self.ctm), box_of(stream.get("BBox"))
            self._form_box = apply_matrix_rect(matrix, box) if box else EVERYWHERE
            super().do_Do(xobjid_arg)
        self.device.hidden_layers -= hidden

    def do_EI(self, obj: Any) -> None:  # noqa: N802
        if isinstance(obj, PDFStream):
            self._picture(obj)

    def _picture(self, stream: PDFStream) -> None:
        state = self.graphicstate
        stencil = bool(resolve1(stream.get_any(("ImageMask", "IM"))))
        masked = stencil or any(key in stream for key in ("SMask", "Mask", "SMaskInData"))
        box = apply_matrix_rect(self.ctm, (0, 0, 1, 1))
        self.device.area(box, state, colour=None, alpha=state.fill_alpha, solid=not masked, picture=True)

    def _draw(self, *, fill: bool, stroke: bool, holes: bool = False) -> None:
        path, self.curpath = self.curpath, []
        clipping, self._clipping = self._clipping, False
        state = self.graphicstate
        shapes = _shapes(path, self.ctm)
        if fill:
            colour = colour_of(state.ncs, state.ncolor) if state.ncolor_known else None
            for box, rectangle in shapes:
                self.device.content.outlines += not rectangle
                solid = rectangle and len(shapes) == 1 and not holes and colour is not None
                self.device.area(box, state, colour=colour, alpha=state.fill_alpha, solid=solid)
        if stroke and not fill and state.linewidth >= _BAR:
            colour, reach = colour_of(state.scs, state.scolor), state.linewidth / 2
            for (x0, y0, x1, y1), _ in shapes:
                level = y1 - y0 < reach
                box = (x0, y0 - reach, x1, y1 + reach) if level else (x0 - reach, y0, x1 + reach, y1)
                self.device.area(box, state, colour=colour, alpha=state.stroke_alpha, solid=False)
        if clipping and shapes:
            boxes = [box for box, _ in shapes]
            around = (
                min(b[0] for b in boxes),
                min(b[1] for b in boxes),
                max(b[2] for b in boxes),
                max(b[3] for b in boxes),
            )
            state.clip = common(state.clip, around)

    def _resource(self, kind: str, name: Any, *, resolve: bool = True) -> Any:
        among = resolve1(self.resources.get(kind)) if isinstance(self.resources, dict) else None
        found = among.get(literal_name(name)) if isinstance(among, dict) and isinstance(name, PSLiteral) else None
        return resolve1(found) if resolve else found


def _shapes(path: Sequence[Any], ctm: Matrix) -> list[tuple[Box, bool]]:
    """The path's closed parts: the box around each, and whether it is that box itself."""
    parts: list[list[Any]] = []
    for segment in path:
        if segment[0] == "m" or not parts:
            parts.append([])
        parts[-1].append(segment)
    shapes = []
    for part in parts:
        points = [
            apply_matrix_pt(ctm, (float(x), float(y)))
            for segment in part
            for x, y in zip(segment[1::2], segment[2::2], strict=True)
        ]
        if len(points) < 2:  # noqa: PLR2004 - a lone move paints nothing
            continue
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        straight = all(segment[0] in "mlh" for segment in part)
        corners = all(min(x - box[0], box[2] - x) < _EXACT and min(y - box[1], box[3] - y) < _EXACT for x, y in points)
        shapes.append((box, straight and corners and len(points) in (4, 5)))
    return shapes


def number_of(value: Any, otherwise: float = 0.0) -> float:
    """A number of the file; `otherwise` for what is none."""
    value = resolve1(value)
    return float(value) if isinstance(value, int | float) else otherwise


def matrix_of(value: Any) -> Matrix:
    """A matrix of the file; the one that changes nothing for what is none."""
    value = resolve1(value)
    if isinstance(value, list) and len(value) == 6:  # noqa: PLR2004
        a, b, c, d, e, f = map(number_of, value)
        return (a, b, c, d, e, f)
    return (1, 0, 0, 1, 0, 0)


def box_of(value: Any) -> Box | None:
    """A rectangle of the file, its lower left corner first; None for what is none."""
    value = resolve1(value)
    if isinstance(value, list) and len(value) == 4:  # noqa: PLR2004
        a, b, c, d = map(number_of, value)
        return (min(a, c), min(b, d), max(a, c), max(b, d))
    return None
