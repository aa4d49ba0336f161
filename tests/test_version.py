"""One version: the package's, the page's and the changelog's."""

import json
import re
import tomllib
from pathlib import Path

from interview.version import VERSION

ROOT = Path(__file__).parents[1]


def test_the_page_has_the_same_version() -> None:
    assert json.loads((ROOT / "web" / "package.json").read_text("utf-8"))["version"] == VERSION
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text("utf-8"))
    assert (lock["version"], lock["packages"][""]["version"]) == (VERSION, VERSION)


def test_the_project_has_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "interview.version.VERSION"}


def test_the_newest_release_in_the_changelog_is_this_version() -> None:
    headings = re.findall(r"^## \[(.+?)\](.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == ("Unreleased", "")
    version, date = headings[1]
    assert version == VERSION
    assert re.fullmatch(r" - \d{4}-\d\d-\d\d", date)
