"""The tools that a machine may lack, how to install them, and what was not tested without them."""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import pytest

REPORT: Final = "MISSING_REPORT"
"""An environment variable with a file's name: several runs of pytest add to it, for one report at the end."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that a test needs, and how to install it."""

    name: str
    how: str

    @property
    def reason(self) -> str:
        """Why a test is skipped."""
        return f"{self.name} is missing. {self.how}"


TERRAFORM: Final = Tool("Terraform 1.11 or newer", "See https://developer.hashicorp.com/terraform/install.")
GCLOUD: Final = Tool("the Google Cloud CLI", "See https://cloud.google.com/sdk/docs/install.")
FIRESTORE: Final = Tool(
    "the Firestore emulator", "Install the Google Cloud CLI, then: gcloud components install cloud-firestore-emulator."
)
JAVA: Final = Tool("Java 17 or newer, for the Firestore emulator,", "Debian: apt install default-jre-headless.")
STORAGE: Final = Tool("the Cloud Storage emulator", "`make test` installs it (requirements/dev.txt).")
CHROMIUM: Final = Tool("Chromium or Chrome", "Debian: apt install chromium; or: python -m playwright install chromium.")
FIREFOX: Final = Tool("Firefox", "Debian: apt install firefox-esr.")
CHECKOV: Final = Tool("checkov", "`make test` installs it (requirements/policy.txt).")
SCHEMAS: Final = Tool("the schema of Terraform's providers", "`make test` downloads it (requirements/schema.txt).")
OLDEST_PIP: Final = Tool("the oldest supported pip", "`make test` downloads it (requirements/pip.txt).")
ROOT: Final = Tool("the right to chroot", "Run the tests as root, in a container.")
TOOLS: Final = (TERRAFORM, GCLOUD, FIRESTORE, JAVA, STORAGE, CHROMIUM, FIREFOX, CHECKOV, SCHEMAS, OLDEST_PIP, ROOT)


def missing(tool: Tool) -> NoReturn:
    """Skip a test that this machine can't run. In CI, which must have every tool, fail it."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must have it: {tool.reason}")
    pytest.skip(tool.reason)


def count(reasons: Iterable[str]) -> Counter[Tool]:
    """The number of tests that were skipped for each tool, from the reasons of all skipped tests."""
    return Counter(tool for reason in reasons for tool in TOOLS if reason.endswith(tool.reason))


def block(lacked: Mapping[Tool, int]) -> str:
    """The report for the terminal: what was not tested, and how to install what is missing; "" if nothing is."""
    lines = [f"{number:5} {'test' if number == 1 else 'tests'}: {tool.reason}" for tool, number in lacked.items()]
    return "\n".join(["Not tested on this machine:", *lines]) if lines else ""


def save(lacked: Mapping[Tool, int], file: Path) -> None:
    """Add what one run lacked to the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as report:
        report.writelines(f"{number} {TOOLS.index(tool)}\n" for tool, number in lacked.items())


def read(file: Path) -> Counter[Tool]:
    """What all runs lacked that have written to the file."""
    lacked: Counter[Tool] = Counter()
    if file.exists():
        for line in file.read_text("utf-8").splitlines():
            number, index = map(int, line.split())
            lacked[TOOLS[index]] += number
    return lacked


if __name__ == "__main__":
    if text := block(read(Path(sys.argv[1]))):
        print(f"\n{text}")  # noqa: T201
