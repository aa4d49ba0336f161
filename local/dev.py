"""`make dev`: the whole system on one machine, one process for each service, until Ctrl-C.

Without a Gemini key it also starts the embedded interviewer, and settings alone point the others there. With
`AVATAR=standin` in the environment it also starts the stand-in of Tavus. A relay that dies is restarted, as Cloud Run
would do; if another service dies, everything stops.
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

from interview import private
from interview.errors import InterviewError
from interview.settings import EMBEDDED_KEY, Settings, load
from local.web import ROOT

READY_TIMEOUT: Final = 60.0
"""Seconds within which each service must be ready. It takes two or three."""
STOP_TIMEOUT: Final = 10.0
"""Seconds that a service has to stop before it is killed: the relay first has its browsers reconnect."""
MOST_RESTARTS: Final = 5
RESTARTS_WITHIN: Final = 60.0
"""The relay is restarted at most 5 times in 60 seconds. If it dies more often, `make dev` stops."""


class Service:
    """One process of the system. It has a process group of its own, so that Ctrl-C stops the services in order."""

    def __init__(self, name: str, process: Process) -> None:
        self.name = name
        self.process = process

    @classmethod
    async def start(cls, module: str, environ: Mapping[str, str], *arguments: str, piped: bool = False) -> "Service":
        """Run a module of this repository with the same interpreter."""
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
        """Terminate the process and wait; kill it after STOP_TIMEOUT."""
        if self.process.returncode is None:
            self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), STOP_TIMEOUT)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


def failed(message: str) -> SystemExit:
    """The exit with a message for the terminal and exit code 1."""
    return SystemExit(f"interviewer: {message}")


def check_port(settings: Settings, name: str, port: int) -> None:
    """Exit with the setting to change if the port is in use."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, port))
        except OSError:
            raise failed(f"port {port} is in use; set {name} to another one, as in `make dev {name}=9090`.") from None


async def start_service(name: str, module: str, environ: Mapping[str, str], *arguments: str) -> tuple[Service, str]:
    """Start a stand-in; returns it and its address."""
    service = await Service.start(module, environ, "--port", "0", *arguments, piped=True)
    assert service.process.stdout  # noqa: S101 - piped
    try:
        async with asyncio.timeout(READY_TIMEOUT):
            line = await service.process.stdout.readline()
    except TimeoutError:
        line = b""
    _, ready, url = line.decode().strip().partition("Ready: ")
    if not ready:
        await service.stop()
        raise failed(f"{name} did not start; see its output above.")
    return service, url


async def start_interviewer(settings: Settings, environ: Mapping[str, str]) -> tuple[Service, dict[str, str]]:
    """Start the embedded interviewer; returns it and the settings that point to it."""
    folder = settings.data_dir.resolve() / "embedded"
    private.make_folder(folder)
    service, url = await start_service("the embedded interviewer", "local.gemini", environ, "--dir", str(folder))
    return service, {"GEMINI_API_KEY": EMBEDDED_KEY, "GEMINI_BASE_URL": url, "GEMINI_CA_FILE": str(folder / "ca.pem")}


async def start_standin(environ: Mapping[str, str]) -> tuple[Service, dict[str, str]]:
    """Start the stand-in of Tavus; returns it and the settings that point to it, in place of a real account's."""
    service, url = await start_service("the stand-in of Tavus", "local.tavus", environ)
    print(f"Stand-in of Tavus: {url} (POST /control, GET /inspect)", flush=True)  # noqa: T201
    account = {"TAVUS_API_KEY": "standin", "TAVUS_BASE_URL": f"{url}/v2"}
    return service, {**account, "TAVUS_REPLICA_ID": "", "TAVUS_PERSONA_ID": ""}


async def wait_until_up(service: Service, settings: Settings, port: int) -> None:
    """Wait until the service listens. Exits if it ends, or after READY_TIMEOUT."""
    try:
        async with asyncio.timeout(READY_TIMEOUT):
            while service.process.returncode is None:
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
    raise failed(f"{service.name} did not start; see its output above.")


async def keep_up(relay: Service, environ: Mapping[str, str]) -> None:
    """Restart the relay when it dies; its browsers reconnect. Returns when it dies too often."""
    time = asyncio.get_running_loop().time
    deaths: deque[float] = deque(maxlen=MOST_RESTARTS)
    while True:
        await relay.process.wait()
        if len(deaths) == MOST_RESTARTS and time() - deaths[0] < RESTARTS_WITHIN:
            return
        deaths.append(time())
        print(f"{relay.name} has stopped. Restarting it.", flush=True)  # noqa: T201
        relay.process = (await Service.start(relay.name, environ)).process


async def until_one_ends(
    services: Sequence[Service], relay: Service, environ: Mapping[str, str], stopped: asyncio.Event
) -> str:
    """Wait for `stopped`, or for the end of a service that ends everything; returns a message about it, or ""."""
    told = asyncio.ensure_future(stopped.wait())
    ends = {asyncio.ensure_future(service.process.wait()): service for service in services if service is not relay}
    kept = asyncio.ensure_future(keep_up(relay, environ))
    await asyncio.wait([told, kept, *ends], return_when=asyncio.FIRST_COMPLETED)
    for future in (told, kept, *ends):
        future.cancel()
    # Only after that is it certain which process is the relay.
    await asyncio.wait([kept])
    if stopped.is_set():
        return ""
    if not kept.cancelled():
        return f"{relay.name} keeps dying; see its output above."
    ended = next(service for end, service in ends.items() if end.done() and not end.cancelled())
    return f"{ended.name} has stopped; see its output above."


async def serve() -> None:
    """Start everything, print `Ready`, and stop everything on Ctrl-C or when a service has ended for good."""
    settings = load()
    check_port(settings, "PORT", settings.port)
    check_port(settings, "RELAY_PORT", settings.relay_port)
    private.make_folder(settings.data_dir)
    private.tighten(settings.data_dir)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    environ = dict(os.environ)
    if environ.get("AVATAR", "") not in ("", "standin"):
        raise failed("AVATAR must be standin, or unset.")
    services: list[Service] = []
    try:
        if not settings.gemini.configured:
            interviewer, pointers = await start_interviewer(settings, environ)
            services.append(interviewer)
            environ |= pointers
        if environ.get("AVATAR"):
            standin, pointers = await start_standin(environ)
            services.append(standin)
            environ |= pointers
        relay = await Service.start("relay.server", environ)
        web = await Service.start("local.web", environ)
        services += [relay, web]
        await wait_until_up(relay, settings, settings.relay_port)
        await wait_until_up(web, settings, settings.port)
        print(f"Ready: http://localhost:{settings.port}", flush=True)  # noqa: T201
        message = await until_one_ends(services, relay, environ, stopped)
        if message:
            raise failed(message)
    finally:
        # In order: the relay closes its connections to the interviewer before that one stops.
        for service in reversed(services):
            await service.stop()


def main() -> None:
    """`python -m local.dev`."""
    try:
        asyncio.run(serve())
    except InterviewError as error:
        raise failed(error.detail) from None


if __name__ == "__main__":
    main()
