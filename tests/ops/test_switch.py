"""The switch that closes a deployment to new interviews."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from interview.settings import Limits
from interview.store import open_store
from interview.store.firestore import FirestoreStore
from interview.system import Switch
from ops import switch
from ops.failure import CommandFailed
from tests.emulators import firestore_emulator
from tests.functions.test_processes import process, ready

__all__ = ["firestore_emulator"]

ROOT = Path(__file__).parents[2]


def run(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    # A port on which no `make dev` runs.
    settings = {"PYTHONPATH": str(ROOT), "PORT": "1", "STORE": f"sqlite:///{folder}/i.db", **env}
    return subprocess.run(
        [sys.executable, "-m", "ops.switch", *arguments],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_a_closed_deployment_starts_no_interview_until_it_is_opened(tmp_path: Path) -> None:
    with process("start", tmp_path) as (running, base):
        ready(running, base)
        start, topic = f"{base}/api/interview/start", {"skill_topic": "SQL", "output": "voice"}
        done = run(tmp_path, "close", "--message", "Back on Monday.")
        assert done.returncode == 0, done.stderr
        assert "is closed: no interview starts. Live interviews: 0. They go on" in done.stdout
        refused = httpx2.post(start, json=topic, timeout=60)
        assert (refused.status_code, refused.json()["code"]) == (503, "closed")
        assert refused.json()["detail"] == "Back on Monday."
        done = run(tmp_path, "open")
        assert "is open" in done.stdout
        assert httpx2.post(start, json=topic, timeout=60).status_code == 201


async def test_it_says_how_many_interviews_are_live_and_whether_they_end(
    firestore_emulator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    address = "firestore://test-switch/interviewer-production"
    store = open_store(address)
    assert isinstance(store, FirestoreStore)
    now = datetime.now(UTC)
    for name in ("a", "b"):
        await store.admit(name, client=name, at=now, until=now + timedelta(minutes=3), limits=Limits())
    await store.extend_place("a", now + timedelta(minutes=25), now, limits=Limits())
    told = await switch.turn(address, Switch(open=False, end_live=True))
    assert told == (f"{address} is closed: no interview starts. Live interviews: 1. They are ended with a goodbye.")
    assert await store.switch() == Switch(open=False, end_live=True)
    await store.close()


def test_a_named_environment_is_never_this_machine() -> None:
    with pytest.raises(CommandFailed, match=r"nowhere\.tfvars is missing"):
        switch.find("nowhere")
