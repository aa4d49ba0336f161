"""What a witness of an attack on the relay waits for its own frames, beside its own baseline: `python -m
benchmarks.abuse [--seconds 5]`.

The relay, the attackers and the witness have a process each. The witness speaks in real time; a Gemini that answers
every frame at once measures the way up and down. An attacker that is disconnected dials again at once.
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
MOST = 30.0
"""Milliseconds that the witness's p99 may be above its baseline."""


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
    """A stand-in that sends each frame of the microphone back, as so much speech of the interviewer."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    async def live(client: ServerConnection) -> None:
        with suppress(WebSocketException):
            await client.recv()
            await client.send(json.dumps({"setupComplete": {"sessionId": "s"}}).encode())
            async for sent in client:
                audio = json.loads(sent).get("realtime_input", {}).get("audio")
                if audio:
                    pcm = base64.urlsafe_b64decode(audio["data"])
                    data = base64.b64encode(pcm).decode()
                    part = {"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": data}}
                    await client.send(json.dumps({"serverContent": {"modelTurn": {"parts": [part]}}}).encode())

    async with serve(live, "127.0.0.1", 0, ssl=context, compression=None, max_size=None) as server:
        yield f"127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}", folder / "ca.pem"


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
    return delays


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
    """All sockets of one attack."""
    count, hello, data = FLOODS[name]
    await asyncio.gather(*(attack(address, f"s{1 + number}", until, hello, data) for number in range(count)))


async def measure(name: str | None, seconds: float) -> list[float]:
    """The witness's delays during an attack, or without one."""
    with tempfile.TemporaryDirectory() as folder:
        await prepare(Path(folder), 21)
        async with gemini(Path(folder)) as (service, ca_file):
            environ = {
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "RELAY_PORT": "0",
                "DATA_DIR": folder,
                "GEMINI_API_KEY": "k",
                "GEMINI_BASE_URL": f"https://{service}",
                "GEMINI_CA_FILE": str(ca_file),
            }
            log = Path(folder) / "log"
            with log.open("wb") as out:
                relay = subprocess.Popen([sys.executable, "-m", "relay.server"], env=environ, cwd=folder, stdout=out)
            attacking: subprocess.Popen[bytes] | None = None
            try:
                while "relay_ready" not in log.read_text():  # noqa: ASYNC110 - another process writes it
                    await asyncio.sleep(0.05)
                address = f"ws://127.0.0.1:{json.loads(log.read_text().splitlines()[0])['port']}"
                if name:
                    command = [sys.executable, "-m", "benchmarks.abuse", "--attack", name, "--address", address]
                    command += ["--until", str(time.time() + seconds + 2)]
                    attacking = subprocess.Popen(command, env={**environ, "PYTHONPATH": str(ROOT)})
                    await asyncio.sleep(1.5)
                return await asyncio.wait_for(witness(address, seconds), seconds + HANDSHAKE)
            except TimeoutError:
                return []
            finally:
                for process in (attacking, relay):
                    if process:
                        process.terminate()
                        process.wait(20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="how long each attack is measured")
    parser.add_argument("--attack", choices=FLOODS, help=argparse.SUPPRESS)
    parser.add_argument("--address", help=argparse.SUPPRESS)
    parser.add_argument("--until", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.attack:
        asyncio.run(attackers(options.address, options.attack, options.until))
        return
    baseline = 0.0
    for name in (None, *FLOODS):
        delays = asyncio.run(measure(name, options.seconds))
        if len(delays) < 2:
            print(f"{name or 'baseline':26} the witness was not served")
            continue
        p50, p99 = statistics.median(delays), statistics.quantiles(delays, n=100)[98]
        if name is None:
            baseline = p99
        print(
            f"{name or 'baseline':26} p50 {p50:8.1f} ms  p99 {p99:8.1f} ms  frames {len(delays):5}"
            + ("" if name is None else f"  p99 above baseline {p99 - baseline:8.1f} ms (at most {MOST:g})")
        )


if __name__ == "__main__":
    main()
