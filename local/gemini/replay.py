"""A recorded timeline played over the real wire, in step with what the client does."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final, Protocol

from local.gemini import frames
from local.gemini.activity import Detector, Event
from local.gemini.recording import Cue, Entry, Stretch, sounding, stretches
from local.gemini.script import Received
from local.gemini.wire import Audio, Content, Detection, Hangup, Message, Text, ToolResponses

_DETECTION: Final = Detection(silence_ms=400)


class Kept(Protocol):
    """Where the client's messages are counted."""

    @property
    def received(self) -> Received:
        """What was received."""


class Replay:
    """Plays the stretches one after the other. Each waits for the act of the client that it answers: connecting,
    speech, a tool response, a text. Other acts are ignored.

    Frames that came after an utterance keep their distance from its end; frames that came during it (an interruption)
    keep their distance from its beginning. All distances are multiplied by `pace`.
    """

    def __init__(
        self, entries: Sequence[Entry], parts: Kept, send: Callable[[bytes], Awaitable[None]], *, pace: float = 1.0
    ) -> None:
        self._stretches = deque(stretches(entries))
        self._received = parts.received
        self._send_frame = send
        self._pace = pace
        self._detector = Detector(_DETECTION)
        self._began: asyncio.Queue[tuple[Cue, asyncio.Event]] = asyncio.Queue()
        self._spoken = asyncio.Event()

    async def run(self, messages: AsyncIterator[Message]) -> None:
        """Play until the client goes. Raises Hangup where the recorded connection was closed."""
        await self._send_frame(frames.dump({"setupComplete": {}}))
        playing = asyncio.create_task(self._play())
        listening = asyncio.create_task(self._listen(messages))
        try:
            await asyncio.wait({playing, listening}, return_when=asyncio.FIRST_COMPLETED)
            if playing.done():
                playing.result()
            await listening
        finally:
            playing.cancel()
            listening.cancel()

    async def _listen(self, messages: AsyncIterator[Message]) -> None:
        async for message in messages:
            match message:
                case Audio(pcm):
                    self._received.audio_bytes += len(pcm)
                    self._hear(pcm)
                case Text(text):
                    self._received.texts.append(text)
                    self._cue("text")
                case Content():
                    self._cue("text")
                case ToolResponses():
                    self._cue("response")

    def _hear(self, pcm: bytes) -> None:
        for event in self._detector.feed(pcm):
            if event is Event.STARTED:
                self._spoken = asyncio.Event()
                self._began.put_nowait(("speech", self._spoken))
            elif event is Event.ENDED:
                self._spoken.set()

    def _cue(self, cue: Cue) -> None:
        ended = asyncio.Event()
        ended.set()
        self._began.put_nowait((cue, ended))

    async def _play(self) -> None:
        while self._stretches:
            stretch = self._stretches.popleft()
            ended = await self._cued(stretch.cue)
            await self._play_stretch(stretch, ended)

    async def _cued(self, cue: Cue) -> asyncio.Event | None:
        while cue != "connect":
            done, ended = await self._began.get()
            if done == cue:
                return ended
        return None

    async def _play_stretch(self, stretch: Stretch, ended: asyncio.Event | None) -> None:
        loop = asyncio.get_running_loop()
        origin, began = stretch.began, loop.time()
        over = stretch.began + stretch.seconds
        for entry in stretch.entries:
            if ended is not None and entry.t >= over:
                await ended.wait()
                # Speech ended before the silence by which that was found out.
                origin, began = over, loop.time() - (_DETECTION.silence_ms / 1000 if stretch.cue == "speech" else 0)
                ended = None
            await asyncio.sleep(max(0.0, began + (entry.t - origin) * self._pace - loop.time()))
            if entry.closed is not None:
                raise Hangup(*entry.closed)
            if entry.frame is not None and "setupComplete" not in entry.frame:
                await self._send_frame(frames.dump(sounding(entry.frame)))
