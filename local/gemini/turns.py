"""The interviewer's turns on one connection: beginning them and interrupting them."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from random import Random
from typing import Any

from local.gemini import frames, interviewer, timing
from local.gemini.behaviour import Behaviour
from local.gemini.conversation import Say
from local.gemini.directions import read
from local.gemini.hearing import Utterance
from local.gemini.injector import Injector
from local.gemini.reply import Call, Reply, Strike, Turn
from local.gemini.timing import Pace

Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


class Turns:
    """Runs at most one turn at a time. `ended` is called after each; `number` is the next turn's."""

    def __init__(
        self,
        reply: Reply,
        behaviour: Behaviour,
        *,
        pace: Pace,
        chance: Random,
        faults: Injector,
        spawn: Spawn,
        strike: Strike,
        ended: Callable[[], Awaitable[None]],
    ) -> None:
        self._reply = reply
        self._behaviour = behaviour
        self._pace = pace
        self._chance = chance
        self._faults = faults
        self._spawn = spawn
        self._strike = strike
        self._ended = ended
        self._heard: list[str] = []  # unanswered words for the next reply
        self._untold: Utterance | None = None  # interrupted before its transcription was sent
        self._turn: Turn | None = None
        self._task: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None  # sends the turnComplete of an interrupted turn
        self._turning = asyncio.Lock()  # ending one turn and beginning the next is one step
        self.number = 0

    @property
    def going_on(self) -> bool:
        """Whether a turn is going on."""
        return self._turn is not None

    async def interrupt(self, *, by_text: bool = False) -> bool:
        """Interrupt the turn that is going on, if any; returns whether there was one. Cancels an open call."""
        async with self._turning:
            cut = await self._cut(by_text=by_text)
            await self._cancel_call()
            return cut

    async def answer(self, heard: str, *, utterance: Utterance | None = None, speaking: bool = False) -> None:
        """Begin a turn that answers these words and unanswered ones before them. Interrupts the turn that is going on.

        `utterance` if they were spoken, `speaking` if the candidate speaks now.
        """
        async with self._turning:
            await self._cut(by_text=utterance is None)
            if utterance is not None and self._untold is not None:
                utterance, self._untold = self._untold.and_then(utterance), None
                heard = utterance.text
            elif self._untold is not None and not speaking:
                # It has ended, and its words are still due.
                utterance, self._untold = self._untold, None
                self._heard += utterance.text.split()
            if read(heard) is None:
                heard, self._heard = " ".join([*self._heard, heard]).strip(), []
            turn = Turn(self.number, self._reply.conversation, heard, utterance)
            self.number += 1
            self._begin(turn)

    async def go_on(self, call: Call, *, refused: bool) -> None:
        """Begin the turn that follows a tool's response, if there is anything to say."""
        say = Say(call.farewell)
        if refused:
            self._reply.conversation, say = interviewer.kept(call.before)
        if say.sentences:
            async with self._turning:
                self._begin(Turn(call.turn, self._reply.conversation, say=say))

    async def when_idle(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do this after the turn that is going on."""
        while self._turn is not None and self._task is not None:
            await asyncio.wait({self._task})
        await act()

    async def stop(self) -> None:
        """End the turn that is going on without any frame."""
        self._turn = None
        task, self._task = self._task, None
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _begin(self, turn: Turn) -> None:
        self._turn = turn
        self._task = self._spawn(self._hold(turn))

    async def _hold(self, turn: Turn) -> None:
        if self._closing is not None:
            await asyncio.wait({self._closing})
        if not await self._reply.give(turn, self._strike):
            # Not answered: the words wait for the next reply.
            self._reply.conversation = turn.before
            self._wait(turn)
        if self._turn is turn:
            self._turn = None
        await self._ended()
        await self._strike(turn.number, "end")
        await self._reply.after(turn)

    def _wait(self, turn: Turn) -> None:
        if read(turn.heard) is None:
            self._heard[:0] = turn.heard.split()

    async def _cut(self, *, by_text: bool = False) -> bool:
        """Interrupt the turn that is going on, if any; returns whether there was one."""
        turn = self._turn
        if turn is None:
            return False
        await self.stop()
        if turn.speech is None or turn.speech.began is None:
            # Nothing was said yet: the candidate goes on with the answer, and its first words are kept.
            self._reply.conversation = turn.before
            self.number -= turn.say is None
            if not turn.announced and turn.utterance is not None:
                self._untold = turn.utterance
                self._heard[:0] = turn.heard.removesuffix(turn.utterance.text).split()
                return True
            self._wait(turn)
            if not turn.announced:
                return False
        else:
            self._reply.conversation = interviewer.interrupted(self._reply.conversation)
        if by_text:
            await self._pace.sleep(timing.INTERRUPTION)
        await self._cancel_call()
        await self._faults.send(frames.INTERRUPTED)
        self._closing = self._spawn(self._close(turn))
        return True

    async def _close(self, turn: Turn) -> None:
        await self._pace.sleep(timing.interruption_to_complete(self._chance))
        await self._reply.complete(turn)
        await self._ended()

    async def _cancel_call(self) -> None:
        call = self._reply.call
        if call is not None and self._behaviour.cancels_calls:
            self._reply.call = None
            self._reply.conversation = call.before
            await self._faults.send(frames.cancellation(call.id))
