"""Parsing in a process of its own, with limits on time and memory, that never outlives its caller."""

import asyncio
import base64
import json
import os
import os.path
import signal
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import IO
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
    """Limits how many readers run at once, and how many wait."""

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
            process = _start(json.dumps(given))
        except OSError as error:
            raise _unavailable() from error
        talk = asyncio.get_running_loop().run_in_executor(None, _talk, process, data, most)
        try:
            async with asyncio.timeout(limits.seconds):
                code, answer = await asyncio.shield(talk)
        except TimeoutError:
            raise _too_complex() from None
        finally:
            # Killed, it ends at once, and the thread with it, also if this is cancelled a second time.
            process.kill()
            await asyncio.shield(talk)
    return _result(code, answer)


def _start(given: str) -> Popen[bytes]:
    """A worker's process. Not one of asyncio's: that is waited for without end when the loop is closed, which cancels
    all tasks, while its pipes are being connected (https://github.com/python/cpython/issues/125502).
    """
    command = [sys.executable, "-I", "-S", "-c", _START, given]
    return Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=child_environment())  # noqa: S603 - our own


def _talk(process: Popen[bytes], data: bytes, most: int) -> tuple[int, bytes]:
    """The exit code and the answer of the process. One that answers with more than `most` bytes is killed."""
    assert process.stdin is not None  # noqa: S101 - both pipes were asked for
    assert process.stdout is not None  # noqa: S101
    with process.stdout as pipe, ThreadPoolExecutor(1) as other:
        other.submit(_send, process.stdin, data)
        answer = bytearray()
        while chunk := pipe.read(65536):
            answer += chunk
            if len(answer) > most:
                process.kill()
                break
    return process.wait(), bytes(answer)


def _send(pipe: IO[bytes], data: bytes) -> None:
    # A worker that is gone before it has read everything says why by its exit code.
    with suppress(BrokenPipeError), pipe:
        pipe.write(data)


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
