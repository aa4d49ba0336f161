from relay.patience import Patience


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def test_who_expects_nothing_waits_for_ever() -> None:
    hands = Hands()
    patience = Patience(hands)
    hands.time += 1000
    assert not patience.expecting
    assert not patience.exhausted(8)


def test_it_ends_when_nothing_comes() -> None:
    hands = Hands()
    patience = Patience(hands)
    patience.expect()
    assert patience.expecting
    hands.time += 8
    assert not patience.exhausted(8)
    hands.time += 0.1
    assert patience.exhausted(8)


def test_each_sign_of_life_renews_it() -> None:
    hands = Hands()
    patience = Patience(hands)
    for _ in range(5):
        patience.expect()
        hands.time += 6
        assert not patience.exhausted(8)


def test_what_has_come_is_not_waited_for() -> None:
    hands = Hands()
    patience = Patience(hands)
    patience.expect()
    patience.content()
    hands.time += 1000
    assert (patience.expecting, patience.exhausted(8)) == (False, False)


def test_how_long_it_has_been() -> None:
    hands = Hands()
    patience = Patience(hands)
    assert patience.waited is None
    patience.expect()
    hands.time += 1.5
    assert patience.waited == 1.5
    patience.content()
    assert patience.waited is None
