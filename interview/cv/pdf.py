"""The text of a PDF in reading order. Runs in the worker: what it is given may be hostile."""

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pdfminer.layout import LTContainer, LTCurve, LTImage, LTPage
from pdfminer.pdfdocument import PDFEncryptionError
from pdfminer.pdfpage import PDFPage
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from interview.cv.columns import blocks
from interview.cv.glyphs import letters, read_glyphs
from interview.cv.lines import Line, lines, without_furniture
from interview.cv.parsed import Parsed
from interview.cv.pieces import pieces
from interview.errors import UnreadableCv

# Fewer letters and digits than this on a page that is a picture: a scanner's own mark, not a text layer.
_FEW_LETTERS = 80
# Shares of a page that pictures cover: more than a logo does, and more than a portrait does.
_SOME, _MOST = 0.02, 0.5
# As many drawn shapes as it takes to say that a page's text may have been turned into outlines.
_OUTLINES = 60


class _Page:
    """What one page gave: its lines, and what it is otherwise made of."""

    def __init__(self, layout: LTPage) -> None:
        glyphs = read_glyphs(layout)
        self.letters = sum(letters(found) for found in glyphs.turned.values())
        self.unreadable = glyphs.unreadable
        # What is set upright comes first, then what is set sideways; on a page that is sideways as a whole it is alone.
        self.lines: list[Line] = []
        for turn, found in sorted(glyphs.turned.items(), key=lambda item: -letters(item[1])):
            extent = layout.height if turn in (0, 180) else layout.width
            for block in blocks(pieces(found)):
                self.lines += [*lines(block, extent), Line("", 0.5)]
        shapes = list(_shapes(layout))
        self.pictures = sum(item.width * item.height for item in shapes if isinstance(item, LTImage))
        self.covered = self.pictures / max(1.0, layout.width * layout.height)
        self.curves = sum(isinstance(item, LTCurve) for item in shapes)

    @property
    def drawn(self) -> bool:
        """The page shows something that is not text."""
        return self.covered > _SOME or self.curves >= _OUTLINES or self.unreadable > self.letters

    @property
    def scanned(self) -> bool:
        """The page is a picture of text, or text whose letters can't be told."""
        if self.unreadable > self.letters:
            return True
        return self.drawn and (self.letters == 0 or (self.covered > _MOST and self.letters < _FEW_LETTERS))


def read_pdf(data: bytes, *, pages: int, most_pages: int) -> Parsed:
    """Read up to `pages` pages; without a text layer they come back as `scanned`, with the text there is.

    Raises UnreadableCv: cv_encrypted, cv_damaged, cv_empty, or cv_too_complex for more than `most_pages` pages.
    """
    try:
        with PDF.open(io.BytesIO(data), pages=list(range(1, pages + 1))) as pdf:
            count = sum(1 for _ in islice(PDFPage.create_pages(pdf.doc), most_pages + 1))
            if count > most_pages:
                raise UnreadableCv(
                    f"This PDF has more than {most_pages} pages. Please upload your CV alone, as a shorter file.",
                    code="cv_too_complex",
                )
            found = list(_read_pages(pdf))
    except PdfminerException as error:
        raise _reason(error) from error
    readable = [page for page in found if page is not None]
    if not readable:
        raise _damaged() if found or not data.rstrip().endswith(b"%%EOF") else _empty()
    scanned = all(page.scanned or not page.letters for page in readable) and any(page.drawn for page in readable)
    if not scanned and not any(page.letters for page in readable):
        raise _damaged() if len(readable) < len(found) or not _whole(data) else _empty()
    texts = ["\n".join(line.text for line in page) for page in without_furniture([page.lines for page in readable])]
    return Parsed("\n\n".join(texts), pages=count, pages_read=len(readable), scanned=scanned)


def _read_pages(pdf: PDF) -> Iterator[_Page | None]:
    """Page by page; None for one that is damaged, since the others may still say enough."""
    for page in pdf.pages:
        try:
            yield _Page(page.layout)
        except PdfminerException as error:
            if isinstance(_cause(error), MemoryError | RecursionError):
                raise
            yield None
        # Each page's objects are many; none of them is needed any more.
        page.close()


def _shapes(container: LTContainer[Any]) -> Iterator[LTImage | LTCurve]:
    for item in container:
        if isinstance(item, LTImage | LTCurve):
            yield item
        elif isinstance(item, LTContainer):
            yield from _shapes(item)


def _cause(error: PdfminerException) -> object:
    return error.args[0] if error.args else None


def _reason(error: PdfminerException) -> Exception:
    cause = _cause(error)
    if isinstance(cause, MemoryError | RecursionError):
        return cause
    # A wrong password is one of these too.
    if isinstance(cause, PDFEncryptionError):
        return UnreadableCv(
            "This PDF is protected with a password. Please save it without one and upload it again.",
            code="cv_encrypted",
        )
    return _damaged()


def _whole(data: bytes) -> bool:
    return b"%%EOF" in data[-2048:]


def _damaged() -> UnreadableCv:
    return UnreadableCv(
        "This PDF is damaged and can't be read. Please export it again, or upload your CV as a DOCX.", code="cv_damaged"
    )


def _empty() -> UnreadableCv:
    return UnreadableCv("There is no text in this PDF. Please choose the file with your CV.", code="cv_empty")
