"""Authorises requests: only the holder of an interview's token may use it, and only our own services the rest."""

import re

from interview import log
from interview.api.backends import Backends
from interview.api.message import Request
from interview.errors import Invalid, NotFound, Unavailable
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
    if scheme.lower() != "bearer" or not token:
        raise NotFound
    interview = await owned(request.session_id, token, backends)
    # A deletion that has failed half-way can be repeated. For everything else the interview is gone.
    if interview.sealed_at and request.method != "DELETE":
        raise NotFound
    return interview


async def owned(session_id: str, token: str, backends: Backends) -> Interview:
    """The interview with this id and token. Raises NotFound, always the same."""
    if not _SESSION_ID.fullmatch(session_id):
        raise NotFound
    interview = await backends.store.get(session_id)
    if not matches(token, interview.token_sha256) or interview.expires_at <= backends.clock():
        raise NotFound
    return interview


def checked_session_id(request: Request) -> str:
    """The session id of the request. Raises NotFound for one that no interview has."""
    if not _SESSION_ID.fullmatch(request.session_id):
        raise NotFound
    return request.session_id


async def authorise_service(request: Request, backends: Backends) -> None:
    """Check for the ID token (OIDC) of the account with which Cloud Scheduler and the queue of summaries call.

    Raises NotFound for every other caller, as with any wrong token. A 401 or 403 would show a stranger that this
    address exists, and what was wrong with the token. The log has the cause.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if backends.verify is None or backends.settings.sweep is None or scheme.lower() != "bearer":
        raise NotFound
    try:
        claims = await backends.verify(token.strip())
    except Invalid:
        log.write("WARNING", "caller_refused", code="token")
        raise NotFound from None
    except Unavailable as error:
        log.failure("caller_unverified", error)
        raise NotFound from None
    if claims.get("email") != backends.settings.sweep.account or claims.get("email_verified") is not True:
        log.write("WARNING", "caller_refused", code="account")
        raise NotFound
