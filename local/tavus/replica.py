"""The replica: it speaks the audio that it is sent, in real time, one utterance after another."""

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from local.tavus.echo import RATE, SAMPLE_BYTES, Echo, at_room_rate
from local.tavus.script import Script

FRAME = RATE * SAMPLE_BYTES * 40 // 1000
"""Bytes of 40 ms: a frame of the replica's voice."""
HELD = RATE * SAMPLE_BYTES * 200 // 1000
"""Bytes that the replica holds back until more audio or `done` comes; lost if neither does."""
KEPT = 64 * 1024 * 1024
"""Bytes of audio that are kept of one conversation for reports; of the rest only length and digest."""


@dataclass(slots=True)
class Utterance:
    """The audio that the replica was sent under one id. `received` has every byte of it, as it came."""

    given: str | None
    inference_id: str
    rate: int
    received: bytearray | None = field(default_factory=bytearray)
    length: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    pieces: int = 0
    done: bool = False
    interrupted: bool = False
    cut: bool = False
    over: bool = False
    seconds: float = 0.0
    waiting: bytearray = field(default_factory=bytearray)

    def add(self, echo: Echo, *, kept: bool) -> None:
        """Add a piece."""
        self.length += len(echo.pcm)
        self.digest.update(echo.pcm)
        self.pieces += 1
        if self.received is not None and kept:
            self.received += echo.pcm
        else:
            self.received = None
        self.waiting += at_room_rate(echo.pcm, echo.rate)
        self.done = echo.done

    def frame(self) -> bytes:
        """The next frame to speak; empty if more audio has to come first."""
        ready = len(self.waiting) if self.done else len(self.waiting) - HELD
        if ready < FRAME and not (self.done and ready):
            return b""
        piece = bytes(self.waiting[:FRAME])
        del self.waiting[:FRAME]
        return piece

    def finish(self) -> None:
        """Speak nothing more of it."""
        self.over = True
        self.waiting.clear()


class Room(Protocol):
    """The replica's view of its room."""

    def sound(self, pcm: bytes) -> None:
        """Send audio to the room."""

    def event(self, kind: str, *, utterance: Utterance, properties: dict[str, Any] | None) -> None:
        """Send an event to the room."""

    def spoken(self, number: int, seconds: float) -> None:
        """The replica is `seconds` into its utterance number `number`, counted from 0."""


class Replica:
    """Speaks into a room. `run` it while the replica is in the room."""

    def __init__(self, script: Callable[[], Script], room: Room) -> None:
        self._script = script
        self._room = room
        self._queue: deque[Utterance] = deque()
        self._more = asyncio.Event()
        self._stop = asyncio.Event()
        self._speaking: Utterance | None = None
        self._latest: dict[str, Utterance] = {}
        self._spoken = 0
        self._kept = 0
        self.utterances: list[Utterance] = []
        self.interrupts = 0
        self.deaf = False

    def take(self, echo: Echo) -> None:
        """Queue audio. After the end of an utterance the same id begins a new one, even if the audio is stale."""
        utterance = self._latest.get(echo.inference_id)
        if utterance is None or utterance.done or (utterance.over and not self.deaf):
            utterance = Utterance(echo.given, echo.inference_id, echo.rate)
            self._latest[echo.inference_id] = utterance
            self.utterances.append(utterance)
            if not self.deaf:
                self._queue.append(utterance)
        self._kept += len(echo.pcm)
        utterance.add(echo, kept=self._kept <= KEPT)
        if self.deaf:
            utterance.finish()
        self._more.set()

    def interrupt(self) -> None:
        """Stop at once, and drop the queue."""
        self.interrupts += 1
        self._drop(interrupted=True)

    def fall_silent(self, *, deaf: bool) -> None:
        """Stop without an event, and say nothing while deaf."""
        self._speaking = None
        self._drop(interrupted=False)
        self.deaf = deaf

    def _drop(self, *, interrupted: bool) -> None:
        for utterance in self._queue:
            utterance.interrupted = interrupted
            utterance.finish()
        self._queue.clear()
        self._stop.set()
        self._more.set()

    async def run(self) -> None:
        """Speak until cancelled."""
        while True:
            while not self._queue:
                self._more.clear()
                await self._more.wait()
            await self._say(self._queue[0])

    async def _say(self, utterance: Utterance) -> None:
        """Speak one utterance until it is complete, cut or interrupted."""
        loop = asyncio.get_running_loop()
        self._stop.clear()
        began: float | None = None
        until = loop.time() + self._script().latency
        while await self._pause(until) and not utterance.over:
            piece = utterance.frame()
            if piece:
                if began is None:
                    began = until = loop.time()
                    self._speaking = utterance
                    self._tell(utterance, "started_speaking", {})
                self._room.spoken(self._spoken, utterance.seconds)
                if utterance.over:
                    break
                self._room.sound(piece)
                seconds = len(piece) / SAMPLE_BYTES / RATE
                utterance.seconds += seconds
                until += seconds
            elif utterance.done:
                break
            elif not await self._wait_for_more(utterance):
                utterance.cut = True
                break
            else:
                until = loop.time()
        told = self._speaking is utterance
        self._speaking = None
        if self._queue and self._queue[0] is utterance:
            self._queue.popleft()
        utterance.finish()
        if began is not None:
            self._spoken += 1
        if told:
            properties = {"duration": round(utterance.seconds, 3), "interrupted": utterance.interrupted}
            self._tell(utterance, "stopped_speaking", properties)

    async def _pause(self, until: float) -> bool:
        """Wait until this time. Returns False if the replica must stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self._stop.wait()
        return not self._stop.is_set()

    async def _wait_for_more(self, utterance: Utterance) -> bool:
        """Wait for more audio. Returns False if none comes within `echo_timeout`."""
        length = len(utterance.waiting)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._script().echo_timeout):
                while len(utterance.waiting) == length and not utterance.done and not utterance.over:
                    self._more.clear()
                    await self._more.wait()
                return True
        return False

    def _tell(self, utterance: Utterance, what: str, properties: dict[str, Any]) -> None:
        """Send an event under its present name and under its former name."""
        role = {"role": self._script().role}
        self._room.event(f"conversation.{what}", utterance=utterance, properties={**role, **properties})
        self._room.event(f"conversation.replica.{what}", utterance=utterance, properties=properties or None)
