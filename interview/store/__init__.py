"""Where interviews are kept: a small protocol, and behind it SQLite (on one machine) or Firestore (in the cloud)."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from interview.errors import Invalid
from interview.record import Avatar, Cv, EndedReason, Interview, Ledger, Summary, Turn


class Store(Protocol):
    """Every method raises StoreUnavailable when the store does not do what was asked, within bounded time and tries.

    Methods that name a session raise NotFound when there is none, or none any more: past `expires_at` nothing is given
    out, whenever it is really deleted. A writer that carries an `epoch` older than the record's gets Superseded:
    another connection has taken the interview over.
    """

    async def create(self, interview: Interview) -> None:
        """Keep a new interview. The same session_id twice is a Conflict."""

    async def get(self, session_id: str) -> Interview:
        """The interview as it stands."""

    async def attach_cv(self, session_id: str, cv: Cv, prompt: str) -> Interview:
        """Replace CV and prompt while the interview is `ready`; Conflict (code `already_live`) after."""

    async def claim(self, session_id: str, now: datetime) -> Interview:
        """Take the interview over: epoch + 1, status `live`, `started_at` at the first time. AlreadyEnded when over, or
        abandoned and past its time limit.
        """

    async def touch(self, session_id: str, epoch: int, now: datetime) -> Interview:
        """The connection of this epoch is still there: keep `now` as `live.seen_at`; what was abandoned meanwhile is
        live again. Returns the interview as it stands, also one that is over, on which nothing changes; Conflict (code
        `not_live`) before the first claim.
        """

    async def save_turn(self, session_id: str, epoch: int, turn: Turn) -> Interview:
        """Keep a finished turn; the same number again replaces it (a late word). Returns the interview as it stands, so
        that a relay learns of an end from elsewhere. Allowed while `live` or `ended`; AlreadyEnded once `completed`;
        Conflict (code `not_live`) before the first claim.
        """

    async def save_handle(self, session_id: str, epoch: int, handle: str | None) -> None:
        """Keep the newest resumption handle of the Live session."""

    async def turns(self, session_id: str) -> list[Turn]:
        """All turns kept so far, by number; none of an unknown or expired session. The interview itself is not read."""

    async def end(self, session_id: str, reason: EndedReason, now: datetime, epoch: int | None = None) -> Interview:
        """End it: status `ended` (or `failed` by the reason), `ended_at`, duration. The first end counts: on one that
        is over already nothing changes. `abandoned` is not over, so it can still be ended, and keeps its `ended_at`
        unless it is the connection of `epoch` that ends it. As a reason it is Invalid: there is `abandon` for it.
        """

    async def idle(self, before: datetime, limit: int = 100) -> list[Interview]:
        """Interviews that are `live` and whose connection was last seen before this time, the longest ago first; at
        most `limit`.
        """

    async def abandon(self, session_id: str, before: datetime) -> Interview:
        """Mark it `abandoned`, with `ended_at` when its connection was last seen, if that is still before this time and
        it is still `live`. Otherwise nothing changes. Returns the interview as it stands.
        """

    async def save_summary(self, session_id: str, summary: Summary) -> Interview:
        """Keep the summary and mark the interview `completed`. The first summary counts. Conflict (code `not_ended`)
        while the interview is `ready` or `live`.
        """

    async def change_avatar(
        self, session_id: str, decide: Callable[[Interview], Avatar | None], epoch: int | None = None
    ) -> Interview:
        """What `decide` returns replaces `avatar`, whatever the interview's status. It may be called several times, so
        it must do nothing else; what it raises changes nothing. Returns the interview as it stands then.
        """

    async def with_avatar(self, limit: int = 100) -> list[Interview]:
        """Interviews whose avatar is `creating` or `active`, the oldest avatar first; at most `limit`."""

    async def change_ledger(self, decide: Callable[[Ledger], Ledger]) -> Ledger:
        """What `decide` returns replaces the one ledger, in one step over all instances. The first call makes it, with
        a random `deployment`, and that stays. `decide` as with `change_avatar`.
        """

    async def delete(self, session_id: str) -> int:
        """Delete the interview with its turns; returns how many turns went. A second time is NotFound."""

    async def close(self) -> None:
        """Give connections back."""


def open_store(address: str) -> Store:
    """The store behind `sqlite:///PATH` or `firestore://PROJECT[/DATABASE]`. Connects at first use."""
    scheme, _, rest = address.partition("://")
    # Imported here: a function that talks to Firestore should not load SQLite, nor a laptop the whole of grpc.
    if scheme == "sqlite":
        from interview.store.sqlite import SqliteStore

        return SqliteStore(rest.removeprefix("/"))
    if scheme == "firestore":
        from interview.store.firestore import FirestoreStore

        project, _, database = rest.partition("/")
        return FirestoreStore(project, database or "(default)")
    raise Invalid("STORE must be sqlite:///PATH or firestore://PROJECT/DATABASE.", field="STORE")
