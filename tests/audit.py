"""Looks up known advisories on everything that is locked: `make audit`.

Fails if there is one. With `--warn`, as in CI, it only prints them (docs/decisions/0046-sentry-and-supply-chain.md).
What could not be looked up is said and never fails: an advisory database that is away says nothing about the project.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
SECONDS: Final = 300
"""Seconds for one program; it takes about twenty."""
LEFT_OUT: Final = {
    "pip": "the oldest supported versions, which are old on purpose and only install generated wheels in tests",
    "schema": "downloaded for the schema in them, and never installed",
}
"""Locks that are not looked up, and why."""
LOCKS: Final = tuple(path for path in sorted((ROOT / "requirements").glob("*.txt")) if path.stem not in LEFT_OUT)


@dataclass(slots=True)
class Audit:
    """Advisories, each as a line, and what could not be looked up, with the reason."""

    advisories: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def text(self) -> str:
        """The report."""
        lines = []
        if self.advisories:
            lines += ["Known advisories:", *(f"  {line}" for line in self.advisories)]
        if self.skipped:
            lines += ["Not looked up on this machine:", *(f"  {line}" for line in self.skipped)]
        return "\n".join(lines or ["No known advisories."])


def run(command: Sequence[str]) -> tuple[Any, str]:
    """The JSON that a program prints, or None; and the last line of its complaints."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, type(error).__name__
    complaints = [line for line in done.stderr.splitlines() if line.strip()]
    try:
        return json.loads(done.stdout), ""
    except ValueError:
        return None, complaints[-1][:200] if complaints else f"exit code {done.returncode}"


def python(audit: Audit, program: Sequence[str], locks: Sequence[Path] = LOCKS) -> None:
    """Look up the hashed requirements with pip-audit."""
    for lock in locks:
        found, complaint = run([*program, "--disable-pip", "--format=json", "--progress-spinner=off", "-r", str(lock)])
        if found is None:
            audit.skipped.append(f"{lock.name}: {complaint}")
            continue
        # Behind a mirror of the index, no package is found and pip-audit still reports that all is well.
        unknown = [one["name"] for one in found["dependencies"] if "skip_reason" in one]
        if unknown:
            audit.skipped.append(f"{lock.name}: {len(unknown)} packages, {unknown[0]} among them")
        for one in found["dependencies"]:
            for advisory in one.get("vulns", ()):
                fixed = ", ".join(advisory["fix_versions"]) or "no version yet"
                audit.advisories.append(
                    f"{lock.name}: {one['name']} {one['version']}: {advisory['id']}, fixed in {fixed}"
                )


def page(audit: Audit, program: Sequence[str]) -> None:
    """Look up the page's lock with npm."""
    found, complaint = run([*program, "audit", "--json"])
    if not isinstance(found, dict) or "vulnerabilities" not in found:
        failed = found.get("message") or found.get("error") if isinstance(found, dict) else complaint
        audit.skipped.append(f"package-lock.json: {str(failed or complaint)[:200]}")
        return
    for name, one in found["vulnerabilities"].items():
        audit.advisories.append(f"package-lock.json: {name} {one['range']}: {one['severity']}")


def main(arguments: Sequence[str]) -> int:
    """Look everything up and print the report; returns the exit code."""
    audit = Audit()
    python(audit, [str(ROOT / ".infra" / "audit" / "bin" / "python"), "-m", "pip_audit"])
    page(audit, ["npm", "--prefix", str(ROOT / "web")])
    print(audit.text())  # noqa: T201
    return 1 if audit.advisories and "--warn" not in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
