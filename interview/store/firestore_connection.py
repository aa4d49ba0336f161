"""The connection to Firestore: bounded calls, their retries, and writes that a race can refuse."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from google.api_core.exceptions import (
    Aborted,
    AlreadyExists,
    DeadlineExceeded,
    FailedPrecondition,
    GoogleAPIError,
    InternalServerError,
    ServiceUnavailable,
)
from google.api_core.exceptions import NotFound as NoDocument
from google.auth.exceptions import GoogleAuthError
from google.cloud.firestore import AsyncClient, AsyncDocumentReference, AsyncWriteBatch, DocumentSnapshot
from tenacity import retry_if_exception_type

from interview.errors import StoreUnavailable
from interview.retry import Backoff, Policy

T = TypeVar("T")

ATTEMPT_SECONDS = 5.0
"""The timeout of one request to Firestore."""
RETRY = Policy(attempts=3, seconds=10.0, backoff=Backoff(first=0.2, longest=0.8))
"""After a transient failure. The seconds are those of the whole call."""
RACES = 40
"""Rounds that a write may lose within one attempt: one of several concurrent writers succeeds in each."""
_RACE_BACKOFF = Backoff(first=0.1, longest=0.1)

_ON_FAILURE = retry_if_exception_type((DeadlineExceeded, InternalServerError, ServiceUnavailable))


class _RacedError(Exception):
    """The document was changed, created or deleted between our read and our write."""


_ON_RACE = retry_if_exception_type(_RacedError)


class FirestoreConnection:
    """One Firestore database. The first call connects; each event loop has its own connection."""

    def __init__(
        self,
        project: str,
        database: str = "(default)",
        *,
        attempt_seconds: float = ATTEMPT_SECONDS,
        retry: Policy = RETRY,
    ) -> None:
        self._project = project
        self._database = database
        self._attempt_seconds = attempt_seconds
        self._retry = retry
        self._races = Policy(RACES, retry.seconds, _RACE_BACKOFF)
        self._connected: tuple[asyncio.AbstractEventLoop, AsyncClient] | None = None

    async def close(self) -> None:
        connected, self._connected = self._connected, None
        if connected is not None and connected[0] is asyncio.get_running_loop():
            # The client has no public method that closes its channel.
            await connected[1]._firestore_api.transport.close()  # noqa: SLF001

    async def _replace(
        self, client: AsyncClient, snapshot: DocumentSnapshot[AsyncDocumentReference], fields: dict[str, Any]
    ) -> None:
        """Create or replace the fields of the snapshot's document, unless it was changed meanwhile."""
        batch = client.batch()
        if snapshot.exists:
            update(client, batch, snapshot, fields)
        else:
            batch.create(snapshot.reference, fields)
        await self._commit(batch)

    async def _call(self, work: Callable[[AsyncClient], Awaitable[T]]) -> T:
        """Run this work; retry after transient failures and lost races. Raises StoreUnavailable with the cause."""

        async def attempt() -> T:
            client = await self._client()
            return await self._races.run(lambda: work(client), retry=_ON_RACE)

        try:
            return await self._retry.run(attempt, retry=_ON_FAILURE)
        except (GoogleAPIError, GoogleAuthError, TimeoutError, _RacedError) as error:
            raise StoreUnavailable("The interviews can't be read or written right now.") from error

    async def _snapshot(self, reference: AsyncDocumentReference) -> DocumentSnapshot[AsyncDocumentReference]:
        return await reference.get(retry=None, timeout=self._attempt_seconds)

    async def _commit(self, batch: AsyncWriteBatch) -> None:
        try:
            await batch.commit(retry=None, timeout=self._attempt_seconds)
        except (Aborted, AlreadyExists, FailedPrecondition, NoDocument) as error:
            raise _RacedError from error

    async def _client(self) -> AsyncClient:
        """The client of this event loop; a grpc channel works in one loop only."""
        loop = asyncio.get_running_loop()
        if self._connected is None or self._connected[0] is not loop:
            # In a thread: looking up the credentials may call the metadata server.
            client = await asyncio.to_thread(AsyncClient, project=self._project, database=self._database)
            # Of two concurrent first calls, the first one's client is kept. The other has no connections yet.
            if self._connected is None or self._connected[0] is not loop:
                self._connected = (loop, client)
        return self._connected[1]


def update(
    client: AsyncClient,
    batch: AsyncWriteBatch,
    snapshot: DocumentSnapshot[AsyncDocumentReference],
    fields: dict[str, Any],
) -> None:
    """Add an update of these fields to a batch, with the precondition that the document is that of the snapshot."""
    batch.update(snapshot.reference, fields, option=client.write_option(last_update_time=snapshot.update_time))
