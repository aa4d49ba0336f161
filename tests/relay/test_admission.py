import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from interview.record import Interview, Turn
from interview.store.sqlite import SqliteStore
from local.gemini import Script
from relay.browser.messages import MAX_FRAME
from relay.browser.pacing import CONNECTIONS
from tests.relay.conftest import ORIGIN, SILENCE, SPEECH, TOKEN, Build, Candidate, RunningRelay, now
from tests.relay.puppet import Connection, Puppet, puppet, ready

HELLO = json.dumps({"type": "hello", "token": TOKEN})


async def close_code(running: RunningRelay, session_id: str, *frames: str | bytes) -> int:
    """The relay's close code after these frames."""
    async with running.dial(session_id, origin=ORIGIN) as socket:
        for frame in frames:
            await socket.send(frame)
        code, _ = await Candidate(socket).closed()
        return code


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([SPEECH], 4400),
        (["{"], 4400),
        (['{"type": "played"}'], 4400),
        (['{"type": "hello"}'], 4400),
        ([json.dumps({"type": "hello", "token": "wrong"})], 4401),
        ([HELLO, HELLO], 4400),
        ([HELLO, "{"], 4400),
        ([HELLO, b"\x00"], 4400),
        ([HELLO, bytes(MAX_FRAME + 2)], 1009),
        (["x" * (MAX_FRAME + 1)], 1009),
    ],
    ids=[
        "audio first",
        "no JSON",
        "another first",
        "no token",
        "wrong token",
        "two hellos",
        "later no JSON",
        "odd frame",
        "too big",
        "too big first",
    ],
)
async def test_a_violation_of_the_protocol_has_its_close_code(
    running: RunningRelay, frames: list[str | bytes], code: int
) -> None:
    interview = await running.interview()
    assert await close_code(running, interview.session_id, *frames) == code


async def test_an_unknown_session_looks_like_a_wrong_token(running: RunningRelay) -> None:
    assert await close_code(running, "0" * 32, HELLO) == 4401


async def test_the_token_of_another_session_does_not_open_this_one(running: RunningRelay) -> None:
    theirs = await running.interview()
    running.token = "another"
    mine = await running.interview()
    assert await close_code(running, theirs.session_id, json.dumps({"type": "hello", "token": "another"})) == 4401
    assert (await running.store.get(mine.session_id)).status == "ready"


async def test_a_connection_without_a_hello_is_closed(running: RunningRelay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.admission.HELLO_TIMEOUT", 0.1)
    interview = await running.interview()
    assert await close_code(running, interview.session_id) == 4408


async def test_an_ended_interview_admits_nobody(running: RunningRelay) -> None:
    interview = await running.interview()
    await running.store.end(interview.session_id, "candidate", now())
    assert await close_code(running, interview.session_id, HELLO) == 4410


async def test_beyond_the_capacity_nobody_is_admitted(build: Build) -> None:
    running = await build(Script(voice="tone", heard=()), capacity=1)
    first, second = await running.interview(), await running.interview()
    async with running.candidate(first.session_id) as candidate:
        await candidate.until("ready")
        assert await close_code(running, second.session_id, HELLO) == 4429
        assert (await running.store.get(second.session_id)).status == "ready", "it can still begin elsewhere"


async def test_connections_at_once_do_not_get_more_places_than_there_are(build: Build) -> None:
    running = await build(Script(voice="tone", heard=()), capacity=2)
    interviews = [await running.interview() for _ in range(8)]
    async with AsyncExitStack() as stack:
        candidates = await asyncio.gather(
            *(stack.enter_async_context(running.candidate(each.session_id)) for each in interviews)
        )
        firsts = await asyncio.gather(*(first_word(candidate) for candidate in candidates))
        assert sorted(firsts, key=str) == [4429] * 6 + ["ready"] * 2
        statuses = [(await running.store.get(each.session_id)).status for each in interviews]
        assert sorted(statuses) == ["live"] * 2 + ["ready"] * 6, "who is not admitted claims nothing"


async def first_word(candidate: Candidate) -> object:
    """The type of the first message, or the close code."""
    try:
        return (await candidate.next())["type"]
    except ConnectionClosed as closed:
        return closed.rcvd and closed.rcvd.code


async def test_an_interview_that_is_live_has_its_place_when_its_candidate_dials_again(build: Build) -> None:
    running = await build(Script(voice="tone", heard=()), capacity=1)
    interview = await running.interview()
    async with running.candidate(interview.session_id) as older, running.candidate(interview.session_id) as newer:
        await newer.until("ready")
        assert (await older.closed())[0] == 4409


async def test_an_interview_that_dials_again_and_again_is_refused(running: RunningRelay) -> None:
    interview = await running.interview()
    for _ in range(CONNECTIONS):
        async with running.candidate(interview.session_id) as candidate:
            await candidate.until("ready")
    async with running.candidate(interview.session_id) as candidate:
        assert await candidate.closed() == (4429, "too_fast")


async def test_the_newest_connection_wins(running: RunningRelay) -> None:
    interview = await running.interview()
    async with running.candidate(interview.session_id) as older:
        await older.until("floor", holder="candidate")
        async with running.candidate(interview.session_id) as newer:
            assert (await older.closed())[0] == 4409
            assert (await newer.until("ready"))["resumed"] is True
            assert running.admission.live == 1
            await newer.send("text", text="I am here now.")
            await newer.until("spoken")
    await running.gone()
    texts = [turn.text for turn in await running.store.turns(interview.session_id)]
    assert "I am here now." in texts


class SlowFirstClaim(SqliteStore):
    """A real store whose first claim succeeds at once and returns late."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.claimed = asyncio.Event()
        self.returns = asyncio.Event()

    async def claim(self, session_id: str, now: datetime) -> Interview:
        interview = await super().claim(session_id, now)
        if not self.claimed.is_set():
            self.claimed.set()
            await self.returns.wait()
        return interview


async def test_a_later_claim_wins_over_an_earlier_one_that_is_admitted_later(build: Build, tmp_path: Path) -> None:
    store = SlowFirstClaim(str(tmp_path / "interviews.db"))
    relay = await build(Script(voice="tone", heard=(), speed=50), store=store)
    interview = await relay.interview()
    async with relay.candidate(interview.session_id) as earlier:
        await store.claimed.wait()
        async with relay.candidate(interview.session_id) as later:
            await later.until("floor", holder="candidate")
            store.returns.set()
            assert (await earlier.closed())[0] == 4409
            await later.send("text", text="I am still here.")
            await later.until("floor", holder="interviewer")
            await later.until("floor", holder="candidate")
            assert relay.admission.live == 1
    await relay.admission.drain(5)
    await store.close()


async def test_a_superseded_connection_can_not_end_the_interview(running: RunningRelay) -> None:
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await running.store.claim(interview.session_id, now())  # as another instance does
        await candidate.send("end")
        assert (await candidate.closed())[0] == 4409
    assert (await running.store.get(interview.session_id)).status == "live"


async def test_of_many_connections_at_once_one_wins(running: RunningRelay) -> None:
    interview = await running.interview()

    async def connect() -> int:
        async with running.candidate(interview.session_id) as candidate:
            code, _ = await candidate.closed()
            return code

    async with asyncio.timeout(60):
        tasks = [asyncio.create_task(connect()) for _ in range(5)]
        done = 0
        while done < 4:
            await asyncio.wait([task for task in tasks if not task.done()], return_when=asyncio.FIRST_COMPLETED)
            done = sum(task.done() for task in tasks)
        while running.admission.live != 1:  # the last one may still be asking the store
            await asyncio.sleep(0.01)
        await running.admission.drain(5)
        codes = await asyncio.gather(*tasks)
    assert sorted(codes) == [1012, 4409, 4409, 4409, 4409]


class Slow(SqliteStore):
    """A real store that keeps and tells turns only while it is `free`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.free = asyncio.Event()
        self.free.set()
        self.asked = 0
        """How often it was asked for a record."""
        self.claims = 0
        self.first_only = False
        """Calls for turns return at once from now on."""

    async def get(self, session_id: str) -> Interview:
        record = await super().get(session_id)
        self.asked += 1
        return record

    async def claim(self, session_id: str, now: datetime) -> Interview:
        record = await super().claim(session_id, now)
        self.claims += 1
        return record

    async def save_turn(self, session_id: str, epoch: int, turn: Turn) -> Interview:
        await self.free.wait()
        return await super().save_turn(session_id, epoch, turn)

    async def turns(self, session_id: str) -> list[Turn]:
        if not self.first_only:
            await self.free.wait()
        return await super().turns(session_id)


@pytest.fixture
async def slow(tmp_path: Path) -> AsyncIterator[Slow]:
    store = Slow(tmp_path / "slow.db")
    yield store
    store.free.set()  # so that a test that fails ends
    await store.close()


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.01)


async def test_what_was_said_on_an_older_connection_is_kept_before_the_newest_begins(build: Build, slow: Slow) -> None:
    running = await build(store=slow)
    interview = await running.interview()
    async with running.candidate(interview.session_id) as older:
        await older.until("floor", holder="candidate")
        slow.free.clear()
        await older.send("text", text="I wrote a queue.")
        await older.until("caption", turn=1)
        async with running.candidate(interview.session_id) as newer:
            await until(lambda: running.gemini and not running.gemini.received.open_connections)
            slow.free.set()  # after all else of the older connection has ended
            assert (await newer.until("caption", turn=1))["text"] == "I wrote a queue."
            assert (await older.closed())[0] == 4409


async def test_of_two_that_wait_for_an_older_connection_one_wins(build: Build, slow: Slow) -> None:
    running = await build(store=slow)
    interview = await running.interview()
    async with running.candidate(interview.session_id) as oldest:
        await oldest.until("floor", holder="candidate")
        slow.free.clear()
        await oldest.send("text", text="I wrote a queue.")
        await oldest.until("caption", turn=1)
        async with running.candidate(interview.session_id) as one, running.candidate(interview.session_id) as other:
            await until(lambda: slow.asked == 3)
            slow.free.set()
            closing = {asyncio.create_task(candidate.closed()) for candidate in (one, other)}
            done, waiting = await asyncio.wait(closing, timeout=60, return_when=asyncio.FIRST_COMPLETED)
            assert [task.result()[0] for task in done] == [4409]
            await running.admission.drain(5)
            assert [(await task)[0] for task in waiting] == [1012]
        assert (await oldest.closed())[0] == 4409


async def test_a_connection_that_comes_in_while_the_instance_is_told_to_go_is_sent_elsewhere(
    build: Build, slow: Slow
) -> None:
    running = await build(store=slow)
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
    await running.gone()
    slow.free.clear()
    async with running.candidate(interview.session_id) as again:
        await until(lambda: slow.claims == 2)
        await running.admission.drain(5)
        slow.free.set()
        assert (await again.until("reconnect"))["after_ms"] > 0
        assert (await again.closed())[0] == 1012


async def test_an_earlier_claim_that_took_longer_does_not_replace_a_later_one(build: Build, slow: Slow) -> None:
    running = await build(store=slow)
    interview = await running.interview()
    await slow.claim(interview.session_id, now())  # so that the turns before are asked for
    slow.free.clear()
    async with running.candidate(interview.session_id) as earlier:
        await until(lambda: slow.claims == 2)
        slow.first_only = True
        async with running.candidate(interview.session_id) as later:
            await later.until("ready")
            slow.free.set()
            assert (await earlier.closed())[0] == 4409
            await later.send("text", text="I am here.")
            await later.until("spoken")


async def test_a_draining_instance_has_every_browser_reconnect(running: RunningRelay) -> None:
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("spoken")
        async with asyncio.TaskGroup() as group:
            group.create_task(running.admission.drain(5))
            assert (await candidate.until("reconnect"))["after_ms"] > 0
            assert (await candidate.closed())[0] == 1012
    assert (await running.store.get(interview.session_id)).status == "live"
    assert await close_code(running, interview.session_id, HELLO) == 1012, "nobody is admitted any more"


async def test_draining_waits_for_every_interview(build: Build) -> None:
    relay = await build(Script(voice="tone", heard=(), speed=50))
    first, second = await relay.interview(), await relay.interview()
    async with relay.candidate(second.session_id) as staying:
        await staying.until("ready")
        async with relay.candidate(first.session_id) as leaving:
            await leaving.until("ready")
        async with asyncio.timeout(60):
            while relay.admission.live != 1:
                await asyncio.sleep(0.01)
        async with asyncio.TaskGroup() as group:
            group.create_task(staying.closed())
            await relay.admission.drain(5)
            assert relay.admission.live == 0


async def test_pages_of_other_origins_are_rejected(running: RunningRelay) -> None:
    interview = await running.interview()
    with pytest.raises(InvalidStatus) as refused:
        async with running.dial(interview.session_id, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403
    async with running.dial(interview.session_id) as socket:  # no browser, so no origin: the token decides
        candidate = Candidate(socket)
        await candidate.send("hello", token=TOKEN)
        await candidate.until("ready")


# Sound that a connection leaves to the page's next one


@dataclass
class Interviews:
    """A relay before a service that transcribes nothing."""

    running: RunningRelay
    service: Puppet

    async def leave(self, interview: Interview, seconds: float) -> None:
        """Speak for so long, have it received, and lose the page's connection."""
        count = len(self.service.connections)
        async with self.running.candidate(interview.session_id) as candidate:
            await candidate.until("floor", holder="candidate")
            for _ in range(round(25 * seconds)):
                await candidate.socket.send(SPEECH)
            connection = await self.service.connected(count)
            await connection.until(lambda: connection.speech >= seconds)
            candidate.socket.transport.abort()
            async with asyncio.timeout(60):
                while self.running.admission.live:
                    await asyncio.sleep(0.01)

    async def sent_again(self, interview: Interview) -> float:
        """Seconds of speech that Gemini gets before anything of what the page, dialling once more, sends."""
        count = len(self.service.connections)
        async with self.running.candidate(interview.session_id) as candidate:
            await candidate.until("ready")
            connection = await self.service.connected(count)
            async with asyncio.timeout(60):
                while MARKER not in connection.audio:  # silence that comes before the setup is done is not sent
                    await candidate.socket.send(MARKER)
                    await asyncio.sleep(0.02)
            return len(connection.audio[: connection.audio.index(MARKER)].replace(SILENCE, b"")) / 32_000


MARKER = b"\x01\x20" * 640
"""A frame that is known again."""


@pytest.fixture
async def interviews(build: Build, tmp_path: Path) -> AsyncIterator[Interviews]:
    async def greet(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        if connection.texts:
            await connection.turn("Hello Ada. What did you build?", MARKER * 10)

    async with puppet(tmp_path, greet) as service:
        yield Interviews(await build(gemini=service.gemini), service)
    assert service.failures == []


async def test_what_was_said_before_the_page_broke_is_sent_again_once(interviews: Interviews) -> None:
    interview = await interviews.running.interview()
    await interviews.leave(interview, 3)
    assert await interviews.sent_again(interview) == pytest.approx(3, abs=0.3)


async def test_a_page_that_dials_before_its_old_connection_is_known_to_be_dead(interviews: Interviews) -> None:
    """As a telephone does that changes its network."""
    interview = await interviews.running.interview()
    async with interviews.running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        for _ in range(75):
            await candidate.socket.send(SPEECH)
        await interviews.service.connections[0].until(lambda: interviews.service.connections[0].speech >= 3)
        candidate.socket.transport.pause_reading()
        assert await interviews.sent_again(interview) == pytest.approx(3, abs=0.3)
        candidate.socket.transport.abort()
    assert await interviews.sent_again(interview) == pytest.approx(3, abs=0.3), "and nothing twice"


async def test_what_is_left_is_not_sent_once_another_instance_has_gone_on(interviews: Interviews) -> None:
    interview = await interviews.running.interview()
    await interviews.leave(interview, 3)
    await interviews.running.store.claim(interview.session_id, now())  # as another instance does
    assert await interviews.sent_again(interview) == 0


async def test_nothing_of_it_is_sent_for_another_interview(interviews: Interviews) -> None:
    mine, theirs = await interviews.running.interview(), await interviews.running.interview()
    await interviews.leave(mine, 3)
    assert await interviews.sent_again(theirs) == 0
    assert await interviews.sent_again(mine) == pytest.approx(3, abs=0.3)


async def test_it_is_kept_for_as_long_as_a_page_takes_to_dial_again(
    interviews: Interviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = await interviews.running.interview()
    await interviews.leave(interview, 3)
    monkeypatch.setattr("relay.carried.PARKED_SECONDS", -1.0)
    assert await interviews.sent_again(interview) == 0


async def test_what_is_kept_in_all_is_bounded_and_the_oldest_goes_first(
    interviews: Interviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relay.carried.MOST_PARKED", 5 * 32_000)
    older, newer = await interviews.running.interview(), await interviews.running.interview()
    await interviews.leave(older, 3)
    await interviews.leave(newer, 3)
    assert await interviews.sent_again(older) == 0
    assert await interviews.sent_again(newer) == pytest.approx(3, abs=0.3)
