"""Runs gcloud and terraform."""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Final

from ops.failure import CommandFailed

TIMEOUT: Final = 1800.0
"""Seconds that one command may take, unless it is given another time."""
TRIES: Final = 3
PAUSE: Final = 60.0
"""How often a command is tried that fails while a new project's APIs and roles take effect, and seconds in between."""

_MISSING: Final = {
    "gcloud": "install the Google Cloud CLI, or use Cloud Shell, which has it",
    "terraform": "install Terraform 1.11 or newer, or use Cloud Shell, which has it",
}


class TookTooLong(CommandFailed):
    """A command did not end in time. What it has started elsewhere may go on."""


def need(*names: str) -> None:
    """Check that these programs are installed. Raises CommandFailed."""
    for name in names:
        if shutil.which(name) is None:
            raise CommandFailed(f"{name} is missing: {_MISSING[name]}")


def ask(command: Sequence[str], *, errors: bool = False) -> str | None:
    """What a command prints on stdout, stripped; None if it fails. Its stderr is shown only with `errors`.

    Raises TookTooLong.
    """
    try:
        done = subprocess.run(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if errors else subprocess.DEVNULL,
            check=False,
            timeout=TIMEOUT,
            text=True,
        )
    except subprocess.TimeoutExpired:
        raise _too_long(command, TIMEOUT) from None
    return done.stdout.strip() if done.returncode == 0 else None


def do(
    command: Sequence[str],
    *,
    given: str | None = None,
    environ: Mapping[str, str] | None = None,
    quiet: bool = False,
    seconds: float = TIMEOUT,
) -> None:
    """Run a command and show its output. `given` is its input, which is not shown. Raises CommandFailed."""
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=given,
            stdin=None if given is not None else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if quiet else None,
            env={**os.environ, **(environ or {})},
            check=False,
            timeout=seconds,
            text=True,
        )
    except subprocess.TimeoutExpired:
        raise _too_long(command, seconds) from None
    if done.returncode:
        raise CommandFailed(f"`{_short(command)}` failed with exit code {done.returncode}; see its output above")


def again(command: Sequence[str], why: str) -> None:
    """Run a command that is safe to repeat, up to `TRIES` times. `why` is what an operator reads before the next try.

    Raises the last CommandFailed.
    """
    for number in range(1, TRIES + 1):
        try:
            do(command)
        except TookTooLong:
            raise
        except CommandFailed:
            if number == TRIES:
                raise
            wait(why, number)
        else:
            return


def wait(why: str, number: int) -> None:
    """Pause before the next try, and say so."""
    print(f"{why} Trying again in {PAUSE:.0f} s ({number + 1} of {TRIES}).", flush=True)
    time.sleep(PAUSE)


def _short(command: Sequence[str]) -> str:
    return f"{' '.join(command[:4])} …"


def _too_long(command: Sequence[str], seconds: float) -> TookTooLong:
    return TookTooLong(f"`{_short(command)}` did not end within {seconds / 60:.0f} minutes")
