"""Stores interviews: one protocol, implemented on SQLite for one machine and on Firestore for the cloud."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Protocol

from interview.errors import Invalid
from interview.record import Avatar, Cv, EndedReason, Interview, Standing, Turn
from interview.report import Rubric, Summary
from interview.settings import Limits
from interview.system import Admissions, Ledger, Switch
from interview.usage import TextUsage, Usage


class Store(Protocol):
    """Every method raises StoreUnavailable when the store fails, after a bounded time and number of attempts.

    Methods with a session id raise NotFound for an unknown session, and for one past its `expires_at`, whether or not
    it has been deleted yet. A write with an `epoch` older than the record's raises Superseded: another connection has
    taken the interview over.
    """

    async def create(self, interview: Interview) -> None:
        """Store a new interview. Raises Conflict if the session id exists."""

    async def get(self, session_id: str) -> Interview:
        """The interview."""

    async def attach_cv(self, session_id: str, cv: Cv, prompt: str) -> Interview:
        """Replace the CV and the prompt while the interview is `ready`; Conflict (code `already_live`) after that."""

    async def count_cv(self, session_id: str, most: int) -> None:
        """Count an upload of a CV, before it is read. Conflict (codes `already_live`; `too_many_cvs` after `most`)."""

    async def claim(self, session_id: str, now: datetime) -> Interview:
        """Take the interview over: epoch + 1, status `live`, and `started_at` the first time.

        Raises AlreadyEnded for one that is over, or abandoned and past its time limit.
        """

    async def touch(
        self,
        session_id: str,
        epoch: int,
        now: datetime,
        usage: Usage | None = None,
        thinking_seconds: float | None = None,
    ) -> Interview:
        """Report the connection of this epoch: set `live.seen_at` to `now`, and `usage` without its `text` and
        `thinking_seconds` if they are given. An interview that was abandoned meanwhile is live again; of one that is
        over only these two change. Returns the interview. Conflict (code `not_live`) before the first claim.
        """

    async def count_text(self, session_id: str, used: TextUsage) -> Interview:
        """Add these tokens to `usage.text`, in any status. Returns the interview. An attempt whose answer was lost may
        count twice.
        """

    async def save_turn(self, session_id: str, epoch: int, turn: Turn) -> Interview:
        """Store a complete turn. It replaces one with the same number, for late words. Returns the interview, so that
        the relay notices when it has been ended elsewhere.

        Allowed while `live` or `ended`. Raises AlreadyEnded once `completed`, and Conflict (code `not_live`) before the
        first claim.
        """

    async def save_handle(self, session_id: str, epoch: int, handle: str | None) -> None:
        """Store the newest resumption handle of the Live session."""

    async def release(self, session_id: str, epoch: int, handle: str | None = None) -> None:
        """The connection of this epoch writes nothing more; `handle` is a newer resumption handle."""

    async def standings(self, session_ids: Collection[str]) -> dict[str, Standing]:
        """The standings of these interviews, in one request that reads nothing else. One that is missing is deleted.

        Meant to be called every second by a relay, with all interviews that it carries.
        """

    async def turns(self, session_id: str) -> list[Turn]:
        """All turns so far, by number; none for an unknown or expired session. Does not read the interview itself."""

    async def end(self, session_id: str, reason: EndedReason, now: datetime, epoch: int | None = None) -> Interview:
        """End the interview: status `ended` (or `failed`, by the reason), `ended_at`, duration. Only the first end
        counts.

        An abandoned interview can still be ended. It keeps its `ended_at` unless the connection of `epoch` ends it. The
        reason `abandoned` is Invalid; see `abandon`.
        """

    async def idle(self, before: datetime, limit: int = 100) -> list[Interview]:
        """At most `limit` `live` interviews whose connection was last seen before this time, the longest ago first."""

    async def abandon(self, session_id: str, before: datetime) -> Interview:
        """Mark the interview `abandoned` if it is `live` and its connection was last seen before this time; `ended_at`
        is when it was last seen. Otherwise nothing changes. Returns the interview.
        """

    async def unwritten(self, before: datetime, limit: int = 100) -> list[Interview]:
        """At most `limit` interviews that have ended and whose summary was due before this time, the longest ago first.
        One whose summary is under way is due when that attempt gives up. A time that only a wrong clock can have
        written (`believed` in `interview/store/results.py`) is in the past.
        """

    async def queue_summary(self, session_id: str, at: datetime) -> Interview:
        """Make the summary due `at` this time, if it is neither there nor due nor under way. Returns the interview."""

    async def begin_writing(self, session_id: str, until: datetime, at: datetime) -> Interview:
        """Begin an attempt at the summary that gives up at `until`, a time that no other attempt has. Returns the
        interview.

        Raises Conflict if the interview has not ended, has a summary, or if an attempt is under way or not due yet.
        """

    async def fail_writing(
        self, session_id: str, until: datetime, code: str, due_at: datetime | None = None
    ) -> Interview:
        """Count the attempt with this `until` as failed, if it is still under way. The next one is due at `due_at`."""

    async def save_summary(
        self,
        session_id: str,
        summary: Summary,
        used: TextUsage | None = None,
        until: datetime | None = None,
    ) -> Interview:
        """Store the summary, add the tokens that it `used` and mark the interview `completed`. Only the
        first summary counts, and the tokens of each; with `until`, only if that attempt is still under way. Conflict
        (code `not_ended`) while the interview is `ready` or `live`.
        """

    async def save_rubric(self, session_id: str, rubric: Rubric) -> Interview:
        """Store the rubric, unless there is one. Returns the interview."""

    async def count_sketch(self, session_id: str, most: int) -> None:
        """Count a request for a sketch, before the model is asked. Conflict (codes `not_ended`; `too_many_sketches`
        after `most`).
        """

    async def save_sketch(self, session_id: str, turn: str, sketch: str, used: TextUsage) -> Interview:
        """Store a sketch of an answer to the question of this turn, unless it is empty or there is one, and add the
        tokens that it `used`. Returns the interview.
        """

    async def correct(self, session_id: str, corrections: Mapping[int, str], at: datetime) -> Interview:
        """Store what the candidate says they said, by the numbers of their turns, and drop the summary; a new one is
        due `at` once.

        Raises Conflict before the end (code `not_ended`) and the second time (code `already_corrected`), and Invalid
        for a turn that is not the candidate's.
        """

    async def change_avatar(
        self, session_id: str, decide: Callable[[Interview], Avatar | None], epoch: int | None = None
    ) -> Interview:
        """Replace `avatar` with the result of `decide`, in any status. Returns the changed interview.

        `decide` may be called several times and must be pure. If it raises, nothing changes.
        """

    async def with_avatar(self, limit: int = 100) -> list[Interview]:
        """At most `limit` interviews whose avatar is `creating` or `active`, the oldest avatar first."""

    async def change_ledger(self, decide: Callable[[Ledger], Ledger]) -> Ledger:
        """Replace the ledger with the result of `decide`, atomically over all instances. Returns the new ledger.

        The first call creates the ledger with a random `deployment`, which never changes. `decide` is as in
        `change_avatar`.
        """

    async def count_start(self, client: str, at: datetime, *, hourly: int) -> str:
        """Count a start from this address or network. Returns its pseudonym of the day, which is all that is stored.

        Raises TooManyRequests when it has started `hourly` interviews within the last hour. That start is not counted.
        """

    async def admit(
        self, session_id: str, *, client: str, at: datetime, until: datetime, limits: Limits, invited: bool = False
    ) -> None:
        """Take a place for an interview that is about to be created, until `until`. `client` is a pseudonym.

        Raises AtCapacity and TooManyRequests (`interview.admission.ledger`). The place expires unless it is extended.
        """

    async def extend_place(self, session_id: str, until: datetime, at: datetime, *, limits: Limits) -> None:
        """Keep the interview's place until `until`: a candidate joins it. The first time counts it for the day.

        Raises AtCapacity if its place has expired and no other is free.
        """

    async def release_place(self, session_id: str) -> None:
        """Give the interview's place back: it is over. Does nothing without one."""

    async def forget_place(self, session_id: str) -> None:
        """Give the interview's place back and forget its id: it is being deleted. Its dollars still count."""

    async def charge(self, dollars: Mapping[str, float], at: datetime) -> None:
        """Record what interviews have cost in all so far, by session id. A smaller sum than before changes nothing."""

    async def admissions(self) -> Admissions:
        """The ledger of interviews, for the operator. What has expired may still be in it."""

    async def switch(self) -> Switch:
        """Whether interviews may start."""

    async def set_switch(self, switch: Switch) -> None:
        """Replace the switch."""

    async def seal(self, session_id: str, now: datetime) -> Interview:
        """Begin to delete the interview: end it, and refuse all later writes. Returns the interview."""

    async def delete(self, session_id: str) -> int:
        """Delete the interview with its turns. Returns the number of turns. NotFound the second time."""

    async def close(self) -> None:
        """Close the connections."""


def open_store(address: str) -> Store:
    """The store at `sqlite:///PATH` or `firestore://PROJECT[/DATABASE]`. The first call connects."""
    scheme, _, rest = address.partition("://")
    # Imported here: a function with Firestore should not load SQLite, nor a developer's machine grpc.
    if scheme == "sqlite":
        from interview.store.sqlite import SqliteStore

        return SqliteStore(rest.removeprefix("/"))
    if scheme == "firestore":
        from interview.store.firestore import FirestoreStore

        project, _, database = rest.partition("/")
        return FirestoreStore(project, database or "(default)")
    raise Invalid("STORE must be sqlite:///PATH or firestore://PROJECT/DATABASE.", field="STORE")
