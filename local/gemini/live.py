"""One Live connection: what the client sends, turned into the interviewer's turns."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import asdict, dataclass, replace
from typing import Any

from local.gemini import briefing, errors, frames, interviewer, timing
from local.gemini.conversation import Say
from local.gemini.directions import Direction, read
from local.gemini.ear import Ear
from local.gemini.faults import Fault, Moment
from local.gemini.hearing import Hearing, Utterance
from local.gemini.injector import Injector
from local.gemini.reply import Call, Reply, Turn
from local.gemini.script import Received, Script
from local.gemini.sessions import Saved, Sessions
from local.gemini.timing import Pace
from local.gemini.tokens import Tokens
from local.gemini.voice import Voice
from local.gemini.wire import (
    Activity,
    Audio,
    Content,
    Hangup,
    Message,
    Setup,
    StreamEnd,
    Text,
    ToolResponse,
    ToolResponses,
)

_THINKS_ALOUD = "extended-thinking"  # the models that refuse scheduling


@dataclass(frozen=True, slots=True)
class Parts:
    """What all connections of a server share."""

    voice: Voice
    ear: Ear
    sessions: Sessions
    received: Received


class Live:
    """The conversation over one socket. `run` ends by raising Hangup, or when the client has gone."""

    def __init__(
        self, *, setup: Setup, script: Script, parts: Parts, number: int, send: Callable[[bytes], Awaitable[None]]
    ) -> None:
        self._setup = setup
        self._script = script
        self._parts = parts
        self._pace = Pace(script.pace)
        self._chance = script.chance(number)
        self._faults = Injector(script, number, send)
        detection = setup.detection
        if not script.behaviour.silence_ms_honoured:
            detection = replace(detection, silence_ms=type(detection)().silence_ms)
        self._hearing = Hearing(detection, parts.ear)
        pause = script.fault("short_pause", number)
        if pause is not None:
            self._hearing.detector.hasten(int(pause.seconds * 1000))
        self._commands: asyncio.Queue[Fault] = asyncio.Queue(8)
        self._heard: list[str] = []  # for the next reply, beside what it answers
        self._untold: Utterance | None = None  # cut off before its transcription was sent
        self._interrupting = False  # the candidate's turn began by speaking over the interviewer
        self._history: list[tuple[str, str]] | None = [] if setup.seeded else None
        self._turn: Turn | None = None
        self._task: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None  # the turnComplete of a turn that was cut off
        self._helpers: set[asyncio.Task[None]] = set()
        self._turns = 0
        self._turning = asyncio.Lock()  # one turn ends and another begins without a third in between
        if setup.handle:
            saved = parts.sessions.resume(setup.handle, script.behaviour.dead_handle_code)
        else:
            conversation = interviewer.begin(briefing.read(setup.instruction), script.seed)
            saved = Saved(secrets.token_hex(8), conversation, Tokens().wrote(setup.instruction))
        self._session = saved.session
        self._reply = Reply(
            saved,
            setup,
            script,
            voice=parts.voice,
            received=parts.received,
            faults=self._faults,
            chance=self._chance,
            spawn=self._spawn,
        )

    async def run(self, messages: AsyncIterator[Message]) -> None:
        """Hold the conversation until the client goes. Raises Hangup when the connection is to be closed."""
        self._parts.sessions.connect(self._session)
        try:
            await self._faults.setup(self._setup)
            await self._faults.send({"setupComplete": {"sessionId": self._session}})
            async with asyncio.TaskGroup() as self._group:
                for work in (self._first_handle(), self._listen(), self._faults.expire(), self._obey()):
                    self._spawn(work)
                await self._strike(0, "connected")
                async for message in messages:
                    await self._take(message)
                await self._quiet()
                for helper in [*self._helpers]:
                    helper.cancel()
        except BaseExceptionGroup as group:
            hangups, others = group.split(Hangup)
            if others is not None or hangups is None:
                raise
            raise _first(hangups) from None
        finally:
            self._parts.sessions.disconnect(self._session)

    async def strike(self, fault: Fault) -> None:
        """Have this happen now, whatever is going on; a fault of whole turns changes the next ones."""
        await self._commands.put(fault)

    async def _obey(self) -> None:
        while True:
            fault = await self._commands.get()
            if fault.kind == "short_pause":
                self._hearing.detector.hasten(int(fault.seconds * 1000))
            elif not self._faults.add(fault, self._turns):
                if fault.kind in ("interrupt", "turn_complete"):
                    await self._quiet()
                await self._faults.commit(fault)

    async def _strike(self, turn: int, moment: Moment) -> bool:
        for fault in self._faults.later(turn, moment):
            self._spawn(self._strike_after(fault))
        return await self._faults.strike(turn, moment)

    async def _strike_after(self, fault: Fault) -> None:
        await asyncio.sleep(fault.after)
        await self.strike(fault)

    async def _take(self, message: Message) -> None:  # noqa: C901 - one case for each kind of message
        detector = self._hearing.detector
        match message:
            case Audio(pcm):
                self._parts.received.audio_bytes += len(pcm)
                if await self._hearing.take(detector.feed(pcm)):
                    await self._began()
            case Activity(began):
                if await self._hearing.take(detector.begin() if began else detector.end()):
                    await self._began()
            case StreamEnd():
                if self._script.behaviour.stream_end_ends_speech:
                    await self._hearing.take(detector.finish())
            case Text(text):
                self._parts.received.texts.append(text)
                await self._text(text)
            case Content(turns, complete):
                await self._content(turns, complete=complete)
            case ToolResponses(responses):
                for response in responses:
                    await self._respond(response)

    async def _began(self) -> None:
        """The candidate has begun to speak."""
        async with self._turning:
            self._interrupting = await self._cut() or self._interrupting
            await self._cancel_call()
        await self._strike(self._turns, "hearing")

    async def _listen(self) -> None:
        """Have every utterance answered. A noise that nobody spoke is none, unless it has cut the interviewer off."""
        async for utterance in self._hearing.utterances():
            self._reply.tokens = self._reply.tokens.heard(utterance.seconds, utterance.text)
            if utterance.text or self._interrupting:
                self._interrupting = False
                await self._answer(utterance.text, utterance=utterance)

    async def _text(self, text: str) -> None:
        if self._faults.lasting(self._turns, "ignored_text"):
            self._turns += 1
            return
        direction = read(text)
        behaviour = self._script.behaviour
        someone_speaks = (self._hearing.speaking and behaviour.directions_wait) or (
            direction is Direction.NOTE_TIME and self._turn is not None
        )
        if direction not in (None, Direction.STOP) and someone_speaks:
            self._reply.conversation = interviewer.direct(self._reply.conversation, direction)
            return
        self._reply.tokens = self._reply.tokens.wrote(text)
        if behaviour.text_interrupts:
            await self._answer(text)
        else:
            self._spawn(self._when_idle(lambda: self._answer(text)))

    async def _content(self, turns: tuple[tuple[str, str], ...], *, complete: bool) -> None:
        if self._history is not None or not complete:
            history = [*(self._history or []), *turns]
            self._parts.received.histories.append(history)
            self._reply.conversation = interviewer.recall(self._reply.conversation, history)
            self._reply.tokens = self._reply.tokens.wrote(" ".join(text for _, text in turns))
            # Seeded history ends with the first complete message, which is not answered.
            self._history = None if complete or self._history is None else history
            return
        if len(turns) > 1:
            async with self._turning:
                await self._cut(by_text=True)
            self._reply.conversation = interviewer.recall(self._reply.conversation, turns[:-1])
        await self._answer(turns[-1][1] if turns else "")

    async def _respond(self, response: ToolResponse) -> None:
        """Go on after a tool's result: in a turn of its own, or not at all."""
        self._parts.received.tool_responses.append(asdict(response))
        if response.scheduled and _THINKS_ALOUD in self._setup.model:
            await self._pace.sleep(timing.REFUSAL)
            raise Hangup(1007, errors.NO_SCHEDULING)
        call = self._reply.call
        if call is None or call.id != response.id:
            return
        self._reply.call = None
        if response.refused or not (response.silent and self._script.behaviour.silent_honoured):
            self._spawn(self._when_idle(lambda: self._go_on(call, refused=response.refused)))

    async def _go_on(self, call: Call, *, refused: bool) -> None:
        say = Say(call.farewell)
        if refused:
            self._reply.conversation, say = interviewer.kept(call.before)
        if say.sentences:
            async with self._turning:
                self._begin(Turn(call.turn, self._reply.conversation, say=say))

    async def _when_idle(self, act: Callable[[], Awaitable[None]]) -> None:
        while self._turn is not None and self._task is not None:
            await asyncio.wait({self._task})
        await act()

    async def _answer(self, heard: str, *, utterance: Utterance | None = None) -> None:
        """Begin a turn that answers these words and what was heard before them; the one that is going on is cut off."""
        async with self._turning:
            await self._cut(by_text=utterance is None)
            if utterance is not None and self._untold is not None:
                utterance, self._untold = self._untold.and_then(utterance), None
                heard = utterance.text
            if read(heard) is None:
                heard, self._heard = " ".join([*self._heard, heard]).strip(), []
            turn = Turn(self._turns, self._reply.conversation, heard, utterance)
            self._turns += 1
            self._begin(turn)

    def _begin(self, turn: Turn) -> None:
        self._turn = turn
        self._task = self._group.create_task(self._hold(turn))

    async def _hold(self, turn: Turn) -> None:
        if self._closing is not None:
            await asyncio.wait({self._closing})
        if not await self._reply.give(turn, self._strike):
            # Not answered: what was heard waits for the next reply.
            self._reply.conversation = turn.before
            self._wait(turn)
        if self._turn is turn:
            self._turn = None
        await self._keep()
        await self._strike(turn.number, "end")
        await self._reply.after(turn)

    def _wait(self, turn: Turn) -> None:
        if read(turn.heard) is None:
            self._heard[:0] = turn.heard.split()

    async def _cut(self, *, by_text: bool = False) -> bool:
        """Cut the interviewer off, if it is thinking or speaking; returns whether it was."""
        turn = self._turn
        if turn is None:
            return False
        await self._quiet()
        if turn.speech is None or turn.speech.began is None:
            # Nothing was said yet: the answer goes on, and what was heard of it is kept.
            self._reply.conversation = turn.before
            self._turns -= turn.say is None
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
        await self._keep()

    async def _cancel_call(self) -> None:
        call = self._reply.call
        if call is not None and self._script.behaviour.cancels_calls:
            self._reply.call = None
            self._reply.conversation = call.before
            await self._faults.send(frames.cancellation(call.id))

    async def _quiet(self) -> None:
        self._turn = None
        task, self._task = self._task, None
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _first_handle(self) -> None:
        await self._pace.sleep(timing.HANDLE)
        if self._setup.resumable or self._script.behaviour.unasked_handle:
            await self._give_handle()

    async def _keep(self) -> None:
        """The session has gone on: its handles lead to it as it stands, and another may be due."""
        behaviour = self._script.behaviour
        if behaviour.handle_holds == "session":
            self._parts.sessions.keep(self._saved())
        asked = behaviour.handles == "each_turn_if_asked" and self._setup.resumable
        if asked or behaviour.handles == "each_turn":
            await self._give_handle()

    async def _give_handle(self) -> None:
        await self._faults.send(frames.handle(self._parts.sessions.save(self._saved())))

    def _saved(self) -> Saved:
        return Saved(self._session, self._reply.conversation, self._reply.tokens)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._group.create_task(work)
        self._helpers.add(task)
        task.add_done_callback(self._helpers.discard)
        return task


def _first(group: BaseExceptionGroup[Hangup]) -> Hangup:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, Hangup)  # noqa: S101
    return error
