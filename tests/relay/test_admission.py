import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from interview.record import Interview
from local.gemini import Script
from relay.browser.messages import MAX_FRAME
from tests.relay.conftest import ORIGIN, SILENCE, SPEECH, TOKEN, Build, Candidate, House, now
from tests.relay.puppet import Connection, Puppet, puppet, ready

HELLO = json.dumps({"type": "hello", "token": TOKEN})


async def close_code(house: House, session_id: str, *frames: str | bytes) -> int:
    """What the relay closes with when it is sent these frames."""
    async with house.dial(session_id, origin=ORIGIN) as socket:
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
async def test_what_breaks_the_protocol_is_closed_with_its_code(
    house: House, frames: list[str | bytes], code: int
) -> None:
    interview = await house.interview()
    assert await close_code(house, interview.session_id, *frames) == code


async def test_an_unknown_session_looks_like_a_wrong_token(house: House) -> None:
    assert await close_code(house, "0" * 32, HELLO) == 4401


async def test_the_token_of_another_session_does_not_open_this_one(house: House) -> None:
    theirs = await house.interview()
    house.token = "another"
    mine = await house.interview()
    assert await close_code(house, theirs.session_id, json.dumps({"type": "hello", "token": "another"})) == 4401
    assert (await house.store.get(mine.session_id)).status == "ready"


async def test_silence_is_closed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.admission.HELLO_TIMEOUT", 0.1)
    interview = await house.interview()
    assert await close_code(house, interview.session_id) == 4408


async def test_an_interview_that_is_over_is_not_opened_again(house: House) -> None:
    interview = await house.interview()
    await house.store.end(interview.session_id, "candidate", now())
    assert await close_code(house, interview.session_id, HELLO) == 4410


async def test_one_more_than_there_is_room_for(build: Build) -> None:
    house = await build(Script(voice="tone", heard=()), capacity=1)
    first, second = await house.interview(), await house.interview()
    async with house.candidate(first.session_id) as candidate:
        await candidate.until("ready")
        assert await close_code(house, second.session_id, HELLO) == 4429
        assert (await house.store.get(second.session_id)).status == "ready", "it has lost nothing"


async def test_the_newest_connection_wins(house: House) -> None:
    interview = await house.interview()
    async with house.candidate(interview.session_id) as older:
        await older.until("floor", holder="candidate")
        async with house.candidate(interview.session_id) as newer:
            assert (await older.closed())[0] == 4409
            assert (await newer.until("ready"))["resumed"] is True
            assert house.door.live == 1
            await newer.send("text", text="I am here now.")
            await newer.until("spoken")
    texts = [turn.text for turn in await house.store.turns(interview.session_id)]
    assert "I am here now." in texts


async def test_an_end_by_a_connection_that_has_lost_the_interview_ends_nothing(house: House) -> None:
    interview = await house.interview()
    async with house.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await house.store.claim(interview.session_id, now())  # as another instance does
        await candidate.send("end")
        assert (await candidate.closed())[0] == 4409
    assert (await house.store.get(interview.session_id)).status == "live"


async def test_of_many_at_once_one_wins(house: House) -> None:
    interview = await house.interview()

    async def come() -> int:
        async with house.candidate(interview.session_id) as candidate:
            code, _ = await candidate.closed()
            return code

    async with asyncio.timeout(20):
        tasks = [asyncio.create_task(come()) for _ in range(5)]
        done = 0
        while done < 4:
            await asyncio.wait([task for task in tasks if not task.done()], return_when=asyncio.FIRST_COMPLETED)
            done = sum(task.done() for task in tasks)
        while house.door.live != 1:  # the last one may still be asking the store
            await asyncio.sleep(0.01)
        await house.door.clear(5)
        codes = await asyncio.gather(*tasks)
    assert sorted(codes) == [1012, 4409, 4409, 4409, 4409]


async def test_an_instance_that_goes_sends_everyone_elsewhere(house: House) -> None:
    interview = await house.interview()
    async with house.candidate(interview.session_id) as candidate:
        await candidate.until("spoken")
        async with asyncio.TaskGroup() as group:
            group.create_task(house.door.clear(5))
            assert (await candidate.until("reconnect"))["after_ms"] > 0
            assert (await candidate.closed())[0] == 1012
    assert (await house.store.get(interview.session_id)).status == "live"
    assert await close_code(house, interview.session_id, HELLO) == 1012, "and lets no one in any more"


async def test_pages_from_elsewhere_are_not_served(house: House) -> None:
    interview = await house.interview()
    with pytest.raises(InvalidStatus) as refused:
        async with house.dial(interview.session_id, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403
    async with house.dial(interview.session_id) as socket:  # no browser, so no origin: the token decides
        candidate = Candidate(socket)
        await candidate.send("hello", token=TOKEN)
        await candidate.until("ready")


# Sound that a connection leaves to the page's next one


@dataclass
class Interviews:
    """A relay before a service that transcribes nothing."""

    house: House
    service: Puppet

    async def leave(self, interview: Interview, seconds: float) -> None:
        """Speak for so long, have it received, and lose the page's connection."""
        count = len(self.service.connections)
        async with self.house.candidate(interview.session_id) as candidate:
            await candidate.until("floor", holder="candidate")
            for _ in range(round(25 * seconds)):
                await candidate.socket.send(SPEECH)
            connection = await self.service.connected(count)
            await connection.until(lambda: connection.speech >= seconds)
            candidate.socket.transport.abort()
            async with asyncio.timeout(20):
                while self.house.door.live:
                    await asyncio.sleep(0.01)

    async def sent_again(self, interview: Interview) -> float:
        """Seconds of speech that Gemini gets before anything of what the page, dialling once more, sends."""
        count = len(self.service.connections)
        async with self.house.candidate(interview.session_id) as candidate:
            await candidate.until("floor", holder="candidate")
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
    assert service.troubles == []


async def test_what_was_said_before_the_page_broke_is_sent_again_once(interviews: Interviews) -> None:
    interview = await interviews.house.interview()
    await interviews.leave(interview, 3)
    assert await interviews.sent_again(interview) == pytest.approx(3, abs=0.3)


async def test_a_page_that_dials_before_its_old_connection_is_known_to_be_dead(interviews: Interviews) -> None:
    """As a telephone does that changes its network."""
    interview = await interviews.house.interview()
    async with interviews.house.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        for _ in range(75):
            await candidate.socket.send(SPEECH)
        await interviews.service.connections[0].until(lambda: interviews.service.connections[0].speech >= 3)
        candidate.socket.transport.pause_reading()
        assert await interviews.sent_again(interview) == pytest.approx(3, abs=0.3)
        candidate.socket.transport.abort()
    assert await interviews.sent_again(interview) == pytest.approx(3, abs=0.3), "and nothing twice"


async def test_what_is_left_is_not_sent_once_another_instance_has_gone_on(interviews: Interviews) -> None:
    interview = await interviews.house.interview()
    await interviews.leave(interview, 3)
    await interviews.house.store.claim(interview.session_id, now())  # as another instance does
    assert await interviews.sent_again(interview) == 0


async def test_nothing_of_it_is_sent_for_another_interview(interviews: Interviews) -> None:
    mine, theirs = await interviews.house.interview(), await interviews.house.interview()
    await interviews.leave(mine, 3)
    assert await interviews.sent_again(theirs) == 0
    assert await interviews.sent_again(mine) == pytest.approx(3, abs=0.3)


async def test_it_is_kept_for_as_long_as_a_page_takes_to_dial_again(
    interviews: Interviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = await interviews.house.interview()
    await interviews.leave(interview, 3)
    monkeypatch.setattr("relay.admission.PARKED_SECONDS", -1.0)
    assert await interviews.sent_again(interview) == 0


async def test_what_is_kept_in_all_is_bounded_and_the_oldest_goes_first(
    interviews: Interviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relay.admission.MOST_PARKED", 5 * 32_000)
    older, newer = await interviews.house.interview(), await interviews.house.interview()
    await interviews.leave(older, 3)
    await interviews.leave(newer, 3)
    assert await interviews.sent_again(older) == 0
    assert await interviews.sent_again(newer) == pytest.approx(3, abs=0.3)
