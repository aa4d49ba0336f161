"""The relay, with a record of how long its event loop is held: `python -P benchmarks/held.py FILE`. PYTHONPATH says of
which checkout. FILE gets a line for each millisecond or longer turn: when it ended, and the seconds of the processor
that it took. Other processes of the machine affect delays, but not these.
"""

import asyncio
import sys
import time
from pathlib import Path

import uvloop

from interview.settings import load
from interview.store import open_store
from relay.server import run

TICK = 0.001


async def record(turns: list[tuple[float, float]]) -> None:
    while True:
        before = time.thread_time()
        await asyncio.sleep(TICK)
        turns.append((time.time(), time.thread_time() - before))


async def relay(turns: list[tuple[float, float]]) -> None:
    settings = load()
    recording = asyncio.create_task(record(turns))
    try:
        await run(settings, open_store(settings.store))
    finally:
        recording.cancel()


def main() -> None:
    turns: list[tuple[float, float]] = []
    try:
        uvloop.run(relay(turns))
    finally:
        Path(sys.argv[1]).write_text("".join(f"{at} {held}\n" for at, held in turns))


if __name__ == "__main__":
    main()
