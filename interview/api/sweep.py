"""Marks interviews as abandoned whose relay has not reported them for a while, since the relay may have died; and hands
over summaries that are due and that nobody writes.
"""

from dataclasses import asdict
from datetime import datetime, timedelta

from interview import log
from interview.api.authorisation import authorise_service
from interview.api.backends import Backends
from interview.api.message import Request, Response, answer_json
from interview.api.places import release_place
from interview.api.writing import OVERDUE
from interview.errors import NotFound
from interview.store import Store
from interview.tasks import Tasks, hand_over

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


async def hand_over_summaries(store: Store, tasks: Tasks | None, now: datetime) -> int:
    """Hand over the summaries that have been due for a while, the longest first. Returns how many.

    A task may have been lost, and nobody asks for the summary of an interview whose relay died. Raises
    StoreUnavailable.
    """
    due = await store.unwritten(now - OVERDUE, AT_ONCE) if tasks else []
    return sum([await hand_over(tasks, interview.session_id) for interview in due])


async def sweep_over_http(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/sweep`: for Cloud Scheduler, with the ID token of the configured service account.

    What was handed over to the queue of summaries and did not come back is handed over again.
    """
    await authorise_service(request, backends)
    now = backends.clock()
    abandoned, more = await sweep(backends.store, now)
    # After the interviews: one that has just been abandoned needs no avatar.
    avatars = asdict(await backends.avatars.sweep(now)) if backends.avatars else None
    summaries = await hand_over_summaries(backends.store, backends.tasks, now)
    return answer_json({"abandoned": abandoned, "more": more, "avatars": avatars, "summaries": summaries})
