"""What a run of pytest says at its end about the tools that this machine lacks."""

import os
from pathlib import Path

import pytest

from tests import missing


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = [report.longrepr[2] for report in terminalreporter.getreports("skipped") if report.longrepr]
    lacked = missing.count(reasons)
    if not lacked:
        return
    if file := os.environ.get(missing.REPORT):
        missing.save(lacked, Path(file))
    else:
        terminalreporter.write_line(missing.block(lacked), yellow=True)
