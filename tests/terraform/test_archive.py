"""The functions' zips: they start in an environment with their own requirements, and answer."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests import locks
from tests.functions.service import pdf
from tests.functions.test_processes import ready
from tests.ports import free_port
from tests.terraform.conftest import ROOT
from tests.terraform.plan import Outcome

FUNCTIONS = ("start", "end")
INSTALL_SECONDS = 300


@pytest.fixture(scope="module")
def archives(archive: Outcome) -> dict[str, bytes]:
    """Each function's zip, built from the files of `data.archive_file`."""
    found = {}
    for function in FUNCTIONS:
        data = archive.plans["archive"].resources[f'data.archive_file.function["{function}"]']
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as file:
            for source in data["source"]:
                file.writestr(source["filename"], source["content"])
        found[function] = zipped.getvalue()
    return found


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with only the functions' requirements, which are the same."""
    folder = tmp_path_factory.mktemp("python")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=INSTALL_SECONDS)
    requirements = ROOT / "functions" / "start" / "requirements.txt"
    assert requirements.read_bytes() == (ROOT / "functions" / "end" / "requirements.txt").read_bytes()
    subprocess.run(locks.install(folder, requirements), check=True, timeout=INSTALL_SECONDS)
    return folder / "bin" / "python"


@contextmanager
def function(name: str, archive: bytes, python: Path, folder: Path) -> Iterator[str]:
    """Start a function from its zip, as the cloud does. Yields its address; its data is in `folder`."""
    source = folder / name
    with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
        zipped.extractall(source)
    port = free_port()
    env = {"PATH": os.environ["PATH"], "PORT": str(port), "FUNCTION_TARGET": name, "K_SERVICE": name}
    env |= {"STORE": f"sqlite:///{folder}/interviews.db", "FILES": f"file://{folder}/files"}
    running = subprocess.Popen(
        [python, "-m", "functions_framework", "--host", "127.0.0.1"],
        cwd=source,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        base = f"http://127.0.0.1:{port}"
        ready(running, base)
        yield base
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait(20)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_content_of_the_zip(name: str, archives: dict[str, bytes]) -> None:
    files = set(zipfile.ZipFile(io.BytesIO(archives[name])).namelist())
    shared = [*(ROOT / "interview").rglob("*.py"), *(ROOT / "contract").glob("*.py")]
    assert files == {"main.py", "requirements.txt"} | {str(path.relative_to(ROOT)) for path in shared}


@pytest.mark.timeout(660)
def test_both_functions_start_from_their_zips_and_answer(
    archives: dict[str, bytes], python: Path, tmp_path: Path
) -> None:
    with (
        function("start", archives["start"], python, tmp_path) as start,
        function("end", archives["end"], python, tmp_path) as end,
    ):
        files = {"cv_file": ("cv.pdf", pdf(), "application/pdf")}
        begun = httpx2.post(f"{start}/api/interview/start", data={"skill_topic": "SQL"}, files=files, timeout=60)
        assert begun.status_code == 201, begun.text
        assert begun.json()["cv"]["pages"] == 1, "the process that reads CVs starts from the zip"
        path = f"{end}/api/interview/{begun.json()['session_id']}"
        headers = {"authorization": f"Bearer {begun.json()['session_token']}"}
        assert httpx2.get(path, headers=headers, timeout=60).json()["skill_topic"] == "SQL"
        assert httpx2.get(f"{end}/api/openapi.json", timeout=60).json()["openapi"].startswith("3.1")
        deleted = httpx2.delete(path, headers=headers, timeout=60)
        assert deleted.json()["deleted"]["files"] == [f"{begun.json()['session_id']}/cv.pdf"]


@pytest.mark.timeout(660)
def test_the_clouds_clients_are_installed(python: Path) -> None:
    """The clients that are imported at first use."""
    modules = "google.cloud.firestore, google.cloud.storage, google.genai, google.auth.jwt, requests"
    done = subprocess.run([python, "-c", f"import {modules}"], capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
