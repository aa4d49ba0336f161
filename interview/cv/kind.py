"""What a file is, by its first bytes: a name and a declared type may both be wrong."""

import re
import unicodedata
from typing import Literal

from interview.errors import UnreadableCv

_LONGEST_NAME, _LONGEST_ENDING = 100, 10

Kind = Literal["pdf", "zip"]

_HOW = "Please upload your CV as a PDF or a DOCX."
_SAVE = "Please open it, save it as a PDF or a DOCX, and upload that."
_IMAGE = "Please put it into a PDF, or better, upload the PDF or DOCX that it was made from."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a picture (PNG)", _IMAGE),
    (b"\xff\xd8\xff", "a picture (JPEG)", _IMAGE),
    (b"GIF8", "a picture (GIF)", _IMAGE),
    (b"II*\0", "a picture (TIFF)", _IMAGE),
    (b"MM\0*", "a picture (TIFF)", _IMAGE),
    (b"BM", "a picture (BMP)", _IMAGE),
    (b"{\\rtf", "a rich text file (RTF)", _SAVE),
    (b"%!PS", "a PostScript file", "Please convert it to a PDF and upload that."),
    (b"Rar!", "an archive (RAR)", _HOW),
    (b"7z\xbc\xaf", "an archive (7z)", _HOW),
    (b"\x1f\x8b", "an archive (gzip)", _HOW),
    (b"MZ", "a program", _HOW),
    (b"\x7fELF", "a program", _HOW),
)


def kind_of(data: bytes) -> Kind:
    """What to read the file as: `zip` may be a DOCX. Raises UnreadableCv: cv_empty, cv_encrypted or cv_wrong_type."""
    if not data:
        raise UnreadableCv("This file is empty. Please choose the file with your CV.", code="cv_empty")
    # Some programs put a few bytes before a PDF's beginning, and readers have always put up with it.
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(_OLE):
        raise _ole(data)
    raise wrong_type(*_look(data))


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


def _look(data: bytes) -> tuple[str, str]:
    for signature, what, how in _SIGNATURES:
        if data.startswith(signature):
            return what, how
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "a picture (WebP)", _IMAGE
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        return "a picture (HEIC or AVIF)", _IMAGE
    head = data[:4096]
    if re.match(rb"\s*(<!doctype html|<html)", head, re.IGNORECASE):
        return "a web page (HTML)", "Please print it to a PDF and upload that."
    if b"\0" not in head and _is_text(head):
        return "plain text", _SAVE
    return "of an unknown type", _HOW


def _is_text(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The cut may have gone through a character.
        return error.start >= len(head) - 3
    return True


def safe_name(filename: str, kind: Kind) -> str:
    """The file's own name without folders, control and direction characters; at most 100 characters with its ending."""
    name = re.split(r"[/\\]", filename)[-1]
    name = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    name = re.sub(r"\s+", " ", name).strip(" .")
    if not name:
        return "cv.pdf" if kind == "pdf" else "cv.docx"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return name[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - 1 - len(ending)]}.{ending}"
