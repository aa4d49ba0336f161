"""Stand-ins of programs in PATH: they write down their calls, and print what a test tells them."""

import json
import sys
from pathlib import Path
from typing import Any

_PROGRAM = """#!{python}
import json, re, sys
from pathlib import Path
folder = Path({folder!r})
given = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
with (folder / "calls.jsonl").open("a") as log:
    log.write(json.dumps([[Path(sys.argv[0]).name, *sys.argv[1:]], given]) + chr(10))
line = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
for pattern, code, output in json.loads((folder / "answers.json").read_text()):
    if re.search(pattern, line):
        sys.stdout.write(output)
        sys.exit(code)
"""


class Programs:
    """`answer` sets what a matching call prints, and its exit code. The newest counts; other calls print nothing."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir(parents=True)
        self._answers: list[tuple[str, int, str]] = []
        self._write()
        for name in names:
            self.add(self.bin / name)

    def add(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_PROGRAM.format(python=sys.executable, folder=str(self.folder)), "utf-8")
        path.chmod(0o755)

    def answer(self, pattern: str, output: str = "", code: int = 0) -> None:
        self._answers.insert(0, (pattern, code, output))
        self._write()

    def _write(self) -> None:
        (self.folder / "answers.json").write_text(json.dumps(self._answers), "utf-8")

    @property
    def calls(self) -> list[tuple[list[str], str]]:
        """Each call with its input."""
        file = self.folder / "calls.jsonl"
        lines: list[Any] = [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
        return [(call, given) for call, given in lines]

    @property
    def lines(self) -> list[str]:
        return [" ".join(call) for call, _ in self.calls]
