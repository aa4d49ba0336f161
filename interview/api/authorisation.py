"""Who may see an interview: the holder of its token, and nobody learns whether there is one."""

import re

from interview.api.deps import Deps
from interview.api.message import Request
from interview.errors import NotFound
from interview.record import Interview
from interview.token import matches

# What a session id can look like. Anything else never reaches a store, whose own rules for names differ.
_SESSION_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


async def authorised(request: Request, deps: Deps) -> Interview:
    """The interview that the request names, if its bearer token is the interview's.

    Raises NotFound, always with the same words, for a missing or wrong token, an unknown session and one whose time to
    be kept is over (a store's own expiry may lag by a day).
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or not _SESSION_ID.fullmatch(request.session_id):
        raise NotFound
    interview = await deps.store.get(request.session_id)
    if not matches(token, interview.token_sha256) or interview.expires_at <= deps.clock():
        raise NotFound
    return interview
