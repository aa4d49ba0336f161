"""Google's services as an operator reaches them: with the credentials that gcloud, or the build, has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import google.auth
import httpx2
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import Request
from tenacity import retry_if_exception_type, retry_if_result

from interview.retry import Backoff, Policy
from ops.trouble import Trouble

SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
TIMEOUT: Final = 60.0
"""Seconds that one request may take."""
RETRY: Final = Policy(attempts=4, seconds=300.0, backoff=Backoff(first=2.0, longest=8.0))

_TRANSIENT: Final = (408, 429, 500, 502, 503, 504)
_ON_FAILURE: Final = retry_if_exception_type(httpx2.TransportError) | retry_if_result(
    lambda answer: answer.status_code in _TRANSIENT
)


def credentials() -> Credentials:
    """What this machine is logged in with. Raises Trouble when it is not."""
    try:
        found, _ = google.auth.default(scopes=[SCOPE])
    except GoogleAuthError:
        raise Trouble("not logged in to Google Cloud; run: gcloud auth application-default login") from None
    return found


def token_of(held: Credentials) -> Callable[[], str]:
    """Access tokens, each fresh enough for a request."""

    def token() -> str:
        try:
            if not held.valid:
                held.refresh(Request())
        except GoogleAuthError as error:
            raise Trouble(f"Google takes no notice of our login ({type(error).__name__})") from None
        return str(held.token)

    return token


@dataclass(frozen=True, slots=True)
class Rest:
    """A REST service of Google's. What is sent may be sent twice: every caller sees to that."""

    base: str
    project: str
    token: Callable[[], str] = field(repr=False)

    def call(
        self, method: str, path: str, *, json: object = None, content: bytes | None = None, **query: str
    ) -> dict[str, Any]:
        """The answer to a request. Raises Trouble with Google's own word for what is wrong."""
        answer = self._send(method, path, json=json, content=content, query=query)
        if answer.is_success:
            return answer.json() if answer.content else {}
        raise Trouble(f"{method} {path.partition('?')[0]}: HTTP {answer.status_code} {_told(answer)}".rstrip())

    def _send(
        self, method: str, path: str, *, json: object, content: bytes | None, query: Mapping[str, str]
    ) -> httpx2.Response:
        url = path if "://" in path else f"{self.base}/{path}"

        def attempt() -> httpx2.Response:
            # The project whose quota is used: a person's login names none.
            headers = {"authorization": f"Bearer {self.token()}", "x-goog-user-project": self.project}
            return httpx2.request(
                method, url, params=query, json=json, content=content, headers=headers, timeout=TIMEOUT
            )

        try:
            return RETRY.run_blocking(attempt, retry=_ON_FAILURE)
        except httpx2.TransportError as error:
            raise Trouble(f"{method} {path}: no answer ({type(error).__name__})") from None


def _told(answer: httpx2.Response) -> str:
    try:
        error = answer.json()["error"]
        return f"{error.get('status', '')}: {error.get('message', '')}".strip(": ")
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
