"""What each write does to an interview: rules without a store. A store reads, applies one and writes, in one step.

A transition that changes nothing returns the very interview it was given.
"""

from dataclasses import replace
from datetime import datetime

from interview.errors import AlreadyEnded, Conflict, Superseded
from interview.record import Cv, EndedReason, Interview, Live, Status


def attach_cv(interview: Interview, cv: Cv, prompt: str) -> Interview:
    """With another CV and prompt. Raises Conflict once the interview is no longer `ready`."""
    if interview.status != "ready":
        raise Conflict("A CV can be added only before the interview begins.", code="already_live")
    return replace(interview, cv=cv, prompt=prompt)


def claim(interview: Interview, now: datetime) -> Interview:
    """Taken over by one more connection, and live (again). Raises AlreadyEnded."""
    if interview.over:
        raise AlreadyEnded("This interview is over.")
    return replace(
        interview,
        status="live",
        started_at=interview.started_at or now,
        # An abandoned interview that goes on has not ended after all.
        ended_at=None,
        ended_reason=None,
        duration_seconds=None,
        live=replace(interview.live, epoch=interview.live.epoch + 1),
    )


def allow_turn(interview: Interview, epoch: int) -> None:
    """Pass when a turn may be written under this epoch. Raises Superseded, Conflict, AlreadyEnded."""
    _check_epoch(interview, epoch)
    if interview.status == "completed":
        raise AlreadyEnded("This interview is over and its summary written.")
    if interview.status == "ready":
        raise Conflict("This interview has not begun.", code="not_live")


def keep_handle(interview: Interview, epoch: int, handle: str | None) -> Interview:
    """With the newest resumption handle; one that is over needs none. Raises Superseded."""
    _check_epoch(interview, epoch)
    if interview.over or interview.live.resumption_handle == handle:
        return interview
    return replace(interview, live=replace(interview.live, resumption_handle=handle))


def end(interview: Interview, reason: EndedReason, now: datetime, epoch: int | None = None) -> Interview:
    """Ended for this reason, unless it is over or abandoned already. Raises Superseded."""
    if epoch is not None:
        _check_epoch(interview, epoch)
    if interview.over or interview.status == reason == "abandoned":
        return interview
    status: Status = reason if reason in ("failed", "abandoned") else "ended"
    # Nobody spoke after an interview was abandoned: ended days later, it is still no longer than it was.
    ended_at = interview.ended_at or now
    started_at = interview.started_at or ended_at
    return replace(
        interview,
        status=status,
        ended_at=ended_at,
        ended_reason=reason,
        duration_seconds=max(0, round((ended_at - started_at).total_seconds())),
        live=interview.live if status == "abandoned" else Live(interview.live.epoch),
    )


def complete(interview: Interview, summary: dict[str, object]) -> Interview:
    """With its summary, unless it has one. Raises Conflict while the interview goes on."""
    if interview.summary is not None:
        return interview
    if interview.status in ("ready", "live"):
        raise Conflict("An interview is summed up after its end.", code="not_ended")
    return replace(interview, status="completed", summary=summary)


def seal(interview: Interview, now: datetime) -> Interview:
    """Over, and under an epoch that nobody holds: no connection writes to it any more. The first step of a deletion."""
    ended = end(interview, "candidate", now)
    return replace(ended, live=Live(ended.live.epoch + 1))


def _check_epoch(interview: Interview, epoch: int) -> None:
    if epoch < interview.live.epoch:
        raise Superseded("Another connection has taken this interview over.")
