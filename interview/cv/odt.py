"""The text of an OpenDocument text in reading order. Runs in the worker: what it is given may be hostile."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from interview.cv.archive import check_archive
from interview.cv.parsed import Parsed, Unreadable
from interview.errors import UnreadableCv

Element = Any

# What is not there to be read: deleted text, notes to oneself, captions of drawings' alternatives, forms' inner works.
_SILENT = frozenset({
    "tracked-changes", "annotation", "annotation-end", "sequence-decls", "forms", "desc", "title", "ruby-text",
    "variable-decls", "user-field-decls", "hidden-text", "hidden-paragraph", "note-citation", "script",
    "index-title-template",
})  # fmt: skip
_SMALLEST = 1.5  # points
_WHITE = 0xF0
_COLUMN_LINES = 2
_PAGES = re.compile(rb'page-count="(\d{1,4})"')


def read_odt(data: bytes) -> Parsed:
    """Read an ODT; one of pictures alone comes back as unreadable.

    Raises UnreadableCv: cv_damaged, cv_encrypted, cv_too_complex for one that unfolds to far more than a CV.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_archive(archive)
            members = set(archive.namelist())
            _check_open(archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in members else b"")
            content = _xml(archive.read("content.xml"))
            styles = _xml(archive.read("styles.xml")) if "styles.xml" in members else None
            counted = _PAGES.search(archive.read("meta.xml")) if "meta.xml" in members else None
            pictures = any(name.startswith("Pictures/") for name in members)
    except (UnreadableCv, MemoryError, RecursionError):
        raise
    except Exception as error:  # what zip and XML readers raise on a broken file is of many types
        raise UnreadableCv(
            "This document is damaged and can't be read. Please save it again, or upload your CV as a PDF.",
            code="cv_damaged",
        ) from error
    reader = _Reader([root for root in (styles, content) if root is not None])
    parts = []
    if styles is not None:
        parts += [reader.story(header) for header in _named(styles, "header")][:1]
    parts += [reader.story(body) for body in _named(content, "text") if _tag(body.getparent()) == "body"]
    if styles is not None:
        parts += [reader.story(footer) for footer in _named(styles, "footer")][:1]
    text = "\n\n".join(part for part in parts if part.strip())
    bare = pictures and not any(c.isalnum() for c in text)
    return Parsed(
        (text,),
        pages=max(1, int(counted[1])) if counted else 1,
        hidden_words=reader.hidden_words,
        unreadable=(Unreadable(1, "picture"),) if bare else (),
    )


class _Looks(NamedTuple):
    """How text looks, as far as its styles say."""

    hidden: bool | None = None
    white: bool | None = None
    small: bool | None = None
    backed: bool | None = None

    def over(self, other: "_Looks") -> "_Looks":
        return _Looks(*(mine if mine is not None else theirs for mine, theirs in zip(self, other, strict=True)))


class _Reader:
    def __init__(self, roots: list[Element]) -> None:
        self.hidden_words = 0
        self._styles = _styles(roots)
        # Where shapes lie behind the text, white may well be seen: nothing is known of where they are.
        shapes = any(
            _tag(element) in ("custom-shape", "rect", "frame", "polygon") for root in roots for element in root.iter()
        )
        self._page = _Looks(backed=True) if shapes else _Looks()

    def story(self, root: Element) -> str:
        return "\n".join(self._lines(root, self._page))

    def _lines(self, container: Element, around: _Looks, *, item: bool = False) -> Iterator[str]:
        for element in container:
            name = _tag(element)
            if name in ("p", "h"):
                boxes: list[Element] = []
                text = "".join(self._inline(element, boxes, self._of(element, around)))
                yield f"\u2022 {text.strip()}" if item and text.strip() else text
                for box in boxes:
                    yield from ("", *self._lines(box, self._page), "")
            elif name == "list-item":
                yield from self._lines(element, around, item=True)
            elif name == "table":
                yield from ("", *self._table(element, self._of(element, around)), "")
            elif name == "section" and _attribute(element, "display") == "none":
                self.hidden_words += len("".join(element.itertext()).split())
            elif name and name not in _SILENT:
                yield from self._lines(element, self._of(element, around), item=item and name == "list")

    def _inline(self, element: Element, boxes: list[Element], looks: _Looks) -> Iterator[str]:
        yield self._shown(element.text, looks)
        for child in element:
            name = _tag(child)
            if name in ("s", "tab"):
                yield " "
            elif name == "line-break":
                yield "\n"
            elif name == "text-box":
                boxes.append(child)
            elif name in ("hidden-text", "hidden-paragraph"):
                self.hidden_words += len("".join(child.itertext()).split())
            elif name and name not in _SILENT:
                yield from self._inline(child, boxes, self._of(child, looks))
            yield self._shown(child.tail, looks)

    def _shown(self, text: str | None, looks: _Looks) -> str:
        text = re.sub(r"[ \t\r\n]+", " ", text or "")
        if looks.hidden or looks.small or (looks.white and not looks.backed):
            self.hidden_words += len(text.split())
            return ""
        return text

    def _of(self, element: Element, around: _Looks) -> _Looks:
        name = _attribute(element, "style-name")
        return self._styles.get(name, _Looks()).over(around) if name else around

    def _table(self, table: Element, around: _Looks) -> Iterator[str]:
        for row in table.iter():
            if _tag(row) != "table-row" or next(a for a in row.iterancestors() if _tag(a) == "table") is not table:
                continue
            inside = self._of(row, around)
            cells = [
                "\n".join(self._lines(cell, self._of(cell, inside))).strip().split("\n")
                for cell in row
                if _tag(cell) == "table-cell"
            ]
            cells = [cell for cell in cells if any(cell)]
            if sum(len(cell) >= _COLUMN_LINES for cell in cells) > 1:
                for cell in cells:
                    yield from (*cell, "")
            elif cells:
                yield " | ".join(cell[0] for cell in cells)
                for cell in cells:
                    yield from cell[1:]


def _styles(roots: list[Element]) -> dict[str, _Looks]:
    """What each style says of the looks of text, with the styles that it is based on."""
    given = {(_attribute(e, "name") or ""): e for root in roots for e in root.iter() if _tag(e) == "style"}
    return {name: _chain(name, given) for name in given}


def _chain(name: str, given: dict[str, Element]) -> _Looks:
    looks = _Looks()
    for _ in range(20):
        style = given.get(name)
        if style is None:
            break
        for child in style:
            if _tag(child).endswith("-properties"):
                looks = looks.over(_looks({key.rpartition("}")[2]: text for key, text in child.attrib.items()}))
        name = _attribute(style, "parent-style-name") or ""
    return looks


def _looks(properties: dict[str, str]) -> _Looks:
    colour, size = properties.get("color"), re.fullmatch(r"([\d.]+)pt", properties.get("font-size", ""))
    behind = properties.get("background-color")
    return _Looks(
        hidden=properties["display"] == "none" if "display" in properties else None,
        white=_is_white(colour) if colour else None,
        small=float(size[1]) < _SMALLEST if size else None,
        # A paragraph without a colour of its own lets that of its cell be seen.
        backed=True if behind and behind != "transparent" and not _is_white(behind) else None,
    )


def _is_white(colour: str) -> bool:
    digits = re.fullmatch(r"#([0-9a-fA-F]{6})", colour)
    return digits is not None and all(int(digits[1][i : i + 2], 16) >= _WHITE for i in (0, 2, 4))


def _check_open(manifest: bytes) -> None:
    if b"encryption-data" in manifest:
        raise UnreadableCv(
            "This document is protected with a password. Please save it without one and upload it again.",
            code="cv_encrypted",
        )


def _xml(data: bytes) -> Element:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _tag(element: Element) -> str:
    name = element.tag if element is not None else None
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _named(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if _tag(element) == name]


def _attribute(element: Element, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)
