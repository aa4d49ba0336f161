"""Evidence of the connection to Gemini: it is dialled, made, about to close, or lost."""

from relay.talk import actions, directions
from relay.talk.candidate import SUBSTANTIAL
from relay.talk.floor import Floor
from relay.talk.incoming import GeminiTurn, Incoming
from relay.talk.owed import Owed
from relay.talk.state import State, Trigger


def reading_transcript(floor: Floor) -> None:
    """The transcript so far is about to be read for the next connection: it has all that was typed until now."""
    floor.unsent.clear()


def connected(floor: Floor, now: float, *, resumed: bool, seeded: bool, sound: float) -> None:
    """A connection is there; `sound` seconds of speech are about to be sent again."""
    floor.connected, floor.connected_at, floor.last_sound_at = True, now, now
    floor.leave_by = None
    floor.completed_turns = 0
    owed = floor.owed
    if owed:
        owed.since, owed.reminded_at, owed.alive, owed.empty_turns = now, None, False, 0
    unsent = list(floor.unsent)
    floor.unsent.clear()
    if not floor.begun and not seeded and not resumed:
        floor.ask(Owed("greeting", now, directions.BEGIN))
        floor.send(directions.BEGIN)
    elif floor.direction:
        floor.direct(floor.direction, now)
    elif owed and not unsent and sound < SUBSTANTIAL:
        floor.send(directions.GOODBYE if owed.kind == "farewell" else directions.GO_ON)
    for text in unsent:
        floor.send(text)
    if sound >= SUBSTANTIAL and floor.state in (State.OPEN, State.WAITING) and not floor.ear.speaking:
        floor.owed = floor.owed or Owed("answer", now)
        floor.go(Trigger.ANSWERED)


def closing(floor: Floor, leave_by: float) -> None:
    """goAway: the connection is left at the next pause, at the latest at `leave_by`."""
    floor.leave_by = leave_by


def lost(floor: Floor, now: float) -> None:
    """The connection is gone, perhaps in the middle of a turn. What was said of the turn stands."""
    floor.connected = False
    floor.discarding = floor.ending is not None
    floor.gemini_turn = GeminiTurn()
    floor.leftovers_until = float("-inf")
    if floor.owes_farewell:
        floor.goodbye.refusals = 0  # the next session does not know that it was asked for a goodbye
    broken, floor.incoming = floor.incoming, Incoming()
    if broken.playing:
        floor.sound_ends_at = broken.ends_at
        floor.tell(floor.turns.break_off(broken.ends_at))
        floor.begun = floor.begun and not (floor.turns.empty and not floor.answers_before)
        floor.act(actions.EndUtterance())
        if floor.farewell_by is None:
            floor.go(Trigger.LOST)
            floor.owed = Owed("direction", now, directions.GO_ON)
        else:
            floor.go(Trigger.COMPLETE)
            floor.go(Trigger.FAREWELL)
    if floor.ending:
        floor.finish(floor.ending[0])
    elif floor.farewell_by is not None and not floor.playing and not floor.owes_farewell:
        floor.finish(floor.end_reason)
