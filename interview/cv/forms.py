"""What is pinned on a PDF page or kept beside it: filled fields, notes written across the page, and XFA data."""

import re
from typing import Any, NamedTuple

from lxml import etree
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import Matrix, apply_matrix_rect, decode_text, mult_matrix

from interview.cv.content import Box, page_matrix
from interview.cv.interpreter import Interpreter, box_of, matrix_of, number_of

_HIDDEN, _NO_VIEW = 2, 32  # flags of an annotation (ISO 32000-1, table 165)
_PASSWORD = 1 << 13  # flag of a text field (table 228)
# What is drawn on a page by its reader rather than shown on demand.
_DRAWN = frozenset({"Widget", "FreeText", "Stamp"})
_DEPTH = 8
# What a page says whose form only certain programs can show.
_SHELL = re.compile(r"please wait|adobe reader|acrobat reader", re.IGNORECASE)


class Field(NamedTuple):
    """The value of a field that no drawing shows, and the box that it is for."""

    text: str
    box: Box


def draw_annotations(page: PDFPage, interpreter: Interpreter) -> list[Field]:
    """Run the drawings of the page's fields and notes; returns the values of fields that have none."""
    fields: list[Field] = []
    annotations = resolve1(page.annots)
    for reference in annotations if isinstance(annotations, list) else []:
        annotation = resolve1(reference)
        if not isinstance(annotation, dict) or _name(annotation.get("Subtype")) not in _DRAWN:
            continue
        if int(number_of(annotation.get("F"))) & (_HIDDEN | _NO_VIEW) or not interpreter.layers.shown(
            annotation.get("OC")
        ):
            continue
        box = box_of(annotation.get("Rect"))
        if box is None:
            continue
        kind = _name(_inherited(annotation, "FT"))
        before = len(interpreter.device.content.marks)
        if kind != "Btn":
            _draw(annotation, box, page_matrix(page), interpreter)
        if len(interpreter.device.content.marks) == before:
            value = _value(annotation, kind)
            if value:
                x0, y0, x1, y1 = apply_matrix_rect(page_matrix(page), box)
                fields.append(Field(value, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))))
    return fields


def read_xfa(document: PDFDocument) -> str | None:
    """The data of an XFA form, an entry a line; None if there is none."""
    form = resolve1(document.catalog.get("AcroForm"))
    packets = resolve1(form.get("XFA")) if isinstance(form, dict) else None
    if isinstance(packets, PDFStream):
        parts = [packets.get_data()]
    elif isinstance(packets, list):
        named = zip(packets[::2], packets[1::2], strict=False)
        streams = [resolve1(stream) for name, stream in named if _text(name) == "datasets"]
        parts = [stream.get_data() for stream in streams if isinstance(stream, PDFStream)]
    else:
        return None
    lines = [line for part in parts for line in _entries(part)]
    return "\n".join(lines) or None


def is_shell(text: str) -> bool:
    """Whether the page's own text is only the request to open the form in another program."""
    return bool(_SHELL.search(text)) and len(text) < 2000  # noqa: PLR2004 - characters; the request is a paragraph


def _draw(annotation: dict[str, Any], box: Box, page: Matrix, interpreter: Interpreter) -> None:
    looks = resolve1(annotation.get("AP"))
    normal = resolve1(looks.get("N")) if isinstance(looks, dict) else None
    if isinstance(normal, dict):
        normal = resolve1(normal.get(_name(annotation.get("AS"))))
    if not isinstance(normal, PDFStream):
        return
    matrix = matrix_of(normal.get("Matrix"))
    own = box_of(normal.get("BBox"))
    if own is None:
        return
    x0, y0, x1, y1 = apply_matrix_rect(matrix, own)
    if x1 == x0 or y1 == y0:
        return
    across, up = (box[2] - box[0]) / (x1 - x0), (box[3] - box[1]) / (y1 - y0)
    fit: Matrix = (across, 0, 0, up, box[0] - x0 * across, box[1] - y0 * up)
    interpreter.run(resolve1(normal.get("Resources")), [normal], mult_matrix(matrix, mult_matrix(fit, page)))


def _value(annotation: dict[str, Any], kind: str) -> str:
    if kind == "Btn":
        state = _name(annotation.get("AS"))
        return "[x]" if state and state != "Off" else ""
    if kind not in ("Tx", "Ch") or (int(number_of(_inherited(annotation, "Ff"))) & _PASSWORD and kind == "Tx"):
        return ""
    value = _inherited(annotation, "V")
    values = value if isinstance(value, list) else [value]
    shown = _options(annotation)
    texts = [_text(each) for each in values]
    return ", ".join(shown.get(text, text) for text in texts if text)


def _options(annotation: dict[str, Any]) -> dict[str, str]:
    """What a choice shows for each value that it may have."""
    options = _inherited(annotation, "Opt")
    pairs = [resolve1(option) for option in options] if isinstance(options, list) else []
    return {_text(pair[0]): _text(pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2}  # noqa: PLR2004


def _inherited(field: dict[str, Any], key: str) -> Any:
    """A field's entry, or that of the field it is part of."""
    for _ in range(_DEPTH):
        if key in field:
            return resolve1(field[key])
        parent = resolve1(field.get("Parent"))
        if not isinstance(parent, dict):
            break
        field = parent
    return None


def _text(value: Any) -> str:
    value = resolve1(value)
    if isinstance(value, PDFStream):
        value = value.get_data()
    return decode_text(value).replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(value, bytes) else ""


def _name(value: Any) -> str:
    value = resolve1(value)
    return value.name if isinstance(value, PSLiteral) and isinstance(value.name, str) else ""


def _entries(xml: bytes) -> list[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        return []
    data = [element for element in root.iter() if str(element.tag).rpartition("}")[2] == "data"]
    entries = []
    for element in (data or [root])[0].iter():
        if isinstance(element.tag, str) and element.text and element.text.strip():
            name = re.sub(r"(?<=[a-z])(?=[A-Z])|[_.-]+", " ", element.tag.rpartition("}")[2]).strip()
            entries.append(f"{name}: {element.text.strip()}")
    return entries
