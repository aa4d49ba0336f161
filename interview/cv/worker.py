"""The process that parses one CV: the file comes in on stdin, JSON goes out on stdout, and then it is over.

It limits itself before it reads a byte. The process that starts it discards its stderr.
"""

import base64
import json
import logging
import sys
from contextlib import suppress
from dataclasses import asdict

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
        data = sys.stdin.buffer.read()
        if task == "extract":
            return _extract(data, extracted)
        if task == "pictures":
            return _pictures(data)
        answer = _answer(_parse(task, data, pages, most_pages))
    except ImportError:
        return COULD_NOT_START
    except UnreadableCv as error:
        answer = {"code": error.code, "detail": error.detail}
    except (MemoryError, RecursionError):
        return TOO_MUCH
    sys.stdout.write(json.dumps(answer))
    return 0


def _parse(kind: str, data: bytes, pages: int, most_pages: int) -> Parsed:
    # The parsers are imported here: the limits hold for them too, and only the one that is needed is loaded.
    if kind == "pdf":
        from interview.cv.pdf import read_pdf

        return read_pdf(data, pages=pages, most_pages=most_pages)
    if kind == "odt":
        from interview.cv.odt import read_odt

        return read_odt(data)
    if kind == "rtf":
        from interview.cv.rtf import read_rtf

        return read_rtf(data)
    if kind == "text":
        from interview.cv.plain import read_plain

        return read_plain(data)
    from interview.cv.docx import read_docx

    return read_docx(data)


def _answer(parsed: Parsed) -> dict[str, object]:
    left = MOST_CHARACTERS
    texts = []
    for text in parsed.texts:
        texts.append(text[:left])
        left -= len(texts[-1])
    return asdict(parsed) | {"texts": texts}


def _extract(data: bytes, pages: list[int]) -> int:
    from interview.cv.repair import extract

    part = extract(data, pages)
    if part is None:
        return TOO_MUCH
    sys.stdout.buffer.write(part)
    return 0


def _pictures(data: bytes) -> int:
    from interview.cv.archive import pictures_of

    taken, total = pictures_of(data)
    json.dump({"pictures": [base64.b64encode(picture).decode() for picture in taken], "total": total}, sys.stdout)
    return 0


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    # Not every system has these limits; the time on the clock is kept from outside in any case.
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
