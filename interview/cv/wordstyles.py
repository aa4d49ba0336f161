"""The styles of a Word document, as far as they decide whether text is seen and whether it is an item of a list."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

Element = Any
"""An lxml element; lxml has no types of its own."""

# Half points; and red, green and blue from which on text is as white as paper.
_SMALLEST, _WHITE = 3, 0xF0
_DEPTH = 20
_LISTS = ("ListBullet", "ListNumber", "ListParagraph")


class Looks(NamedTuple):
    """How text looks, as far as it is said: None where it is not."""

    hidden: bool | None = None
    white: bool | None = None
    small: bool | None = None
    backed: bool | None = None
    """Whether something is painted behind it."""

    def over(self, other: "Looks") -> "Looks":
        """These looks, and the other ones where these say nothing."""
        return Looks(*(mine if mine is not None else theirs for mine, theirs in zip(self, other, strict=True)))


class Styles:
    """The document's styles by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._defaults = Looks()
        for element in root if root is not None else ():
            if tag(element) == "style":
                self._styles[value(element, "styleId") or ""] = element
            elif tag(element) == "docDefaults":
                for default in element.iter():
                    if tag(default) == "rPr":
                        self._defaults = looks(default)

    def looks(self, style: str | None) -> Looks:
        """How a style says that text looks."""
        found = Looks()
        for element in self._chain(style):
            for child in element:
                if tag(child) in ("rPr", "pPr"):
                    found = found.over(looks(child))
        return found.over(self._defaults) if style is None else found

    @property
    def defaults(self) -> Looks:
        """How text looks by default."""
        return self._defaults

    def is_list(self, style: str | None) -> bool:
        """Whether paragraphs of the style are items of a list: it or one that it is based on has numbers or bullets."""
        for element in self._chain(style):
            for mark in chain.from_iterable(child for child in element if tag(child) == "pPr"):
                if tag(mark) == "numPr":
                    return not any(tag(inner) == "numId" and value(inner) == "0" for inner in mark)
        return bool(style) and str(style).startswith(_LISTS[:2])

    def _chain(self, style: str | None) -> Iterator[Element]:
        """The style's element and those of the styles that it is based on."""
        for _ in range(_DEPTH):
            element = self._styles.get(style or "")
            if element is None:
                return
            yield element
            style = next((value(child) for child in element if tag(child) == "basedOn"), None)


def looks(properties: Element) -> Looks:
    """What a run's or a paragraph's properties say of its looks."""
    hidden = white = small = backed = None
    for mark in properties:
        name = tag(mark)
        if name == "vanish":
            hidden = value(mark) not in ("0", "false", "off")
        elif name == "color":
            white = is_white(value(mark))
        elif name == "sz" and (value(mark) or "").isdigit():
            small = int(value(mark) or 0) < _SMALLEST
        elif name == "shd":
            fill = value(mark, "fill")
            backed = fill not in (None, "auto") and not is_white(fill)
        elif name == "highlight":
            backed = value(mark) not in ("none", "white")
        elif name == "rPr":
            # The looks of a paragraph's mark are not those of its text.
            continue
    return Looks(hidden, white, small, backed)


def is_white(colour: str | None) -> bool:
    """Whether a colour of six hexadecimal digits is as white as paper."""
    try:
        return len(colour or "") == 6 and all(int((colour or "")[i : i + 2], 16) >= _WHITE for i in (0, 2, 4))  # noqa: PLR2004
    except ValueError:
        return False


def tag(element: Element) -> str:
    """The element's name without its namespace; "" for a comment or processing instruction."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def value(element: Element, name: str = "val") -> str | None:
    """An attribute by its name without its namespace."""
    return next((text for key, text in element.attrib.items() if key.rpartition("}")[2] == name), None)
