"""CVs as they come in over HTTP: the file, its text as the owner corrects it, and the reading of both."""

import asyncio
from dataclasses import dataclass, replace

from contract.limits import MAX_CV_TEXT, MAX_CVS
from interview import cost, log
from interview.api.backends import Backends
from interview.api.body import Form, Upload, read_form
from interview.api.client_address import client_address
from interview.api.cv_outline import outline
from interview.api.message import Request, Response, answer_json
from interview.api.scans import scan_reader
from interview.cv import MAX_BYTES, Scans, corrected, read_cv
from interview.cv.kind import kept_as
from interview.errors import InterviewError, Invalid, TooManyRequests
from interview.record import Cv
from interview.usage import Meter


@dataclass(frozen=True, slots=True)
class CvFile:
    """An uploaded CV, with the extension and the content type under which it is stored, and its owner's text if any."""

    upload: Upload
    extension: str
    content_type: str
    text: str | None = None


async def preview_cv(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/read-cv`: what `start` would read of a CV. Nothing is kept, and no model is asked.

    Where a model reads pictures, a CV that is one has no text yet, and a warning that says so. Raises TooManyRequests
    when one network has had `MAX_CVS` times as many CVs read as it may start interviews.
    """
    await _count_reading(request, backends)
    file = required_cv_file(await read_form(request, max_file_bytes=MAX_BYTES))
    scans: Scans = "later" if backends.text_model and not backends.settings.gemini.embedded else None
    return answer_json({"cv": outline(await read_cv(file.upload.data, file.upload.filename, read_scan=scans))})


async def _count_reading(request: Request, backends: Backends) -> None:
    settings = backends.settings
    network = f"read-cv {client_address(request, forwarded=settings.forwarded)}"
    try:
        await backends.store.count_start(network, backends.clock(), hourly=MAX_CVS * settings.limits.hourly)
    except TooManyRequests as error:
        detail = (
            "Your network has had too many CVs read within an hour. Start without this preview, or try again later."
        )
        raise TooManyRequests(detail, retry_after=error.retry_after) from None


def cv_file(form: Form) -> CvFile | None:
    """The CV in a form. A file of another type is refused here, before anything is created. Raises Invalid."""
    if "cv_file" in form.fields and form.fields["cv_file"].strip():
        raise Invalid("cv_file must be a file in a multipart form.", code="invalid_cv_file", field="cv_file")
    upload = form.files.get("cv_file")
    given = form.fields.get("cv_text", "")
    text = checked_text(given, field="cv_text") if given.strip() else None
    if upload is None and text is not None:
        raise Invalid("cv_text corrects a CV: send it with its cv_file.", code="invalid_cv_text", field="cv_text")
    return CvFile(upload, *kept_as(upload.data), text) if upload else None


def required_cv_file(form: Form) -> CvFile:
    """The same where there must be one; a text that comes with it counts for a start only."""
    file = cv_file(form)
    if file is None:
        raise Invalid("Send the CV as the file cv_file of a multipart form.", code="invalid_cv_file", field="cv_file")
    return replace(file, text=None)


def checked_text(text: str, *, field: str) -> str:
    """A CV's text from its owner, without the blanks around it. Raises Invalid for `field`."""
    text = text.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= MAX_CV_TEXT:
        detail = f"The CV's text must have 1 to {MAX_CV_TEXT:,} characters; this has {len(text):,}."
        raise Invalid(detail, code="invalid_cv_text", field=field)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid("The CV's text contains half of a surrogate pair.", code="invalid_cv_text", field=field) from None
    return text


async def store_cv(file: CvFile, stem: str, backends: Backends, meter: Meter, spent: float = 0.0) -> Cv:
    """Read a CV and store its original concurrently. When either fails, the stored file is deleted.

    `stem` begins with the interview's id, and the interview has cost `spent` dollars before. `meter` gets the tokens of
    a scan. No model reads a scan whose text the owner has written.
    """
    name = f"{stem}.{file.extension}"
    session_id = stem.partition("/")[0]
    read_scan = scan_reader(session_id, backends, meter, spent)
    scans: Scans = "later" if file.text is not None and read_scan else read_scan
    # Neither is cancelled when the other fails: an abandoned write could still arrive after the file was deleted.
    cv, kept = await asyncio.gather(
        _read(file, scans),
        backends.files.put(name, file.upload.data, file.content_type),
        return_exceptions=True,
    )
    cost.write(session_id, text=meter.total)
    if isinstance(cv, BaseException):
        await delete_cv_file(name, backends, session_id)
        raise cv
    if isinstance(kept, BaseException):
        await delete_cv_file(name, backends, session_id)
        raise kept
    return replace(cv, object=name)


async def delete_cv_file(name: str, backends: Backends, session_id: str) -> None:
    """Delete a file that is in no record. If this fails, the retention of the files deletes it."""
    try:
        await backends.files.delete(name)
    except InterviewError as error:
        log.failure("file_not_deleted", error, session_id=session_id)


async def _read(file: CvFile, scans: Scans) -> Cv:
    cv = await read_cv(file.upload.data, file.upload.filename, read_scan=scans)
    return cv if file.text is None else corrected(cv, file.text)
