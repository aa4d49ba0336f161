"""What a run of the canary costs, and a month of them, at the list prices of interview/prices.py. No bill."""

from typing import Final

from interview import prices
from interview.prices import Item
from interview.usage import LiveUsage, Usage
from ops.canary_line import HISTORY
from relay.gemini.setup import CONTEXT_TRIGGER

SECONDS, SPOKEN, TURNS = 45.0, 20.0, 2
"""The interview: its seconds, those of them in which the interviewer speaks, and its turns."""
CONNECTION_TURNS: Final = 5
"""Turns of the connection: three for resumption, two for compression."""
REPLY: Final = 10.0
"""Seconds of speech in each of their replies."""
JOB_SECONDS, JOB_CPU, JOB_MEMORY = 150.0, 1.0, 0.5
"""The job: its seconds, vCPU and GiB (infra/terraform/canary.tf)."""
SCHEDULE: Final = 0.10
"""A job of Cloud Scheduler in a month; three of a billing account are free (https://cloud.google.com/scheduler/pricing)."""


def run() -> list[Item]:
    """A run, by parts: an interview of which nothing is assessed, the connection, and the job."""
    return [
        *prices.live(seconds=SECONDS, spoken=SPOKEN, turns=TURNS),
        _connection(),
        prices.relay(seconds=SECONDS),
        _job(),
    ]


def month(runs: int) -> float:
    """Dollars for so many runs in a month, by a schedule."""
    return runs * prices.total(run()) + SCHEDULE


def _connection() -> Item:
    """The history that is too long, what stays of it after compression, and the instructions with every turn."""
    text = HISTORY + CONTEXT_TRIGGER + CONNECTION_TURNS * prices.INSTRUCTIONS
    spoken = round(CONNECTION_TURNS * REPLY * prices.AUDIO_TOKENS)
    live = LiveUsage(prompt_text=text, response_audio=spoken)
    return prices.counted("Gemini Live, the connection", Usage(live=live))


def _job() -> Item:
    second = JOB_CPU * prices.CPU + JOB_MEMORY * prices.MEMORY
    calculation = (
        f"{JOB_SECONDS:.0f} s x ({JOB_CPU:g} vCPU x ${prices.CPU:f} + {JOB_MEMORY:g} GiB x ${prices.MEMORY:.7f})"
    )
    return Item("job", calculation, JOB_SECONDS * second)
