"""Whatever happens, in whatever order: nobody waits without an action, and no word is lost or kept twice."""

import itertools
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from relay.talk import actions, candidate, connection, interviewer
from relay.talk.state import State
from relay.talk.waiting import AFTER_REMINDER, ANSWER
from tests.relay.talk.driver import START, Driver, sound

LONGEST_WAIT = ANSWER + AFTER_REMINDER + 1.0
"""Seconds that anybody may wait for the interviewer before something is done about it."""

STEP = st.one_of(
    st.tuples(st.just("speak"), st.floats(0.1, 6)),
    st.tuples(st.just("listen"), st.floats(0.1, 15)),
    st.tuples(st.just("words"), st.just(0.0)),
    st.tuples(st.just("reply"), st.floats(0.3, 6)),
    st.tuples(st.just("cut reply"), st.floats(0.3, 3)),
    st.tuples(st.just("empty turn"), st.just(0.0)),
    st.tuples(st.just("interrupted"), st.just(0.0)),
    st.tuples(st.just("lose"), st.floats(0.1, 3)),
    st.tuples(st.just("type"), st.just(0.0)),
    st.tuples(st.just("hold"), st.floats(0.1, 10)),
    st.tuples(st.just("go away"), st.floats(0.1, 10)),
    st.tuples(st.just("call"), st.just(0.0)),
    st.tuples(st.just("begin a reply"), st.floats(0.3, 3)),
    st.tuples(st.just("end a reply"), st.just(0.0)),
    st.tuples(st.just("played"), st.just(0.0)),
    st.tuples(st.just("rotate"), st.floats(0, 2)),
)


class Watched(Driver):
    """A driver that checks at every moment that nobody waits for too long."""

    def __post_init__(self) -> None:
        self.acted_at = 100.0
        self.said: list[str] = []
        super().__post_init__()

    def perform(self) -> None:
        before = len(self.done)
        super().perform()
        if len(self.done) > before:
            self.acted_at = self.now
        since = self.floor.waiting_since
        ends = {
            State.WAITING: self.floor.owed is not None,  # the reply timer
            State.SPEAKING: self.floor.incoming.playing,  # the watchdog of stalled sound
            State.PLAYING: self.floor.playing,  # the longest time that playing can take
            State.ANSWERING: self.floor.ear.speaking,  # silence, which the relay fills in
        }
        assert ends.get(self.floor.state, True), f"nothing ends {self.floor.state}"
        if since is not None and self.floor.connected and not self.floor.ear.speaking and self.floor.goodbye.at is None:
            assert self.now - max(since, self.acted_at) < LONGEST_WAIT, "somebody waits and nothing is done"
        if any(isinstance(action, actions.Redial) for _, action in self.done[before:]):
            self.lose()
            self.connect(seeded=True)


def take(driver: Watched, step: tuple[str, float]) -> None:  # noqa: C901, PLR0912 - a table of steps
    floor = driver.floor
    if floor.state is State.OVER:
        return
    match step:
        case ("speak", length):
            driver.speak(length)
        case ("listen", length):
            driver.listen(length)
        case ("words", _):
            text = f"These are words number {len(driver.said)}x."
            driver.said.append(text)
            driver.hears(text)
        case ("reply", length):
            driver.says(f"Reply at {driver.now:.2f} has words.", length)
        case ("cut reply", length):
            interviewer.said(floor, "Reply without an", driver.now)
            driver.audio(sound(length))
            driver.complete()
        case ("empty turn", _):
            driver.complete("RESPONSE_REJECTED")
        case ("interrupted", _):
            driver.frame({"serverContent": {"interrupted": True}})
            driver.after(0.3, driver.complete)
        case ("lose", length):
            driver.lose()
            driver.listen(length)
            driver.connect(seeded=True)
        case ("type", _):
            text = f"Typed words number {len(driver.said)}x."
            driver.said.append(text)
            candidate.typed(floor, text, driver.now)
        case ("hold", length):
            candidate.hold(floor, on=True, now=driver.now)
            driver.listen(length)
            candidate.hold(floor, on=False, now=driver.now)
        case ("go away", length):
            connection.closing(floor, driver.now + length)
        case ("call", _):
            driver.call()
        case ("begin a reply", length):
            interviewer.said(floor, "Some words of a reply", driver.now)
            driver.audio(sound(length))
        case ("end a reply", _):
            interviewer.generated(floor, driver.now)
        case ("played", _):
            candidate.played(floor, driver.now)
        case ("rotate", unacknowledged):
            driver.lose()
            driver.wait(0.3)
            driver.connect(seeded=True, sound=unacknowledged)
    driver.perform()


def check(driver: Watched) -> None:
    record = driver.record
    spoken = " ".join(turn.text for turn in record if turn.speaker == "candidate")
    for text in driver.said:
        assert spoken.count(text) == 1, f"{text!r} is kept once"
    by_number: dict[int, str] = {}
    for turn in [one.turn for _, one in driver.done if isinstance(one, (actions.Keep, actions.Unwritten))]:
        assert by_number.setdefault(turn.number, turn.speaker) == turn.speaker
    for speaker in ("interviewer", "candidate"):  # they may speak at once
        starts = [(turn.started_at - START).total_seconds() for turn in record if turn.speaker == speaker]
        assert all(later >= earlier for earlier, later in itertools.pairwise(starts)), starts
    assert all(turn.ended_at >= turn.started_at for turn in record)


@given(st.lists(STEP, max_size=25), st.booleans())
@example([("cut reply", 1.0), ("reply", 1.0), ("words", 0.0)], True)
@example([("speak", 1.0), ("reply", 1.0), ("reply", 1.0), ("reply", 1.0), ("interrupted", 0.0)], True)
@example(
    [("speak", 1.0), ("reply", 2.0), ("begin a reply", 1.0), ("lose", 1.0), ("reply", 1.0), ("interrupted", 0.0)], False
)
@example([("cut reply", 1.0), ("cut reply", 1.0), ("played", 0.0), ("reply", 1.0)], False)
@example(
    [("speak", 1.0), ("reply", 2.0), ("begin a reply", 1.0), ("lose", 1.0), ("played", 0.0), ("reply", 1.0)], False
)
def test_any_sequence(steps: list[tuple[str, float]], plays: Any) -> None:
    driver = Watched(plays=plays)
    driver.greet()
    for step in steps:
        take(driver, step)
    if driver.floor.state is not State.OVER:
        driver.listen(LONGEST_WAIT + 1)
    driver.end()
    check(driver)


@given(st.lists(STEP, max_size=15), st.booleans())
def test_nothing_is_sent_after_the_end(steps: list[tuple[str, float]], plays: Any) -> None:
    driver = Watched(plays=plays)
    driver.greet()
    candidate.end(driver.floor, "candidate", driver.now)
    driver.perform()
    driver.wait(4)
    over = len(driver.done)
    assert driver.floor.state is State.OVER
    for step in steps:
        take(driver, step)
    assert not [action for _, action in driver.done[over:] if isinstance(action, (actions.Send, actions.Begin))]
