"""A candidate whose microphone and loudspeaker run in real time, and who keeps what both sounded like."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from contract.limits import MICROPHONE_RATE, VOICE_RATE
from tests.relay.conftest import FRAME_SAMPLES, SILENCE, SPEECH

FRAME: Final = FRAME_SAMPLES / MICROPHONE_RATE
"""Seconds of a frame of the microphone."""


@dataclass
class Sound:
    """A stretch of sound on the interview's clock, in seconds."""

    began: float
    ended: float


@dataclass
class Listener:
    """Plays what it receives at the speed of speech, and says `played` when the loudspeaker is quiet.

    All times are audio time: where a sample is in the session's sound, counted from the start of the interview.
    """

    socket: ClientConnection
    late: float = 0.0
    """Seconds for which the loudspeaker keeps sound back that begins to play."""
    voice: dict[int, Sound] = field(default_factory=dict)
    """Each of the interviewer's turns, from its first to its last sample in the loudspeaker."""
    answers: list[Sound] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    lag: float = 0.0
    """By how many seconds the machine woke the microphone too late, at the worst."""

    def __post_init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._zero = 0.0
        self._queue_ends = 0.0
        self._turn = -1
        self._left = 0
        self._changed = asyncio.Condition()

    @property
    def now(self) -> float:
        return self._loop.time() - self._zero

    async def run(self, token: str) -> None:
        """Say hello, then listen and stream the microphone until the connection is closed."""
        await self.send("hello", token=token, output="voice")
        ready = json.loads(await self.socket.recv())
        self._zero = self._loop.time() - ready["elapsed_seconds"]
        self.messages.append(ready)
        async with asyncio.TaskGroup() as tasks:
            microphone = tasks.create_task(self._stream())
            with suppress(ConnectionClosed):
                async for frame in self.socket:
                    if isinstance(frame, bytes):
                        self._hear(frame)
                    else:
                        await self._read(json.loads(frame), tasks)
            microphone.cancel()

    async def send(self, kind: str, **fields: object) -> None:
        await self.socket.send(json.dumps({"type": kind, **fields}))

    def speak(self, seconds: float) -> None:
        """Make a sound from now on."""
        self._left += round(seconds / FRAME)

    async def until(self, kind: str, *, after: int = 0, **fields: object) -> dict[str, Any]:
        """The first message of this kind with these fields, among those from number `after` on."""

        def found() -> dict[str, Any] | None:
            return next((m for m in self.messages[after:] if m["type"] == kind and m.items() >= fields.items()), None)

        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(found)
        message = found()
        assert message
        return message

    def _hear(self, pcm: bytes) -> None:
        began = self._queue_ends if self._queue_ends > self.now else self.now + self.late
        self._queue_ends = began + len(pcm) / 2 / VOICE_RATE
        self.voice.setdefault(self._turn, Sound(began, began)).ended = self._queue_ends

    async def _read(self, message: dict[str, Any], tasks: asyncio.TaskGroup) -> None:
        match message:
            case {"type": "caption", "speaker": "interviewer", "turn": turn}:
                # Its first caption comes with its first sound, or before.
                self._turn = turn
            case {"type": "interrupted", "turn": turn}:
                self._queue_ends = min(self._queue_ends, self.now)
                if turn in self.voice:
                    self.voice[turn].ended = min(self.voice[turn].ended, self.now)
            case {"type": "spoken"}:
                tasks.create_task(self._finish())
        async with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    async def _finish(self) -> None:
        await asyncio.sleep(max(0.0, self._queue_ends - self.now))
        with suppress(ConnectionClosed):
            await self.send("played")

    async def _stream(self) -> None:
        began, frames = self.now, 0
        while True:
            loud, self._left = self._left > 0, max(0, self._left - 1)
            try:
                await self.socket.send(SPEECH if loud else SILENCE)
            except ConnectionClosed:
                return
            at = began + frames * FRAME
            if loud and (not self.answers or at - self.answers[-1].ended > 2 * FRAME):
                self.answers.append(Sound(at - FRAME, at))
            elif loud:
                self.answers[-1].ended = at
            frames += 1
            due = began + frames * FRAME
            await asyncio.sleep(max(0.0, due - self.now))
            self.lag = max(self.lag, self.now - due)
