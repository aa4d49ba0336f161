"""Webhooks: one after another, each tried once. Nothing is known of retries or signatures."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any

import httpx2

TIMEOUT = 5.0
"""Seconds that the receiver has for an answer."""
_WAITING = 1000
_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Sent:
    """A webhook that was sent; `status` None: no answer, and `trouble` says why."""

    url: str
    body: dict[str, Any]
    status: int | None
    trouble: str | None = None


class Webhooks:
    """What is to be sent, in order; those over a thousand that wait are dropped."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue(_WAITING)
        self._came = asyncio.Event()
        self.sent: deque[Sent] = deque(maxlen=_KEPT)

    def put(self, url: str, body: dict[str, Any]) -> None:
        """Send this when its turn comes."""
        if not self._waiting.full():
            self._waiting.put_nowait((url, body))
            self._came.set()

    async def run(self) -> None:
        """Send until cancelled. Without anything to send no client is made, which takes its time."""
        while self._waiting.empty():
            self._came.clear()
            await self._came.wait()
        async with httpx2.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
            while True:
                url, body = await self._waiting.get()
                try:
                    answer = await client.post(url, json=body)
                except (httpx2.HTTPError, httpx2.InvalidURL) as error:
                    self.sent.append(Sent(url, body, None, type(error).__name__))
                else:
                    self.sent.append(Sent(url, body, answer.status_code))
