from types import SimpleNamespace
from typing import Any

import pytest
from websockets.datastructures import Headers

from relay.browser.arrivals import Arrivals, client_address


def test_an_address_is_full_while_its_sockets_wait() -> None:
    arrivals = Arrivals(in_all=10, an_address=2)
    leave = arrivals.enter("a")
    arrivals.enter("a")
    assert arrivals.full("a")
    assert not arrivals.full("b")
    leave()
    leave()
    assert not arrivals.full("a")
    arrivals.enter("a")
    assert arrivals.full("a"), "a socket leaves once"


def test_all_addresses_together_are_limited() -> None:
    arrivals = Arrivals(in_all=3, an_address=2)
    leave = [arrivals.enter(address) for address in "abc"]
    assert arrivals.full("d")
    leave[0]()
    assert not arrivals.full("d")


def browser(peer: str) -> Any:
    return SimpleNamespace(remote_address=(peer, 1234))


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ([], "169.254.1.1"),
        (["203.0.113.9"], "203.0.113.9"),
        (["10.0.0.1, 203.0.113.9"], "203.0.113.9"),
        (["10.0.0.1", "1.2.3.4,203.0.113.9"], "203.0.113.9"),
        (["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        (["::ffff:203.0.113.9"], "203.0.113.9"),
        (["nonsense"], "nonsense"),
    ],
)
def test_the_last_entry_is_the_address_behind_the_front_end(headers: list[str], address: str) -> None:
    given = Headers([("X-Forwarded-For", value) for value in headers])
    assert client_address(browser("169.254.1.1"), given, forwarded=True) == address


def test_without_a_front_end_the_header_is_not_believed() -> None:
    given = Headers([("X-Forwarded-For", "203.0.113.9")])
    assert client_address(browser("127.0.0.1"), given, forwarded=False) == "127.0.0.1"
