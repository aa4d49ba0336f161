from types import SimpleNamespace
from typing import Any

import pytest
from websockets.datastructures import Headers

from relay.browser.arrivals import (
    ADDRESSES,
    HANDSHAKE_BURST,
    HANDSHAKES_A_SECOND,
    MOMENT,
    Arrivals,
    client_address,
)


class Socket:
    def __init__(self) -> None:
        self.refused = ""

    def refuse(self, reason: str) -> None:
        self.refused = reason


def test_the_socket_of_an_address_that_has_waited_longest_makes_room() -> None:
    arrivals = Arrivals(in_all=10, an_address=2)
    first, second, third, other = (Socket() for _ in range(4))
    arrivals.enter(first, "a", 0.0)
    arrivals.enter(second, "a", 0.1)
    arrivals.enter(other, "b", MOMENT)
    arrivals.enter(third, "a", MOMENT)
    assert [one.refused for one in (first, second, third, other)] == ["at_capacity", "", "", ""]


def test_many_of_one_address_may_come_at_once_if_they_say_hello() -> None:
    arrivals = Arrivals(in_all=10, an_address=2)
    sockets = [Socket() for _ in range(8)]
    leave = [arrivals.enter(socket, "a", 0.0) for socket in sockets]
    for each in leave:
        each()
        each()
    late = [Socket() for _ in range(2)]
    for socket in late:
        arrivals.enter(socket, "a", 2 * MOMENT)
    assert not any(socket.refused for socket in (*sockets, *late))


def test_of_all_addresses_the_one_with_the_most_sockets_makes_room() -> None:
    arrivals = Arrivals(in_all=4, an_address=4)
    lone, *many = (Socket() for _ in range(4))
    arrivals.enter(lone, "b", 0.0)
    for socket in many:
        arrivals.enter(socket, "a", 0.1)
    arrivals.enter(Socket(), "c", 0.2)
    assert [socket.refused for socket in (lone, *many)] == ["", "at_capacity", "", ""]


def test_an_address_that_dials_too_often_is_refused_until_later_and_no_other_is() -> None:
    arrivals = Arrivals()
    assert [arrivals.dial("a", 0.0) for _ in range(HANDSHAKE_BURST + 5)] == [True] * HANDSHAKE_BURST + [False] * 5
    assert arrivals.dial("b", 0.0)
    assert [arrivals.dial("a", 1.0) for _ in range(HANDSHAKES_A_SECOND + 1)] == [True] * HANDSHAKES_A_SECOND + [False]


def test_of_more_addresses_than_are_remembered_the_one_that_dialled_longest_ago_is_forgotten() -> None:
    arrivals = Arrivals()
    for _ in range(HANDSHAKE_BURST):
        arrivals.dial("first", 0.0)
        arrivals.dial("again", 0.0)
    for number in range(ADDRESSES - 2):
        arrivals.dial(f"other {number}", 0.0)
    assert not arrivals.dial("again", 0.0)
    arrivals.dial("one more", 0.0)
    assert not arrivals.dial("again", 0.0)
    assert arrivals.dial("first", 0.0)


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
