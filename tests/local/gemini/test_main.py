"""The service as a process of its own."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from local.gemini.script import Fault, Received
from local.gemini.server import Server
from tests.local.gemini.conftest import BEGIN, client, talk

ROOT = Path(__file__).parents[3]
READY = "Ready: "


async def out_of_reach(_: Fault) -> None:
    """A fault can't be commanded in another process from here."""


@asynccontextmanager
async def process(folder: Path, *options: str) -> AsyncIterator[tuple[Server, asyncio.subprocess.Process]]:
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "local.gemini", "--port", "0", "--dir", str(folder), *options),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert running.stdout is not None
        async with asyncio.timeout(60):
            line = (await running.stdout.readline()).decode().strip()
        assert line.startswith(READY)
        yield Server(line.removeprefix(READY), folder / "ca.pem", Received(), out_of_reach, lambda: None), running
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_when_it_is_ready_and_stops_in_mid_interview(tmp_path: Path, number: signal.Signals) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"voice": "tone", "heard": [], "pace": 0.1, "answers": ["Good morning to you."]}))
    async with process(tmp_path / "new", "--script", str(script)) as (server, running):
        async with talk(server) as interview:
            await interview.write(BEGIN)
            assert (await interview.turn()).said == "Good morning to you."
            running.send_signal(number)
            async with asyncio.timeout(60):
                _, complaints = await running.communicate()
        assert running.returncode == 0
        assert complaints == b""


async def test_the_script_is_read_again_at_each_connection(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"voice": "tone", "heard": [], "pace": 0.1, "answers": ["First."]}))
    async with process(tmp_path, "--script", str(script)) as (server, _):
        for answer in ("First.", "Second."):
            script.write_text(json.dumps({"voice": "tone", "heard": [], "pace": 0.1, "answers": [answer]}))
            async with talk(server) as interview:
                await interview.write(BEGIN)
                assert (await interview.turn()).said == answer


async def test_without_a_script_it_counts_no_tokens(tmp_path: Path) -> None:
    async with process(tmp_path) as (server, _), client(server).aio as gemini:
        answer = await gemini.models.generate_content(model="gemini-3.8-flash", contents="Hello")
        assert answer.text
        assert answer.usage_metadata is None
