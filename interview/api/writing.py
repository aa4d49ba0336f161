"""Writing the summary of an interview that has ended: attempts until one succeeds, and how far they are.

An attempt is made by a task of the queue, or by a worker on one machine; never by a request of the page, which waits a
little and asks again. The store decides which attempt is due (`begin_writing`), so two tasks at once write one summary.
`interview/tasks/schedule.py` has the pauses between attempts.
"""

import asyncio
import math
import random
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final, Literal

from contract.terms import SummaryStep
from interview import cost, log
from interview.api.authorisation import authorise_service, checked_session_id
from interview.api.backends import Backends
from interview.api.message import Request, Response, answer_json
from interview.api.places import charge
from interview.assessment import assess, declined
from interview.errors import Conflict, ModelUnavailable, NotFound
from interview.record import Interview, Writing
from interview.store.results import believed
from interview.tasks import hand_over, schedule
from interview.usage import Meter

LEASE_SECONDS: Final = 210.0
"""Seconds after which an attempt that has not reported its end has failed. The function's limit of 200 s is shorter."""
FLUSH_SECONDS: Final = 3.0
"""How long an attempt waits for the relay to write the last turns. It learns of the end within a second."""
FLUSH_POLL_SECONDS: Final = 0.1
WAIT_SECONDS: Final = 15.0
"""How long an `end` waits for a summary."""
LONGEST_POLL_SECONDS: Final = 1.0
"""The longest pause between two reads of the record by a waiting `end`. The first is a twentieth of it, and each is
longer by half."""
OVERDUE: Final = timedelta(seconds=30)
"""How long an attempt may be due before it is handed over again."""
WRITING_RETRY_SECONDS: Final = 5
"""When the page should ask again while an attempt is under way."""
LONGEST_RETRY_SECONDS: Final = 300

Outcome = Literal["completed", "declined", "failed", "given_up", "not_due"]
"""How an attempt has ended."""


async def attempt(session_id: str, backends: Backends) -> Outcome:
    """Make one attempt at the summary, if one is due, and hand over the next one if it fails. Ends within
    `LEASE_SECONDS`. Raises StoreUnavailable; then the lease runs out, and the attempt has failed.
    """
    try:
        return await _attempt(session_id, backends)
    except (Conflict, NotFound):
        return "not_due"  # or resumed or deleted meanwhile


async def _attempt(session_id: str, backends: Backends) -> Outcome:
    """The same. Raises also Conflict and NotFound, at any step."""
    at = backends.clock()
    # The fraction of a second makes it this attempt's own.
    until = at + timedelta(seconds=LEASE_SECONDS + random.random())
    interview = await backends.store.begin_writing(session_id, until, at)
    await _flushed(interview, backends)
    turns = await backends.store.turns(session_id)
    meter = Meter()
    outcome: Outcome = "completed"
    try:
        model = backends.assessor.counted(meter.add) if backends.assessor else None
        summary = await assess(interview, turns, model, lambda rubric: backends.store.save_rubric(session_id, rubric))
    except ModelUnavailable as error:
        log.failure("summary_failed", error, session_id=session_id)
        if not (error.code == "model_blocked" and _pause(interview, error.code) is None):
            if meter.total.calls:
                counted = await backends.store.count_text(session_id, meter.total)
                await charge(counted, backends.clock(), backends.store)
            return await _fail(interview, until, error.code, backends)
        summary, outcome = declined(interview, turns), "declined"
    finally:
        cost.write(session_id, text=meter.total)
    completed = await backends.store.save_summary(session_id, summary, meter.total, until)
    await charge(completed, backends.clock(), backends.store)
    return outcome if completed.summary is not None else "not_due"


async def write_over_http(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/{session_id}/write-summary`: for the queue, with the same ID token as the sweep's.

    Answers 200 however the attempt ends: the queue repeats only what could not be counted.
    """
    await authorise_service(request, backends)
    session_id = checked_session_id(request)
    return answer_json({"session_id": session_id, "outcome": await attempt(session_id, backends)})


async def answer_summary(interview: Interview, backends: Backends, *, ended_now: bool) -> Response:
    """200 with the summary, for which this waits up to `WAIT_SECONDS`; 202 with how far it is.

    Starts no attempt that is not due. After the last one has failed, asking for the summary begins another day of them.
    """
    if interview.summary is None:
        interview = await _waited(await _queued(interview, backends, ended_now=ended_now), backends)
    return _completed(interview) if interview.summary is not None else _pending(interview, backends.clock())


async def _queued(interview: Interview, backends: Backends, *, ended_now: bool) -> Interview:
    """Have an attempt made, unless one is under way or due later."""
    session_id, at = interview.session_id, backends.clock()
    writing = interview.writing
    if writing is None or writing.due_at is None:
        interview = await backends.store.queue_summary(session_id, at)
    elif not ended_now and writing.due_at > at - OVERDUE and believed(writing, at) == writing:
        return interview
    await hand_over(backends.tasks, session_id)
    return interview


async def _waited(interview: Interview, backends: Backends) -> Interview:
    """The interview with its summary, after an attempt has failed, or after `WAIT_SECONDS`."""
    loop = asyncio.get_running_loop()
    deadline, pause = loop.time() + WAIT_SECONDS, LONGEST_POLL_SECONDS / 20
    failed = believed(interview.writing or Writing(), backends.clock()).attempts
    while interview.summary is None and loop.time() < deadline:
        at = backends.clock()
        writing = believed(interview.writing or Writing(), at)
        begins = writing.due_at is not None and writing.due_at <= at + timedelta(seconds=1)
        if writing.attempts != failed or not (begins or _under_way(writing, at)):
            break
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LONGEST_POLL_SECONDS)
        interview = await backends.store.get(interview.session_id)
    return interview


async def _flushed(interview: Interview, backends: Backends) -> None:
    """Wait until the relay has written the last turns: a completed interview takes no more. A relay may be dead."""
    deadline = asyncio.get_running_loop().time() + FLUSH_SECONDS
    while interview.live.held and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(FLUSH_POLL_SECONDS)
        interview = await backends.store.get(interview.session_id)


async def _fail(interview: Interview, until: datetime, code: str, backends: Backends) -> Outcome:
    """Count the attempt as failed, and hand over the next one."""
    session_id, pause = interview.session_id, _pause(interview, code)
    due_at = None if pause is None else backends.clock() + timedelta(seconds=pause)
    await backends.store.fail_writing(session_id, until, code, due_at)
    if pause is None:
        log.write("ERROR", "summary_given_up", session_id=session_id, code=code)
        return "given_up"
    await hand_over(backends.tasks, session_id, pause)
    return "failed"


def _pause(interview: Interview, code: str) -> float | None:
    return schedule.next_pause(interview.writing or Writing(), code, schedule.PAUSES)


def _under_way(writing: Writing, at: datetime) -> bool:
    return writing.until is not None and writing.until > at


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


def _pending(interview: Interview, at: datetime) -> Response:
    writing = believed(interview.writing or Writing(), at)
    step: SummaryStep = "retrying" if writing.attempts else "waiting"
    wait = LONGEST_RETRY_SECONDS
    if _under_way(writing, at):
        step, wait = "writing", WRITING_RETRY_SECONDS
    elif writing.due_at is not None:
        wait = min(LONGEST_RETRY_SECONDS, max(0, math.ceil((writing.due_at - at).total_seconds())) + 2)
    return answer_json(
        {
            "session_id": interview.session_id,
            "status": "summary_pending",
            "step": step,
            "attempts": writing.attempts,
            "code": writing.code,
            "retry_after_seconds": wait,
        },
        status=202,
        headers={"retry-after": str(wait)},
    )
