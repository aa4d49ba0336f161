"""Files in a Cloud Storage bucket. `STORAGE_EMULATOR_HOST` is honoured by Google's client itself.

How long an object stays is the bucket's lifecycle rule.
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

_TRY_SECONDS = 5.0
_CALL_SECONDS = 10.0

# Every request here may be repeated: an object is written as a whole, and deleting what is gone is no loss. Google's
# retry waits with jitter; a new try begins only while the call has time left for it.
_RETRY = DEFAULT_RETRY.with_delay(initial=0.1, maximum=1.0).with_timeout(_CALL_SECONDS - _TRY_SECONDS)

_FAILURES = (GoogleAPIError, GoogleAuthError, DataCorruption, RequestException, OSError)  # TimeoutError is an OSError


class StorageFiles:
    """Files in one bucket. Google's client is synchronous, so each call runs in a thread. Connects with the first."""

    def __init__(self, bucket: str) -> None:
        self._name = bucket
        self._client: Client | None = None
        self._lock = Lock()

    async def put(self, name: str, data: bytes, content_type: str) -> None:
        checked(name)

        def work(bucket: Bucket) -> None:
            bucket.blob(name).upload_from_string(data, content_type, timeout=_TRY_SECONDS, retry=_RETRY)

        await self._call(work)

    async def get(self, name: str) -> bytes:
        checked(name)

        def work(bucket: Bucket) -> bytes:
            try:
                data: bytes = bucket.blob(name).download_as_bytes(timeout=_TRY_SECONDS, retry=_RETRY)
            except NoObject:
                raise NotFound from None
            return data

        return await self._call(work)

    async def delete(self, prefix: str) -> list[str]:
        checked_prefix(prefix)

        def work(bucket: Bucket) -> list[str]:
            blobs = list(bucket.list_blobs(prefix=prefix, timeout=_TRY_SECONDS, retry=_RETRY))
            bucket.delete_blobs(blobs, on_error=lambda _: None, timeout=_TRY_SECONDS, retry=_RETRY)
            return sorted(blob.name for blob in blobs)

        return await self._call(work)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def _call(self, work: Callable[[Bucket], T]) -> T:
        """Do this work in a thread. Raises StoreUnavailable, with what went wrong as its cause."""
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                return await asyncio.to_thread(lambda: work(self._bucket()))
        except _FAILURES as error:
            raise StoreUnavailable("The files can't be read or written right now.") from error

    def _bucket(self) -> Bucket:
        with self._lock:
            if self._client is None:
                # A project is needed only to list or make buckets.
                self._client = Client(project=None)
            return self._client.bucket(self._name)
