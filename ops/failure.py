"""The error that ends an operator's command: one line for the terminal, and exit code 1."""

import sys
from typing import NoReturn


class CommandFailed(Exception):
    """What went wrong and, if there is a remedy, the remedy; in one line."""


class NotAdmitted(CommandFailed):
    """The deployment works, and admits nobody at present: it is closed, or its limits are reached."""


def exit_with(name: str, error: CommandFailed) -> NoReturn:
    """Exit the command of this name with its error."""
    sys.exit(f"{name}: {error}")
