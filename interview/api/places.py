"""The place of an interview that is over, and what the interview has cost, in the ledger of interviews."""

from datetime import datetime

from interview import log, prices
from interview.errors import StoreUnavailable
from interview.record import Interview
from interview.store import Store


async def release_place(session_id: str, store: Store) -> None:
    """Give back an interview's place. Never fails: a place expires if this does not succeed."""
    try:
        await store.release_place(session_id)
    except StoreUnavailable as error:
        log.failure("place_not_released", error, session_id=session_id)


async def charge(interview: Interview, at: datetime, store: Store) -> None:
    """Charge the day with what the interview has cost so far. Never fails: the dollars are in the record as well."""
    try:
        await store.charge({interview.session_id: prices.dollars(interview.usage)}, at)
    except StoreUnavailable as error:
        log.failure("day_not_charged", error, session_id=interview.session_id)
