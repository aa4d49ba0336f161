"""The network that a request comes from, as far as a trusted proxy reports it (docs/security.md)."""

from ipaddress import IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from interview.api.message import Request

UNKNOWN: Final = "unknown"
"""All callers without a readable address count as one."""

PROXIES: Final = tuple(
    ip_network(network)
    for network in (
        # The edge of Firebase Hosting, Fastly (https://api.fastly.com/public-ip-list).
        *("23.235.32.0/20", "43.249.72.0/22", "103.244.50.0/24", "103.245.222.0/23", "103.245.224.0/24"),
        *("104.156.80.0/20", "140.248.64.0/18", "140.248.128.0/17", "146.75.0.0/17", "151.101.0.0/16"),
        *("157.52.64.0/18", "167.82.0.0/17", "167.82.128.0/20", "167.82.160.0/20", "167.82.224.0/20"),
        *("172.111.64.0/18", "185.31.16.0/22", "199.27.72.0/21", "199.232.0.0/16"),
        *("2a04:4e40::/32", "2a04:4e42::/32"),
        # Google's own front ends, not the machines of its customers
        # (https://www.gstatic.com/ipranges/goog.json without cloud.json).
        *("35.191.0.0/16", "130.211.0.0/22", "64.233.160.0/19", "66.102.0.0/20", "72.14.192.0/18"),
        *("74.125.0.0/16", "108.177.0.0/17", "142.250.0.0/15", "172.217.0.0/16", "172.253.0.0/16"),
        *("173.194.0.0/16", "209.85.128.0/17", "216.239.32.0/19"),
    )
)
"""Who may stand between a client and a function. Each of them appends the address that called it."""


def client_address(request: Request, *, forwarded: bool) -> str:
    """The address that this request comes from; of IPv6 its /64, which is what one subscriber has.

    `forwarded`: Google's front end is in front of this server. It appends the address that called it to
    X-Forwarded-For, after what the client itself put there. So the last entry can't be forged. If it is a proxy of
    Hosting or of Google, the entry before it is the address that this proxy was called from, and so on. Through Hosting
    the header was measured as `<caller>,<Google front end>` (https://github.com/gamedevpl/www.gamedev.pl/pull/1146).
    """
    hops = request.headers.get("x-forwarded-for", "").split(",") if forwarded else []
    chain = [hop for hop in hops if hop.strip()] or [request.peer]
    address = UNKNOWN
    for hop in reversed(chain):
        try:
            found = ip_address(hop.strip())
        except ValueError:
            return address
        if isinstance(found, IPv6Address):
            found = found.ipv4_mapped or found
        address = str(IPv6Network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)
        if not any(found in network for network in PROXIES):
            return address
    return address
