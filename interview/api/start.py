"""Starting an interview, giving it another CV before it begins, and another avatar."""

import asyncio
import re
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from interview import log
from interview.api.access import authorised
from interview.api.avatar import face_of, open_avatar
from interview.api.deps import Deps
from interview.api.form import JSON_BYTES, Form, Upload, read_form, read_json
from interview.api.message import Request, Response, answer_json
from interview.api.routes import Route
from interview.avatar import Attempt
from interview.clock import moment
from interview.cv import MAX_BYTES, MAX_CHARACTERS, corrected, read_cv
from interview.cv.kind import kept_as, kind_of
from interview.errors import AlreadyEnded, Conflict, InterviewError, Invalid
from interview.prompt import build_prompt
from interview.record import LEVELS, OUTPUTS, Cv, Interview, Level, Output
from interview.token import hash_token, new_session_id, new_token

MAX_TOPIC = 500
MAX_JOB_DESCRIPTION = 10_000
DEFAULT_LEVEL: Level = "intermediate"
DEFAULT_LANGUAGE = "en-US"
DEFAULT_OUTPUT: Output = "avatar"

# RFC 5646's `langtag`, of a length that means a language and not a message.
_MAX_LANGUAGE = 35
_LANGUAGE = re.compile(
    r"([a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4,8})"  # language
    r"(-[a-z]{4})?(-([a-z]{2}|\d{3}))?"  # script, region
    r"(-([a-z\d]{5,8}|\d[a-z\d]{3}))*(-[a-wyz\d](-[a-z\d]{2,8})+)*(-x(-[a-z\d]{1,8})+)?",  # variants, extensions
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the candidate asks to be interviewed about, and whether by somebody to look at."""

    skill_topic: str
    level: Level
    language: str
    job_description: str | None
    output: Output = DEFAULT_OUTPUT


async def start(request: Request, deps: Deps) -> Response:
    """`POST /api/interview/start`: read the wish and the CV, keep both, and say where the interview takes place.

    CV, avatar and record are had side by side: start takes as long as the slowest of them. When it fails, nothing of it
    stays.
    """
    form = await read_form(request, max_file_bytes=MAX_BYTES)
    wish = _wish(form)
    upload = _upload(form)
    if upload:
        kind_of(upload.data)  # what is refused at sight is refused before an avatar costs money
    session_id, token = new_session_id(), new_token()
    created_at = deps.clock()
    attempt = _attempt(wish, session_id, deps)
    cv: Cv | None = None
    try:
        cv = await _take_in(upload, f"{session_id}/cv", deps) if upload else None
        interview = Interview(
            session_id=session_id,
            skill_topic=wish.skill_topic,
            level=wish.level,
            language=wish.language,
            job_description=wish.job_description,
            status="ready",
            token_sha256=hash_token(token),
            prompt=_prompt(wish, cv, deps),
            max_duration_seconds=_max_duration_seconds(deps),
            created_at=created_at,
            expires_at=created_at + timedelta(days=deps.settings.retention_days),
            cv=cv,
            avatar=attempt.avatar if attempt else None,
        )
        await deps.store.create(interview)
        face = await face_of(attempt)
    except BaseException:
        if attempt:
            await attempt.undo()
        if cv and cv.object:
            await _forget(cv.object, deps, session_id)
        raise
    log.write("INFO", "Interview created", session_id=session_id)
    return answer_json(
        {
            "session_id": session_id,
            "session_token": token,
            "status": interview.status,
            **_streams(session_id, deps),
            **face.answer,
            "cv": outline(cv),
            "max_duration_seconds": interview.max_duration_seconds,
            "expires_at": moment(interview.expires_at),
        },
        status=201,
    )


async def upload_cv(request: Request, deps: Deps) -> Response:
    """`POST /api/interview/{session_id}/upload-cv`: another CV, and the prompt that goes with it, until it is live."""
    interview = await authorised(request, deps)
    _still_ready(interview)
    form = await read_form(request, max_file_bytes=MAX_BYTES)
    upload = _upload(form)
    if upload is None:
        raise Invalid("Send the CV as the file cv_file of a multipart form.", code="invalid_cv_file", field="cv_file")
    # Under a name of its own: should this fail on the way, the CV before it stays as it was.
    cv = await _take_in(upload, f"{interview.session_id}/cv-{secrets.token_hex(4)}", deps)
    wish = _Wish(interview.skill_topic, interview.level, interview.language, interview.job_description)
    try:
        await deps.store.attach_cv(interview.session_id, cv, _prompt(wish, cv, deps))
    except Exception:
        if cv.object:
            await _forget(cv.object, deps, interview.session_id)
        raise
    if interview.cv and interview.cv.object:
        await _forget(interview.cv.object, deps, interview.session_id)
    return answer_json({"cv": outline(cv)})


async def put_cv_text(request: Request, deps: Deps) -> Response:
    """`PUT /api/interview/{session_id}/cv-text`: the CV's text as its owner corrects it, until it is live."""
    interview = await authorised(request, deps)
    _still_ready(interview)
    text = await _cv_text(request)
    if interview.cv is None:
        raise Conflict("There is no CV to correct. Upload one first.", code="no_cv")
    cv = corrected(interview.cv, text)
    wish = _Wish(interview.skill_topic, interview.level, interview.language, interview.job_description)
    await deps.store.attach_cv(interview.session_id, cv, _prompt(wish, cv, deps))
    return answer_json({"cv": outline(cv)})


ROUTES = (
    Route("POST", "/api/interview/start", start),
    Route("POST", "/api/interview/{session_id}/upload-cv", upload_cv),
    Route("PUT", "/api/interview/{session_id}/cv-text", put_cv_text),
    Route("POST", "/api/interview/{session_id}/avatar", open_avatar),
)


def _wish(form: Form) -> _Wish:
    # Browsers send every line break of a form as two characters; nobody typed the first.
    given = {name: value.replace("\r\n", "\n").strip() for name, value in form.fields.items()}
    topic, job_description = given.get("skill_topic", ""), given.get("job_description", "")
    level, language = given.get("level") or DEFAULT_LEVEL, given.get("language") or DEFAULT_LANGUAGE
    if not 1 <= len(topic) <= MAX_TOPIC:
        detail = f"skill_topic must have 1 to {MAX_TOPIC} characters; this has {len(topic)}."
        raise Invalid(detail, code="invalid_skill_topic", field="skill_topic")
    if level not in LEVELS:
        raise Invalid(f"level must be one of {', '.join(LEVELS)}.", code="invalid_level", field="level")
    if len(job_description) > MAX_JOB_DESCRIPTION:
        detail = f"job_description may have {MAX_JOB_DESCRIPTION} characters; this has {len(job_description)}."
        raise Invalid(detail, code="invalid_job_description", field="job_description")
    output = given.get("output") or DEFAULT_OUTPUT
    if output not in OUTPUTS:
        raise Invalid(f"output must be one of {', '.join(OUTPUTS)}.", code="invalid_output", field="output")
    if len(language) > _MAX_LANGUAGE or not _LANGUAGE.fullmatch(language):
        detail = "language must be a BCP-47 tag such as en-US or pt-BR."
        raise Invalid(detail, code="invalid_language", field="language")
    return _Wish(topic, level, language, job_description or None, output)


async def _cv_text(request: Request) -> str:
    content = await read_json(request, JSON_BYTES)
    text = content.get("text") if isinstance(content, dict) else None
    if not isinstance(text, str):
        raise Invalid('Send the text as JSON: {"text": "..."}.', code="invalid_cv_text", field="text")
    text = text.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= MAX_CHARACTERS:
        detail = f"The CV's text must have 1 to {MAX_CHARACTERS:,} characters; this has {len(text):,}."
        raise Invalid(detail, code="invalid_cv_text", field="text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid("The CV's text holds half of a character.", code="invalid_cv_text", field="text") from None
    return text


def _attempt(wish: _Wish, session_id: str, deps: Deps) -> Attempt | None:
    """An avatar on its way, where there is one to be had and the candidate wants it."""
    if deps.avatars is None or not deps.settings.tavus.configured or wish.output != "avatar":
        return None
    return deps.avatars.attempt(session_id, _max_duration_seconds(deps))


def _upload(form: Form) -> Upload | None:
    if "cv_file" in form.fields and form.fields["cv_file"].strip():
        raise Invalid("cv_file must be a file in a multipart form.", code="invalid_cv_file", field="cv_file")
    return form.files.get("cv_file")


async def _take_in(upload: Upload, stem: str, deps: Deps) -> Cv:
    """Read a CV and keep its original, side by side. When either fails, nothing of it stays."""
    ending, content_type = kept_as(upload.data)
    name = f"{stem}.{ending}"
    read_scan = deps.text_model.read_scan if deps.text_model else None
    # Both come to their end whatever becomes of the other: a write that was merely abandoned could still arrive after
    # the clearing up.
    cv, kept = await asyncio.gather(
        read_cv(upload.data, upload.filename, read_scan=read_scan),
        deps.files.put(name, upload.data, content_type),
        return_exceptions=True,
    )
    if isinstance(cv, BaseException):
        await _forget(name, deps, stem.partition("/")[0])
        raise cv
    if isinstance(kept, BaseException):
        await _forget(name, deps, stem.partition("/")[0])
        raise kept
    return replace(cv, object=name)


async def _forget(name: str, deps: Deps, session_id: str) -> None:
    """Delete a file that no record names. What can't be deleted now goes with the files' own time limit."""
    try:
        await deps.files.delete(name)
    except InterviewError as error:
        log.failure("A file without a record is left over", error, session_id=session_id)


def _still_ready(interview: Interview) -> None:
    if interview.over:
        raise AlreadyEnded("The interview is over; its CV stays as it is.")
    if interview.status != "ready":
        raise Conflict("The interview has begun; its CV stays as it is.", code="already_live")


def _prompt(wish: _Wish, cv: Cv | None, deps: Deps) -> str:
    return build_prompt(
        skill_topic=wish.skill_topic,
        level=wish.level,
        language=wish.language,
        cv=cv,
        job_description=wish.job_description,
        minutes=deps.settings.interview_minutes,
    )


def _streams(session_id: str, deps: Deps) -> dict[str, Any]:
    """Where the interview takes place, and every place where it could, for a caller that takes the nearest."""
    urls = [f"{relay}/api/interview/{session_id}/stream" for relay in deps.settings.relay_urls]
    return {"stream_url": urls[0], **({"stream_urls": urls} if len(urls) > 1 else {})}


def _max_duration_seconds(deps: Deps) -> int:
    return round(deps.settings.interview_minutes * 60)


def outline(cv: Cv | None) -> dict[str, Any] | None:
    """What the owner sees of the CV that was read."""
    if cv is None:
        return None
    return {
        "filename": cv.filename,
        "pages": cv.pages,
        "characters": cv.characters,
        "truncated": cv.truncated,
        "warning": cv.warning,
        "warnings": list(cv.warnings) or ([cv.warning] if cv.warning else []),
        "hidden_words": cv.hidden_words,
        "text": cv.text,
    }
