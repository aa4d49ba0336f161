"""The text of one story of a Word document (its body, a header, a footer) in document order."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

Element = Any
"""An lxml element; lxml has no types of its own."""

# What is not there to be read: deleted and moved-away text, instructions of fields, properties, comments' marks.
_SILENT = frozenset({
    "del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "tblPr", "trPr", "tcPr", "tblGrid",
    "sectPr", "sdtPr", "sdtEndPr", "rt", "footnoteReference", "endnoteReference", "commentReference",
})  # fmt: skip
_BREAKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# From here on a cell is a column of a layout rather than an entry of a table.
_COLUMN_LINES = 2


def tag(element: Element) -> str:
    """The element's name without its namespace; "" for a comment or processing instruction."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def read_story(root: Element) -> str:
    """All lines of a story."""
    return "\n".join(_lines(root))


def _lines(container: Element) -> Iterator[str]:
    """The lines of what holds paragraphs and tables, whatever else may be wrapped around them."""
    for element in container:
        name = tag(element)
        if name == "p":
            yield from _paragraph(element)
        elif name == "tbl":
            yield ""
            yield from _table(element)
            yield ""
        elif name == "AlternateContent":
            yield from _lines(_alternative(element))
        elif name and name not in _SILENT:
            yield from _lines(element)


def _paragraph(paragraph: Element) -> Iterator[str]:
    boxes: list[Element] = []
    text = "".join(_inline(paragraph, boxes))
    if text.strip() and _is_item(paragraph):
        text = f"\u2022 {text.strip()}"
    yield from text.split("\n")
    # A box floats beside the paragraph it is anchored in.
    for box in boxes:
        yield ""
        yield from _lines(box)
        yield ""


def _inline(element: Element, boxes: list[Element]) -> Iterator[str]:
    """The text inside a paragraph; text boxes found on the way are put aside."""
    for child in element:
        name = tag(child)
        if name == "t":
            yield child.text or ""
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name == "txbxContent":
            boxes.append(child)
        elif name == "AlternateContent":
            yield from _inline(_alternative(child), boxes)
        elif name == "r" and _is_hidden(child):
            continue
        elif name == "p":
            # Paragraphs inside a drawing that is no text box, such as a diagram's shapes.
            yield from chain(("\n",), _inline(child, boxes))
        elif name and name not in _SILENT:
            yield from _inline(child, boxes)


def _alternative(element: Element) -> Element:
    """One of the ways in which the same thing is written: the first that has text, so that none counts twice."""
    choices = list(element)
    for choice in choices:
        if any(tag(inner) == "t" and inner.text for inner in choice.iter()):
            return choice
    return choices[0] if choices else element


def _is_hidden(run: Element) -> bool:
    return any(tag(mark) == "vanish" and _value(mark) not in ("0", "false") for mark in _properties(run, "rPr"))


def _is_item(paragraph: Element) -> bool:
    """Whether the paragraph is an item of a list, by itself or by its style."""
    for mark in _properties(paragraph, "pPr"):
        if tag(mark) == "numPr":
            return not any(tag(inner) == "numId" and _value(inner) == "0" for inner in mark)
        if tag(mark) == "pStyle" and (_value(mark) or "").startswith(("ListBullet", "ListNumber")):
            return True
    return False


def _properties(element: Element, name: str) -> Iterator[Element]:
    return chain.from_iterable(child for child in element if tag(child) == name)


def _value(element: Element) -> str | None:
    return next((value for name, value in element.attrib.items() if name.rpartition("}")[2] == "val"), None)


def _table(table: Element) -> Iterator[str]:
    for row in _inside(table, "tr"):
        cells = [_cell(cell) for cell in _inside(row, "tc")]
        cells = [cell for cell in cells if cell]
        if sum(len(cell) >= _COLUMN_LINES for cell in cells) > 1:
            # Columns of a layout: one after the other, with room between them.
            for cell in cells:
                yield from (*cell, "")
        elif cells:
            # A row, with at most one cell that goes on below its first line.
            yield " | ".join(cell[0] for cell in cells)
            yield from chain.from_iterable(cell[1:] for cell in cells)


def _cell(cell: Element) -> list[str]:
    """A cell's lines, without empty ones at its ends."""
    text = "\n".join(line.strip() for line in _lines(cell)).strip("\n")
    return text.split("\n") if text else []


def _inside(element: Element, wanted: str) -> Iterator[Element]:
    """A table's rows or a row's cells, through content controls and tracked changes, not those of nested tables."""
    for child in element:
        name = tag(child)
        if name == wanted:
            if not any(tag(mark) == "del" for mark in _properties(child, "trPr")):
                yield child
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _inside(child, wanted)
