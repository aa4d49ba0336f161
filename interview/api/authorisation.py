"""Authorises requests: only the holder of an interview's token may use it."""

import re

from interview.api.backends import Backends
from interview.api.message import Request
from interview.errors import NotFound
from interview.record import Interview
from interview.token import matches

# The form of a session id. Other ids never reach a store, since the stores' own rules for names differ.
_SESSION_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


async def authorised(request: Request, backends: Backends) -> Interview:
    """The interview of the request, if the request has its bearer token.

    Raises the same NotFound for a missing or wrong token, an unknown session and an expired one. (A store may delete
    expired documents a day late.)
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or not _SESSION_ID.fullmatch(request.session_id):
        raise NotFound
    interview = await backends.store.get(request.session_id)
    if not matches(token, interview.token_sha256) or interview.expires_at <= backends.clock():
        raise NotFound
    # A deletion that has failed half-way can be repeated. For everything else the interview is gone.
    if interview.sealed_at and request.method != "DELETE":
        raise NotFound
    return interview
