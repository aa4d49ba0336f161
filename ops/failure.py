"""What ends an operator's command: words for the terminal, and an exit code for whoever called."""

import sys
from typing import NoReturn


class Trouble(Exception):
    """What went wrong and, where there is something to be done about it, what; one line."""


def fail(name: str, trouble: Trouble) -> NoReturn:
    """The end of a command that did not do what it is for."""
    sys.exit(f"{name}: {trouble}")
