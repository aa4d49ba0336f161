"""The fast lane, `make unit`: the tests that start no process and open no socket.

There is no list of them, so no new test is missed. A test is in the lane unless it is marked `slow`, or its code leads
to one of the names below: its own function, its fixtures, its parameters, and the code of this repository that these
use. If that overlooks something, the guard fails the test when it opens a socket or starts a process. The properties of
`hypothesis` are tried with 20 examples instead of 100.
"""

import gc
import inspect
import sys
from collections.abc import Iterator
from functools import partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import pytest
from hypothesis import settings

OURS = ("tests", "contract", "interview", "relay", "functions", "local", "ops")
OUTSIDE = (
    "google.cloud",
    "grpc",
    "httpx2",
    "multiprocessing",
    "playwright",
    "socket",
    "subprocess",
    "urllib.request",
    "uvicorn",
    "websockets.asyncio",
)
OPENING = {"create_connection", "create_server", "create_subprocess_exec", "open_connection", "start_server"}
"""What an event loop opens by itself."""
EVENTS = {"socket.bind", "socket.connect", "subprocess.Popen", "os.fork", "os.posix_spawn"}
"""The same as Python's audit events. The event loop's own pair of sockets raises none of them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--unit", action="store_true", help="only tests that start no process and open no socket")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--unit"):
        settings.register_profile("unit", settings.get_profile("whole"), max_examples=20)
        settings.load_profile("unit")
        config.pluginmanager.register(Guard())
        # The tests of all files are kept until the end, so looking through them for garbage again and again finds none.
        gc.set_threshold(200_000, 50, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--unit"):
        inside: list[pytest.Item] = []
        outside: list[pytest.Item] = []
        for item in items:
            (outside if item.get_closest_marker("slow") or leads_outside(item) else inside).append(item)
        config.hook.pytest_deselected(items=outside)
        items[:] = inside


def leads_outside(item: pytest.Item) -> bool:
    """Whether a test's code names, at any distance, what opens a socket or starts a process."""
    if not isinstance(item, pytest.Function):
        return True
    manager = item.session._fixturemanager  # noqa: SLF001 - pytest has no other way to a test's fixtures
    fixtures = [one.func for name in item.fixturenames for one in manager.getfixturedefs(name, item) or ()]
    given = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return any(_leads_outside(_bare(one)) for one in (item.function, *fixtures, *given))


_OUTSIDE: dict[FunctionType | type, bool] = {}
"""What was found of functions and classes so far. Most tests share most of theirs."""


def _leads_outside(start: object) -> bool:
    """Whether a value is one of those that reach outside, or leads to one."""
    came_from: dict[FunctionType | type, FunctionType | type | None] = {}
    waiting: list[tuple[object, FunctionType | type | None]] = [(start, None)]
    while waiting:
        value, user = waiting.pop()
        name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None) or ""
        ours = isinstance(value, FunctionType | type) and _within(name, OURS)
        found = isinstance(value, ModuleType | FunctionType | type) and _within(name, OUTSIDE)
        if ours and isinstance(value, FunctionType | type) and value not in came_from:
            came_from[value] = user
            found = found or _OUTSIDE.get(value, bool(OPENING & _names(value)))
            if not found and value not in _OUTSIDE:
                waiting += [(_bare(part), value) for part in _parts(value)]
            user = value
        if found:
            while user is not None:
                _OUTSIDE[user] = True
                user = came_from[user]
            return True
    _OUTSIDE.update(dict.fromkeys(came_from, False))
    return False


def _within(module: str, among: tuple[str, ...]) -> bool:
    return module in among or module.startswith(tuple(f"{one}." for one in among))


def _bare(value: object) -> object:
    """The function in what wraps one."""
    if isinstance(value, partial):
        return _bare(value.func)
    if isinstance(value, MethodType | staticmethod | classmethod):
        return _bare(value.__func__)
    return inspect.unwrap(value) if isinstance(value, FunctionType) else value


_KNOWN: dict[FunctionType | type, list[object]] = {}


def _parts(value: FunctionType | type) -> list[object]:
    """What a function names, or what a class consists of."""
    if value not in _KNOWN:
        if isinstance(value, type):
            members = [*value.__bases__, *vars(value).values()]
            _KNOWN[value] = [one.fget if isinstance(one, property) else one for one in members]
        else:
            names = _names(value)
            found = [value.__globals__[name] for name in names if name in value.__globals__]
            ours = [one for one in found if isinstance(one, ModuleType) and _within(one.__name__, OURS)]
            _KNOWN[value] = [*found, *(vars(module)[name] for module in ours for name in names & vars(module).keys())]
    return _KNOWN[value]


def _names(value: FunctionType | type) -> set[str]:
    """The names that a function uses, and those in it."""
    return set() if isinstance(value, type) else {name for code in _codes(value.__code__) for name in code.co_names}


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


class Guard:
    """Makes a test fail at the moment in which it reaches outside."""

    def __init__(self) -> None:
        self._test: str | None = None
        sys.addaudithook(self._watch)

    def _watch(self, event: str, _: tuple[Any, ...]) -> None:
        if self._test and event in EVENTS:
            raise AssertionError(f"{self._test} raises {event}: have tests/fast_lane.py see that it reaches outside.")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._test = item.nodeid
        try:
            return (yield)
        finally:
            self._test = None
