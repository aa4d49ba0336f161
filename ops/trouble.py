"""What ends an operator's command: words for the terminal, and an exit code for whoever called."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import NoReturn


class Trouble(Exception):
    """What went wrong and, where there is something to be done about it, what; one line."""


def run(name: str, work: Coroutine[object, object, None]) -> None:
    """Do a command's work. Trouble becomes one line and exit code 1, Ctrl-C exit code 130."""
    try:
        asyncio.run(work)
    except Trouble as trouble:
        fail(name, trouble)
    except KeyboardInterrupt:
        sys.exit(130)


def fail(name: str, trouble: Trouble) -> NoReturn:
    """The end of a command that did not do what it is for."""
    sys.exit(f"{name}: {trouble}")
