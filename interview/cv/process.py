"""Parsing in a process of its own, with limits on time and memory, that never outlives its caller."""

import asyncio
import base64
import json
import os
import os.path
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakKeyDictionary

from interview.cv.kind import Kind
from interview.cv.parsed import Parsed, Unreadable
from interview.cv.worker import COULD_NOT_START, MOST_CHARACTERS, TOO_MUCH
from interview.errors import Unavailable, UnreadableCv
from interview.settings import child_environment

# JSON writes a character beyond ASCII as six bytes, one beyond the first plane as twelve.
_MOST_BYTES = 12 * MOST_CHARACTERS + 4096
_ROOT = str(Path(__file__).resolve().parents[2])
# Without site (-S) and the environment (-I) it starts faster and finds exactly what its parent finds: where that keeps
# its packages (a user's folder, a layer of a container) can't be told from inside.
_START = (
    "import json, sys; given = json.loads(sys.argv[1]); sys.path[:] = given.pop('path');"
    "from interview.cv.worker import main; sys.exit(main(**given))"
)
EXTRACT_CPU_SECONDS = 2
"""Seconds of the processor for copying pages out of a PDF."""
READERS = max(2, os.cpu_count() or 1)
"""How many files are read at once: more than there are cores would only make each of them late."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one CV may cost. A PDF of more than `most_pages` is refused, one of more than `pages` read in part.

    `seconds` is on the clock and counts from the start of the process that reads; before it, a file waits for its turn
    for `wait_seconds` at most, behind `waiting` others. Memory is the process's whole address space.
    """

    seconds: float = 20
    cpu_seconds: int = 5
    memory_bytes: int = 640 * 1024 * 1024
    pages: int = 10
    most_pages: int = 50
    scan_seconds: float = 30
    wait_seconds: float = 20
    waiting: int = 100


class _Gate:
    """A number of readers at once, and a line of those who wait."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(READERS)
        self._waiting = 0

    @asynccontextmanager
    async def turn(self, limits: Limits) -> AsyncIterator[None]:
        """Wait for one of the places. Raises Unavailable when that takes too long or too many wait already."""
        if self._waiting >= limits.waiting:
            raise _busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(limits.wait_seconds):
                await self._free.acquire()
        except TimeoutError:
            raise _busy() from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()


_gates: WeakKeyDictionary[asyncio.AbstractEventLoop, _Gate] = WeakKeyDictionary()


async def parse(data: bytes, kind: Kind, limits: Limits) -> Parsed:
    """Parse in a new process, which is gone when this returns, raises or is cancelled.

    Raises UnreadableCv as the parsers do, cv_too_complex when a limit was hit, cv_damaged when the parser failed on it;
    Unavailable when it could not be started at all, or when too many files are being read.
    """
    return _parsed(await _run(data, kind, limits))


async def extract(data: bytes, pages: list[int], limits: Limits) -> bytes:
    """A PDF of these pages alone, which count from 0; made in a process like those that parse. Raises as `parse`."""
    # Copying pages takes a fraction of this, and one CV may need it several times.
    brief = replace(limits, cpu_seconds=min(limits.cpu_seconds, EXTRACT_CPU_SECONDS))
    return await _run(data, "extract", brief, extracted=pages)


async def pictures(data: bytes, limits: Limits) -> tuple[list[bytes], int]:
    """The largest pictures of a DOCX or ODT, and how many it has; in a process like those that parse. Raises as it."""
    found = json.loads(await _run(data, "pictures", limits))
    return [base64.b64decode(picture) for picture in found["pictures"]], found["total"]


async def _run(data: bytes, task: str, limits: Limits, *, extracted: list[int] | None = None) -> bytes:
    given = {
        "path": [_ROOT, *map(os.path.abspath, sys.path)],
        "task": task,
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": limits.cpu_seconds,
        "pages": limits.pages,
        "most_pages": limits.most_pages,
        "extracted": extracted or [],
    }
    most = len(data) * 2 + 2**20 if task in ("extract", "pictures") else _MOST_BYTES
    gate = _gates.setdefault(asyncio.get_running_loop(), _Gate())
    async with gate.turn(limits):
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-S", "-c", _START, json.dumps(given),
                stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=child_environment(),
            )  # fmt: skip
        except OSError as error:
            raise _unavailable() from error
        try:
            async with asyncio.timeout(limits.seconds):
                answer, _ = await asyncio.gather(_receive(process, most), _send(process, data))
                code = await process.wait()
        except TimeoutError:
            raise _too_complex() from None
        finally:
            await _reap(process)
    return _result(code, answer)


async def _send(process: Process, data: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    # A worker that is gone before it has read everything says why by its exit code.
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(data)
        await process.stdin.drain()
    process.stdin.close()


async def _receive(process: Process, most: int) -> bytes:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    answer = bytearray()
    while chunk := await process.stdout.read(65536):
        answer += chunk
        if len(answer) > most:
            raise _too_complex()
    return bytes(answer)


async def _reap(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    # Killed, it ends at once; a second cancellation must not leave it behind unreaped.
    await asyncio.shield(process.wait())


def _result(code: int, answer: bytes) -> bytes:
    if code == COULD_NOT_START:
        raise _unavailable()
    if code == TOO_MUCH or code in (-signal.SIGKILL, -signal.SIGXCPU):
        raise _too_complex()
    if code:
        raise _damaged()
    return answer


def _parsed(answer: bytes) -> Parsed:
    try:
        found = json.loads(answer)
    except ValueError:
        raise _damaged() from None
    if not isinstance(found, dict):
        raise _damaged()
    if "code" in found:
        raise UnreadableCv(found["detail"], code=found["code"])
    return Parsed(
        texts=tuple(found["texts"]),
        pages=found["pages"],
        hidden_words=found["hidden_words"],
        unreadable=tuple(Unreadable(*entry) for entry in found["unreadable"]),
        links=tuple(found["links"]),
    )


def _damaged() -> UnreadableCv:
    return UnreadableCv(
        "This file is damaged and can't be read. Please export your CV again and upload the new file.",
        code="cv_damaged",
    )


def _too_complex() -> UnreadableCv:
    return UnreadableCv(
        "Reading this file takes too much time or memory. Please export your CV again, as a simple PDF or DOCX of a few"
        " pages.",
        code="cv_too_complex",
    )


def _unavailable() -> Unavailable:
    return Unavailable("CVs can't be read right now. Please try again in a minute, or start without one.")


def _busy() -> Unavailable:
    return Unavailable(
        "Many CVs are being read right now. Please try again in a few seconds, or start without one.",
        code="readers_busy",
    )
