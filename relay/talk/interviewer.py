"""Evidence of the interviewer: what Gemini sends. One function for each event, in the order in which they occur."""

from typing import Any, Final

from relay.talk import actions, directions
from relay.talk.farewell import is_goodbye
from relay.talk.floor import Floor
from relay.talk.incoming import LONGEST, GeminiTurn, Incoming
from relay.talk.owed import Owed
from relay.talk.state import State, Trigger

LEFTOVERS: Final = 1.5
"""Seconds after an utterance in which a little more sound or words are its leftovers (livekit/agents#6421)."""
RECENT: Final = 3.0
"""Seconds since the candidate's last sound within which an interruption is theirs. Recorded: 0.3 after speech began."""
SOON: Final = 0.5
"""Seconds within which speech can not have been transcribed yet. Recorded: 1.0 at the least."""
ASK_AGAIN: Final = 2
"""Empty turns in a row that are asked for again on the same connection. Reported: up to half of the turns
(python-genai#2117)."""
REFUSALS: Final = 2
"""How often a call that ends the interview without a goodbye is answered by asking for one."""
FAREWELL_TIMEOUT: Final = 30.0
"""Seconds from the call that ends the interview until it ends even if the goodbye has not been played."""


def audio(floor: Floor, pcm: bytes, now: float) -> bool:
    """Sound (PCM16 mono 24 kHz). Returns whether it is to be played as it is, as nearly every message is."""
    floor.last_sound_at = now
    incoming = floor.incoming
    if incoming.playing:
        if incoming.pass_through(len(pcm)):
            return True
        _cut_endless(floor, now)
    elif not _ignores(floor):
        if incoming.empty and _are_leftovers(floor, now):
            incoming.leftover = True
        incoming.hold(pcm)
        _begin_if_speech(floor, now, complete=False)
    return False


def said(floor: Floor, text: str, now: float) -> None:
    """Words of the interviewer. They come with their sound, or a little ahead of it."""
    incoming = floor.incoming
    if _ignores(floor):
        return
    if incoming.playing:
        floor.tell(floor.turns.say(text))
    elif _are_leftovers(floor, now) and not incoming.words and (incoming.empty or incoming.leftover):
        if directions.read_aloud(text) in ("no", "perhaps"):
            floor.tell(floor.turns.say(text))
    else:
        incoming.words += text
        _begin_if_speech(floor, now, complete=False)


def generated(floor: Floor, now: float) -> None:
    """generationComplete: all of the utterance has been sent."""
    discarded, floor.discarding = floor.discarding, floor.ending is not None
    if discarded or floor.ending:
        floor.leftovers_until = now + LEFTOVERS
        return
    _begin_rest(floor, now)
    if floor.incoming.playing:
        _finish_utterance(floor, now)


def complete(floor: Floor, now: float, *, reason: str | None = None) -> None:
    """turnComplete: recorded when the utterance has been played, by the service's clock. `reason` is the service's."""
    if floor.owed:
        floor.owed.alive = True
    discarded, floor.discarding = floor.discarding, floor.ending is not None
    if floor.incoming.playing:
        _break_off(floor, now)
    elif not discarded:
        _begin_rest(floor, now)
        if floor.incoming.playing:
            _finish_utterance(floor, now)
    turn, floor.gemini_turn = floor.gemini_turn, GeminiTurn()
    inaudible = floor.incoming.inaudible
    floor.incoming = Incoming()
    if turn.spoke:
        floor.completed_turns += 1
    elif not (turn.called or turn.interrupted or discarded):
        _empty_turn(floor, now, silent=turn.silent and reason is None, inaudible=inaudible)


def interrupted(floor: Floor, now: float) -> None:
    """Gemini has stopped because it heard the candidate, or because it thinks so (python-genai#2333)."""
    if floor.ending:
        return
    theirs = floor.ear.speaking or now - floor.ear.ended_at < RECENT or floor.discarding or floor.turns.answering
    floor.gemini_turn.interrupted = True
    floor.discarding = False
    floor.leftovers_until = float("-inf")
    if floor.farewell_by is not None:
        if floor.incoming.playing:
            _finish_utterance(floor, now)  # "thanks, bye" over its end: the goodbye stands
    elif not theirs:
        floor.note("phantom_interruption")
        if floor.incoming.playing:
            _break_off(floor, now)
            floor.leftovers_until = float("-inf")  # recorded: nothing more comes of an interrupted utterance
    elif floor.state in (State.SPEAKING, State.PLAYING):
        floor.tell(floor.turns.cut(now))
        floor.cut()
        floor.give_floor("candidate")
        floor.open(now)
    elif not floor.incoming.playing:
        floor.incoming = Incoming()


def transcribed(floor: Floor, text: str, now: float) -> None:
    """Words of the candidate: on Gemini Live 3.8 a whole answer at once, 1.0 to 2.8 s after it has ended."""
    if floor.owed:
        floor.owed.alive = True
    speaking = floor.ear.speaking
    floor.tell(floor.turns.transcribe(text, now, speaking=speaking))
    floor.acknowledge(min(floor.ear.began_at if speaking else floor.ear.ended_at, now - SOON))
    if not floor.turns.unwritten(now):
        floor.show("speech" if speaking and floor.state is State.ANSWERING else "quiet")
        if floor.ending:
            floor.finish(floor.ending[0])
    if floor.turns.answering and floor.state is State.OPEN and not speaking:
        floor.active()
        floor.owed = Owed("answer", now, alive=True)
        floor.go(Trigger.ANSWERED)


def called(floor: Floor, call_id: str, name: str, arguments: dict[str, Any], now: float) -> None:
    """A tool call. Every call gets a response.

    Recorded calls come with generationComplete and turnComplete in the same instant, and without speech before them.
    """

    def respond(response: dict[str, object], *, silent: bool = False) -> None:
        floor.act(actions.Respond(call_id, name, response, silent))

    floor.gemini_turn.called = True
    if floor.owed:
        floor.owed.alive = True
    answers = floor.answers_before + floor.turns.answers + floor.turns.answering
    if name != directions.END_INTERVIEW:
        respond({"error": directions.NO_SUCH_TOOL})
    elif arguments.get("reason") == "finished" and answers < directions.MIN_ANSWERS:
        respond({"error": directions.TOO_EARLY})
        floor.ask(Owed("direction", now, directions.REMIND))
    elif not _has_said_goodbye(floor) and floor.goodbye.refusals < REFUSALS:
        floor.goodbye.refusals += 1
        floor.farewell_by = now + FAREWELL_TIMEOUT
        respond({"result": directions.NO_GOODBYE})
        floor.ask(Owed("farewell", now, directions.GOODBYE))
    else:
        floor.farewell_by = now + FAREWELL_TIMEOUT
        floor.owed = None
        respond({"result": directions.ENDS}, silent=True)
        floor.go(Trigger.FAREWELL)
        floor.leave_if_done(now)


def _ignores(floor: Floor) -> bool:
    """Whether nothing of what comes in is for the candidate."""
    return floor.discarding or floor.state in (State.THINKING, State.OVER)


def _are_leftovers(floor: Floor, now: float) -> bool:
    spoken_since = floor.ear.speaking or floor.ear.ended_at > floor.utterance_began_at
    return now < floor.leftovers_until and floor.owed is None and not spoken_since


def _begin_if_speech(floor: Floor, now: float, *, complete: bool) -> None:
    match floor.incoming.verdict(complete=complete):
        case "speech":
            _begin(floor, now)
        case "mark":
            floor.gemini_turn.silent = True
        case _:
            pass


def _begin_rest(floor: Floor, now: float) -> None:
    """Begin what was held back, if it is speech: no more of it comes."""
    if not floor.incoming.playing and not floor.incoming.empty:
        _begin_if_speech(floor, now, complete=True)


def _begin(floor: Floor, now: float) -> None:
    """The interviewer's utterance begins."""
    owed, floor.owed = floor.owed, None
    delay = None
    if owed and owed.kind in ("answer", "text"):
        heard = owed.kind == "answer" and floor.ear.began_at > float("-inf")
        delay = round((now - (floor.ear.ended_at if heard else owed.since)) * 1000)
    if not floor.ear.speaking:
        floor.acknowledge(floor.ear.ended_at)
    sounds_at = max(now, floor.sound_ends_at) if floor.playing else now
    answered = floor.turns.answering or floor.state is State.OPEN
    asks = owed.kind in ("greeting", "answer", "text") if owed else answered
    unheard = owed is None and floor.state is State.OPEN and not floor.turns.answering
    floor.tell(floor.turns.begin(now, sounds_at=sounds_at, unheard=unheard))
    floor.go(Trigger.BEGINS)
    floor.questions.begin(asks=asks)
    floor.begun = floor.gemini_turn.spoke = floor.playing = True
    floor.handle_is_fresh = floor.said_slow = False
    floor.direction = floor.goodbye.at = None
    floor.show("quiet")
    turn = floor.turns.interviewer_turn
    assert turn is not None  # noqa: S101 - begin() has just opened it
    floor.act(actions.Begin(turn, delay))
    floor.give_floor("interviewer")
    floor.utterance_began_at = now
    held = floor.incoming.release(sounds_at)
    if floor.incoming.words:
        floor.tell(floor.turns.say(floor.incoming.words))
    floor.act(actions.Play(held))


def _finish_utterance(floor: Floor, now: float) -> None:
    incoming, floor.incoming = floor.incoming, Incoming()
    floor.sound_ends_at = max(now, incoming.ends_at)
    floor.tell(floor.turns.end(floor.sound_ends_at))
    floor.act(actions.EndUtterance())
    floor.count_question()
    floor.leftovers_until = now + LEFTOVERS
    floor.go(Trigger.COMPLETE)
    if floor.farewell_by is not None:
        floor.go(Trigger.FAREWELL)


def _break_off(floor: Floor, now: float) -> None:
    """The utterance is over before all of it was sent. An unfinished sentence is asked for at once."""
    unfinished = not floor.turns.sentence_ended
    _finish_utterance(floor, now)
    if unfinished and floor.farewell_by is None:
        floor.direct(directions.FINISH, now)


def _empty_turn(floor: Floor, now: float, *, silent: bool, inaudible: bool) -> None:
    """A turn in which nothing could be heard: asked for again at once, then on a fresh connection.

    After a spoken answer a marked silence is the model's own choice: "mm-hmm" needs no reply.
    """
    owed = floor.owed
    if owed is None or floor.state is not State.WAITING:
        return
    if silent and owed.kind == "answer":
        owed.silent = True
        return
    owed.empty_turns += 1
    floor.note("empty_turn", kind=owed.kind, inaudible=int(inaudible), count=owed.empty_turns)
    if owed.empty_turns > 1:
        floor.say_slow()
    if owed.empty_turns > ASK_AGAIN:
        owed.empty_turns = 0
        floor.redial("empty_turns")
    else:
        owed.since, owed.reminded_at = now, None
        floor.send(directions.SAY_AGAIN if owed.kind == "answer" or inaudible else owed.text)


def _cut_endless(floor: Floor, now: float) -> None:
    floor.note("endless_sound", seconds=round(LONGEST))
    floor.tell(floor.turns.cut(now))
    floor.cut()
    floor.say_slow()
    floor.owed = Owed("direction", now, directions.SAY_AGAIN)
    floor.open(now)
    floor.redial("endless_sound")


def _has_said_goodbye(floor: Floor) -> bool:
    """Whether the interviewer has said something since the candidate's last words."""
    if floor.incoming.playing or is_goodbye(floor.turns.interviewer_text):
        return True
    return floor.owed is None and not floor.turns.answering and floor.begun and floor.state is not State.ANSWERING
