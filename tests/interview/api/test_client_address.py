from collections.abc import AsyncIterator

import pytest

from interview.api.client_address import client_address
from interview.api.message import Request


async def nothing() -> AsyncIterator[bytes]:
    return
    yield b""


def request(forwarded_for: str | None, peer: str = "169.254.1.1") -> Request:
    headers = {} if forwarded_for is None else {"x-forwarded-for": forwarded_for}
    return Request("POST", "/", headers, {}, nothing(), peer=peer)


@pytest.mark.parametrize(
    ("forwarded_for", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("198.51.100.9, 192.0.2.1", "192.0.2.1"),  # forged, at the service's own address
        ("192.0.2.1,151.101.1.7", "192.0.2.1"),  # through Hosting
        ("198.51.100.9, 192.0.2.1, 157.52.91.44, 66.102.8.142", "192.0.2.1"),  # forged, through Hosting
        ("198.51.100.9, not an address, 151.101.1.7", "151.101.1.7"),
        ("151.101.1.7", "151.101.1.7"),
        ("nonsense", "unknown"),
        ("", "169.254.1.1"),
        (None, "169.254.1.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1, 2a04:4e42::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_the_last_address_that_is_no_proxy_counts(forwarded_for: str | None, address: str) -> None:
    assert client_address(request(forwarded_for), forwarded=True) == address


def test_without_googles_front_end_only_the_connection_counts() -> None:
    assert client_address(request("198.51.100.9", "192.0.2.1"), forwarded=False) == "192.0.2.1"
    assert client_address(request(None, ""), forwarded=False) == "unknown"
