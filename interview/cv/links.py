"""Where a document's links lead, as far as its text does not say so itself."""

import re
from collections.abc import Iterable
from typing import Any

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral

_LONGEST, _MOST = 120, 12
_SCHEME = re.compile(r"(?:https?://(?:www\.)?|mailto:)", re.IGNORECASE)
_PLAIN = re.compile(r"[^\w@.]+")


def page_links(page: PDFPage) -> list[str]:
    """The addresses of the web and of mail that the page's links lead to."""
    found = []
    annotations = resolve1(page.annots)
    for annotation in map(resolve1, annotations if isinstance(annotations, list) else []):
        if isinstance(annotation, dict) and _is(annotation.get("Subtype"), "Link"):
            action = resolve1(annotation.get("A"))
            target = resolve1(action.get("URI")) if isinstance(action, dict) else None
            if isinstance(target, bytes):
                found.append(target.decode("utf-8", "replace"))
    return found


def unnamed(targets: Iterable[str], text: str) -> tuple[str, ...]:
    """Each target once, without its scheme, where the text does not hold it."""
    said = _PLAIN.sub("", text.casefold())
    kept: dict[str, str] = {}
    for target in targets:
        address = _SCHEME.match(target.strip())
        shown = target.strip()[address.end() :].partition("?")[0].rstrip("/") if address else ""
        plain = _PLAIN.sub("", shown.casefold())
        if plain and len(shown) <= _LONGEST and shown.isprintable() and " " not in shown and plain not in said:
            kept.setdefault(plain, shown)
    return tuple(kept.values())[:_MOST]


def _is(value: Any, name: str) -> bool:
    value = resolve1(value)
    return isinstance(value, PSLiteral) and value.name == name
