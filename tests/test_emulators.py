import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.emulators import listens, running
from tests.ports import free_port

SERVER = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1"]
TESTS = """
import sys, time
from pathlib import Path
from tests.emulators import running
port = int(sys.argv[1])
with running([sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)], port, Path(sys.argv[2])):
    print("listens", flush=True)
    time.sleep(600)
"""


def wait_until_closed(port: int) -> None:
    deadline = time.monotonic() + 30
    while listens(port):
        assert time.monotonic() < deadline, "the server still listens"
        time.sleep(0.05)


def test_an_emulator_ends_with_its_block(tmp_path: Path) -> None:
    port = free_port()
    with running([*SERVER, str(port)], port, tmp_path):
        assert listens(port)
    wait_until_closed(port)


def test_an_emulator_ends_with_tests_that_are_killed(tmp_path: Path) -> None:
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", TESTS, str(port), str(tmp_path)], stdout=subprocess.PIPE) as tests:
        assert tests.stdout
        assert tests.stdout.readline() == b"listens\n"
        tests.send_signal(signal.SIGKILL)
    wait_until_closed(port)


def test_an_emulator_that_does_not_start_is_reported_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('No room.')"]
    with pytest.raises(pytest.fail.Exception, match=r"No room\."), running(command, free_port(), tmp_path):
        pass
