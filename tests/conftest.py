"""The fast lane of tests, and what a run says at its end about the tools that this machine lacks."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import missing
from tests.fast_lane import pytest_addoption, pytest_collection_modifyitems, pytest_configure

__all__ = ["pytest_addoption", "pytest_collection_modifyitems", "pytest_configure"]

# How long an example takes says nothing on a busy machine.
settings.register_profile("whole", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whole")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = [report.longrepr[2] for report in terminalreporter.getreports("skipped") if report.longrepr]
    lacked = missing.count(reasons)
    if not lacked:
        return
    if file := os.environ.get(missing.REPORT):
        missing.save(lacked, Path(file))
    else:
        terminalreporter.write_line(missing.block(lacked), yellow=True)
