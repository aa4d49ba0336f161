"""The limit on the starts of one network: a sliding window of an hour. Pure functions without a store.

The store keeps no address. It keeps a pseudonym, made with a secret that is replaced every day; after that nobody can
tell which address it was.
"""

import hashlib
import hmac
import math
import secrets
from datetime import datetime, timedelta

from interview.errors import TooManyRequests
from interview.system import Salt

WINDOW = timedelta(hours=1)
"""A start counts for this long."""

_MINUTE = 60


def count(starts: tuple[datetime, ...], at: datetime, *, hourly: int) -> tuple[datetime, ...]:
    """The starts of the last hour with one at `at`. Raises TooManyRequests when there were `hourly` already."""
    recent = tuple(sorted(one for one in starts if one > at - WINDOW))
    if at in recent:
        return recent
    if len(recent) >= hourly:
        seconds = max(1, math.ceil((recent[-hourly] + WINDOW - at).total_seconds()))
        minutes = math.ceil(seconds / _MINUTE)
        raise TooManyRequests(
            f"Your network has started {len(recent)} interviews within an hour. "
            f"Try again in {minutes} {'minute' if minutes == 1 else 'minutes'}.",
            retry_after=seconds,
        )
    return (*recent, at)


def salt_of(present: Salt | None, at: datetime) -> Salt:
    """The salt of the day of `at`: the present one, or a new one if that is of an earlier day."""
    day = at.date().isoformat()
    return present if present is not None and present.day >= day else Salt(day, secrets.token_hex(32))


def pseudonym(client: str, salt: Salt) -> str:
    """The pseudonym of an address or network under this salt."""
    return hmac.new(salt.secret.encode(), client.encode(), hashlib.sha256).hexdigest()[:32]
