"""The limits on interviews: places at a time, interviews and money in a day. Pure functions without a store.

A function that changes nothing returns the ledger it was given. All are idempotent: a store repeats a write whose
answer was lost.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from interview.errors import AtCapacity, TooManyRequests
from interview.settings import Limits
from interview.system import Account, Admissions, Place

UNBEGUN = timedelta(minutes=3)
"""How long a place is kept for a candidate who has not said hello yet. After that, they get another if one is free."""
REMEMBERED = timedelta(days=1)
"""How long the dollars of an interview are remembered, so that the same dollars are not added twice."""
LEAST_SHARE = 10
"""Places that one network may hold in any case: in a small deployment, one family may need half of the places."""
SHORTEST_WAIT = 10
"""The shortest Retry-After, in seconds. A place often becomes free before its time is over."""

_MINUTE = 60
_HOUR = 3600


def check(ledger: Admissions, at: datetime, *, limits: Limits, invited: bool) -> None:
    """Check that a place is free for an interview that is about to start. Raises AtCapacity."""
    present = _present(ledger, at)
    _check_day(present, at, limits, invited=invited)
    _check_places(present, at, limits, invited=invited)


def admit(
    ledger: Admissions, session_id: str, client: str, at: datetime, until: datetime, *, limits: Limits, invited: bool
) -> Admissions:
    """The ledger with a place for an interview that nobody has joined yet. Raises AtCapacity and TooManyRequests."""
    held = ledger.places.get(session_id)
    if held is not None and held.since == at:
        return ledger
    check(ledger, at, limits=limits, invited=invited)
    present = _present(ledger, at)
    if not invited:
        _check_share(present, client, at, limits)
    return _with_place(present, session_id, Place(client, at, until, invited=invited))


def extend(ledger: Admissions, session_id: str, until: datetime, at: datetime, *, limits: Limits) -> Admissions:
    """The ledger with a place until `until` for an interview that a candidate joins, and counts it once.

    A place that has expired is replaced if another is free. Raises AtCapacity. An interview that was counted before is
    not refused for the limits of the day.
    """
    present = _present(ledger, at)
    account = present.accounts.get(session_id, Account(at))
    place = present.places.get(session_id)
    if place is None:
        if not account.counted:
            _check_day(present, at, limits, invited=False)
        _check_places(present, at, limits, invited=False)
        place = Place("", at, until)
    begun = replace(place, until=until, begun=True)
    if account.counted and place == begun and session_id in ledger.places:
        return ledger
    if not account.counted:
        accounts = {**present.accounts, session_id: replace(account, at=at, counted=True)}
        counted = present.invited + place.invited
        present = replace(present, today=present.today + 1, invited=counted, accounts=accounts)
    return _with_place(present, session_id, begun)


def release(ledger: Admissions, session_id: str) -> Admissions:
    """The ledger without this interview's place."""
    if session_id not in ledger.places:
        return ledger
    return replace(ledger, places={name: place for name, place in ledger.places.items() if name != session_id})


def forget(ledger: Admissions, session_id: str) -> Admissions:
    """The ledger without this interview's place and name. What it has cost stays in the day's sum."""
    accounts = {
        name: one
        for name, one in ledger.accounts.items()
        if name != session_id and not name.startswith(f"{session_id}/")  # its uploads have accounts of their own
    }
    without = release(ledger, session_id)
    return without if len(accounts) == len(ledger.accounts) else replace(without, accounts=accounts)


def charge(ledger: Admissions, session_id: str, dollars: float, at: datetime) -> Admissions:
    """The ledger after this interview has cost `dollars` in all so far. A smaller sum than before changes nothing."""
    present = _present(ledger, at)
    account = present.accounts.get(session_id, Account(at))
    more = dollars - account.dollars
    if more <= 0:
        return ledger
    accounts = {**present.accounts, session_id: replace(account, at=at, dollars=dollars)}
    return replace(present, dollars=present.dollars + more, accounts=accounts)


def charge_all(ledger: Admissions, dollars: Mapping[str, float], at: datetime) -> Admissions:
    """The ledger after these interviews have cost this much in all so far."""
    for session_id, sum_so_far in dollars.items():
        ledger = charge(ledger, session_id, sum_so_far, at)
    return ledger


def used_up(ledger: Admissions, at: datetime, limits: Limits) -> bool:
    """Whether the interviews of the day have cost as much as they may."""
    return limits.dollars > 0 and _present(ledger, at).dollars >= limits.dollars


def _present(ledger: Admissions, at: datetime) -> Admissions:
    """The ledger without what has expired, and with new counts on a new day."""
    places = {name: place for name, place in ledger.places.items() if place.until > at}
    accounts = {name: one for name, one in ledger.accounts.items() if name in places or one.at > at - REMEMBERED}
    # Around midnight clocks disagree about the day. It never goes back.
    day = max(ledger.day, at.astimezone(UTC).date().isoformat())
    if day == ledger.day:
        return replace(ledger, places=places, accounts=accounts)
    return Admissions(day, places=places, accounts=accounts)


def _with_place(ledger: Admissions, session_id: str, place: Place) -> Admissions:
    return replace(ledger, places={**ledger.places, session_id: place})


def _check_day(ledger: Admissions, at: datetime, limits: Limits, *, invited: bool) -> None:
    """Check the interviews and the money of the day. A place that nobody has joined yet counts while it is held."""
    unbegun = [place for place in ledger.places.values() if not place.begun]
    with_invite = ledger.invited + sum(place.invited for place in unbegun)
    kept_back = 0 if invited else max(0, limits.reserve(limits.daily) - with_invite)
    free = limits.daily - kept_back - ledger.today
    if free <= 0 or used_up(ledger, at, limits):
        seconds = _until_midnight(at)
        raise AtCapacity(
            f"Today's interviews are used up. Come back after 00:00 UTC (in {_about(seconds)}).", retry_after=seconds
        )
    if len(unbegun) >= free:
        raise _busy(min(place.until for place in unbegun), at)


def _check_places(ledger: Admissions, at: datetime, limits: Limits, *, invited: bool) -> None:
    with_invite = sum(place.invited for place in ledger.places.values())
    kept_back = 0 if invited else max(0, limits.reserve(limits.concurrent) - with_invite)
    if len(ledger.places) >= limits.concurrent - kept_back:
        raise _busy(min((place.until for place in ledger.places.values()), default=at + UNBEGUN), at)


def _check_share(ledger: Admissions, client: str, at: datetime, limits: Limits) -> None:
    """Check that one network does not hold more than half of the places that nobody has begun in: otherwise one machine
    could keep everybody out without holding a single interview.
    """
    begun = sum(place.begun for place in ledger.places.values())
    own = [place for place in ledger.places.values() if place.client == client and not place.begun]
    if len(own) >= max(LEAST_SHARE, (limits.concurrent - begun) // 2):
        seconds = _seconds(min(place.until for place in own), at)
        raise TooManyRequests(
            f"Many interviews from your network are waiting to begin. Try again in about {_about(seconds)}.",
            retry_after=seconds,
        )


def _busy(until: datetime, at: datetime) -> AtCapacity:
    seconds = _seconds(until, at)
    return AtCapacity(f"All interviewers are busy. Try again in about {_about(seconds)}.", retry_after=seconds)


def _seconds(until: datetime, at: datetime) -> int:
    return max(SHORTEST_WAIT, math.ceil((until - at).total_seconds()))


def _until_midnight(at: datetime) -> int:
    today = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(1, math.ceil((today + timedelta(days=1) - at).total_seconds()))


def _about(seconds: int) -> str:
    """A duration as a candidate reads it: minutes up to 90, then hours, both rounded up."""
    minutes = math.ceil(seconds / _MINUTE)
    if minutes <= 1:
        return "a minute"
    if minutes <= 90:  # noqa: PLR2004
        return f"{minutes} minutes"
    return f"{math.ceil(seconds / _HOUR)} hours"
