"""Ending an interview into its summary, and deleting it."""

import asyncio
from dataclasses import asdict

from interview import log
from interview.api.access import authorised
from interview.api.avatar import close_avatar, forget_avatar, hear_tavus
from interview.api.deps import Deps
from interview.api.message import Request, Response, answer_json
from interview.api.read import read_interview, read_openapi, read_transcript
from interview.api.routes import Route
from interview.api.sweep import sweep_over_http
from interview.clock import moment
from interview.errors import ModelRefused, ModelUnavailable
from interview.record import Interview
from interview.summary import write_summary

RETRY_SECONDS = 10
"""When to ask again for a summary that the model could not write this time."""
REFUSED_RETRY_SECONDS = 300
"""The same when the model refuses us: somebody has to mend that first."""


async def end(request: Request, deps: Deps) -> Response:
    """`POST /api/interview/{session_id}/end`: end it if it has not ended, and give its summary, written now if need be.

    Calls at the same moment share one call to the model, at least within this instance; across instances the first
    summary in the store counts, and every caller gets that one.
    """
    interview = await authorised(request, deps)
    return await deps.endings.run(interview.session_id, lambda: _finish(interview, deps))


async def _finish(interview: Interview, deps: Deps) -> Response:
    """End the interview, its avatar conversation and its summary, on the record that `authorised` has read.

    The record is read again only where another writer may have changed it: by `store.end`, unless it is over already,
    and by `store.save_summary` after the call to the model.
    """
    if not interview.over:
        interview = await deps.store.end(interview.session_id, "candidate", deps.clock())
    closing = asyncio.create_task(close_avatar(interview, deps))
    try:
        return await _sum_up(interview, deps)
    finally:
        await closing


async def _sum_up(interview: Interview, deps: Deps) -> Response:
    if interview.summary is not None:
        return _completed(interview)
    session_id = interview.session_id
    turns = await deps.store.turns(session_id)
    try:
        summary = await write_summary(interview, turns, deps.text_model)
    except ModelUnavailable as error:
        log.failure("The summary has to wait", error, session_id=session_id)
        wait = REFUSED_RETRY_SECONDS if isinstance(error, ModelRefused) else RETRY_SECONDS
        content = {"session_id": session_id, "status": "summary_pending", "retry_after_seconds": wait}
        return answer_json(content, status=202, headers={"retry-after": str(wait)})
    return _completed(await deps.store.save_summary(session_id, summary))


async def delete(request: Request, deps: Deps) -> Response:
    """`DELETE /api/interview/{session_id}`: delete everything of it, and say what that was.

    Files first: should they fail, the record and with it the caller's token are still there to try again. What the
    avatar's provider does not delete holds nothing up; the receipt names it.
    """
    interview = await authorised(request, deps)
    forgetting = asyncio.create_task(forget_avatar(interview, deps))
    try:
        files = await deps.files.delete(f"{interview.session_id}/")
    finally:
        avatars, avatars_left = await forgetting
    turns = await deps.store.delete(interview.session_id)
    log.write("INFO", "Interview deleted", session_id=interview.session_id)
    return answer_json(
        {
            "session_id": interview.session_id,
            "deleted": {
                "store": {"interview": 1, "turns": turns},
                "files": sorted(files),
                "avatar": avatars,
            },
            "not_deleted": {"avatar": avatars_left},
            "deleted_at": moment(deps.clock()),
        }
    )


ROUTES = (
    Route("POST", "/api/interview/sweep", sweep_over_http),
    Route("POST", "/api/interview/hooks/tavus/{secret}", hear_tavus),
    Route("POST", "/api/interview/{session_id}/end", end),
    Route("GET", "/api/interview/{session_id}/transcript", read_transcript),
    Route("GET", "/api/interview/{session_id}", read_interview),
    Route("DELETE", "/api/interview/{session_id}", delete),
    Route("GET", "/api/openapi.json", read_openapi),
)


def _completed(interview: Interview) -> Response:
    return answer_json(
        {
            "session_id": interview.session_id,
            "status": "completed",
            "ended_reason": interview.ended_reason,
            "duration_seconds": interview.duration_seconds or 0,
            "summary": interview.summary and asdict(interview.summary),
        }
    )
