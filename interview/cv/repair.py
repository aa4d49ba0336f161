"""What pdfium does to a whole PDF: mending its table of objects, and taking out single pages."""

import io
import re
from collections.abc import Iterator

_ROOT = re.compile(rb"/Root\s+(\d{1,8})\s+(\d{1,5})\s+R\b")
_CATALOGUE = re.compile(rb"\b(\d{1,8})\s+(\d{1,5})\s+obj\s*<<[^<>]{0,500}?/Type\s*/Catalog\b")


def mended(data: bytes) -> Iterator[bytes]:
    """The document with a new table of objects, once for each way of making one.

    First with a trailer that names the catalogue, which lets pdfminer look for every object by itself; then as pdfium
    writes it. Ghostscript and qpdf mend little more, and are a program and a dependency more.
    """
    roots = _ROOT.findall(data) or _CATALOGUE.findall(data)
    if roots:
        number, generation = roots[-1]
        yield data + b"\ntrailer\n<< /Root %s %s R >>\nstartxref\n0\n%%%%EOF\n" % (number, generation)
    whole = _saved(data, None)
    if whole is not None:
        yield whole


def extract(data: bytes, pages: list[int]) -> bytes | None:
    """A PDF of these pages alone, which count from 0."""
    return _saved(data, pages)


def _saved(data: bytes, pages: list[int] | None) -> bytes | None:
    # Loaded where it is needed: most files are whole, and it takes a fifth of a reader's start.
    import pypdfium2

    out = io.BytesIO()
    try:
        document = pypdfium2.PdfDocument(data)
        try:
            if pages is None:
                document.save(out)
            else:
                part = pypdfium2.PdfDocument.new()
                part.import_pages(document, pages)
                part.save(out)
                part.close()
        finally:
            document.close()
    except (pypdfium2.PdfiumError, ValueError, OSError):
        return None
    return out.getvalue()
