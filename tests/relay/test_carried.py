import pytest

from relay.carried import PARKED_SECONDS, Carried, Parking
from relay.gemini.replay_buffer import ReplayBuffer
from relay.talk.ear import Ear

FRAME = bytes(3_200)


def carried(frames: int) -> Carried:
    replay = ReplayBuffer()
    for number in range(frames):
        replay.record(FRAME, 0.1 * number, loud=True)
    return Carried(replay, Ear(), None)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_only_the_next_connection_gets_what_the_last_one_left_and_once() -> None:
    parking, left = Parking(Clock()), carried(1)
    parking.put("s", 1, left)
    assert parking.take("s", 2) is left
    assert parking.take("s", 2) is None
    parking.put("s", 1, left)
    assert parking.take("s", 3) is None, "another instance has gone on in between"


def test_it_is_kept_for_a_limited_time() -> None:
    clock, left = Clock(), carried(1)
    parking = Parking(clock)
    parking.put("s", 1, left)
    clock.now += PARKED_SECONDS
    assert parking.take("s", 2) is left
    parking.put("s", 1, left)
    clock.now += PARKED_SECONDS + 1
    assert parking.take("s", 2) is None


def test_the_oldest_goes_first_when_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.carried.MOST_PARKED", 2 * len(FRAME))
    parking, newer = Parking(Clock()), carried(1)
    parking.put("older", 1, carried(2))
    parking.put("newer", 1, newer)
    assert parking.take("older", 2) is None
    assert parking.take("newer", 2) is newer
