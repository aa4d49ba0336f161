"""Evidence of the time: who has waited too long, and for what. Something is done about every long silence."""

from typing import Final

from relay.talk import actions, directions, notices
from relay.talk.candidate import hold, played
from relay.talk.floor import Floor
from relay.talk.owed import Owed
from relay.talk.state import State, Trigger

ANSWER: Final = 8.0
"""Seconds from the candidate's last sound to the interviewer's first, after which Gemini is reminded. Recorded: 1.3 to
3.3 with the service's default settings; ours wait 2.2 s for the end of the answer (`END_OF_ANSWER_MS`)."""
AFTER_REMINDER: Final = 4.0
"""Seconds after the reminder in which the reply must have begun. Recorded replies to text: 0.5 to 2.5."""
STALLED: Final = 8.0
"""Seconds without sound in the middle of an utterance after which the connection is replaced. Recorded: under 1.5."""
ASK_GENTLY_AFTER: Final = 25.0
"""Seconds of an idle floor, times the extra time, after which the interviewer asks whether the candidate needs more
time."""
OFFER_HELP_AFTER: Final = 50.0
"""Seconds of an idle floor, times the extra time, after which the page offers "Let me think" and typing."""
SUSPEND_AFTER: Final = 180.0
"""Seconds of an idle floor, times the extra time, after which the interview is suspended, so that neither the avatar
nor Gemini costs money."""
QUIET_AFTER_GOODBYE: Final = 15.0
"""Seconds of quiet after a goodbye that end an interview whose end was not called (livekit/agents#5096)."""


def tick(floor: Floor, now: float, *, played_by: float, extra_time: float = 1.0) -> None:
    """To be called a few times a second. `played_by` is when what was said must have been played; the candidate is
    waited for `extra_time` times as long.
    """
    floor.tell(floor.turns.expire(now))
    if floor.state is State.OVER:
        return
    if floor.hearing == "writing" and not floor.turns.unwritten(now):
        floor.show("quiet")
    if floor.ending:
        if now >= floor.ending[1]:
            floor.finish(floor.ending[0])
        return
    if floor.playing and floor.state in (State.PLAYING, State.LEAVING) and now > played_by:
        played(floor, now, heard=False)  # a browser that holds the sound back never reports it
    floor.leave_if_done(now)
    if floor.connected:
        _check_reply(floor, now)
        _check_goodbye(floor, now)
        _check_leaving(floor, now)
    _check_idle(floor, now, extra_time)
    floor.send_advice(now)


def advise(floor: Floor, direction: str, now: float) -> None:
    """Have the interviewer keep something in mind; sent at the next pause in which nobody speaks."""
    floor.advice = direction
    floor.send_advice(now)


def interject(floor: Floor, direction: str, now: float) -> None:
    """Tell the interviewer something at once, no matter who is speaking."""
    floor.advice = None
    floor.goodbye.directed = direction == directions.GOODBYE
    hold(floor, on=False, now=now)
    floor.direct(direction, now)


def _check_reply(floor: Floor, now: float) -> None:
    if floor.state is State.SPEAKING and now - floor.last_sound_at > STALLED:
        floor.redial("stalled")
        return
    owed = floor.owed
    if owed is None or floor.state is not State.WAITING or floor.ear.speaking:
        return
    if floor.goodbye.at is not None and owed.kind == "answer":
        return  # "thanks, bye" needs no reply
    if owed.reminded_at is None:
        if now - max(owed.since, floor.connected_at) > ANSWER:
            _remind(floor, owed, now)
    elif now - owed.reminded_at > AFTER_REMINDER:
        if owed.kind == "answer" and (owed.silent or (owed.alive and floor.turns.answer_is_brief)):
            _accept_silence(floor, now)
        else:
            owed.reminded_at, owed.since = None, now
            floor.redial("no_reply")


def _remind(floor: Floor, owed: Owed, now: float) -> None:
    """Nothing has come for too long: ask once more, and say so. Once, until the candidate speaks again."""
    if owed.kind == "answer" and floor.reminded:
        _accept_silence(floor, now)
        return
    floor.reminded = True
    owed.reminded_at = now
    floor.say_slow()
    floor.send(directions.REMIND if owed.kind == "answer" else owed.text)


def _accept_silence(floor: Floor, now: float) -> None:
    """Gemini is there and says nothing: it is the candidate's turn again."""
    floor.owed = None
    floor.tell(floor.turns.close(now))
    floor.go(Trigger.SILENT)
    floor.open(now)


def _check_goodbye(floor: Floor, now: float) -> None:
    if floor.goodbye.at is None or floor.state not in (State.OPEN, State.WAITING) or floor.ear.speaking:
        return
    if now - max(floor.goodbye.at, floor.ear.ended_at) > QUIET_AFTER_GOODBYE:
        floor.note("end_not_called")
        floor.finish(floor.end_reason)


def _check_leaving(floor: Floor, now: float) -> None:
    if floor.leave_by is None:
        return
    rests = floor.at_rest(now)
    if rests or now >= floor.leave_by:
        if not rests:
            floor.note("rotated_in_mid_speech", state=floor.state.name.lower())
        floor.leave_by = None
        floor.redial("go_away", keep_handle=True)


def _check_idle(floor: Floor, now: float, extra_time: float) -> None:
    if floor.state is not State.OPEN or floor.goodbye.at is not None:
        return
    if floor.idle.since is None:
        floor.idle.since = now
    idle = (now - floor.idle.since) / extra_time
    if idle > SUSPEND_AFTER:
        floor.state = State.OVER
        floor.act(actions.Suspend())
    elif idle > OFFER_HELP_AFTER and not floor.idle.offered:
        floor.idle.offered = True
        floor.act(actions.Notify(*notices.IDLE))
    elif idle > ASK_GENTLY_AFTER and not floor.idle.asked and floor.connected:
        floor.idle.asked = True
        floor.direct(directions.ASK_GENTLY, now)
