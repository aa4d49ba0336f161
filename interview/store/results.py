"""State transitions of what is written about an interview after its end: the attempts at the summary, the summary, the
rubric, sketches and corrections. Pure functions, as in `transition`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from interview.errors import Conflict, Invalid
from interview.record import Interview, Status, Turn, Writing
from interview.report import Rubric, Summary
from interview.store.transition import check_seal, count_text
from interview.usage import TextUsage

EARLY: Final = timedelta(seconds=5)
"""How early an attempt at the summary may begin before it is due: the clocks of two instances differ."""
LONGEST_ATTEMPT: Final = timedelta(minutes=5)
"""How long an attempt at the summary takes at most. One with a later end was begun by a wrong clock."""
FARTHEST: Final = timedelta(hours=9)
"""How far ahead the next attempt is due at most: the longest pause is eight hours."""


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
    check_seal(interview)
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
    check_seal(interview)
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
    check_seal(interview)
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
    check_seal(interview)
    return interview if interview.rubric else replace(interview, rubric=rubric)


def count_sketch(interview: Interview, most: int) -> Interview:
    """Count a request for a sketch. Raises Conflict before the end (code `not_ended`), and above `most` requests."""
    check_seal(interview)
    # An abandoned one may be continued, with the sketch for the question that is still to be answered.
    if not interview.over:
        raise Conflict("There are sketches after the interview.", code="not_ended")
    if interview.sketch_calls >= most:
        raise Conflict(f"An interview may have {most} sketches.", code="too_many_sketches")
    return replace(interview, sketch_calls=interview.sketch_calls + 1)


def keep_sketch(interview: Interview, turn: str, sketch: str, used: TextUsage) -> Interview:
    """Store a sketch, unless it is empty or there is one, and add the tokens that it used."""
    check_seal(interview)
    interview = count_text(interview, used)
    if not sketch or turn in interview.sketches:
        return interview
    return replace(interview, sketches={**interview.sketches, turn: sketch})


def correct(interview: Interview, at: datetime) -> Interview:
    """The candidate has corrected the transcript. The summary is dropped, and a new one is due.

    Raises Conflict before the end (code `not_ended`), and the second time (code `already_corrected`).
    """
    check_seal(interview)
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


def _has_ended(interview: Interview) -> bool:
    return interview.status not in ("ready", "live")
