"""The invariants of ARCHITECTURE.md that can be read off the source."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEPLOYED = ("contract", "interview", "relay", "functions")
WEB_FRAMEWORKS = {"starlette", "flask", "functions_framework", "uvicorn", "fastapi", "aiohttp", "websockets"}


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found, "the folders have moved"
    return found


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", sources("interview"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_domain_knows_no_web_framework_and_none_of_the_others(path: Path) -> None:
    assert not roots(path) & (WEB_FRAMEWORKS | {"relay", "functions", "local", "tests"})


@pytest.mark.parametrize("path", sources("contract"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_contract_knows_nothing_but_itself(path: Path) -> None:
    assert roots(path) <= set(sys.stdlib_module_names) | {"contract", "msgspec"}


def test_a_function_starts_without_msgspec() -> None:
    """It takes a fifth of the time in which a function loads; only the description of the interface needs it."""
    for module in ("interview.api.start", "interview.api.end"):
        probe = f"import sys, {module}; sys.exit('msgspec' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", probe], cwd=ROOT, timeout=60, check=False).returncode == 0


def test_three_modules_import_google_genai() -> None:
    importing = {
        str(path.relative_to(ROOT))
        for path in sources(*DEPLOYED)
        if any(name.startswith("google.genai") for name in imports(path))
    }
    assert importing == {"relay/gemini/model.py", "relay/gemini/failure.py", "interview/gemini.py"}


def test_one_module_reads_the_environment() -> None:
    reads = re.compile(r"\bos\.(environ|getenv)\b|from os import")
    reading = {str(path.relative_to(ROOT)) for path in sources(*DEPLOYED) if reads.search(path.read_text("utf-8"))}
    assert reading == {"interview/settings.py"}


@pytest.mark.parametrize("path", sources(*DEPLOYED), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_deployed_imports_what_is_local(path: Path) -> None:
    assert not roots(path) & {"local", "tests", "benchmarks"}


@pytest.mark.parametrize("path", sources("relay"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_relay_has_no_unbounded_queue(path: Path) -> None:
    """asyncio.Queue() without a size is refused outright; a deque must be bounded here or guard itself (by bytes)."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if name in ("asyncio.Queue", "Queue", "queue.Queue"):
            assert node.args or any(keyword.arg == "maxsize" for keyword in node.keywords), f"{path}:{node.lineno}"
        if name == "deque" and path.name not in ("outbox.py", "replay_buffer.py"):
            assert any(keyword.arg == "maxlen" for keyword in node.keywords), f"{path}:{node.lineno}"


def test_the_functions_do_not_import_the_relay() -> None:
    for path in sources("functions"):
        assert "relay" not in roots(path)


def test_every_folder_of_code_is_on_the_map() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    modules = {path.stem for path in (ROOT / "relay").glob("*.py")} - {"__init__"}
    modules |= {path.stem for path in (ROOT / "interview").iterdir() if not path.name.startswith("__")}
    missing = {name for name in modules if not re.search(rf"`[^`]*\b{name}\b", text)}
    assert not missing
