"""How an operator's command ends when something is wrong: one line for the terminal, and exit code 1."""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn, TypeVar

T = TypeVar("T")

INTERRUPTED: Final = 130
"""The exit code after Ctrl-C, as shells have it."""
TRACEBACK: Final = "TRACEBACK"
"""The environment variable with which an unexpected error shows its traceback."""


class CommandFailed(Exception):
    """What went wrong and, if there is a remedy, the remedy; in one line."""


class NotAdmitted(CommandFailed):
    """The deployment works, and admits nobody at present: it is closed, or its limits are reached."""


def exit_with(name: str, error: CommandFailed) -> NoReturn:
    """Exit the command of this name with its error."""
    sys.exit(f"{name}: {error}")


@contextmanager
def reported(name: str) -> Iterator[None]:
    """Everything that a command may raise ends it with one line, never with a traceback.

    An unexpected error is a fault of ours: the line says its type and how to see the traceback.
    """
    try:
        yield
    except CommandFailed as error:
        exit_with(name, error)
    except KeyboardInterrupt:
        print(f"{name}: stopped", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        told = " ".join(str(error).split())[:300]
        sys.exit(f"{name}: unexpected {type(error).__name__}: {told} ({TRACEBACK}=1 shows where; please report it)")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work. SIGTERM cancels it, so that it can delete what it has created, and raises CommandFailed."""

    async def cancelled_by_a_signal() -> T:
        task = asyncio.ensure_future(work)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        try:
            return await task
        except asyncio.CancelledError:
            raise CommandFailed("stopped") from None

    return asyncio.run(cancelled_by_a_signal())
