"""How many interviews at once each part carries, and what breaks first: `python -m ops.scale`, or docs/scale.md.

Everything is computed from the code's own numbers, the defaults of infra/terraform, and published limits with their
source.
An interview here is one of 25 minutes with 45 turns, of which the interviewer speaks for ten minutes.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import json

from interview import prices
from interview.settings import load
from interview.store import document
from interview.system import Account, Admissions, Place
from relay.admission import CHARGE_EVERY
from relay.browser.outbox import MAX_AUDIO
from relay.carried import MOST_PARKED
from relay.gemini.replay_buffer import LONGEST
from relay.gemini.transcriber import MOST_BYTES
from relay.recorder import TOUCH_EVERY
from relay.server import CAPACITY

SECONDS, SPOKEN, TURNS = 1500.0, 600.0, 45
"""The interview that everything is computed for."""
STEPS: Final = (1, 10, 100, 1_000, 10_000, 100_000)
"""Interviews at once."""


@dataclass(frozen=True, slots=True)
class Tier:
    """What a tier of the Gemini API may cost a billing account, in dollars. Over it every call is refused (429).

    https://ai.google.dev/gemini-api/docs/billing (a month) and /rate-limits (ten minutes, rolling), read 2026-11-26.
    """

    name: str
    month: int
    ten_minutes: int
    reached: str


TIERS: Final = (
    Tier("Tier 1", 250, 10, "a billing account is linked"),
    Tier("Tier 2", 2_000, 50, "$100 paid, three days after the first payment"),
)
"""Tier 3 is from $20,000 a month on ($1,000 paid, 30 days); its limit for ten minutes is not published."""

SEQUENTIAL_WRITES: Final = 500
"""Writes a second to documents with an indexed field whose values only grow
(https://cloud.google.com/firestore/docs/best-practices).
"""
DOCUMENT_WRITES: Final = 1.0
"""Writes a second that one document takes for long (https://cloud.google.com/firestore/docs/best-practices). More works
for a while, and costs retries.
"""
DOCUMENT_BYTES: Final = 2**20
"""Bytes of the largest document (https://cloud.google.com/firestore/quotas)."""
VERTEX_SESSIONS: Final = 1_000
"""Live sessions at once in a project by Vertex AI."""
LEDGER_WRITES: Final = 5
"""Writes of an interview to the ledger of interviews: its start, its candidate's arrival, the end of its connection
(place and dollars), and its assessment.
"""
AVATAR_WRITES: Final = 2
"""Writes of a video interview to the ledger of avatars: the lease and its end."""
RELAY_INSTANCES: Final = 5
"""`limits.relay_instances` of infra/terraform, in each region."""
FUNCTION_INSTANCES, START_CONCURRENCY = 10, 2
"""`limits.function_instances`, and how many requests an instance of `start` takes."""
START_SECONDS: Final = 2.0
"""Seconds that `start` takes for a CV of some pages."""
MOST_CONCURRENT: Final = 1_000
"""The most that `admission.concurrent` can be set to."""

RELAY_IMPORTS: Final = 100 * 10**6
"""Bytes of a relay without interviews; measured: 57 MB when this was written."""


def relay_bytes(interviews: int = CAPACITY) -> int:
    """Bytes that a relay needs at the most: each interview's microphone that Gemini has not acknowledged, the speech
    that waits for a slow browser, and the speech that an avatar may have to repeat; and for all of them together what
    is kept for candidates who may come back, and the answers that the text model transcribes.
    """
    return RELAY_IMPORTS + MOST_PARKED + MOST_BYTES + interviews * (LONGEST + 2 * MAX_AUDIO)


def gemini_dollars() -> float:
    """What Gemini costs for one interview: the conversation and its assessment."""
    return prices.total([*prices.live(seconds=SECONDS, spoken=SPOKEN, turns=TURNS), prices.summary()])


def interviews_of(dollars: float) -> int:
    """How many interviews these dollars pay at Gemini."""
    return int(dollars / gemini_dollars())


def at_once(tier: Tier) -> int:
    """How many interviews at once a tier carries for long, if they have not all begun at the same time."""
    return int(tier.ten_minutes / (gemini_dollars() * 600 / SECONDS))


def place_bytes() -> int:
    """Bytes of an interview in the ledger, as JSON; Firestore counts about as many."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    name = "0" * 32

    def size(count: int) -> int:
        names = [f"{number:032d}" for number in range(count)]
        places = {one: Place(name, at, at + timedelta(minutes=30), begun=True) for one in names}
        accounts = {one: Account(at, counted=True, dollars=2.5) for one in names}
        return len(json.encode(document.from_admissions(Admissions("2026-01-01", places=places, accounts=accounts))))

    return (size(101) - size(1)) // 100


@dataclass(frozen=True, slots=True)
class Bound:
    """Something that ends at a number of interviews at once."""

    at: int
    what: str
    why: str
    then: str
    """What to raise or change."""


def bounds() -> list[Bound]:
    """All bounds of a deployment with the defaults, the lowest first."""
    settings = load({})
    first, second = TIERS
    return sorted(
        [
            Bound(
                settings.tavus.concurrent,
                "video interviews",
                "`avatar.concurrent`, and the conversations at once of the Tavus plan",
                "both; over it candidates have voice only",
            ),
            Bound(
                at_once(first),
                f"Gemini, {first.name}",
                f"${first.ten_minutes} in ten minutes, ${gemini_dollars() * 600 / SECONDS:.2f} an interview",
                f"{second.name}: {second.reached}",
            ),
            Bound(
                at_once(second),
                f"Gemini, {second.name}",
                f"${second.ten_minutes} in ten minutes",
                "Tier 3, or Vertex AI (`gemini = { vertex = true, … }`)",
            ),
            Bound(
                settings.limits.concurrent,
                "our own limit",
                "`admission.concurrent`",
                f"it, up to {MOST_CONCURRENT:,}; `admission.daily` and `admission.dollars` with it",
            ),
            Bound(
                int(DOCUMENT_WRITES * SECONDS / LEDGER_WRITES),
                "ledger of interviews",
                f"{LEDGER_WRITES} writes an interview to one document, which takes {DOCUMENT_WRITES:g} a second",
                "a second environment, with a ledger of its own; or shards (below)",
            ),
            Bound(
                int(DOCUMENT_WRITES * SECONDS / AVATAR_WRITES),
                "ledger of avatars",
                f"{AVATAR_WRITES} writes a video interview to one document",
                "as above; Tavus ends long before",
            ),
            Bound(
                RELAY_INSTANCES * CAPACITY,
                "relays",
                f"`limits.relay_instances` ({RELAY_INSTANCES}) x {CAPACITY}, in each region",
                "it, and the quota of vCPUs in the region; `relay_regions`",
            ),
            Bound(VERTEX_SESSIONS, "Gemini by Vertex AI", "live sessions at once in a project", "a quota request"),
            Bound(
                DOCUMENT_BYTES // place_bytes(),
                "size of the ledger",
                f"{place_bytes()} bytes an interview in a document of 1 MiB",
                "shards (below)",
            ),
            Bound(
                int(SEQUENTIAL_WRITES * TOUCH_EVERY),
                "heartbeats",
                f"one every {TOUCH_EVERY:g} s, to the index of the sweep's query: {SEQUENTIAL_WRITES} a second",
                "a shard field before `live.seen_at` in the index and the query",
            ),
            Bound(
                int(FUNCTION_INSTANCES * START_CONCURRENCY / START_SECONDS * SECONDS),
                "starts",
                f"`limits.function_instances` ({FUNCTION_INSTANCES}) x {START_CONCURRENCY}, {START_SECONDS:g} s each",
                "it",
            ),
        ],
        key=lambda bound: bound.at,
    )


def bounds_table() -> str:
    """The first table of docs/scale.md."""
    rows = [f"| {bound.at:,} | {bound.what} | {bound.why} | {bound.then} |" for bound in bounds()]
    return "\n".join(["| at once | what ends | why | what to raise |", "| ---: | --- | --- | --- |", *rows])


def load_table() -> str:
    """The second table of docs/scale.md: what so many interviews at once ask of each part."""
    head = (
        "| at once | relays | starts a second | heartbeats a second | turns a second | writes a second to the ledger "
        "| dollars of Gemini an hour | voice out, Mbit/s |"
    )
    rows = []
    for count in STEPS:
        starts = count / SECONDS
        relays = math.ceil(count / CAPACITY)
        rows.append(
            f"| {count:,} | {relays:,} | {starts:,.2f} | {count / TOUCH_EVERY:,.1f} | {count * TURNS / SECONDS:,.1f} "
            f"| {starts * LEDGER_WRITES + relays / CHARGE_EVERY:,.2f} "
            f"| {gemini_dollars() * 3600 / SECONDS * count:,.0f} "
            f"| {count * SPOKEN / SECONDS * prices.VOICE_BYTES * 8 / 1e6:,.1f} |"
        )
    return "\n".join([head, "| ---: " * 8 + "|", *rows])


def tiers_table() -> str:
    """The third table: what a tier pays for."""
    rows = [
        f"| {tier.name} | {tier.reached} | ${tier.month:,} | {interviews_of(tier.month):,} | ${tier.ten_minutes} "
        f"| {at_once(tier)} |"
        for tier in TIERS
    ]
    head = "| tier | reached | a month | interviews a month | in ten minutes | interviews at once |"
    return "\n".join([head, "| --- | --- | ---: | ---: | ---: | ---: |", *rows])


if __name__ == "__main__":
    print(bounds_table(), load_table(), tiers_table(), sep="\n\n")
