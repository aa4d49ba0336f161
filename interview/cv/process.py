"""Parsing in a process of its own, with limits on time and memory, that never outlives its caller."""

import asyncio
import json
import os.path
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from interview.cv.kind import Kind
from interview.cv.parsed import Parsed
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


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one CV may cost. A PDF of more than `most_pages` is refused, one of more than `pages` read in part.

    `seconds` is on the clock and holds for everything; memory is the process's whole address space.
    """

    seconds: float = 20
    cpu_seconds: int = 15
    memory_bytes: int = 640 * 1024 * 1024
    pages: int = 10
    most_pages: int = 50
    scan_seconds: float = 30


async def parse(data: bytes, kind: Kind, limits: Limits) -> Parsed:
    """Parse in a new process, which is gone when this returns, raises or is cancelled.

    Raises UnreadableCv as the parsers do, cv_too_complex when a limit was hit, cv_damaged when the parser failed on it;
    Unavailable when it could not be started at all.
    """
    given = {
        "path": [_ROOT, *map(os.path.abspath, sys.path)],
        "kind": kind,
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": limits.cpu_seconds,
        "pages": limits.pages,
        "most_pages": limits.most_pages,
    }
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-S", "-c", _START, json.dumps(given),
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=child_environment(),
        )  # fmt: skip
    except OSError as error:
        raise _unavailable() from error
    try:
        async with asyncio.timeout(limits.seconds):
            answer, _ = await asyncio.gather(_receive(process), _send(process, data))
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


async def _receive(process: Process) -> bytes:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    answer = bytearray()
    while chunk := await process.stdout.read(65536):
        answer += chunk
        if len(answer) > _MOST_BYTES:
            raise _too_complex()
    return bytes(answer)


async def _reap(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    # Killed, it ends at once; a second cancellation must not leave it behind unreaped.
    await asyncio.shield(process.wait())


def _result(code: int, answer: bytes) -> Parsed:
    if code == COULD_NOT_START:
        raise _unavailable()
    if code == TOO_MUCH or code in (-signal.SIGKILL, -signal.SIGXCPU):
        raise _too_complex()
    try:
        found = json.loads(answer) if code == 0 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UnreadableCv(
            "This file is damaged and can't be read. Please export your CV again and upload the new file.",
            code="cv_damaged",
        )
    if "code" in found:
        raise UnreadableCv(found["detail"], code=found["code"])
    return Parsed(**found)


def _too_complex() -> UnreadableCv:
    return UnreadableCv(
        "Reading this file takes too much time or memory. Please export your CV again, as a simple PDF or DOCX of a few"
        " pages.",
        code="cv_too_complex",
    )


def _unavailable() -> Unavailable:
    return Unavailable("CVs can't be read right now. Please try again in a minute, or start without one.")
