"""What a file is, by its first bytes: a name and a declared type may both be wrong."""

import re
import unicodedata
from typing import Literal, NamedTuple

from interview.errors import UnreadableCv

_LONGEST_NAME, _LONGEST_ENDING = 100, 10

Kind = Literal["pdf", "docx", "odt", "rtf", "text", "picture"]
"""`docx` may be any zip that is not an ODT: its members tell."""

_HOW = "Please upload your CV as a PDF or a DOCX."
_SAVE = "Please open it, save it as a PDF or a DOCX, and upload that."
_IMAGE = "Please put it into a PDF, or better, upload the PDF or DOCX that it was made from."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"GIF8", "a picture (GIF)", _IMAGE),
    (b"II*\0", "a picture (TIFF)", _IMAGE),
    (b"MM\0*", "a picture (TIFF)", _IMAGE),
    (b"BM", "a picture (BMP)", _IMAGE),
    (b"%!PS", "a PostScript file", "Please convert it to a PDF and upload that."),
    (b"Rar!", "an archive (RAR)", _HOW),
    (b"7z\xbc\xaf", "an archive (7z)", _HOW),
    (b"\x1f\x8b", "an archive (gzip)", _HOW),
    (b"MZ", "a program", _HOW),
    (b"\x7fELF", "a program", _HOW),
)
# The ending and type under which a file is kept.
_KEPT: dict[Kind, tuple[str, str]] = {
    "pdf": ("pdf", "application/pdf"),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "odt": ("odt", "application/vnd.oasis.opendocument.text"),
    "rtf": ("rtf", "application/rtf"),
    "text": ("txt", "text/plain"),
}


class Picture(NamedTuple):
    """A kind of picture that the language model reads."""

    name: str
    ending: str
    media_type: str


def kind_of(data: bytes) -> Kind:
    """What to read the file as. Raises UnreadableCv: cv_empty, cv_encrypted or cv_wrong_type."""
    if not data:
        raise UnreadableCv("This file is empty. Please choose the file with your CV.", code="cv_empty")
    # Some programs put a few bytes before a PDF's beginning, and readers have always put up with it.
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "odt" if data[30:].startswith(_ODT) else "docx"
    if data.startswith(_OLE):
        raise _ole(data)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if picture_of(data):
        return "picture"
    refused = _look(data)
    if refused:
        raise wrong_type(*refused)
    if decode(data) is None:
        raise wrong_type("of an unknown type")
    return "text"


def picture_of(data: bytes) -> Picture | None:
    """Which kind of picture a file is; None for one that is none, or that the model does not read."""
    if data.startswith(b"\x89PNG"):
        return Picture("PNG", "png", "image/png")
    if data.startswith(b"\xff\xd8\xff"):
        return Picture("JPEG", "jpg", "image/jpeg")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Picture("WebP", "webp", "image/webp")
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1"):
        return Picture("HEIC", "heic", "image/heic")
    return None


def kept_as(data: bytes) -> tuple[str, str]:
    """The ending and the media type under which a file that `kind_of` takes is kept."""
    picture = picture_of(data)
    return (picture.ending, picture.media_type) if picture else _KEPT[kind_of(data)]


def decode(data: bytes) -> str | None:
    """Plain text in UTF-8, UTF-16 or Latin-1 (in Windows' variety); None for what is none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _plain(data.decode("utf-16", "replace"))
    sample = data[:4096]
    if b"\0" in sample:
        # Every second byte of western text in UTF-16 is zero.
        for start, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
            half = sample[start::2]
            if half.count(0) >= 0.6 * len(half) and not sample[1 - start :: 2].count(0):
                return _plain(data.decode(encoding, "replace"))
        return None
    try:
        return _plain(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _plain(data.decode("cp1252", "replace"))


def _plain(text: str) -> str | None:
    """The text if it is made of characters that people write, not of control characters."""
    odd = sum((c < " " and c not in "\t\n\r\f") or "\x7f" <= c < "\xa0" or c == "\ufffd" for c in text)
    return text if odd <= 0.01 * len(text) else None


def wrong_type(what: str, how: str = _HOW) -> UnreadableCv:
    """The error for a file that is `what`, with what to do about it."""
    return UnreadableCv(f"This file is {what}, not a PDF or a DOCX. {how}", code="cv_wrong_type")


def _ole(data: bytes) -> UnreadableCv:
    """What Microsoft's older container holds: an encrypted document of today or an open one of former days."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return UnreadableCv(
            "This Word document is protected with a password. Please save it without one and upload it again.",
            code="cv_encrypted",
        )
    if "WordDocument".encode("utf-16-le") in data:
        return wrong_type("an older Word document (DOC)", _SAVE)
    return wrong_type("an older Office file", _SAVE)


def _look(data: bytes) -> tuple[str, str] | None:
    """What else a file is known to be, with what to do about it."""
    for signature, what, how in _SIGNATURES:
        if data.startswith(signature):
            return what, how
    if data[4:8] == b"ftyp" and data[8:12] == b"avif":
        return "a picture (AVIF)", _IMAGE
    if re.match(rb"(?:\xef\xbb\xbf)?\s*(<!doctype html|<html)", data[:4096], re.IGNORECASE):
        return "a web page (HTML)", "Please print it to a PDF and upload that."
    return None


def safe_name(filename: str, ending: str) -> str:
    """The file's own name without folders, control and direction characters; at most 100 characters with its ending.

    A file without a name is called `cv` with this ending.
    """
    name = re.split(r"[/\\]", filename)[-1]
    name = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    name = re.sub(r"\s+", " ", name).strip(" .")
    if not name:
        return f"cv.{ending}"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return name[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - 1 - len(ending)]}.{ending}"
