import asyncio
import json
import signal
import sys
import time
import urllib.error
import urllib.request
from contextlib import AsyncExitStack
from email.message import Message
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from interview.store.sqlite import SqliteStore
from interview.version import VERSION
from local.gemini import Script, embedded
from relay.browser.arrivals import HANDSHAKE_BURST, HANDSHAKES_A_SECOND
from tests.relay.conftest import ORIGIN, TOKEN, Build, Candidate, RunningRelay
from tests.relay.process import READY_SECONDS, STOP_SECONDS, instance

ROOT = Path(__file__).parents[2]


def get(url: str) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


async def test_health_and_unknown_paths(running: RunningRelay) -> None:
    base = running.url.replace("ws://", "http://")
    for path in ("/health", "/healthz"):
        assert await asyncio.to_thread(get, f"{base}{path}") == (200, {"status": "ok", "live": 0, "version": VERSION})
    assert (await asyncio.to_thread(get, f"{base}/nothing"))[0] == 404
    await running.admission.drain(1)
    draining = {"status": "draining", "live": 0, "version": VERSION}
    assert await asyncio.to_thread(get, f"{base}/healthz") == (503, draining)


async def answered(running: RunningRelay, session_id: str, address: str) -> int:
    """The status with which a handshake from an address is answered."""
    try:
        async with running.dial(session_id, additional_headers={"X-Forwarded-For": address}):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def test_an_address_that_dials_again_and_again_is_answered_with_429(build: Build) -> None:
    running = await build(forwarded=True)
    interview = await running.interview()
    began = time.monotonic()
    answers = [await answered(running, interview.session_id, "203.0.113.9") for _ in range(HANDSHAKE_BURST + 150)]
    most = HANDSHAKE_BURST + HANDSHAKES_A_SECOND * (time.monotonic() - began)
    assert HANDSHAKE_BURST <= answers.count(101) <= most
    assert set(answers) <= {101, 429}
    async with running.dial(interview.session_id, additional_headers={"X-Forwarded-For": "198.51.100.7"}) as socket:
        other = Candidate(socket)
        await other.send("hello", token=TOKEN, output="voice")
        await other.until("ready")


@pytest.mark.parametrize(("origin", "allowed"), [(ORIGIN, ORIGIN), ("https://elsewhere.example", None)])
async def test_our_own_page_may_read_the_health(running: RunningRelay, origin: str, allowed: str | None) -> None:
    def ask() -> Message:
        request = urllib.request.Request(
            running.url.replace("ws://", "http://") + "/health", headers={"Origin": origin}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            headers: Message = answer.headers
            return headers

    headers = await asyncio.to_thread(ask)
    assert headers["Access-Control-Allow-Origin"] == allowed
    assert headers["Vary"] == "Origin"


async def test_sigterm_saves_the_turns_and_has_the_browser_reconnect(tmp_path: Path, store: SqliteStore) -> None:
    """The process itself, during an interview."""
    async with embedded(Script(voice="tone", heard=(), speed=50)) as server, AsyncExitStack() as stack:
        relay = await stack.enter_async_context(instance(tmp_path, store, server, api_key="a-very-secret-key"))
        interview = await relay.running.interview()
        async with relay.running.candidate(interview.session_id) as candidate:
            await candidate.until("spoken")
            relay.process.send_signal(signal.SIGTERM)
            await candidate.until("reconnect")
            assert (await candidate.closed())[0] == 1012
        output, _ = await asyncio.wait_for(relay.process.communicate(), STOP_SECONDS)
        assert relay.process.returncode == 0
        assert len(await store.turns(interview.session_id)) == 1
    lines = [json.loads(line) for line in output.splitlines()]
    assert {line["severity"] for line in lines} <= {"INFO"}
    assert b"secret" not in output
    assert TOKEN.encode() not in output
    assert candidate.said("interviewer")[0].encode() not in output


@pytest.mark.parametrize(("name", "value"), [("RELAY_PORT", "many"), ("INTERVIEW_MINUTES", "0"), ("STORE", "paper://")])
async def test_an_invalid_setting_stops_it_with_a_message(tmp_path: Path, name: str, value: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "relay.server",
        env={"PYTHONPATH": str(ROOT), name: value},
        cwd=tmp_path,
        stderr=asyncio.subprocess.PIPE,
    )
    _, output = await asyncio.wait_for(process.communicate(), READY_SECONDS)
    assert process.returncode == 1
    assert output.decode().startswith("relay: ")
    assert name in output.decode()
    assert "Traceback" not in output.decode()
