"""The policy scan finds exactly what infra/policy.toml explains."""

import json
import subprocess
import tomllib
from typing import Any

import pytest

from tests.missing import CHECKOV as PROGRAM
from tests.missing import missing
from tests.terraform.conftest import INFRA, ROOT, SECONDS

CHECKOV = ROOT / ".infra" / "policy" / "bin" / "checkov"
EXCEPTIONS: dict[str, dict[str, Any]] = tomllib.loads((INFRA / "policy.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    if not CHECKOV.is_file():
        missing(PROGRAM)
    options = ["--framework", "terraform", "--skip-download", "--quiet", "--compact", "--output", "json"]
    done = subprocess.run(
        [CHECKOV, "--directory", INFRA, *options], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_scan_has_read_everything(report: dict[str, Any]) -> None:
    summary = report["summary"]
    assert summary["parsing_errors"] == 0
    assert (summary["resource_count"] > 50, summary["passed"] > 50) == (True, True)


def test_findings_and_explanations_agree(report: dict[str, Any]) -> None:
    found = {
        (check["check_id"], check["resource"]): check["check_name"] for check in report["results"]["failed_checks"]
    }
    explained = {(check, resource) for check, entry in EXCEPTIONS.items() for resource in entry["resources"]}
    assert {finding: name for finding, name in found.items() if finding not in explained} == {}
    assert explained - set(found) == set()


def test_every_exception_has_a_reason() -> None:
    for check, entry in EXCEPTIONS.items():
        assert len(entry["reason"].split()) > 10, check
