from relay.gemini.reply_timer import ReplyTimer


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def test_who_expects_nothing_waits_for_ever() -> None:
    hands = Hands()
    reply_timer = ReplyTimer(hands)
    hands.time += 1000
    assert not reply_timer.running
    assert not reply_timer.expired(8)


def test_it_ends_when_nothing_comes() -> None:
    hands = Hands()
    reply_timer = ReplyTimer(hands)
    reply_timer.restart()
    assert reply_timer.running
    hands.time += 8
    assert not reply_timer.expired(8)
    hands.time += 0.1
    assert reply_timer.expired(8)


def test_each_sign_of_life_renews_it() -> None:
    hands = Hands()
    reply_timer = ReplyTimer(hands)
    for _ in range(5):
        reply_timer.restart()
        hands.time += 6
        assert not reply_timer.expired(8)


def test_what_has_come_is_not_waited_for() -> None:
    hands = Hands()
    reply_timer = ReplyTimer(hands)
    reply_timer.restart()
    reply_timer.stop()
    hands.time += 1000
    assert (reply_timer.running, reply_timer.expired(8)) == (False, False)


def test_how_long_it_has_been() -> None:
    hands = Hands()
    reply_timer = ReplyTimer(hands)
    assert reply_timer.waited is None
    reply_timer.restart()
    hands.time += 1.5
    assert reply_timer.waited == 1.5
    reply_timer.stop()
    assert reply_timer.waited is None
