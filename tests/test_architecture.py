"""The invariants of ARCHITECTURE.md that the source shows: who imports whom, and that queues are bounded."""

import ast
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).parents[1]
DEPLOYED = ("contract", "interview", "relay", "functions")
WEB_FRAMEWORKS = {"starlette", "flask", "functions_framework", "uvicorn", "fastapi", "aiohttp", "websockets"}

FOLDERS: Final = {
    "contract": "",
    "interview": "contract",
    "functions": "contract interview",
    "relay": "contract interview",
    "local": "contract interview",
    "ops": "contract interview relay",
    "benchmarks": "contract interview relay local tests",
    "tests": "contract interview functions relay local ops benchmarks",
}
"""Each folder of Python, and the other folders that it may import."""

RELAY: Final = {
    "race": "",
    "browser": "",
    "recorder": "",
    "outcome": "",
    "talk": "",
    "speech": "browser",
    "gemini": "browser race talk",
    "closing": "browser outcome recorder speech",
    "effects": "browser gemini outcome recorder speech talk",
    "microphone": "gemini talk",
    "timekeeper": "browser outcome recorder talk",
    "inbox": "browser gemini microphone recorder speech talk typed",
    "typed": "browser",
    "transcription": "gemini",
    "carried": "gemini talk",
    "welcome": "browser",
    "session": "browser carried closing effects gemini inbox microphone outcome race recorder speech talk "
    "timekeeper transcription typed welcome",
    "admission": "browser carried gemini outcome session speech",
    "server": "admission browser gemini",
}
"""Each module and folder of the relay, and the others that it may import."""

TALK: Final = {"contract", "interview.fence", "interview.record", "relay.talk"}
"""All of our modules that relay/talk may import: it decides, without input or output."""
IMPURE: Final = {"asyncio", "threading", "concurrent", "socket", "websockets", "time", "random", "os", "uuid"}
"""Modules that relay/talk may not use: what it decides depends on the evidence alone, not on a clock or on chance."""

UNBOUNDED_DEQUES: Final = {
    "relay/browser/outbox.py": "bounded by bytes of audio and number of texts (MAX_AUDIO, MAX_TEXTS)",
    "relay/gemini/replay_buffer.py": "bounded by bytes (LONGEST)",
}
"""Modules that may have a deque without `maxlen`, and what bounds it."""
QUEUES: Final = {
    f"{module}.{name}"
    for module in ("asyncio", "queue", "multiprocessing")
    for name in ("Queue", "LifoQueue", "PriorityQueue", "JoinableQueue")
}
SIMPLE_QUEUES: Final = {f"{module}.SimpleQueue" for module in ("queue", "_queue", "multiprocessing")}
"""Queues that can't be bounded."""
DEQUE: Final = "collections.deque"


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found, "the folders have moved"
    return found


def name_of(path: Path) -> str:
    """The dotted name of a module."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES: Final = {name_of(path): path for path in sources(*FOLDERS)}


def imports(tree: ast.Module) -> Iterator[str]:
    """The dotted names that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def imports_of(path: Path) -> frozenset[str]:
    """The same of a file. Several tests ask for it, and parsing takes long."""
    return frozenset(imports(parse(path)))


def module_of(name: str) -> str:
    """The module of an imported name: `relay.race.race` is in `relay.race`."""
    return name if name in MODULES else name.rpartition(".")[0]


def forbidden(module: str, imported: Iterable[str]) -> set[str]:
    """Those of the imports of the module with this dotted name that the tables above do not allow."""
    names = frozenset(imported)
    folder, *below = module.split(".")
    allowed = {folder, *FOLDERS[folder].split()}
    found = {name for name in names if name.split(".")[0] in FOLDERS.keys() - allowed}
    if folder == "relay" and below:
        part = below[0]
        near = {part, *RELAY[part].split()}
        ours = [name for name in names if name.split(".")[0] == "relay"]
        found |= {name for name in ours if f"{name}.".split(".")[1] not in near}
    return found


def roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports_of(path)}


def test_the_tables_have_every_folder_and_every_part_of_the_relay() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/*.py")} | {"functions"}
    assert folders == set(FOLDERS)
    relay = [path for path in (ROOT / "relay").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    parts = {path.stem for path in relay}
    assert parts - {"__init__"} == set(RELAY)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_the_tables_allow(module: str) -> None:
    assert forbidden(module, imports_of(MODULES[module])) == set()


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("interview.assessment.claim", "from ops import smoke"),
        ("interview.assessment.claim", "def late():\n    import ops.smoke"),
        ("contract.stream", "import interview.record"),
        ("relay.server", "from local.gemini import embedded"),
        ("functions.start.main", "import relay"),
        ("ops.smoke", "from tests import missing"),
        ("relay.talk.floor", "from relay.gemini import events"),
        ("relay.talk.floor", "from relay.session import Session"),
        ("relay.browser.outbox", "from relay.speech.level import is_loud"),
        ("relay.gemini.supervisor", "import relay.session"),
    ],
)
def test_an_import_against_the_tables_is_found(module: str, source: str) -> None:
    assert forbidden(module, imports(ast.parse(source)))


def test_no_imports_go_in_a_circle() -> None:
    graph = {module: {module_of(name) for name in imports_of(path)} for module, path in MODULES.items()}
    ours = {module: targets & MODULES.keys() for module, targets in graph.items()}
    # A package that re-exports its modules needs them, and they don't need it.
    graphlib.TopologicalSorter(ours).prepare()


def test_a_circle_is_found() -> None:
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()


@pytest.mark.parametrize("path", sources("relay/talk"), ids=lambda path: path.name)
def test_talk_is_pure(path: Path) -> None:
    named = imports_of(path)
    assert not {name for name in named if name.split(".")[0] in IMPURE}
    ours = {name for name in named if name.split(".")[0] in FOLDERS}
    allowed = tuple(f"{name}." for name in TALK)
    assert not {name for name in ours if not f"{name}.".startswith(allowed)}


@pytest.mark.parametrize("path", sources("interview"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_domain_imports_no_web_framework(path: Path) -> None:
    assert not roots(path) & WEB_FRAMEWORKS


@pytest.mark.parametrize("path", sources("contract"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_contract_imports_only_itself_and_msgspec(path: Path) -> None:
    assert roots(path) <= set(sys.stdlib_module_names) | {"contract", "msgspec"}


def test_a_function_starts_without_msgspec() -> None:
    """It takes a fifth of the time in which a function loads; only the description of the interface needs it."""
    for module in ("interview.api.start", "interview.api.end"):
        probe = f"import sys, {module}; sys.exit('msgspec' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", probe], cwd=ROOT, timeout=60, check=False).returncode == 0


def test_google_genai_is_imported_only_where_gemini_is_called() -> None:
    importing = {
        str(path.relative_to(ROOT))
        for path in sources(*DEPLOYED)
        if any(name.startswith("google.genai") for name in imports_of(path))
    }
    live = {f"relay/gemini/{name}.py" for name in ("model", "setup", "failure")}
    assert importing == live | {"interview/gemini.py"}


def test_one_module_reads_the_environment() -> None:
    reads = re.compile(r"\bos\.(environ|getenv)\b|from os import")
    reading = {str(path.relative_to(ROOT)) for path in sources(*DEPLOYED) if reads.search(path.read_text("utf-8"))}
    assert reading == {"interview/settings.py"}


def unbounded(tree: ast.Module, *, deques: bool = False) -> Iterator[str]:
    """The unbounded queues of a module. With `deques`, deques may be unbounded.

    A bound is a positive number, or a constant of the module. Any other use of a queue's class than a call or an
    annotation counts as unbounded too, because its size can't be read there.
    """
    names = _imported_names(tree)
    constants = _constants(tree)
    calls: set[ast.AST] = set()
    annotations = {part for node in ast.walk(tree) for one in _annotations(node) for part in ast.walk(one)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            made = node.func.value if isinstance(node.func, ast.Subscript) else node.func
            name = _resolve(made, names)
            calls.add(made)
            size = _size(node, name, constants)
            if name in SIMPLE_QUEUES or (name in QUEUES and not size) or (name == DEQUE and not size and not deques):
                yield f"line {node.lineno}: {ast.unparse(node)}"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name | ast.Attribute) or node in calls or node in annotations:
            continue
        if _resolve(node, names) in QUEUES | SIMPLE_QUEUES | {DEQUE}:
            yield f"line {node.lineno}: {ast.unparse(node)}"


def _imported_names(tree: ast.Module) -> dict[str, str]:
    """Each imported name, and its full dotted name."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {one.asname or one.name.split(".")[0]: one.name if one.asname else one.name.split(".")[0]
                      for one in node.names}  # fmt: skip
        elif isinstance(node, ast.ImportFrom):
            names |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return names


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
    return found


def _annotations(node: ast.AST) -> list[ast.expr]:
    found = [getattr(node, "annotation", None), getattr(node, "returns", None)]
    return [one for one in found if one is not None]


def _resolve(node: ast.expr, names: dict[str, str]) -> str:
    """The full dotted name of a class that is called."""
    first, _, rest = ast.unparse(node).partition(".")
    whole = names.get(first, first)
    return f"{whole}.{rest}" if rest else whole


def _size(call: ast.Call, name: str, constants: dict[str, ast.expr]) -> bool:
    """Whether a call states a bound."""
    place, keyword = (1, "maxlen") if name == DEQUE else (0, "maxsize")
    given = [one.value for one in call.keywords if one.arg == keyword] + call.args[place : place + 1]
    value = given[0] if given else None
    if isinstance(value, ast.Name):
        value = constants.get(value.id)
    return isinstance(value, ast.Constant) and isinstance(value.value, int) and value.value > 0


@pytest.mark.parametrize("path", sources("relay"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_relay_has_no_unbounded_queue(path: Path) -> None:
    deques = str(path.relative_to(ROOT)) in UNBOUNDED_DEQUES
    assert [*unbounded(parse(path), deques=deques)] == []


def test_every_module_listed_with_an_unbounded_deque_has_one() -> None:
    assert all([*unbounded(parse(ROOT / path))] for path in UNBOUNDED_DEQUES)


@pytest.mark.parametrize(
    "source",
    [
        "import asyncio\nasyncio.Queue()",
        "import asyncio\nasyncio.Queue(0)",
        "import asyncio\nasyncio.Queue(-1)",
        "import asyncio\nasyncio.Queue(maxsize=0)",
        "import asyncio\nasyncio.Queue[bytes](0)",
        "import asyncio\nNONE = 0\nasyncio.Queue(NONE)",
        "import asyncio\nasyncio.PriorityQueue()",
        "import asyncio as loop\nloop.Queue()",
        "import asyncio\nmake = asyncio.Queue",
        "from asyncio import Queue\nQueue()",
        "from asyncio import Queue as Line\nLine(0)",
        "import queue\nqueue.Queue()",
        "import queue\nqueue.SimpleQueue()",
        "from queue import SimpleQueue\nSimpleQueue()",
        "from collections import deque\ndeque()",
        "from collections import deque\ndeque([])",
        "from collections import deque\ndeque([], None)",
        "import collections\ncollections.deque(maxlen=None)",
        "from collections import deque\nfrom dataclasses import field\nfield(default_factory=deque)",
    ],
)
def test_an_unbounded_queue_is_found(source: str) -> None:
    assert [*unbounded(ast.parse(source))]


@pytest.mark.parametrize(
    "source",
    [
        "import asyncio\nasyncio.Queue(8)",
        "import asyncio\nSIZE: Final = 4\nwaiting: asyncio.Queue[bytes] = asyncio.Queue(maxsize=SIZE)",
        "import asyncio\ndef take(queue: asyncio.Queue[bytes]) -> asyncio.Queue[bytes]: ...",
        "from collections import deque\ndeque(maxlen=3)",
        "from collections import deque\nLONGEST = 5\ndeque([1, 2], LONGEST)",
    ],
)
def test_a_bounded_queue_is_accepted(source: str) -> None:
    assert not [*unbounded(ast.parse(source))]


def test_the_map_names_every_module_of_the_relay_and_the_domain() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    modules = {path.stem for path in (ROOT / "relay").glob("*.py")} - {"__init__"}
    modules |= {path.stem for path in (ROOT / "interview").iterdir() if not path.name.startswith("__")}
    missing = {name for name in modules if not re.search(rf"`[^`]*\b{name}\b", text)}
    assert not missing
