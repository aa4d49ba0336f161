"""What an interview costs: estimates from published prices, not a bill.

US dollars, list prices without free tiers or discounts, as published on `AS_OF`. Check them before you rely on them.
"""

from dataclasses import dataclass
from typing import Final

AS_OF: Final = "2026-11-22"

AUDIO_TOKENS: Final = 25
"""Tokens per second of audio, in and out."""
LIVE_IN: Final = 0.005
"""A minute of audio into Gemini Live."""
LIVE_OUT: Final = 0.018
"""A minute of audio out of Gemini Live."""
TEXT_IN, TEXT_OUT = 1.50, 9.00
"""A million tokens of the text model, in and out. These are the prices of 3.5 Flash; 3.8 Flash's were not available."""
CPU, MEMORY = 0.000024, 0.0000025
"""A second of a vCPU, and of a GiB, on Cloud Run while requests are open, in its cheaper regions."""
IDLE: Final = 0.0000025
"""A second of a vCPU or of a GiB of an idle instance that is kept running."""
EGRESS: Final = 0.12
"""A GiB out to the internet."""
WRITES, READS = 0.18, 0.06
"""A hundred thousand writes and reads of Firestore in its more expensive locations."""
AVATAR: Final = 0.37
"""A minute of a Tavus conversation beyond the plan's free minutes, from its creation to its end."""

INSTRUCTIONS: Final = 2_500
"""Tokens of the interviewer's instructions with a CV."""
TRIGGER, TARGET = 48_000, 32_000
"""Tokens at which the context is shortened, and to how many (relay/gemini/model.py)."""
VOICE_BYTES: Final = 48_000
"""Bytes per second of the interviewer's voice to the browser."""
RELAY_CPU, RELAY_MEMORY = 1.0, 0.5
"""vCPU and GiB of a relay's instance."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an estimate; `sum` shows the calculation."""

    name: str
    sum: str
    dollars: float


def live(*, seconds: float, spoken: float, turns: int) -> list[Item]:
    """Gemini Live for an interview of `seconds`, of which the interviewer speaks for `spoken`, in `turns`.

    Every turn bills the whole context again, here all of it at the price of audio: an upper bound (decision 8).
    """
    tokens = context(seconds=seconds, spoken=spoken, turns=turns)
    token = LIVE_IN / 60 / AUDIO_TOKENS
    return [
        Item(
            "Gemini Live, input",
            f"{tokens:,} tokens over {turns} turns x ${token * 1e6:.2f} a million",
            tokens * token,
        ),
        Item("Gemini Live, voice", f"{spoken / 60:.2f} min x ${LIVE_OUT:.3f}", spoken / 60 * LIVE_OUT),
    ]


def context(*, seconds: float, spoken: float, turns: int) -> int:
    """Tokens billed as input over all turns, taken as equally long, with the context shortened as the relay sets it."""
    added = (seconds + spoken) * AUDIO_TOKENS / max(turns, 1)
    size, billed = float(INSTRUCTIONS), 0.0
    for _ in range(turns):
        size += added
        if round(size) >= TRIGGER:
            size = TARGET
        billed += size
    return round(billed)


def summary(*, tokens_in: int = 7_500, tokens_out: int = 4_000) -> Item:
    """The summary of a transcript, the model's thoughts included."""
    dollars = (tokens_in * TEXT_IN + tokens_out * TEXT_OUT) / 1e6
    calculation = f"{tokens_in:,} tokens x ${TEXT_IN:.2f} + {tokens_out:,} x ${TEXT_OUT:.2f} a million"
    return Item("summary", calculation, dollars)


def relay(*, seconds: float, shared: int = 1) -> Item:
    """An instance of the relay while a socket is open, divided by the `shared` interviews on it."""
    second = RELAY_CPU * CPU + RELAY_MEMORY * MEMORY
    calculation = f"{seconds:.0f} s x ({RELAY_CPU:g} vCPU x ${CPU:f} + {RELAY_MEMORY:g} GiB x ${MEMORY:.7f})"
    return Item("relay", calculation + (f" / {shared}" if shared > 1 else ""), seconds * second / shared)


def kept_running(*, seconds: float = 30 * 24 * 3600.0) -> Item:
    """An instance of the relay that is kept running for a month without interviews."""
    calculation = f"{seconds:,.0f} s x ({RELAY_CPU:g} vCPU + {RELAY_MEMORY:g} GiB) x ${IDLE:.7f}"
    return Item("a relay kept running", calculation, seconds * (RELAY_CPU + RELAY_MEMORY) * IDLE)


def traffic(*, spoken: float) -> Item:
    """The voice to the browser. Incoming traffic is free."""
    gib = spoken * VOICE_BYTES / 2**30
    return Item("traffic", f"{spoken:.0f} s x {VOICE_BYTES // 1000} kB x ${EGRESS:.2f} a GiB", gib * EGRESS)


def store(*, seconds: float, turns: int) -> Item:
    """Firestore: a turn is two writes (turn and record) and two reads; a heartbeat every half minute is a write."""
    writes, reads = 2 * turns + round(seconds / 30) + 5, 2 * turns + 10
    calculation = f"{writes} writes x ${WRITES} + {reads} reads x ${READS} a hundred thousand"
    return Item("store", calculation, (writes * WRITES + reads * READS) / 1e5)


def avatar(*, seconds: float) -> Item:
    """The avatar."""
    return Item("avatar", f"{seconds / 60:.1f} min x ${AVATAR:.2f}", seconds / 60 * AVATAR)


def interview(*, seconds: float, spoken: float, turns: int, shared: int = 1) -> list[Item]:
    """A whole interview by voice."""
    return [
        *live(seconds=seconds, spoken=spoken, turns=turns),
        summary(),
        relay(seconds=seconds, shared=shared),
        traffic(spoken=spoken),
        store(seconds=seconds, turns=turns),
    ]


def total(items: list[Item]) -> float:
    """The sum in dollars."""
    return sum(item.dollars for item in items)
