import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from interview.errors import StoreUnavailable, Superseded
from interview.record import Interview, Live, Turn
from interview.store.sqlite import SqliteStore
from interview.usage import Usage
from relay.recorder import MAX_WAITING, TOUCH_EVERY, Recorder
from tests.relay.conftest import now


class FailingStore(SqliteStore):
    """A real store that can be made unavailable."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.failing = False
        self.failed = asyncio.Event()
        self.touches = 0

    async def touch(
        self,
        session_id: str,
        epoch: int,
        now: datetime,
        usage: Usage | None = None,
        thinking_seconds: float | None = None,
    ) -> Interview:
        self.touches += 1
        if self.failing:
            raise StoreUnavailable("The store is unavailable.")
        return await super().touch(session_id, epoch, now, usage, thinking_seconds)

    async def save_turn(self, session_id: str, epoch: int, turn: Turn) -> Interview:
        if self.failing:
            self.failed.set()
            raise StoreUnavailable("The store is unavailable.")
        return await super().save_turn(session_id, epoch, turn)


@pytest.fixture
async def store(tmp_path: Path) -> Any:
    store = FailingStore(str(tmp_path / "interviews.db"))
    yield store
    await store.close()


@pytest.fixture
async def interview(store: FailingStore) -> Interview:
    await store.create(
        Interview(
            session_id="s",
            skill_topic="t",
            level="beginner",
            language="en-US",
            status="ready",
            token_sha256="",
            prompt="",
            max_duration_seconds=60,
            created_at=now(),
            expires_at=now().replace(year=now().year + 1),
        )
    )
    return await store.claim("s", now())


def turn(number: int, text: str = "words") -> Turn:
    return Turn(number, "candidate", text, now(), now())


def ignore(_: Interview) -> None:
    """Ignore the record."""


async def test_turns_are_written_in_order_and_the_record_is_reported(store: FailingStore, interview: Interview) -> None:
    seen: list[Interview] = []
    recorder = Recorder(store, interview, seen.append)
    recorder.keep(turn(0))
    recorder.keep(turn(1))
    await recorder.flush()
    assert [kept.number for kept in await store.turns("s")] == [0, 1]
    assert [record.status for record in seen] == ["live", "live"]


async def test_a_newer_version_of_a_turn_replaces_it(store: FailingStore, interview: Interview) -> None:
    recorder = Recorder(store, interview, ignore)
    recorder.keep(turn(0, "I like"))
    recorder.keep(turn(0, "I like it"))
    assert recorder.waiting == 1
    await recorder.flush()
    recorder.keep(turn(0, "I like it so"))
    await recorder.flush()
    assert [kept.text for kept in await store.turns("s")] == ["I like it so"]


async def test_a_newer_version_that_comes_while_the_turn_is_written_is_written_too(
    store: FailingStore, interview: Interview
) -> None:
    recorder = Recorder(store, interview, ignore)
    recorder.keep(turn(0, "I like"))
    writing = asyncio.create_task(recorder.flush())
    await asyncio.sleep(0)  # the first version is being written
    recorder.keep(turn(0, "I like it"))
    await writing
    assert [kept.text for kept in await store.turns("s")] == ["I like it"]


async def test_all_turns_are_the_newest_version_of_each_whether_stored_waiting_or_unfinished(
    store: FailingStore, interview: Interview
) -> None:
    recorder = Recorder(store, interview, ignore)
    for number in range(3):
        recorder.keep(turn(number, "stored"))
    await recorder.flush()
    recorder.keep(turn(1, "waits"))
    recorder.keep(turn(2, "waits"))
    asked: list[int] = []

    def unfinished() -> list[Turn]:
        asked.append(1)
        return [turn(4, "unfinished"), turn(2, "unfinished")]

    reading = asyncio.create_task(recorder.all_turns(unfinished))
    await asyncio.sleep(0)
    assert asked == [], "they may change until the store has answered"
    found = [(one.number, one.text) for one in await reading]
    assert found == [(0, "stored"), (1, "waits"), (2, "unfinished"), (4, "unfinished")]


async def test_turns_wait_for_an_unavailable_store(
    store: FailingStore, interview: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relay.recorder.FIRST_PAUSE", 0.01)
    recorder = Recorder(store, interview, ignore)
    store.failing = True
    pump = asyncio.create_task(recorder.pump())
    recorder.keep(turn(0))
    recorder.keep(turn(1))
    async with asyncio.timeout(60):
        await store.failed.wait()
        assert recorder.waiting == 2
        store.failing = False
        while recorder.waiting:
            await asyncio.sleep(0.01)
    pump.cancel()
    assert [kept.number for kept in await store.turns("s")] == [0, 1]


async def test_a_superseded_recorder_writes_nothing(store: FailingStore, interview: Interview) -> None:
    recorder = Recorder(store, replace(interview, live=Live(epoch=0)), ignore)
    recorder.keep(turn(0))
    with pytest.raises(Superseded):
        await recorder.pump()
    assert await store.turns("s") == []


async def test_dropped_turns_are_counted(store: FailingStore, interview: Interview) -> None:
    recorder = Recorder(store, interview, ignore)
    for number in range(MAX_WAITING + 2):
        recorder.keep(turn(number))
    assert (recorder.waiting, recorder.lost) == (MAX_WAITING, 2)


class LoopClock:
    """The event loop's clock, which a test can advance."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = 0.0
        loop = asyncio.get_running_loop()
        time = loop.time
        monkeypatch.setattr(loop, "time", lambda: time() + self.ahead)


async def test_a_heartbeat_is_sent_every_touch_interval(
    store: FailingStore, interview: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, seen = LoopClock(monkeypatch), list[Interview]()
    at = now() + timedelta(minutes=1)
    recorder = Recorder(store, interview, seen.append, lambda: at)
    await recorder.check()
    clock.ahead += TOUCH_EVERY / 2
    await recorder.check()
    assert (store.touches, seen) == (0, []), "the claim was a heartbeat, too"
    clock.ahead += TOUCH_EVERY / 2
    await recorder.check()
    await recorder.check()
    assert store.touches == 1
    assert [record.live.seen_at for record in seen] == [at]
    clock.ahead += TOUCH_EVERY
    await recorder.check()
    assert store.touches == 2


async def test_a_failed_heartbeat_is_sent_with_the_next_check(
    store: FailingStore, interview: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, seen = LoopClock(monkeypatch), list[Interview]()
    recorder = Recorder(store, interview, seen.append)
    clock.ahead += TOUCH_EVERY
    store.failing = True
    await recorder.check()
    assert (store.touches, seen) == (1, [])
    store.failing = False
    await recorder.check()
    assert (store.touches, len(seen)) == (2, 1)


async def test_a_heartbeat_notices_an_end_from_elsewhere(
    store: FailingStore, interview: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, seen = LoopClock(monkeypatch), list[Interview]()
    recorder = Recorder(store, interview, seen.append)
    ended = await store.end("s", "candidate", now())
    clock.ahead += TOUCH_EVERY
    await recorder.check()
    assert seen == [ended]


async def test_a_heartbeat_notices_another_connection(
    store: FailingStore, interview: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = LoopClock(monkeypatch)
    recorder = Recorder(store, interview, ignore)
    claimed = await store.claim("s", now())
    clock.ahead += TOUCH_EVERY
    with pytest.raises(Superseded):
        await recorder.check()
    assert await store.get("s") == claimed
