"""How one connection of an interview ends."""

from dataclasses import dataclass

from interview.errors import AlreadyEnded, InterviewError, StoreUnavailable, Superseded
from interview.record import EndedReason, Standing
from interview.store import Store


@dataclass(frozen=True, slots=True)
class Over:
    """The interview has ended."""

    reason: EndedReason


@dataclass(frozen=True, slots=True)
class Left:
    """The browser has disconnected. The interview stays live in the store and can be resumed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The instance is shutting down: the browser must reconnect."""


@dataclass(frozen=True, slots=True)
class Suspended:
    """Nobody has answered for minutes. The interview stays live in the store; the page dials again when asked to."""


Outcome = Over | Left | Moved | Suspended


def outcome_of_standing(standing: Standing | None, epoch: int) -> Outcome | InterviewError | None:
    """How the connection of an epoch ends when the interview has this standing in the store; None: it goes on.

    The interview may have ended elsewhere, be deleted (no standing), or be carried by another relay.
    """
    if standing is None or (standing.over and standing.epoch > epoch):
        return AlreadyEnded("This interview is over.")
    if standing.over:
        return Over(standing.ended_reason or "candidate")
    if standing.epoch > epoch:
        return Superseded("Another connection has taken the interview over.")
    return None


async def outcome_of_refusal(
    error: InterviewError, session_id: str, epoch: int, store: Store
) -> Outcome | InterviewError:
    """How the connection of an epoch ends after the store refused a write: a deletion refuses it just as another
    connection does. The refusal itself, if the store can't say why.
    """
    try:
        standing = (await store.standings([session_id])).get(session_id)
    except StoreUnavailable:
        return error
    return outcome_of_standing(standing, epoch) or error
