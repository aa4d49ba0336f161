"""The documents `system/*` in the store: what all interviews share. Times are aware datetimes in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """One interview's share of the limit on concurrent avatars. It expires at `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """The document `system/avatar`: the leases of avatars, and what the deployment has at Tavus.

    `deployment` is a random id, created once. It is in the name of every conversation, so that each deployment knows
    its own. The persona `persona_id` was created for the settings in `persona_key`. `today` counts the interviews that
    got an avatar on `day`, a date in UTC, without those to which nobody came; `unattended` are the seconds of these.
    The keys of `leases` are session ids.
    """

    deployment: str
    persona_id: str | None = None
    persona_key: str | None = None
    day: str = ""
    today: int = 0
    unattended: int = 0
    leases: Mapping[str, Lease] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """One interview's share of the limit on concurrent interviews. It expires at `until`.

    `client` is the pseudonym of the network that started the interview. Until `begun`, nobody has said hello.
    """

    client: str
    since: datetime
    until: datetime
    begun: bool = False
    invited: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """What an interview has added to the day: whether it is `counted`, and its `dollars` so far; last changed `at`."""

    at: datetime
    counted: bool = False
    dollars: float = 0.0


@dataclass(frozen=True, slots=True)
class Admissions:
    """The document `system/admission`: the places that interviews have, and what the day has had and cost.

    `today` counts the interviews that began on `day`, a date in UTC; `invited` those among them with an invite, and
    `dollars` is what all interviews cost on that day. The keys of `places` and `accounts` are session ids.
    """

    day: str = ""
    today: int = 0
    invited: int = 0
    dollars: float = 0.0
    places: Mapping[str, Place] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Salt:
    """The document `system/salt`: the secret by which the addresses of `day` become pseudonyms."""

    day: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Switch:
    """The document `system/switch`: whether interviews may start. While it is closed, `message` is what the candidate
    reads; with `end_live` the relays end their interviews with a goodbye.
    """

    open: bool = True
    end_live: bool = False
    message: str = ""
