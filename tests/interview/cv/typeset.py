"""PDFs as typesetters write them: words and kerns as moves in TJ arrays, fonts without a space."""

import zlib
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595.0, 842.0

# Widths in thousandths of the font size, of the order that roman text fonts have.
_NARROW, _WIDE = "ijl.,;:!'|`()[]-", "mwMW@%"
_LIGATURES = {"ffi": "\x03", "fi": "\x01", "fl": "\x02"}
_KERNS = (0, 0, -28, 0, 83, 0, 28, 0, -28, 55, 0)


def _width(c: str) -> int:
    if c in _NARROW:
        return 278
    return 833 if c in _WIDE else 680 if c.isupper() else 480


def _moves(text: str, *, space: float, tracking: float, spaces: bool) -> tuple[list[tuple[str, float]], float]:
    """Each glyph with the move behind it, both in font sizes, and the width of it all."""
    for letters, code in _LIGATURES.items():
        text = text.replace(letters, code)
    moves: list[tuple[str, float]] = []
    for i, c in enumerate(text):
        following = text[i + 1] if i + 1 < len(text) else ""
        if c == " " and not spaces:
            if moves:
                moves[-1] = (moves[-1][0], moves[-1][1] + space + tracking)
            continue
        kern = 0.0 if " " in (c, following) or not following else -_KERNS[(7 * ord(c) + ord(following)) % 11] / 1000
        moves.append((c, kern + tracking))
    return moves, sum(_width(c) / 1000 + move for c, move in moves)


def measure(text: str, size: float = 10, *, space: float = 0.3, tracking: float = 0) -> float:
    """The width of a text in points."""
    return _moves(text, space=space, tracking=tracking, spaces=False)[1] * size


@dataclass
class Page:
    """One page; `y` counts from the top, as a reader does."""

    operators: list[str] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 10,
        *,
        font: str = "Roman",
        space: float = 0.3,
        tracking: float = 0,
        spaces: bool = False,
        turn: int = 0,
        flush_right: bool = False,
    ) -> None:
        """Set a line.

        `space` is a word's distance and `tracking` what is put between letters, in font sizes; with `spaces` there are
        glyphs for spaces. `turn` is 0 or 90 degrees; a line that is flush right ends at x.
        """
        moves, width = _moves(text, space=space, tracking=tracking, spaces=spaces)
        if flush_right:
            x -= width * size
        encoding = "utf-16-be" if font == "Blind" else "cp1252"
        shown = " ".join(f"<{c.encode(encoding).hex()}> {-move * 1000:.1f}" for c, move in moves)
        a, b = (1, 0) if turn == 0 else (0, 1)
        self.operators.append(f"BT /{font} {size} Tf {a} {b} {-b} {a} {x:.3f} {HEIGHT - y:.3f} Tm [{shown}] TJ ET")

    def lines(
        self, x: float, y: float, lines: list[str], size: float = 10, leading: float = 12, **how: object
    ) -> float:
        """Set lines below each other; gives where the next one would stand."""
        for line in lines:
            self.text(x, y, line, size, **how)  # type: ignore[arg-type]
            y += leading
        return y

    def picture(self, x: float, y: float, width: float, height: float) -> None:
        """A picture with its lower left corner at (x, y)."""
        self.operators.append(f"q {width} 0 0 {height} {x} {HEIGHT - y} cm /Picture Do Q")

    def rule(self, x: float, y: float, width: float) -> None:
        """A drawn line."""
        self.operators.append(f"{x} {HEIGHT - y} {width} 0.4 re f")


# What the fonts call their glyphs; none of them has a space.
_ENCODING = "<< /BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl /ffi] >>"
_FONTS = {
    "Roman": ("ABCDEF+CMR10", _ENCODING),
    "Bold": ("ABCDEF+CMBX10", _ENCODING),
    "Icons": ("ABCDEF+FontAwesome6Free-Solid", _ENCODING),
}
# A font of glyph numbers that does not tell which letters they are.
_BLIND = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Subset /Encoding /Identity-H /DescendantFonts [<< /Type /Font"
    b" /Subtype /CIDFontType2 /BaseFont /ABCDEF+Subset /DW 500 /FontDescriptor 3 0 R"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>"
)


def pdf(*pages: Page, tail: bytes = b"") -> bytes:
    """The file."""
    widths = " ".join(str(_width(chr(i))) for i in range(256))
    objects: list[bytes] = [b"", b""]
    fonts = ""
    for name, (base, encoding) in _FONTS.items():
        objects.append(
            f"<< /Type /FontDescriptor /FontName /{base} /Flags 4 /FontBBox [0 -250 1000 750] /Ascent 700 /Descent -200"
            " /ItalicAngle 0 /CapHeight 680 /StemV 80 >>".encode()
        )
        objects.append(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{base} /FirstChar 0 /LastChar 255 /Widths [{widths}]"
            f" /FontDescriptor {len(objects)} 0 R /Encoding {encoding} >>".encode()
        )
        fonts += f" /{name} {len(objects)} 0 R"
    objects.append(_BLIND)
    fonts += f" /Blind {len(objects)} 0 R"
    objects.append(_stream(b"\x80", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8"
                                    " /ColorSpace /DeviceGray"))  # fmt: skip
    picture = len(objects)
    kids = []
    for page in pages:
        objects.append(_stream("\n".join(page.operators).encode("latin-1")))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {len(objects)} 0 R"
            f" /Resources << /Font <<{fonts} >> /XObject << /Picture {picture} 0 R >> >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    return assemble(objects) + tail


def _stream(data: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(data)
    return f"<< /Length {len(packed)} /Filter /FlateDecode {entries} >>\nstream\n".encode() + packed + b"\nendstream"


def assemble(objects: list[bytes]) -> bytes:
    """Numbered objects, the first of which is the catalogue, as a PDF file."""
    out = bytearray(b"%PDF-1.5\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
