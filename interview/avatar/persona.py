"""The Tavus persona of all conversations, in echo mode: it only speaks the audio that it is sent.

A persona made in Tavus's dashboard has a greeting and a voice of its own. So this one is created through the API, once,
and its id is kept in the ledger.
"""

import asyncio
from dataclasses import replace

from interview.avatar.client import Client
from interview.settings import Tavus
from interview.store import Store
from interview.system import Ledger

VERSION = 1
"""The version of the request in `_create`. A new version creates a new persona."""


class Persona:
    """The persona of a deployment, or the one that the operator has set."""

    def __init__(self, store: Store, client: Client, tavus: Tavus) -> None:
        self._store = store
        self._client = client
        self._tavus = tavus
        self._key = f"{tavus.replica_id or 'stock'}/{VERSION}"
        self._lock = asyncio.Lock()

    async def id(self, ledger: Ledger) -> str:
        """The persona's id; created if there is none for these settings. Raises AvatarUnavailable, StoreUnavailable."""
        return self._tavus.persona_id or self._kept(ledger) or await self._made(None)

    async def id_instead_of(self, vanished: str) -> str | None:
        """The id of a new persona if this one no longer exists at Tavus, else None.

        Raises AvatarUnavailable, StoreUnavailable.
        """
        if self._tavus.persona_id or await self._client.has_persona(vanished):
            return None
        return await self._made(vanished)

    def _kept(self, ledger: Ledger) -> str | None:
        return ledger.persona_id if ledger.persona_key == self._key else None

    async def _made(self, vanished: str | None) -> str:
        # One at a time in this process. Two instances may each create one; the first in the ledger is used, and the
        # other costs nothing.
        async with self._lock:
            ledger = await self._store.change_ledger(lambda ledger: ledger)
            if (kept := self._kept(ledger)) not in (None, vanished):
                return kept
            made = await self._create(ledger.deployment)

            def remember(ledger: Ledger) -> Ledger:
                if self._kept(ledger) not in (None, vanished):
                    return ledger
                return replace(ledger, persona_id=made, persona_key=self._key)

            return self._kept(await self._store.change_ledger(remember)) or made

    async def _create(self, deployment: str) -> str:
        """Echo mode, without Tavus's perception of the candidate's face and emotions."""
        return await self._client.create_persona(
            {
                "persona_name": f"interviewer/{deployment}",
                "pipeline_mode": "echo",
                "default_replica_id": self._tavus.replica_id or await self._client.stock_replica(),
                "layers": {"perception": {"perception_model": "off"}},
            }
        )
