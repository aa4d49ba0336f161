"""A participant in a room: the frames that wait to be sent to it, and how it leaves."""

import asyncio
import json
import secrets
from typing import Any

_MOST = 2000
"""Frames that may wait: 80 seconds of speech. A participant with more is cut off."""


class Participant:
    """One participant. Frames are sent in order, up to the message `left`."""

    def __init__(self) -> None:
        self.user_id = secrets.token_hex(8)
        self._frames: asyncio.Queue[str | bytes | None] = asyncio.Queue(_MOST + 1)
        self.gone = False
        self.severed = asyncio.Event()
        """Set when the connection is to be cut at once, even if frames wait."""
        self.polite = False
        """Whether the connection is closed with a close frame."""

    def tell(self, **message: Any) -> None:
        """Queue a text frame."""
        self.put(json.dumps(message))

    def put(self, frame: str | bytes) -> None:
        """Queue a frame. A participant that does not read is cut off."""
        if self.gone:
            return
        if self._frames.qsize() == _MOST:
            self.cut()
        else:
            self._frames.put_nowait(frame)

    def leave(self, reason: str) -> None:
        """Send `left` with the reason after the queued frames, and close."""
        self.tell(type="left", reason=reason)
        self.polite = not self.gone
        self._close()

    def cut(self) -> None:
        """Close without a message."""
        self.severed.set()
        self._close()

    async def next(self) -> str | bytes | None:
        """The next frame, or None when there are no more."""
        return await self._frames.get()

    def _close(self) -> None:
        if not self.gone:
            self.gone = True
            self._frames.put_nowait(None)
