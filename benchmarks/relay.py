"""Compares the relay's cost with a bare pass-through, in one run: `python -m benchmarks.relay [--live 50]`."""

import argparse
import asyncio
import base64
import json
import os
import socket
import ssl
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from interview.record import Interview
from interview.store.sqlite import SqliteStore
from interview.token import hash_token

ROOT = Path(__file__).parents[1]
ORIGIN = "http://localhost:8080"
UP, DOWN = 1280, 1920  # bytes of 40 ms at 16 and at 24 kHz
PERIOD = 0.04


@dataclass
class Delays:
    """Seconds from sending a frame to its arrival at the other end."""

    up: list[float] = field(default_factory=list)
    down: list[float] = field(default_factory=list)


def stamp(size: int) -> bytes:
    """A frame with its time, and a loud sound, because silence may be treated differently."""
    return struct.pack("<d", time.perf_counter()) + b"\x10\x27" * ((size - 8) // 2)


def age(frame: bytes) -> float:
    return time.perf_counter() - float(struct.unpack("<d", frame[:8])[0])


@asynccontextmanager
async def gemini(folder: Path, delays: Delays) -> AsyncIterator[tuple[str, Path]]:
    """A stand-in that speaks in real time, a word every 200 ms. It is cheap, so that it does not affect the result."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    word = json.dumps({"serverContent": {"outputTranscription": {"text": " word"}}}).encode()

    async def live(client: ServerConnection) -> None:
        await client.recv()
        await client.send(json.dumps({"setupComplete": {"sessionId": "s"}}).encode())

        async def speak() -> None:
            due = time.perf_counter()
            number = 0
            while True:
                data = base64.b64encode(stamp(DOWN)).decode()
                part = {"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": data}}
                await client.send(json.dumps({"serverContent": {"modelTurn": {"parts": [part]}}}).encode())
                number += 1
                if number % 5 == 0:
                    await client.send(word)
                due += PERIOD
                await asyncio.sleep(max(0.0, due - time.perf_counter()))

        speaking = asyncio.create_task(speak())
        try:
            async for message in client:
                found = str(message).find('"data": "')
                if found >= 0:
                    delays.up.append(age(base64.b64decode(str(message)[found + 9 : found + 25])))
        except ConnectionClosed:
            pass
        finally:
            speaking.cancel()

    async with serve(live, "127.0.0.1", 0, ssl=context, compression=None, max_size=None) as server:
        yield f"127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", folder / "ca.pem"


async def candidate(url: str, delays: Delays, until: float) -> None:
    """Speak and listen in real time."""
    async with connect(url, origin=ORIGIN, compression=None, max_size=None) as relay:  # type: ignore[arg-type]
        await relay.send(json.dumps({"type": "hello", "token": "t"}))

        async def listen() -> None:
            async for frame in relay:
                if isinstance(frame, bytes):
                    delays.down.append(age(frame))

        listening = asyncio.create_task(listen())
        due = time.perf_counter()
        while time.perf_counter() < until:
            await relay.send(stamp(UP))
            due += PERIOD
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        listening.cancel()


def cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Resident memory in KiB."""
    return next(
        int(line.split()[1]) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line
    )


async def prepare(folder: Path, count: int) -> list[str]:
    """Create interviews in a store."""
    store = SqliteStore(str(folder / "interviews.db"))
    now = datetime.now(UTC)
    for number in range(count):
        await store.create(
            Interview(
                session_id=f"s{number}",
                skill_topic="t",
                level="intermediate",
                language="en-US",
                status="ready",
                token_sha256=hash_token("t"),
                prompt="Topic: t",
                max_duration_seconds=1500,
                created_at=now,
                expires_at=now + timedelta(days=1),
            )
        )
    await store.close()
    return [f"s{number}" for number in range(count)]


async def measure(kind: str, live: int, seconds: float) -> dict[str, float]:
    """Measure one relay under load: CPU seconds per interview minute, delays in ms, KiB per interview."""
    delays = Delays()
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as free:
        folder, port = Path(name), free.getsockname()[1]
        free.close()
        sessions = await prepare(folder, live)
        async with gemini(folder, delays) as (address, ca_file):
            environ = {
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "RELAY_PORT": str(port),
                "DATA_DIR": name,
                "GEMINI_API_KEY": "k",
                "GEMINI_BASE_URL": f"https://{address}",
                "GEMINI_CA_FILE": str(ca_file),
            }
            bare = ["benchmarks.bare", str(port), f"wss://{address}", str(ca_file)]
            command = [sys.executable, "-m", *(bare if kind == "bare" else ["relay.server"])]
            process = subprocess.Popen(command, env=environ, cwd=folder, stdout=subprocess.DEVNULL)
            try:
                while True:
                    try:
                        socket.create_connection(("127.0.0.1", port), 1).close()
                        break
                    except OSError:
                        await asyncio.sleep(0.05)
                idle = memory(process.pid)
                warm = 3.0
                until = time.perf_counter() + warm + seconds
                async with asyncio.TaskGroup() as group:
                    for session in sessions:
                        url = f"ws://127.0.0.1:{port}/api/interview/{session}/stream"
                        group.create_task(candidate(url, delays, until))
                    await asyncio.sleep(warm)
                    before, started = cpu(process.pid), time.perf_counter()
                    delays.up.clear()
                    delays.down.clear()
                    await asyncio.sleep(seconds - 1)
                    used, lasted = cpu(process.pid) - before, time.perf_counter() - started
                    full = memory(process.pid)
            finally:
                process.terminate()
                process.wait(15)
    return {
        "cpu": used / (live * lasted / 60),
        "up p50": statistics.median(delays.up) * 1000,
        "up p99": statistics.quantiles(delays.up, n=100)[98] * 1000,
        "down p50": statistics.median(delays.down) * 1000,
        "down p99": statistics.quantiles(delays.down, n=100)[98] * 1000,
        "KiB": (full - idle) / live,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--live", type=int, default=50, help="interviews at once")
    parser.add_argument("--seconds", type=float, default=20, help="how long each relay is measured")
    options = parser.parse_args()
    results = {kind: asyncio.run(measure(kind, options.live, options.seconds)) for kind in ("bare", "ours")}
    print(f"{options.live} live interviews, {options.seconds:g} s each")
    for kind, result in results.items():
        print(f"{kind:5}", "  ".join(f"{name} {value:.3f}" for name, value in result.items()))
    print(f"CPU, ratio to the bare pass-through: {results['ours']['cpu'] / results['bare']['cpu']:.2f}")


if __name__ == "__main__":
    main()
