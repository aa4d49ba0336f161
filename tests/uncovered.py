"""What no test enters, from coverage's JSON: `python -m tests.uncovered build/coverage.json`.

Functions of which no line was run, then lines and branches that were never taken in functions that were entered.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def unentered(report: Mapping[str, Any]) -> Iterator[str]:
    """A line for each function of which nothing was run."""
    for file, function, found in _functions(report):
        if not found["executed_lines"]:
            yield f"{file}:{found['missing_lines'][0]} {function}"


def untaken(report: Mapping[str, Any]) -> Iterator[str]:
    """A line for each function that was entered and not seen whole: the lines and branches that are missing."""
    for file, function, found in _functions(report):
        jumps = [f"{start}->{'exit' if end < 0 else end}" for start, end in found["missing_branches"]]
        missing = [*map(str, found["missing_lines"]), *jumps]
        if found["executed_lines"] and missing:
            yield f"{file} {function or '(module)'}: {', '.join(missing)}"


def _functions(report: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for file, found in sorted(report["files"].items()):
        for function, part in found["functions"].items():
            if part["executed_lines"] or part["missing_lines"]:
                yield file, function, part


def main() -> None:
    report = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    print("Functions that no test enters:", *unentered(report), sep="\n  ")
    print("Lines and branches that no test takes:", *untaken(report), sep="\n  ")
    print(f"Covered: {report['totals']['percent_covered']:.1f} % of lines and branches")


if __name__ == "__main__":
    main()
