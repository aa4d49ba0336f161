"""renovate.json: its fields and managers are Renovate's, and it finds what is pinned. The schema by itself allows
fields that it does not know.
"""

import importlib.resources
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
CONFIG: dict[str, Any] = json.loads((ROOT / "renovate.json").read_text("utf-8"))
SCHEMA: dict[str, Any] = json.loads(
    importlib.resources.files("check_jsonschema.builtin_schemas.vendor").joinpath("renovate.json").read_text("utf-8")
)
LOCKS = [f"requirements/{path.name}" for path in sorted((ROOT / "requirements").glob("*.txt"))]


def known(name: str) -> set[str]:
    """The fields that an item of a list may have."""
    parts = SCHEMA["definitions"][name]["items"]["allOf"]
    return {field for part in parts for field in part.get("properties", ())}


def matching(patterns: list[str], path: str) -> bool:
    return any(re.search(pattern.strip("/"), path) for pattern in patterns)


def test_renovate_knows_every_field() -> None:
    assert set(CONFIG) <= {"$schema", *SCHEMA["properties"]}
    for name in ("packageRules", "customManagers"):
        for rule in CONFIG[name]:
            assert set(rule) <= known(name), rule


def test_renovate_knows_every_manager() -> None:
    for rule in CONFIG["packageRules"]:
        assert set(rule.get("matchManagers", ())) <= set(SCHEMA["properties"])


def test_every_lock_and_each_functions_copy_is_found() -> None:
    patterns = CONFIG["pip_requirements"]["managerFilePatterns"]
    for lock in [*LOCKS, "functions/start/requirements.txt", "functions/end/requirements.txt"]:
        assert matching(patterns, lock), lock
    assert not matching(patterns, "pyproject.toml")


@pytest.mark.parametrize("manager", CONFIG["customManagers"], ids=lambda one: one["description"])
def test_every_manager_of_our_own_finds_a_version(manager: dict[str, Any]) -> None:
    files = [ROOT / "cloudbuild.yaml", *(ROOT / ".github" / "workflows").glob("*.yml")]
    read = [one for one in files if matching(manager["managerFilePatterns"], str(one.relative_to(ROOT)))]
    assert read
    for file in read:
        for pattern in manager["matchStrings"]:
            found = re.findall(pattern.replace("(?<", "(?P<"), file.read_text("utf-8"))
            assert found, pattern


def test_the_oldest_pip_is_not_updated() -> None:
    rules = [rule for rule in CONFIG["packageRules"] if rule.get("enabled") is False]
    assert [rule["matchPackageNames"] for rule in rules] == [["pip", "moonshine-voice", "hibari-tts"]]
