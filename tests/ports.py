"""Ports that a program under test is told to listen on.

The kernel gives out its own choice (port 0) again: to any outgoing connection, or to another test, before the program
listens. So these are below the kernel's range, and tests that run at the same time rarely choose from the same place.
"""

import random
import socket
from typing import Final

RANGE: Final = range(16_384, 32_768)
"""Linux takes the ports of outgoing connections from 32,768 on, macOS from 49,152 on."""
TRIES: Final = 100

_random: Final = random.SystemRandom()
_given: Final[set[int]] = set()


def free_port() -> int:
    """A port of the loopback interface on which nothing listens, and which this process has not given out before."""
    for _ in range(TRIES):
        port = _random.choice(RANGE)
        if port not in _given and _is_free(port):
            _given.add(port)
            return port
    raise OSError(f"No free port among {TRIES} of {RANGE}.")


def _is_free(port: int) -> bool:
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False
