"""Reading a CV: a file in, clean text for the prompt out, with what could not be read and what was left out."""

from dataclasses import dataclass, replace

from contract.limits import MAX_CV_BYTES as MAX_BYTES
from contract.limits import MAX_CV_TEXT as MAX_CHARACTERS
from interview.cv.kind import Kind, kind_of, picture_of, safe_name
from interview.cv.process import Limits, parse
from interview.cv.scan import WHEN_IT_STARTS, ReadScan, Scans, read_pages, read_picture, read_pictures, read_scanned
from interview.cv.sections import shorten
from interview.cv.text import clean, join_hyphens
from interview.errors import TooLarge, UnreadableCv
from interview.record import Cv

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "Limits", "ReadScan", "Scans", "corrected", "read_cv"]


@dataclass(frozen=True, slots=True)
class _Text:
    """A document's text before it is shortened, and what the candidate is to know about it."""

    text: str
    pages: int
    warnings: tuple[str, ...] = ()
    hidden_words: int = 0


async def read_cv(data: bytes, filename: str, *, read_scan: Scans = None, limits: Limits = Limits()) -> Cv:  # noqa: B008 - frozen
    """Read a CV of at most MAX_BYTES; its text is shortened to MAX_CHARACTERS, and `warnings` say what is amiss.

    The content decides what kind of file it is. If pictures are to be read later, the text may be empty, and a warning
    says so. Raises TooLarge (cv_too_large) and UnreadableCv (cv_empty, cv_encrypted, cv_damaged, cv_scanned,
    cv_wrong_type, cv_too_complex) with a sentence for the candidate, Unavailable when no parser can be started or too
    many files are being read.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(
            f"This file is larger than {MAX_BYTES // 2**20} MB. Please upload a smaller one, for example with smaller"
            " pictures.",
            code="cv_too_large",
        )
    kind = kind_of(data)
    if kind == "picture":
        text, warnings = await read_picture(data, read_scan, limits)
        found = _Text(text, 1, tuple(warnings))
        ending = getattr(picture_of(data), "ending", "pdf")
    else:
        found = await _read_document(data, kind, read_scan, limits)
        ending = "txt" if kind == "text" else kind
    if not any(c.isalnum() for c in found.text) and not any(map(_for_later, found.warnings)):
        raise UnreadableCv("There is no text in this file. Please choose the file with your CV.", code="cv_empty")
    return _cv(safe_name(filename, ending), found)


def corrected(cv: Cv, text: str) -> Cv:
    """The CV with the text that the candidate made of it, at most MAX_CHARACTERS. Raises UnreadableCv (cv_empty)."""
    text = clean(text)
    if not any(c.isalnum() for c in text):
        raise UnreadableCv("There is no text in this CV. Write something, or start without a CV.", code="cv_empty")
    # Nothing is cut any longer, and nothing left to be read: the candidate has decided what stands there.
    warnings = cv.warnings[:-1] if cv.truncated else cv.warnings
    warnings = tuple(warning for warning in warnings if not _for_later(warning))
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


async def _read_document(data: bytes, kind: Kind, scans: Scans, limits: Limits) -> _Text:
    parsed = await parse(data, kind, limits)
    if parsed.scanned and kind == "pdf":
        text, warnings = await read_scanned(data, parsed, scans, limits)
        return _Text(text, parsed.pages, tuple(warnings))
    if parsed.scanned:
        text, warnings = await read_pictures(data, scans, limits)
        return _Text(text, parsed.pages, tuple(warnings))
    warnings = []
    texts = [clean(text) for text in parsed.texts]
    if parsed.unreadable:
        texts, warnings = await read_pages(data, parsed, texts, scans, limits)
    whole = "\n\n".join(text for text in texts if text)
    text = clean(join_hyphens(whole)) if kind == "pdf" else whole
    if parsed.links:
        text = f"{text}\n\nLinks: {', '.join(parsed.links)}"
    if parsed.pages_read < parsed.pages and kind == "pdf":
        warnings.append(f"Only {parsed.pages_read} of the {parsed.pages} pages of your CV were read.")
    if parsed.hidden_words:
        warnings.append(_hidden(parsed.hidden_words))
    return _Text(text, parsed.pages, tuple(warnings), parsed.hidden_words)


def _for_later(warning: str) -> bool:
    return warning.endswith(WHEN_IT_STARTS)


def _hidden(words: int) -> str:
    if words == 1:
        return "1 hidden word was left out: people who look at your CV can't see it."
    return f"{words:,} hidden words were left out: people who look at your CV can't see them."
