"""A relay in a process of its own."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interview.store import Store
from local.gemini import Server
from tests.ports import free_port
from tests.relay.conftest import ORIGIN, RunningRelay

ROOT: Final = Path(__file__).parents[2]
READY_SECONDS: Final = 60
"""How long a process may take to start. It takes one second of the processor, which a busy machine has late."""
STOP_SECONDS: Final = 20
"""How long it may take to stop when it is told to."""


@dataclass
class Instance:
    """A relay process, and the way to it."""

    process: Process
    running: RunningRelay


def environment(folder: Path, port: int, base_url: str, ca_file: Path | str, api_key: str = "a-key") -> dict[str, str]:
    """The variables of a relay that keeps its data in `folder`, with Gemini at `base_url`."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "RELAY_PORT": str(port),
        "DATA_DIR": str(folder),
        "ALLOWED_ORIGINS": ORIGIN,
        "GEMINI_API_KEY": api_key,
        "GEMINI_BASE_URL": base_url,
        "GEMINI_CA_FILE": str(ca_file),
    }


@asynccontextmanager
async def instance(folder: Path, store: Store, gemini: Server, *, api_key: str = "a-key") -> AsyncIterator[Instance]:
    """A relay that is ready, until the block is left, however it is left. Its first line has been read."""
    port = free_port()
    environ = environment(folder, port, gemini.base_url, gemini.ca_file, api_key)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "relay.server", env=environ, cwd=folder, stdin=DEVNULL, stdout=PIPE
    )
    try:
        assert process.stdout
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), READY_SECONDS))
        assert (ready["message"], ready["port"]) == ("relay_ready", port)
        yield Instance(process, RunningRelay(f"ws://127.0.0.1:{port}", store, None, gemini))  # type: ignore[arg-type]
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
