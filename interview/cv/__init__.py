"""Reading a CV: a PDF or DOCX in, clean text for the prompt out."""

import asyncio
from collections.abc import Awaitable, Callable

from contract.limits import MAX_CV_BYTES as MAX_BYTES
from interview.cv.kind import kind_of, safe_name
from interview.cv.parsed import Parsed
from interview.cv.process import Limits, parse
from interview.cv.text import clean, cut, join_hyphens
from interview.errors import InterviewError, TooLarge, UnreadableCv
from interview.record import Cv

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "Limits", "ReadScan", "read_cv"]

MAX_CHARACTERS = 6000
# More than a model should ever give back for one CV.
_MOST_SCANNED = 100_000

ReadScan = Callable[[bytes], Awaitable[str]]
"""Reads a scanned PDF and gives its text. An InterviewError, OSError or time-out means cv_scanned for the caller."""


async def read_cv(data: bytes, filename: str, *, read_scan: ReadScan | None = None, limits: Limits = Limits()) -> Cv:  # noqa: B008 - frozen
    """Read a CV of at most MAX_BYTES; its text is cut to MAX_CHARACTERS at the end of a line, and `warning` says so.

    What it is, its content decides. Raises TooLarge (cv_too_large) and UnreadableCv (cv_empty, cv_encrypted,
    cv_damaged, cv_scanned, cv_wrong_type, cv_too_complex) in words for the candidate, Unavailable when no parser can be
    started.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(
            f"This file is larger than {MAX_BYTES // 2**20} MB. Please upload a smaller one, for example with smaller"
            " pictures.",
            code="cv_too_large",
        )
    kind = kind_of(data)
    parsed = await parse(data, kind, limits)
    warnings: list[str] = []
    if parsed.scanned:
        text = clean(await _scan(data, kind == "pdf", read_scan, limits))
        warnings.append("Your CV is a scan; it was read from the picture, which may have mistakes in it.")
    else:
        text = clean(join_hyphens(clean(parsed.text)) if kind == "pdf" else parsed.text)
        if parsed.pages_read < parsed.pages:
            warnings.append(_part(parsed))
    if not any(c.isalnum() for c in text):
        raise UnreadableCv("There is no text in this file. Please choose the file with your CV.", code="cv_empty")
    short = cut(text, MAX_CHARACTERS)
    if len(short) < len(text):
        warnings.append(
            f"Your CV is long: the interviewer sees the first {len(short):,} of its {len(text):,} characters."
        )
    return Cv(
        filename=safe_name(filename, kind),
        pages=parsed.pages,
        characters=len(text),
        text=short,
        truncated=len(short) < len(text),
        warning=" ".join(warnings) or None,
    )


def _part(parsed: Parsed) -> str:
    return f"Only {parsed.pages_read} of the {parsed.pages} pages of your CV were read."


async def _scan(data: bytes, is_pdf: bool, read_scan: ReadScan | None, limits: Limits) -> str:  # noqa: FBT001
    if read_scan is None or not is_pdf:
        raise _scanned("This CV is a scan: a picture, without text in it.")
    try:
        async with asyncio.timeout(limits.scan_seconds):
            text = await read_scan(data)
    except (InterviewError, TimeoutError, OSError) as error:
        raise _scanned("This CV is a scan, and reading it from the picture did not work.") from error
    if not any(c.isalnum() for c in text):
        raise _scanned("This CV is a scan, and no text could be found in the picture.")
    return text[:_MOST_SCANNED]


def _scanned(what: str) -> UnreadableCv:
    return UnreadableCv(
        f"{what} Please upload the PDF or DOCX that it was printed from, or start without a CV.", code="cv_scanned"
    )
