"""One Live connection: audio and text in, speech, transcriptions and tool calls out."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass, field

from local.gemini import briefing, interviewer, wire
from local.gemini.activity import Detector, Event, Segment
from local.gemini.conversation import Conversation, Say
from local.gemini.directions import Direction, read
from local.gemini.ear import Ear
from local.gemini.faults import Injector
from local.gemini.script import Fault, Received, Script
from local.gemini.sessions import Saved, Sessions
from local.gemini.speech import Playback, say
from local.gemini.voice import Voice
from local.gemini.wire import Activity, Audio, Content, Hangup, Json, Message, Setup, Text, ToolResponse, ToolResponses

END_INTERVIEW = "end_interview"
_QUEUED_SEGMENTS = 32
_AUDIO_TOKENS_A_SECOND = 25


@dataclass(frozen=True, slots=True)
class Parts:
    """What all connections of a server share."""

    voice: Voice
    ear: Ear
    sessions: Sessions
    received: Received


@dataclass(slots=True)
class Turn:
    """The interviewer's turn that is going on: the conversation before it, what it answers, how far its audio is."""

    number: int
    before: Conversation
    heard: str
    pcm: bytearray = field(default_factory=bytearray)
    playback: Playback = field(default_factory=Playback)
    call: str | None = None
    response: asyncio.Queue[ToolResponse] = field(default_factory=lambda: asyncio.Queue(1))


class Live:
    """The conversation over one socket. `run` ends by raising Hangup, or when the client has gone."""

    def __init__(
        self, *, setup: Setup, script: Script, parts: Parts, number: int, send: Callable[[bytes], Awaitable[None]]
    ) -> None:
        self._setup = setup
        self._script = script
        self._parts = parts
        self._send_frame = send
        self._faults = Injector(script, number, self._send, send)
        self._detector = Detector(setup.detection)
        self._ears: asyncio.Queue[Segment | None] = asyncio.Queue(_QUEUED_SEGMENTS)
        self._commands: asyncio.Queue[Fault] = asyncio.Queue(8)
        self._heard: list[str] = []
        self._interrupting = False  # the candidate's turn began by speaking over the interviewer
        self._history: list[tuple[str, str]] | None = [] if setup.seeded else None
        self._turn: Turn | None = None
        self._task: asyncio.Task[None] | None = None
        self._turns = 0
        self._turning = asyncio.Lock()  # one turn ends and another begins without a third in between
        self._tokens = len(setup.instruction) // 4
        self._session = secrets.token_hex(8)
        self._conversation = interviewer.begin(briefing.read(setup.instruction), script.seed)
        if setup.handle:
            saved = parts.sessions.resume(setup.handle)
            self._session, self._conversation, self._tokens = saved.session, saved.conversation, saved.tokens

    async def run(self, messages: AsyncIterator[Message]) -> None:
        """Hold the conversation until the client goes. Raises Hangup when the connection is to be closed."""
        self._parts.sessions.connect(self._session)
        try:
            await self._faults.setup()
            await self._send({"setupComplete": {"sessionId": self._session}})
            await self._save()
            async with asyncio.TaskGroup() as self._group:
                work = (self._listen(), self._faults.expire(), self._obey())
                helpers = [self._group.create_task(one) for one in work]
                async for message in messages:
                    await self._take(message)
                await self._quiet()
                for helper in helpers:
                    helper.cancel()
        except BaseExceptionGroup as group:
            hangups, others = group.split(Hangup)
            if others is not None or hangups is None:
                raise
            raise _first(hangups) from None
        finally:
            self._parts.sessions.disconnect(self._session)

    async def strike(self, fault: Fault) -> None:
        """Have this happen now, whatever is going on."""
        await self._commands.put(fault)

    async def _obey(self) -> None:
        while True:
            fault = await self._commands.get()
            if fault.kind in ("interrupt", "turn_complete"):
                await self._quiet()
            await self._faults.commit(fault)

    async def _take(self, message: Message) -> None:
        match message:
            case Audio(pcm):
                self._parts.received.audio_bytes += len(pcm)
                await self._events(self._detector.feed(pcm))
            case Activity(began):
                await self._events(self._detector.begin() if began else self._detector.end())
            case Text(text):
                self._parts.received.texts.append(text)
                await self._text(text)
            case Content(turns, complete):
                await self._content(turns, complete=complete)
            case ToolResponses(responses):
                for response in responses:
                    self._parts.received.tool_responses.append(asdict(response))
                    if self._turn is not None and self._turn.call == response.id and self._turn.response.empty():
                        self._turn.response.put_nowait(response)

    async def _events(self, events: list[Event | Segment]) -> None:
        for event in events:
            match event:
                case Event.STARTED:
                    self._interrupting = await self._interrupt() or self._interrupting
                case Event.ENDED:
                    await self._ears.put(None)
                case Segment():
                    await self._ears.put(event)

    async def _listen(self) -> None:
        """Turn segments into words, and the end of speech into a reply."""
        while True:
            segment = await self._ears.get()
            if segment is not None:
                text = await self._parts.ear.transcribe(segment.pcm)
                self._tokens += len(segment.pcm) * _AUDIO_TOKENS_A_SECOND // (wire.IN_RATE * wire.SAMPLE_BYTES)
                if text and not self._faults.silenced:
                    self._parts.received.said.append(("candidate", text))
                for word in text.split():
                    self._heard.append(word)
                    if self._setup.hears:
                        await self._send({"serverContent": {"inputTranscription": {"text": f" {word}"}}})
                continue
            if self._detector.speaking:
                continue  # the candidate has gone on: what was heard waits for the rest
            heard, self._heard = " ".join(self._heard), []
            # A noise that nobody spoke is no turn, unless it has cut the interviewer off.
            if heard or self._interrupting:
                self._interrupting = False
                await self._answer(heard)

    async def _text(self, text: str) -> None:
        direction = read(text)
        someone_speaks = self._detector.speaking or (direction is Direction.NOTE_TIME and self._turn is not None)
        if direction not in (None, Direction.STOP) and someone_speaks:
            self._conversation = interviewer.direct(self._conversation, direction)
            return
        self._tokens += len(text) // 4
        await self._answer(text)

    async def _content(self, turns: tuple[tuple[str, str], ...], *, complete: bool) -> None:
        if self._history is not None or not complete:
            history = [*(self._history or []), *turns]
            self._parts.received.histories.append(history)
            self._conversation = interviewer.recall(self._conversation, history)
            self._tokens += sum(len(text) for _, text in turns) // 4
            # Seeded history ends with the first complete message, which is not answered.
            self._history = None if complete or self._history is None else history
            return
        if len(turns) > 1:
            await self._interrupt()
            self._conversation = interviewer.recall(self._conversation, turns[:-1])
        await self._answer(turns[-1][1] if turns else "")

    async def _answer(self, heard: str) -> None:
        """Begin a turn that answers these words and what was heard before them; the one that is going on is cut off."""
        async with self._turning:
            await self._cut()
            if read(heard) is None:
                heard, self._heard = " ".join([*self._heard, heard]).strip(), []
            self._turn = Turn(self._turns, self._conversation, heard)
            self._parts.received.voice.append(self._turn.pcm)
            self._turns += 1
            self._task = self._group.create_task(self._reply(self._turn))

    async def _reply(self, turn: Turn) -> None:
        number = turn.number
        if self._script.delay:
            await asyncio.sleep(self._script.delay)
        after, words = interviewer.reply(self._conversation, turn.heard)
        if number < len(self._script.answers):
            words = Say((self._script.answers[number],), words.ends)
        self._conversation = after
        await self._faults.strike(number, "start")
        if self._faults.has(number, "middle"):
            all_words = words.text.split()
            half = (len(all_words) + 1) // 2
            await self._say(turn, (" ".join(all_words[:half]),))
            if await self._faults.strike(number, "middle"):
                self._turn = None
                return
            await self._say(turn, (" ".join(all_words[half:]),))
        else:
            await self._say(turn, words.sentences)
        if words.ends is not None and END_INTERVIEW in self._setup.tools:
            await self._call(turn, words.ends)
        await self._send({"serverContent": {"generationComplete": True}})
        if words.text and not self._faults.silenced:
            self._parts.received.said.append(("interviewer", words.text))
        await asyncio.sleep(turn.playback.left(asyncio.get_running_loop().time()) * self._script.trailing)
        self._turn = None
        await self._complete(turn)
        await self._save()
        await self._faults.strike(number, "end")

    async def _say(self, turn: Turn, sentences: tuple[str, ...]) -> None:
        await say(
            sentences,
            self._parts.voice,
            self._send,
            playback=turn.playback,
            sent=turn.pcm,
            speed=self._script.speed,
            captions=self._setup.captions,
        )

    async def _call(self, turn: Turn, reason: str) -> None:
        """Call the tool and wait for its result, however long it takes, as the real service does."""
        turn.call = f"function-call-{secrets.randbits(63)}"
        call = {"id": turn.call, "name": END_INTERVIEW, "args": {"reason": reason}}
        await self._send({"toolCall": {"functionCalls": [call]}})
        await self._faults.strike(turn.number, "call")
        response = await turn.response.get()
        turn.call = None
        if response.refused:
            self._conversation, words = interviewer.kept(turn.before)
            await self._say(turn, words.sentences)
        elif not response.silent:
            await self._say(turn, ("Goodbye.",))

    async def _complete(self, turn: Turn) -> None:
        seconds = turn.playback.sent
        spoken = int(seconds * _AUDIO_TOKENS_A_SECOND)
        usage = {
            "promptTokenCount": self._tokens,
            "responseTokenCount": spoken,
            "totalTokenCount": self._tokens + spoken,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": self._tokens}],
            "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": spoken}],
        }
        self._tokens += spoken
        await self._send({"serverContent": {"turnComplete": True}, "usageMetadata": usage})

    async def _interrupt(self) -> bool:
        """Cut the interviewer off, if it is thinking or speaking; returns whether it was."""
        async with self._turning:
            return await self._cut()

    async def _cut(self) -> bool:
        turn = self._turn
        if turn is None:
            return False
        await self._quiet()
        if turn.playback.began is None:
            # Nothing was said yet: the answer goes on, and what was heard of it is kept.
            self._conversation = turn.before
            self._turns -= 1
            if read(turn.heard) is None:
                self._heard[:0] = turn.heard.split()
        else:
            self._conversation = interviewer.interrupted(self._conversation)
        if turn.call is not None:
            await self._send({"toolCallCancellation": {"ids": [turn.call]}})
        await self._send({"serverContent": {"interrupted": True}})
        await self._complete(turn)
        await self._save()
        return True

    async def _quiet(self) -> None:
        self._turn = None
        task, self._task = self._task, None
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _save(self) -> None:
        if self._setup.resumable:
            handle = self._parts.sessions.save(Saved(self._session, self._conversation, self._tokens))
            await self._send({"sessionResumptionUpdate": {"newHandle": handle, "resumable": True}})

    async def _send(self, message: Json) -> None:
        if not self._faults.silenced:
            await self._send_frame(wire.dump(self._faults.garnish(message)))


def _first(group: BaseExceptionGroup[Hangup]) -> Hangup:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, Hangup)  # noqa: S101
    return error
