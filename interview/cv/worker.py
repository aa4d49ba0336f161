"""The process that parses one CV: the file comes in on stdin, JSON goes out on stdout, and then it is over.

It limits itself before it reads a byte. What it prints on stderr is thrown away by whoever started it.
"""

import json
import logging
import sys
from contextlib import suppress
from dataclasses import asdict

from interview.errors import UnreadableCv

# More text than any CV holds; what follows is left out so that the answer stays small.
MOST_CHARACTERS = 200_000
COULD_NOT_START = 70
TOO_MUCH = 71


def main(kind: str, *, memory_bytes: int, cpu_seconds: int, pages: int, most_pages: int) -> int:
    """Parse what stdin holds; returns the exit code."""
    _limit(memory_bytes, cpu_seconds)
    logging.disable()
    try:
        # The parsers are imported here: the limits above hold for them too, and only the one that is needed is loaded.
        if kind == "pdf":
            from interview.cv.pdf import read_pdf
        else:
            from interview.cv.docx import read_docx
    except ImportError:
        return COULD_NOT_START
    answer: dict[str, object]
    try:
        data = sys.stdin.buffer.read()
        parsed = read_pdf(data, pages=pages, most_pages=most_pages) if kind == "pdf" else read_docx(data)
        answer = asdict(parsed) | {"text": parsed.text[:MOST_CHARACTERS]}
    except UnreadableCv as error:
        answer = {"code": error.code, "detail": error.detail}
    except (MemoryError, RecursionError):
        return TOO_MUCH
    sys.stdout.write(json.dumps(answer))
    return 0


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    # Not every system has these limits; the time on the clock is kept from outside in any case.
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
