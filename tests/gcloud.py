"""Checks gcloud commands against the Google Cloud CLI's own list of them."""

import functools
import re
import runpy
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.missing import GCLOUD, missing


@functools.cache
def tree() -> dict[str, Any]:
    """All commands with their flags."""
    gcloud = shutil.which("gcloud")
    file = Path(gcloud).resolve().parents[1] / "data" / "cli" / "gcloud_completions.py" if gcloud else None
    if file is None or not file.is_file():
        missing(GCLOUD)
    found: dict[str, Any] = runpy.run_path(str(file))["STATIC_COMPLETION_CLI_TREE"]
    return found


def check(command: Sequence[str]) -> None:
    """Fail unless `gcloud` has this command with these flags."""
    name, *words = command
    assert name == "gcloud", command
    node = tree()
    flags = set(node["flags"])
    while words and words[0] in node["commands"]:
        node = node["commands"][words.pop(0)]
        flags |= set(node["flags"])
    assert not node["commands"], f"{' '.join(command)}: no such command"
    given = {word.split("=")[0] for word in words if word.startswith("--")}
    # A switch is listed by what it switches on.
    unknown = {flag for flag in given - flags if flag.replace("--no-", "--", 1) not in flags}
    assert unknown == set(), f"{' '.join(command)}: no such flag"


def commands(text: str) -> list[list[str]]:
    """The gcloud commands in shell code, or in a document's shell code."""
    joined = text.replace("\\\n", " ")
    found = re.findall(r"(?<![\w/.-])gcloud +[a-z][^\n|;`)]*", joined)
    return [shlex.split(re.split(r" 2>| > | < |&&|\"\$\(", one)[0], comments=True) for one in found]
