"""The HTTP contract as a candidate's browser uses it."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
from tenacity import retry_if_exception_type, retry_if_result

from interview.retry import Backoff, Policy
from ops.trouble import Trouble

TIMEOUT: Final = 30.0
"""Seconds that one answer may take; a function that starts from nothing is among them."""
END_TIMEOUT: Final = 75.0
"""Seconds for the call in which the summary is written; hosting cuts it off at sixty."""
SUMMARY_PATIENCE: Final = 180.0
"""Seconds that a summary may be pending."""
TRIES: Final = 3
SETTLE_PAUSE: Final = 5.0
"""Seconds between two looks at whether a new deployment answers."""
BACKOFF: Final = Backoff(first=1.5, longest=3.0)

_TRANSIENT: Final = (408, 429, 502, 503, 504)
_ON_FAILURE: Final = retry_if_exception_type(httpx2.TransportError) | retry_if_result(
    lambda answer: answer.status_code in _TRANSIENT
)


@dataclass(frozen=True, slots=True)
class Started:
    """An interview that exists, and its key."""

    session_id: str
    token: str = field(repr=False)
    streams: tuple[str, ...]
    """WebSocket addresses, of all relays; the first is the one for everybody."""
    avatar: bool = False
    """Whether a conversation with a face was begun, which costs from its first second."""


class Api:
    """One deployment's HTTP side. Every method raises Trouble when it does not get what the contract promises."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self._client = httpx2.AsyncClient(timeout=TIMEOUT, follow_redirects=False)

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def settle(self, seconds: float) -> dict[str, Any]:
        """Wait until page and functions answer, if they do within so many seconds; gives what the page is told.

        What was just deployed for the first time takes a while to be known everywhere. Nothing is created by asking.
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                config = await self._json("GET", "/config.json")
                await self._json("GET", "/api/openapi.json")
                await self._json("POST", "/api/interview/start", json={}, expected=422)
            except Trouble:
                if time.monotonic() >= deadline:
                    raise
                await asyncio.sleep(SETTLE_PAUSE)
            else:
                return config

    async def start(self) -> Started:
        """A new interview by voice. Never repeated by itself: a second one would be a second interview."""
        wish = {"skill_topic": "Message queues", "level": "intermediate", "output": "voice"}
        body = await self._json("POST", "/api/interview/start", json=wish, expected=201)
        try:
            streams = tuple(body.get("stream_urls") or [body["stream_url"]])
            return Started(body["session_id"], body["session_token"], streams, body["conversation_url"] is not None)
        except KeyError as missing:
            raise Trouble(f"start answered without {missing}") from None

    async def end(self, who: Started) -> dict[str, Any]:
        """End it and wait for its summary."""
        path = f"/api/interview/{who.session_id}/end"
        given: dict[str, Any] = {"who": who, "expected": (200, 202), "seconds": END_TIMEOUT, "tries": TRIES}
        try:
            async with asyncio.timeout(SUMMARY_PATIENCE):
                while True:
                    body = await self._json("POST", path, **given)
                    if body.get("status") == "completed":
                        return body
                    await asyncio.sleep(float(body.get("retry_after_seconds", 5)))
        except TimeoutError:
            raise Trouble(f"the summary is still pending after {SUMMARY_PATIENCE:.0f} s") from None

    async def transcript(self, who: Started) -> list[dict[str, Any]]:
        """The turns that are kept."""
        body = await self._json("GET", f"/api/interview/{who.session_id}/transcript", who=who, tries=TRIES)
        return list(body["turns"])

    async def delete(self, who: Started) -> dict[str, Any]:
        """Delete everything of it; the receipt, or nothing where it was gone already."""
        path = f"/api/interview/{who.session_id}"
        answer = await self._send("DELETE", path, who=who, tries=TRIES)
        # A first try whose answer was lost has deleted it.
        return {} if answer.status_code == httpx2.codes.NOT_FOUND else _body(answer, "DELETE", path, 200)

    async def is_gone(self, who: Started) -> bool:
        """Whether nobody knows it any more."""
        answer = await self._send("GET", f"/api/interview/{who.session_id}", who=who, tries=TRIES)
        return answer.status_code == httpx2.codes.NOT_FOUND

    async def health(self, stream: str) -> dict[str, Any]:
        """How the relay behind this stream is."""
        return await self._json("GET", health_url(stream), tries=TRIES)

    async def _json(
        self, method: str, path: str, *, expected: int | tuple[int, ...] = 200, **options: Any
    ) -> dict[str, Any]:
        answer = await self._send(method, path, **options)
        return _body(answer, method, path, expected)

    async def _send(
        self,
        method: str,
        path: str,
        *,
        who: Started | None = None,
        json: Mapping[str, Any] | None = None,
        seconds: float = TIMEOUT,
        tries: int = 1,
    ) -> httpx2.Response:
        headers = {"authorization": f"Bearer {who.token}"} if who else {}
        url = path if "://" in path else self.base + path
        policy = Policy(tries, tries * (seconds + BACKOFF.longest), BACKOFF)
        try:
            return await policy.run(
                lambda: self._client.request(method, url, headers=headers, json=json, timeout=seconds),
                retry=_ON_FAILURE,
            )
        except (httpx2.TransportError, TimeoutError) as error:
            raise Trouble(f"{method} {path}: no answer ({type(error).__name__})") from None


def health_url(stream: str) -> str:
    """Where the relay of a stream (or at this ws address) says how it is."""
    scheme, _, rest = stream.partition("://")
    return f"{'https' if scheme == 'wss' else 'http'}://{rest.partition('/')[0]}/health"


def _body(answer: httpx2.Response, method: str, path: str, expected: int | tuple[int, ...]) -> dict[str, Any]:
    allowed = (expected,) if isinstance(expected, int) else expected
    try:
        body = answer.json()
    except ValueError:
        body = None
    if answer.status_code in allowed and isinstance(body, dict):
        return body
    code = body.get("code") if isinstance(body, dict) else None
    told = f" {code}" if code else "" if answer.status_code not in allowed else ", and no JSON"
    raise Trouble(f"{method} {path}: HTTP {answer.status_code}{told}")
