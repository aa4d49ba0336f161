"""The project's own files."""

import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
GENERATED: Final = {"node_modules", "dist", "dist-dev", "build", "__pycache__", ".venv", ".infra", ".hypothesis"}
GENERATED_ENDS: Final = ("_cache", ".egg-info")


def sources() -> list[str]:
    """Paths from the root, in order. Git lists them if it is there; `.ci/run` works on a copy without it."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
        return listed.stdout.splitlines()
    paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return sorted(str(path) for path in paths if not any(_is_generated(part) for part in path.parts))


def _is_generated(part: str) -> bool:
    return part in GENERATED or part.endswith(GENERATED_ENDS)
