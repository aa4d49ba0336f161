"""Webhooks: sent one after another, each once. Tavus documents neither retries nor signatures."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any

import httpx2

TIMEOUT = 5.0
"""Seconds that the receiver has to answer."""
_WAITING = 1000
_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Sent:
    """A webhook that was sent. Without an answer `status` is None and `error` names the error."""

    url: str
    body: dict[str, Any]
    status: int | None
    error: str | None = None


class Webhooks:
    """The queue of webhooks, in order. Of more than a thousand, the newest are dropped."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue(_WAITING)
        self._came = asyncio.Event()
        self.sent: deque[Sent] = deque(maxlen=_KEPT)

    def put(self, url: str, body: dict[str, Any]) -> None:
        """Queue a webhook."""
        if not self._waiting.full():
            self._waiting.put_nowait((url, body))
            self._came.set()

    async def run(self) -> None:
        """Send until cancelled. The client is created only when there is something to send: creating it is slow."""
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
