"""Files in a Cloud Storage bucket, whose lifecycle rule deletes expired objects.

Google's client honours `STORAGE_EMULATOR_HOST`.
"""

import asyncio
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from google.api_core.exceptions import GoogleAPIError
from google.api_core.exceptions import NotFound as NoObject
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage import Bucket, Client
from google.cloud.storage.exceptions import DataCorruption
from google.cloud.storage.retry import DEFAULT_RETRY
from requests.exceptions import RequestException

from interview.errors import NotFound, StoreUnavailable
from interview.files.name import checked, checked_prefix

T = TypeVar("T")

ATTEMPT_SECONDS = 5.0
"""The timeout of one request."""
CALL_SECONDS = 10.0
"""The timeout of one call with all its attempts."""

# All requests are idempotent: an object is written as a whole, and deleting a missing object succeeds. The client
# library's own retry has exponential backoff with jitter.
_BACKOFF = DEFAULT_RETRY.with_delay(initial=0.1, maximum=1.0)

_FAILURES = (GoogleAPIError, GoogleAuthError, DataCorruption, RequestException, OSError)  # TimeoutError is an OSError


class StorageFiles:
    """Files in one bucket. Google's client is synchronous, so each call runs in a thread. The first call connects."""

    def __init__(
        self, bucket: str, *, attempt_seconds: float = ATTEMPT_SECONDS, call_seconds: float = CALL_SECONDS
    ) -> None:
        self._name = bucket
        self._attempt_seconds = attempt_seconds
        self._call_seconds = call_seconds
        # A new attempt begins only while the call has time left for it.
        self._retry = _BACKOFF.with_timeout(call_seconds - attempt_seconds)
        self._client: Client | None = None
        self._lock = Lock()

    async def put(self, name: str, data: bytes, content_type: str) -> None:
        checked(name)

        def work(bucket: Bucket) -> None:
            bucket.blob(name).upload_from_string(data, content_type, timeout=self._attempt_seconds, retry=self._retry)

        await self._call(work)

    async def get(self, name: str) -> bytes:
        checked(name)

        def work(bucket: Bucket) -> bytes:
            try:
                data: bytes = bucket.blob(name).download_as_bytes(timeout=self._attempt_seconds, retry=self._retry)
            except NoObject:
                raise NotFound from None
            return data

        return await self._call(work)

    async def delete(self, prefix: str) -> list[str]:
        checked_prefix(prefix)

        def work(bucket: Bucket) -> list[str]:
            blobs = list(bucket.list_blobs(prefix=prefix, timeout=self._attempt_seconds, retry=self._retry))
            bucket.delete_blobs(blobs, on_error=lambda _: None, timeout=self._attempt_seconds, retry=self._retry)
            return sorted(blob.name for blob in blobs)

        return await self._call(work)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def _call(self, work: Callable[[Bucket], T]) -> T:
        """Run this work in a thread. Raises StoreUnavailable with the cause."""
        try:
            async with asyncio.timeout(self._call_seconds):
                return await asyncio.to_thread(lambda: work(self._bucket()))
        except _FAILURES as error:
            raise StoreUnavailable("The files can't be read or written right now.") from error

    def _bucket(self) -> Bucket:
        with self._lock:
            if self._client is None:
                # Only listing and creating buckets needs a project.
                self._client = Client(project=None)
            return self._client.bucket(self._name)
