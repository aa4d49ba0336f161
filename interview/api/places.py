"""Gives back the place of an interview that is over."""

from interview import log
from interview.errors import StoreUnavailable
from interview.store import Store


async def release_place(session_id: str, store: Store) -> None:
    """Give back an interview's place. Never fails: a place expires if this does not succeed."""
    try:
        await store.release_place(session_id)
    except StoreUnavailable as error:
        log.failure("place_not_released", error, session_id=session_id)
