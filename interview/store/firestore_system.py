"""What Firestore keeps besides interviews: the ledgers, the operator's switch and the starts of each client."""

from collections.abc import Callable
from datetime import datetime

from google.cloud.firestore import AsyncClient

from interview.admission import window
from interview.store import document, ledger
from interview.store.firestore_connection import FirestoreConnection
from interview.store.places import Places
from interview.system import Admissions, Ledger, Salt, Switch


class FirestoreSystem(FirestoreConnection, Places):
    """The methods of a Store that concern no single interview."""

    _salt: Salt | None = None

    async def change_ledger(self, decide: Callable[[Ledger], Ledger]) -> Ledger:
        async def work(client: AsyncClient) -> Ledger:
            snapshot = await self._snapshot(client.collection("system").document("avatar"))
            fields = snapshot.to_dict()
            present = ledger.new() if fields is None else document.to_ledger(fields)
            changed = ledger.change(present, decide)
            if fields is None or changed is not present:
                await self._replace(client, snapshot, document.from_ledger(changed))
            return changed

        return await self._call(work)

    async def count_start(self, client: str, at: datetime, *, hourly: int) -> str:
        """Needs a TTL policy on the collection `clients`."""

        async def work(firestore: AsyncClient) -> str:
            name = window.pseudonym(client, await self._salt_of(firestore, at))
            snapshot = await self._snapshot(firestore.collection("clients").document(name))
            starts = window.count(document.to_starts(snapshot.to_dict() or {}), at, hourly=hourly)
            await self._replace(firestore, snapshot, document.from_starts(starts, at + window.WINDOW))
            return name

        return await self._call(work)

    async def switch(self) -> Switch:
        async def work(client: AsyncClient) -> Switch:
            fields = (await self._snapshot(client.collection("system").document("switch"))).to_dict()
            return document.to_switch(fields) if fields else Switch()

        return await self._call(work)

    async def set_switch(self, switch: Switch) -> None:
        async def work(client: AsyncClient) -> None:
            reference = client.collection("system").document("switch")
            await reference.set(document.from_switch(switch), retry=None, timeout=self._attempt_seconds)

        await self._call(work)

    async def _change_admissions(self, decide: Callable[[Admissions], Admissions]) -> Admissions:
        """Replace the ledger of interviews with the result of `decide`, unless another write changed it meanwhile."""

        async def work(client: AsyncClient) -> Admissions:
            snapshot = await self._snapshot(client.collection("system").document("admission"))
            present = document.to_admissions(snapshot.to_dict() or {})
            changed = decide(present)
            if changed is not present:
                await self._replace(client, snapshot, document.from_admissions(changed))
            return changed

        return await self._call(work)

    async def _salt_of(self, client: AsyncClient, at: datetime) -> Salt:
        """The salt of the day, which is read once a day."""
        salt = window.salt_of(self._salt, at)
        if salt is not self._salt:
            snapshot = await self._snapshot(client.collection("system").document("salt"))
            fields = snapshot.to_dict()
            present = document.to_salt(fields) if fields else None
            salt = window.salt_of(present, at)
            if salt is not present:
                await self._replace(client, snapshot, document.from_salt(salt))
            self._salt = salt
        return salt
