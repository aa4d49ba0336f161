"""The stand-in as a process of its own."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from local.tavus.script import Fault, dump
from tests.local.tavus.conftest import QUICK, REPLICA, tone, visit

ROOT = Path(__file__).parents[3]
READY = "Ready: "
BODY = {"replica_id": REPLICA, "require_auth": True}


@asynccontextmanager
async def process(*options: str) -> AsyncIterator[tuple[httpx2.AsyncClient, asyncio.subprocess.Process]]:
    """A client of its API, and the process."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "local.tavus", "--port", "0", *options),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert running.stdout is not None
        async with asyncio.timeout(60):
            line = (await running.stdout.readline()).decode().strip()
        assert line.startswith(READY)
        async with httpx2.AsyncClient(
            base_url=line.removeprefix(READY) + "/v2/", headers={"x-api-key": "any"}
        ) as client:
            yield client, running
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_prints_ready_and_stops_in_mid_sentence(number: signal.Signals) -> None:
    async with process() as (client, running):
        created = (await client.post("conversations", json=BODY)).json()
        async with visit(created) as visitor:
            await visitor.ready()
            await visitor.say(tone(5))
            await visitor.event("conversation.started_speaking")
            running.send_signal(number)
            assert (await visitor.kind("left"))["reason"] == "lost"
        async with asyncio.timeout(60):
            _, complaints = await running.communicate()
        assert running.returncode == 0
        assert complaints == b""


async def test_the_script_is_read_again_when_it_changes(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text(dump(QUICK), "utf-8")
    async with process("--script", str(script)) as (client, _):
        assert (await client.get("replicas")).status_code == 200
        script.write_text(dump(replace(QUICK, api_key="another")), "utf-8")
        assert (await client.get("replicas")).status_code == 401
        script.write_text(dump(QUICK)[:-20], "utf-8")
        assert (await client.get("replicas")).status_code == 401, "an incomplete script changes nothing"
        script.write_text(dump(replace(QUICK, faults=(Fault("error", on="replicas", times=1),))), "utf-8")
        assert (await client.get("replicas")).status_code == 500
        assert (await client.get("replicas")).status_code == 200


async def test_a_script_that_can_not_be_read_ends_it_with_a_message(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text("{", "utf-8")
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "local.tavus", "--script", str(script)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        said, complaints = await running.communicate()
    assert running.returncode == 2
    assert said == b""
    assert b"script.json" in complaints
    assert b"Traceback" not in complaints
