"""What each write does to an interview: rules without a store. A store reads, applies one and writes, in one step.

A transition that changes nothing returns the very interview it was given.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from interview.errors import AlreadyEnded, Conflict, Invalid, Superseded
from interview.record import Avatar, Cv, EndedReason, Interview, Ledger, Live, Status, Summary


def attach_cv(interview: Interview, cv: Cv, prompt: str) -> Interview:
    """With another CV and prompt. Raises Conflict once the interview is no longer `ready`."""
    if interview.status != "ready":
        raise Conflict("A CV can be added only before the interview begins.", code="already_live")
    return replace(interview, cv=cv, prompt=prompt)


def claim(interview: Interview, now: datetime) -> Interview:
    """Taken over by one more connection, and live (again). Raises AlreadyEnded: also where nobody was there any more
    and its time has run out, so that coming back days later does not make it days long.
    """
    if interview.over or (interview.status == "abandoned" and now >= _time_limit(interview, now)):
        raise AlreadyEnded("This interview is over.")
    live = replace(interview.live, epoch=interview.live.epoch + 1, seen_at=now)
    return replace(_going_on(interview), started_at=interview.started_at or now, live=live)


def touch(interview: Interview, epoch: int, now: datetime) -> Interview:
    """Still carried by the connection of this epoch; on one that is over nothing changes. An interview given up while
    its connection could not reach the store goes on. Raises Superseded, and Conflict before the first claim.
    """
    _check_epoch(interview, epoch)
    if interview.status == "ready":
        raise Conflict("This interview has not begun.", code="not_live")
    seen_at = interview.live.seen_at
    if interview.over or (interview.status == "live" and seen_at is not None and seen_at >= now):
        return interview
    return replace(_going_on(interview), live=replace(interview.live, seen_at=now))


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
    """Ended for this reason, unless it is over. Raises Superseded, and Invalid for `abandoned`, which has a rule of its
    own.
    """
    if epoch is not None:
        _check_epoch(interview, epoch)
    if interview.over:
        return interview
    if reason == "abandoned":
        raise Invalid("An interview is abandoned only after a look at whether anyone is there.", field="reason")
    # Nobody spoke after an interview was abandoned: ended days later, it is still no longer than it was. Unless it is
    # its very connection that ends it, and somebody was there after all.
    ended_at = (interview.ended_at if epoch is None else None) or now
    status: Status = "failed" if reason == "failed" else "ended"
    return replace(_ended(interview, status, reason, ended_at), live=Live(interview.live.epoch))


def abandon(interview: Interview, before: datetime) -> Interview:
    """Abandoned, if it is live and its connection was last seen before this time; it ended when that was. What has been
    taken up in between, or is over, stays as it is. The handle stays for whoever takes it up again.
    """
    seen_at = interview.live.seen_at
    if interview.status != "live" or seen_at is None or seen_at >= before:
        return interview
    return _ended(interview, "abandoned", "abandoned", seen_at)


def complete(interview: Interview, summary: Summary) -> Interview:
    """With its summary, unless it has one. Raises Conflict while the interview goes on."""
    if interview.summary is not None:
        return interview
    if interview.status in ("ready", "live"):
        raise Conflict("An interview is summed up after its end.", code="not_ended")
    return replace(interview, status="completed", summary=summary)


def change_avatar(
    interview: Interview, decide: Callable[[Interview], Avatar | None], epoch: int | None = None
) -> Interview:
    """With the avatar that `decide` makes of what there is. Raises Superseded, and what `decide` raises."""
    if epoch is not None:
        _check_epoch(interview, epoch)
    avatar = decide(interview)
    return interview if avatar == interview.avatar else replace(interview, avatar=avatar)


def new_ledger() -> Ledger:
    """A ledger in which nothing is, of a deployment that has just got its name."""
    return Ledger(deployment=secrets.token_hex(8))


def change_ledger(ledger: Ledger, decide: Callable[[Ledger], Ledger]) -> Ledger:
    """The ledger that `decide` makes of this one, of the same deployment."""
    changed = replace(decide(ledger), deployment=ledger.deployment)
    return ledger if changed == ledger else changed


def seal(interview: Interview, now: datetime) -> Interview:
    """Over, and under an epoch that nobody holds: no connection writes to it any more. The first step of a deletion."""
    ended = end(interview, "candidate", now)
    return replace(ended, live=Live(ended.live.epoch + 1))


def _going_on(interview: Interview) -> Interview:
    """Live: one that was abandoned has not ended after all."""
    return replace(interview, status="live", ended_at=None, ended_reason=None, duration_seconds=None)


def _ended(interview: Interview, status: Status, reason: EndedReason, ended_at: datetime) -> Interview:
    started_at = interview.started_at or ended_at
    seconds = max(0, round((ended_at - started_at).total_seconds()))
    return replace(interview, status=status, ended_at=ended_at, ended_reason=reason, duration_seconds=seconds)


def _time_limit(interview: Interview, now: datetime) -> datetime:
    return (interview.started_at or now) + timedelta(seconds=interview.max_duration_seconds)


def _check_epoch(interview: Interview, epoch: int) -> None:
    if epoch < interview.live.epoch:
        raise Superseded("Another connection has taken this interview over.")
