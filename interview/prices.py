"""What an interview costs, by published prices: `dollars` for what was counted, the rest for estimates. Not a bill.

US dollars, list prices without free tiers or discounts, as published on `AS_OF`. Check them before you rely on them.
"""

from dataclasses import dataclass
from typing import Final

from interview.usage import Usage

AS_OF: Final = "2026-11-26"

AUDIO_TOKENS: Final = 25
"""Tokens per second of audio, in and out."""
LIVE_TEXT_IN, LIVE_AUDIO_IN, LIVE_TEXT_OUT, LIVE_AUDIO_OUT = 0.75, 3.00, 4.50, 12.00
"""A million tokens of Gemini Live, by modality."""
TEXT_IN, TEXT_OUT = 1.50, 7.50
"""A million tokens of the text model (3.8 Flash), in and out, from 2027-01-01 on; until then half of it
(https://ai.google.dev/gemini-api/docs/pricing, as read by others on 2026-10-07).
"""
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

INSTRUCTIONS: Final = 1_400
"""Tokens of the interviewer's instructions. They stay when the context is shortened."""
THOUGHTS: Final = 64
"""Tokens of thoughts in a turn, billed as text out. Recorded: 24 to 141 (tests/data/gemini-live/README.md)."""
UNBILLED: Final = 3.0
"""Seconds of each turn that are silence and not billed: 2.2 that end an answer and about 1.6 to the reply, less the
0.4 to 1.3 s after speech that were billed in the recordings."""
TRIGGER, TARGET = 48_000, 32_000
"""Tokens at which the context is shortened, and to how many (relay/gemini/setup.py)."""
VOICE_BYTES: Final = 48_000
"""Bytes per second of the interviewer's voice to the browser."""
RELAY_CPU, RELAY_MEMORY = 1.0, 2.0
"""vCPU and GiB of a relay's instance."""


def dollars(usage: Usage, avatar_seconds: float = 0.0) -> float:
    """Dollars for the tokens that were counted, and for so many seconds of avatar conversations.

    Thoughts are billed as text out. The text model's list has no price of its own for pictures and sound that come in,
    so they are billed as text. The relay, the store and the traffic are not counted; they are under 0.05 an interview.
    """
    spoken, text = usage.live, usage.text + usage.transcription
    billed_tokens = (
        spoken.prompt_text * LIVE_TEXT_IN
        + spoken.prompt_audio * LIVE_AUDIO_IN
        + (spoken.response_text + spoken.thoughts) * LIVE_TEXT_OUT
        + spoken.response_audio * LIVE_AUDIO_OUT
        + (text.prompt_text + text.prompt_image + text.prompt_audio) * TEXT_IN
        + (text.response + text.thoughts) * TEXT_OUT
    )
    return billed_tokens / 1e6 + avatar_seconds / 60 * AVATAR


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an estimate; `sum` shows the calculation."""

    name: str
    sum: str
    dollars: float


def counted(name: str, usage: Usage) -> Item:
    """What was counted, as a line. Its tokens are listed by kind, without their prices."""
    live, text = usage.live, usage.text + usage.transcription
    parts = {
        "text in": live.prompt_text + text.prompt_text,
        "audio in": live.prompt_audio + text.prompt_audio,
        "pictures in": text.prompt_image,
        "text out": live.response_text + text.response,
        "audio out": live.response_audio,
        "thoughts": live.thoughts + text.thoughts,
    }
    return Item(name, ", ".join(f"{tokens:,} {part}" for part, tokens in parts.items() if tokens), dollars(usage))


@dataclass(frozen=True, slots=True)
class Billed:
    """Tokens that Gemini Live bills for an interview, by modality, summed over all turns."""

    text_in: int
    audio_in: int
    text_out: int
    audio_out: int
    longest: int
    """Tokens of the longest prompt."""
    cut_at: float | None
    """Seconds into the interview at which the context is first shortened; None if it never is."""

    @property
    def input(self) -> float:
        """Dollars for all prompts."""
        return (self.text_in * LIVE_TEXT_IN + self.audio_in * LIVE_AUDIO_IN) / 1e6

    @property
    def output(self) -> float:
        """Dollars for speech and thoughts."""
        return (self.text_out * LIVE_TEXT_OUT + self.audio_out * LIVE_AUDIO_OUT) / 1e6


def billed(*, seconds: float, spoken: float, turns: int, trigger: int | None = TRIGGER, target: int = TARGET) -> Billed:
    """The tokens of an interview of `seconds`, of which the interviewer speaks for `spoken`, in `turns` of one length.

    A turn is an answer and its reply. Its prompt is the whole context: the instructions as text, the speech of both
    sides so far as audio. The candidate speaks for all the time that is neither the interviewer's nor `UNBILLED`.
    Without a `trigger` the context is never shortened.
    """
    heard = max(0.0, seconds - spoken - UNBILLED * turns) * AUDIO_TOKENS / max(turns, 1)
    said = spoken * AUDIO_TOKENS / max(turns, 1)
    speech = audio_in = longest = 0.0
    cut_at = None
    for turn in range(1, turns + 1):
        speech += heard
        if trigger is not None and INSTRUCTIONS + speech >= trigger:
            speech = float(target - INSTRUCTIONS)
            cut_at = cut_at or seconds * turn / turns
        audio_in += speech
        longest = max(longest, INSTRUCTIONS + speech)
        speech += said
    return Billed(
        text_in=INSTRUCTIONS * turns,
        audio_in=round(audio_in),
        text_out=THOUGHTS * turns,
        audio_out=round(spoken * AUDIO_TOKENS),
        longest=round(longest),
        cut_at=cut_at,
    )


def live(*, seconds: float, spoken: float, turns: int) -> list[Item]:
    """Gemini Live for an interview of `seconds`, of which the interviewer speaks for `spoken` (decision 8)."""
    tokens = billed(seconds=seconds, spoken=spoken, turns=turns)
    prompts = f"{tokens.audio_in:,} tokens x ${LIVE_AUDIO_IN:.2f} + {tokens.text_in:,} x ${LIVE_TEXT_IN:.2f} a million"
    out = f"{tokens.audio_out:,} tokens x ${LIVE_AUDIO_OUT:.2f} + {tokens.text_out:,} x ${LIVE_TEXT_OUT:.2f} a million"
    return [
        Item("Gemini Live, input", prompts, tokens.input),
        Item("Gemini Live, output", out, tokens.output),
    ]


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
