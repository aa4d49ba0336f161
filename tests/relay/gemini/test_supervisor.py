"""The supervisor over real sockets: when it dials, what each connection is told, and what the candidate is told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from interview.errors import ModelRefused, ModelUnavailable, StoreUnavailable
from interview.prompt import build_prompt
from interview.record import Interview, Turn
from relay.gemini.events import Completed, Event, Generated, Said, Transcribed
from relay.gemini.model import LiveModel
from relay.gemini.replay_buffer import ReplayBuffer
from relay.gemini.supervisor import Supervisor
from relay.talk import actions, candidate, directions, interviewer
from relay.talk.floor import Floor
from relay.talk.turns import TurnLog
from tests.relay.conftest import SILENCE, SPEECH, now
from tests.relay.puppet import Connection, Puppet, Script, puppet, ready

GREETING = "Hello Ada. What did you build?"
SOUND = bytes(range(100, 120)) * 480
"""0.2 s, audible."""
QUOTA = (1011, "Resource has been exhausted (e.g. check quota).")
DEAD_HANDLE = (1008, "BidiGenerateContent session not found")
FAULT = (1011, "Internal error encountered.")


def an_interview() -> Interview:
    return Interview(
        session_id="s",
        skill_topic="Python",
        level="beginner",
        language="en-US",
        status="live",
        token_sha256="",
        prompt=build_prompt(
            skill_topic="Python", level="beginner", language="en-US", cv=None, job_description=None, minutes=25
        ),
        max_duration_seconds=1500,
        created_at=now(),
        expires_at=now() + timedelta(days=1),
        started_at=now(),
    )


class Time:
    """Time that passes only where the supervisor sleeps or a test lets it; stands in for its `asyncio`."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@dataclass
class Line:
    """A supervisor at work, with a floor, and a session that does what the floor decides."""

    link: Supervisor
    floor: Floor
    service: Puppet
    replay: ReplayBuffer
    running: asyncio.Task[Any]
    seen: list[Event]
    notices: list[str]
    kept: dict[int, Turn]
    perform: Callable[[], None]
    time: Time

    async def until(self, true: Callable[[], object]) -> None:
        """Wait for something to be the case; an error of the supervisor ends the waiting."""
        async with asyncio.timeout(60):
            while not true():
                if self.running.done():
                    self.running.result()
                await asyncio.sleep(0.01)

    async def over(self) -> BaseException:
        """The error with which the supervisor gives up."""
        async with asyncio.timeout(60):
            await asyncio.wait([self.running])
        error = self.running.exception()
        assert error
        return error

    async def at_rest(self) -> None:
        """Until the greeting is played."""
        await self.until(lambda: any(isinstance(event, Completed) for event in self.seen))
        candidate.played(self.floor, self.time.now)
        self.perform()

    async def speak(self, *frames: bytes) -> None:
        """Frames of the microphone, as a session takes them."""
        for pcm in frames:
            self.time.now += 0.04
            candidate.microphone(self.floor, pcm, self.time.now)
            self.perform()
            self.replay.record(pcm, self.time.now, loud=True)
            await self.link.send_audio(pcm)

    def type(self, text: str) -> None:
        candidate.typed(self.floor, text, self.time.now)
        self.perform()

    @property
    def resumed(self) -> list[str | None]:
        return [connection.resumed for connection in self.service.connections]


@asynccontextmanager
async def run(  # noqa: C901, PLR0915 - a session in miniature
    folder: Path,
    script: Script,
    clock: Time,
    *,
    handle: str | None = None,
    before: Sequence[Turn] = (),
    store_away: int = 0,
) -> AsyncIterator[Line]:
    """`store_away`: so many times the turns can't be read."""
    async with puppet(folder, script) as service:
        time = clock.time
        start, started = time(), now()
        turns = TurnLog(lambda at: started + timedelta(seconds=at - start), language="en-US", number=len(before))
        floor = Floor(turns, before=before, now=start, is_time_up=lambda: False)
        replay = ReplayBuffer()
        kept = {turn.number: turn for turn in before}
        seen: list[Event] = []
        notices: list[str] = []
        away = iter(range(store_away))

        async def history() -> list[Turn]:
            if next(away, None) is not None:
                raise StoreUnavailable("The store is away.")
            open_turns = {turn.number: turn for turn in turns.open(time())}
            return [turn for _, turn in sorted((kept | open_turns).items())]

        def perform() -> None:
            for action in floor.take_actions():
                match action:
                    case actions.Send() | actions.Respond() | actions.SendSilence():
                        link.put(action)
                    case actions.Redial():
                        link.redial(action)
                    case actions.Acknowledge(until, keep_from):
                        replay.acknowledge(until, keep_from=keep_from)
                    case actions.Keep(turn) | actions.Unwritten(turn):
                        kept[turn.number] = turn
                    case _:
                        pass

        def follow(event: Event) -> None:
            seen.append(event)
            match event:
                case Said(text):
                    interviewer.said(floor, text, time())
                case Generated():
                    interviewer.generated(floor, time())
                case Completed(reason):
                    interviewer.complete(floor, time(), reason=reason)
                case _:
                    pass
            perform()

        def take_audio(pcm: bytes) -> None:
            interviewer.audio(floor, pcm, time())
            perform()

        link = Supervisor(
            LiveModel(service.gemini),
            an_interview(),
            floor,
            replay,
            history=history,
            take_audio=take_audio,
            follow=follow,
            changed=perform,
            notify=lambda code, _: notices.append(code),
            time=time,
            handle=handle,
        )
        running = asyncio.create_task(link.run())
        try:
            yield Line(link, floor, service, replay, running, seen, notices, kept, perform, clock)
        finally:
            running.cancel()
            await asyncio.wait([running])
    assert service.failures == []


async def greet(connection: Connection) -> None:
    """Set up, and greet if asked to."""
    await ready(connection)
    await connection.asked()
    if connection.texts[:1] == [directions.BEGIN]:
        await connection.turn(GREETING, SOUND)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    """No pause takes time, and no notice comes unless a test wants one."""
    clock = Time()
    monkeypatch.setattr("relay.gemini.supervisor.asyncio", clock)
    monkeypatch.setattr("relay.gemini.supervisor.NOTICE_AFTER", 60.0)
    return clock


@pytest.fixture
def no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.gemini.supervisor.random.uniform", lambda _, high: high)


def script(*first: Script, then: Script) -> Script:
    """The first connections follow these scripts, all others `then`."""

    async def act(connection: Connection) -> None:
        await (first[connection.number] if connection.number < len(first) else then)(connection)

    return act


def closing(code: int, reason: str) -> Script:
    """Refuse the setup."""

    async def act(connection: Connection) -> None:
        await connection.close(code, reason)

    return act


def greeting(*after: Callable[[Connection], Any]) -> Script:
    """Greet if asked to, then do these things in order."""

    async def act(connection: Connection) -> None:
        await greet(connection)
        for do in after:
            await do(connection)

    return act


async def lost(connection: Connection) -> None:
    await connection.close(*FAULT)


# The pauses between dials


@pytest.mark.usefixtures("no_jitter")
async def test_pauses_grow_up_to_a_limit_until_the_budget_is_used_up(tmp_path: Path, clock: Time) -> None:
    began = clock.now
    async with run(tmp_path, closing(*FAULT), clock) as line:
        error = await line.over()
    assert isinstance(error, ModelUnavailable)
    assert not isinstance(error, ModelRefused)
    assert error.code == "model_unavailable"
    assert clock.pauses == [0, 0, 0.5, 1, 2, 4, 4, 4, 4, 4, 4, 4]
    assert 30 < clock.now - began <= 34
    assert len(line.service.connections) == len(clock.pauses)


async def test_pauses_are_jittered(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, closing(*FAULT), clock) as line:
        await line.over()
    longest = clock.pauses[6:11]
    assert all(2 <= pause <= 4 for pause in longest)
    assert len(set(longest)) > 1


@pytest.mark.usefixtures("no_jitter")
async def test_an_accepted_setup_alone_does_not_reset_the_pauses(tmp_path: Path, clock: Time) -> None:
    async def act(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        await connection.close(*FAULT)

    async with run(tmp_path, act, clock) as line:
        await line.over()
    assert clock.pauses[:6] == [0, 0, 0.5, 1, 2, 4]


@pytest.mark.usefixtures("no_jitter")
async def test_a_completed_turn_resets_the_pauses_and_the_budget(tmp_path: Path, clock: Time) -> None:
    async def one_turn(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        await connection.turn(GREETING, SOUND, complete=False)
        await connection.content(turnComplete=True)
        await connection.close(*FAULT)

    refused = [closing(*FAULT)] * 4
    async with run(tmp_path, script(*refused, one_turn, *refused, then=greeting()), clock) as line:
        await line.service.connected(9)
        await line.until(lambda: line.floor.connected)
    assert clock.pauses == [0, 0, 0.5, 1, 2, 0, 0.5, 1, 2, 4]


@pytest.mark.usefixtures("no_jitter")
@pytest.mark.parametrize(("seconds", "pause"), [(9, 4), (11, 0)])
async def test_ten_steady_seconds_reset_the_pauses(tmp_path: Path, clock: Time, seconds: float, pause: float) -> None:
    async def steady(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        clock.now += seconds
        await connection.close(*FAULT)

    refused = [closing(*FAULT)] * 4
    async with run(tmp_path, script(*refused, steady, then=greeting()), clock) as line:
        await line.service.connected(5)
    assert clock.pauses[:6] == [0, 0, 0.5, 1, 2, pause]


async def test_dials_in_a_minute_are_capped_whatever_the_service_does(tmp_path: Path, clock: Time) -> None:
    """It completes a turn on each connection, so that no pause grows, and breaks it at once."""
    dialled: list[float] = []

    async def act(connection: Connection) -> None:
        dialled.append(clock.now)
        await ready(connection)
        await connection.asked()
        if connection.number < 26:
            await connection.turn(GREETING, SOUND)
            await connection.close(*FAULT)

    async with run(tmp_path, act, clock) as line:
        await line.until(lambda: len(dialled) > 26)
    assert all(later - earlier >= 60 for earlier, later in zip(dialled, dialled[12:], strict=False))
    assert dialled[-1] - dialled[0] < 130, "and no more than that is waited"


@pytest.mark.usefixtures("no_jitter")
async def test_a_quota_is_waited_for_longer_and_said_once(tmp_path: Path, clock: Time) -> None:
    began = clock.now
    async with run(tmp_path, closing(*QUOTA), clock) as line:
        error = await line.over()
    assert isinstance(error, ModelUnavailable)
    assert not isinstance(error, ModelRefused)
    assert error.code == "model_quota"
    assert clock.pauses[:9] == [0, 1, 2, 4, 8, 16, 20, 20, 20]
    assert 180 < clock.now - began <= 200
    assert line.notices == ["model_quota"]


async def test_a_quota_that_passes_is_told_to_have_passed(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, script(closing(*QUOTA), closing(*QUOTA), then=greeting()), clock) as line:
        await line.at_rest()
        assert line.notices == ["model_quota", "resumed"]


async def test_a_silent_service_uses_the_budget_up(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, greeting(), clock) as line:
        await line.at_rest()
        while not line.running.done():
            line.link.redial(actions.Redial("no_reply", keep_handle=False))
            clock.now += 5
            await asyncio.sleep(0.02)
        error = await line.over()
        assert isinstance(error, ModelUnavailable)
        assert error.code == "model_silent"


# Handles and transcripts


async def test_a_fresh_handle_is_used_once(tmp_path: Path, clock: Time) -> None:
    first = greeting(lambda connection: connection.handle("fresh"), lost)
    async with run(tmp_path, script(first, closing(*FAULT), then=greeting()), clock) as line:
        third = await line.service.connected(2)
        assert line.resumed == [None, "fresh", None]
        await third.until(lambda: third.contents)
        parts = [content["parts"][0]["text"] for content in third.contents[0]["turns"]]
        assert parts == [directions.BEGIN, GREETING], "a fresh session is told the transcript"
        assert line.service.connections[1].contents == []


@pytest.mark.parametrize("code", [1007, 1008])
async def test_a_refused_handle_is_dropped_at_once(tmp_path: Path, clock: Time, code: int) -> None:
    refused = closing(code, DEAD_HANDLE[1])
    async with run(tmp_path, script(refused, then=greeting()), clock, handle="dead") as line:
        second = await line.service.connected(1)
        assert line.resumed == ["dead", None]
        assert "speechConfig" in str(second.setup), "the optional fields are not at fault"
        assert clock.pauses == [0, 0]


async def test_a_handle_that_is_older_than_what_was_said_is_not_used(tmp_path: Path, clock: Time) -> None:
    async def act(connection: Connection) -> None:
        await ready(connection)
        await connection.handle("at connect")
        await connection.asked()
        await connection.turn(GREETING, SOUND)
        await connection.close(*FAULT)

    async with run(tmp_path, script(act, then=greeting()), clock) as line:
        await line.service.connected(1)
        assert line.resumed == [None, None]


async def test_a_handle_that_comes_while_the_candidate_speaks_is_not_used(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, greeting(), clock) as line:
        await line.at_rest()
        await line.speak(*[SPEECH] * 25)
        first = line.service.connections[0]
        await first.handle("mid-answer")
        await first.heard("Well,")
        await line.until(lambda: Transcribed("Well,") in line.seen)
        first.socket.transport.abort()
        await line.service.connected(1)
        assert line.resumed == [None, None]


async def test_a_handle_that_another_instance_left_is_used_first(tmp_path: Path, clock: Time) -> None:
    before = [Turn(0, "interviewer", GREETING, now(), now())]

    async def act(connection: Connection) -> None:
        await ready(connection)

    async with run(tmp_path, act, clock, handle="left", before=before) as line:
        await line.until(lambda: line.floor.connected)
        assert line.resumed == ["left"]
        assert line.service.connections[0].texts == []
        assert line.link.fresh_handle is None, "it is used up"


@pytest.mark.parametrize(("keep", "resumed"), [(True, "fresh"), (False, None)])
async def test_a_connection_that_is_replaced_may_keep_its_handle(
    tmp_path: Path, clock: Time, keep: bool, resumed: str | None
) -> None:
    async def ask(connection: Connection) -> None:
        await connection.handle("fresh")

    async with run(tmp_path, script(greeting(ask), then=greeting()), clock) as line:
        await line.at_rest()
        await line.until(lambda: line.link.fresh_handle)
        line.link.redial(actions.Redial("go_away" if keep else "stalled", keep_handle=keep))
        await line.service.connected(1)
        assert line.resumed == [None, resumed]


async def test_a_store_that_is_away_while_the_transcript_is_needed(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, greeting(), clock, store_away=2) as line:
        await line.at_rest()
        assert len(line.service.connections) == 1
        assert [turn.text for turn in line.kept.values()] == [GREETING]


async def test_a_store_that_stays_away_uses_the_budget_up(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, greeting(), clock, store_away=1000) as line:
        assert isinstance(await line.over(), StoreUnavailable)
        assert line.service.connections == []


# The setup


async def test_a_refused_setup_is_tried_once_without_its_optional_fields(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, closing(1007, "Request contains an invalid argument."), clock) as line:
        error = await line.over()
        assert isinstance(error, ModelRefused)
        assert error.code == "model_setup"
        full, plain = line.service.connections
        assert "speechConfig" in str(full.setup)
        assert "speechConfig" not in str(plain.setup)


async def test_the_plain_setup_stays_for_the_rest_of_the_interview(tmp_path: Path, clock: Time) -> None:
    refused = closing(1007, "Unsupported language code 'en-XX' for model.")
    async with run(tmp_path, script(refused, greeting(lost), then=greeting()), clock) as line:
        third = await line.service.connected(2)
        assert "speechConfig" not in str(third.setup)


@pytest.mark.parametrize("connection", [0, 1])
async def test_a_bad_key_is_final_at_any_time(tmp_path: Path, clock: Time, connection: int) -> None:
    refused = closing(1007, "API key not valid. Please pass a valid API key.")
    async with run(tmp_path, script(*[greeting(lost)] * connection, then=refused), clock) as line:
        error = await line.over()
        assert isinstance(error, ModelRefused)
        assert error.code == "model_key"
        assert len(line.service.connections) == connection + 1


async def test_a_model_name_is_final_only_at_the_first_setup(tmp_path: Path, clock: Time) -> None:
    unknown = closing(1008, "models/x is not found for API version v1beta")
    async with run(tmp_path, script(greeting(lost), unknown, then=greeting()), clock) as line:
        await line.service.connected(2)
    async with run(tmp_path, unknown, clock) as line:
        error = await line.over()
        assert isinstance(error, ModelRefused)
        assert error.code == "model_name"


async def test_a_failure_is_logged_with_its_code_and_no_secret(
    tmp_path: Path, clock: Time, capsys: pytest.CaptureFixture[str]
) -> None:
    handle = "CihhYmNkZWZnaGlqa2xtbm9w/cXJzdHV2d3h5ejAxMjM0NTY3ODk="
    refused = closing(1008, f"session {handle} not found")
    async with run(tmp_path, script(refused, then=greeting()), clock) as line:
        await line.at_rest()
    (logged,) = [row for row in capsys.readouterr().out.splitlines() if "gemini_connection_failed" in row]
    assert '"code":"model_unavailable"' in logged.replace(" ", "")
    assert "1008" in logged
    assert "not found" in logged
    assert handle[:20] not in logged


# What is sent again


def frame(number: int) -> bytes:
    """40 ms that are known again."""
    return (2000 + number).to_bytes(2, "little", signed=True) * 640


def numbers(connection: Connection) -> list[int]:
    """The frames that a connection was sent."""
    pcm = bytes(connection.audio)
    return [int.from_bytes(pcm[at : at + 2], "little") - 2000 for at in range(0, len(pcm), len(SILENCE))]


async def test_what_is_not_acknowledged_is_sent_again_before_what_is_being_said(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, greeting(), clock) as line:
        await line.at_rest()
        first = line.service.connections[0]
        await line.speak(*map(frame, range(500)))
        await first.until(lambda: len(numbers(first)) == 500)
        first.socket.transport.abort()
        spoken = 500
        while len(line.service.connections) < 2 or len(numbers(line.service.connections[1])) < 600:
            await line.speak(frame(spoken))
            spoken += 1
            await asyncio.sleep(0.001)
        second = line.service.connections[1]
        await second.until(lambda: len(numbers(second)) >= spoken)
        assert numbers(second) == list(range(spoken)), "each frame once and in order"


async def test_what_is_acknowledged_is_not_sent_again(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, greeting(), clock) as line:
        await line.at_rest()
        await line.speak(*map(frame, range(25)))
        line.replay.acknowledge(clock.now)
        await line.speak(*map(frame, range(25, 50)))
        line.service.connections[0].socket.transport.abort()
        second = await line.service.connected(1)
        await second.until(lambda: len(numbers(second)) >= 25)
        assert numbers(second) == list(range(25, 50))


async def test_a_text_for_a_lost_connection_is_not_sent_twice(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, greeting(), clock) as line:
        await line.at_rest()
        line.service.connections[0].socket.transport.abort()
        line.type("I built a queue.")
        second = await line.service.connected(1)
        await second.until(lambda: second.texts)
        assert str(second.contents).count("I built a queue.") == 1, "the transcript has it"
        assert second.texts == [directions.GO_ON]


async def test_a_text_that_is_typed_during_a_setup_is_sent_once(tmp_path: Path, clock: Time) -> None:
    typed = asyncio.Event()

    async def slow(connection: Connection) -> None:
        await typed.wait()
        await ready(connection)

    async with run(tmp_path, script(greeting(lost), then=slow), clock) as line:
        await line.at_rest()
        second = await line.service.connected(1)
        line.type("I built a queue.")
        typed.set()
        await second.until(lambda: second.texts)
        assert "I built a queue." not in str(second.contents)
        assert second.texts == ["I built a queue."]


async def test_a_text_that_is_typed_before_the_transcript_is_read_is_not_sent_twice(
    tmp_path: Path, clock: Time
) -> None:
    typed = asyncio.Event()

    async def refused(connection: Connection) -> None:
        await typed.wait()
        await connection.close(*FAULT)

    async with run(tmp_path, script(greeting(lost), refused, then=greeting()), clock) as line:
        await line.at_rest()
        await line.service.connected(1)
        line.type("I built a queue.")
        typed.set()
        third = await line.service.connected(2)
        await third.until(lambda: third.texts)
        assert str(third.contents).count("I built a queue.") == 1
        assert third.texts == [directions.GO_ON]


async def test_a_direction_for_a_lost_connection_is_given_again(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, greeting(), clock) as line:
        await line.at_rest()
        line.floor.direct(directions.GOODBYE, clock.now)
        line.perform()
        await line.until(lambda: directions.GOODBYE in line.service.connections[0].texts)
        line.service.connections[0].socket.transport.abort()
        second = await line.service.connected(1)
        await second.until(lambda: second.texts)
        assert second.texts == [directions.GOODBYE]


async def test_a_lone_tool_response_reaches_the_connection(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, greeting(), clock) as line:
        await line.at_rest()
        line.link.put(actions.Respond("call_1", "end_interview", {"result": "Done."}, silent=True))
        first = line.service.connections[0]
        await first.until(lambda: first.responses)
        (response,) = first.responses
        assert (response["id"], response["response"]) == ("call_1", {"result": "Done."})


async def test_silence_is_sent_where_an_answer_has_to_end_at_once(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, greeting(), clock) as line:
        await line.at_rest()
        line.link.put(actions.SendSilence(2.2))
        first = line.service.connections[0]
        await first.until(lambda: first.audio)
        assert bytes(first.audio) == bytes(round(2.2 * 32_000))


# A network that drops everything without a word


async def deaf(connection: Connection) -> None:
    """Read nothing more, so that the relay's buffers fill."""
    connection.socket.transport.pause_reading()


KERNEL: Final = 12_000_000
TLS: Final = 2_000_000
"""Bytes that are more than its buffers hold, before base64. What is written at once is taken at once, so it takes two
messages until one has to wait."""


@pytest.mark.parametrize("sound", [[bytes(TLS)], [bytes(1280)] * (TLS // 1280)], ids=["at once", "in frames"])
async def test_a_connection_that_takes_no_more_sound_is_replaced(
    tmp_path: Path,
    clock: Time,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sound: list[bytes],
) -> None:
    monkeypatch.setattr("relay.gemini.model.SEND_TIMEOUT", 0.2)
    async with run(tmp_path, script(greeting(deaf), then=greeting()), clock) as line:
        await line.at_rest()
        await line.speak(bytes(KERNEL), *sound)
        await line.service.connected(1, 20)
        line.service.connections[0].socket.transport.abort()
    assert "keepalive" not in capsys.readouterr().out, "the relay gave it up, not the stand-in"


async def test_a_connection_that_takes_no_more_messages_is_left_at_once(
    tmp_path: Path, clock: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relay.gemini.model.CLOSE_TIMEOUT", 0.1)
    async with run(tmp_path, script(greeting(deaf), then=greeting()), clock) as line:
        await line.at_rest()
        await line.speak(bytes(KERNEL))
        line.link.put(actions.Send("x" * TLS))
        line.link.redial(actions.Redial("no_reply", keep_handle=False))
        await line.service.connected(1, 20)
        line.service.connections[0].socket.transport.abort()


# What the candidate is told


async def test_a_short_loss_is_not_mentioned(tmp_path: Path, clock: Time) -> None:
    async with run(tmp_path, script(greeting(lost), closing(*FAULT), then=greeting()), clock) as line:
        await line.service.connected(2)
        await line.until(lambda: line.floor.connected)
        assert line.notices == []


@pytest.mark.parametrize("refused", [0, 3])
async def test_a_long_loss_is_told_once_and_so_is_its_end(
    tmp_path: Path, clock: Time, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    told = asyncio.Event()

    async def slow(connection: Connection) -> None:
        await told.wait()
        await ready(connection)

    again = asyncio.Event()

    async def lost_later(connection: Connection) -> None:
        await again.wait()
        monkeypatch.setattr("relay.gemini.supervisor.NOTICE_AFTER", 0.05)
        await connection.close(*FAULT)

    refusals = [closing(*FAULT)] * refused
    async with run(tmp_path, script(greeting(lost_later), *refusals, then=slow), clock) as line:
        await line.at_rest()
        again.set()
        await line.until(lambda: line.notices)
        told.set()
        await line.until(lambda: line.floor.connected)
        await line.until(lambda: len(line.notices) > 1)
        assert line.notices == ["resuming", "resumed"]
        line.service.connections[-1].socket.transport.abort()
        await line.service.connected(2 + refused)
        await line.until(lambda: line.floor.connected)
        assert line.notices[:2] == ["resuming", "resumed"]
        assert line.notices.count("resuming") == line.notices.count("resumed")
