"""The list of the project's files."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import files_without_git


def test_without_git_generated_folders_are_not_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generated = ("web/node_modules/.first-picture-1/a.js", ".venv/lib/b.py", "relay/__pycache__/c.pyc", ".mypy_cache/d")
    for name in ("web/src/main.ts", "relay/server.py", "README.md", *generated):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    entered = []
    list_folder = os.scandir

    def recorded(folder: str) -> Iterator[os.DirEntry[str]]:
        entered.append(str(Path(folder).relative_to(tmp_path)))
        return list_folder(folder)

    monkeypatch.setattr(os, "scandir", recorded)
    assert files_without_git(tmp_path) == ["README.md", "relay/server.py", "web/src/main.ts"]
    assert sorted(entered) == [".", "relay", "web", "web/src"]
