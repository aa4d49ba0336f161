"""State transitions of an interview, from its CV to its end. Pure functions; a store reads, applies one and writes,
atomically. `results` has those of what is written after the end.

A transition that changes nothing returns the interview it was given.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from interview.errors import AlreadyEnded, Conflict, Invalid, NotFound, Superseded
from interview.record import Avatar, Cv, EndedReason, Interview, Live, Status, Writing
from interview.usage import TextUsage, Usage


def attach_cv(interview: Interview, cv: Cv, prompt: str) -> Interview:
    """Replace the CV and the prompt. Raises Conflict unless the interview is `ready`."""
    check_seal(interview)
    if interview.status != "ready":
        raise Conflict("A CV can be added only before the interview begins.", code="already_live")
    return replace(interview, cv=cv, prompt=prompt)


def count_cv(interview: Interview, most: int) -> Interview:
    """Count an upload of a CV. Raises Conflict unless the interview is `ready`, and above `most` uploads."""
    if interview.status != "ready":
        raise Conflict("A CV can be added only before the interview begins.", code="already_live")
    if interview.cvs >= most:
        raise Conflict(f"An interview may have {most} CVs. Start another interview.", code="too_many_cvs")
    return replace(interview, cvs=interview.cvs + 1)


def claim(interview: Interview, now: datetime) -> Interview:
    """A new connection takes the interview over; it is live.

    Raises AlreadyEnded for an interview that is over, and for an abandoned one past its time limit: otherwise a
    candidate who returned days later would make it days long.
    """
    if interview.over or (interview.status == "abandoned" and now >= _time_limit(interview, now)):
        raise AlreadyEnded("This interview is over.")
    live = replace(interview.live, epoch=interview.live.epoch + 1, seen_at=now, held=True)
    return replace(_resumed(interview), started_at=interview.started_at or now, live=live)


def touch(
    interview: Interview,
    epoch: int,
    now: datetime,
    usage: Usage | None = None,
    thinking_seconds: float | None = None,
) -> Interview:
    """The connection of this epoch reports. Of an interview that is over only the usage and the thinking time change.
    One that was abandoned while its connection could not reach the store is live again.

    Raises Superseded, and Conflict before the first claim.
    """
    _check_epoch(interview, epoch)
    if interview.status == "ready":
        raise Conflict("This interview has not begun.", code="not_live")
    if usage and (counted := replace(usage, text=interview.usage.text)) != interview.usage:
        interview = replace(interview, usage=counted)
    if thinking_seconds is not None and thinking_seconds > interview.thinking_seconds:
        interview = replace(interview, thinking_seconds=thinking_seconds)
    seen_at = interview.live.seen_at
    if interview.over or (interview.status == "live" and seen_at is not None and seen_at >= now):
        return interview
    return replace(_resumed(interview), live=replace(interview.live, seen_at=now))


def count_text(interview: Interview, used: TextUsage) -> Interview:
    """Add the tokens of the functions' calls to the text model."""
    return replace(interview, usage=replace(interview.usage, text=interview.usage.text + used))


def allow_turn(interview: Interview, epoch: int) -> None:
    """Check that a turn may be written with this epoch. Raises Superseded, Conflict, AlreadyEnded."""
    _check_epoch(interview, epoch)
    if interview.status == "completed" or interview.corrected_at:
        raise AlreadyEnded("This interview is over and has its summary.")
    if interview.status == "ready":
        raise Conflict("This interview has not begun.", code="not_live")


def keep_handle(interview: Interview, epoch: int, handle: str | None) -> Interview:
    """Store the newest resumption handle, unless the interview is over. Raises Superseded."""
    _check_epoch(interview, epoch)
    if interview.over or interview.live.resumption_handle == handle:
        return interview
    return replace(interview, live=replace(interview.live, resumption_handle=handle))


def release(interview: Interview, epoch: int, handle: str | None = None) -> Interview:
    """The connection of this epoch writes nothing more. Store its resumption handle, if it has a newer one and the
    interview is not over. Raises Superseded.
    """
    if handle:
        interview = keep_handle(interview, epoch, handle)
    _check_epoch(interview, epoch)
    return _released(interview)


def end(interview: Interview, reason: EndedReason, now: datetime, epoch: int | None = None) -> Interview:
    """End the interview for this reason, unless it is over. With `epoch` its connection does so, and writes nothing
    more. Raises Superseded, and Invalid for `abandoned`, which is a transition of its own.
    """
    if epoch is not None:
        _check_epoch(interview, epoch)
        interview = _released(interview)
    if interview.over:
        return interview
    if reason == "abandoned":
        raise Invalid(
            "An interview is only abandoned when its connection has not reported for a while.", field="reason"
        )
    # An abandoned interview that is ended days later keeps its end, unless its own connection ends it: then the
    # candidate was still there.
    ended_at = (interview.ended_at if epoch is None else None) or now
    status: Status = "failed" if reason == "failed" else "ended"
    live = Live(interview.live.epoch, held=interview.live.held)
    # Of one that was abandoned, the summary may be under way.
    writing = interview.writing
    if writing is None or not (writing.attempts or writing.until):
        writing = Writing(due_at=now)
    return replace(_ended(interview, status, reason, ended_at), live=live, writing=writing)


def abandon(interview: Interview, before: datetime) -> Interview:
    """Mark a live interview as abandoned if its connection was last seen before this time; that is when it ended.

    An interview that was claimed meanwhile, or is over, does not change. The handle is kept for the next connection;
    until there can be none, no summary is due.
    """
    seen_at = interview.live.seen_at
    if interview.status != "live" or seen_at is None or seen_at >= before:
        return interview
    writing = Writing(due_at=_time_limit(interview, seen_at))
    return replace(_released(_ended(interview, "abandoned", "abandoned", seen_at)), writing=writing)


def change_avatar(
    interview: Interview, decide: Callable[[Interview], Avatar | None], epoch: int | None = None
) -> Interview:
    """Replace the avatar with the result of `decide`. Raises Superseded, and what `decide` raises."""
    if epoch is not None:
        _check_epoch(interview, epoch)
    avatar = decide(interview)
    return interview if avatar == interview.avatar else replace(interview, avatar=avatar)


def seal(interview: Interview, now: datetime) -> Interview:
    """End the interview under a new epoch, so that nobody can write. The first step of a deletion, which may be
    repeated.
    """
    if interview.sealed_at:
        return interview
    ended = end(interview, "candidate", now)
    return replace(ended, live=Live(ended.live.epoch + 1), sealed_at=now, writing=None)


def check_seal(interview: Interview) -> None:
    """Check that the interview is not being deleted. Raises NotFound."""
    if interview.sealed_at:
        raise NotFound


def _resumed(interview: Interview) -> Interview:
    """A live interview; one that was abandoned has not ended after all."""
    return replace(interview, status="live", ended_at=None, ended_reason=None, duration_seconds=None, writing=None)


def _ended(interview: Interview, status: Status, reason: EndedReason, ended_at: datetime) -> Interview:
    started_at = interview.started_at or ended_at
    seconds = max(0, round((ended_at - started_at).total_seconds()))
    return replace(interview, status=status, ended_at=ended_at, ended_reason=reason, duration_seconds=seconds)


def _time_limit(interview: Interview, now: datetime) -> datetime:
    return (interview.started_at or now) + timedelta(
        seconds=interview.max_duration_seconds + interview.thinking_seconds
    )


def _released(interview: Interview) -> Interview:
    return replace(interview, live=replace(interview.live, held=False)) if interview.live.held else interview


def _check_epoch(interview: Interview, epoch: int) -> None:
    if epoch < interview.live.epoch:
        raise Superseded("Another connection has taken this interview over.")
