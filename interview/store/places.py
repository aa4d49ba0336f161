"""The ledger of interviews, as both stores have it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime

from interview.admission import ledger
from interview.settings import Limits
from interview.system import Admissions


class Places(ABC):
    """The methods of a Store that change the ledger of interviews. A store implements `_change_admissions`."""

    @abstractmethod
    async def _change_admissions(self, decide: Callable[[Admissions], Admissions]) -> Admissions:
        """Replace the ledger of interviews with the result of `decide`, atomically over all instances."""

    async def admit(
        self, session_id: str, *, client: str, at: datetime, until: datetime, limits: Limits, invited: bool = False
    ) -> None:
        await self._change_admissions(
            lambda present: ledger.admit(present, session_id, client, at, until, limits=limits, invited=invited)
        )

    async def extend_place(self, session_id: str, until: datetime, at: datetime, *, limits: Limits) -> None:
        await self._change_admissions(lambda present: ledger.extend(present, session_id, until, at, limits=limits))

    async def release_place(self, session_id: str) -> None:
        await self._change_admissions(lambda present: ledger.release(present, session_id))

    async def forget_place(self, session_id: str) -> None:
        await self._change_admissions(lambda present: ledger.forget(present, session_id))

    async def charge(self, dollars: Mapping[str, float], at: datetime) -> None:
        await self._change_admissions(lambda present: ledger.charge_all(present, dollars, at))

    async def admissions(self) -> Admissions:
        return await self._change_admissions(lambda present: present)
