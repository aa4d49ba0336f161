"""The conversation: what is said becomes captions and turns, and the floor goes back and forth.

It stands between the two pumps of a session. Words and audio come in from Gemini and from typing; captions, audio and
the floor go out to the browser, finished turns to the record. It holds no connection: what must be sent to Gemini is
sent on the `live` that a call brings.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from interview.record import EndedReason, Turn
from relay import gemini, protocol, stage
from relay.clock import Clock
from relay.dialogue import Caption, Dialogue, Told
from relay.outbox import Outbox

FAREWELL_TIMEOUT: Final = 30.0
"""Seconds from the tool call to an end that waits no longer for the farewell to be heard."""


class Conversation:
    """Who speaks, who is heard, and when it is over.

    `keep` takes finished turns; `end` is called once with the reason when the farewell has been heard; `answers` is how
    often the candidate has spoken before.
    """

    def __init__(
        self,
        dialogue: Dialogue,
        outbox: Outbox,
        clock: Clock,
        *,
        answers: int,
        keep: Callable[[Turn], None],
        end: Callable[[EndedReason], None],
    ) -> None:
        self._dialogue = dialogue
        self._outbox = outbox
        self._clock = clock
        self._answers_before = answers
        self._keep = keep
        self._end = end
        self._floor: protocol.Floor = "candidate"
        self._generating = False
        """The interviewer's audio is coming in."""
        self._audible = False
        """The browser has audio that it may not have played yet."""
        self._discarding = False
        """What comes in was cut off by a typed answer: nobody wants to hear the rest."""
        self._direction: str | None = None
        self._farewell: asyncio.TimerHandle | None = None
        self.begun = asyncio.Event()
        """Set by the interviewer's first audio."""

    @property
    def _answers(self) -> int:
        return self._answers_before + self._dialogue.answers

    def take(self, pcm: bytes) -> None:
        """The interviewer's voice, frame by frame: as few steps as there can be."""
        if self._discarding:
            return
        if not self._generating:
            self._generating = self._audible = True
            self.begun.set()
            self._tell(self._dialogue.speaking())
            self._give_floor("interviewer")
        self._outbox.audio(pcm)

    async def follow(self, event: gemini.Event, live: gemini.LiveSession) -> None:
        """What else Gemini tells."""
        match event:
            case gemini.Heard(text):
                self._tell(self._dialogue.heard(text))
            case gemini.Said(text):
                if not self._discarding:
                    self._tell(self._dialogue.said(text))
            case gemini.Interrupted():
                self._interrupted()
            case gemini.Generated():
                self._generated()
            case gemini.Settled():
                self._generated()
                await self._settle(live)
            case gemini.Called():
                await self._called(event, live)

    async def type(self, text: str, live: gemini.LiveSession) -> None:
        """A typed answer. It cuts the interviewer off as speaking would."""
        cut = self._dialogue.interviewer_turn if self._audible else None
        self._tell(self._dialogue.typed(text))
        if cut is not None:
            self._silence(cut)
            self._discarding, self._generating = self._generating, False
        await live.send_text(stage.as_words(text))

    async def played(self, live: gemini.LiveSession) -> None:
        """The browser has played all it has."""
        if not self._generating:
            self._audible = False
            await self._settle(live)

    async def direct(self, direction: str, live: gemini.LiveSession) -> None:
        """Tell the interviewer something at the next pause in which nobody speaks."""
        self._direction = direction
        await self._settle(live)

    async def interject(self, direction: str, live: gemini.LiveSession) -> None:
        """Tell the interviewer something at once, whoever is speaking."""
        self._direction = None
        await live.send_text(direction)

    def flush(self) -> None:
        """It stops here: what was said so far is turns."""
        self._tell(self._dialogue.flush())
        self._forget_farewell()

    def _interrupted(self) -> None:
        turn = self._dialogue.interviewer_turn
        self._tell(self._dialogue.interrupted())
        if turn is not None and self._audible:
            self._silence(turn)
        self._generating = self._discarding = False
        # They have something more to say: the farewell does not stand.
        self._forget_farewell()

    def _generated(self) -> None:
        self._discarding = False
        turn = self._dialogue.interviewer_turn
        self._tell(self._dialogue.generated())
        if self._generating and turn is not None:
            self._outbox.text(protocol.spoken(turn))
        self._generating = False

    async def _called(self, call: gemini.Called, live: gemini.LiveSession) -> None:
        """Every call is answered, or the model says nothing more."""
        if call.name != stage.END_INTERVIEW:
            await live.answer(call, {"error": "There is no such tool."}, silent=False)
        elif call.arguments.get("reason") == "finished" and self._answers < stage.MIN_ANSWERS:
            await live.answer(call, {"error": stage.TOO_EARLY}, silent=False)
        else:
            await live.answer(call, {"result": "The interview ends."}, silent=True)
            self._forget_farewell()
            self._farewell = asyncio.get_running_loop().call_later(FAREWELL_TIMEOUT, self._end, self._reason)

    @property
    def _reason(self) -> EndedReason:
        return "time_limit" if self._clock.elapsed >= self._clock.goodbye else "interviewer"

    async def _settle(self, live: gemini.LiveSession) -> None:
        """Once the interviewer's words are out and heard: the end if that was the farewell, else the candidate's floor.

        The pause before they begin is the place for what the house has to say.
        """
        if self._audible or self._generating:
            return
        self._tell(self._dialogue.settled())
        if self._farewell:
            self._forget_farewell()
            self._end(self._reason)
            return
        self._give_floor("candidate")
        if self._direction and not self._dialogue.candidate_speaking:
            direction, self._direction = self._direction, None
            await live.send_text(direction)

    def _silence(self, turn: int) -> None:
        """The interviewer is cut off at the browser, too."""
        self._outbox.drop_audio()
        self._outbox.text(protocol.interrupted(turn))
        self._audible = False
        self._give_floor("candidate")

    def _give_floor(self, holder: protocol.Floor) -> None:
        if self._floor != holder:
            self._floor = holder
            self._outbox.text(protocol.floor(holder))

    def _tell(self, told: list[Told]) -> None:
        for item in told:
            if isinstance(item, Caption):
                self._outbox.text(protocol.caption(item.turn, item.speaker, item.text, final=item.final))
            else:
                self._keep(item.turn)

    def _forget_farewell(self) -> None:
        if self._farewell:
            self._farewell.cancel()
            self._farewell = None
