"""The project's own files."""

import os
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
    return files_without_git(ROOT)


def files_without_git(root: Path) -> list[str]:
    """Paths from `root`, in order. Generated folders are not entered: a build may be removing folders there."""
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [one for one in folders if not _is_generated(one)]
        found += [str(Path(folder, one).relative_to(root)) for one in files if not _is_generated(one)]
    return sorted(found)


def _is_generated(part: str) -> bool:
    return part in GENERATED or part.endswith(GENERATED_ENDS)
