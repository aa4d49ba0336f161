"""The fast lane of tests, and what a run says at its end about the tools that this machine lacks."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests import missing
from tests.fast_lane import pytest_addoption, pytest_collection_modifyitems, pytest_configure

__all__ = ["pytest_addoption", "pytest_collection_modifyitems", "pytest_configure"]

TERRAFORM = "tests/terraform/"

# How long an example takes says nothing on a busy machine.
settings.register_profile("whole", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whole")


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """One process runs all tests of a file, and one all of Terraform's: each process would make the same plans."""

    def _split_scope(self, nodeid: str) -> str:
        return TERRAFORM if nodeid.startswith(TERRAFORM) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = [report.longrepr[2] for report in terminalreporter.getreports("skipped") if report.longrepr]
    lacked = missing.count(reasons)
    if not lacked:
        return
    if file := os.environ.get(missing.REPORT):
        missing.save(lacked, Path(file))
    else:
        terminalreporter.write_line(missing.block(lacked), yellow=True)
