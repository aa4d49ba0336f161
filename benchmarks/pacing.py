"""What pacing costs the audio path, in one run: `python -m benchmarks.pacing [--pairs 60] [--live 20]`.

One process has two relays, of which one has no limits. Both have the same store and the same interviews' load, in turn:
in each pair of rounds one of them carries speech up and down, then the other one, in changing order. The process's time
on the processor is read around each round. What the machine and the process do besides hits both sides of a pair, and
the median of the pairs' ratios leaves the rest out.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import WebSocketException

from benchmarks.abuse import gemini
from benchmarks.relay import ORIGIN, PERIOD, ROOT, UP, prepare, stamp
from interview.settings import load
from interview.store import open_store
from relay.admission import Admission
from relay.browser.connection import PacedConnection
from relay.browser.pacing import Pace
from relay.gemini.model import LiveModel
from relay.server import listen

KINDS = ("paced", "unpaced")
SPEED = 2.0
"""Times real time at which frames are sent. A relay has every second round, so on average it is real time."""


class NoPace(Pace):
    """Counts nothing."""

    connection = sound = answer = control = staticmethod(lambda *_: None)  # type: ignore[assignment]


class Unpaced(PacedConnection):
    """The library's own connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        ServerConnection.connection_made(self, transport)

    def data_received(self, data: bytes) -> None:
        ServerConnection.data_received(self, data)

    def process_event(self, event: Any) -> None:
        ServerConnection.process_event(self, event)


async def relays() -> None:
    """Both relays in this process, until it is ended; prints their ports."""
    settings = replace(load(), relay_port=0)
    model, ports = LiveModel(settings.gemini), []
    for pace, connection in ((Pace, PacedConnection), (NoPace, Unpaced)):
        admission = Admission(open_store(settings.store), model, capacity=200, now=lambda: datetime.now(UTC), pace=pace)
        server = await listen(settings, admission, connection).__aenter__()
        ports.append(next(iter(server.sockets)).getsockname()[1])
    print(json.dumps(ports), flush=True)
    await asyncio.Event().wait()


def on_processor(pid: int) -> float:
    """Seconds that a process's threads were on a processor, to the nanosecond."""
    return sum(int(one.read_text().split()[0]) for one in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


async def speak(socket: ClientConnection, frames: int) -> None:
    due = time.perf_counter()
    for _ in range(frames):
        await socket.send(stamp(UP))
        due += PERIOD / SPEED
        await asyncio.sleep(max(0.0, due - time.perf_counter()))


async def drop(socket: ClientConnection) -> None:
    with suppress(WebSocketException):
        async for _ in socket:
            pass


async def compare(live: int, pairs: int, seconds: float) -> list[float]:
    """The ratio of each pair of rounds."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        sessions = await prepare(folder, 2 * live)
        async with gemini(folder) as (service, ca_file):
            environ = {
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "DATA_DIR": made,
                "GEMINI_API_KEY": "k",
                "GEMINI_BASE_URL": f"https://{service}",
                "GEMINI_CA_FILE": str(ca_file),
            }
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "benchmarks.pacing", "--relays"),
                env=environ,
                cwd=folder,
                stdout=subprocess.PIPE,
            )
            assert process.stdout
            try:
                ports = json.loads(await process.stdout.readline())
                draining = asyncio.create_task(_drain(process.stdout))
                sockets: dict[str, list[ClientConnection]] = {kind: [] for kind in KINDS}
                listening = []
                for number, session in enumerate(sessions):
                    kind = KINDS[number % 2]
                    url = f"ws://127.0.0.1:{ports[number % 2]}/api/interview/{session}/stream"
                    socket = await connect(url, origin=ORIGIN, compression=None, max_size=None)  # type: ignore[arg-type]
                    await socket.send(json.dumps({"type": "hello", "token": "t"}))
                    sockets[kind].append(socket)
                    listening.append(asyncio.create_task(drop(socket)))
                await asyncio.sleep(2)
                frames = round(seconds * SPEED / PERIOD)
                ratios = []
                for _ in range(pairs):
                    spent = {}
                    for kind in random.sample(KINDS, 2):
                        before = on_processor(process.pid)
                        await asyncio.gather(*(speak(socket, frames) for socket in sockets[kind]))
                        await asyncio.sleep(0.05)  # the last ones arrive
                        spent[kind] = on_processor(process.pid) - before
                    ratios.append(spent["paced"] / spent["unpaced"])
                draining.cancel()
            finally:
                process.terminate()
                await process.wait()
    return ratios


async def _drain(out: asyncio.StreamReader) -> None:
    while await out.readline():
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--live", type=int, default=20, help="interviews of each relay")
    parser.add_argument("--pairs", type=int, default=60, help="pairs of rounds")
    parser.add_argument("--seconds", type=float, default=0.6, help="how long a round is")
    parser.add_argument("--relays", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.relays:
        uvloop.run(relays())
        return
    ratios = sorted(asyncio.run(compare(options.live, options.pairs, options.seconds)))
    low, middle, high = ratios[len(ratios) // 4], statistics.median(ratios), ratios[-(len(ratios) // 4) - 1]
    # Of the median: 1.25 times the standard error of the mean, the standard deviation taken from the quartiles.
    error = 1.25 * (high - low) / 1.35 / len(ratios) ** 0.5
    print(
        f"{options.live} interviews, {len(ratios)} pairs: pacing costs {100 * (middle - 1):+.2f} %"
        f" (standard error {100 * error:.2f}); half of the pairs {100 * (low - 1):+.1f} to {100 * (high - 1):+.1f} %"
    )


if __name__ == "__main__":
    main()
