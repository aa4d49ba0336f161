"""Cloud Function `start`: begins an interview, takes another CV until it is live, and gives it another avatar."""

from collections.abc import AsyncIterator

import functions_framework.aio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from interview.api import message, routes
from interview.api.deps import open_deps
from interview.api.start import ROUTES
from interview.settings import load

# Once a process, as it starts: with a setting that makes no sense a deployment never becomes ready, and the one before
# it goes on serving. Connections are made at the first request.
DEPS = open_deps(load())


@functions_framework.aio.http
async def start(request: Request) -> Response:
    """Answer one request; `ROUTES` has what there is."""
    asked = message.Request(
        method=request.method,
        path=request.scope["path"],
        headers=request.headers,
        query=request.query_params,
        body=_body(request),
    )
    answer = await routes.answer(ROUTES, asked, DEPS)
    return Response(answer.body, answer.status, dict(answer.headers))


async def _body(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect as gone:
        raise ConnectionAbortedError from gone
