"""Reading a CV: a file in, clean text for the prompt out, with what could not be read and what was left out."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from contract.limits import MAX_CV_BYTES as MAX_BYTES
from contract.limits import MAX_CV_TEXT as MAX_CHARACTERS
from interview.cv.kind import Kind, kind_of, picture_of, safe_name
from interview.cv.parsed import Parsed
from interview.cv.process import Limits, extract, parse
from interview.cv.sections import shorten
from interview.cv.text import clean, join_hyphens
from interview.errors import InterviewError, TooLarge, UnreadableCv
from interview.record import Cv

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "Limits", "ReadScan", "corrected", "read_cv"]

# More than a model should ever give back for one CV.
_MOST_SCANNED = 100_000
# Stretches of pages that are read from their pictures, each by one call of the model.
_MOST_CALLS = 3
_SEVERAL = 4


class ReadScan(Protocol):
    """Reads a scanned document, a PDF unless it is said otherwise, and gives its text.

    An InterviewError, OSError or time-out means that it can't be read.
    """

    def __call__(self, data: bytes, media_type: str = "application/pdf", /) -> Awaitable[str]: ...


@dataclass(frozen=True, slots=True)
class _Text:
    """A document's text before it is shortened, and what the candidate is to know about it."""

    text: str
    pages: int
    warnings: tuple[str, ...] = ()
    hidden_words: int = 0


async def read_cv(data: bytes, filename: str, *, read_scan: ReadScan | None = None, limits: Limits = Limits()) -> Cv:  # noqa: B008 - frozen
    """Read a CV of at most MAX_BYTES; its text is shortened to MAX_CHARACTERS, and `warnings` say what is amiss.

    What it is, its content decides. Raises TooLarge (cv_too_large) and UnreadableCv (cv_empty, cv_encrypted,
    cv_damaged, cv_scanned, cv_wrong_type, cv_too_complex) in words for the candidate, Unavailable when no parser can be
    started or too many files are being read.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(
            f"This file is larger than {MAX_BYTES // 2**20} MB. Please upload a smaller one, for example with smaller"
            " pictures.",
            code="cv_too_large",
        )
    kind = kind_of(data)
    if kind == "picture":
        found = await _read_picture(data, read_scan, limits)
        ending = getattr(picture_of(data), "ending", "pdf")
    else:
        found = await _read_document(data, kind, read_scan, limits)
        ending = "txt" if kind == "text" else kind
    if not any(c.isalnum() for c in found.text):
        raise UnreadableCv("There is no text in this file. Please choose the file with your CV.", code="cv_empty")
    return _cv(safe_name(filename, ending), found)


def corrected(cv: Cv, text: str) -> Cv:
    """The CV with the text that the candidate made of it, at most MAX_CHARACTERS. Raises UnreadableCv (cv_empty)."""
    text = clean(text)
    if not any(c.isalnum() for c in text):
        raise UnreadableCv("There is no text in this CV. Write something, or start without a CV.", code="cv_empty")
    # What was cut no longer is: the candidate has decided what stands there.
    warnings = cv.warnings[:-1] if cv.truncated else cv.warnings
    return replace(
        cv, text=text, characters=len(text), truncated=False, warnings=warnings, warning=" ".join(warnings) or None
    )


def _cv(filename: str, found: _Text) -> Cv:
    short = shorten(found.text, MAX_CHARACTERS)
    truncated = short.text != found.text
    warnings = list(found.warnings)
    if truncated:
        left_out = f" Left out: {', '.join(short.left_out)}." if short.left_out else ""
        warnings.append(
            f"Your CV is long: the interviewer sees {MAX_CHARACTERS:,} of its {len(found.text):,} characters.{left_out}"
        )
    return Cv(
        filename=filename,
        pages=found.pages,
        characters=len(found.text),
        text=short.text,
        truncated=truncated,
        warning=" ".join(warnings) or None,
        warnings=tuple(warnings),
        hidden_words=found.hidden_words,
    )


async def _read_picture(data: bytes, read_scan: ReadScan | None, limits: Limits) -> _Text:
    picture = picture_of(data)
    assert picture is not None  # noqa: S101 - kind_of has said so
    if read_scan is None:
        raise _scanned(f"This file is a picture ({picture.name}), and pictures can't be read here.")
    text = clean(await _scan(read_scan(data, picture.media_type), limits, f"This file is a picture ({picture.name})"))
    return _Text(text, 1, ("Your CV is a picture; what was read from it may have mistakes in it.",))


async def _read_document(data: bytes, kind: Kind, read_scan: ReadScan | None, limits: Limits) -> _Text:
    parsed = await parse(data, kind, limits)
    if parsed.scanned:
        return await _read_scanned(data, parsed, read_scan if kind == "pdf" else None, limits)
    warnings: list[str] = []
    texts = [clean(text) for text in parsed.texts]
    if parsed.unreadable:
        texts, said = await _read_pages(data, parsed, texts, read_scan, limits)
        warnings += said
    whole = "\n\n".join(text for text in texts if text)
    text = clean(join_hyphens(whole)) if kind == "pdf" else whole
    if parsed.links:
        text = f"{text}\n\nLinks: {', '.join(parsed.links)}"
    if parsed.pages_read < parsed.pages and kind == "pdf":
        warnings.append(f"Only {parsed.pages_read} of the {parsed.pages} pages of your CV were read.")
    if parsed.hidden_words:
        warnings.append(_hidden(parsed.hidden_words))
    return _Text(text, parsed.pages, tuple(warnings), parsed.hidden_words)


async def _read_scanned(data: bytes, parsed: Parsed, read_scan: ReadScan | None, limits: Limits) -> _Text:
    if read_scan is None:
        raise _scanned("This CV is a scan: a picture, without text in it.")
    warnings = ["Your CV is a scan; it was read from the picture, which may have mistakes in it."]
    if parsed.pages_read < parsed.pages:
        data = await extract(data, list(range(parsed.pages_read)), limits)
        warnings.append(f"Only {parsed.pages_read} of the {parsed.pages} pages of your CV were read.")
    text = clean(await _scan(read_scan(data), limits, "This CV is a scan"))
    return _Text(text, parsed.pages, tuple(warnings))


async def _read_pages(
    data: bytes, parsed: Parsed, texts: list[str], read_scan: ReadScan | None, limits: Limits
) -> tuple[list[str], list[str]]:
    """The pages' texts with those that a model reads from the picture of a page, and what is to be said of these."""
    faulty = [page for page, fault in parsed.unreadable if fault != "damaged"]
    stretches = _stretches(faulty)
    read: list[int] = []
    if read_scan is not None and faulty and len(stretches) <= _MOST_CALLS:
        found = await asyncio.gather(*[_stretch(data, stretch, read_scan, limits) for stretch in stretches])
        for stretch, text in zip(stretches, found, strict=True):
            if text:
                # What was there is the scrap that the picture holds too.
                texts = ["" if page in stretch else old for page, old in enumerate(texts, 1)]
                texts[stretch[0] - 1] = text
                read += stretch
    warnings = []
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


def _hidden(words: int) -> str:
    if words == 1:
        return "1 hidden word was left out: people who look at your CV can't see it."
    return f"{words:,} hidden words were left out: people who look at your CV can't see them."


async def _scan(reading: Awaitable[str], limits: Limits, what: str) -> str:
    try:
        async with asyncio.timeout(limits.scan_seconds):
            text = await reading
    except (InterviewError, TimeoutError, OSError) as error:
        raise _scanned(f"{what}, and reading it from the picture did not work.") from error
    if not any(c.isalnum() for c in text):
        raise _scanned(f"{what}, and no text could be found in the picture.")
    return text[:_MOST_SCANNED]


def _scanned(what: str) -> UnreadableCv:
    return UnreadableCv(
        f"{what} Please upload the PDF or DOCX that it was printed from, or start without a CV.", code="cv_scanned"
    )
