"""The fast lane of tests, and what a run says at its end about the tools that this machine lacks."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests import fast_lane, missing
from tests.fast_lane import pytest_addoption, pytest_configure

__all__ = ["pytest_addoption", "pytest_configure"]

TERRAFORM = "tests/terraform/"
LONGEST = (
    TERRAFORM,
    "tests/relay/test_faults.py",
    "tests/functions/test_money.py",
    "tests/ops/test_smoke.py",
    "tests/relay/test_line.py",
    "tests/relay/test_image.py",
    "tests/relay/test_budget.py",
    "tests/relay/test_instances.py",
    "tests/abuse/test_start.py",
    "tests/test_locks.py",
)
"""What takes half a minute or more, the longest first. It is begun first: nothing else would run beside its end."""

# How long an example takes says nothing on a busy machine.
settings.register_profile("whole", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whole")


def scope(nodeid: str) -> str:
    """What one process runs: a file, or all of Terraform's tests, since each process would make the same plans."""
    return TERRAFORM if nodeid.startswith(TERRAFORM) else nodeid.partition("::")[0]


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Each process takes the next file, in the order of the collection."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False  # it begins with the files of the most tests
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files first, then those of the most tests."""
    fast_lane.pytest_collection_modifyitems(config, items)
    tests = Counter(scope(item.nodeid) for item in items)
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: (places.get(at := scope(item.nodeid), len(places)), -tests[at], at))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = [report.longrepr[2] for report in terminalreporter.getreports("skipped") if report.longrepr]
    lacked = missing.count(reasons)
    if not lacked:
        return
    if file := os.environ.get(missing.REPORT):
        missing.save(lacked, Path(file))
    else:
        terminalreporter.write_line(missing.block(lacked), yellow=True)
