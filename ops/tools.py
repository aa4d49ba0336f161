"""The programs that an operator has at hand, gcloud and terraform, and what to say when one is missing or fails."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

from ops.trouble import Trouble

TIMEOUT: Final = 3600.0
"""Seconds that one command may take; a deployment takes a quarter of that."""

_MISSING: Final = {
    "gcloud": "install the Google Cloud CLI, or use Cloud Shell, which has it",
    "terraform": "install Terraform 1.11 or newer, or use Cloud Shell, which has it",
}


def need(*names: str) -> None:
    """Raises Trouble for a program that is not there."""
    for name in names:
        if shutil.which(name) is None:
            raise Trouble(f"{name} is missing: {_MISSING[name]}")


def ask(command: Sequence[str]) -> str | None:
    """What a command prints, without the last line break; None when it fails. What it complains of is not shown."""
    done = subprocess.run(  # noqa: S603
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=TIMEOUT, text=True
    )
    return done.stdout.strip() if done.returncode == 0 else None


def do(
    command: Sequence[str], *, given: str | None = None, environ: Mapping[str, str] | None = None, quiet: bool = False
) -> None:
    """Run a command that says for itself what it does; `given` is its input, and shown nowhere. Raises Trouble."""
    done = subprocess.run(  # noqa: S603
        command,
        input=given,
        stdin=None if given is not None else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if quiet else None,
        env={**os.environ, **(environ or {})},
        check=False,
        timeout=TIMEOUT,
        text=True,
    )
    if done.returncode:
        raise Trouble(f"`{' '.join(command[:4])} …` failed with exit code {done.returncode}; its own words are above")
