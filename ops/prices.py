"""What an interview costs, reckoned from published prices: sums to plan with, no bill.

US dollars, list prices without free tiers or discounts, as published on the day of `AS_OF`. They change: check them
before anything depends on them.
"""

from dataclasses import dataclass
from typing import Final

AS_OF: Final = "2026-11-22"

AUDIO_TOKENS: Final = 25
"""Tokens that a second of audio is counted as, either way."""
LIVE_IN: Final = 0.005
"""A minute of audio in, Gemini Live."""
LIVE_OUT: Final = 0.018
"""A minute of audio out, Gemini Live."""
TEXT_IN, TEXT_OUT = 1.50, 9.00
"""A million tokens of the text model. Published for 3.5 Flash; that of 3.8 Flash was not at hand."""
CPU, MEMORY = 0.000024, 0.0000025
"""A second of a vCPU, and of a GiB, on Cloud Run while requests are open, in its cheaper regions."""
IDLE: Final = 0.0000025
"""A second of a vCPU, and again of a GiB, of an instance that is kept running while no request is open."""
EGRESS: Final = 0.12
"""A GiB out to the internet."""
WRITES, READS = 0.18, 0.06
"""A hundred thousand writes and reads of Firestore in its dearer places."""
AVATAR: Final = 0.37
"""A minute of a Tavus conversation beyond the plan's free ones, from its creation to its end."""

INSTRUCTIONS: Final = 2_500
"""Tokens of the interviewer's instructions, with a CV in them."""
TRIGGER, TARGET = 48_000, 32_000
"""Where the context is shortened, and to what (relay/gemini/model.py)."""
VOICE_BYTES: Final = 48_000
"""Bytes of a second of the interviewer's voice on its way to the browser."""
RELAY_CPU, RELAY_MEMORY = 1.0, 0.5
"""vCPU and GiB of a relay's instance."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the reckoning; `sum` is its arithmetic in words."""

    name: str
    sum: str
    dollars: float


def live(*, seconds: float, spoken: float, turns: int) -> list[Item]:
    """Gemini Live for an interview of so many seconds and turns, the interviewer speaking for `spoken` of them.

    With every turn the whole context is billed again, all of it at the price of audio: an upper bound (decision 8).
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
    """Tokens billed as input over all turns, of equal length, with the context shortened as the relay asks for it."""
    added = (seconds + spoken) * AUDIO_TOKENS / max(turns, 1)
    held, billed = float(INSTRUCTIONS), 0.0
    for _ in range(turns):
        held += added
        if round(held) >= TRIGGER:
            held = TARGET
        billed += held
    return round(billed)


def summary(*, tokens_in: int = 7_500, tokens_out: int = 4_000) -> Item:
    """The judgement of a transcript, what the model thinks on the way included."""
    dollars = (tokens_in * TEXT_IN + tokens_out * TEXT_OUT) / 1e6
    words = f"{tokens_in:,} tokens x ${TEXT_IN:.2f} + {tokens_out:,} x ${TEXT_OUT:.2f} a million"
    return Item("summary", words, dollars)


def relay(*, seconds: float, shared: int = 1) -> Item:
    """An instance of the relay for as long as a socket is open, its cost parted among so many interviews at once."""
    second = RELAY_CPU * CPU + RELAY_MEMORY * MEMORY
    words = f"{seconds:.0f} s x ({RELAY_CPU:g} vCPU x ${CPU:f} + {RELAY_MEMORY:g} GiB x ${MEMORY:.7f})"
    return Item("relay", words + (f" / {shared}" if shared > 1 else ""), seconds * second / shared)


def kept(*, seconds: float = 30 * 24 * 3600.0) -> Item:
    """An instance of the relay that is kept running, for a month of nobody."""
    words = f"{seconds:,.0f} s x ({RELAY_CPU:g} vCPU + {RELAY_MEMORY:g} GiB) x ${IDLE:.7f}"
    return Item("a relay kept running", words, seconds * (RELAY_CPU + RELAY_MEMORY) * IDLE)


def traffic(*, spoken: float) -> Item:
    """The voice on its way to the browser; what comes in is free."""
    gib = spoken * VOICE_BYTES / 2**30
    return Item("traffic", f"{spoken:.0f} s x {VOICE_BYTES // 1000} kB x ${EGRESS:.2f} a GiB", gib * EGRESS)


def store(*, seconds: float, turns: int) -> Item:
    """Firestore: a turn is written twice (it, and the record) and read twice; a sign of life every half minute."""
    writes, reads = 2 * turns + round(seconds / 30) + 5, 2 * turns + 10
    words = f"{writes} writes x ${WRITES} + {reads} reads x ${READS} a hundred thousand"
    return Item("store", words, (writes * WRITES + reads * READS) / 1e5)


def avatar(*, seconds: float) -> Item:
    """The face."""
    return Item("avatar", f"{seconds / 60:.1f} min x ${AVATAR:.2f}", seconds / 60 * AVATAR)


def interview(*, seconds: float, spoken: float, turns: int, shared: int = 1) -> list[Item]:
    """An interview by voice, from its first to its last second."""
    return [
        *live(seconds=seconds, spoken=spoken, turns=turns),
        summary(),
        relay(seconds=seconds, shared=shared),
        traffic(spoken=spoken),
        store(seconds=seconds, turns=turns),
    ]


def total(items: list[Item]) -> float:
    """Dollars in all."""
    return sum(item.dollars for item in items)
