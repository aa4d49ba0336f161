"""The floor: who speaks, who is waited for, what was received, and what has to be done about it.

This is the interview's state machine. It does no I/O and knows no event loop: evidence comes in (microphone frames,
Gemini's events, playback, typing, the time), actions come out (relay/talk/actions.py). `TRANSITIONS` is the whole table of
states; docs/floor.md draws it. Where a rule rests on what Gemini Live does, docs/reliability.md says where that is known from.

Times are seconds of one monotonic clock, given with each piece of evidence.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Literal

from interview.record import EndedReason, Turn
from relay.browser import messages
from relay.talk import actions, directions, notices
from relay.talk.actions import Action
from relay.talk.ear import Change, Ear
from relay.talk.farewell import is_goodbye
from relay.talk.turns import Caption, TurnEvent, TurnLog

ANSWER: Final = 8.0
"""Seconds from the candidate's last sound to the interviewer's first, after which Gemini is reminded. Recorded: 1.3 to
3.3 with the service's default settings; ours add 1.5 (`END_OF_ANSWER_MS`)."""
AFTER_REMINDER: Final = 4.0
"""Seconds after the reminder in which the reply must have begun. Recorded replies to text: 0.5 to 2.5."""
STALLED: Final = 8.0
"""Seconds without sound in the middle of an utterance after which the connection is replaced. Recorded: under 1.5."""
SUBSTANTIAL: Final = 0.8
"""Seconds of speech that want a reply, transcribed or not: more than a cough or "mm-hm"."""
INAUDIBLE: Final = 64
"""The amplitude (of 32,768) that an utterance must exceed. Reported: replies at an amplitude of 2
(gemini-live-api-examples#40). Quiet speech peaks in the thousands."""
WORDLESS: Final = 0.5
"""Seconds of audible sound that are played although no words of it have come."""
LONGEST_UTTERANCE: Final = 60.0
"""Seconds of sound after which an utterance is cut: an endless tone (python-genai#2715). Questions take 5 to 25."""
RESIDUAL: Final = 1.5
"""Seconds after an utterance in which a little more sound or words are its leftovers (livekit/agents#6421)."""
RESIDUAL_SOUND: Final = 0.7
"""Seconds of sound up to which they are leftovers, and are dropped."""
SOON: Final = 0.5
"""Seconds within which speech can not have been transcribed yet. Recorded: 1.0 at the least."""
RECENT: Final = 3.0
"""Seconds since the candidate's last sound within which an interruption is theirs. Recorded: 0.3 after speech began."""
ASK_GENTLY_AFTER: Final = 25.0
OFFER_HELP_AFTER: Final = 50.0
SUSPEND_AFTER: Final = 180.0
"""Seconds of an idle floor: the interviewer asks gently; the page offers "let me think" and typing; the interview stops."""
FAREWELL_TIMEOUT: Final = 30.0
"""Seconds from the accepted end to an end that waits no longer for the farewell to be played."""
LAST_WORDS: Final = 3.0
"""Seconds for which an end waits for the words of what was just said."""
QUIET_AFTER_GOODBYE: Final = 15.0
"""Seconds of quiet after a goodbye that end an interview whose end was not called (livekit/agents#5096)."""
ASK_AGAIN: Final = 2
"""Empty turns in a row that are asked for again on the same connection."""
END_OF_ANSWER: Final = 2.2
"""Seconds of silence that end an answer (relay/gemini/model.py END_OF_ANSWER_MS)."""
_BYTES_A_SECOND: Final = 2 * messages.VOICE_RATE


class State(Enum):
    """Who has the floor."""

    WAITING = "the interviewer owes words"
    SPEAKING = "the interviewer's speech is coming in"
    PLAYING = "all of it has come, and is being played"
    OPEN = "the candidate may speak, and does not"
    ANSWERING = "the candidate speaks"
    THINKING = "the candidate keeps the floor to think"
    LEAVING = "goodbye was said, and is being played"
    OVER = "the interview has ended"


class Trigger(Enum):
    """What moves the floor from one state to another."""

    BEGINS = "an utterance begins"
    COMPLETE = "all of the utterance has come"
    PLAYED = "it has been played"
    CUT = "the candidate has cut it off"
    LOST = "the connection is lost"
    SPEAKS = "the candidate begins to speak"
    ANSWERED = "the candidate has spoken or typed"
    NOISE = "it was a noise"
    ASKED = "the interviewer is asked to speak"
    SILENT = "the interviewer stays silent on purpose"
    HOLDS = "the candidate asks for time to think"
    RELEASES = "the candidate gives it back"
    FAREWELL = "the interviewer may end"
    ENDS = "the interview ends"


_S, _T = State, Trigger
TRANSITIONS: Final[dict[State, dict[Trigger, State]]] = {
    _S.WAITING: {
        _T.BEGINS: _S.SPEAKING,
        _T.SPEAKS: _S.ANSWERING,
        _T.SILENT: _S.OPEN,
        _T.HOLDS: _S.THINKING,
    },
    _S.SPEAKING: {
        _T.COMPLETE: _S.PLAYING,
        _T.CUT: _S.OPEN,
        _T.LOST: _S.WAITING,
        _T.HOLDS: _S.THINKING,
    },
    _S.PLAYING: {
        _T.BEGINS: _S.SPEAKING,
        _T.PLAYED: _S.OPEN,
        _T.CUT: _S.OPEN,
        _T.HOLDS: _S.THINKING,
        _T.FAREWELL: _S.LEAVING,
    },
    _S.OPEN: {
        _T.BEGINS: _S.SPEAKING,
        _T.SPEAKS: _S.ANSWERING,
        _T.ANSWERED: _S.WAITING,
        _T.ASKED: _S.WAITING,
        _T.HOLDS: _S.THINKING,
        _T.FAREWELL: _S.LEAVING,
    },
    _S.ANSWERING: {
        _T.BEGINS: _S.SPEAKING,
        _T.ANSWERED: _S.WAITING,
        _T.ASKED: _S.WAITING,
        _T.NOISE: _S.OPEN,
        _T.HOLDS: _S.THINKING,
        _T.FAREWELL: _S.LEAVING,
    },
    _S.THINKING: {
        _T.RELEASES: _S.OPEN,
    },
    _S.LEAVING: {
        _T.BEGINS: _S.SPEAKING,
    },
    _S.OVER: {},
}
"""Every move there is. `ENDS` leads to `OVER` from everywhere; a trigger that is not listed for a state changes nothing."""

Kind = Literal["greeting", "answer", "text", "direction", "farewell"]


@dataclass(slots=True)
class _Owed:
    """Words that the interviewer owes. All but a spoken answer must be followed by speech."""

    kind: Kind
    since: float
    text: str = ""
    """What to send again if nothing comes."""
    empty_turns: int = 0
    reminded_at: float | None = None
    alive: bool = False
    """Gemini has shown since then that it is there: it transcribed, or ended a turn."""


@dataclass(slots=True)
class _Incoming:
    """What Gemini has sent of an utterance. Sound and words are held until they prove to be speech for the candidate."""

    held: list[bytes] = field(default_factory=list)
    held_bytes: int = 0
    audible_bytes: int = 0
    words: str = ""
    playing: bool = False
    bytes: int = 0
    began_at: float = 0.0
    residual: bool = False
    """It may be what is left of the utterance before."""


class Floor:
    """One connection's floor. Every method takes one piece of evidence; `take_actions` returns what follows from it."""

    def __init__(
        self,
        turns: TurnLog,
        *,
        before: Sequence[Turn],
        now: float,
        is_time_up: Callable[[], bool],
        ear: Ear | None = None,
    ) -> None:
        """`before` are the turns of earlier connections; `is_time_up` tells whether an end is the clock's."""
        self.turns = turns
        self.ear = ear or Ear()
        self._actions: list[Action] = []
        self._is_time_up = is_time_up
        self._answers_before = sum(turn.speaker == "candidate" for turn in before)
        self.begun = bool(before)
        """Something has been said."""
        owes = bool(before) and (before[-1].speaker == "candidate" or before[-1].interrupted)
        self.state = State.WAITING if owes or not before else State.OPEN
        self._owed: _Owed | None = None
        if not before:
            self._owed = _Owed("greeting", now, directions.BEGIN)
        elif owes:
            self._owed = _Owed("direction", now, directions.GO_ON)
        self._holder: messages.Floor = "candidate"
        self._hearing: actions.Hearing = "quiet"
        self._incoming = _Incoming()
        self._discarding = False
        """What comes in was cut off by the candidate."""
        self._spoke = self._called = self._silent = False
        """In Gemini's present turn: something was played; a tool was called; it was marked as silent on purpose."""
        self._interrupted = False
        """Gemini's present turn was interrupted: its end is no empty turn."""
        self._playing = False
        """Something is being played that has not been played to its end."""
        self._residual_until = float("-inf")
        self._last_sound_at = now
        self._connected = False
        self._connected_at = now
        self.completed_turns = 0
        """Turns that Gemini has completed with speech on the present connection."""
        self._reminded = False
        """Since the candidate last spoke."""
        self._advice: str | None = None
        self._direction: str | None = None
        """A direction that has not been followed yet: it is sent again on the next connection."""
        self._unsent: deque[str] = deque(maxlen=64)
        """Typed while there was no connection."""
        self._leave_by: float | None = None
        self._farewell_by: float | None = None
        self._farewell_refused = False
        self._goodbye_directed = False
        self._goodbye_at: float | None = None
        self._idle_since: float | None = now if before and not owes else None
        self._idle_steps = 0
        self._ending: tuple[EndedReason, float] | None = None
        self.handle_is_fresh = False
        """Nothing has been said since the newest resumption handle came."""

    # What is so

    def take_actions(self) -> list[Action]:
        """The actions that have come up since the last call, in order."""
        found, self._actions = self._actions, []
        return found

    @property
    def thinking(self) -> bool:
        """The candidate keeps the floor."""
        return self.state is State.THINKING

    @property
    def speaking(self) -> bool:
        """The interviewer's speech is coming in."""
        return self.state is State.SPEAKING

    @property
    def waiting_since(self) -> float | None:
        """Since when somebody waits for the interviewer; None when nobody does."""
        return self._owed.since if self._owed and self.state is State.WAITING else None

    @property
    def connected(self) -> bool:
        """There is a connection to Gemini."""
        return self._connected

    def at_rest(self, now: float) -> bool:
        """Whether nobody speaks, nobody is waited for, and all that was said has its words."""
        return (
            self.state in (State.OPEN, State.THINKING)
            and self._owed is None
            and not self.ear.speaking
            and not self.turns.answering
            and not self.turns.unwritten(now)
        )

    # Evidence: the candidate

    def microphone(self, pcm: bytes, now: float) -> bool:
        """A frame of the microphone (PCM16 mono 16 kHz). Returns whether Gemini is to get it.

        Gemini ends an answer by the silence that it is sent. In thinking time only speech goes through, with its tail.
        """
        change = self.ear.hear(pcm, now)
        if change is Change.BEGAN:
            self._candidate_speaks()
        elif change is Change.ENDED:
            self._candidate_pauses(now)
        return self.state is not State.THINKING or self.ear.speaking

    def _candidate_speaks(self) -> None:
        over = self.state in (State.SPEAKING, State.PLAYING, State.LEAVING)
        self.turns.hear(self.ear.began_at, over=over)
        self._active()
        self.handle_is_fresh = False
        if not over:
            self._reminded = False
            self._show("speech")
        if self.state is State.WAITING and self._owed and self._owed.kind == "answer":
            self._owed = None
        if self.state in (State.OPEN, State.WAITING) and self._owed is None:
            self._go(Trigger.SPEAKS)

    def _candidate_pauses(self, now: float) -> None:
        self.turns.pause(self.ear.began_at, self.ear.ended_at)
        self._active()
        if self.state not in (State.SPEAKING, State.PLAYING, State.LEAVING):
            self._show("writing" if self.turns.unwritten(now) else "quiet")
        if self.state is State.ANSWERING:
            self._candidate_answered(now)

    def _candidate_answered(self, now: float) -> None:
        """The candidate has stopped speaking. A reply is owed unless it was only a noise."""
        if self.turns.answering or self.turns.answer_seconds >= SUBSTANTIAL:
            self._owe(_Owed("answer", min(now, self.ear.ended_at) if self.ear.ended_at > 0 else now))
            self._go(Trigger.ANSWERED)
        else:
            self._go(Trigger.NOISE)

    def type(self, text: str, now: float) -> None:
        """A typed answer. It cuts the interviewer off as speaking would."""
        self._active()
        self._goodbye_at = None
        self.handle_is_fresh = False
        speaking = self.state is State.SPEAKING
        playing = speaking or self.state is State.PLAYING
        self._tell(self.turns.type(text, now))
        if playing:
            self._cut()
            self._discarding = speaking
        self._go(Trigger.RELEASES)
        self._give_floor("candidate")
        self._reminded = False
        shown = directions.as_words(text)
        self._owe(_Owed("text", now, shown))
        self._go(Trigger.ANSWERED)
        if self._connected:
            self._send(shown)
        else:
            self._unsent.append(shown)

    def hold(self, *, on: bool, now: float) -> None:
        """The candidate asks for time to think, or gives it back."""
        self._active()
        if on:
            if self.state in (State.SPEAKING, State.PLAYING):
                self._discarding = self.state is State.SPEAKING
                self._tell(self.turns.cut(now))
                self._cut()
            if self.state is State.WAITING and self._owed and self._owed.kind in ("answer", "direction"):
                self._owed = None
            self._go(Trigger.HOLDS)
            self._give_floor("thinking" if self.state is State.THINKING else self._holder)
        elif self.state is State.THINKING:
            self._go(Trigger.RELEASES)
            self._give_floor("candidate")
            self._open_floor(now)

    def played(self, now: float) -> None:
        """What was said has been played to its end."""
        if self.state not in (State.PLAYING, State.LEAVING):
            return
        self._playing = False
        self.turns.played()
        self._act(actions.Played())
        if self.state is State.PLAYING:
            self._go(Trigger.PLAYED)
            if self._goodbye_directed or is_goodbye(self.turns.interviewer_text):
                self._goodbye_at = now
            self._open_floor(now)
        else:
            self._farewell_by = min(self._farewell_by or now, now + LAST_WORDS)
            self._leave_if_done(now)

    def end(self, reason: EndedReason, now: float) -> None:
        """The candidate ends, or time is up. Words of what was just said are waited for."""
        if self._ending or self.state is State.OVER:
            return
        if self.state in (State.SPEAKING, State.PLAYING):
            self._tell(self.turns.cut(now))
            self._cut()
        self._discarding = True
        if self.ear.speaking:
            self.turns.pause(self.ear.began_at, self.ear.ended_at)
        if self._connected and self.turns.unwritten(now):
            self._ending = (reason, now + LAST_WORDS)
            self._act(actions.Hush(END_OF_ANSWER))
        else:
            self._end(reason)

    # Evidence: Gemini

    def audio(self, pcm: bytes, now: float) -> bool:
        """Sound of the interviewer (PCM16 mono 24 kHz). Returns whether it is to be played; as few steps as there can be."""
        self._last_sound_at = now
        incoming = self._incoming
        if incoming.playing:
            incoming.bytes += len(pcm)
            if incoming.bytes > LONGEST_UTTERANCE * _BYTES_A_SECOND:
                self._cut_endless(now)
                return False
            return True
        self._hold_back(pcm, now)
        return False

    def _hold_back(self, pcm: bytes, now: float) -> None:
        if self._discarding or self.state in (State.THINKING, State.OVER):
            return
        incoming = self._incoming
        if not incoming.held and self._is_residual(now):
            incoming.residual = True
        incoming.held.append(pcm)
        incoming.held_bytes += len(pcm)
        if incoming.audible_bytes or _peak(pcm) > INAUDIBLE:
            incoming.audible_bytes += len(pcm)
        if incoming.residual and incoming.held_bytes < RESIDUAL_SOUND * _BYTES_A_SECOND:
            return
        incoming.residual = False
        if incoming.held_bytes > LONGEST_UTTERANCE * _BYTES_A_SECOND:
            incoming.held.clear()
        self._begin_if_speech(now, complete=False)

    def _is_residual(self, now: float) -> bool:
        return now < self._residual_until and self._owed is None

    def said(self, text: str, now: float) -> None:
        """Words of the interviewer. They come with the sound, or a little ahead of it."""
        if self._discarding or self.state in (State.THINKING, State.OVER):
            return
        if self._incoming.playing:
            self._tell(self.turns.say(text))
            return
        if self._is_residual(now) and (not self._incoming.held or self._incoming.residual) and not self._incoming.words:
            if directions.read_aloud(text) != "yes":
                self._tell(self.turns.say(text))
            return
        self._incoming.words += text
        self._begin_if_speech(now, complete=False)

    def _begin_if_speech(self, now: float, *, complete: bool) -> None:
        """Begin the utterance once its sound is audible and its words are no direction or mark."""
        incoming = self._incoming
        reading = directions.read_aloud(incoming.words)
        if reading == "yes":
            rest = directions.after_reading(incoming.words)
            if not rest:
                self._silent = True
                incoming.held.clear()
                incoming.held_bytes = incoming.audible_bytes = 0
                return
            incoming.words = rest
        elif reading == "perhaps" and not complete and incoming.audible_bytes < WORDLESS * _BYTES_A_SECOND:
            return
        if incoming.audible_bytes:
            self._begin(now)

    def _begin(self, now: float) -> None:
        incoming = self._incoming
        owed, self._owed = self._owed, None
        delay = None
        if owed and owed.kind in ("answer", "text"):
            since = self.ear.ended_at if owed.kind == "answer" else owed.since
            delay = round((now - since) * 1000)
        if not self.ear.speaking:
            self._acknowledge(self.ear.ended_at)
        self._tell(self.turns.begin(now))
        self._go(Trigger.BEGINS)
        self.begun = self._spoke = True
        self.handle_is_fresh = False
        self._direction = None
        self._goodbye_at = None
        self._show("quiet")
        turn = self.turns.interviewer_turn
        assert turn is not None  # noqa: S101 - begin() has just opened it
        self._act(actions.Begin(turn, delay))
        self._give_floor("interviewer")
        incoming.playing, incoming.began_at = True, now
        self._playing = True
        if incoming.words:
            self._tell(self.turns.say(incoming.words))
        incoming.bytes = incoming.held_bytes
        self._act(actions.Play(b"".join(incoming.held)))
        incoming.held.clear()

    def generated(self, now: float) -> None:
        """All of the utterance has been sent."""
        discarded, self._discarding = self._discarding, self._ending is not None
        if discarded or self._ending:
            self._residual_until = now + RESIDUAL
            return
        self._begin_rest(now)
        if self._incoming.playing:
            self._finish_utterance(now)

    def _begin_rest(self, now: float) -> None:
        """Begin what was held until now, if it is speech: no more of it comes."""
        if not self._incoming.playing and self._incoming.held and not self._incoming.residual:
            self._begin_if_speech(now, complete=True)

    def _finish_utterance(self, now: float) -> None:
        incoming, self._incoming = self._incoming, _Incoming()
        self._tell(self.turns.end(max(now, incoming.began_at + incoming.bytes / _BYTES_A_SECOND)))
        self._act(actions.EndUtterance())
        self._residual_until = now + RESIDUAL
        self._go(Trigger.COMPLETE)
        if self._farewell_by is not None:
            self._go(Trigger.FAREWELL)

    def complete(self, now: float, *, reason: str | None = None) -> None:
        """Gemini's turn is complete; `reason` is the service's own."""
        if self._owed:
            self._owed.alive = True
        discarded, self._discarding = self._discarding, self._ending is not None
        if self._incoming.playing:
            self._break_off(now)
        elif not discarded:
            self._begin_rest(now)
            if self._incoming.playing:
                self._finish_utterance(now)
        spoke, quiet_for_a_reason = self._spoke, self._called or self._interrupted or discarded
        silent = self._silent
        inaudible = bool(self._incoming.held_bytes) and not self._incoming.audible_bytes
        self._spoke = self._called = self._silent = self._interrupted = False
        self._incoming = _Incoming()
        if spoke:
            self.completed_turns += 1
        elif not quiet_for_a_reason:
            self._empty_turn(now, silent=silent and reason is None, inaudible=inaudible)

    def _break_off(self, now: float) -> None:
        """The utterance is over before all of it was sent. An unfinished sentence is asked for at once."""
        unfinished = not self.turns.sentence_ended
        self._finish_utterance(now)
        if unfinished and self._farewell_by is None:
            self._direct(directions.FINISH, now)

    def _empty_turn(self, now: float, *, silent: bool, inaudible: bool) -> None:
        """A turn in which nothing could be heard: asked for again at once, then on a fresh connection.

        After a spoken answer a marked silence is the model's own choice: "mm-hmm" needs no reply.
        """
        owed = self._owed
        if owed is None or self.state is not State.WAITING or (silent and owed.kind == "answer"):
            return
        owed.empty_turns += 1
        self._act(actions.Note("empty_turn", {"kind": owed.kind, "inaudible": inaudible, "count": owed.empty_turns}))
        if owed.empty_turns > 1:
            self._notify_slow()
        if owed.empty_turns > ASK_AGAIN:
            owed.empty_turns = 0
            self._redial("empty_turns", keep_handle=False)
        else:
            owed.since, owed.reminded_at = now, None
            self._send(owed.text if owed.kind != "answer" and not inaudible else directions.SAY_AGAIN)

    def interrupted(self, now: float) -> None:
        """Gemini has stopped because it heard the candidate, or because it thinks so."""
        if self._ending:
            return
        self._interrupted = True
        theirs = self.ear.speaking or now - self.ear.ended_at < RECENT or self._discarding or self.turns.answering
        self._discarding = False
        if self._farewell_by is not None:
            if self._incoming.playing:
                self._finish_utterance(now)  # "thanks, bye" over its tail: the goodbye stands
            return
        if not theirs:
            self._act(actions.Note("phantom_interruption", {}))
            if self._incoming.playing:
                self._break_off(now)
            return
        self._incoming = self._incoming if self._incoming.playing else _Incoming()
        if self.state in (State.SPEAKING, State.PLAYING):
            self._tell(self.turns.cut(now))
            self._cut()
            self._give_floor("candidate")
            self._open_floor(now)

    def transcribed(self, text: str, now: float) -> None:
        """Words of the candidate's."""
        if self._owed:
            self._owed.alive = True
        speaking = self.ear.speaking
        until = self.ear.began_at if speaking else self.ear.ended_at
        self._tell(self.turns.transcribe(text, now, speaking=speaking))
        self._acknowledge(min(until, now - SOON))
        if not self.turns.unwritten(now):
            self._show("speech" if speaking and self.state is State.ANSWERING else "quiet")
        if self.turns.answering and self.state is State.OPEN and not speaking:
            self._active()
            self._owe(_Owed("answer", now, alive=True))
            self._go(Trigger.ANSWERED)
        if self._ending and not self.turns.unwritten(now):
            self._end(self._ending[0])

    def called(self, call_id: str, name: str, arguments: dict[str, Any], now: float) -> None:
        """A tool call. Every call is answered, or the model may say nothing more."""
        self._called = True
        if self._owed:
            self._owed.alive = True
        answers = self._answers_before + self.turns.answers + self.turns.answering
        if name != directions.END_INTERVIEW:
            self._respond(call_id, name, {"error": directions.NO_SUCH_TOOL}, silent=False)
        elif arguments.get("reason") == "finished" and answers < directions.MIN_ANSWERS:
            self._respond(call_id, name, {"error": directions.TOO_EARLY}, silent=False)
            self._owe(_Owed("direction", now, directions.REMIND))
            self._wait()
        elif not self._has_said_goodbye and not self._farewell_refused:
            # All recorded calls came before any speech: the goodbye has to be asked for.
            self._farewell_refused = True
            self._farewell_by = now + FAREWELL_TIMEOUT
            self._respond(call_id, name, {"result": directions.NO_GOODBYE}, silent=False)
            self._owe(_Owed("farewell", now, directions.GOODBYE))
            self._wait()
        else:
            self._farewell_by = now + FAREWELL_TIMEOUT
            self._owed = None
            self._respond(call_id, name, {"result": directions.ENDS}, silent=True)
            self._go(Trigger.FAREWELL)
            self._leave_if_done(now)

    @property
    def _has_said_goodbye(self) -> bool:
        """The interviewer has said something since the candidate's last words."""
        if self._incoming.playing or is_goodbye(self.turns.interviewer_text):
            return True
        return self._owed is None and not self.turns.answering and self.begun and self.state is not State.ANSWERING

    def go_away(self, leave_by: float) -> None:
        """The connection will close: it is left at the next pause, at the latest at `leave_by`."""
        self._leave_by = leave_by

    # Evidence: the connection

    def dialling(self) -> None:
        """A connection is being made, and the transcript so far is read for it."""
        self._unsent.clear()

    def connected_to(self, now: float, *, resumed: bool, seeded: bool, sound: float) -> None:
        """A connection is there; `sound` seconds of speech are about to be sent again."""
        self._connected, self._connected_at = True, now
        self._leave_by = None
        self.completed_turns = 0
        self._last_sound_at = now
        owed = self._owed
        if owed:
            owed.since, owed.reminded_at, owed.alive, owed.empty_turns = now, None, False, 0
        unsent = list(self._unsent)
        self._unsent.clear()
        if not self.begun and not seeded and not resumed:
            self._owe(_Owed("greeting", now, directions.BEGIN))
            self._wait()
            self._send(directions.BEGIN)
        elif self._direction:
            self._direct(self._direction, now)
        elif owed and not unsent and sound < SUBSTANTIAL:
            self._send(directions.GO_ON if owed.kind != "farewell" else directions.GOODBYE)
        for text in unsent:
            self._send(text)
        if sound >= SUBSTANTIAL and self.state in (State.OPEN, State.WAITING) and not self.ear.speaking:
            if self._owed is None:
                self._owe(_Owed("answer", now))
            self._go(Trigger.ANSWERED)

    def lost(self, now: float) -> None:
        """The connection is gone, in the middle of whatever it was."""
        self._connected = False
        self._discarding = self._ending is not None
        self._spoke = self._called = self._silent = self._interrupted = False
        self._residual_until = float("-inf")
        broke_off = self._incoming.playing
        self._incoming = _Incoming()
        if broke_off:
            self._tell(self.turns.break_off(now))
            self._act(actions.EndUtterance())
            self._go(Trigger.LOST)
            if self._farewell_by is None:
                self._owe(_Owed("direction", now, directions.GO_ON))
        if self._ending:
            self._end(self._ending[0])
        elif self._farewell_by is not None and not self._playing and not self._owes_farewell:
            self._end(self._reason)

    # Directions

    def advise(self, direction: str, now: float) -> None:
        """Have the interviewer keep something in mind; sent at the next pause in which nobody speaks."""
        self._advice = direction
        self._send_advice(now)

    def interject(self, direction: str, now: float) -> None:
        """Tell the interviewer something at once, whoever is speaking."""
        self._advice = None
        self._goodbye_directed = direction == directions.GOODBYE
        if self.state is State.THINKING:
            self.hold(on=False, now=now)
        self._direct(direction, now)

    # Time

    def tick(self, now: float, *, played_by: float) -> None:
        """To be called a few times a second. `played_by` is when what was said must have been played."""
        self._tell(self.turns.expire(now))
        if self._hearing == "writing" and not self.turns.unwritten(now):
            self._show("quiet")
        if self._ending:
            if now >= self._ending[1]:
                self._end(self._ending[0])
            return
        if self.state in (State.PLAYING, State.LEAVING) and now > played_by:
            self.played(now)
        if self._farewell_by is not None:
            self._leave_if_done(now)
        if self.state is State.OVER:
            return
        if self._connected:
            self._check_reply(now)
            self._check_goodbye(now)
            self._check_leaving(now)
        self._check_idle(now)

    def _check_reply(self, now: float) -> None:
        if self.state is State.SPEAKING and now - self._last_sound_at > STALLED:
            self._redial("stalled", keep_handle=False)
            return
        owed = self._owed
        if owed is None or self.state is not State.WAITING or self.ear.speaking:
            return
        if self._goodbye_at is not None and owed.kind == "answer":
            return  # "thanks, bye" needs no reply
        if owed.reminded_at is None:
            if now - max(owed.since, self._connected_at) > ANSWER:
                self._remind(owed, now)
        elif now - owed.reminded_at > AFTER_REMINDER:
            if owed.kind == "answer" and owed.alive:
                self._stay_silent(now)
            else:
                owed.reminded_at, owed.since = None, now
                self._redial("no_reply", keep_handle=False)

    def _remind(self, owed: _Owed, now: float) -> None:
        """Nothing has come for too long: ask once more, and say so."""
        if owed.kind == "answer" and self._reminded:
            self._stay_silent(now)
            return
        self._reminded = True
        owed.reminded_at = now
        self._notify_slow()
        self._send(directions.REMIND if owed.kind == "answer" else owed.text)

    def _stay_silent(self, now: float) -> None:
        """Gemini is there and says nothing: it is the candidate's turn again."""
        self._owed = None
        self._go(Trigger.SILENT)
        self._open_floor(now)

    def _check_goodbye(self, now: float) -> None:
        if self._goodbye_at is None or self.state not in (State.OPEN, State.WAITING) or self.ear.speaking:
            return
        if now - max(self._goodbye_at, self.ear.ended_at) > QUIET_AFTER_GOODBYE:
            self._act(actions.Note("end_not_called", {}))
            self._end(self._reason)

    def _check_leaving(self, now: float) -> None:
        if self._leave_by is not None and (self.at_rest(now) or now >= self._leave_by):
            if not self.at_rest(now):
                self._act(actions.Note("rotated_in_mid_speech", {"state": self.state.name.lower()}))
            self._leave_by = None
            self._redial("go_away", keep_handle=True)

    def _check_idle(self, now: float) -> None:
        if self.state is not State.OPEN or self._goodbye_at is not None:
            return
        if self._idle_since is None:
            self._idle_since = now
        idle = now - self._idle_since
        if idle > SUSPEND_AFTER:
            self._act(actions.Suspend())
            self._go(Trigger.ENDS)
        elif idle > OFFER_HELP_AFTER and self._idle_steps < 2:  # noqa: PLR2004 - the second step
            self._idle_steps = 2
            self._act(actions.Notify(*notices.IDLE))
        elif idle > ASK_GENTLY_AFTER and self._idle_steps < 1 and self._connected:
            self._idle_steps = 1
            self._direct(directions.ASK_GENTLY, now)

    def flush(self, now: float) -> None:
        """It stops here: what was said so far is turns."""
        if self.ear.speaking:
            self.turns.pause(self.ear.began_at, self.ear.ended_at)
        self._tell(self.turns.flush(now))

    # Inside

    def _go(self, trigger: Trigger) -> None:
        self.state = TRANSITIONS[self.state].get(trigger, self.state) if trigger is not Trigger.ENDS else State.OVER

    def _act(self, action: Action) -> None:
        self._actions.append(action)

    def _send(self, text: str) -> None:
        self.handle_is_fresh = False
        self._act(actions.Send(text))

    def _respond(self, call_id: str, name: str, response: dict[str, Any], *, silent: bool) -> None:
        self._act(actions.Respond(call_id, name, response, silent))

    def _direct(self, direction: str, now: float) -> None:
        """A direction that is to be followed by speech."""
        self._direction = direction
        if self.state is not State.SPEAKING:
            self._owe(_Owed("direction", now, direction))
            self._wait()
        if self._connected:
            self._send(direction)

    def _owe(self, owed: _Owed) -> None:
        self._owed = owed

    def _wait(self) -> None:
        """The interviewer is to speak, unless something is still being played or the candidate is speaking."""
        if self.state in (State.OPEN, State.ANSWERING):
            self._go(Trigger.ASKED)

    def _open_floor(self, now: float) -> None:
        """Nobody speaks any more: the candidate may, unless the interviewer owes words."""
        if self.state is not State.OPEN:
            return
        if self._owed:
            self._owed.since = max(self._owed.since, now) if self._owed.reminded_at is None else self._owed.since
            self._go(Trigger.ASKED)
            return
        if self._idle_since is None:
            self._idle_since = now
        self._give_floor("candidate")
        if self.ear.speaking:
            self.turns.hear(self.ear.began_at, over=False)
            self._go(Trigger.SPEAKS)
            self._show("speech")
        elif self.turns.answering:
            self._owe(_Owed("answer", now))
            self._go(Trigger.ANSWERED)
        else:
            self._send_advice(now)

    def _send_advice(self, now: float) -> None:
        if self._advice and self._connected and self.at_rest(now) and self.state is State.OPEN:
            advice, self._advice = self._advice, None
            self._send(advice)

    def _active(self) -> None:
        """The candidate has done something: they are not idle."""
        self._idle_since = None
        self._idle_steps = 0

    def _cut(self) -> None:
        """The interviewer stops where it is heard, too."""
        self._act(actions.Cut())
        self._playing = False
        self._incoming = _Incoming()
        self._go(Trigger.CUT)

    def _cut_endless(self, now: float) -> None:
        self._act(actions.Note("endless_sound", {"seconds": LONGEST_UTTERANCE}))
        self._tell(self.turns.cut(now))
        self._cut()
        self._notify_slow()
        self._owe(_Owed("direction", now, directions.SAY_AGAIN))
        self._open_floor(now)
        self._redial("endless_sound", keep_handle=False)

    def _redial(self, reason: str, *, keep_handle: bool) -> None:
        self._act(actions.Redial(reason, keep_handle))

    def _notify_slow(self) -> None:
        self._act(actions.Notify(*notices.SLOW_REPLY))

    @property
    def _reason(self) -> EndedReason:
        return "time_limit" if self._is_time_up() else "interviewer"

    def _leave_if_done(self, now: float) -> None:
        """End once the goodbye has been played and the candidate's own goodbye is written down."""
        if self._farewell_by is None or (self._owes_farewell and now < self._farewell_by):
            return
        overdue = now >= self._farewell_by
        if self.state in (State.SPEAKING, State.PLAYING) and not overdue:
            return
        if (
            self.state is State.LEAVING
            and not overdue
            and (self.ear.speaking or self.turns.unwritten(now) or self._playing)
        ):
            return
        self._end(self._reason)

    @property
    def _owes_farewell(self) -> bool:
        return self._owed is not None and self._owed.kind == "farewell"

    def _end(self, reason: EndedReason) -> None:
        self._go(Trigger.ENDS)
        self._act(actions.End(reason))

    def _acknowledge(self, until: float) -> None:
        self._act(actions.Acknowledge(until, self.turns.unwritten_since))

    def _show(self, state: actions.Hearing) -> None:
        if self._hearing != state:
            self._hearing = state
            self._act(actions.ShowHearing(state))

    def _give_floor(self, holder: messages.Floor) -> None:
        if self._holder != holder:
            self._holder = holder
            self._act(actions.GiveFloor(holder))

    def _tell(self, told: list[TurnEvent]) -> None:
        for event in told:
            if isinstance(event, Caption):
                self._act(event)
            elif event.turn.text:
                self._act(actions.Keep(event.turn))
            else:
                self._act(actions.Unwritten(event.turn, event.began, event.ended))


def _peak(pcm: bytes) -> int:
    samples = memoryview(pcm).cast("h")[::5].tolist()
    return max(max(samples), -min(samples)) if samples else 0
