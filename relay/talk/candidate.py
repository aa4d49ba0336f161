"""Evidence of the candidate: their microphone, what they type, and what the page has played to them."""

from typing import Final

from contract.limits import MICROPHONE_RATE
from interview.fence import neutral
from interview.record import EndedReason
from relay.talk import actions
from relay.talk.ear import RELEASE, Change
from relay.talk.farewell import is_goodbye
from relay.talk.floor import Floor
from relay.talk.owed import Owed
from relay.talk.state import State, Trigger

SUBSTANTIAL: Final = 0.8
"""Seconds of speech that want a reply, transcribed or not: more than a cough or "mm-hm"."""
LAST_WORDS: Final = 3.0
"""Seconds for which an end waits for the words of what was just said. Recorded: they take 1.0 to 2.8."""
END_OF_ANSWER: Final = 2.2
"""Seconds of silence that end an answer (relay/gemini/setup.py END_OF_ANSWER_MS)."""
_INTERVIEWER: Final = (State.SPEAKING, State.PLAYING, State.LEAVING)


def microphone(floor: Floor, pcm: bytes, now: float, *, filled: bool = False) -> bool:
    """A frame of the microphone (PCM16 mono 16 kHz), or silence that is `filled` in. Returns whether Gemini gets it.

    Gemini ends an answer after the silence that it receives. In thinking time only speech goes through, with its tail.
    """
    change = floor.ear.hear(pcm, now, learn=not filled)
    if change is Change.BEGAN:
        _speaks(floor)
    elif change is Change.ENDED:
        _pauses(floor, now)
    return floor.state is not State.THINKING or floor.ear.speaking


def _speaks(floor: Floor) -> None:
    over = floor.state in _INTERVIEWER
    floor.turns.hear(floor.ear.began_at, over=over)
    floor.active()
    floor.handle_is_fresh = False
    if over:
        return
    floor.reminded = False
    floor.show("speech")
    if floor.owed and floor.owed.kind == "answer":
        floor.owed = None
    if floor.owed is None:
        floor.go(Trigger.SPEAKS)


def _pauses(floor: Floor, now: float) -> None:
    floor.turns.pause(floor.ear.ended_at, floor.ear.seconds)
    floor.active()
    if floor.state not in _INTERVIEWER:
        floor.show("writing" if floor.turns.unwritten(now) else "quiet")
    if floor.state is not State.ANSWERING:
        return
    if floor.turns.answering or floor.turns.answer_seconds >= SUBSTANTIAL:
        floor.owed = Owed("answer", floor.ear.ended_at)
        floor.go(Trigger.ANSWERED)
    else:
        floor.go(Trigger.NOISE)


def typed(floor: Floor, text: str, now: float, *, answer_id: str | None = None) -> bool:
    """A typed answer. It cuts the interviewer off as speaking would. Returns False for one without a visible character,
    which is no answer. `answer_id` is the page's.
    """
    shown = neutral(text)  # nothing that they type looks like a direction
    if not shown.strip():
        return False
    floor.active()
    floor.goodbye.at = None
    floor.handle_is_fresh = False
    floor.reminded = False
    speaking = floor.state is State.SPEAKING
    floor.tell(floor.turns.type(text, now, answer_id))
    if speaking or floor.state is State.PLAYING:
        floor.cut()
        floor.discarding = speaking
    floor.go(Trigger.RELEASES)
    floor.give_floor("candidate")
    floor.owed = Owed("text", now, shown)
    floor.go(Trigger.ANSWERED)
    if floor.connected:
        floor.send(shown)
    else:
        floor.unsent.append(shown)
    return True


def done(floor: Floor, now: float) -> None:
    """The candidate says that their spoken answer is complete: it ends at once, without a silence.

    Nothing happens when nothing was said, while the interviewer has the floor, or twice for the same words.
    """
    if floor.state not in (State.OPEN, State.ANSWERING, State.WAITING) or floor.ending or not floor.connected:
        return
    if floor.ear.speaking:
        microphone(floor, bytes(round(RELEASE * 2 * MICROPHONE_RATE)), now, filled=True)
    if not floor.turns.finish_answer():
        return
    floor.active()
    if floor.state is not State.WAITING:
        # So short that it could have been a noise: they say that it was an answer.
        floor.owed = Owed("answer", now)
        floor.go(Trigger.ANSWERED)
    floor.act(actions.SendSilence(END_OF_ANSWER))


def hold(floor: Floor, *, on: bool, now: float) -> None:
    """The candidate asks for time to think, or ends it."""
    floor.active()
    if on:
        if floor.state in (State.SPEAKING, State.PLAYING):
            speaking = floor.state is State.SPEAKING
            floor.tell(floor.turns.cut(now))
            floor.cut()
            floor.discarding = speaking
        if floor.owed and floor.owed.kind in ("answer", "direction"):
            floor.owed = None
        floor.go(Trigger.HOLDS)
        if floor.state is State.THINKING:
            floor.give_floor("thinking")
    elif floor.state is State.THINKING:
        floor.go(Trigger.RELEASES)
        floor.give_floor("candidate")
        floor.open(now)


def played(floor: Floor, now: float, *, heard: bool = True) -> None:
    """What the interviewer said has been played to its end; `heard`: this was reported just now."""
    if floor.state is State.SPEAKING:
        return  # of the utterance before: the present one is still to be played
    if floor.playing:
        floor.tell(floor.turns.played(now if heard else None))
    floor.playing = False
    if floor.state not in (State.PLAYING, State.LEAVING):
        return
    floor.act(actions.Played())
    if floor.state is State.LEAVING:
        floor.farewell_by = min(floor.farewell_by or now, now + LAST_WORDS)
        floor.leave_if_done(now)
        return
    floor.go(Trigger.PLAYED)
    if floor.goodbye.directed or is_goodbye(floor.turns.interviewer_text):
        floor.goodbye.at = now
    floor.open(now)


def end(floor: Floor, reason: EndedReason, now: float) -> None:
    """The candidate ends, or time is up. The words of what was just said are waited for."""
    if floor.ending or floor.state is State.OVER:
        return
    if floor.state in (State.SPEAKING, State.PLAYING):
        floor.tell(floor.turns.cut(now))
        floor.cut()
    floor.discarding = True
    if floor.ear.speaking:
        floor.turns.pause(floor.ear.ended_at, floor.ear.seconds)
    if floor.connected and floor.turns.unwritten(now):
        floor.ending = (reason, now + LAST_WORDS)
        floor.act(actions.SendSilence(END_OF_ANSWER))
    else:
        floor.finish(reason)
