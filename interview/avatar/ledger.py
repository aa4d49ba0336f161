"""The limits on avatars: taking and releasing leases in the ledger. Pure functions without a store.

A function that changes nothing returns the ledger it was given. All are idempotent: a store repeats a write whose
answer was lost.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from interview.errors import AvatarRefused
from interview.system import Lease, Ledger

CAPACITY = "avatar_capacity"
"""The code of a refusal by our own limits, which is not a failure."""
UNATTENDED_SECONDS = 300
"""How long conversations to which nobody came may last in a day, for each of the day's video interviews. They do not
count as interviews, and this limits what they cost.
"""


def lease(
    ledger: Ledger, session_id: str, since: datetime, until: datetime, *, concurrent: int, daily: int, another: bool
) -> Ledger:
    """The ledger with a lease for this interview, which replaces an earlier one. `another`: the interview has been
    counted with an earlier conversation. Raises AvatarRefused (avatar_capacity).
    """
    held = ledger.leases.get(session_id)
    if held is not None and held.since == since:
        return ledger
    # Around midnight clocks disagree about the day. It never goes back.
    day = max(ledger.day, since.date().isoformat())
    today = ledger.today if day == ledger.day else 0
    others = {name: one for name, one in ledger.leases.items() if one.until > since and name != session_id}
    if len(others) >= concurrent:
        raise AvatarRefused("All video interviewers are in use.", code=CAPACITY)
    unattended = ledger.unattended if day == ledger.day else 0
    if not another and (today >= daily or unattended >= daily * UNATTENDED_SECONDS):
        raise AvatarRefused("Today's limit of video interviews is reached.", code=CAPACITY)
    leases = {**others, session_id: Lease(since, until)}
    return replace(ledger, day=day, today=today if another else today + 1, unattended=unattended, leases=leases)


def release(ledger: Ledger, session_id: str, since: datetime, *, uncount: bool = False, unattended: int = 0) -> Ledger:
    """The ledger without the lease that this interview took at `since`; a later lease stays. `uncount`: no conversation
    was created, or nobody came to it for its `unattended` seconds, so it does not count for the day.
    """
    released = release_all(ledger, {session_id: since}, uncount=uncount)
    if released is ledger or since.date().isoformat() != ledger.day:
        return released
    return replace(released, unattended=released.unattended + unattended)


def release_all(ledger: Ledger, since: Mapping[str, datetime], *, uncount: bool = False) -> Ledger:
    """The ledger without the leases that these interviews took at these times."""
    released = {name for name, one in ledger.leases.items() if since.get(name) == one.since}
    if not released:
        return ledger
    counted = sum(since[name].date().isoformat() == ledger.day for name in released) if uncount else 0
    leases = {name: one for name, one in ledger.leases.items() if name not in released}
    return replace(ledger, leases=leases, today=max(0, ledger.today - counted))
