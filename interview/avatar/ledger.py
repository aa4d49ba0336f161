"""How many interviews may have an avatar: what each lease does to the ledger, without a store.

A step that changes nothing returns the very ledger it was given. Each may be taken twice: a store repeats one whose
answer was lost.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from interview.errors import AvatarRefused
from interview.record import Lease, Ledger

CAPACITY = "avatar_capacity"
"""The code of a refusal by our own cap, which is no failure of anything."""


def lease(
    ledger: Ledger, session_id: str, since: datetime, until: datetime, *, concurrent: int, daily: int, another: bool
) -> Ledger:
    """With a place for this interview, instead of the one it may have. `another`: it is not its first conversation, and
    has been counted before. Raises AvatarRefused (avatar_capacity).
    """
    held = ledger.leases.get(session_id)
    if held is not None and held.since == since:
        return ledger
    # Around midnight clocks disagree about the day; it never goes back.
    day = max(ledger.day, since.date().isoformat())
    today = ledger.today if day == ledger.day else 0
    others = {name: one for name, one in ledger.leases.items() if one.until > since and name != session_id}
    if len(others) >= concurrent:
        raise AvatarRefused("As many avatars are in interviews as may be at once.", code=CAPACITY)
    if not another and today >= daily:
        raise AvatarRefused("As many avatars were in interviews today as may be in a day.", code=CAPACITY)
    leases = {**others, session_id: Lease(since, until)}
    return replace(ledger, day=day, today=today if another else today + 1, leases=leases)


def release(ledger: Ledger, session_id: str, since: datetime, *, uncount: bool = False) -> Ledger:
    """Without the lease that this interview took at `since`; a later one stays. `uncount`: it came to nothing, and does
    not count for the day.
    """
    return release_all(ledger, {session_id: since}, uncount=uncount)


def release_all(ledger: Ledger, since: Mapping[str, datetime], *, uncount: bool = False) -> Ledger:
    """Without the leases that these interviews took at these times."""
    gone = {name for name, one in ledger.leases.items() if since.get(name) == one.since}
    if not gone:
        return ledger
    counted = sum(since[name].date().isoformat() == ledger.day for name in gone) if uncount else 0
    leases = {name: one for name, one in ledger.leases.items() if name not in gone}
    return replace(ledger, leases=leases, today=max(0, ledger.today - counted))
