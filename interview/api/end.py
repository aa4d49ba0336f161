"""Ending an interview. Also the routes of the function `end`."""

import asyncio

from interview.api.authorisation import authorised
from interview.api.avatar import close_avatar, receive_tavus_event
from interview.api.backends import Backends
from interview.api.corrections import correct
from interview.api.deletion import delete
from interview.api.message import Request, Response
from interview.api.places import release_place
from interview.api.read import read_interview, read_openapi, read_report, read_transcript
from interview.api.routes import Route
from interview.api.sketches import sketch_answer
from interview.api.sweep import sweep_over_http
from interview.api.writing import answer_summary, write_over_http
from interview.record import Interview


async def end(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/{session_id}/end`: end the interview if it has not ended, and return its summary, or how far
    that is. Concurrent calls within this instance wait together.
    """
    interview = await authorised(request, backends)
    return await backends.ends.run(interview.session_id, lambda: _finish(interview, backends))


async def _finish(interview: Interview, backends: Backends) -> Response:
    """End the interview and its avatar conversation, on the record that `authorised` has read; wait for the summary."""
    ended_now = not interview.over
    if ended_now:
        interview = await backends.store.end(interview.session_id, "candidate", backends.clock())
    closing = asyncio.gather(close_avatar(interview, backends), release_place(interview.session_id, backends.store))
    try:
        return await answer_summary(interview, backends, ended_now=ended_now)
    finally:
        await closing


ROUTES = (
    Route("POST", "/api/interview/sweep", sweep_over_http),
    Route("POST", "/api/interview/hooks/tavus/{secret}", receive_tavus_event),
    Route("POST", "/api/interview/{session_id}/end", end),
    Route("POST", "/api/interview/{session_id}/write-summary", write_over_http),
    Route("POST", "/api/interview/{session_id}/corrections", correct),
    Route("POST", "/api/interview/{session_id}/questions/{turn}/sketch", sketch_answer),
    Route("GET", "/api/interview/{session_id}/transcript", read_transcript),
    Route("GET", "/api/interview/{session_id}/report", read_report),
    Route("GET", "/api/interview/{session_id}", read_interview),
    Route("DELETE", "/api/interview/{session_id}", delete),
    Route("GET", "/api/openapi.json", read_openapi),
)
