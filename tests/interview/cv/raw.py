"""PDFs written out by hand, where a test is about single operators and objects of a file."""

import zlib

from tests.interview.cv.typeset import assemble

HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
PICTURE = b"\x80"


def stream(data: bytes | str, entries: str = "") -> bytes:
    packed = zlib.compress(data.encode("latin-1") if isinstance(data, str) else data)
    return f"<< /Length {len(packed)} /Filter /FlateDecode {entries} >>\nstream\n".encode() + packed + b"\nendstream"


def document(
    *contents: str,
    resources: str = "",
    objects: list[bytes] | None = None,
    catalog: str = "",
    page: str = "",
) -> bytes:
    """Pages of these contents, with the font /F (Helvetica) and the picture /P.

    `objects` are numbered from 6 on; `resources`, `catalog` and `page` are more entries of these dictionaries.
    """
    own = objects or []
    first = 6 + len(own)
    kids = " ".join(f"{first + 2 * i + 1} 0 R" for i in range(len(contents)))
    made: list[bytes] = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Count {len(contents)} /Kids [{kids}] >>".encode(),
        HELVETICA.encode(),
        stream(
            PICTURE, "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"
        ),
        b"<< >>",
        *own,
    ]
    for content in contents:
        made.append(stream(content))
        made.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(made)} 0 R /Resources"
            f" << /Font << /F 3 0 R >> /XObject << /P 4 0 R >> {resources} >> {page} >>".encode()
        )
    return assemble(made)


def line(text: str, x: float = 50, y: float = 700, size: float = 10, before: str = "") -> str:
    """Operators that set a line; `before` stands inside the text object."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT {before} /F {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET"
