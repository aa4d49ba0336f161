"""The documents name settings, files and make targets that exist."""

import ast
import re
from pathlib import Path

import pytest

from tests.sources import sources

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
FOREIGN = {"K_SERVICE"}
"""Variables that the settings read and only Cloud Run sets."""
FILES = sources()
DOCUMENTS = [ROOT / path for path in FILES if path.endswith(".md")]
NOT_HERE = {"staging.tfvars", "docs/floor.md"}
"""Files that documents name without being sources here: an operator's own, and the drawing of relay/talk/state.py."""


def settings() -> set[str]:
    """The names that `load` and its helpers look up in the environment."""
    tree = ast.parse((ROOT / "interview" / "settings.py").read_text("utf-8"))
    readers = [
        one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name in ("load", "_sweep", "_app_check")
    ]
    constants = [one.value for reader in readers for one in ast.walk(reader) if isinstance(one, ast.Constant)]
    return {one for one in constants if isinstance(one, str) and re.fullmatch(r"[A-Z][A-Z_]+", one)} - FOREIGN


def section(heading: str) -> str:
    return README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_the_table_of_settings_has_every_setting_that_is_read() -> None:
    first_cells = re.findall(r"^\| ([^|]*`[^|]*) \|", section("Settings"), re.MULTILINE)
    named = [name for cell in first_cells for name in re.findall(r"`([A-Z_]+)`", cell)]
    assert len(named) == len(set(named))
    assert set(named) == settings()


def test_the_example_has_every_setting_and_sets_none() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    assert {found.group(1) for line in lines if (found := re.fullmatch(r"# ([A-Z_]+)=.*", line))} == settings()
    assert all(line.startswith("#") for line in lines if line)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    missing = [one for one in targets if one and ":" not in one and not (document.parent / one).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_is_named_exists(document: Path) -> None:
    named = set(re.findall(r"`([\w./-]+\.(?:py|ts|tsx|tf|hcl|tfvars|md|toml|yaml))`", document.read_text("utf-8")))
    assert [name for name in named - NOT_HERE if not any(f"/{file}".endswith(f"/{name}") for file in FILES)] == []


def test_every_make_target_that_is_named_exists() -> None:
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        name
        for path in DOCUMENTS
        for name in re.findall(r"(?:`|^)make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert {"dev", "test"} <= named
    assert named <= made
