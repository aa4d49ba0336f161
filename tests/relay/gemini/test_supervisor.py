"""The line over real sockets to the embedded service, in small constants of time."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from interview.errors import ModelRefused, ModelSilent, ModelUnavailable, StoreUnavailable
from interview.prompt import build_prompt
from interview.record import Interview, Turn
from interview.settings import Gemini
from local.gemini import Fault, Script, Server, certificate
from local.gemini.server import serve
from local.gemini.voice import ToneVoice
from relay.browser.outbox import Outbox
from relay.gemini.model import LiveModel
from relay.gemini.supervisor import Supervisor
from relay.talk import directions
from relay.talk.clock import Clock
from relay.talk.floor import Floor
from relay.talk.turns import TurnLog
from tests.relay.conftest import SILENCE, now, plain_voice

ABORT = Fault("abort")
UNREACHABLE = Fault("refuse", status=503)


class Ear:
    """Hears the numbers of the frames that were spoken, and words that say how many."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    async def transcribe(self, pcm: bytes) -> str:
        spoken = np.frombuffer(pcm, "<i2")[::320]
        numbers = [int(level) - 2000 for level in spoken if level >= 2000]
        self.numbers += [number for number, _ in itertools.groupby(numbers)]
        return f"I said {len(numbers)} things." if numbers else ""

    def warm(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to give back."""


def frame(number: int) -> bytes:
    """40 ms that the ear knows again."""
    return (2000 + number).to_bytes(2, "little", signed=True) * 640


@dataclass
class Phone:
    """A line that is being carried, with a browser that plays at once and a record that keeps everything."""

    link: Supervisor
    talk: Floor
    server: Server
    ear: Ear
    carrying: asyncio.Task[Any]
    kept: dict[int, Turn]
    notices: list[str] = field(default_factory=list)

    async def until(self, true: Callable[[], object]) -> None:
        """Wait for something to be the case; whatever ends the line ends the waiting."""
        async with asyncio.timeout(10):
            while not true():
                if self.carrying.done():
                    self.carrying.result()
                await asyncio.sleep(0.01)

    async def settled(self) -> None:
        """Until the interviewer has been heard, and a handle says so."""
        await self.until(lambda: self.talk.at_rest and self.link.fresh_handle)

    async def connected(self, connections: int) -> None:
        """Until so many connections have been made and the newest one carries."""
        await self.until(lambda: self.server.received.connections >= connections and self.link._live)

    async def speak(self, *numbers: int) -> None:
        for number in numbers:
            await self.link.send_audio(frame(number))

    @property
    def texts(self) -> list[str]:
        return list(self.server.received.texts)

    @property
    def resumed(self) -> list[bool]:
        """Of each setup, whether it came with a handle."""
        return ["handle" in setup["sessionResumption"] for setup in self.server.received.setups]

    @property
    def histories(self) -> list[list[tuple[str, str]]]:
        return [history[1:] for history in self.server.received.histories]


Dial = Callable[..., Awaitable[Phone]]


@asynccontextmanager
async def phone(
    folder: Path,
    *faults: Fault,
    answers: Sequence[str] = ("Hello?", "Why?", "And then?"),
    handle: str | None = None,
    before: Sequence[Turn] = (),
    store_away: int = 0,
    **script: Any,
) -> AsyncIterator[Phone]:
    """`store_away`: so many times the turns can't be read."""
    drives = Script(voice="tone", answers=tuple(answers), faults=faults, **{"speed": 50, "trailing": 0.1, **script})
    context, ca_file = certificate.issue(folder)
    ear = Ear()
    async with serve(lambda: drives, context, ca_file, voice=ToneVoice(0.1), ear=ear) as server:
        kept = {turn.number: turn for turn in before}
        dialogue, outbox, notices = TurnLog(now, len(before)), Outbox(), list[str]()
        away = iter(range(store_away))

        async def history() -> list[Turn]:
            if next(away, None) is not None:
                raise StoreUnavailable("The store is away.")
            turns = kept | {turn.number: turn for turn in dialogue.open}
            return [turns[number] for number in sorted(turns)]

        async def browser(item: str | bytes) -> None:
            if isinstance(item, str) and json.loads(item)["type"] == "spoken":
                await talk.played()

        interview = an_interview()
        link = Supervisor(
            LiveModel(Gemini(api_key="k", base_url=server.base_url, ca_file=server.ca_file)),
            interview,
            history=history,
            notice=lambda code, _: notices.append(code),
            time=asyncio.get_running_loop().time,
            handle=handle,
        )
        talk = Floor(
            dialogue,
            outbox,
            plain_voice(outbox),
            Clock.of(interview, now),
            link,
            before=before,
            keep=lambda turn: kept.update({turn.number: turn}),
            end=lambda _: None,
        )
        carrying = asyncio.create_task(link.run(talk))
        playing = asyncio.create_task(outbox.pump(browser))
        try:
            yield Phone(link, talk, server, ear, carrying, kept, notices)
        finally:
            playing.cancel()
            carrying.cancel()
            await asyncio.wait([carrying, playing])
            if not carrying.cancelled():
                carrying.exception()


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


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything takes a moment only."""
    for name, seconds in {"FIRST_PAUSE": 0.05, "LONGEST_PAUSE": 0.1, "LEAD": 0.1, "WATCH": 0.05}.items():
        monkeypatch.setattr(f"relay.gemini.supervisor.{name}", seconds)


# Resuming


async def test_a_fresh_handle_is_used(tmp_path: Path) -> None:
    async with phone(tmp_path) as line:
        await line.settled()
        await line.server.strike(ABORT)
        await line.connected(2)
        await line.settled()
        assert line.resumed == [False, True]
        assert (line.texts, line.histories) == ([directions.BEGIN], []), "it knows all that was said"
        assert line.notices == [], "and nobody has noticed"
        await line.speak(*range(25), *[-2000] * 60)
        await line.until(lambda: len(line.kept) == 3)
        assert [line.kept[number].text for number in (0, 2)] == ["Hello?", "Hello?"], "the line carries on"


async def test_a_handle_from_before_the_last_words_is_not(tmp_path: Path) -> None:
    """The session behind it would say once more what was said since."""
    async with phone(tmp_path, answers=["Hello?", "Why is that? " * 20], speed=1) as line:
        await line.settled()
        await line.talk.type("I wrote a queue.")
        await line.until(lambda: line.talk.generating)
        await line.server.strike(ABORT)
        await line.until(lambda: len(line.texts) == 3)
        assert line.resumed == [False, False]
        (history,) = line.histories
        assert history[:2] == [("model", "Hello?"), ("user", "I wrote a queue.")]
        assert line.texts == [directions.BEGIN, "I wrote a queue.", directions.GO_ON]


async def test_a_handle_that_is_refused_is_not_tried_again(tmp_path: Path) -> None:
    async with phone(tmp_path) as line:
        await line.settled()
        line.server.forget()
        await line.server.strike(ABORT)
        await line.connected(3)
        await line.until(lambda: line.histories)
        assert line.resumed == [False, True, False]
        assert line.histories == [[("model", "Hello?")]]
        assert line.texts == [directions.BEGIN], "nothing is owed: it is the candidate's turn"


async def test_a_session_that_opens_and_says_nothing_is_not_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relay.gemini.supervisor.ANSWER", 0.2)
    async with phone(tmp_path, Fault("silence", connection=1, turn=0, moment="start")) as line:
        await line.settled()
        await line.server.strike(ABORT)
        await line.connected(2)
        await line.talk.type("I wrote a queue.")
        await line.connected(3)
        await line.until(lambda: line.histories)
        assert line.resumed == [False, True, False]
        assert line.histories == [[("model", "Hello?"), ("user", "I wrote a queue.")]]


async def test_the_handle_that_another_instance_left(tmp_path: Path) -> None:
    turn = Turn(0, "interviewer", "Hello?", now(), now())
    async with phone(tmp_path, before=[turn], handle="unknown to the service") as line:
        await line.connected(2)
        await line.until(lambda: line.histories)
        assert line.resumed == [True, False]
        assert line.histories == [[("model", "Hello?")]]
        assert line.texts == [], "nobody greets again"


# Rotating


async def test_a_connection_that_gives_notice_is_left_at_once_when_all_is_quiet(tmp_path: Path) -> None:
    async with phone(tmp_path) as line:
        await line.settled()
        await line.server.strike(Fault("go_away", seconds=30))
        await line.connected(2)
        assert (line.resumed, line.texts, line.notices) == ([False, True], [directions.BEGIN], [])


async def test_it_is_not_left_in_mid_speech_while_there_is_time(tmp_path: Path) -> None:
    async with phone(tmp_path, answers=["Hello there, how are you today?"], speed=2) as line:
        await line.until(lambda: line.talk.generating)
        await line.server.strike(Fault("go_away", seconds=30))
        await line.connected(2)
        assert [(turn.text, turn.interrupted) for turn in line.kept.values()] == [
            ("Hello there, how are you today?", False)
        ]
        assert line.resumed == [False, True]


async def test_it_is_left_in_mid_speech_when_time_runs_out(tmp_path: Path) -> None:
    async with phone(tmp_path, answers=["Hello. " * 50], speed=1) as line:
        await line.until(lambda: line.talk.generating)
        await line.server.strike(Fault("go_away", seconds=0.3))
        await line.connected(2)
        await line.until(lambda: len(line.texts) == 2)
        assert line.kept[0].interrupted
        assert line.texts == [directions.BEGIN, directions.GO_ON]
        assert line.resumed == [False, False]


# What is sent again


async def test_a_direction_is_given_again_until_it_is_followed(tmp_path: Path) -> None:
    async with phone(tmp_path, delay=0.3) as line:
        await line.settled()
        await line.link.direct(directions.GOODBYE)
        await line.until(lambda: directions.GOODBYE in line.texts)
        await line.server.strike(ABORT)
        await line.until(lambda: len(line.kept) > 1)
        assert line.texts == [directions.BEGIN, directions.GOODBYE, directions.GOODBYE]
        await line.server.strike(ABORT)
        await line.connected(3)
        assert line.texts.count(directions.GOODBYE) == 2, "it has been followed"


async def test_what_was_not_heard_is_played_again_once_and_in_order(tmp_path: Path) -> None:
    async with phone(tmp_path, Fault("refuse", connection=1, status=503)) as line:
        await line.settled()
        await line.speak(*range(25))
        await line.server.strike(ABORT)
        await line.until(lambda: not line.link._live)
        await line.speak(*range(25, 40))
        await line.connected(3)
        await line.speak(*range(40, 50), *[-2000] * 60)
        await line.until(lambda: len(line.kept) > 1)
        assert line.ear.numbers == list(range(50))
        answer = next(turn for turn in line.kept.values() if turn.speaker == "candidate")
        assert answer.text == "I said 100 things.", "each frame is two of the ear's"


async def test_what_was_answered_is_not_played_again(tmp_path: Path) -> None:
    """Heard or not: the interviewer has gone on."""
    async with phone(tmp_path) as line:
        await line.settled()
        await line.speak(*range(15))
        await line.talk.type("I wrote a queue.")
        await line.until(lambda: len(line.kept) == 3)
        await line.settled()
        sent = line.server.received.audio_bytes
        await line.server.strike(ABORT)
        await line.connected(2)
        await line.speak(*[-2000] * 60)
        await line.until(lambda: line.server.received.audio_bytes >= sent + 60 * len(SILENCE))
        await line.speak(*range(100, 125), *[-2000] * 60)
        await line.until(lambda: len(line.kept) == 5)
        assert line.ear.numbers == list(range(100, 125))


async def test_how_long_an_answer_took_is_logged_once_an_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with phone(tmp_path, delay=0.3) as line:
        await line.settled()
        await line.talk.type("I wrote a queue.")
        await line.until(lambda: len(line.kept) == 3)
        await line.settled()
    lines = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    greeting, answer = (entry for entry in lines if entry["message"] == "reply")
    assert greeting["session_id"] == answer["session_id"]
    assert 300 <= answer["delay_ms"] < 10_000, "the service was told to take 0.3 s"


# Giving up


async def test_what_no_repeating_mends_ends_it_at_once(tmp_path: Path) -> None:
    async with phone(tmp_path) as line:
        await line.settled()
        await line.server.strike(Fault("close", code=1011, reason="You exceeded your current quota."))
        with pytest.raises(ModelRefused):
            await line.until(lambda: False)
        assert line.server.received.connections == 1


async def test_the_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.gemini.supervisor.BUDGET", 0.4)
    async with phone(tmp_path, UNREACHABLE) as line:
        began = asyncio.get_running_loop().time()
        with pytest.raises(ModelUnavailable):
            await line.until(lambda: False)
        assert 0.4 <= asyncio.get_running_loop().time() - began < 5
        assert 3 <= line.server.received.connections <= 20, "it has tried, and not in a rush"


async def test_a_service_that_says_nothing_is_reminded_once_and_then_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relay.gemini.supervisor.ANSWER", 0.2)
    async with phone(tmp_path, Fault("silence", connection=0, turn=1, moment="start")) as line:
        await line.settled()
        await line.talk.type("I wrote a queue.")
        await line.connected(2)
        await line.until(lambda: len(line.kept) > 2)
        assert line.texts == [directions.BEGIN, "I wrote a queue.", directions.REMIND, directions.GO_ON]
        assert line.resumed == [False, False]


async def test_a_service_that_never_says_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.gemini.supervisor.ANSWER", 0.1)
    monkeypatch.setattr("relay.gemini.supervisor.BUDGET", 0.5)
    async with phone(tmp_path, Fault("silence", turn=0, moment="start")) as line:
        with pytest.raises(ModelSilent):
            await line.until(lambda: False)
        assert directions.REMIND not in line.texts, "who has not begun has nothing to be reminded of"


async def test_a_store_that_is_away_while_the_transcript_is_needed(tmp_path: Path) -> None:
    async with phone(tmp_path, store_away=2) as line:
        await line.settled()
        assert line.server.received.connections == 1
        assert [turn.text for turn in line.kept.values()] == ["Hello?"]


# What the candidate is told


async def test_a_short_loss_is_not_mentioned(tmp_path: Path) -> None:
    async with phone(tmp_path, Fault("refuse", connection=1, status=503)) as line:
        await line.settled()
        await line.server.strike(ABORT)
        await line.connected(3)
        await line.settled()
        assert line.notices == []


@pytest.mark.parametrize(
    "trouble",
    [
        [Fault("refuse", connection=number, status=503) for number in range(1, 6)],
        [Fault("slow_setup", connection=1, seconds=0.4)],
    ],
    ids=["refused again and again", "slow"],
)
async def test_a_long_one_is_told_once_and_so_is_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: list[Fault]
) -> None:
    monkeypatch.setattr("relay.gemini.supervisor.NOTICE_AFTER", 0.15)
    async with phone(tmp_path, *trouble) as line:
        await line.settled()
        await line.server.strike(ABORT)
        await line.connected(1 + len(trouble))
        await line.settled()
        assert line.notices == ["resuming", "resumed"]
