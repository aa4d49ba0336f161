"""The floor: who speaks, who is waited for, and what has to be done about it.

This is the interview's state machine, without I/O and without an event loop. Evidence comes in through the functions of
`candidate` (microphone, typing, playback), `interviewer` (Gemini's events), `connection` and `waiting` (the time);
actions come out of `take_actions`. The states and their transitions are one table (relay/talk/state.py). Where a rule
rests on what Gemini Live does, docs/reliability.md says where that is known from.

Times are seconds of one monotonic clock, given with each piece of evidence.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contract.terms import Hearing, Holder
from interview.record import EndedReason, Turn
from relay.talk import actions, directions, notices
from relay.talk.actions import Action
from relay.talk.ear import Ear
from relay.talk.farewell import Goodbye, is_goodbye
from relay.talk.incoming import GeminiTurn, Incoming
from relay.talk.owed import Owed
from relay.talk.questions import Questions
from relay.talk.state import TRANSITIONS, State, Trigger
from relay.talk.turns import TurnLog
from relay.talk.utterances import Caption, TurnEvent

UNSENT: Final = 64
"""Typed answers that wait for a connection: it takes seconds, and the transcript has them all."""


@dataclass(slots=True)
class Idleness:
    """How long the candidate has done nothing while the floor was theirs, and what was done about it."""

    since: float | None = None
    asked: bool = False
    offered: bool = False


class Floor:
    """One connection's floor: the state, and the steps that all evidence shares."""

    def __init__(
        self,
        turns: TurnLog,
        *,
        before: Sequence[Turn],
        now: float,
        is_time_up: Callable[[], bool],
        ear: Ear | None = None,
    ) -> None:
        """`before` are the turns of earlier connections; `is_time_up` tells whether the interview's time is up."""
        self.turns = turns
        self.ear = ear or Ear()
        self._actions: list[Action] = []
        self._is_time_up = is_time_up
        self.answers_before = sum(turn.speaker == "candidate" for turn in before)
        self.begun = bool(before)
        """Something has been said."""
        owes = bool(before) and _wants_reply(before[-1])
        self.state = State.WAITING if owes or not before else State.OPEN
        self.owed: Owed | None = None
        if not before:
            self.owed = Owed("greeting", now, directions.BEGIN)
        elif owes:
            self.owed = Owed("direction", now, directions.GO_ON)
        self.reminded = False
        """Gemini was reminded since the candidate last spoke."""
        self.said_slow = False
        self._holder: Holder | None = None
        """Who has the floor as far as the page knows; nobody until the first utterance of an interview."""
        self.hearing: Hearing = "quiet"
        # Gemini
        self.connected = False
        self.connected_at = now
        self.incoming = Incoming()
        self.gemini_turn = GeminiTurn()
        self.discarding = False
        """What comes in was cut off by the candidate, or the interview is ending."""
        self.leftovers_until = self.utterance_began_at = float("-inf")
        self.last_sound_at = now
        self.playing = False
        """Something is being played that has not been played to its end."""
        self.sound_ends_at = float("-inf")
        """When the sound of the interviewer's last whole utterance ends."""
        self.questions = Questions(before)
        self.completed_turns = 0
        """Turns with speech that Gemini has completed on the present connection."""
        self.handle_is_fresh = False
        """Nothing has been said since the newest resumption handle came."""
        self.leave_by: float | None = None
        # What is to be sent
        self.advice: str | None = None
        self.direction: str | None = None
        """A direction that has not been followed yet: it is sent again on the next connection."""
        self.unsent: deque[str] = deque(maxlen=UNSENT)
        """Typed while there was no connection."""
        # The end
        self.farewell_by: float | None = None
        self.goodbye = Goodbye()
        self.ending: tuple[EndedReason, float] | None = None
        """Why the interview ends, and how long the last words are waited for."""
        self.idle = Idleness()

    # State

    def take_actions(self) -> list[Action]:
        """The actions that have come up since the last call, in order."""
        found, self._actions = self._actions, []
        return found

    @property
    def waiting_since(self) -> float | None:
        """Since when somebody waits for the interviewer; None when nobody does."""
        return self.owed.since if self.owed and self.state is State.WAITING else None

    def at_rest(self, now: float) -> bool:
        """Whether nobody speaks, nobody is waited for, and all that was said has been played and written down."""
        return self.state is not State.PLAYING and self.all_said(now)

    def all_said(self, now: float) -> bool:
        """Whether Gemini knows everything: nobody speaks, nobody is waited for, and all that was said has its words."""
        return (
            self.state in (State.OPEN, State.THINKING, State.PLAYING)
            and self.owed is None
            and not self.ear.speaking
            and not self.turns.answering
            and not self.turns.unwritten(now)
        )

    @property
    def owes_farewell(self) -> bool:
        """The interviewer was asked for a goodbye, and has not begun it."""
        return self.owed is not None and self.owed.kind == "farewell"

    # Steps

    def go(self, trigger: Trigger) -> None:
        """Change the state by the table."""
        self.state = TRANSITIONS[self.state].get(trigger, self.state)

    def act(self, action: Action) -> None:
        """Add an action."""
        self._actions.append(action)

    def note(self, event: str, **fields: Any) -> None:
        """Add a line for the log."""
        self.act(actions.Note(event, fields))

    def tell(self, told: list[TurnEvent]) -> None:
        """Add captions for the page and turns for the record."""
        for event in told:
            if isinstance(event, Caption):
                self.act(event)
            elif event.turn.text:
                self.act(actions.Keep(event.turn, event.began, event.ended))
            else:
                self.act(actions.Unwritten(event.turn, event.began, event.ended))

    def send(self, text: str) -> None:
        """Send Gemini a text."""
        self.handle_is_fresh = False
        self.act(actions.Send(text))

    def direct(self, direction: str, now: float) -> None:
        """Send a direction that Gemini has to answer with speech."""
        self.direction = direction
        if self.state is not State.SPEAKING:
            self.ask(Owed("direction", now, direction))
        if self.connected:
            self.send(direction)

    def ask(self, owed: Owed) -> None:
        """Wait for the interviewer to speak: at once, or after what is being played."""
        self.owed = owed
        self.go(Trigger.ASKED)

    def give_floor(self, holder: Holder) -> None:
        """Tell the page who is expected to speak."""
        if self._holder != holder:
            self._holder = holder
            self.act(actions.GiveFloor(holder))

    def show(self, hearing: Hearing) -> None:
        """Tell the page what the microphone shows."""
        if self.hearing != hearing:
            self.hearing = hearing
            self.act(actions.ShowHearing(hearing))

    def open(self, now: float) -> None:
        """Nobody speaks any more: the candidate may, unless the interviewer owes words."""
        if self.state is not State.OPEN:
            return
        if self.owed:
            if self.owed.reminded_at is None:
                self.owed.since = max(self.owed.since, now)
            self.go(Trigger.ASKED)
            return
        self.give_floor("candidate")
        if self.ear.speaking:
            self.turns.hear(self.ear.began_at, over=False)
            self.go(Trigger.SPEAKS)
            self.show("speech")
        elif self.turns.answering:
            self.owed = Owed("answer", now)
            self.go(Trigger.ANSWERED)
        else:
            self.send_advice(now)

    def send_advice(self, now: float) -> None:
        """Send what the interviewer is to keep in mind, if this is a moment for it."""
        if self.advice and self.connected and self.state is State.OPEN and self.at_rest(now):
            advice, self.advice = self.advice, None
            self.send(advice)

    def active(self) -> None:
        """The candidate has done something: they are not idle."""
        self.idle = Idleness()

    def count_question(self) -> None:
        """Tell the page of the interviewer's newest turn, if it asks a question that was not counted yet."""
        goodbye = self.goodbye.directed or self.farewell_by is not None or is_goodbye(self.turns.interviewer_text)
        if (number := self.questions.count(goodbye=goodbye)) is not None:
            self.act(actions.Ask(number))

    def cut(self) -> None:
        """Stop the interviewer, also where it is being played."""
        self.count_question()
        self.act(actions.Cut())
        self.playing = False
        self.incoming = Incoming()
        self.go(Trigger.CUT)

    def acknowledge(self, until: float) -> None:
        """Gemini has received the microphone up to this time."""
        self.act(actions.Acknowledge(until, self.turns.unwritten_since))

    def redial(self, reason: str, *, keep_handle: bool = False) -> None:
        """Replace the connection."""
        self.act(actions.Redial(reason, keep_handle))

    def say_slow(self) -> None:
        """Tell the candidate, once for each reply, that it takes long."""
        if self.said_slow:
            return
        self.said_slow = True
        self.act(actions.Notify(*notices.SLOW_REPLY))

    @property
    def end_reason(self) -> EndedReason:
        """Why the interview ends if the interviewer ends it now."""
        return "time_limit" if self._is_time_up() else "interviewer"

    def finish(self, reason: EndedReason) -> None:
        """The interview is over."""
        if self.state is not State.OVER:
            self.state = State.OVER
            self.act(actions.End(reason))

    def leave_if_done(self, now: float) -> None:
        """End once the goodbye has been played and the candidate's own goodbye is written down."""
        if self.farewell_by is None:
            return
        overdue = now >= self.farewell_by
        if not overdue:
            if self.owes_farewell or self.state in (State.SPEAKING, State.PLAYING) or self.playing:
                return
            if self.state is State.LEAVING and (self.ear.speaking or self.turns.unwritten(now)):
                return
        self.finish(self.end_reason)

    def flush(self, now: float) -> None:
        """The connection stops here: what was said so far becomes turns."""
        if self.ear.speaking:
            self.turns.pause(self.ear.ended_at, self.ear.seconds)
        self.tell(self.turns.flush(now, sounds_until=self.incoming.ends_at if self.incoming.playing else None))


def _wants_reply(last: Turn) -> bool:
    """Whether the interviewer owes words after this turn of an earlier connection."""
    return last.speaker == "candidate" or last.interrupted or last.broken_off
