"""Sentry at the socket: what arrives there has no word of a candidate, and without a DSN nothing is sent or loaded."""

import asyncio
import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from interview.store.sqlite import SqliteStore
from interview.token import hash_token
from tests.interview.store.sample import new_cv, new_interview

ROOT = Path(__file__).parents[2]
TOPIC, CV, ANSWER, JOB = "Xylophones in opera", "Quentin Quagmire", "I tuned forty bells", "Bellfounder wanted"
"""What a candidate wrote and said. Nothing of it may arrive at Sentry."""


@dataclass
class Sentry:
    """A server with Sentry's envelope endpoint."""

    dsn: str
    requests: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of all envelopes: each is a line of JSON after the line that describes it."""
        found = []
        for _, body in self.requests:
            lines = [json.loads(line) for line in body.splitlines() if line]
            found += [item for kind, item in pairwise(lines) if kind.get("type") == "event"]
        return found

    @property
    def received(self) -> str:
        """Everything that arrived."""
        return "\n".join(f"{path}\n{body.decode()}" for path, body in self.requests)


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            server.requests.append((f"{self.path} {dict(self.headers)}", body))
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Sentry(f"http://0a1b2c@127.0.0.1:{listener.server_port}/7")
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    yield server
    listener.shutdown()
    thread.join()
    listener.server_close()


FUNCTIONS = """
import asyncio, sys
import functions_framework.aio
import httpx2
from interview.store.sqlite import SqliteStore

# A defect that has everything of the record in its message, in its cause and in its variables.
async def broken(self, interview, *more):
    secret = repr((interview, more))
    try:
        raise ValueError(secret)
    except ValueError as error:
        raise RuntimeError("lost: " + secret) from error

async def main(folder):
    app = functions_framework.aio.create_asgi_app("start", "functions/start/main.py")
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://functions.example") as client:
        SqliteStore.create = broken
        answer = await client.post(
            "/api/interview/start",
            data={"skill_topic": TOPIC, "job_description": JOB},
            files={"cv_file": ("cv.txt", CV.encode() * 20, "text/plain")},
            headers={"authorization": "Bearer the-token"},
        )
        assert answer.status_code == 500, answer.text
    print("loaded" if "sentry_sdk" in sys.modules else "not loaded")

asyncio.run(main(sys.argv[1]))
"""

RELAY = """
import sys
from interview.store.sqlite import SqliteStore
from relay import server

async def broken(self, session_id, now):
    secret = repr((await self.get(session_id), ANSWER, "the-token"))
    raise RuntimeError("lost: " + secret)

SqliteStore.claim = broken
server.main()
print("loaded" if "sentry_sdk" in sys.modules else "not loaded")
"""


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder),
        "FUNCTION_SIGNATURE_TYPE": "http",
        **more,
    }


def script(text: str) -> str:
    return f"TOPIC, CV, ANSWER, JOB = {(TOPIC, CV, ANSWER, JOB)!r}\n{text}"


def run(text: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script(text), "folder"],
        cwd=ROOT,
        env=env,
        timeout=100,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def check_nothing_personal(sentry: Sentry) -> None:
    for word in (TOPIC, CV, ANSWER, JOB, "the-token", "Bearer", "lost", "skill_topic"):
        assert word not in sentry.received, word


def test_an_error_of_a_function_arrives_without_a_word_of_the_candidate(sentry: Sentry, tmp_path: Path) -> None:
    output = run(FUNCTIONS, environment(tmp_path, SENTRY_DSN=sentry.dsn))
    assert output.splitlines()[-1] == "loaded"
    (event,) = sentry.events
    assert event["tags"] == {"service": "start", "message": "unexpected_error", "code": "internal"}
    cause, error = event["exception"]["values"]
    assert (cause["type"], error["type"]) == ("ValueError", "RuntimeError")
    assert error["stacktrace"]["frames"][-1]["function"] == "broken"
    check_nothing_personal(sentry)
    logged = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert [line["message"] for line in logged if line["severity"] == "ERROR"] == ["unexpected_error"]


async def test_an_error_of_the_relay_arrives_without_a_word_of_the_candidate(sentry: Sentry, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "interviews.db")
    record = new_interview(skill_topic=TOPIC, job_description=JOB, token_sha256=hash_token("the-token"))
    await store.create(replace(record, cv=new_cv(text=CV)))
    await store.close()
    env = environment(tmp_path, SENTRY_DSN=sentry.dsn, RELAY_PORT="0", GEMINI_API_KEY="a-key")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script(RELAY), cwd=ROOT, env=env, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
        url = f"ws://127.0.0.1:{ready['port']}/api/interview/{record.session_id}/stream"
        async with connect(url) as socket:
            await socket.send(json.dumps({"type": "hello", "token": "the-token", "output": "voice"}))
            await asyncio.wait_for(socket.wait_closed(), 60)
        process.terminate()
        output = (await asyncio.wait_for(process.stdout.read(), 60)).decode()
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert output.splitlines()[-1] == "loaded"
    (event,) = sentry.events
    assert event["tags"] == {"service": "relay", "message": "connection_failed", "code": "internal"}
    assert event["exception"]["values"][-1]["type"] == "RuntimeError"
    check_nothing_personal(sentry)


def test_without_a_dsn_the_sdk_is_not_loaded(tmp_path: Path) -> None:
    assert run(FUNCTIONS, environment(tmp_path)).splitlines()[-1] == "not loaded"
    loaded = "import relay.server, sys; print('loaded' if 'sentry_sdk' in sys.modules else 'not loaded')"
    assert run(loaded, environment(tmp_path)) == "not loaded\n"
