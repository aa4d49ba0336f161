"""The HTTP contract as a candidate's browser uses it."""

import asyncio
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
from tenacity import retry_if_exception_type, retry_if_result

from interview.api.app_check import HEADER as APP_CHECK_HEADER
from interview.retry import Backoff, Policy
from ops.failure import CommandFailed, NotAdmitted

TIMEOUT: Final = 30.0
"""Seconds that one answer may take, the cold start of a function included."""
END_TIMEOUT: Final = 75.0
"""Seconds for the call that writes the summary; Hosting cuts it off at 60."""
CLEANUP: Final = 60.0
"""Seconds for the deletion after a failure."""
SUMMARY_TIMEOUT: Final = 180.0
"""Seconds for which a summary may be pending."""
TRIES: Final = 3
READY_PAUSE: Final = 5.0
"""Seconds between two checks whether a new deployment answers."""
BACKOFF: Final = Backoff(first=1.5, longest=3.0)

DEBUG_VARIABLE: Final = "APP_CHECK_DEBUG_TOKEN"
"""The environment variable with a debug token of Firebase App Check. It is a secret."""
FIREBASE: Final = "https://firebaseappcheck.googleapis.com/v1"

_NOT_ADMITTED: Final = {
    "app_check": f" (it needs a browser, or {DEBUG_VARIABLE})",
    "at_capacity": "",
    "closed": "",
    "too_many_requests": "",
}
"""The codes with which nobody, or no command, may start an interview, and what helps."""
_TRANSIENT: Final = (408, 429, 502, 503, 504)
_ON_FAILURE: Final = retry_if_exception_type(httpx2.TransportError) | retry_if_result(
    lambda answer: answer.status_code in _TRANSIENT
)


@dataclass(frozen=True, slots=True)
class Started:
    """A new interview and its token."""

    session_id: str
    token: str = field(repr=False)
    streams: tuple[str, ...]
    """WebSocket addresses of all relays; the first is the default."""
    avatar: bool = False
    """Whether an avatar conversation was created, which costs money at once."""


class Api:
    """The HTTP API of one deployment. Every method raises CommandFailed if an answer is not what the contract says."""

    def __init__(
        self, base: str, start_code: str | None = None, debug_token: str | None = None, firebase: str = FIREBASE
    ) -> None:
        self.base = base.rstrip("/")
        self._start_code = start_code
        self._debug_token = debug_token
        self._firebase = firebase
        self._client = httpx2.AsyncClient(timeout=TIMEOUT, follow_redirects=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def wait_until_ready(self, seconds: float) -> dict[str, Any]:
        """Wait up to `seconds` until the page and the functions answer. Returns the page's configuration.

        A first deployment takes a while until it answers everywhere. The requests create nothing.
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                config = await self._json("GET", "/config.json")
                await self._json("GET", "/api/openapi.json")
                await self._json("POST", "/api/interview/start", json={}, expected=422)
            except CommandFailed:
                if time.monotonic() >= deadline:
                    raise
                await asyncio.sleep(READY_PAUSE)
            else:
                return config

    async def start(self, language: str | None = None, app_check: Mapping[str, str] | None = None) -> Started:
        """Create an interview by voice, in the deployment's first language unless another is given.

        `app_check` has the deployment's App Check keys, as /config.json has them. Never retried: a second call would
        create a second interview. Raises NotAdmitted when the deployment is closed or its limits are reached, and where
        App Check wants a browser.
        """
        request = {"skill_topic": "Message queues", "level": "intermediate", "output": "voice"}
        if language:
            request["language"] = language
        if self._start_code:
            request["start_code"] = self._start_code
        headers = {}
        if app_check and self._debug_token:
            headers[APP_CHECK_HEADER] = await self._attest(app_check, self._debug_token)
        answer = await self._send("POST", "/api/interview/start", json=request, headers=headers)
        if (code := _code(answer)) in _NOT_ADMITTED:
            raise NotAdmitted(f"start answers {code}{_NOT_ADMITTED[code]}")
        body = _body(answer, "POST", "/api/interview/start", 201)
        try:
            streams = tuple(body.get("stream_urls") or [body["stream_url"]])
            return Started(body["session_id"], body["session_token"], streams, body["conversation_url"] is not None)
        except KeyError as missing:
            raise CommandFailed(f"start answered without {missing}") from None

    async def _attest(self, keys: Mapping[str, str], debug_token: str) -> str:
        """A token of App Check for a debug token, which an operator has registered in the Firebase console
        (https://firebase.google.com/docs/reference/appcheck/rest/v1/projects.apps/exchangeDebugToken).
        """
        app = keys["app_id"]  # as 1:PROJECT_NUMBER:web:0a1b2c
        # The key may be restricted to the page, which a browser names as the referrer.
        headers = {"x-goog-api-key": keys["api_key"], "referer": f"{self.base}/"}
        path = f"{self._firebase}/projects/{app.split(':')[1]}/apps/{app}:exchangeDebugToken"
        body = await self._json("POST", path, json={"debugToken": debug_token}, headers=headers, tries=TRIES)
        if not isinstance(body.get("token"), str):
            raise CommandFailed("Firebase answered the debug token without a token")
        return str(body["token"])

    async def end(self, started: Started) -> dict[str, Any]:
        """End the interview and wait up to `SUMMARY_TIMEOUT` for its summary, which a task of the queue writes."""
        path = f"/api/interview/{started.session_id}/end"
        options: dict[str, Any] = {"started": started, "expected": (200, 202), "seconds": END_TIMEOUT, "tries": TRIES}
        body: dict[str, Any] = {}
        try:
            async with asyncio.timeout(SUMMARY_TIMEOUT):
                while True:
                    body = await self._json("POST", path, **options)
                    if body.get("status") == "completed":
                        return body
                    await asyncio.sleep(float(body.get("retry_after_seconds", 5)))
        except TimeoutError:
            failed = int(body.get("attempts", 0))
            state = f"{failed} failed attempts, {body.get('code', 'no code')}" if failed else "no attempt has failed"
            raise CommandFailed(f"the summary is still pending after {SUMMARY_TIMEOUT:.0f} s: {state}") from None

    async def transcript(self, started: Started) -> list[dict[str, Any]]:
        """The turns in the store."""
        body = await self._json("GET", f"/api/interview/{started.session_id}/transcript", started=started, tries=TRIES)
        return list(body["turns"])

    async def record(self, started: Started) -> dict[str, Any]:
        """The interview's record."""
        return await self._json("GET", f"/api/interview/{started.session_id}", started=started, tries=TRIES)

    async def delete(self, started: Started) -> dict[str, Any]:
        """Delete the interview. Returns the receipt, or {} if it was deleted already."""
        path = f"/api/interview/{started.session_id}"
        answer = await self._send("DELETE", path, started=started, tries=TRIES)
        # An earlier attempt whose answer was lost has deleted it.
        return {} if answer.status_code == httpx2.codes.NOT_FOUND else _body(answer, "DELETE", path, 200)

    async def clean_up(self, started: Started) -> None:
        """Delete the interview after a failure. If that fails too, print the interview's id."""
        try:
            async with asyncio.timeout(CLEANUP):
                await self.delete(started)
        except (CommandFailed, TimeoutError) as error:
            print(f"interview {started.session_id} could not be deleted ({error})", file=sys.stderr, flush=True)

    async def is_gone(self, started: Started) -> bool:
        """Whether the interview is unknown."""
        answer = await self._send("GET", f"/api/interview/{started.session_id}", started=started, tries=TRIES)
        return answer.status_code == httpx2.codes.NOT_FOUND

    async def health(self, stream: str) -> dict[str, Any]:
        """The health of this stream's relay."""
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
        started: Started | None = None,
        json: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = TIMEOUT,
        tries: int = 1,
    ) -> httpx2.Response:
        sent = {**(headers or {}), **({"authorization": f"Bearer {started.token}"} if started else {})}
        url = path if "://" in path else self.base + path
        policy = Policy(tries, tries * (seconds + BACKOFF.longest), BACKOFF)
        try:
            return await policy.run(
                lambda: self._client.request(method, url, headers=sent, json=json, timeout=seconds),
                retry=_ON_FAILURE,
            )
        except (httpx2.TransportError, TimeoutError) as error:
            raise CommandFailed(f"{method} {path}: no answer ({type(error).__name__})") from None


def language_of(config: Mapping[str, Any]) -> tuple[str, bool]:
    """English if the deployment's configuration offers it, else its first language; and whether it is English, as our
    recording is.
    """
    languages: list[str] = config.get("languages") or ["en-US"]
    english = next((tag for tag in languages if tag.startswith("en")), None)
    return english or languages[0], english is not None


def health_url(stream: str) -> str:
    """The address of the health check of a stream's relay."""
    scheme, _, rest = stream.partition("://")
    return f"{'https' if scheme == 'wss' else 'http'}://{rest.partition('/')[0]}/health"


def _code(answer: httpx2.Response) -> str | None:
    """The code of a problem."""
    try:
        body = answer.json()
    except ValueError:
        return None
    return body.get("code") if isinstance(body, dict) else None


def _body(answer: httpx2.Response, method: str, path: str, expected: int | tuple[int, ...]) -> dict[str, Any]:
    allowed = (expected,) if isinstance(expected, int) else expected
    try:
        body = answer.json()
    except ValueError:
        body = None
    if answer.status_code in allowed and isinstance(body, dict):
        return body
    code = _code(answer)
    detail = f" {code}" if code else "" if answer.status_code not in allowed else ", not JSON"
    raise CommandFailed(f"{method} {path}: HTTP {answer.status_code}{detail}")
