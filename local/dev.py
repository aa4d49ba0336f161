"""`make dev`: the whole system on one machine, as the processes it is made of, until Ctrl-C.

Without a Gemini key the embedded interviewer is started as well and the others are pointed at it by settings alone: no
other line of theirs knows the difference. With `AVATAR=standin` in the environment so is the stand-in of Tavus. A relay
that dies is started anew, as Cloud Run would; without any other part there is nothing to go on with.
"""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

from interview.errors import InterviewError
from interview.settings import Settings, load
from local.web import EMBEDDED_KEY, ROOT

READY_TIMEOUT: Final = 60.0
"""Seconds in which each part must be up. It takes two or three."""
STOP_TIMEOUT: Final = 10.0
"""Seconds that the parts have to stop, before they are killed: the relay sends its interviews off first."""
MOST_RESTARTS: Final = 5
RESTARTS_WITHIN: Final = 60.0
"""So often within so many seconds the relay is started anew; one that dies more often has something wrong with it."""


class Part:
    """One process of the system, in a group of its own so that Ctrl-C reaches it through us and in order."""

    def __init__(self, name: str, process: Process) -> None:
        self.name = name
        self.process = process

    @classmethod
    async def start(cls, module: str, environ: Mapping[str, str], *arguments: str, piped: bool = False) -> "Part":
        """Run a module of this repository under the same interpreter."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            env={**environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE if piped else None,
            start_new_session=True,
        )
        return cls(module, process)

    async def stop(self) -> None:
        """Ask, wait, and kill what is left of the group."""
        if self.process.returncode is None:
            self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), STOP_TIMEOUT)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


def complain(message: str) -> SystemExit:
    """Words for the person at the terminal, and an exit code for the script."""
    return SystemExit(f"interviewer: {message}")


def check_port(settings: Settings, name: str, port: int) -> None:
    """Say which setting to change, rather than a traceback of whoever came second."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, port))
        except OSError:
            raise complain(f"port {port} is in use; set {name} to another one, as in `make dev {name}=9090`.") from None


async def start_service(name: str, module: str, environ: Mapping[str, str], *arguments: str) -> tuple[Part, str]:
    """A service of our own that stands in for one elsewhere, and the address at which it says it is ready."""
    part = await Part.start(module, environ, "--port", "0", *arguments, piped=True)
    assert part.process.stdout  # noqa: S101 - piped
    try:
        async with asyncio.timeout(READY_TIMEOUT):
            line = await part.process.stdout.readline()
    except TimeoutError:
        line = b""
    _, ready, url = line.decode().strip().partition("Ready: ")
    if not ready:
        await part.stop()
        raise complain(f"{name} did not start; its own words are above.")
    return part, url


async def start_interviewer(settings: Settings, environ: Mapping[str, str]) -> tuple[Part, dict[str, str]]:
    """The embedded interviewer, and the settings that lead to it."""
    folder = settings.data_dir.resolve() / "embedded"
    folder.mkdir(parents=True, exist_ok=True)
    part, url = await start_service("the embedded interviewer", "local.gemini", environ, "--dir", str(folder))
    return part, {"GEMINI_API_KEY": EMBEDDED_KEY, "GEMINI_BASE_URL": url, "GEMINI_CA_FILE": str(folder / "ca.pem")}


async def start_standin(environ: Mapping[str, str]) -> tuple[Part, dict[str, str]]:
    """The stand-in of Tavus, and the settings that lead to it. What is set for a real account means nothing there."""
    part, url = await start_service("the stand-in of Tavus", "local.tavus", environ)
    print(f"Tavus is stood in for at {url} (POST /control, GET /inspect).", flush=True)  # noqa: T201
    leads = {"TAVUS_API_KEY": "standin", "TAVUS_BASE_URL": f"{url}/v2"}
    return part, {**leads, "TAVUS_REPLICA_ID": "", "TAVUS_PERSONA_ID": ""}


async def wait_until_up(part: Part, settings: Settings, port: int) -> None:
    """Until the part listens. Its end, or too long a wait, ends everything."""
    try:
        async with asyncio.timeout(READY_TIMEOUT):
            while part.process.returncode is None:
                try:
                    _, writer = await asyncio.open_connection(settings.host, port)
                except OSError:
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    await writer.wait_closed()
                    return
    except TimeoutError:
        pass
    raise complain(f"{part.name} did not start; its own words are above.")


async def keep_up(relay: Part, environ: Mapping[str, str]) -> None:
    """Start the relay anew whenever it dies: its interviews dial again. Returns when it dies too often."""
    time = asyncio.get_running_loop().time
    deaths: deque[float] = deque(maxlen=MOST_RESTARTS)
    while True:
        await relay.process.wait()
        if len(deaths) == MOST_RESTARTS and time() - deaths[0] < RESTARTS_WITHIN:
            return
        deaths.append(time())
        print(f"{relay.name} has stopped, and is started again.", flush=True)  # noqa: T201
        relay.process = (await Part.start(relay.name, environ)).process


async def until_one_ends(parts: Sequence[Part], relay: Part, environ: Mapping[str, str], stopped: asyncio.Event) -> str:
    """Wait until told to stop, or for a part whose end is the end of all; returns words about it, or none."""
    told = asyncio.ensure_future(stopped.wait())
    ends = {asyncio.ensure_future(part.process.wait()): part for part in parts if part is not relay}
    kept = asyncio.ensure_future(keep_up(relay, environ))
    await asyncio.wait([told, kept, *ends], return_when=asyncio.FIRST_COMPLETED)
    for future in (told, kept, *ends):
        future.cancel()
    # Only then is it certain which process is the relay.
    await asyncio.wait([kept])
    if stopped.is_set():
        return ""
    if not kept.cancelled():
        return f"{relay.name} keeps dying; its own words are above."
    fallen = next(part for end, part in ends.items() if end.done() and not end.cancelled())
    return f"{fallen.name} has stopped; its own words are above."


async def serve() -> None:
    """Start everything, say so, and stop everything on Ctrl-C or when a part ends for good."""
    settings = load()
    check_port(settings, "PORT", settings.port)
    check_port(settings, "RELAY_PORT", settings.relay_port)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    environ = dict(os.environ)
    if environ.get("AVATAR", "") not in ("", "standin"):
        raise complain("AVATAR may be standin, or be left out.")
    parts: list[Part] = []
    try:
        if not settings.gemini.configured:
            interviewer, leads = await start_interviewer(settings, environ)
            parts.append(interviewer)
            environ |= leads
        if environ.get("AVATAR"):
            standin, leads = await start_standin(environ)
            parts.append(standin)
            environ |= leads
        relay = await Part.start("relay.server", environ)
        web = await Part.start("local.web", environ)
        parts += [relay, web]
        await wait_until_up(relay, settings, settings.relay_port)
        await wait_until_up(web, settings, settings.port)
        print(f"Ready: http://localhost:{settings.port}", flush=True)  # noqa: T201
        trouble = await until_one_ends(parts, relay, environ, stopped)
        if trouble:
            raise complain(trouble)
    finally:
        # In order: the relay takes leave of the interviewer before that one stops.
        for part in reversed(parts):
            await part.stop()


def main() -> None:
    """`python -m local.dev`."""
    try:
        asyncio.run(serve())
    except InterviewError as error:
        raise complain(error.detail) from None


if __name__ == "__main__":
    main()
