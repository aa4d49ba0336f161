"""Log lines as Cloud Logging reads them from standard output: one JSON object a line.

They name what happened and to which session, never what was said: no token, no CV, no answer, no error message from
elsewhere (which may quote any of these).
"""

import json
import sys
import traceback
from pathlib import Path
from typing import Literal

from interview.errors import InterviewError

Severity = Literal["INFO", "WARNING", "ERROR"]


def write(severity: Severity, message: str, **labels: str | int | None) -> None:
    """Write one line. Labels without a value are left out."""
    line = {"severity": severity, "message": message, **{k: v for k, v in labels.items() if v not in (None, "")}}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def failure(message: str, error: BaseException, *, session_id: str = "") -> None:
    """Write an error that nobody expected: its type and where it came from, not its words."""
    where = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    code = error.code if isinstance(error, InterviewError) else "internal"
    write(
        "ERROR",
        message,
        session_id=session_id,
        code=code,
        error=type(error).__qualname__,
        where=" < ".join(where[::-1]),
    )
