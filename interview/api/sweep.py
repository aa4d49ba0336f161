"""Marking interviews that nobody carries on any more: the relay that held them may be the very thing that died."""

from dataclasses import asdict
from datetime import datetime, timedelta

from interview import log
from interview.api.deps import Deps
from interview.api.message import Request, Response, answer_json
from interview.errors import Invalid, NotFound, Unavailable
from interview.store import Store

IDLE_AFTER = timedelta(minutes=5)
"""Without a sign of its connection for so long, an interview is abandoned. The relay gives one every 45 s at least."""
AT_ONCE = 100
"""Interviews that one sweep takes: what a function has time for."""


async def sweep(store: Store, now: datetime) -> tuple[int, bool]:
    """Mark idle interviews as abandoned, those idle longest first; nothing else happens to them. Returns how many, and
    whether more are waiting. Raises StoreUnavailable; a repeated sweep goes on where it stopped.
    """
    before = now - IDLE_AFTER
    idle = await store.idle(before, AT_ONCE + 1)
    abandoned = 0
    for interview in idle[:AT_ONCE]:
        try:
            outcome = await store.abandon(interview.session_id, before)
        except NotFound:
            continue  # deleted in between
        # Taken up in between it is live, ended in between it is over: both are left alone.
        if outcome.status == "abandoned":
            abandoned += 1
            log.write("INFO", "Interview abandoned", session_id=interview.session_id)
    return abandoned, len(idle) > AT_ONCE


async def sweep_over_http(request: Request, deps: Deps) -> Response:
    """`POST /api/interview/sweep`, for Cloud Scheduler with the ID token of the one account that may.

    Everyone else gets the 404 of an interview that is not theirs, as with every other wrong token: a 401 or 403 would
    tell a stranger that there is something to try keys on, and whether it was the signature or the name that failed.
    What it was is in the log.
    """
    await _admit(request, deps)
    now = deps.clock()
    abandoned, more = await sweep(deps.store, now)
    # In this order: what has just been abandoned needs no avatar any more.
    avatars = asdict(await deps.avatars.sweep(now)) if deps.avatars else None
    return answer_json({"abandoned": abandoned, "more": more, "avatars": avatars})


async def _admit(request: Request, deps: Deps) -> None:
    """Pass for the configured account's token. Raises NotFound."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if deps.verify is None or deps.settings.sweep is None or scheme.lower() != "bearer":
        raise NotFound
    try:
        claims = await deps.verify(token.strip())
    except Invalid:
        log.write("WARNING", "sweep_refused", code="token")
        raise NotFound from None
    except Unavailable as error:
        log.failure("sweep_unverified", error)
        raise NotFound from None
    if claims.get("email") != deps.settings.sweep.account or claims.get("email_verified") is not True:
        log.write("WARNING", "sweep_refused", code="account")
        raise NotFound
