"""Writes log lines to standard output for Cloud Logging: one JSON object per line.

A line has the event, in snake_case, and the session. It never has a token, a CV, an answer, or another library's error
message, which may quote one of these.
"""

import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from interview.errors import InterviewError

Severity = Literal["INFO", "WARNING", "ERROR"]


_REPORTS: list[Callable[[str, BaseException], None]] = []


def on_failure(report: Callable[[str, BaseException], None]) -> None:
    """Report each `failure` elsewhere too, with its message and its error."""
    _REPORTS.append(report)


def write(severity: Severity, message: str, **labels: str | float | None) -> None:
    """Write one line. Empty labels are left out."""
    line = {"severity": severity, "message": message, **{k: v for k, v in labels.items() if v not in (None, "")}}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def failure(message: str, error: BaseException, *, session_id: str = "") -> None:
    """Write an error: its type, its code and where it was raised, but not its message."""
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
    for report in _REPORTS:
        report(message, error)
