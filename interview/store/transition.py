"""State transitions of an interview. Pure functions; a store reads, applies one and writes, atomically.

A transition that changes nothing returns the interview it was given.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from interview.errors import AlreadyEnded, Conflict, Invalid, NotFound, Superseded
from interview.record import Avatar, Cv, EndedReason, Interview, Live, Status, Turn, Writing
from interview.report import Rubric, Summary
from interview.system import Ledger
from interview.usage import TextUsage, Usage

EARLY: Final = timedelta(seconds=5)
"""How much too early an attempt at the summary may begin: the clocks of two instances differ."""
LONGEST_ATTEMPT: Final = timedelta(minutes=5)
"""An attempt at the summary that says that it ends later was begun by a clock that is wrong."""
FARTHEST: Final = timedelta(hours=9)
"""The same for when the next attempt is due. The longest pause is eight hours."""


def attach_cv(interview: Interview, cv: Cv, prompt: str) -> Interview:
    """Replace the CV and the prompt. Raises Conflict unless the interview is `ready`."""
    _check_seal(interview)
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

    Raises AlreadyEnded for an interview that is over, and for an abandoned one past its time limit: otherwise returning
    days later would make it days long.
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
    """End the interview for this reason, unless it is over. With `epoch` its connection does so, which writes nothing
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


def queue_summary(interview: Interview, at: datetime) -> Interview:
    """Make the summary due at this time, if there is none and no attempt is due or under way."""
    due = interview.writing is not None and interview.writing.due_at is not None
    if due or interview.summary is not None or not _has_ended(interview):
        return interview
    return replace(interview, writing=Writing(due_at=at))


def begin_writing(interview: Interview, until: datetime, at: datetime) -> Interview:
    """Begin an attempt at the summary that gives up at `until`, a time that no other attempt has.

    An attempt that has not said by its `until` how it ended has failed, with the code `internal`. Raises Conflict if
    the interview has not ended, has a summary, or if an attempt is under way or not due yet.
    """
    _check_seal(interview)
    if interview.writing and interview.writing.until == until:  # the same call again, after its answer was lost
        return interview
    writing = believed(interview.writing or Writing(due_at=at), at)
    if interview.summary is not None or not _has_ended(interview):
        raise Conflict("There is no summary to write.")
    if writing.until and writing.until > at:
        raise Conflict("The summary is being written.")
    if writing.due_at is None or writing.due_at > at + EARLY:
        raise Conflict("The summary is not due yet.")
    if writing.until:
        writing = replace(writing, attempts=writing.attempts + 1, code="internal")
    return replace(interview, writing=replace(writing, until=until, due_at=until))


def believed(writing: Writing, at: datetime) -> Writing:
    """How far the summary is, without times that only a clock that is ahead can have written.

    An attempt that would end after `LONGEST_ATTEMPT` has failed, and what would be due after `FARTHEST` is due now.
    """
    if writing.until and writing.until > at + LONGEST_ATTEMPT:
        return replace(writing, attempts=writing.attempts + 1, code="internal", until=None, due_at=at)
    return replace(writing, due_at=at) if writing.due_at and writing.due_at > at + FARTHEST else writing


def fail_writing(interview: Interview, until: datetime, code: str, due_at: datetime | None) -> Interview:
    """The attempt at the summary with this `until` has failed. The next one is due at `due_at`; None: there is none."""
    _check_seal(interview)
    writing = interview.writing
    if writing is None or writing.until != until:
        return interview
    blocks = writing.blocks + (code == "model_blocked")
    failed = Writing(writing.attempts + 1, code, due_at=due_at, blocks=blocks)
    return replace(interview, writing=failed)


def complete(
    interview: Interview,
    summary: Summary,
    used: TextUsage | None = None,
    until: datetime | None = None,
) -> Interview:
    """Store the summary, unless there is one, and add the tokens that it used. With `until`, only if
    that attempt is still under way. Raises Conflict before the end.
    """
    _check_seal(interview)
    if used and used.calls:
        interview = count_text(interview, used)
    writing = interview.writing
    if interview.summary is not None or (until and (writing is None or writing.until != until)):
        return interview
    if not _has_ended(interview):
        raise Conflict("An interview gets its summary after its end.", code="not_ended")
    return replace(
        interview,
        status="completed",
        summary=summary,
        writing=writing and replace(writing, until=None, due_at=None),
    )


def keep_rubric(interview: Interview, rubric: Rubric) -> Interview:
    """Store the rubric, unless there is one."""
    _check_seal(interview)
    return interview if interview.rubric else replace(interview, rubric=rubric)


def count_sketch(interview: Interview, most: int) -> Interview:
    """Count a request for a sketch. Raises Conflict before the end (code `not_ended`), and above `most` requests."""
    _check_seal(interview)
    # An abandoned one may be continued, with the sketch for the question that is still to be answered.
    if not interview.over:
        raise Conflict("There are sketches after the interview.", code="not_ended")
    if interview.sketch_calls >= most:
        raise Conflict(f"An interview may have {most} sketches.", code="too_many_sketches")
    return replace(interview, sketch_calls=interview.sketch_calls + 1)


def keep_sketch(interview: Interview, turn: str, sketch: str, used: TextUsage) -> Interview:
    """Store a sketch, unless it is empty or there is one, and add the tokens that it used."""
    _check_seal(interview)
    interview = count_text(interview, used)
    if not sketch or turn in interview.sketches:
        return interview
    return replace(interview, sketches={**interview.sketches, turn: sketch})


def correct(interview: Interview, at: datetime) -> Interview:
    """The candidate has corrected the transcript. The summary is dropped, and a new one is due.

    Raises Conflict before the end (code `not_ended`), and the second time (code `already_corrected`).
    """
    _check_seal(interview)
    if not interview.over:
        raise Conflict("A transcript can be corrected after the interview.", code="not_ended")
    if interview.corrected_at:
        raise Conflict("This transcript has been corrected; that can be done once.", code="already_corrected")
    status: Status = "failed" if interview.ended_reason == "failed" else "ended"
    return replace(interview, status=status, summary=None, corrected_at=at, writing=Writing(due_at=at))


def correct_turns(turns: Iterable[Turn], corrections: Mapping[int, str]) -> list[Turn]:
    """The turns that differ, with the candidate's texts by their numbers. Raises Invalid for any other turn than one of
    the candidate's.
    """
    own = {turn.number: turn for turn in turns if turn.speaker == "candidate"}
    for number in corrections:
        if number not in own:
            raise Invalid(f"Turn {number} is not one of yours.", code="invalid", field="turn")
    return [
        replace(own[number], corrected_text=text) for number, text in corrections.items() if text != own[number].text
    ]


def change_avatar(
    interview: Interview, decide: Callable[[Interview], Avatar | None], epoch: int | None = None
) -> Interview:
    """Replace the avatar with the result of `decide`. Raises Superseded, and what `decide` raises."""
    if epoch is not None:
        _check_epoch(interview, epoch)
    avatar = decide(interview)
    return interview if avatar == interview.avatar else replace(interview, avatar=avatar)


def new_ledger() -> Ledger:
    """An empty ledger with a new random deployment id."""
    return Ledger(deployment=secrets.token_hex(8))


def change_ledger(ledger: Ledger, decide: Callable[[Ledger], Ledger]) -> Ledger:
    """Replace the ledger with the result of `decide`, except its deployment id."""
    changed = replace(decide(ledger), deployment=ledger.deployment)
    return ledger if changed == ledger else changed


def seal(interview: Interview, now: datetime) -> Interview:
    """End the interview under a new epoch, so that nobody can write. The first step of a deletion, which may be
    repeated.
    """
    if interview.sealed_at:
        return interview
    ended = end(interview, "candidate", now)
    return replace(ended, live=Live(ended.live.epoch + 1), sealed_at=now, writing=None)


def _resumed(interview: Interview) -> Interview:
    """A live interview; one that was abandoned has not ended after all."""
    return replace(interview, status="live", ended_at=None, ended_reason=None, duration_seconds=None, writing=None)


def _has_ended(interview: Interview) -> bool:
    return interview.status not in ("ready", "live")


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


def _check_seal(interview: Interview) -> None:
    if interview.sealed_at:
        raise NotFound


def _check_epoch(interview: Interview, epoch: int) -> None:
    if epoch < interview.live.epoch:
        raise Superseded("Another connection has taken this interview over.")
