"""`make audit`: advisories fail it, what can't be looked up is said, and CI stays green in both cases."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import audit
from tests.locks import REQUIREMENTS
from tests.ops.programs import Programs

CLEAN = {"name": "idna", "version": "3.20", "vulns": []}
ADVISORY = {"name": "requests", "version": "2.19.0", "vulns": [{"id": "PYSEC-2018-28", "fix_versions": ["2.20.0"]}]}
UNKNOWN = {"name": "attrs", "skip_reason": "Dependency not found on PyPI and could not be audited: attrs (26.1.0)"}
AT_NPM = {"vulnerabilities": {"vite": {"name": "vite", "severity": "high", "range": "<8.3.9"}}}
NO_NETWORK = "raise SystemExit('requests.exceptions.ConnectionError: Max retries exceeded')"


def program(folder: Path, answer: Any = None) -> list[str]:
    """A program that prints this as JSON, or that has no network."""
    file = folder / f"program-{len(list(folder.iterdir()))}.py"
    file.write_text(NO_NETWORK if answer is None else f"print({json.dumps(answer)!r})", "utf-8")
    return ["python3", str(file)]


def looked_up(folder: Path, python: Any, npm: Any) -> audit.Audit:
    found = audit.Audit()
    audit.python(found, program(folder, python), [REQUIREMENTS / "relay.txt"])
    audit.page(found, program(folder, npm))
    return found


def test_advisories_are_named_with_the_version_that_fixes_them(tmp_path: Path) -> None:
    found = looked_up(tmp_path, {"dependencies": [CLEAN, ADVISORY]}, AT_NPM)
    assert found.text().splitlines() == [
        "Known advisories:",
        "  relay.txt: requests 2.19.0: PYSEC-2018-28, fixed in 2.20.0",
        "  package-lock.json: vite <8.3.9: high",
    ]


def test_without_a_network_it_says_what_was_not_looked_up(tmp_path: Path) -> None:
    found = looked_up(tmp_path, None, {"message": "request to the registry failed"})
    assert found.advisories == []
    assert found.text().splitlines() == [
        "Not looked up on this machine:",
        "  relay.txt: requests.exceptions.ConnectionError: Max retries exceeded",
        "  package-lock.json: request to the registry failed",
    ]


def test_a_package_that_the_database_does_not_know_is_not_called_safe(tmp_path: Path) -> None:
    found = looked_up(tmp_path, {"dependencies": [CLEAN, UNKNOWN]}, {"vulnerabilities": {}})
    assert found.text().splitlines() == ["Not looked up on this machine:", "  relay.txt: 1 packages, attrs among them"]


def test_with_nothing_to_report_it_says_so(tmp_path: Path) -> None:
    assert looked_up(tmp_path, {"dependencies": [CLEAN]}, {"vulnerabilities": {}}).text() == "No known advisories."


@pytest.mark.parametrize(
    ("npm", "arguments", "code"),
    [(AT_NPM, [], 1), (AT_NPM, ["--warn"], 0), ({"vulnerabilities": {}}, [], 0), ({"message": "offline"}, [], 0)],
)
def test_only_an_advisory_fails_it_and_not_in_ci(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, npm: Any, arguments: list[str], code: int
) -> None:
    tools = Programs(tmp_path, "npm")
    tools.answer("audit", json.dumps(npm))
    monkeypatch.setenv("PATH", f"{tools.bin}:/usr/bin:/bin")
    monkeypatch.setattr(audit, "ROOT", tmp_path)
    assert audit.main(arguments) == code


def test_every_lock_is_looked_up_or_left_out_for_a_reason() -> None:
    names = {path.stem for path in REQUIREMENTS.glob("*.txt")}
    assert {path.stem for path in audit.LOCKS} | set(audit.LEFT_OUT) == names
    assert {"functions", "relay"} <= {path.stem for path in audit.LOCKS}
