"""Each function as in the cloud: a process of functions-framework, called over a socket."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.functions.service import ROOT
from tests.ports import free_port


@contextmanager
def process(name: str, folder: Path, **env: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port()
    command = [sys.executable, "-m", "functions_framework", "--target", name, "--host", "127.0.0.1"]
    command += ["--source", str(ROOT / "functions" / name / "main.py"), "--port", str(port)]
    settings = {"STORE": f"sqlite:///{folder}/i.db", "FILES": f"file://{folder}/files", "PYTHONPATH": str(ROOT), **env}
    with (folder / f"{name}.log").open("wb") as log:
        running = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **settings}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield running, f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait(20)


def ready(running: subprocess.Popen[bytes], base: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert running.poll() is None, "the function's process has ended"
        try:
            httpx2.get(base, timeout=60)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the function's process does not answer")


def test_start_and_end_as_processes(tmp_path: Path) -> None:
    with process("start", tmp_path) as (start, start_base), process("end", tmp_path) as (end, end_base):
        ready(start, start_base)
        ready(end, end_base)
        answer = httpx2.post(f"{start_base}/api/interview/start", json={"skill_topic": "SQL"}, timeout=60)
        assert answer.status_code == 201, answer.text
        headers = {"authorization": f"Bearer {answer.json()['session_token']}"}
        path = f"{end_base}/api/interview/{answer.json()['session_id']}"
        assert httpx2.get(path, headers=headers, timeout=60).json()["skill_topic"] == "SQL"
        # The sender of a refused upload gets the answer.
        files = {"cv_file": ("cv.pdf", b"%PDF-" + bytes(30 * 2**20), "application/pdf")}
        answer = httpx2.post(f"{start_base}/api/interview/start", data={"skill_topic": "x"}, files=files, timeout=60)
        assert (answer.status_code, answer.json()["code"]) == (413, "cv_too_large")


def test_a_caller_that_hangs_up_in_mid_upload_is_no_fault_of_ours(tmp_path: Path) -> None:
    with process("start", tmp_path) as (start, base):
        ready(start, base)
        address = base.removeprefix("http://").split(":")
        with socket.create_connection((address[0], int(address[1])), timeout=60) as caller:
            caller.sendall(
                b"POST /api/interview/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b'Content-Length: 1000\r\n\r\n{"skill_topic": "SQL"'
            )
        answer = httpx2.post(f"{base}/api/interview/start", json={"skill_topic": "SQL"}, timeout=60)
        assert answer.status_code == 201, answer.text
    # It has ended, and has dealt with both.
    assert "ERROR" not in (tmp_path / "start.log").read_text("utf-8")


@pytest.mark.parametrize("setting", [{"RETENTION_DAYS": "never"}, {"STORE": "mysql://x"}])
def test_an_invalid_setting_ends_the_process(tmp_path: Path, setting: dict[str, str]) -> None:
    with process("start", tmp_path, **setting) as (running, _):
        assert running.wait(60) != 0
