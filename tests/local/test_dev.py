"""`make dev` when one of its services dies."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from local.dev import MOST_RESTARTS
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's /proc")


def children(process: Process) -> dict[str, int]:
    """The process ids of a process's children, by the module that each runs."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split()
    commands = {int(one): Path(f"/proc/{one}/cmdline").read_bytes().split(b"\0") for one in listed}
    return {command[2].decode(): number for number, command in commands.items() if len(command) > 2}


async def start(folder: Path, **settings: str) -> tuple[Process, int]:
    """Start `make dev`; returns its process and the relay's port."""
    port, relay_port = free_port(), free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "local.dev",
        env={
            "PYTHONPATH": str(ROOT),
            "PORT": str(port),
            "RELAY_PORT": str(relay_port),
            "DATA_DIR": str(folder),
            "GEMINI_API_KEY": "a-key",  # so that it starts no embedded interviewer
            **settings,
        },
        cwd=folder,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    return process, relay_port


@asynccontextmanager
async def ready_system(folder: Path) -> AsyncIterator[tuple[Process, int]]:
    """A ready `make dev` and its relay's port. It is stopped at the end, if it has not stopped by itself."""
    process, relay_port = await start(folder)
    try:
        await line(process, b"Ready:")
        yield process, relay_port
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.communicate(), 60)


async def line(process: Process, text: bytes) -> bytes:
    """Wait for the next line with this text; returns the line."""
    assert process.stdout
    before = []
    async with asyncio.timeout(60):
        while (found := await process.stdout.readline()) and text not in found:
            before.append(found)
    if not found:
        _, errors = await process.communicate()
        pytest.fail(f"it has stopped:\n{b''.join([*before, errors]).decode()}")
    return found


async def test_only_the_owner_may_read_the_data(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    async with ready_system(tmp_path):
        assert tmp_path.stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "interviews.db").stat().st_mode & 0o777 == 0o600


async def test_a_relay_that_dies_is_restarted(tmp_path: Path) -> None:
    async with ready_system(tmp_path) as (process, relay_port):
        first = children(process)
        os.kill(first["relay.server"], signal.SIGKILL)
        await line(process, b"Restarting")
        await line(process, b"relay_ready")
        second = children(process)
        assert second["relay.server"] != first["relay.server"]
        assert second["local.web"] == first["local.web"]
        _, writer = await asyncio.open_connection("127.0.0.1", relay_port)
        writer.close()
        await writer.wait_closed()
    assert process.returncode == 0
    assert not any(Path(f"/proc/{one}").exists() for one in second.values())


async def test_a_relay_that_keeps_dying_stops_everything(tmp_path: Path) -> None:
    async with ready_system(tmp_path) as (process, _):
        web = children(process)["local.web"]
        for _ in range(MOST_RESTARTS):
            os.kill(children(process)["relay.server"], signal.SIGKILL)
            await line(process, b"Restarting")
            await line(process, b"relay_ready")
        os.kill(children(process)["relay.server"], signal.SIGKILL)
        _, words = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert b"relay.server keeps dying" in words
    assert b"Traceback" not in words
    assert not Path(f"/proc/{web}").exists()


async def test_everything_stops_if_the_web_server_dies(tmp_path: Path) -> None:
    async with ready_system(tmp_path) as (process, _):
        services = children(process)
        os.kill(services["local.web"], signal.SIGKILL)
        _, words = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert b"local.web has stopped" in words
    assert not any(Path(f"/proc/{one}").exists() for one in services.values())


async def test_with_the_avatars_stand_in_all_services_use_it(tmp_path: Path) -> None:
    process, _ = await start(tmp_path, AVATAR="standin", TAVUS_API_KEY="a-real-one", TAVUS_PERSONA_ID="p123")
    try:
        said = await line(process, b"Stand-in of Tavus")
        address = re.search(rb"http://127\.0\.0\.1:\d+", said)
        assert address
        await line(process, b"Ready:")
        services = children(process)
        for module in ("local.web", "relay.server"):
            environ = dict(
                one.split(b"=", 1) for one in Path(f"/proc/{services[module]}/environ").read_bytes().split(b"\0") if one
            )
            assert environ[b"TAVUS_BASE_URL"] == address[0] + b"/v2"
            assert environ[b"TAVUS_API_KEY"] == b"standin"
            assert environ[b"TAVUS_PERSONA_ID"] == b""
        async with httpx2.AsyncClient() as client:
            answer = await client.get(address[0].decode() + "/v2/replicas", headers={"x-api-key": "standin"})
        assert answer.status_code == 200
    finally:
        process.send_signal(signal.SIGINT)
        _, words = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    assert words == b""
    assert not any(Path(f"/proc/{one}").exists() for one in services.values())


async def test_an_unknown_avatar_is_refused(tmp_path: Path) -> None:
    process, _ = await start(tmp_path, AVATAR="photoreal")
    _, words = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert words == b"interviewer: AVATAR must be standin, or unset.\n"
