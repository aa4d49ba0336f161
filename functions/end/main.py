"""Cloud Function `end`: ends an interview with its summary; serves and deletes it; receives webhooks; sweeps."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import functions_framework.aio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from interview import sentry
from interview.api import message, routes
from interview.api.backends import open_backends
from interview.api.end import ROUTES
from interview.settings import load

# Once, when the process starts: with an invalid setting a new deployment never becomes ready, and the previous one goes
# on serving. The first request connects.
BACKENDS = open_backends(load())
sentry.start(BACKENDS.settings, "end")


@functions_framework.aio.http
async def end(request: Request) -> Response:
    """Answer one request by the table `ROUTES`."""
    converted = message.Request(
        method=request.method,
        path=request.scope["path"],
        headers=request.headers,
        query=request.query_params,
        body=_body(request),
        peer=request.client.host if request.client else "",
    )
    answer = await routes.answer(ROUTES, converted, BACKENDS)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        await sentry.flush(BACKENDS.settings)
    return Response(answer.body, answer.status, dict(answer.headers))


async def _body(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect as gone:
        raise ConnectionAbortedError from gone
