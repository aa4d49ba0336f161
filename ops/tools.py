"""Runs gcloud and terraform."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

from ops.failure import CommandFailed

TIMEOUT: Final = 3600.0
"""Seconds that one command may take; a deployment takes a quarter of it."""

_MISSING: Final = {
    "gcloud": "install the Google Cloud CLI, or use Cloud Shell, which has it",
    "terraform": "install Terraform 1.11 or newer, or use Cloud Shell, which has it",
}


def need(*names: str) -> None:
    """Check that these programs are installed. Raises CommandFailed."""
    for name in names:
        if shutil.which(name) is None:
            raise CommandFailed(f"{name} is missing: {_MISSING[name]}")


def ask(command: Sequence[str]) -> str | None:
    """What a command prints on stdout, stripped; None if it fails. Its stderr is not shown."""
    done = subprocess.run(  # noqa: S603
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=TIMEOUT, text=True
    )
    return done.stdout.strip() if done.returncode == 0 else None


def do(
    command: Sequence[str], *, given: str | None = None, environ: Mapping[str, str] | None = None, quiet: bool = False
) -> None:
    """Run a command and show its output. `given` is its input, which is not shown. Raises CommandFailed."""
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
        raise CommandFailed(
            f"`{' '.join(command[:4])} …` failed with exit code {done.returncode}; see its output above"
        )
