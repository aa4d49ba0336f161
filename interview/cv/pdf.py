"""The text of a PDF in reading order. Runs in the worker: what it is given may be hostile."""

import io
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import islice
from typing import TypeVar

from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

from interview.cv.attached import portfolio
from interview.cv.columns import blocks
from interview.cv.content import Content, page_content
from interview.cv.forms import Field, draw_annotations, is_shell, read_xfa
from interview.cv.glyphs import Glyph, letters, read_glyphs
from interview.cv.interpreter import Interpreter
from interview.cv.layers import Layers
from interview.cv.lines import Line, lines, without_furniture
from interview.cv.links import page_links, unnamed
from interview.cv.painter import Painter
from interview.cv.parsed import Parsed, Unreadable
from interview.cv.pieces import Piece, pieces
from interview.cv.quality import Fault, fault_of
from interview.cv.repair import mended
from interview.cv.seen import split
from interview.cv.stream import stream_blocks
from interview.errors import UnreadableCv

_T = TypeVar("_T")
_FIELD_SIZE = 10.0
_SIDEWAYS = (90, 270)


class _Page:
    """What one page gave: its lines, what is left out, and what is wrong with it."""

    def __init__(self, content: Content, fields: list[Field], links: list[str], *, pinned: bool) -> None:
        seen = split(content)
        top = content.box[3]
        glyphs = read_glyphs(seen.shown, top)
        self.links = links
        self.hidden_words = _words(read_glyphs(seen.hidden, top).turned.values())
        self.letters = sum(letters(found) for found in glyphs.turned.values()) + sum(
            len(field.text) for field in fields
        )
        turned = {turn: pieces(found) for turn, found in glyphs.turned.items()}
        turned.setdefault(0, []).extend(_field_pieces(fields, top))
        # What is set upright comes first, then what is set sideways; on a page that is sideways as a whole it is alone.
        self.lines: list[Line] = []
        for turn, found in sorted(turned.items(), key=lambda item: -sum(len(piece.text) for piece in item[1])):
            extent = content.width if turn in _SIDEWAYS else content.height
            # Fields are written after the page, wherever they stand on it.
            streamed = None if pinned else stream_blocks(found)
            for block in blocks(found) if streamed is None else streamed:
                self.lines += [*lines(block, extent), Line("", 0.5)]
        self.empty = not content.marks and not content.paints and not fields
        self.fault: Fault | None = fault_of(
            content, "\n".join(line.text for line in self.lines), unreadable=glyphs.unreadable
        )


def read_pdf(data: bytes, *, pages: int, most_pages: int) -> Parsed:
    """Read up to `pages` pages; those without text of their own come back as `unreadable`, with the text there is.

    Raises UnreadableCv: cv_encrypted, cv_damaged, cv_empty, cv_wrong_type for a wrapper around several files, or
    cv_too_complex for more than `most_pages` pages.
    """
    try:
        return _read(data, pages, most_pages)
    except UnreadableCv as error:
        if error.code != "cv_damaged":
            raise
        damaged = error
    for whole in mended(data):
        with suppress(UnreadableCv):
            return _read(whole, pages, most_pages)
    raise damaged


def _read(data: bytes, pages: int, most_pages: int, *, wrapped: bool = False) -> Parsed:
    document = _open(data)
    inner = _guarded(lambda: portfolio(document))
    if inner is not None and not wrapped:
        return _read(inner, pages, most_pages, wrapped=True)
    listed = _guarded(lambda: list(islice(PDFPage.create_pages(document), most_pages + 1)))
    if len(listed) > most_pages:
        raise UnreadableCv(
            f"This PDF has more than {most_pages} pages. Please upload your CV alone, as a shorter file.",
            code="cv_too_complex",
        )
    found = _read_pages(document, listed[:pages])
    readable = [page for page in found if page is not None]
    if not readable:
        raise _damaged() if found or not data.rstrip().endswith(b"%%EOF") else _empty()
    kept = iter(without_furniture([page.lines for page in readable]))
    texts = ["" if page is None else "\n".join(line.text for line in next(kept)) for page in found]
    xfa = _guarded(lambda: read_xfa(document))
    if xfa and (is_shell("\n".join(texts)) or not any(page.letters for page in readable)):
        return Parsed((xfa,), pages=len(listed))
    unreadable = tuple(
        Unreadable(i, fault)
        for i, fault in enumerate(("damaged" if page is None else page.fault for page in found), 1)
        if fault
    )
    if not any(page.letters for page in readable) and not any(page.fault for page in readable):
        raise _damaged() if len(readable) < len(found) or not _whole(data) else _empty()
    texts = [
        "" if page is not None and page.fault == "letters" else text for page, text in zip(found, texts, strict=True)
    ]
    return Parsed(
        tuple(texts),
        pages=len(listed),
        hidden_words=sum(page.hidden_words for page in readable),
        unreadable=unreadable,
        links=unnamed((link for page in readable for link in page.links), "\n".join(texts)),
    )


def _open(data: bytes) -> PDFDocument:
    try:
        return PDFDocument(PDFParser(io.BytesIO(data)))
    except PDFEncryptionError as error:  # a wrong password is one of these too
        raise UnreadableCv(
            "This PDF is protected with a password. Please save it without one and upload it again.",
            code="cv_encrypted",
        ) from error
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # what pdfminer raises on a broken file is of many types
        raise _damaged() from error


def _read_pages(document: PDFDocument, listed: list[PDFPage]) -> list[_Page | None]:
    """Page by page; None for one that is damaged, since the others may still say enough."""
    resources, layers = PDFResourceManager(), Layers(document.catalog)
    found: list[_Page | None] = []
    for page in listed:
        content = page_content(page)
        interpreter = Interpreter(resources, Painter(resources, content), layers)
        try:
            interpreter.process_page(page)
            own = len(content.marks)
            fields = draw_annotations(page, interpreter)
            links = page_links(page)
            found.append(_Page(content, fields, links, pinned=len(content.marks) > own or bool(fields)))
        except (MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001 - as above
            found.append(None)
    return found


def _guarded(read: Callable[[], _T]) -> _T:
    try:
        return read()
    except (UnreadableCv, MemoryError, RecursionError):
        raise
    except Exception as error:  # as above
        raise _damaged() from error


def _field_pieces(fields: list[Field], top: float) -> list[Piece]:
    """The values of fields as if they were set on the page, from the top of their boxes."""
    found = []
    for text, (x0, y0, x1, y1) in fields:
        written = [line.strip() for line in text.split("\n")]
        size = min(_FIELD_SIZE, max(1.0, (y1 - y0) / len(written)))
        first = top - (y0 + 0.3 * size if len(written) == 1 else y1 - size)
        found += [
            Piece(line, x0, min(x1, x0 + 0.5 * size * len(line)), first + 1.2 * size * i, size)
            for i, line in enumerate(written)
            if line
        ]
    return found


def _words(turned: Iterable[list[Glyph]]) -> int:
    texts = (piece.text for found in turned for piece in pieces(found))
    return sum(any(c.isalnum() for c in word) for text in texts for word in text.split())


def _whole(data: bytes) -> bool:
    return b"%%EOF" in data[-2048:]


def _damaged() -> UnreadableCv:
    return UnreadableCv(
        "This PDF is damaged and can't be read. Please export it again, or upload your CV as a DOCX.", code="cv_damaged"
    )


def _empty() -> UnreadableCv:
    return UnreadableCv("There is no text in this PDF. Please choose the file with your CV.", code="cv_empty")
