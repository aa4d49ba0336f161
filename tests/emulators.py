"""Google's Firestore emulator and a Cloud Storage emulator, one of each for a whole run of the tests."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from google.cloud.firestore import Client, FieldFilter

from tests.missing import FIRESTORE, GCLOUD, JAVA, STORAGE, missing
from tests.ports import free_port

START_SECONDS = 60
STOP_SECONDS = 10
UNTIL_INPUT_ENDS = '{ "$@"; kill 0; } & read -r _; kill 0'
"""A shell's script: run a command until it ends or the input does, then end the whole process group. The input is a
pipe from the tests, which closes even if they are killed.
"""


@pytest.fixture(scope="session")
def firestore_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The value of FIRESTORE_EMULATOR_HOST."""
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        missing(GCLOUD)
    # The component's own script is what `gcloud emulators firestore start` runs, without gcloud's processes around it.
    script = Path(gcloud).resolve().parents[1] / "platform/cloud-firestore-emulator/cloud_firestore_emulator"
    if not script.is_file():
        missing(FIRESTORE)
    if shutil.which("java") is None:
        missing(JAVA)
    port = free_port()
    command = [str(script), "start", "--host=127.0.0.1", f"--port={port}"]
    with running(command, port, tmp_path_factory.mktemp("firestore")):
        prepare_firestore(f"127.0.0.1:{port}")
        yield f"127.0.0.1:{port}"


@pytest.fixture(scope="session")
def storage_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The value of STORAGE_EMULATOR_HOST."""
    if importlib.util.find_spec("gcp_storage_emulator") is None:
        missing(STORAGE)
    port = free_port()
    command = [sys.executable, "-m", "gcp_storage_emulator", "start"]
    command += ["--host=127.0.0.1", f"--port={port}", "--in-memory", "--quiet"]
    with running(command, port, tmp_path_factory.mktemp("storage")):
        yield f"http://127.0.0.1:{port}"


def prepare_firestore(host: str) -> None:
    """Call the emulator once. Its first answer takes seconds after it listens, and on a busy machine longer than the
    store waits.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRESTORE_EMULATOR_HOST", host)
        client = Client(project="test-first")
    with closing(client):
        batch = client.batch()
        batch.create(client.document("first/first"), {"number": 1})
        batch.commit(retry=None, timeout=START_SECONDS)
        found = client.collection("first").where(filter=FieldFilter("number", "==", 1))
        assert len(found.get(retry=None, timeout=START_SECONDS)) == 1


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """Run a server in a process group of its own during this block, which begins when it listens."""
    log = folder / "log.txt"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            ["/bin/sh", "-c", UNTIL_INPUT_ENDS, "sh", *command],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as process,
    ):
        try:
            deadline = time.monotonic() + START_SECONDS
            while not listens(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"{command[0]} did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")
                time.sleep(0.05)
            yield
        finally:
            stop(process)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process with all its children: by SIGTERM, then by SIGKILL."""
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, signal_number)
            process.wait(STOP_SECONDS)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        return
