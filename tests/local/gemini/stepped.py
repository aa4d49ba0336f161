"""A Live connection without a socket, on a clock that jumps to the next event: exact times without waiting."""

import asyncio
import json
import selectors
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.gemini.live import Live, Parts
from local.gemini.recording import Entry
from local.gemini.script import Received, Script
from local.gemini.server import parts
from local.gemini.sessions import Sessions
from local.gemini.wire import Audio, Hangup, Message, Setup
from tests.local.gemini.conftest import PROMPT, noise, silence

FRAME = 640 * 2


class _Jump(selectors.SelectSelector):
    """Returns at once, and advances the time by the timeout."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout:
            self.now += timeout
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.now


@dataclass
class Stepped:
    """One connection: what is sent to it and when, and what it sends back, as a timeline."""

    live: Live
    received: Received
    inbox: asyncio.Queue[Message | None]
    timeline: list[Entry] = field(default_factory=list)
    closed: tuple[int | None, str] | None = None
    ended: float = 0.0
    _some: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: Message, note: str = "") -> None:
        if note:
            self.timeline.append(Entry(_now(), sent=note))
        await self.inbox.put(message)

    async def hear(self, pcm: bytes) -> None:
        """Microphone frames of 40 ms, as they come."""
        for at in range(0, len(pcm), FRAME):
            await self.send(Audio(pcm[at : at + FRAME]))
            await asyncio.sleep(0.04)

    async def say(self, seconds: float, quiet: float = 6.0) -> None:
        """The candidate speaks, drawing breath now and then, and the microphone stays open."""
        self.timeline.append(Entry(_now(), sent=f"speech starts ({int(seconds * 1000)} ms)"))
        breaths = (silence(0.1) + noise(3.9)) * (int(seconds) // 4)
        await self.hear(breaths + noise(seconds - len(breaths) / 32_000) + silence(quiet))

    async def until(self, kind: str, seconds: float = 60.0) -> dict[str, Any]:
        """The next message with this key at its top or in its serverContent, from now on."""
        place = len(self.timeline)
        async with asyncio.timeout(seconds):
            while True:
                for entry in self.timeline[place:]:
                    place += 1
                    content = (entry.frame or {}).get("serverContent") or {}
                    if kind in (entry.frame or {}) or kind in content:
                        return entry.frame or {}
                self._some.clear()
                await self._some.wait()

    def take(self, frame: bytes) -> None:
        self.timeline.append(Entry(_now(), frame=json.loads(frame)))
        self._some.set()

    async def messages(self) -> AsyncIterator[Message]:
        while (message := await self.inbox.get()) is not None:
            yield message


def _now() -> float:
    return asyncio.get_running_loop().time()


Play = Callable[[Stepped], Awaitable[None]]


def play(script: Script, client: Play, *, setup: Setup | None = None, sessions: Sessions | None = None) -> Stepped:
    """Run a connection of this script with this client; returns it with its timeline."""
    setup = setup or Setup(
        model="models/gemini-3.8-live", instruction=PROMPT, tools=("end_interview",), hears=True, captions=True
    )

    async def run() -> Stepped:
        voice, ear = parts(script)
        received = Received()
        stepped: Stepped

        async def send(frame: bytes) -> None:
            await asyncio.sleep(0)
            stepped.take(frame)

        live = Live(
            setup=setup, script=script, parts=Parts(voice, ear, sessions or Sessions(), received), number=0, send=send
        )
        stepped = Stepped(live, received, asyncio.Queue())
        running = asyncio.ensure_future(live.run(stepped.messages()))
        acting = asyncio.ensure_future(client(stepped))
        await asyncio.wait({running, acting}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            await acting
            await stepped.inbox.put(None)
        else:
            acting.cancel()
        try:
            await running
        except Hangup as hangup:
            stepped.closed = hangup.code, hangup.reason
            stepped.ended = _now()
        return stepped

    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(run())


def frames_of(timeline: Sequence[Entry]) -> list[dict[str, Any]]:
    return [entry.frame for entry in timeline if entry.frame is not None]
