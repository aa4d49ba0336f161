"""The process that parses one CV: the file comes in on stdin, JSON goes out on stdout, and then it is over.

It limits itself before it reads a byte. The process that starts it discards its stderr.
"""

import base64
import json
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial

from interview.cv.parsed import Parsed
from interview.errors import UnreadableCv

# More text than any CV holds; what follows is left out so that the answer stays small.
MOST_CHARACTERS = 200_000
COULD_NOT_START = 70
TOO_MUCH = 71


def main(task: str, *, memory_bytes: int, cpu_seconds: int, pages: int, most_pages: int, extracted: list[int]) -> int:
    """Do the task with what stdin holds: a kind of file to parse, `extract` or `pictures`. Returns the exit code."""
    _limit(memory_bytes, cpu_seconds)
    logging.disable()
    try:
        work = _load(task, pages, most_pages, extracted)
    except (ImportError, MemoryError):
        return COULD_NOT_START
    try:
        return work(sys.stdin.buffer.read())
    except ImportError:
        return COULD_NOT_START
    except (MemoryError, RecursionError):
        return TOO_MUCH


def _load(task: str, pages: int, most_pages: int, extracted: list[int]) -> Callable[[bytes], int]:
    """Import what the task needs, under the limits. Returns a function from the file to the exit code."""
    if task == "extract":
        from interview.cv.repair import extract

        return lambda data: _write_part(extract(data, extracted))
    if task == "pictures":
        from interview.cv.archive import pictures_of

        return lambda data: _write_answer(lambda: _encoded(*pictures_of(data)))
    parse = _parser(task, pages, most_pages)
    return lambda data: _write_answer(lambda: _answer(parse(data)))


def _parser(kind: str, pages: int, most_pages: int) -> Callable[[bytes], Parsed]:
    """The parser for a kind of file. Only the one that is needed is imported."""
    if kind == "pdf":
        from interview.cv.pdf import read_pdf

        return partial(read_pdf, pages=pages, most_pages=most_pages)
    if kind == "odt":
        from interview.cv.odt import read_odt

        return read_odt
    if kind == "rtf":
        from interview.cv.rtf import read_rtf

        return read_rtf
    if kind == "text":
        from interview.cv.plain import read_plain

        return read_plain
    from interview.cv.docx import read_docx

    return read_docx


def _write_answer(work: Callable[[], dict[str, object]]) -> int:
    try:
        answer = work()
    except UnreadableCv as error:
        answer = {"code": error.code, "detail": error.detail}
    sys.stdout.write(json.dumps(answer))
    return 0


def _answer(parsed: Parsed) -> dict[str, object]:
    left = MOST_CHARACTERS
    texts = []
    for text in parsed.texts:
        texts.append(text[:left])
        left -= len(texts[-1])
    return asdict(parsed) | {"texts": texts}


def _write_part(part: bytes | None) -> int:
    if part is None:
        return TOO_MUCH
    sys.stdout.buffer.write(part)
    return 0


def _encoded(pictures: list[bytes], total: int) -> dict[str, object]:
    """Pictures as JSON. `total` counts those that were left out, too."""
    return {"pictures": [base64.b64encode(picture).decode() for picture in pictures], "total": total}


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    # Not every system has these limits; the time on the clock is kept from outside in any case.
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
