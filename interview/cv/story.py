"""The text of one story of a Word document (its body, a header, a footer) in document order."""

from collections.abc import Callable, Iterator
from itertools import chain

from interview.cv.wordstyles import Element, Looks, Styles, looks, tag, value

# What is not there to be read: deleted and moved-away text, instructions of fields, properties, comments' marks.
_SILENT = frozenset({
    "del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "tblPr", "trPr", "tcPr", "tblGrid",
    "sectPr", "sdtPr", "sdtEndPr", "rt", "footnoteReference", "endnoteReference", "commentReference",
})  # fmt: skip
_BREAKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# From here on a cell is a column of a layout rather than an entry of a table.
_COLUMN_LINES = 2


class Story:
    """Reads stories of one document: their text, and how many words of it nobody can see.

    `other` reads what a document embeds from another file (`altChunk`), by its relation's id.
    """

    def __init__(self, styles: Styles, other: Callable[[str], str], *, backed: bool) -> None:
        self.hidden_words = 0
        self._styles = styles
        self._other = other
        # Where shapes lie behind the text, white may well be seen: nothing is known of where they are.
        self._backed = backed

    def read(self, root: Element) -> str:
        """All lines of a story."""
        return "\n".join(self._lines(root, backed=self._backed))

    def _lines(self, container: Element, *, backed: bool) -> Iterator[str]:
        """The lines of the paragraphs and tables in an element, at any depth."""
        for element in container:
            name = tag(element)
            if name == "p":
                yield from self._paragraph(element, backed=backed)
            elif name == "tbl":
                yield ""
                yield from self._table(element, backed=backed)
                yield ""
            elif name == "AlternateContent":
                yield from self._lines(_alternative(element), backed=backed)
            elif name == "altChunk":
                yield from ("", *self._other(value(element, "id") or "").split("\n"), "")
            elif name and name not in _SILENT:
                yield from self._lines(element, backed=backed)

    def _paragraph(self, paragraph: Element, *, backed: bool) -> Iterator[str]:
        boxes: list[Element] = []
        style = next((value(mark) for mark in _properties(paragraph, "pPr") if tag(mark) == "pStyle"), None)
        own = next((looks(child) for child in paragraph if tag(child) == "pPr"), Looks())
        around = Looks(backed=own.backed).over(self._styles.looks(style)).over(self._styles.defaults)
        text = "".join(self._inline(paragraph, boxes, around, backed=backed))
        if text.strip() and self._is_item(paragraph, style):
            text = f"\u2022 {text.strip()}"
        yield from text.split("\n")
        # A box floats beside the paragraph it is anchored in.
        for box in boxes:
            yield ""
            yield from self._lines(box, backed=True)
            yield ""

    def _inline(self, element: Element, boxes: list[Element], around: Looks, *, backed: bool) -> Iterator[str]:
        """The text inside a paragraph; text boxes found on the way are put aside."""
        for child in element:
            name = tag(child)
            if name == "t":
                if self._is_seen(around, backed=backed):
                    yield child.text or ""
                else:
                    self.hidden_words += len((child.text or "").split())
            elif name in _BREAKS:
                yield _BREAKS[name]
            elif name == "txbxContent":
                boxes.append(child)
            elif name == "AlternateContent":
                yield from self._inline(_alternative(child), boxes, around, backed=backed)
            elif name == "r":
                yield from self._inline(child, boxes, self._of_run(child, around), backed=backed)
            elif name == "p":
                # Paragraphs inside a drawing that is no text box, such as a diagram's shapes.
                yield from chain(("\n",), self._inline(child, boxes, around, backed=True))
            elif name and name not in _SILENT:
                yield from self._inline(child, boxes, around, backed=backed)

    def _of_run(self, run: Element, around: Looks) -> Looks:
        style = next((value(mark) for mark in _properties(run, "rPr") if tag(mark) == "rStyle"), None)
        own = next((looks(child) for child in run if tag(child) == "rPr"), Looks())
        return own.over(self._styles.looks(style) if style else Looks()).over(around)

    @staticmethod
    def _is_seen(text: Looks, *, backed: bool) -> bool:
        return not (text.hidden or text.small or (text.white and not text.backed and not backed))

    def _is_item(self, paragraph: Element, style: str | None) -> bool:
        """Whether the paragraph is an item of a list, by itself or by its style."""
        for mark in _properties(paragraph, "pPr"):
            if tag(mark) == "numPr":
                return not any(tag(inner) == "numId" and value(inner) == "0" for inner in mark)
        return self._styles.is_list(style)

    def _table(self, table: Element, *, backed: bool) -> Iterator[str]:
        # A table's own style may shade any of its cells.
        styled = any(
            tag(mark) in ("tblStyle", "shd") and value(mark) != "TableGrid" for mark in _properties(table, "tblPr")
        )
        for row in _inside(table, "tr"):
            cells = [self._cell(cell, backed=backed or styled) for cell in _inside(row, "tc")]
            cells = [cell for cell in cells if cell]
            if sum(len(cell) >= _COLUMN_LINES for cell in cells) > 1:
                # Columns of a layout: one after the other, with room between them.
                for cell in cells:
                    yield from (*cell, "")
            elif cells:
                # A row, with at most one cell that goes on below its first line.
                yield " | ".join(cell[0] for cell in cells)
                yield from chain.from_iterable(cell[1:] for cell in cells)

    def _cell(self, cell: Element, *, backed: bool) -> list[str]:
        """A cell's lines, without empty ones at its ends."""
        shaded = any(looks(child).backed for child in cell if tag(child) == "tcPr")
        text = "\n".join(line.strip() for line in self._lines(cell, backed=backed or shaded)).strip("\n")
        return text.split("\n") if text else []


def _alternative(element: Element) -> Element:
    """One of the ways in which the same thing is written: the first that has text, so that none counts twice."""
    choices = list(element)
    for choice in choices:
        if any(tag(inner) == "t" and inner.text for inner in choice.iter()):
            return choice
    return choices[0] if choices else element


def _properties(element: Element, name: str) -> Iterator[Element]:
    return chain.from_iterable(child for child in element if tag(child) == name)


def _inside(element: Element, wanted: str) -> Iterator[Element]:
    """A table's rows or a row's cells, through content controls and tracked changes, not those of nested tables."""
    for child in element:
        name = tag(child)
        if name == wanted:
            if not any(tag(mark) == "del" for mark in _properties(child, "trPr")):
                yield child
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _inside(child, wanted)
