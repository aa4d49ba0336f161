"""The images of the relay and the canary, as far as it can be shown without a container engine: see tests/image.py."""

import asyncio
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from websockets.asyncio.client import connect

from interview.store.sqlite import SqliteStore
from interview.version import VERSION
from local.gemini import Fault, Script, embedded
from ops.candidate import WORDS
from tests import image, missing
from tests.e2e.conftest import Serve, serve
from tests.image import Image
from tests.ports import free_port
from tests.relay.conftest import ORIGIN, TOKEN, Candidate, RunningRelay
from tests.relay.test_server import get

pytestmark = pytest.mark.timeout(600)  # an image is built for the first that asks for one

ROOT = Path(__file__).parents[2]
__all__ = ["serve"]
STAGES = image.read()
PACKAGES = ["contract", "interview", "relay"]
BUILD, RELAY, CANARY = STAGES
RUNS = [step.rest for stage in STAGES for step in stage.steps if step.name == "RUN"]


def test_the_base_is_one_and_pinned_by_its_digest() -> None:
    assert [stage.name for stage in STAGES] == ["build", "relay", "canary"]
    assert len({stage.base for stage in STAGES[:2]}) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+@sha256:[0-9a-f]{64}", STAGES[0].base)


def test_it_ends_as_somebody_without_rights_and_without_a_shell() -> None:
    *_, user, _, command = RELAY.steps
    assert [step.name for step in RELAY.steps].count("USER") == 1
    assert user.name == "USER"
    assert int(user.rest.split(":")[0]) > 0
    assert command.name == "CMD"
    assert json.loads(command.rest) == ["python", "-m", "relay.server"]


def test_it_is_made_of_the_pins_and_its_three_packages() -> None:
    copies = [step.rest.split() for stage in (BUILD, RELAY) for step in stage.steps if step.name == "COPY"]
    assert [one[0] for one in copies if not one[0].startswith("--")] == ["requirements/relay.txt", *PACKAGES]
    assert {one[0] for one in copies if one[0].startswith("--")} == {"--from=build"}
    installing = [run for run in RUNS if "pip" in run]
    assert len(installing) == 1
    assert "--no-deps --require-hashes" in installing[0]
    assert "--only-binary :all:" in installing[0]


def test_the_canary_is_one_layer_on_the_relays_image() -> None:
    """So the relay's image does not change with an operator's command, and no user or library is added."""
    assert CANARY.base == "relay"
    assert [(step.name, step.rest) for step in CANARY.steps] == [
        ("COPY", "ops /app/ops"),
        ("ENTRYPOINT", '["python", "-m", "ops.canary", "--log"]'),
        ("CMD", "[]"),
    ]


@pytest.mark.parametrize(
    "path",
    [".env", ".data/interviews.db", "relay/__pycache__/main.cpython-313.pyc", "web/a.ts", "contract/generate/shape.py"],
)
def test_what_lies_beside_the_sources_is_no_part_of_the_context(path: str) -> None:
    assert image.ignored(path)
    assert not image.ignored("relay/server.py")
    assert not image.ignored("contract/stream.py")
    assert not image.ignored("interview/store/firestore.py")
    assert not image.ignored("requirements/relay.txt")
    assert not image.ignored("ops/answer.wav")


@pytest.mark.parametrize("run", RUNS, ids=range(len(RUNS)))
def test_the_shell_in_it_has_nothing_to_complain_about(run: str) -> None:
    command = [str(Path(sys.executable).with_name("shellcheck")), "--shell=sh", "-"]
    checked = subprocess.run(command, check=False, input=run.encode(), capture_output=True, timeout=60)
    assert checked.returncode == 0, checked.stdout.decode()


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Image]]:
    if sys.platform != "linux":
        pytest.skip("the image is made of Linux's files")
    if os.geteuid() != 0:
        missing.missing(missing.ROOT)
    folder = tmp_path_factory.mktemp("image")
    yield image.build(folder)
    shutil.rmtree(folder)


@pytest.fixture
def built(images: dict[str, Image]) -> Image:
    return images["relay"]


def test_it_holds_what_is_pinned_and_no_more(built: Image) -> None:
    listed = built.run("python", "-c", "import importlib.metadata as m; print(*{d.name for d in m.distributions()})")
    pins = re.findall(r"^(\S+==[^\\\n]+)", (ROOT / "requirements" / "relay.txt").read_text("utf-8"), re.MULTILINE)
    version = built.run("python", "-c", "import platform; print(platform.python_version())").strip()
    environment = {"python_full_version": version, "python_version": ".".join(version.split(".")[:2])}
    wanted = [one for one in map(Requirement, pins) if not one.marker or one.marker.evaluate(environment)]
    assert {canonicalize_name(name) for name in listed.split()} == {canonicalize_name(one.name) for one in wanted}
    assert sorted(path.name for path in (built.root / "app").iterdir()) == PACKAGES
    assert list((built.root / "app").rglob("Dockerfile")) == []


@pytest.mark.parametrize("name", ["relay", "canary"])
def test_the_user_that_runs_in_it_can_not_change_it(name: str, images: dict[str, Image]) -> None:
    built = images[name]
    assert (built.user, built.group) != (0, 0)
    ours = [built.root / folder for folder in ("app", "opt", "usr")]
    for path in [one for folder in ours for one in (folder, *folder.rglob("*")) if not one.is_symlink()]:
        status = path.stat()
        assert status.st_uid != built.user
        assert status.st_gid != built.group
        assert not status.st_mode & 0o002, path


def test_a_second_build_is_the_same_to_the_byte(images: dict[str, Image], tmp_path: Path) -> None:
    def digest(data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()

    again = image.build(tmp_path / "image")
    first, second = (image.tree(one["relay"].root, ("app", "opt", "usr"), digest) for one in (images, again))
    assert len(first) > 1000
    assert {name for name in first | second if first.get(name) != second.get(name)} == set()
    # The canary's image has the same files, and ops/ besides.
    layer, repeated = (image.tree(one["canary"].root, ("app",), digest) for one in (images, again))
    assert layer == repeated
    assert {name for name in layer if layer[name] != first.get(name)} == {
        name for name in layer if name.startswith("app/ops/")
    }
    shutil.rmtree(tmp_path / "image")


async def test_it_answers_holds_an_interview_and_goes_when_told_to(built: Image, tmp_path: Path) -> None:
    """As CMD starts it: SIGTERM goes to the process itself, and the interview that is on is sent elsewhere."""
    data = built.root / "data"
    data.mkdir(mode=0o777)
    data.chmod(0o777)
    port = free_port()
    async with embedded(Script(voice="tone", heard=(), speed=50)) as server:
        shutil.copy(server.ca_file, data / "ca.pem")
        (data / "ca.pem").chmod(0o444)
        store = SqliteStore(str(data / "interviews.db"))
        running = RunningRelay(f"ws://127.0.0.1:{port}", store, None, server)  # type: ignore[arg-type]
        interview = await running.interview()
        for file in data.glob("interviews.db*"):
            file.chmod(0o666)
        relay = built.start(
            {
                "RELAY_PORT": str(port),
                "STORE": "sqlite:////data/interviews.db",
                "ALLOWED_ORIGINS": ORIGIN,
                "GEMINI_API_KEY": "a-key",
                "GEMINI_BASE_URL": server.base_url,
                "GEMINI_CA_FILE": "/data/ca.pem",
            }
        )
        try:
            assert relay.stdout
            assert b"relay_ready" in await asyncio.wait_for(asyncio.to_thread(relay.stdout.readline), 60)
            status = Path(f"/proc/{relay.pid}/status").read_text("utf-8")
            assert re.search(rf"^Uid:\s+{built.user}\s+{built.user}\s", status, re.MULTILINE)
            health = f"http://127.0.0.1:{port}/healthz"
            assert await asyncio.to_thread(get, health) == (200, {"status": "ok", "live": 0, "version": VERSION})
            async with connect(f"{running.url}/api/interview/{interview.session_id}/stream", origin=ORIGIN) as browser:
                candidate = Candidate(browser)
                await candidate.send("hello", token=TOKEN)
                await candidate.until("spoken")
                assert await asyncio.to_thread(get, health) == (200, {"status": "ok", "live": 1, "version": VERSION})
                relay.send_signal(signal.SIGTERM)
                await candidate.until("reconnect")
                assert (await candidate.closed())[0] == 1012
            _, complaints = await asyncio.to_thread(relay.communicate, timeout=60)
        finally:
            if relay.poll() is None:
                relay.kill()
                await asyncio.to_thread(relay.communicate)
        assert relay.returncode == 0
        assert complaints == b""
        assert len(await store.turns(interview.session_id)) == 1
        await store.close()


@pytest.mark.timeout(600)
async def test_the_canary_reports_in_the_log_what_it_finds_and_nothing_that_was_said(
    images: dict[str, Image], serve: Serve
) -> None:
    """As the job starts it: with the page's address, a key, and nothing of an operator's machine."""
    wrong = Script(
        voice="tone", tone_seconds=0.05, speed=50, heard=(WORDS,), faults=(Fault("short_pause", seconds=0.6),)
    )
    canary = images["canary"]
    assert (canary.user, canary.entrypoint[-1], canary.command) == (65532, "--log", ())
    (canary.root / "data").mkdir()
    (canary.root / "etc").mkdir(exist_ok=True)
    (canary.root / "etc" / "hosts").write_text("127.0.0.1 localhost\n", "utf-8")  # an engine writes it
    async with serve(wrong) as url, embedded(Script(voice="tone", tone_seconds=0.05, pace=0.01)) as gemini:
        shutil.copy(gemini.ca_file, canary.root / "data" / "ca.pem")
        (canary.root / "data" / "ca.pem").chmod(0o444)
        given = {"GEMINI_API_KEY": "a-key", "GEMINI_BASE_URL": gemini.base_url, "GEMINI_CA_FILE": "/data/ca.pem"}
        process = canary.start(given, url)
        output, complaints = await asyncio.to_thread(process.communicate, timeout=300)
    assert (process.returncode, complaints) == (0, b"")
    lines = [json.loads(line) for line in output.splitlines()]
    assert {line["finding"]: (line["severity"], line["message"]) for line in lines} == {
        "silence": ("ERROR", "canary_wrong"),
        **dict.fromkeys(
            ("language", "transcript", "audio", "resumption", "compression", "cost"), ("INFO", "canary_right")
        ),
    }
    assert {"message", "queue", "thousand"} <= set(re.findall(r"[a-z]+", WORDS.lower()))
    for said in ("queue in", "thousand messages", "a-key"):
        assert said not in output.decode(), "the log has what was said"
