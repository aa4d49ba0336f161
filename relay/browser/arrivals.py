"""Sockets that have connected and not said hello yet: how many may wait, in all and from one address."""

from collections import Counter
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Final

from websockets.asyncio.server import ServerConnection
from websockets.datastructures import Headers

IN_ALL: Final = 200
"""Sockets that may wait at once. They don't count as live interviews."""
AN_ADDRESS: Final = 40
"""Of these, sockets from one address. A class behind one router may connect at once: a hello takes a moment."""
_NETWORK_BITS: Final = 64
"""Bits of an IPv6 address that one customer shares: the rest is theirs to choose."""


class Arrivals:
    """Counts the sockets that wait, by address."""

    def __init__(self, in_all: int = IN_ALL, an_address: int = AN_ADDRESS) -> None:
        self._in_all = in_all
        self._an_address = an_address
        self._waiting: Counter[str] = Counter()

    def full(self, address: str) -> bool:
        """Whether one more from this address would be too many."""
        return self._waiting.total() >= self._in_all or self._waiting[address] >= self._an_address

    def enter(self, address: str) -> Callable[[], None]:
        """Count a socket until the returned function is called for the first time."""
        self._waiting[address] += 1
        waits = True

        def leave() -> None:
            nonlocal waits
            if waits:
                waits = False
                self._waiting[address] -= 1
                if not self._waiting[address]:
                    del self._waiting[address]

        return leave


def client_address(browser: ServerConnection, headers: Headers, *, forwarded: bool) -> str:
    """The address of the client; of an IPv6 address its /64.

    `forwarded`: Google's front end is in between. It appends the address that it has seen to X-Forwarded-For, so that
    the last entry can't be forged. Everything before that, and the whole header without a front end, can be.
    """
    peer = browser.remote_address
    address = str(peer[0]) if peer else ""
    if forwarded and (entries := headers.get_all("X-Forwarded-For")):
        address = entries[-1].rpartition(",")[2].strip()
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), _NETWORK_BITS), strict=False))
