"""Portfolios: PDFs that are mere wrappers around other files."""

from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.utils import decode_text

from interview.cv.kind import safe_name
from interview.errors import UnreadableCv

_DEPTH, _MOST = 12, 50


def portfolio(document: PDFDocument) -> bytes | None:
    """The one PDF inside a portfolio; None for a document that is none.

    Raises UnreadableCv with the files' names when there are several PDFs or none.
    """
    if not isinstance(resolve1(document.catalog.get("Collection")), dict):
        return None
    files = _files(document)
    pdfs = [stream for name, stream in files if name.lower().endswith(".pdf")]
    if len(pdfs) == 1:
        data: bytes = pdfs[0].get_data()
        return data
    if not files:
        return None
    names = ", ".join(safe_name(name, "pdf") for name, _ in files[:5]) + (" and more" if len(files) > 5 else "")  # noqa: PLR2004
    raise UnreadableCv(
        f"This PDF is a portfolio, a wrapper around other files: {names}. Please upload the one that is your CV.",
        code="cv_wrong_type",
    )


def _files(document: PDFDocument) -> list[tuple[str, PDFStream]]:
    names = resolve1(document.catalog.get("Names"))
    found: list[tuple[str, PDFStream]] = []
    if isinstance(names, dict):
        _collect(resolve1(names.get("EmbeddedFiles")), found, 0)
    return found


def _collect(node: Any, found: list[tuple[str, PDFStream]], depth: int) -> None:
    """The entries of a name tree (ISO 32000-1, 7.9.6)."""
    if not isinstance(node, dict) or depth > _DEPTH:
        return
    entries = resolve1(node.get("Names"))
    for specification in map(resolve1, entries[1::2] if isinstance(entries, list) else []):
        embedded = resolve1(specification.get("EF")) if isinstance(specification, dict) else None
        stream = resolve1(embedded.get("F") or embedded.get("UF")) if isinstance(embedded, dict) else None
        if isinstance(stream, PDFStream) and len(found) < _MOST:
            name = resolve1(specification.get("UF") or specification.get("F"))
            found.append((decode_text(name) if isinstance(name, bytes) else "", stream))
    kids = resolve1(node.get("Kids"))
    for kid in kids if isinstance(kids, list) else []:
        _collect(resolve1(kid), found, depth + 1)
