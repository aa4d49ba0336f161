"""A change of the contract is noticed wherever it matters: by the freshness of files, and by the types of the page."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str, str], list[str]]:
    """Makes a change in a copy of the contract; returns the paths of the files that are stale after it."""

    def change(module: str, before: str, after: str) -> list[str]:
        shutil.copytree(ROOT / "contract", tmp_path / "contract", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "web" / "src" / "contract", tmp_path / "web" / "src" / "contract")
        (tmp_path / "docs").mkdir()
        shutil.copy(ROOT / "docs" / "stream.md", tmp_path / "docs")
        file = tmp_path / "contract" / f"{module}.py"
        text = file.read_text("utf-8")
        assert text.count(before) == 1
        file.write_text(text.replace(before, after), "utf-8")
        run = [sys.executable, "-P", "-c", "from contract.generate import stale; print(*stale())"]
        answer = subprocess.run(
            run, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, check=True, timeout=60
        )
        return answer.stdout.decode().split()

    return change


@pytest.mark.parametrize(
    ("module", "before", "after", "stale"),
    [
        ("limits", "MAX_ANSWER: Final = 8_000", "MAX_ANSWER: Final = 4_000", {"limits", "stream"}),
        ("limits", "MAX_TOPIC: Final = 500", "MAX_TOPIC: Final = 400", {"limits", "http"}),
        ("limits", "HELLO_SECONDS: Final = 5.0", "HELLO_SECONDS: Final = 9.0", {"limits"}),
        (
            "terms",
            'Ending = Literal["interviewer", "candidate", "time_limit", "failed"]',
            'Ending = Literal["interviewer", "candidate", "time_limit", "failed", "bored"]',
            {"terms"},
        ),
        ("errors", 'Error("not_live", 409', 'Error("not_alive", 409', {"errors"}),
        ("closes", "    1012,", "    1001,", {"closes"}),
        ("stream", 'tag="spoken"', 'tag="said"', {"stream"}),
        ("assessment", "    quotes_dropped:", "    quotes_lost:", {"http"}),
    ],
)
def test_a_change_makes_files_stale(
    module: str, before: str, after: str, stale: set[str], changed: Callable[[str, str, str], list[str]]
) -> None:
    found = changed(module, before, after)
    assert {f"web/src/contract/{name}.gen.ts" for name in stale} <= set(found)
    assert ("docs/stream.md" in found) == (module not in ("errors", "assessment") and "TOPIC" not in before)
