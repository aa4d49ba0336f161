"""One Live connection: what the client sends, turned into the interviewer's turns."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from local.gemini import briefing, errors, frames, interviewer, timing
from local.gemini.directions import Direction, read
from local.gemini.ear import Ear
from local.gemini.faults import Fault, Moment
from local.gemini.hearing import Hearing
from local.gemini.injector import Injector
from local.gemini.reply import Reply
from local.gemini.script import Received, Script
from local.gemini.sessions import Saved, Sessions
from local.gemini.timing import Pace
from local.gemini.tokens import Tokens
from local.gemini.turns import Turns
from local.gemini.voice import Voice
from local.gemini.wire import (
    Activity,
    Audio,
    Content,
    Detection,
    Hangup,
    Message,
    Setup,
    StreamEnd,
    Text,
    ToolResponse,
    ToolResponses,
)

_NO_SCHEDULING = "extended-thinking"  # in the names of the models that refuse scheduling (recorded)


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
            detection = replace(detection, silence_ms=Detection().silence_ms)
        self._hearing = Hearing(detection, parts.ear)
        pause = script.fault("short_pause", number)
        if pause is not None:
            self._hearing.detector.hasten(int(pause.seconds * 1000))
        self._commands: asyncio.Queue[Fault] = asyncio.Queue(8)
        self._interrupting = False  # the candidate has interrupted the interviewer
        self._history: list[tuple[str, str]] | None = [] if setup.seeded else None
        self._helpers: set[asyncio.Task[None]] = set()
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
        self._turns = Turns(
            self._reply,
            script.behaviour,
            pace=self._pace,
            chance=self._chance,
            faults=self._faults,
            spawn=self._spawn,
            strike=self._strike,
            ended=self._keep,
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
                await self._turns.stop()
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
        """Make this fault happen now. A fault of whole turns applies to the next ones."""
        await self._commands.put(fault)

    async def _obey(self) -> None:
        while True:
            fault = await self._commands.get()
            if fault.kind == "short_pause":
                self._hearing.detector.hasten(int(fault.seconds * 1000))
            elif not self._faults.add(fault, self._turns.number):
                if fault.kind in ("interrupt", "turn_complete"):
                    await self._turns.stop()
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
        self._interrupting = await self._turns.interrupt() or self._interrupting
        await self._strike(self._turns.number, "hearing")

    async def _listen(self) -> None:
        """Answer every utterance. A noise without words is answered only if it has interrupted the interviewer."""
        async for utterance in self._hearing.utterances():
            self._reply.tokens = self._reply.tokens.heard(utterance.seconds, utterance.text)
            if utterance.text or self._interrupting:
                self._interrupting = False
                await self._turns.answer(utterance.text, utterance=utterance)

    async def _text(self, text: str) -> None:
        if self._faults.lasting(self._turns.number, "ignored_text"):
            self._turns.number += 1
            return
        direction = read(text)
        behaviour = self._script.behaviour
        someone_speaks = (self._hearing.speaking and behaviour.directions_wait) or (
            direction is Direction.NOTE_TIME and self._turns.going_on
        )
        if direction not in (None, Direction.STOP) and someone_speaks:
            self._reply.conversation = interviewer.direct(self._reply.conversation, direction)
            return
        self._reply.tokens = self._reply.tokens.wrote(text)
        if direction is Direction.REPEAT and self._hearing.transcribing:
            return  # the reply to what was said is on its way, on a slow machine
        answer = partial(self._turns.answer, text, speaking=self._hearing.speaking)
        await (answer() if behaviour.text_interrupts else self._later(answer))

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
            await self._turns.interrupt(by_text=True)
            self._reply.conversation = interviewer.recall(self._reply.conversation, turns[:-1])
        await self._turns.answer(turns[-1][1] if turns else "", speaking=self._hearing.speaking)

    async def _respond(self, response: ToolResponse) -> None:
        """Go on after a tool's response: in a new turn, or not at all."""
        self._parts.received.tool_responses.append(asdict(response))
        if response.scheduled and _NO_SCHEDULING in self._setup.model:
            await self._pace.sleep(timing.REFUSAL)
            raise Hangup(1007, errors.NO_SCHEDULING)
        call = self._reply.call
        if call is None or call.id != response.id:
            return
        self._reply.call = None
        if response.refused or not (response.silent and self._script.behaviour.silent_honoured):
            await self._later(partial(self._turns.go_on, call, refused=response.refused))

    async def _later(self, act: Callable[[], Awaitable[None]]) -> None:
        self._spawn(self._turns.when_idle(act))

    async def _first_handle(self) -> None:
        await self._pace.sleep(timing.HANDLE)
        if self._setup.resumable or self._script.behaviour.unasked_handle:
            await self._give_handle()

    async def _keep(self) -> None:
        """After each turn: update what the session's handles lead to, and send another if it is due."""
        behaviour = self._script.behaviour
        if self._setup.compression and behaviour.compresses:
            self._reply.tokens = self._reply.tokens.shortened(*self._setup.compression)
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
