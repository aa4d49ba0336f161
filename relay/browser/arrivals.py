"""Sockets that have connected and not said hello yet: how often an address may dial, and how many may wait, in all and
from one address.

Up to that rate a new socket is never refused. If too many wait, another one is closed for it: the oldest of the same
address, or of the address with the most. Most pages say hello within moments.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Final, Protocol

from websockets.asyncio.server import ServerConnection
from websockets.datastructures import Headers

from relay.browser.pacing import Bucket

HANDSHAKE_BURST: Final = 240
HANDSHAKES_A_SECOND: Final = 10
"""Handshakes of one address that are accepted at once, and each second after that. A class behind one router dials at
once, and again when its relay is replaced. An accepted handshake costs five times as much as a refused one, and the
frames behind it cost more (benchmarks/abuse.py).
"""
ADDRESSES: Final = 4_096
"""Addresses whose handshakes are remembered."""
IN_ALL: Final = 200
"""Sockets that may wait at once. They don't count as live interviews. The address with the most of them makes room."""
AN_ADDRESS: Final = 20
"""Sockets from one address that may wait for longer than `MOMENT`."""
MOMENT: Final = 1.0
"""Seconds in which a page says hello. A class behind one router may well connect at once."""
_NETWORK_BITS: Final = 64
"""Bits of an IPv6 address that one customer shares: the rest is theirs to choose."""


class Socket(Protocol):
    """The part of a connection that this needs."""

    def refuse(self, reason: str) -> None:
        """Close it with 4429. Returns at once."""


class Arrivals:
    """The sockets that wait, in order of arrival. Times are seconds of a monotonic clock."""

    def __init__(self, in_all: int = IN_ALL, an_address: int = AN_ADDRESS) -> None:
        self._in_all = in_all
        self._an_address = an_address
        self._waiting: dict[Socket, tuple[str, float]] = {}
        self._handshakes: OrderedDict[str, Bucket] = OrderedDict()

    def dial(self, address: str, now: float) -> bool:
        """Count a handshake. Returns False if the address has dialled too often: it is to be refused."""
        bucket = self._handshakes.get(address)
        if bucket is None:
            bucket = self._handshakes[address] = Bucket(HANDSHAKES_A_SECOND, HANDSHAKE_BURST)
            if len(self._handshakes) > ADDRESSES:
                self._handshakes.popitem(last=False)
        self._handshakes.move_to_end(address)
        return bucket.take(1, now)

    def enter(self, socket: Socket, address: str, now: float) -> Callable[[], None]:
        """Count a socket until the returned function is called. Another one may be refused for it."""
        near = self._from(address)
        if len(near) >= self._an_address and now - self._waiting[near[0]][1] >= MOMENT:
            self._refuse(near[0])
        elif len(self._waiting) >= self._in_all:
            (busiest, _), *_ = Counter(address for address, _ in self._waiting.values()).most_common(1)
            self._refuse(self._from(busiest)[0])
        self._waiting[socket] = (address, now)

        def leave() -> None:
            self._waiting.pop(socket, None)

        return leave

    def _from(self, address: str) -> list[Socket]:
        return [socket for socket, (other, _) in self._waiting.items() if other == address]

    def _refuse(self, socket: Socket) -> None:
        del self._waiting[socket]
        socket.refuse("at_capacity")


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
