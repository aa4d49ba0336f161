"""The replica's mouth: it speaks what it is sent, in real time, one utterance after another."""

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
"""Bytes of 40 ms, the pieces in which a room hears the replica."""
HELD = RATE * SAMPLE_BYTES * 200 // 1000
"""Bytes that the replica keeps back until it knows how they go on: what is lost when `done` never comes."""
KEPT = 64 * 1024 * 1024
"""Bytes of audio that are kept of one conversation, for whoever asks; of the rest there are length and digest."""


@dataclass(slots=True)
class Utterance:
    """What the replica was sent under one id, until it stopped. `received` is byte for byte what came."""

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
        """One more piece."""
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
        """What can be spoken next; nothing, if more has to come first."""
        ready = len(self.waiting) if self.done else len(self.waiting) - HELD
        if ready < FRAME and not (self.done and ready):
            return b""
        piece = bytes(self.waiting[:FRAME])
        del self.waiting[:FRAME]
        return piece

    def finish(self) -> None:
        """Nothing more of it is spoken."""
        self.over = True
        self.waiting.clear()


class Room(Protocol):
    """What the replica has to do with its room."""

    def sound(self, pcm: bytes) -> None:
        """The room hears this."""

    def event(self, kind: str, *, utterance: Utterance, properties: dict[str, Any] | None) -> None:
        """The room is told of this."""

    def spoken(self, number: int, seconds: float) -> None:
        """So far into this utterance, counted from 0, the replica speaks now."""


class Replica:
    """Speaks into a room. `run` goes on for as long as the replica is there."""

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
        """Speak this when its turn comes. An id whose utterance is over begins another one, stale or not."""
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
        """Stop at once, and forget what was to be said."""
        self.interrupts += 1
        self._drop(interrupted=True)

    def hush(self, *, deaf: bool) -> None:
        """Fall silent without a word about it, and stay so while deaf."""
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
        """One utterance to its end, whatever that is."""
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
            elif not await self._hear(utterance):
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
        """Wait until this moment; False when the replica is to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self._stop.wait()
        return not self._stop.is_set()

    async def _hear(self, utterance: Utterance) -> bool:
        """Wait for more of the utterance; False when it does not come."""
        length = len(utterance.waiting)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._script().patience):
                while len(utterance.waiting) == length and not utterance.done and not utterance.over:
                    self._more.clear()
                    await self._more.wait()
                return True
        return False

    def _tell(self, utterance: Utterance, what: str, properties: dict[str, Any]) -> None:
        """Under the present name, and under the one that it had before."""
        role = {"role": self._script().role}
        self._room.event(f"conversation.{what}", utterance=utterance, properties={**role, **properties})
        self._room.event(f"conversation.replica.{what}", utterance=utterance, properties=properties or None)
