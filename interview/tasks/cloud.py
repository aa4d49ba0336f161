"""Cloud Tasks, over its REST API.

The queue decides where a task goes and as whom (infra/terraform/tasks.tf: `http_target`), so the caller needs to know
its name alone, and may do nothing but add tasks.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from tenacity import retry_if_exception_type

from interview import clock
from interview.errors import Unavailable
from interview.retry import Backoff, Policy

if TYPE_CHECKING:
    from httpx2 import AsyncClient

BASE_URL: Final = "https://cloudtasks.googleapis.com"
ATTEMPT_SECONDS: Final = 2.0
"""The timeout of each step of one request."""
RETRY: Final = Policy(attempts=3, seconds=4.5, backoff=Backoff(first=0.2, longest=0.5))
"""All within the time that the relay has for the end of an interview (`FLUSH_TIMEOUT`)."""
_TARGET: Final = "https://queue.invalid"
"""The queue replaces this host by the function's."""
_SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
_TRANSIENT: Final = frozenset(
    (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, *(status for status in HTTPStatus if status >= 500))  # noqa: PLR2004
)


class _FailedError(Exception):
    """Another try may help."""


class CloudTasks:
    """One queue. A repeated request may add a task twice, which does no harm."""

    def __init__(
        self,
        queue: str,
        *,
        base_url: str = BASE_URL,
        access_token: Callable[[], str] | None = None,
        retry: Policy = RETRY,
    ) -> None:
        """`queue` is `projects/PROJECT/locations/REGION/queues/NAME`. `access_token` returns a valid OAuth token; it
        blocks and runs in a thread. The default is that of the service's own account.
        """
        self._url = f"{base_url}/v2/{queue}/tasks"
        self._access_token = access_token or _OwnToken().get
        self._retry = retry
        self._client: AsyncClient | None = None

    async def hand_over(self, session_id: str, delay: float = 0.0) -> None:
        import httpx2  # loaded with the first task

        if self._client is None:
            self._client = httpx2.AsyncClient(timeout=ATTEMPT_SECONDS)
        client = self._client
        request = {"httpMethod": "POST", "url": f"{_TARGET}/api/interview/{session_id}/write-summary"}
        task: dict[str, Any] = {"httpRequest": request}
        if delay:
            due_at = clock.now() + timedelta(seconds=delay)
            task["scheduleTime"] = clock.moment(due_at)

        async def attempt() -> None:
            try:
                token = await asyncio.to_thread(self._access_token)
                answer = await client.post(self._url, json={"task": task}, headers={"authorization": f"Bearer {token}"})
            except (httpx2.HTTPError, ConnectionError) as error:
                raise _FailedError from error
            if answer.status_code in _TRANSIENT:
                raise _FailedError(f"The queue answered {answer.status_code}.")
            if answer.status_code != HTTPStatus.OK:
                raise Unavailable(f"The queue of summaries answered {answer.status_code}.")

        try:
            await self._retry.run(attempt, retry=retry_if_exception_type(_FailedError))
        except (_FailedError, TimeoutError) as error:
            raise Unavailable("The queue of summaries can't be reached.") from error

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


class _OwnToken:
    """The access token of the account that this process runs as, fetched again shortly before it expires."""

    def __init__(self) -> None:
        self._credentials: Any = None

    def get(self) -> str:
        """Blocks. Raises ConnectionError without one."""
        import google.auth
        from google.auth.exceptions import GoogleAuthError
        from google.auth.transport.requests import Request

        try:
            if self._credentials is None:
                self._credentials, _ = google.auth.default(scopes=[_SCOPE])
            if not self._credentials.valid:
                self._credentials.refresh(Request())
        except GoogleAuthError as error:
            raise ConnectionError("There is no access token.") from error
        return str(self._credentials.token)
