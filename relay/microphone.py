"""The candidate's microphone on its way to Gemini, and the silence that takes its place when it is muted or stops."""

import asyncio
from collections.abc import Callable
from typing import Final, NoReturn

from contract.limits import MICROPHONE_RATE
from relay.gemini.replay_buffer import ReplayBuffer
from relay.gemini.supervisor import Supervisor
from relay.talk import candidate
from relay.talk.floor import Floor

SILENT_MICROPHONE: Final = 0.3
"""Seconds without a frame after which the relay sends silence in the browser's place: Gemini ends an answer after the
silence that it receives, and never answers a stream that stops (recorded)."""
CHECKS: Final = 3
"""Checks in that time, none of which may find a new frame. A relay that was itself held up makes one check before it
reads the frames that wait for it, and silence in the middle of an answer would split it."""
FILL: Final = 5.0
"""Seconds of silence that are sent after the last frame, unless an answer is still waited for."""


class Microphone:
    """Passes the microphone's frames to the floor, and those that the floor lets through to Gemini."""

    def __init__(
        self,
        floor: Floor,
        replay: ReplayBuffer,
        supervisor: Supervisor,
        *,
        perform: Callable[[], None],
        time: Callable[[], float],
    ) -> None:
        """`perform` carries out what the floor decides; `time` is the floor's, in seconds."""
        self._floor = floor
        self._replay = replay
        self._supervisor = supervisor
        self._perform = perform
        self._time = time
        self._frame_at: float | None = None
        self._checks = 0
        """Made since the last frame."""
        self.muted = False
        """A muted microphone is sent as silence: a stream that stops gets no answer."""

    async def take(self, frame: bytes, now: float) -> None:
        """Take one frame of whole 16-bit samples."""
        self._frame_at = now
        self._checks = 0
        await self._send(bytes(len(frame)) if self.muted else frame, filled=self.muted)

    async def fill_silence(self) -> NoReturn:
        """Send silence in the place of a microphone that has stopped, until the answer has its reply."""
        sent_at = self._time()
        while True:
            await asyncio.sleep(SILENT_MICROPHONE / CHECKS)
            now = self._time()
            self._checks += 1
            if self._frame_at is None or self._checks <= CHECKS:
                sent_at = now
                continue
            if now - self._frame_at < FILL or self._floor.ear.speaking or self._floor.waiting_since is not None:
                pcm = bytes(2 * round((now - sent_at) * MICROPHONE_RATE))
                await self._send(pcm, filled=True)
            sent_at = now

    async def _send(self, pcm: bytes, *, filled: bool) -> None:
        now = self._time()
        passes = candidate.microphone(self._floor, pcm, now, filled=filled)
        self._perform()
        if passes:
            self._replay.record(pcm, now, loud=self._floor.ear.speaking)
            await self._supervisor.send_audio(pcm)
