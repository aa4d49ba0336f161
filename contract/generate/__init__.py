"""What is written from the contract: the page's types and checks, and the reference of the stream.

`python -m contract.generate` (`make contract`) writes the files; tests/contract/test_generated.py fails while one of
them is not what the contract says.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from contract.generate import reference, typescript

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = "web/src/contract"
SUFFIX: Final = ".gen.ts"


def files() -> Mapping[str, str]:
    """Every generated file: its path from the repository's root, and its text."""
    page = {f"{PAGE}/{name}{SUFFIX}": text for name, text in typescript.modules().items()}
    return {**page, "docs/stream.md": reference.text()}


def stale() -> list[str]:
    """Paths of files that are not what the contract says, or that it does not know any more."""
    wanted = files()
    left = {str(path.relative_to(ROOT)) for path in (ROOT / PAGE).glob(f"*{SUFFIX}")} - set(wanted)
    return sorted(left | {path for path, text in wanted.items() if _read(ROOT / path) != text})


def write() -> list[str]:
    """Write what is stale; returns the paths."""
    wanted, changed = files(), stale()
    for path in changed:
        file = ROOT / path
        if path not in wanted:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(wanted[path], "utf-8", newline="\n")
    return changed


def _read(path: Path) -> str | None:
    return path.read_bytes().decode() if path.is_file() else None
