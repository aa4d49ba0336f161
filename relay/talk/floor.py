"""The conversation: what is said becomes captions and turns, and the floor goes back and forth.

Words and audio come in from Gemini and from typing; captions, audio and the floor go out to the browser, finished turns
to the record. It knows no connection: what Gemini must hear goes down the `Line`, and when a connection breaks off in
the middle of something, `cut` says so.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from interview.record import EndedReason, Turn
from relay.browser import messages
from relay.browser.outbox import Outbox
from relay.gemini import events
from relay.speech.output import SpeechOutput
from relay.talk import directions
from relay.talk.clock import Clock
from relay.talk.turns import Caption, TurnEvent, TurnLog

FAREWELL_TIMEOUT: Final = 30.0
"""Seconds from the tool call to an end that waits no longer for the farewell to be heard."""


class Line(Protocol):
    """What leads to Gemini."""

    async def send_text(self, text: str) -> None:
        """Something to be answered."""

    async def direct(self, direction: str) -> None:
        """A stage direction."""

    async def advise(self, direction: str) -> None:
        """A stage direction that is not to be answered."""

    async def answer(self, call: events.Called, response: dict[str, object], *, silent: bool) -> None:
        """The answer to a tool call."""

    def heard(self) -> None:
        """A word of the candidate's has arrived."""

    def answered(self) -> None:
        """The interviewer is speaking."""

    def settled(self) -> None:
        """Nothing more is expected of the interviewer for now."""

    def listen(self) -> None:
        """The candidate has the floor."""


class Floor:
    """Who speaks, who is heard, and when it is over.

    `keep` takes finished turns; `end` is called with the reason when the farewell has been heard; `before` are the
    turns of earlier connections.
    """

    def __init__(
        self,
        dialogue: TurnLog,
        outbox: Outbox,
        voice: SpeechOutput,
        clock: Clock,
        line: Line,
        *,
        before: Sequence[Turn],
        keep: Callable[[Turn], None],
        end: Callable[[EndedReason], None],
    ) -> None:
        self._dialogue = dialogue
        self._outbox = outbox
        self._voice = voice
        self._clock = clock
        self._line = line
        self._answers_before = sum(turn.speaker == "candidate" for turn in before)
        self._keep = keep
        self._end = end
        self._floor: messages.Holder = "candidate"
        self.generating = False
        """The interviewer's audio is coming in."""
        self.holding = False
        """The candidate wants to think, and has the floor until they say otherwise."""
        self.owed = bool(before) and (before[-1].speaker == "candidate" or before[-1].interrupted)
        """The interviewer has the word, and the connection on which it would have spoken is gone."""
        self._audible = False
        """There is audio on the way that may not have been heard yet."""
        self._time = asyncio.get_running_loop().time
        self._discarding = False
        """What comes in was cut off by the candidate: nobody wants to hear the rest."""
        self._direction: str | None = None
        self._farewell: asyncio.TimerHandle | None = None
        self._complete = bool(before) and not self.owed
        """The interviewer's last turn is over, by the service's own word."""
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.begun = bool(before)
        """Something has been said."""

    @property
    def _answers(self) -> int:
        return self._answers_before + self._dialogue.answers

    def take(self, pcm: bytes) -> None:
        """The interviewer's voice, frame by frame: as few steps as there can be."""
        if self._discarding:
            return
        if not self.generating and not self._begin_speaking():
            return
        self._line.answered()
        self._voice.take(pcm)

    def _begin_speaking(self) -> bool:
        """Give the interviewer the floor, unless the candidate holds it: then what it says is not heard."""
        if self.holding:
            self._discarding = True
            return False
        self.generating = self._audible = self.begun = True
        self.owed = self._complete = False
        self._quiet.clear()
        self._tell(self._dialogue.speaking())
        if self._dialogue.interviewer_turn is not None:
            self._voice.begin(self._dialogue.interviewer_turn)
        self._give_floor("interviewer")
        return True

    async def follow(self, event: events.Event) -> None:
        """What else Gemini tells."""
        match event:
            case events.Heard(text):
                self._tell(self._dialogue.heard(text))
                if self._dialogue.candidate_speaking:
                    self._quiet.clear()
                    self._line.heard()
            case events.Said(text):
                if not self._discarding and (self.generating or self._begin_speaking()):
                    self._line.answered()
                    self._tell(self._dialogue.said(text))
            case events.Interrupted():
                self._interrupted()
            case events.Generated():
                self._generated()
            case events.Settled():
                broken_off = self.generating and not self._dialogue.sentence_ended
                self._complete = True
                self._generated()
                if broken_off:
                    await self._line.direct(directions.FINISH)
                await self._settle()
            case events.Called():
                await self._called(event)

    async def type(self, text: str) -> None:
        """A typed answer. It cuts the interviewer off as speaking would."""
        cut = self._audible and self._dialogue.interviewer_turn is not None
        self._tell(self._dialogue.typed(text))
        if cut:
            self._silence()
            self._discarding, self.generating = self.generating, False
        self.owed = True
        self._quiet.clear()
        await self._line.send_text(directions.as_words(text))

    async def hold(self, *, on: bool) -> None:
        """The candidate keeps the floor to think, or gives it back to the conversation."""
        if on and self._audible and self._dialogue.interviewer_turn is not None:
            self._tell(self._dialogue.interrupted())
            self._silence()
            self._discarding, self.generating = self.generating, False
        self.holding = on
        self._give_floor("thinking" if on else "candidate")

    def cut(self) -> None:
        """The connection is gone, in the middle of whatever it was. What was said of it stands."""
        self._discarding = False
        if self.generating:
            turn = self._dialogue.interviewer_turn
            self._tell(self._dialogue.interrupted())
            if turn is not None:
                self._voice.end()
            self.generating = False
            self.owed = not self._farewell
        if self._farewell and not self._audible:
            self._forget_farewell()
            self._end(self._reason)

    @property
    def unanswered(self) -> bool:
        """The candidate has said something since."""
        return self._dialogue.candidate_speaking

    @property
    def settled(self) -> bool:
        """The interviewer has said what it had to say, and the candidate has said nothing since."""
        return self._complete and not self.owed and not self._dialogue.candidate_speaking

    @property
    def at_rest(self) -> bool:
        """And the candidate has heard it."""
        return self.settled and self._quiet.is_set()

    async def tick(self) -> None:
        """Called every second or so. A browser that keeps the sound back never says that it has played: time does."""
        if self._audible and not self.generating and self._time() > self._voice.played_by:
            await self.played()

    async def quiet(self) -> None:
        """Returns when nobody is speaking and nothing is waiting to be heard."""
        await self._quiet.wait()

    async def played(self) -> None:
        """What was said has been heard."""
        if not self.generating:
            self._audible = False
            self._voice.played()
            await self._settle()

    async def advise(self, direction: str) -> None:
        """Have the interviewer keep something in mind, told at the next pause in which nobody speaks."""
        self._direction = direction
        await self._settle()

    async def interject(self, direction: str) -> None:
        """Tell the interviewer something at once, whoever is speaking."""
        self._direction = None
        if self.holding:
            await self.hold(on=False)
        await self._line.direct(direction)

    def flush(self) -> None:
        """It stops here: what was said so far is turns."""
        self._tell(self._dialogue.flush())
        self._forget_farewell()

    def _interrupted(self) -> None:
        turn = self._dialogue.interviewer_turn
        self._tell(self._dialogue.interrupted())
        if turn is not None and self._audible:
            self._silence()
        self.generating = self._discarding = False
        # They have something more to say: the farewell does not stand.
        self._forget_farewell()
        self._line.heard()

    def _generated(self) -> None:
        self._discarding = False
        turn = self._dialogue.interviewer_turn
        self._tell(self._dialogue.generated())
        if self.generating and turn is not None:
            self._voice.end()
        self.generating = False
        if not self._dialogue.candidate_speaking:
            self._line.settled()

    async def _called(self, call: events.Called) -> None:
        """Every call is answered, or the model says nothing more."""
        if call.name != directions.END_INTERVIEW:
            await self._line.answer(call, {"error": "There is no such tool."}, silent=False)
        elif call.arguments.get("reason") == "finished" and self._answers < directions.MIN_ANSWERS:
            await self._line.answer(call, {"error": directions.TOO_EARLY}, silent=False)
        else:
            self._forget_farewell()
            self._farewell = asyncio.get_running_loop().call_later(FAREWELL_TIMEOUT, self._end, self._reason)
            await self._line.answer(call, {"result": "The interview ends."}, silent=True)

    @property
    def _reason(self) -> EndedReason:
        return "time_limit" if self._clock.elapsed >= self._clock.goodbye else "interviewer"

    async def _settle(self) -> None:
        """Once the interviewer's words are out and heard: the end if that was the farewell, else the candidate's floor.

        The pause before they begin is the place for what the house has to say.
        """
        if self._audible or self.generating:
            return
        self._tell(self._dialogue.settled())
        if self._farewell:
            self._forget_farewell()
            self._end(self._reason)
            return
        if self.owed:
            return
        self._give_floor("thinking" if self.holding else "candidate")
        if self.settled:
            self._quiet.set()
        if self._direction and not self._dialogue.candidate_speaking:
            direction, self._direction = self._direction, None
            await self._line.advise(direction)

    def _silence(self) -> None:
        """The interviewer is cut off where it is heard, too."""
        self._voice.cut()
        self._audible = False
        self._give_floor("thinking" if self.holding else "candidate")

    def _give_floor(self, holder: messages.Holder) -> None:
        if self._floor != holder:
            self._floor = holder
            if holder == "candidate":
                self._line.listen()
            self._outbox.text(messages.floor(holder))

    def _tell(self, told: list[TurnEvent]) -> None:
        for item in told:
            if isinstance(item, Caption):
                self._outbox.text(messages.caption(item.turn, item.speaker, item.text, final=item.final))
            else:
                self._keep(item.turn)

    def _forget_farewell(self) -> None:
        if self._farewell:
            self._farewell.cancel()
            self._farewell = None
