"""A participant's seat in a room: what waits to be sent to it, and how it leaves."""

import asyncio
import json
import secrets
from typing import Any

_MOST = 2000
"""Frames that may wait: 80 seconds of speech. Whoever lags further behind has lost the line."""


class Seat:
    """One participant. What is put here is sent in this order, until `left`."""

    def __init__(self) -> None:
        self.user_id = secrets.token_hex(8)
        self._frames: asyncio.Queue[str | bytes | None] = asyncio.Queue(_MOST + 1)
        self.gone = False
        self.severed = asyncio.Event()
        """Set when the line is cut, whatever is still on it."""
        self.polite = False
        """Whether the line is closed with a close frame, rather than dropped."""

    def tell(self, **message: Any) -> None:
        """Queue a text frame."""
        self.put(json.dumps(message))

    def put(self, frame: str | bytes) -> None:
        """Queue a frame; one who does not read is cut off."""
        if self.gone:
            return
        if self._frames.qsize() == _MOST:
            self.cut()
        else:
            self._frames.put_nowait(frame)

    def leave(self, reason: str) -> None:
        """Say that it is over and why, after what is on its way, and close."""
        self.tell(type="left", reason=reason)
        self.polite = not self.gone
        self._close()

    def cut(self) -> None:
        """Close without a word."""
        self.severed.set()
        self._close()

    async def next(self) -> str | bytes | None:
        """The next frame, or None when the seat is empty."""
        return await self._frames.get()

    def _close(self) -> None:
        if not self.gone:
            self.gone = True
            self._frames.put_nowait(None)
