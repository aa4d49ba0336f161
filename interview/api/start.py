"""Starting an interview; replacing its CV before it begins, and its avatar conversation."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from contract.limits import MAX_CVS
from interview import log, prices
from interview.admission import ledger
from interview.api.app_check import HEADER as APP_CHECK_HEADER
from interview.api.authorisation import authorised, owned
from interview.api.avatar import avatar_room, create_avatar
from interview.api.backends import Backends
from interview.api.body import JSON_BYTES, read_form, read_json
from interview.api.choices import NUMBERS, Choices
from interview.api.client_address import client_address
from interview.api.cv import checked_text, cv_file, delete_cv_file, preview_cv, required_cv_file, store_cv
from interview.api.cv_outline import outline
from interview.api.message import Request, Response, answer_json
from interview.api.places import release_place
from interview.api.routes import Route
from interview.api.start_request import StartRequest, parse
from interview.api.voice_sample import voice_sample
from interview.avatar import Creation
from interview.clock import moment
from interview.cv import MAX_BYTES, corrected
from interview.errors import AlreadyEnded, Closed, Conflict, Forbidden, Invalid, NotFound
from interview.prompt import build_prompt, questions_of
from interview.record import Cv, Interview, Turn, thinking_allowance
from interview.report import Rubric
from interview.token import hash_token, new_session_id, new_token, same
from interview.usage import Meter, Usage


async def start(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/start`: create an interview, and return the addresses of its stream and its room.

    Nothing is read or created before the interview is admitted. The CV is read while the avatar is created, so start
    takes as long as the slower of them. When it fails, everything that it created is removed.
    """
    form = await read_form(request, max_file_bytes=MAX_BYTES, numbers=NUMBERS)
    wanted = parse(form, backends.settings)
    file = cv_file(form)
    if backends.check_page:
        await backends.check_page(request.headers.get(APP_CHECK_HEADER, ""))
    session_id, token = new_session_id(), new_token()
    created_at = backends.clock()
    await _admit(request, wanted, session_id, created_at, backends)
    creation: Creation | None = None
    cv: Cv | None = None
    meter = Meter()
    try:
        earlier = await _earlier(wanted, backends)
        asked = await backends.store.turns(earlier.session_id) if earlier else []
        question = _question(wanted.choices, asked)
        creation = _begin_avatar(wanted, session_id, backends)
        cv = await store_cv(file, f"{session_id}/cv", backends, meter) if file else _cv_of(earlier)
        choices = wanted.choices
        interview = Interview(
            session_id=session_id,
            skill_topic=wanted.skill_topic,
            level=wanted.level,
            language=wanted.language,
            job_description=wanted.job_description,
            status="ready",
            token_sha256=hash_token(token),
            prompt="",
            max_duration_seconds=choices.max_duration_seconds,
            created_at=created_at,
            expires_at=created_at + timedelta(days=backends.settings.retention_days),
            cv=cv,
            avatar=creation.avatar if creation else None,
            usage=Usage(text=meter.total),
            cvs=1 if file else 0,
            rubric=_rubric_of(earlier, wanted),
            retake_of=earlier.session_id if earlier else None,
            question=question,
            minutes=choices.minutes,
            voice=choices.voice,
            speech_rate=choices.speech_rate,
            extra_time=choices.extra_time,
        )
        interview = replace(interview, prompt=_prompt(interview, cv, questions_of(asked), backends))
        await backends.store.create(interview)
        room = await avatar_room(creation)
    except BaseException:
        if creation:
            await creation.cancel()
        if cv and cv.object:
            await delete_cv_file(cv.object, backends, session_id)
        await release_place(session_id, backends.store)
        raise
    log.write("INFO", "interview_created", session_id=session_id)
    return answer_json(
        {
            "session_id": session_id,
            "session_token": token,
            "status": interview.status,
            **_streams(session_id, backends),
            **room.answer,
            "cv": outline(cv),
            "max_duration_seconds": interview.max_duration_seconds,
            "expires_at": moment(interview.expires_at),
        },
        status=201,
    )


async def upload_cv(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/{session_id}/upload-cv`: replace the CV and the prompt until the interview is live."""
    interview = await authorised(request, backends)
    _still_ready(interview)
    file = required_cv_file(await read_form(request, max_file_bytes=MAX_BYTES))
    await backends.store.count_cv(interview.session_id, MAX_CVS)
    earlier_questions = await _questions_before(interview, backends)
    # Under a name of its own: if this fails, the CV before it stays.
    meter = Meter()
    stem = f"{interview.session_id}/cv-{secrets.token_hex(4)}"
    cv = await store_cv(file, stem, backends, meter, prices.dollars(interview.usage))
    try:
        await backends.store.attach_cv(interview.session_id, cv, _prompt(interview, cv, earlier_questions, backends))
        if meter.total.calls:
            await backends.store.count_text(interview.session_id, meter.total)
    except Exception:
        if cv.object:
            await delete_cv_file(cv.object, backends, interview.session_id)
        raise
    if interview.cv and interview.cv.object:
        await delete_cv_file(interview.cv.object, backends, interview.session_id)
    return answer_json({"cv": outline(cv)})


async def put_cv_text(request: Request, backends: Backends) -> Response:
    """`PUT /api/interview/{session_id}/cv-text`: replace the CV's text with the owner's until the interview is live."""
    interview = await authorised(request, backends)
    _still_ready(interview)
    text = await _cv_text(request)
    if interview.cv is None:
        raise Conflict("There is no CV to correct. Upload one first.", code="no_cv")
    cv = corrected(interview.cv, text)
    earlier_questions = await _questions_before(interview, backends)
    await backends.store.attach_cv(interview.session_id, cv, _prompt(interview, cv, earlier_questions, backends))
    return answer_json({"cv": outline(cv)})


ROUTES = (
    Route("POST", "/api/interview/start", start),
    Route("POST", "/api/interview/read-cv", preview_cv),
    Route("GET", "/api/interview/voice-sample", voice_sample),
    Route("POST", "/api/interview/{session_id}/upload-cv", upload_cv),
    Route("PUT", "/api/interview/{session_id}/cv-text", put_cv_text),
    Route("POST", "/api/interview/{session_id}/avatar", create_avatar),
)


async def _admit(request: Request, wanted: StartRequest, session_id: str, at: datetime, backends: Backends) -> None:
    """Take a place for the interview. Raises Closed, TooManyRequests, AtCapacity; Forbidden without the start code.

    A start for which there is no place does not count: trying again every minute must not use up the starts. A start
    with a wrong code counts, so that nobody can try many codes.
    """
    limits, store = backends.settings.limits, backends.store
    invited = limits.invite_code is not None and same(wanted.invite, limits.invite_code)
    switch, present = await asyncio.gather(store.switch(), store.admissions())
    if not switch.open:
        raise Closed(switch.message or "No interviews are held at present. Please come back later.")
    ledger.check(present, at, limits=limits, invited=invited)
    address = client_address(request, forwarded=backends.settings.forwarded)
    client = await store.count_start(address, at, hourly=limits.hourly)
    if limits.start_code and not same(wanted.start_code, limits.start_code):
        detail = "That start code isn't right." if wanted.start_code else "A start code is needed here."
        raise Forbidden(f"{detail} Ask the person who sent you here for it.", code="start_code")
    await store.admit(session_id, client=client, at=at, until=at + ledger.UNBEGUN, limits=limits, invited=invited)


async def _earlier(wanted: StartRequest, backends: Backends) -> Interview | None:
    """The interview that is to be retaken. Raises NotFound for a wrong id or token."""
    if not (wanted.retake_session_id or wanted.retake_token):
        return None
    earlier = await owned(wanted.retake_session_id, wanted.retake_token, backends)
    if earlier.sealed_at:
        raise NotFound
    return earlier


def _cv_of(earlier: Interview | None) -> Cv | None:
    """The text of the earlier interview's CV. Its file stays with that interview and is deleted with it."""
    return replace(earlier.cv, object=None) if earlier and earlier.cv else None


def _rubric_of(earlier: Interview | None, wanted: StartRequest) -> Rubric | None:
    """The rubric of the earlier interview, if this one is about the same."""
    same_subject = earlier and (earlier.skill_topic, earlier.level) == (wanted.skill_topic, wanted.level)
    return earlier.rubric if earlier and same_subject else None


def _question(choices: Choices, turns: Sequence[Turn]) -> str | None:
    """The question that is practised alone. Raises Invalid if that turn asks none."""
    if choices.question is None:
        return None
    asked = questions_of(turn for turn in turns if turn.number == choices.question)
    if not asked:
        detail = "That turn of the earlier interview has no question of the interviewer's."
        raise Invalid(detail, code="invalid_retake_question", field="retake_question")
    return asked[-1]


async def _questions_before(interview: Interview, backends: Backends) -> tuple[str, ...]:
    """The questions of the interview that this one retakes; none once that is deleted."""
    return questions_of(await backends.store.turns(interview.retake_of)) if interview.retake_of else ()


async def _cv_text(request: Request) -> str:
    content = await read_json(request, JSON_BYTES)
    text = content.get("text") if isinstance(content, dict) else None
    if not isinstance(text, str):
        raise Invalid('Send the text as JSON: {"text": "..."}.', code="invalid_cv_text", field="text")
    return checked_text(text, field="text")


def _begin_avatar(wanted: StartRequest, session_id: str, backends: Backends) -> Creation | None:
    """Begin to create an avatar, if one is configured and the candidate wants it."""
    if backends.avatars is None or not backends.settings.tavus.configured or wanted.output != "avatar":
        return None
    seconds = wanted.choices.max_duration_seconds
    return backends.avatars.create(session_id, round(seconds + thinking_allowance(seconds)))


def _still_ready(interview: Interview) -> None:
    if interview.over:
        raise AlreadyEnded("The interview is over; its CV can't be changed.")
    if interview.status != "ready":
        raise Conflict("The interview has begun; its CV can't be changed.", code="already_live")


def _prompt(interview: Interview, cv: Cv | None, earlier_questions: Sequence[str], backends: Backends) -> str:
    return build_prompt(
        skill_topic=interview.skill_topic,
        level=interview.level,
        language=interview.language,
        cv=cv,
        job_description=interview.job_description,
        minutes=interview.minutes or backends.settings.interview_minutes,
        earlier_questions=earlier_questions,
        question=interview.question,
        speech_rate=interview.speech_rate,
        extra_time=interview.extra_time,
    )


def _streams(session_id: str, backends: Backends) -> dict[str, Any]:
    """The stream's address, and with several relays all its addresses, for a caller that uses the nearest."""
    urls = [f"{relay}/api/interview/{session_id}/stream" for relay in backends.settings.relay_urls]
    return {"stream_url": urls[0], **({"stream_urls": urls} if len(urls) > 1 else {})}
