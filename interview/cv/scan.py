"""What a text model reads: files and pages that are pictures, and the words for what was not read."""

import asyncio
from collections.abc import Awaitable
from itertools import pairwise
from typing import Literal, Protocol

from interview.cv.kind import picture_of
from interview.cv.parsed import Parsed
from interview.cv.process import Limits, extract, pictures
from interview.cv.text import clean
from interview.errors import InterviewError, UnreadableCv

MOST_CALLS = 3
"""Calls of the model for one CV."""
WHEN_IT_STARTS = "when the interview starts."
"""The end of each warning that promises a reading for later."""
# More than a model should ever give back for one CV.
_MOST_SCANNED = 100_000
_SEVERAL = 4
_SCANNED = "Your CV is a scan; it was read from the picture, which may have mistakes in it."


class ReadScan(Protocol):
    """Reads a scanned document, a PDF by default, and returns its text.

    An InterviewError, OSError or time-out means that it can't be read.
    """

    def __call__(self, data: bytes, media_type: str = "application/pdf", /) -> Awaitable[str]: ...


Scans = ReadScan | Literal["later"] | None
"""How pictures are read: by this model, by one when the interview starts (`later`: now they are named), or never."""


async def read_picture(data: bytes, scans: Scans, limits: Limits) -> tuple[str, list[str]]:
    """The text of a file that is a picture, and warnings. Raises UnreadableCv (cv_scanned)."""
    picture = picture_of(data)
    assert picture is not None  # noqa: S101 - kind_of has said so
    what = f"This file is a picture ({picture.name})"
    if scans is None:
        raise scanned(f"{what}, and pictures can't be read here.")
    if scans == "later":
        return "", [f"Your CV is a picture: its text will be read {WHEN_IT_STARTS}"]
    text = clean(await _scan(scans(data, picture.media_type), limits, what))
    return text, ["Your CV is a picture; what was read from it may have mistakes in it."]


async def read_scanned(data: bytes, parsed: Parsed, scans: Scans, limits: Limits) -> tuple[str, list[str]]:
    """The text of a PDF that is made of pictures, and warnings. Raises UnreadableCv (cv_scanned)."""
    if scans is None:
        raise scanned("This CV is a scan: a picture, without text in it.")
    warnings = [_SCANNED if scans != "later" else f"Your CV is a scan: its text will be read {WHEN_IT_STARTS}"]
    if parsed.pages_read < parsed.pages:
        warnings.append(f"Only {parsed.pages_read} of the {parsed.pages} pages of your CV were read.")
    if scans == "later":
        return "", warnings
    if parsed.pages_read < parsed.pages:
        data = await extract(data, list(range(parsed.pages_read)), limits)
    return clean(await _scan(scans(data), limits, "This CV is a scan")), warnings


async def read_pictures(data: bytes, scans: Scans, limits: Limits) -> tuple[str, list[str]]:
    """The text of a DOCX or ODT that holds pictures alone, and warnings. Raises UnreadableCv (cv_scanned)."""
    what = "This document holds only a picture"
    if scans is None:
        raise scanned(f"{what}, without text in it.")
    taken, total = await pictures(data, limits)
    if not taken:
        raise scanned(f"{what}, of a kind that can't be read.")
    left = [f"Only {len(taken)} of the {total} pictures in your CV are read."] if total > len(taken) else []
    if scans == "later":
        return "", [*left, f"Your CV is a scan: its text will be read {WHEN_IT_STARTS}"]
    calls = [_scan(scans(picture, _media_type(picture)), limits, what) for picture in taken]
    found = await asyncio.gather(*calls, return_exceptions=True)
    texts = [clean(text) for text in found if isinstance(text, str)]
    for failure in found:
        # A logo has no text; that of the other pictures counts.
        if isinstance(failure, BaseException) and not (texts and isinstance(failure, UnreadableCv)):
            raise failure
    return "\n\n".join(texts), [_SCANNED, *left]


def _media_type(data: bytes) -> str:
    picture = picture_of(data)
    return picture.media_type if picture else "application/octet-stream"


async def read_pages(
    data: bytes, parsed: Parsed, texts: list[str], scans: Scans, limits: Limits
) -> tuple[list[str], list[str]]:
    """The pages' texts with those that a model reads from the picture of a page, and what is to be said of these."""
    faulty = [page for page, fault in parsed.unreadable if fault != "damaged"]
    stretches = _stretches(faulty)
    read: list[int] = []
    warnings = []
    if faulty and len(stretches) <= MOST_CALLS and scans == "later":
        read = faulty
        warnings.append(f"{_named(read)} to be read from the picture of the page {WHEN_IT_STARTS}")
    elif faulty and len(stretches) <= MOST_CALLS and callable(scans):
        found = await asyncio.gather(*[_stretch(data, stretch, scans, limits) for stretch in stretches])
        for stretch, text in zip(stretches, found, strict=True):
            if text:
                # What was there is the scrap that the picture holds too.
                texts = ["" if page in stretch else old for page, old in enumerate(texts, 1)]
                texts[stretch[0] - 1] = text
                read += stretch
        if read:
            warnings.append(f"{_named(read)} read from the picture of the page, which may have mistakes in it.")
    for fault, why in (
        ("picture", "a picture, whose text could not be read"),
        ("outlines", "drawn in shapes, whose text could not be read"),
        ("letters", "in a font that does not tell its letters, and could not be read"),
        ("damaged", "damaged and could not be read"),
    ):
        left = [page for page, found in parsed.unreadable if found == fault and page not in read]
        if left:
            warnings.append(f"{_named(left)} {why}.")
    return texts, warnings


async def _stretch(data: bytes, pages: list[int], read_scan: ReadScan, limits: Limits) -> str:
    """The text of these pages as the model reads it; empty when it does not."""
    try:
        part = await extract(data, [page - 1 for page in pages], limits)
        return clean(await _scan(read_scan(part), limits, "These pages are a scan"))
    except UnreadableCv:
        return ""


def _stretches(pages: list[int]) -> list[list[int]]:
    """Pages that follow each other, together."""
    stretches = [[page] for page in pages[:1]]
    for before, page in pairwise(pages):
        if page == before + 1:
            stretches[-1].append(page)
        else:
            stretches.append([page])
    return stretches


def _named(pages: list[int]) -> str:
    pages = sorted(pages)
    if len(pages) == 1:
        return f"Page {pages[0]} is"
    if len(pages) >= _SEVERAL and pages[-1] - pages[0] == len(pages) - 1:
        return f"Pages {pages[0]} to {pages[-1]} are"
    return f"Pages {', '.join(map(str, pages[:-1]))} and {pages[-1]} are"


async def _scan(reading: Awaitable[str], limits: Limits, what: str) -> str:
    try:
        async with asyncio.timeout(limits.scan_seconds):
            text = await reading
    except (InterviewError, TimeoutError, OSError) as error:
        raise scanned(f"{what}, and reading it from the picture did not work.") from error
    if not any(c.isalnum() for c in text):
        raise scanned(f"{what}, and no text could be found in the picture.")
    return text[:_MOST_SCANNED]


def scanned(what: str) -> UnreadableCv:
    """The error for a picture that is not read, with what to do about it."""
    return UnreadableCv(
        f"{what} Please upload the PDF or DOCX that it was printed from, or start without a CV.", code="cv_scanned"
    )
