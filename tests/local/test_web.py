"""The web server of one machine, as the process that `make dev` starts."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from interview.api.sweep import IDLE_AFTER
from interview.clock import now
from interview.record import Avatar
from interview.settings import load
from interview.store import Store, open_store
from interview.version import VERSION
from local.tavus import Fault, Script, embedded
from local.web import build, content_policy
from tests.interview.store.sample import new_interview, new_turn
from tests.ports import free_port

RELAY = ("ws://localhost:8081", "http://localhost:8081")
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def web(folder: Path, **environ: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "local.web",
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder), "PORT": str(free_port()), **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def read_line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout
    async with asyncio.timeout(60):
        return (await process.stdout.readline()).decode()


async def stop(process: asyncio.subprocess.Process) -> str:
    """Stop it; returns the rest of its output."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(60):
        rest, _ = await process.communicate()
    return rest.decode()


async def test_it_sweeps_as_cloud_scheduler_does(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/interviews.db")
    for session_id, minutes in (("left", 6), ("held", 4)):
        await store.create(new_interview(session_id=session_id))
        await store.claim(session_id, now() - timedelta(minutes=minutes))
        await store.save_turn(session_id, 1, new_turn(0))
    assert timedelta(minutes=4) < IDLE_AFTER < timedelta(minutes=6)
    async with web(tmp_path) as process:
        line = await read_line(process)
        assert '"interview_abandoned"' in line
        assert '"left"' in line
        assert await stop(process) == ""
    assert (await store.get("left")).status == "abandoned"
    assert await store.turns("left") == [new_turn(0)]
    assert (await store.get("held")).status == "live"
    await store.close()


async def test_the_page_may_connect_to_every_relay_and_nothing_else(tmp_path: Path) -> None:
    port = free_port()
    async with web(tmp_path, PORT=str(port), RELAY_URL="wss://near.example,ws://127.0.0.1:9") as process:
        policy = await policy_of(f"http://127.0.0.1:{port}/config.json")
        await stop(process)
    [connect] = [part for part in policy.split("; ") if part.startswith("connect-src ")]
    assert connect.split()[1:] == [
        "'self'",
        "wss://near.example",
        "ws://127.0.0.1:9",
        "https://near.example",
        "http://127.0.0.1:9",
    ]


async def policy_of(url: str) -> str:
    """The Content-Security-Policy of this address, once the server answers."""
    async with asyncio.timeout(60), httpx2.AsyncClient() as client:
        while True:
            try:
                return (await client.get(url, timeout=60)).headers["content-security-policy"]
            except httpx2.TransportError:
                await asyncio.sleep(0.1)


async def test_avatar_conversations_from_start_to_sweep_with_webhooks(tmp_path: Path) -> None:
    store, port = open_store(f"sqlite:///{tmp_path}/interviews.db"), str(free_port())
    async with embedded(Script(replica_delay=0)) as tavus:
        environ = {"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": tavus.base_url, "PORT": port}
        async with web(tmp_path, **environ), httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await until_served(client)
            assert (await client.get("/config.json")).json()["avatar"]
            sessions = []
            for _ in range(2):
                answer = await client.post("/api/interview/start", json={"skill_topic": "SQL"}, timeout=60)
                assert answer.status_code == 201, answer.text
                assert answer.json()["conversation_url"].startswith(tavus.origin)
                sessions.append(answer.json())
            told, left = (one["session_id"] for one in sessions)
            headers = {"authorization": f"Bearer {sessions[0]['session_token']}"}
            answer = await client.post(f"/api/interview/{told}/avatar", headers=headers, timeout=60)
            assert answer.json()["conversation_url"].startswith(tavus.origin)
            shutdown = Fault("shutdown", reason="participant_left_timeout reached")
            tavus.strike(shutdown, conversation_id=tavus.conversations[2].terms.conversation_id)
            await until_ended(store, told)
            assert (await avatar_of(store, told)).reason == "participant_left_timeout_reached"
        assert [one.status for one in tavus.conversations] == ["ended", "active", "ended"]
        # A conversation that nothing has ended is ended by the sweep with which the next process begins.
        await store.end(left, "candidate", now())
        async with web(tmp_path, **environ):
            await until_ended(store, left)
        assert [one.status for one in tavus.conversations] == ["ended"] * 3
    await store.close()


async def until_served(client: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                await client.get("/config.json")
            except httpx2.TransportError:
                await asyncio.sleep(0.05)
            else:
                return


async def until_ended(store: Store, session_id: str) -> None:
    async with asyncio.timeout(60):
        while (await avatar_of(store, session_id)).status != "ended":
            await asyncio.sleep(0.05)


async def avatar_of(store: Store, session_id: str) -> Avatar:
    avatar = (await store.get(session_id)).avatar
    assert avatar is not None
    return avatar


async def test_an_unavailable_store_does_not_stop_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with web(tmp_path, STORE=f"sqlite:///{tmp_path}/file/interviews.db") as process:
        assert '"sweep_failed"' in await read_line(process)
        assert process.returncode is None
        assert await stop(process) == ""


def test_sentry_may_be_called_only_with_a_dsn() -> None:
    with_dsn = policy(SENTRY_DSN="https://key@o1.ingest.sentry.example/7")
    assert with_dsn.pop("connect-src") - policy()["connect-src"] == {"https://o1.ingest.sentry.example"}
    assert with_dsn == {name: sources for name, sources in policy().items() if name != "connect-src"}


APP_CHECK = {"APP_CHECK_APP": "1:123:web:0a1b", "APP_CHECK_API_KEY": "a-key", "APP_CHECK_SITE_KEY": "a-site"}


def test_recaptcha_is_allowed_only_with_app_check() -> None:
    without, allowed = policy(), policy(**APP_CHECK)
    added = {name: sources - without[name] for name, sources in allowed.items() if sources != without[name]}
    assert added == {
        "script-src": {"https://www.google.com/recaptcha/", "https://www.gstatic.com/recaptcha/"},
        "frame-src": {"https://www.google.com/recaptcha/", "https://recaptcha.google.com/recaptcha/"},
        "connect-src": {"https://www.google.com/recaptcha/", "https://content-firebaseappcheck.googleapis.com"},
    }


@pytest.mark.parametrize(
    ("environ", "told"),
    [({}, None), (APP_CHECK, {"app_id": "1:123:web:0a1b", "api_key": "a-key", "site_key": "a-site"})],
)
async def test_config_json_has_what_app_check_needs(
    tmp_path: Path, environ: dict[str, str], told: dict[str, str] | None
) -> None:
    settings = load({"DATA_DIR": str(tmp_path), **environ})
    transport = httpx2.ASGITransport(build(settings))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert (await client.get("/config.json")).json().get("app_check") == told


def policy(**environ: str) -> dict[str, set[str]]:
    """What each directive allows."""
    parts = (directive.split() for directive in content_policy(load(environ)).split(";"))
    return {name: set(allowed) for name, *allowed in parts}


def test_without_an_avatar_the_page_may_connect_to_itself_and_the_relay() -> None:
    allowed = policy()
    assert allowed["connect-src"] == {"'self'", *RELAY}
    assert allowed["script-src"] == allowed["worker-src"] == allowed["default-src"] == {"'self'"}


def test_with_tavus_the_page_may_connect_to_daily() -> None:
    allowed = policy(TAVUS_API_KEY="a-key")
    assert allowed["connect-src"] == {"'self'", *RELAY, "https://*.daily.co", "wss://*.daily.co"}
    assert allowed["script-src"] == {"'self'", "https://*.daily.co"}
    assert allowed["worker-src"] == {"'self'", "blob:"}
    assert allowed["default-src"] == {"'self'"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_with_a_stand_in_of_tavus_the_page_may_connect_to_it_and_not_to_daily(host: str) -> None:
    allowed = policy(TAVUS_API_KEY="a-key", TAVUS_BASE_URL=f"http://{host}:9000/v2")
    assert allowed["connect-src"] == {"'self'", *RELAY, f"ws://{host}:9000", f"http://{host}:9000"}
    assert allowed["script-src"] == allowed["worker-src"] == {"'self'"}


async def test_every_answer_has_the_policy(tmp_path: Path) -> None:
    settings = load({"DATA_DIR": str(tmp_path), "TAVUS_API_KEY": "a-key"})
    transport = httpx2.ASGITransport(build(settings))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for path in ("/config.json", "/nothing.txt"):
            answer = await client.get(path)
            assert answer.headers["content-security-policy"] == content_policy(settings)


@pytest.mark.parametrize(
    ("environ", "offered"),
    [({}, False), ({"TAVUS_API_KEY": "a-key"}, True), ({"TAVUS_API_KEY": "a-key", "AVATAR_DAILY": "0"}, False)],
)
async def test_config_json_says_whether_there_are_avatars(
    tmp_path: Path, environ: dict[str, str], *, offered: bool
) -> None:
    transport = httpx2.ASGITransport(build(load({"DATA_DIR": str(tmp_path), **environ})))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        config = (await client.get("/config.json")).json()
    assert config["avatar"] is offered
    assert config["version"] == VERSION


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A built page."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    for name in ("index.html", "page.html", "404.html"):
        (folder / name).write_text(f"{name} {'word ' * 1000}", "utf-8")
    (folder / "assets" / "index-0a1b2c.js").write_text("1 + 1;" * 1000, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((path, 200) for path in ("/", "/check", "/help", "/privacy/", "/interview/0a1b", "/results/0a1b")),
        *((path, 404) for path in ("/somewhere", "/interview/0a1b/c", "/assets/gone.js", "/results/", "/helpful")),
    ],
)
async def test_an_unknown_address_gets_the_page_with_status_404(
    tmp_path: Path, dist: Path, path: str, status: int
) -> None:
    transport = httpx2.ASGITransport(build(load({"DATA_DIR": str(tmp_path)}), dist))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get(path)
    assert answer.status_code == status
    document = "404.html" if status == 404 else "index.html" if path == "/" else "page.html"
    assert answer.text.startswith(document)
    assert answer.headers["cache-control"] == "no-cache"


async def test_files_of_the_page_are_compressed_as_hosting_compresses_them(tmp_path: Path, dist: Path) -> None:
    transport = httpx2.ASGITransport(build(load({"DATA_DIR": str(tmp_path)}), dist))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        packed = await client.get("/assets/index-0a1b2c.js", headers={"Accept-Encoding": "gzip"})
        plain = await client.get("/assets/index-0a1b2c.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text == "1 + 1;" * 1000
    assert "immutable" in packed.headers["cache-control"]


async def test_config_json_has_what_the_privacy_page_says(tmp_path: Path) -> None:
    environ = {"DATA_DIR": str(tmp_path), "PAGE_CONTACT": "privacy@acme.example", "SECOND_EAR": "on"}
    stand_in = {"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": "http://127.0.0.1:1"}
    for more, expected in (({}, None), (stand_in, True), ({"TAVUS_API_KEY": "a-key"}, None)):
        transport = httpx2.ASGITransport(build(load(environ | more)))
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            config = (await client.get("/config.json")).json()
        assert (config["page_contact"], config["second_ear"]) == ("privacy@acme.example", True)
        assert config.get("stand_in") is expected


async def test_config_json_offers_what_the_embedded_interviewer_speaks(tmp_path: Path) -> None:
    for key, expected in (("a-key", None), ("embedded", ["en-US"])):
        transport = httpx2.ASGITransport(build(load({"DATA_DIR": str(tmp_path), "GEMINI_API_KEY": key})))
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            assert (await client.get("/config.json")).json().get("languages") == expected
