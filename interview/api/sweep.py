"""Marks interviews as abandoned whose relay has not reported them for a while: the relay may have died."""

from dataclasses import asdict
from datetime import datetime, timedelta

from interview import log
from interview.api.backends import Backends
from interview.api.message import Request, Response, answer_json
from interview.api.places import release_place
from interview.errors import Invalid, NotFound, Unavailable
from interview.store import Store

IDLE_AFTER = timedelta(minutes=5)
"""An interview is abandoned when no relay has reported it for this long. The relay reports at least every 45 s."""
AT_ONCE = 100
"""The most interviews in one sweep: what a function has time for."""


async def sweep(store: Store, now: datetime) -> tuple[int, bool]:
    """Mark idle interviews as abandoned, the longest idle first. Returns how many, and whether there are more.

    Raises StoreUnavailable. The next sweep continues.
    """
    before = now - IDLE_AFTER
    idle = await store.idle(before, AT_ONCE + 1)
    abandoned = 0
    for interview in idle[:AT_ONCE]:
        try:
            outcome = await store.abandon(interview.session_id, before)
        except NotFound:
            continue  # deleted meanwhile
        # An interview that was claimed or ended meanwhile is not changed.
        if outcome.status == "abandoned":
            abandoned += 1
            await release_place(interview.session_id, store)
            log.write("INFO", "interview_abandoned", session_id=interview.session_id)
    return abandoned, len(idle) > AT_ONCE


async def sweep_over_http(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/sweep`: for Cloud Scheduler, with the ID token of the configured service account.

    Every other caller gets 404, as with any wrong token. A 401 or 403 would show a stranger that this address exists,
    and what was wrong with the token. The log has the cause.
    """
    await _authorise(request, backends)
    now = backends.clock()
    abandoned, more = await sweep(backends.store, now)
    # After the interviews: one that has just been abandoned needs no avatar.
    avatars = asdict(await backends.avatars.sweep(now)) if backends.avatars else None
    return answer_json({"abandoned": abandoned, "more": more, "avatars": avatars})


async def _authorise(request: Request, backends: Backends) -> None:
    """Check for the configured account's token. Raises NotFound."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if backends.verify is None or backends.settings.sweep is None or scheme.lower() != "bearer":
        raise NotFound
    try:
        claims = await backends.verify(token.strip())
    except Invalid:
        log.write("WARNING", "sweep_refused", code="token")
        raise NotFound from None
    except Unavailable as error:
        log.failure("sweep_unverified", error)
        raise NotFound from None
    if claims.get("email") != backends.settings.sweep.account or claims.get("email_verified") is not True:
        log.write("WARNING", "sweep_refused", code="account")
        raise NotFound
