"""The WebSocket of one page. It can't block the event loop, however much the page sends.

The library parses everything that one read brings, up to 256 KiB, before any other task runs: 32,000 frames of two
bytes. It also answers pings by itself. So a large read is parsed slice by slice, with other tasks in
between, and frames are counted where they are parsed: pings, pongs and fragments too.
"""

import asyncio
from typing import Any, Final

from websockets.asyncio.server import ServerConnection
from websockets.frames import Frame, Opcode

from contract import closes
from relay.browser.pacing import Bucket

SMALL: Final = 1400
"""Bytes of a read that is parsed at once: a microphone frame of 40 ms has 1,288 with its header."""
SLICE: Final = 512
"""Bytes of a larger read that are parsed before their frames are counted."""
TURN: Final = 16 * 1024
"""Bytes that are parsed in one turn of the event loop at the most; fewer if the messages in them fill the queue."""
FRAMES_A_SECOND: Final = 120
FRAME_BURST: Final = 2400
"""Frames of all kinds. A microphone has 50 a second at the most; a page that reconnects sends what it has kept."""
BATCH: Final = 16
"""Frames that are counted together: counting costs as much as a sixth of receiving one."""
PINGS_A_SECOND: Final = 1
PING_BURST: Final = 20
"""Pings and pongs. Browsers send no pings, and one pong for each of our pings."""
LINGER: Final = 3.0
"""Seconds that a client has to read why it is being disconnected. One is too few on a slow line."""

_PINGS: Final = (Opcode.PING, Opcode.PONG)


class PacedConnection(ServerConnection):
    """A connection that is closed with 4429 when it sends more frames or pings than any page does."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._frames = Bucket(FRAMES_A_SECOND, FRAME_BURST)
        self._pings = Bucket(PINGS_A_SECOND, PING_BURST)
        self._uncounted = 0
        self._unparsed = memoryview(b"")
        self._queue_full = False
        self._refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.recv_messages.pause = self._pause
        self.recv_messages.resume = self._resume

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if len(data) <= SMALL:
            super().data_received(data)
        else:
            # Nothing more is read until all of it is parsed, so that there is never more than one read.
            self.transport.pause_reading()
            self._unparsed = memoryview(data)
            self._parse()

    def _parse(self) -> None:
        """Parse some of the last read, and go on after other tasks have run."""
        parsed = 0
        while self._unparsed and not self._queue_full and parsed < TURN:
            data, self._unparsed = bytes(self._unparsed[:SLICE]), self._unparsed[SLICE:]
            parsed += SLICE
            super().data_received(data)
        if not self._queue_full:
            self._go_on()

    def _pause(self) -> None:
        """The queue of messages is full."""
        self._queue_full = True
        self.transport.pause_reading()

    def _resume(self) -> None:
        """The queue of messages has room again."""
        self._queue_full = False
        self._go_on()

    def _go_on(self) -> None:
        if self._unparsed:
            self.loop.call_soon(self._parse)
        elif not self._refused and not self.transport.is_closing():
            self.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unparsed = memoryview(b"")
        super().connection_lost(exc)

    def process_event(self, event: Any) -> None:
        if self._refused:
            return
        if isinstance(event, Frame):
            self._uncounted += 1
            ping = event.opcode in _PINGS
            if (self._uncounted == BATCH or ping) and not self._count(ping=ping):
                self.refuse("too_fast")
                return
        super().process_event(event)

    def _count(self, *, ping: bool) -> bool:
        """Count the frames since the last call. Returns False if there were too many."""
        now = self.loop.time()
        frames, self._uncounted = self._uncounted, 0
        return self._frames.take(frames, now) and (not ping or self._pings.take(1, now))

    def refuse(self, reason: str) -> None:
        """Close it with 4429, and read nothing more: dropping what a flood sends costs as much as parsing it. Returns
        at once.
        """
        self._refused = True
        self._unparsed = memoryview(b"")
        self.protocol.fail(closes.AT_CAPACITY.code, reason)
        self.send_data()
        self.transport.pause_reading()
        self.loop.call_later(LINGER, self.transport.abort)
