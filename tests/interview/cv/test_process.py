"""The process that parses: found from anywhere, and gone in every case."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from interview.cv import Limits, process, read_cv
from interview.errors import Unavailable, UnreadableCv
from tests.interview.cv.test_outcomes import endless, pages

ROOT = Path(__file__).resolve().parents[3]


def children() -> set[str]:
    """The processes that this one has started and that are not reaped."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # the thread has ended
            found.update((task / "children").read_text().split())
    return found


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's /proc")
async def test_cancelled_reading_leaves_no_process() -> None:
    before = children()
    reading = asyncio.create_task(read_cv(endless(), "cv.pdf"))
    async with asyncio.timeout(60):
        while not children() - before:
            await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert children() == before


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's /proc")
@pytest.mark.parametrize("steps", range(16))
async def test_reading_that_is_cancelled_while_its_process_starts_ends(steps: int) -> None:
    """After so many steps of the loop its process is being started, its pipes are being connected, or it reads."""
    before = children()
    reading = asyncio.create_task(read_cv(pages("Ada Lovelace"), "cv.pdf"))
    for _ in range(steps):
        await asyncio.sleep(0)
    reading.cancel()
    ended, _ = await asyncio.wait({reading}, timeout=60)
    assert ended == {reading}
    assert reading.cancelled()
    assert children() == before


@pytest.mark.parametrize("steps", range(12))
def test_a_loop_that_is_closed_while_a_process_starts_closes(steps: int) -> None:
    async def begin() -> None:
        reading = asyncio.create_task(read_cv(pages("Ada Lovelace"), "cv.pdf"))
        for _ in range(steps):
            await asyncio.sleep(0)
        assert not reading.done()

    running = threading.Thread(target=asyncio.run, args=(begin(),), daemon=True)
    running.start()
    running.join(20)
    assert not running.is_alive()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's /proc")
async def test_a_worker_whose_answer_is_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pipe is full when nobody reads it any more."""
    script = "import sys; sys.stdin.buffer.read(); [sys.stdout.write('x' * 2**20) for _ in range(1000)]"
    monkeypatch.setattr(process, "_START", script)
    before = children()
    with pytest.raises(UnreadableCv) as refused:
        await asyncio.wait_for(read_cv(pages("Ada Lovelace"), "cv.pdf"), 20)
    assert refused.value.code == "cv_too_complex"
    assert children() == before


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's /proc")
async def test_reading_leaves_no_process_and_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = children()
    await read_cv(pages("Ada Lovelace"), "cv.pdf")
    assert children() == before
    assert not os.listdir(tmp_path)  # noqa: PTH208


async def test_several_at_once() -> None:
    cvs = await asyncio.gather(*[read_cv(pages(f"Candidate {i}"), "cv.pdf") for i in range(4)])
    assert [cv.text for cv in cvs] == [f"Candidate {i}" for i in range(4)]


def test_package_is_found_from_another_folder(tmp_path: Path) -> None:
    """As in a deployed function: the package lies beside the entry point, and only the parent knows where."""
    script = tmp_path / "main.py"
    cv = tmp_path / "cv.pdf"
    cv.write_bytes(pages("Ada Lovelace"))
    script.write_text(
        f"import asyncio, sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from interview.cv import read_cv\n"
        "print(asyncio.run(read_cv(open('cv.pdf', 'rb').read(), 'cv.pdf')).text)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "Ada Lovelace\n"


async def test_missing_parser_is_our_fault_and_not_the_cvs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT), *(entry for entry in sys.path if "site-packages" not in entry)])
    with pytest.raises(Unavailable):
        await read_cv(pages("Ada Lovelace"), "cv.pdf")


async def test_interpreter_that_can_not_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(Unavailable):
        await read_cv(pages("Ada Lovelace"), "cv.pdf")


async def test_secrets_are_kept_from_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interpreter that notes its environment before it does what it is asked."""
    noted = tmp_path / "environment.json"
    script = tmp_path / "python"
    script.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"json.dump(dict(os.environ), open({str(noted)!r}, 'w'))\n"
        f"os.execv({sys.executable!r}, [{sys.executable!r}, *sys.argv[1:]])\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("GEMINI_API_KEY", "a secret")
    monkeypatch.setattr(sys, "executable", str(script))
    assert (await read_cv(pages("Ada Lovelace"), "cv.pdf")).text == "Ada Lovelace"
    assert "a secret" not in json.loads(noted.read_text()).values()
    assert os.environ["GEMINI_API_KEY"] == "a secret"


async def test_memory_that_does_not_suffice_for_the_start() -> None:
    with pytest.raises(Unavailable):
        await read_cv(pages("Ada Lovelace"), "cv.pdf", limits=Limits(memory_bytes=16 * 2**20))
