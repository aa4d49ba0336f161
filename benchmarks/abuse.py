"""What a flood costs a witness, another interview of the same relay: `python -m benchmarks.abuse [--seconds 6]`.

Two figures, each above the one without a flood. *Held*: the 99th percentile and the longest time of the processor that
the relay's event loop took before it came back to a timer. That is what a frame waits for in the relay, and other
processes of the machine don't change it. *Delay*: what the witness's frames took, up and down, to a Gemini that sends
each back at once. The machine's other work is in it.

The relay, the attackers and the witness have a process each. The witness speaks in real time. An attacker that is
disconnected dials again at once. `--against FOLDER` measures another checkout too, in turn with this one.
"""

import argparse
import asyncio
import base64
import json
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import trustme
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.protocol import State

from benchmarks.relay import ORIGIN, PERIOD, ROOT, UP, age, prepare, stamp

SPEECH = b"\x10\x27" * (UP // 2)
WITNESS = "s0"
"""The witness's session id; the attackers have the others."""
HANDSHAKE = 10.0
"""Seconds that the witness waits for its connection."""
TURN = 50
"""Frames of a turn of the interviewer."""
WARM = 1.0
"""Seconds of the witness's interview that are not measured: its connection to Gemini is being made."""
MOST = 30.0
"""Milliseconds that the 99th percentile may be above the one without a flood."""


def frame(opcode: int, payload: bytes) -> bytes:
    """A client's WebSocket frame, with a mask of zeros."""
    length = len(payload)
    size = bytes([0x80 | length]) if length < 126 else bytes([0x80 | 126]) + length.to_bytes(2, "big")
    return bytes([0x80 | opcode]) + size + bytes(4) + payload


def message(**fields: object) -> bytes:
    return frame(1, json.dumps(fields).encode())


FLOODS: dict[str, tuple[int, bool, bytes]] = {
    "typed answers": (1, True, message(type="text", text="x" * 8_000)),
    "microphone": (1, True, frame(2, SPEECH)),
    "2-byte frames": (1, True, frame(2, b"\1\1") * 5_000),
    "2-byte frames, 3 sockets": (3, True, frame(2, b"\1\1") * 5_000),
    "output": (1, True, message(type="output", mode="avatar") + message(type="output", mode="voice")),
    "pings": (3, True, frame(9, b"") * 5_000),
    "20 sockets before hello": (20, False, frame(9, b"") * 5_000),
}
"""For each attack: the sockets, whether they say hello, and what they send without end."""


@asynccontextmanager
async def gemini(folder: Path) -> AsyncIterator[tuple[str, Path]]:
    """A stand-in that sends each frame of the microphone back, as so much speech of the interviewer, in turns of two
    seconds of it.
    """
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    async def live(client: ServerConnection) -> None:
        with suppress(WebSocketException):
            await client.recv()
            await client.send(json.dumps({"setupComplete": {"sessionId": "s"}}).encode())
            number = 0
            async for sent in client:
                audio = json.loads(sent).get("realtime_input", {}).get("audio")
                if audio:
                    pcm = base64.urlsafe_b64decode(audio["data"])
                    data = base64.b64encode(pcm).decode()
                    part = {"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": data}}
                    await client.send(json.dumps({"serverContent": {"modelTurn": {"parts": [part]}}}).encode())
                    number += 1
                    if number % TURN == 0:
                        await client.send(b'{"serverContent": {"turnComplete": true}}')

    async with serve(live, "127.0.0.1", 0, ssl=context, compression=None, max_size=None) as server:
        yield f"127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", folder / "ca.pem"


@dataclass(frozen=True)
class Measured:
    """Milliseconds: of the witness's frames, and of the relay's turns."""

    delays: list[float]
    held: list[float]


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


async def witness(address: str, seconds: float) -> list[float]:
    """Milliseconds from each frame of the witness to its return."""
    delays: list[float] = []
    url = f"{address}/api/interview/{WITNESS}/stream"
    # From another address than the attackers.
    async with connect(url, origin=ORIGIN, compression=None, local_addr=("127.0.0.2", 0)) as relay:  # type: ignore[arg-type]
        await relay.send(json.dumps({"type": "hello", "token": "t"}))

        async def listen() -> None:
            async for sound in relay:
                if not isinstance(sound, bytes) or len(sound) != UP:
                    continue
                delays.append(1000 * age(sound))

        listening = asyncio.create_task(listen())
        due = time.perf_counter()
        for _ in range(round(seconds / PERIOD)):
            await relay.send(stamp(UP))
            due += PERIOD
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await asyncio.sleep(0.2)
        listening.cancel()
    return delays[round(WARM / PERIOD) :]


async def attack(address: str, session: str, until: float, hello: bool, data: bytes) -> None:  # noqa: FBT001
    """Flood, and dial again when it is over."""
    while time.time() < until:
        try:
            url = f"{address}/api/interview/{session}/stream"
            relay = await connect(url, origin=ORIGIN, compression=None)  # type: ignore[arg-type]
            if hello:
                await relay.send(json.dumps({"type": "hello", "token": "t"}))
                await relay.recv()
            while relay.state is State.OPEN and time.time() < until:
                relay.transport.write(data)
                await relay.drain()
                await asyncio.sleep(0)
            relay.transport.close()
        except (InvalidHandshake, WebSocketException, OSError):
            await asyncio.sleep(0.01)


async def attackers(address: str, name: str, until: float) -> None:
    """All sockets of one attack. Attackers have machines of their own; here they get what the relay leaves."""
    os.nice(19)
    count, hello, data = FLOODS[name]
    await asyncio.gather(*(attack(address, f"s{1 + number}", until, hello, data) for number in range(count)))


async def measure(checkout: Path, name: str | None, seconds: float) -> Measured:
    """One relay during an attack, or without one."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        await prepare(folder, 21)
        async with gemini(folder) as (service, ca_file):
            environ = {
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(checkout),
                "RELAY_PORT": "0",
                "DATA_DIR": str(folder),
                "GEMINI_API_KEY": "k",
                "GEMINI_BASE_URL": f"https://{service}",
                "GEMINI_CA_FILE": str(ca_file),
            }
            log, turns = folder / "log", folder / "turns"
            command = [sys.executable, "-P", str(ROOT / "benchmarks" / "held.py"), str(turns)]
            with log.open("wb") as out:
                relay = subprocess.Popen(command, env=environ, cwd=folder, stdout=out)
            attacking: subprocess.Popen[bytes] | None = None
            delays: list[float] = []
            try:
                while "relay_ready" not in log.read_text():  # noqa: ASYNC110 - another process writes it
                    await asyncio.sleep(0.05)
                address = f"ws://127.0.0.1:{json.loads(log.read_text().splitlines()[0])['port']}"
                if name:
                    command = [sys.executable, "-m", "benchmarks.abuse", "--attack", name, "--address", address]
                    command += ["--until", str(time.time() + WARM + seconds + 2)]
                    attacking = subprocess.Popen(command, env={**environ, "PYTHONPATH": str(ROOT)})
                    await asyncio.sleep(1.5)
                began = time.time() + WARM
                with suppress(TimeoutError, InvalidHandshake, WebSocketException):
                    delays = await asyncio.wait_for(witness(address, WARM + seconds), WARM + seconds + HANDSHAKE)
                ended = time.time()
            finally:
                for process in (attacking, relay):
                    if process:
                        process.terminate()
                        process.wait(20)
            lines = (line.split() for line in turns.read_text().splitlines())
            held = [1000 * float(taken) for at, taken in lines if began <= float(at) <= ended]
    return Measured(delays, held)


def report(kind: str, name: str | None, rounds: list[Measured], baseline: list[Measured]) -> tuple[float, float]:
    """Print a line; returns the medians of both figures, above the baseline."""
    served = [one for one in rounds if len(one.delays) > 1]
    held = statistics.median(p99(one.held) for one in rounds) - statistics.median(p99(one.held) for one in baseline)
    longest = statistics.median(max(one.held) for one in rounds)
    delay = statistics.median([p99(one.delays) for one in served] or [float("inf")])
    delay -= statistics.median(p99(one.delays) for one in baseline)
    unserved = f"  not served in {len(rounds) - len(served)} rounds" if len(served) < len(rounds) else ""
    print(
        f"{name or 'no flood':26} {kind:6} held p99 +{held:6.1f} ms, longest {longest:6.1f} ms;"
        f"  delay p99 +{delay:7.1f} ms{unserved}",
        flush=True,
    )
    return held, longest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6, help="how long each attack is measured")
    parser.add_argument("--rounds", type=int, default=1, help="how often; the figures are medians")
    parser.add_argument("--against", type=Path, help="the root of another checkout")
    parser.add_argument("--flood", choices=FLOODS, action="append", help="only this one (may be repeated)")
    parser.add_argument("--attack", choices=FLOODS, help=argparse.SUPPRESS)
    parser.add_argument("--address", help=argparse.SUPPRESS)
    parser.add_argument("--until", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.attack:
        asyncio.run(attackers(options.address, options.attack, options.until))
        return
    kinds = {"ours": ROOT, **({"other": options.against.resolve()} if options.against else {})}
    baseline: dict[str, list[Measured]] = {}
    print(f"At most +{MOST:g} ms.")
    for name in (None, *(options.flood or FLOODS)):
        rounds: dict[str, list[Measured]] = {kind: [] for kind in kinds}
        for _ in range(options.rounds):
            for kind, checkout in kinds.items():
                rounds[kind].append(asyncio.run(measure(checkout, name, options.seconds)))
        baseline = baseline or rounds
        found = {kind: report(kind, name, rounds[kind], baseline[kind]) for kind in kinds}
        if name and options.against:
            print(f"{'':26} ratio  longest {found['ours'][1] / max(found['other'][1], 0.1):.2f}")


if __name__ == "__main__":
    main()
