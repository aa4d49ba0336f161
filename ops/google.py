"""Google's REST services, with the credentials of gcloud or of the build."""

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
from ops.failure import CommandFailed

SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
TIMEOUT: Final = 60.0
"""Seconds that one request may take."""
RETRY: Final = Policy(attempts=4, seconds=300.0, backoff=Backoff(first=2.0, longest=8.0))

_TRANSIENT: Final = (408, 429, 500, 502, 503, 504)
_ON_FAILURE: Final = retry_if_exception_type(httpx2.TransportError) | retry_if_result(
    lambda answer: answer.status_code in _TRANSIENT
)


def credentials() -> Credentials:
    """The credentials of this machine. Raises CommandFailed if it is not logged in."""
    try:
        found, _ = google.auth.default(scopes=[SCOPE])
    except GoogleAuthError:
        raise CommandFailed("not logged in to Google Cloud; run: gcloud auth application-default login") from None
    return found


def token_of(credentials: Credentials) -> Callable[[], str]:
    """A function that returns a valid access token."""

    def token() -> str:
        try:
            if not credentials.valid:
                credentials.refresh(Request())
        except GoogleAuthError as error:
            raise CommandFailed(f"Google does not accept the login ({type(error).__name__})") from None
        return str(credentials.token)

    return token


@dataclass(frozen=True, slots=True)
class Rest:
    """A REST service of Google's. Every request may be retried, so callers send only what is safe to repeat."""

    base: str
    project: str
    token: Callable[[], str] = field(repr=False)

    def call(
        self, method: str, path: str, *, json: object = None, content: bytes | None = None, **query: str
    ) -> dict[str, Any]:
        """The answer to a request. Raises CommandFailed with Google's error message."""
        answer = self._send(method, path, json=json, content=content, query=query)
        if answer.is_success:
            return answer.json() if answer.content else {}
        raise CommandFailed(f"{method} {path.partition('?')[0]}: HTTP {answer.status_code} {_told(answer)}".rstrip())

    def _send(
        self, method: str, path: str, *, json: object, content: bytes | None, query: Mapping[str, str]
    ) -> httpx2.Response:
        url = path if "://" in path else f"{self.base}/{path}"

        def attempt() -> httpx2.Response:
            # The project whose quota is used: a user's credentials name none.
            headers = {"authorization": f"Bearer {self.token()}", "x-goog-user-project": self.project}
            return httpx2.request(
                method, url, params=query, json=json, content=content, headers=headers, timeout=TIMEOUT
            )

        try:
            return RETRY.run_blocking(attempt, retry=_ON_FAILURE)
        except httpx2.TransportError as error:
            raise CommandFailed(f"{method} {path}: no answer ({type(error).__name__})") from None


def _told(answer: httpx2.Response) -> str:
    try:
        error = answer.json()["error"]
        return f"{error.get('status', '')}: {error.get('message', '')}".strip(": ")
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
