"""Ending an interview with its summary, and deleting it."""

import asyncio
from dataclasses import asdict
from datetime import timedelta

from interview import log, usage
from interview.api.authorisation import authorised
from interview.api.avatar import close_avatar, delete_avatars, receive_tavus_event
from interview.api.backends import Backends
from interview.api.message import Request, Response, answer_json
from interview.api.places import charge, release_place
from interview.api.read import read_interview, read_openapi, read_report, read_transcript
from interview.api.routes import Route
from interview.api.sweep import sweep_over_http
from interview.assessment import assess
from interview.clock import moment
from interview.errors import ModelRefused, ModelUnavailable
from interview.record import Interview
from interview.usage import Meter

FLUSH_SECONDS = 3.0
"""How long an end waits for the relay to write the last turns. It learns of the end within a second."""
FLUSH_POLL_SECONDS = 0.1
RETRY_SECONDS = 10
"""When to retry after the model could not write the summary."""
REFUSED_RETRY_SECONDS = 300
"""When to retry after the model refused us: an operator has to act first."""


async def end(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/{session_id}/end`: end the interview if it has not ended, and return its summary.

    Concurrent calls share one call to the model within this instance. Across instances the first summary in the store
    counts, and every caller gets that one.
    """
    interview = await authorised(request, backends)
    return await backends.ends.run(interview.session_id, lambda: _finish(interview, backends))


async def _finish(interview: Interview, backends: Backends) -> Response:
    """End the interview, its avatar conversation and its summary, on the record that `authorised` has read.

    The record is read again only where another writer may have changed it: by `store.end`, unless it is over already,
    and by `store.save_summary` after the call to the model.
    """
    if not interview.over:
        interview = await backends.store.end(interview.session_id, "candidate", backends.clock())
    closing = asyncio.gather(close_avatar(interview, backends), release_place(interview.session_id, backends.store))
    try:
        await _flushed(interview, backends)
        return await _summarise(interview, backends)
    finally:
        await closing


async def _flushed(interview: Interview, backends: Backends) -> None:
    """Wait until the relay has written the last turns: a completed interview takes no more. A relay may be dead."""
    deadline = asyncio.get_running_loop().time() + FLUSH_SECONDS
    while interview.summary is None and interview.live.held and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(FLUSH_POLL_SECONDS)
        interview = await backends.store.get(interview.session_id)


async def _summarise(interview: Interview, backends: Backends) -> Response:
    if interview.summary is not None:
        return _completed_answer(interview)
    session_id = interview.session_id
    turns = await backends.store.turns(session_id)
    meter = Meter()
    model = backends.text_model.counted(meter.add) if backends.text_model else None
    try:
        summary = (await assess(interview, turns, model)).summary
    except ModelUnavailable as error:
        log.failure("summary_failed", error, session_id=session_id)
        if meter.total.calls:
            await backends.store.count_text(session_id, meter.total)
        wait = REFUSED_RETRY_SECONDS if isinstance(error, ModelRefused) else RETRY_SECONDS
        content = {"session_id": session_id, "status": "summary_pending", "retry_after_seconds": wait}
        return answer_json(content, status=202, headers={"retry-after": str(wait)})
    finally:
        usage.write(session_id, text=meter.total)
    completed = await backends.store.save_summary(session_id, summary, meter.total)
    await charge(completed, backends.clock(), backends.store)
    return _completed_answer(completed)


async def delete(request: Request, backends: Backends) -> Response:
    """`DELETE /api/interview/{session_id}`: delete the interview, and list what was deleted.

    The record is sealed first: from then on no relay, upload or webhook adds anything. It goes last: if a step before
    fails, the record with the caller's token still exists, so the call can be repeated. The files are looked through
    twice, for an upload that was under way at the seal. A later one finds the record sealed, and removes its file. A
    conversation that Tavus does not delete is not an error; the answer lists it.
    """
    interview = await authorised(request, backends)
    interview = await backends.store.seal(interview.session_id, backends.clock())
    deleting_avatars = asyncio.create_task(delete_avatars(interview, backends))
    try:
        files = await backends.files.delete(f"{interview.session_id}/")
    finally:
        avatars, avatars_left = await deleting_avatars
    files += await backends.files.delete(f"{interview.session_id}/")
    await backends.store.forget_place(interview.session_id)
    turns = await backends.store.delete(interview.session_id)
    log.write("INFO", "interview_deleted", session_id=interview.session_id)
    deleted_at, backup_days = backends.clock(), backends.settings.backup_days
    return answer_json(
        {
            "session_id": interview.session_id,
            "deleted": {
                "store": {"interview": 1, "turns": turns},
                "files": sorted(files),
                "avatar": avatars,
            },
            "not_deleted": {"avatar": avatars_left},
            "deleted_at": moment(deleted_at),
            "backups_until": moment(deleted_at + timedelta(days=backup_days)) if backup_days else None,
        }
    )


ROUTES = (
    Route("POST", "/api/interview/sweep", sweep_over_http),
    Route("POST", "/api/interview/hooks/tavus/{secret}", receive_tavus_event),
    Route("POST", "/api/interview/{session_id}/end", end),
    Route("GET", "/api/interview/{session_id}/transcript", read_transcript),
    Route("GET", "/api/interview/{session_id}/report", read_report),
    Route("GET", "/api/interview/{session_id}", read_interview),
    Route("DELETE", "/api/interview/{session_id}", delete),
    Route("GET", "/api/openapi.json", read_openapi),
)


def _completed_answer(interview: Interview) -> Response:
    return answer_json(
        {
            "session_id": interview.session_id,
            "status": "completed",
            "ended_reason": interview.ended_reason,
            "duration_seconds": interview.duration_seconds or 0,
            "summary": interview.summary and asdict(interview.summary),
        }
    )
