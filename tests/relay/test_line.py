"""The line to Gemini at the socket: each way in which the real service is known to misbehave, and what becomes of it.

The sources are in docs/reliability.md. The same cases run without a socket, at their real times, in talk/test_floor.py;
here the times are shortened.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from websockets.exceptions import ConnectionClosed

from interview.record import Interview, Turn
from interview.usage import TextUsage
from relay.gemini.transcriber import TextModel
from relay.talk import directions, waiting
from tests.relay.conftest import ORIGIN, SILENCE, SPEECH, Build, Candidate, RunningRelay
from tests.relay.puppet import Connection, Puppet, Script, puppet, ready

GREETING = "Hello Ada. What did you build?"
PACE = 8.0
"""How many times as fast as in life the candidate speaks."""


def tone(seconds: float, amplitude: int = 6000) -> bytes:
    """PCM16 mono 24 kHz."""
    samples = np.arange(round(24_000 * seconds))
    return (amplitude * np.sign(np.sin(2 * np.pi * 220 * samples / 24_000))).astype("<i2").tobytes()


@dataclass
class Line:
    """An interview between a candidate and the puppet."""

    running: RunningRelay
    service: Puppet
    interview: Interview
    candidate: Candidate
    code: list[tuple[int, str]] = field(default_factory=list)

    async def speak(self, seconds: float, frame: bytes = SPEECH) -> None:
        for _ in range(round(seconds * 25)):
            await self.candidate.socket.send(frame)
            await asyncio.sleep(0.04 / PACE)

    async def quiet(self, seconds: float) -> None:
        await self.speak(seconds, SILENCE)

    @asynccontextmanager
    async def microphone(self, frame: bytes = SILENCE) -> AsyncIterator[None]:
        """Sends this frame again and again for as long as the block takes."""
        sending = asyncio.create_task(self.speak(10_000, frame))
        try:
            yield
        finally:
            sending.cancel()
            await asyncio.wait([sending])

    async def seen(self, kind: str, **fields: object) -> dict[str, Any]:
        """The first message of this kind, come or still to come."""
        async with asyncio.timeout(60):
            while True:
                for message in self.candidate.messages:
                    if message["type"] == kind and all(message.get(name) == value for name, value in fields.items()):
                        return message
                await asyncio.sleep(0.01)

    def notices(self) -> list[str]:
        return [message["code"] for message in self.candidate.messages if message["type"] == "notice"]

    async def turns(self) -> list[Turn]:
        return await self.running.store.turns(self.interview.session_id)

    async def transcript(self, length: int) -> list[tuple[str, str]]:
        """The record once it has so many turns with text."""
        async with asyncio.timeout(60):
            while len(found := [turn for turn in await self.turns() if turn.text]) < length:
                await asyncio.sleep(0.02)
        return [(turn.speaker, turn.text) for turn in found]

    async def status(self) -> str:
        return (await self.running.store.get(self.interview.session_id)).status


Begin = Callable[..., Any]


@pytest.fixture
def begin(tmp_path: Path, build: Build) -> Begin:
    """`async with begin(script) as line`: an interview whose candidate has said hello and reads what comes."""

    @asynccontextmanager
    async def run(script: Script, *, text_model: TextModel | None = None, **settings: Any) -> AsyncIterator[Line]:
        async with puppet(tmp_path, script, **settings) as service:
            running = await build(gemini=service.gemini, text_model=text_model)
            interview = await running.interview()
            async with dial(running, interview) as candidate:
                yield Line(running, service, interview, candidate)
        assert service.failures == []

    return run


@asynccontextmanager
async def dial(running: RunningRelay, interview: Interview) -> AsyncIterator[Candidate]:
    """The page: reads everything that comes."""
    async with running.dial(interview.session_id, origin=ORIGIN) as socket:
        candidate = Candidate(socket)
        await candidate.send("hello", token=running.token, output="voice")

        async def read() -> None:
            while True:
                try:
                    await candidate.next()
                except (ConnectionClosed, TimeoutError):
                    return

        reading = asyncio.create_task(read())
        try:
            yield candidate
        finally:
            await socket.close()
            await reading


@pytest.fixture(autouse=True)
def _pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dials follow one another quickly."""
    monkeypatch.setattr("relay.gemini.supervisor.FIRST_PAUSE", 0.05)


class Waits:
    """How long the floor waits for a reply. As in life, where that is not the subject: a busy machine is no silence."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def shorten(self) -> None:
        """A tenth of what they are."""
        for name in ("ANSWER", "AFTER_REMINDER", "STALLED"):
            self._monkeypatch.setattr(waiting, name, getattr(waiting, name) / 10)

    def restore(self) -> None:
        self._monkeypatch.undo()
        self._monkeypatch.setattr("relay.gemini.supervisor.FIRST_PAUSE", 0.05)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    return Waits(monkeypatch)


async def greet(connection: Connection) -> None:
    """Set up, and greet once asked."""
    await ready(connection)
    await connection.handle(f"handle-{connection.number}")
    await connection.asked()
    if connection.texts[:1] == [directions.BEGIN]:
        await connection.turn(GREETING, tone(0.2))


def _more_than(items: list[str], count: int) -> bool:
    return len(items) > count


async def reply(connection: Connection, heard: str | Callable[[], str], says: str, after: float = 0.1) -> None:
    """The candidate's words and the reply to them, once the silence that ends an answer has come."""
    await connection.until(lambda: _ended(connection))
    await asyncio.sleep(after)
    if heard:
        await connection.heard(heard if isinstance(heard, str) else heard())
    await connection.turn(says, tone(0.2))


def _ended(connection: Connection) -> bool:
    """More than two seconds of silence after speech."""
    return connection.speech > 0 and not any(connection.audio[-64_000:]) and len(connection.audio) > 64_000


# Answers


@pytest.mark.parametrize("how", ["goAway", "goAway at once", "1011", "1006"])
async def test_a_long_answer_survives_the_loss_of_its_connection(begin: Begin, how: str) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        if connection.number == 0:
            await connection.until(lambda: connection.speech > 20)
            match how:
                case "goAway":
                    await connection.send({"goAway": {"timeLeft": "50s"}})
                case "goAway at once":
                    await connection.send({"goAway": {"timeLeft": "1s"}})
                case "1011":
                    await connection.close(1011, "Internal error encountered.")
                case "1006":
                    connection.socket.transport.abort()
        await reply(connection, lambda: f"{connection.speech:.0f} seconds of answer.", "I see. And why?")

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(28)
        await line.quiet(3)
        transcript = await line.transcript(3)
        assert transcript[0] == ("interviewer", GREETING)
        seconds = int(transcript[1][1].split()[0])
        assert seconds >= 28, "every second of it was sent to the connection that replied"
        assert transcript[2] == ("interviewer", "I see. And why?")


async def test_an_answer_survives_the_pages_own_reconnection(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await reply(connection, lambda: f"{connection.speech:.0f} seconds of answer.", "I see. And why?")

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(12)
        await line.service.connections[0].until(lambda: line.service.connections[0].speech >= 12)
        line.candidate.socket.transport.abort()
        async with dial(line.running, line.interview) as candidate:
            line.candidate = candidate
            await line.seen("ready", resumed=True)
            await line.speak(6)
            await line.quiet(3)
            transcript = await line.transcript(3)
        assert int(transcript[1][1].split()[0]) >= 17, "what was said before the break is not lost"
        assert transcript[2] == ("interviewer", "I see. And why?")


async def test_end_is_pressed_right_after_a_long_answer(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await connection.until(lambda: _ended(connection))
        await asyncio.sleep(0.8)
        await connection.heard("All of the long answer.")

    monkeypatch.setattr("relay.talk.candidate.LAST_WORDS", 30.0)
    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(20)
        await line.quiet(0.3)
        await line.candidate.send("end")
        await line.seen("ended", reason="candidate")
        assert (await line.transcript(2))[1] == ("candidate", "All of the long answer.")


async def test_speech_that_is_never_transcribed_is_in_the_record(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.talk.answers.LATE", 0.8)

    async def script(connection: Connection) -> None:
        await greet(connection)
        await reply(connection, "", "I see. And why?")

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        began = asyncio.get_running_loop().time()
        await _real_time(line, 2)
        seconds = asyncio.get_running_loop().time() - began
        await line.quiet(3)
        caption = await line.seen("caption", speaker="candidate", final=True)
        assert (caption["text"], caption["doubt"]) == ("", ["untranscribed"])
        (spoken,) = [turn for turn in await line.turns() if turn.speaker == "candidate"]
        assert (spoken.number, spoken.text, spoken.doubt) == (1, "", ("untranscribed",))
        # The relay may get several frames at once, but never more sound than was sent.
        assert 1.5 <= (spoken.ended_at - spoken.started_at).total_seconds() <= seconds + 0.5


async def _real_time(line: Line, seconds: float) -> None:
    for _ in range(round(seconds * 25)):
        await line.candidate.socket.send(SPEECH)
        await asyncio.sleep(0.04)


class SecondEar:
    """A text model that understands every recording, and bills 100 tokens for each."""

    def __init__(self, count: Callable[[TextUsage], None] = lambda _: None) -> None:
        self._count = count

    def counted(self, count: Callable[[TextUsage], None]) -> "SecondEar":
        return SecondEar(count)

    async def transcribe(self, wav: bytes, language: str) -> str:
        self._count(TextUsage(calls=1, prompt_audio=100))
        return f"{len(wav) // 32_000} seconds in {language}."


async def test_the_text_model_is_asked_for_the_words_that_never_came(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relay.talk.answers.LATE", 0.8)

    async def script(connection: Connection) -> None:
        await greet(connection)
        await reply(connection, "", "I see. And why?")

    async with begin(script, text_model=SecondEar()) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(3)
        await line.quiet(3)
        caption = await line.seen("caption", speaker="candidate", doubt=["unclear"])
        assert caption["text"].endswith("seconds in en-US.")
        assert (await line.transcript(3))[1] == ("candidate", caption["text"])
        (spoken,) = [turn for turn in await line.turns() if turn.speaker == "candidate"]
        assert spoken.doubt == ("unclear",)
        await line.candidate.send("end")
        await line.seen("ended")
        usage = (await line.running.store.get(line.interview.session_id)).usage
        assert (usage.transcription, usage.text) == (TextUsage(calls=1, prompt_audio=100), TextUsage())


async def test_the_logged_delay_is_from_the_last_sound(begin: Begin, capsys: pytest.CaptureFixture[str]) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await reply(connection, "An answer.", "I see. And why?", after=0.5)

    time = asyncio.get_running_loop().time
    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(3)
        spoken = time()
        await line.quiet(3)
        await line.seen("caption", turn=2)
        waited = 1000 * (time() - spoken)
    (begun,) = [json.loads(row) for row in capsys.readouterr().out.splitlines() if "answer_begun" in row]
    assert 500 <= begun["delay_ms"] < waited + 100


async def test_the_page_sees_that_it_is_heard_and_written_down(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await reply(connection, "An answer.", "I see. And why?")

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(3)
        await line.quiet(3)
        await line.transcript(3)
        states = [message["state"] for message in line.candidate.messages if message["type"] == "hearing"]
        assert states == ["speech", "writing", "quiet"]


# Transcription


@pytest.mark.parametrize(
    ("pieces", "text", "doubts"),
    [
        (["I built", " a queue."], "I built a queue.", ()),
        (["I built a queue.", "I built a queue."], "I built a queue.", ("repeated",)),
        (["Я построил очередь сообщений"], "Я построил очередь сообщений", ("language",)),
        (["Ada. What did you build?"], "Ada. What did you build?", ("echo",)),
        (["[Silence]", "I built a queue."], "I built a queue.", ()),
        (["", "I built a queue."], "I built a queue.", ()),
    ],
    ids=["split", "doubled", "another script", "echo", "a mark", "empty"],
)
@pytest.mark.parametrize("late", [False, True], ids=["before the reply", "seconds into it"])
async def test_an_answers_words(
    begin: Begin, pieces: list[str], text: str, doubts: tuple[str, ...], late: bool
) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await connection.until(lambda: _ended(connection))
        if late:
            await connection.said("I see.", tone(0.2))
        for piece in pieces:
            await connection.heard(piece)
        await connection.turn(" And why?" if late else "I see. And why?", tone(0.2))

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(3)
        await line.quiet(3)
        await line.seen("spoken", turn=2)
        caption = await line.seen("caption", turn=1, final=True, doubt=list(doubts)) if doubts else None
        transcript = await line.transcript(3)
        assert transcript[1:] == [("candidate", text), ("interviewer", "I see. And why?")]
        assert caption is None or caption["text"] == text
        assert (await line.turns())[1].doubt == doubts


async def test_an_answers_words_one_by_one_while_it_is_spoken(begin: Begin) -> None:
    """As older models do it."""

    async def script(connection: Connection) -> None:
        await greet(connection)
        for number in range(1, 4):
            await connection.until(partial(_has_heard, connection, number))
            await connection.heard(f" Word{number}")
        await reply(connection, "", "I see. And why?")

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(4)
        await line.quiet(3)
        assert (await line.transcript(3))[1] == ("candidate", "Word1 Word2 Word3")


def _has_heard(connection: Connection, seconds: float) -> bool:
    return connection.speech >= seconds


async def test_an_interview_of_which_nothing_is_transcribed(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answers are in the record and count: the interviewer may end."""
    monkeypatch.setattr("relay.talk.answers.LATE", 0.5)

    async def script(connection: Connection) -> None:
        await greet(connection)
        for number in range(1, 4):
            await connection.until(partial(_has_heard, connection, 3 * number - 0.2))
            says = "Thank you. Goodbye!" if number == 3 else f"Question {number}?"
            await reply(connection, "", says)
        await connection.call()

    async with begin(script) as line:
        for number in range(3):
            await line.seen("spoken", turn=2 * number)
            await line.speak(3)
            await line.quiet(3)
        await line.seen("ended", reason="interviewer")
        async with asyncio.timeout(60):
            while len(turns := await line.turns()) < 7:
                await asyncio.sleep(0.02)
        answers = [turn for turn in turns if turn.speaker == "candidate"]
        assert [(turn.number, turn.text, turn.doubt) for turn in answers] == [
            (number, "", ("untranscribed",)) for number in (1, 3, 5)
        ]


# Turns in which nothing can be heard


@pytest.mark.parametrize("reason", [{}, {"turnCompleteReason": "RESPONSE_REJECTED"}])
async def test_a_lone_turn_complete_for_the_greeting(begin: Begin, reason: dict[str, str]) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        await connection.complete(**reason)
        await connection.until(lambda: len(connection.texts) > 1)
        await connection.turn(GREETING, tone(0.2))

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        assert await line.transcript(1) == [("interviewer", GREETING)]


async def test_a_lone_turn_complete_for_a_typed_answer(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await connection.until(lambda: "I built a queue." in connection.texts)
        await connection.complete()
        await connection.until(lambda: connection.texts.count("I built a queue.") > 1)
        await connection.turn("Why a queue?", tone(0.2))

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.candidate.send("text", text="I built a queue.")
        transcript = await line.transcript(3)
        assert transcript[1:] == [("candidate", "I built a queue."), ("interviewer", "Why a queue?")]


async def test_empty_turns_without_end_lead_to_a_fresh_session(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        if connection.number:
            await connection.turn(GREETING, tone(0.2))
        else:
            while True:
                asked = len(connection.texts)
                await connection.complete()
                await connection.until(partial(_more_than, connection.texts, asked))

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        assert len(line.service.connections) == 2
        assert "slow_reply" in line.notices()


async def test_an_inaudible_reply(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await connection.until(lambda: _ended(connection))
        await connection.heard("An answer.")
        await connection.turn("Why a queue?", tone(1, amplitude=2))
        await connection.until(lambda: directions.SAY_AGAIN in connection.texts)
        await connection.turn("Why a queue?", tone(0.2))

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(3)
        await line.quiet(3)
        transcript = await line.transcript(3)
        assert transcript == [("interviewer", GREETING), ("candidate", "An answer."), ("interviewer", "Why a queue?")]


async def test_no_speech_is_no_turn(begin: Begin, waits: Waits) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await connection.until(lambda: _ended(connection))
        await connection.heard("Mm-hmm.")
        await connection.said("<no ", bytes(2))
        await connection.said("", bytes(2))
        await connection.said("speech>")
        await connection.content(generationComplete=True)
        await connection.complete()
        await connection.until(lambda: directions.REMIND in connection.texts)
        await connection.turn("Please go on.", tone(0.2))

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        waits.shorten()
        await line.speak(1)
        async with line.microphone():
            await line.seen("notice", code="slow_reply")
            waits.restore()
            transcript = await line.transcript(3)
        assert transcript[1:] == [("candidate", "Mm-hmm."), ("interviewer", "Please go on.")]
        assert "slow_reply" in line.notices()


async def test_a_first_chunk_of_two_bytes(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        await connection.said("Hello Ada. ", bytes(2))
        await connection.said("What did you build?", tone(0.2))
        await connection.content(generationComplete=True)
        await connection.content(waitingForInput=True)
        await connection.complete()

    async with begin(script) as line:
        await line.seen("spoken", turn=0)
        assert await line.transcript(1) == [("interviewer", GREETING)]
        assert bytes(line.candidate.audio) == bytes(2) + tone(0.2)


async def test_a_direction_read_aloud_is_no_turn(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        await connection.turn(directions.BEGIN, tone(0.5))
        await connection.until(lambda: len(connection.texts) > 1)
        await connection.turn(GREETING, tone(0.2))

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        assert await line.transcript(1) == [("interviewer", GREETING)]
        captions = [message["text"] for message in line.candidate.messages if message["type"] == "caption"]
        assert all("joined" not in text for text in captions)


async def test_an_endless_tone(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.talk.incoming.LONGEST", 3.0)

    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        if connection.number == 0:
            await connection.said("Hello", tone(0.1))
            for _ in range(200):
                await connection.sound(tone(0.4))
                await asyncio.sleep(0.02)
        await connection.turn(GREETING, tone(0.2))

    async with begin(script) as line:
        await line.seen("interrupted", turn=0)
        await line.seen("notice", code="slow_reply")
        assert (await line.transcript(2))[-1] == ("interviewer", GREETING)


# Silence


async def test_a_silent_service_is_reminded_and_then_replaced(begin: Begin, waits: Waits) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        if connection.number:
            await reply(connection, "An answer.", "I see.")

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        waits.shorten()
        await line.speak(3)
        await line.quiet(3)
        await line.seen("notice", code="slow_reply")
        second = await line.service.connected(1)
        waits.restore()
        assert line.service.connections[0].texts[-1] == directions.REMIND
        assert second.resumed is None, "a session that opens and does not answer would do so again"
        assert (await line.transcript(3))[1:] == [("candidate", "An answer."), ("interviewer", "I see.")]


def fan(seed: int = 1) -> bytes:
    """40 ms of noise of -40 dBFS."""
    return np.random.default_rng(seed).normal(0, 327, 640).astype("<i2").tobytes()


async def test_thinking_time_holds_everything_back_under_a_fan(begin: Begin) -> None:
    async with begin(greet) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(4, fan(1))
        await line.candidate.send("hold", on=True)
        await line.seen("floor", holder="thinking")
        await line.speak(8, fan(2))
        await line.candidate.send("hold", on=False)
        await line.speak(0.2, fan(3))
        connection = line.service.connections[0]
        await connection.until(lambda: fan(3) in connection.audio)
        assert fan(1) in connection.audio
        assert fan(2) not in connection.audio


async def test_a_fan_after_a_muted_microphone_is_no_answer(begin: Begin) -> None:
    async with begin(greet) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(4, fan(1))
        await line.candidate.send("mute", on=True)
        await line.speak(8, fan(2))
        await line.candidate.send("mute", on=False)
        await line.speak(8, fan(3))
        connection = line.service.connections[0]
        await connection.until(lambda: connection.audio.count(fan(3)) == 200)
        assert fan(2) not in connection.audio
        assert all(message["type"] != "hearing" for message in line.candidate.messages)


async def test_a_word_in_thinking_time_goes_through(begin: Begin) -> None:
    async with begin(greet) as line:
        await line.seen("floor", holder="candidate")
        await line.candidate.send("hold", on=True)
        await line.seen("floor", holder="thinking")
        async with line.microphone(SPEECH):
            connection = line.service.connections[0]
            await connection.until(lambda: connection.speech > 1)


async def test_a_sound_that_stops_in_mid_utterance(begin: Begin, waits: Waits) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        if connection.number:
            await connection.turn("Once more: why a queue and not a table?", tone(0.2))
            return
        await connection.until(lambda: "A queue." in connection.texts)
        await connection.said("Why a queue and", tone(0.5))

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.candidate.send("text", text="A queue.")
        await line.seen("caption", turn=2)
        waits.shorten()
        second = await line.service.connected(1)
        waits.restore()
        transcript = await line.transcript(4)
        assert transcript[2:] == [
            ("interviewer", "Why a queue and"),
            ("interviewer", "Once more: why a queue and not a table?"),
        ]
        assert (await line.turns())[2].broken_off
        assert second.texts == [directions.GO_ON]


async def test_a_fan_hides_no_silent_service(begin: Begin, waits: Waits) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(4, fan())
        waits.shorten()
        await line.speak(3)
        async with line.microphone(fan()):
            await line.service.connected(1)


async def test_a_model_that_is_silent_on_purpose_is_not_replaced(begin: Begin, waits: Waits) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await connection.until(lambda: _ended(connection))
        await connection.heard("Mm-hmm.")

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(0.6)
        await line.quiet(3)
        await line.seen("caption", text="Mm-hmm.")
        waits.shorten()
        await line.seen("notice", code="slow_reply")
        await line.quiet(30)
        assert len(line.service.connections) == 1
        assert line.service.connections[0].texts.count(directions.REMIND) == 1


async def test_key_clicks_are_no_answer(begin: Begin, waits: Waits) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        waits.shorten()
        for _ in range(25):
            await line.speak(0.04)
            await line.quiet(0.12)
        await line.quiet(16)
        assert len(line.service.connections) == 1
        assert line.service.connections[0].texts == [directions.BEGIN]


async def test_an_idle_candidate(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.talk.waiting.ASK_GENTLY_AFTER", 0.5)
    monkeypatch.setattr("relay.talk.waiting.OFFER_HELP_AFTER", 1.5)
    monkeypatch.setattr("relay.talk.waiting.SUSPEND_AFTER", 3.0)

    async def script(connection: Connection) -> None:
        await greet(connection)
        await connection.until(lambda: directions.ASK_GENTLY in connection.texts)
        await connection.turn("Would you like more time?", tone(0.2))

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.seen("notice", code="idle")
        await line.seen("notice", code="suspended")
        async with asyncio.timeout(60):
            await line.candidate.socket.wait_closed()
        assert line.candidate.socket.close_code == 4411
        assert await line.status() == "live", "it can be resumed"
        async with dial(line.running, line.interview) as candidate:
            line.candidate = candidate
            await line.seen("ready", resumed=True)


async def test_a_microphone_that_stops_is_filled_with_silence(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await reply(connection, "An answer.", "I see.")

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(2)  # and then not one frame more
        assert (await line.transcript(3))[1] == ("candidate", "An answer.")


# Interruptions and leftovers


async def test_an_interruption_with_nobody_speaking(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        await connection.said("Hello Ada. What did you build, and", tone(1))
        await connection.content(interrupted=True)
        await connection.complete()
        await connection.until(lambda: directions.FINISH in connection.texts)
        await connection.turn("why did you build it?", tone(0.2))

    async with begin(script) as line:
        await line.quiet(3)
        transcript = await line.transcript(2)
        assert transcript[1] == ("interviewer", "why did you build it?")
        assert all(message["type"] != "interrupted" for message in line.candidate.messages)


async def test_leftovers_open_no_turn(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        await connection.turn("Hello Ada. What did you", tone(0.5), complete=False)
        await connection.said(" build?", tone(0.1))
        await asyncio.sleep(0.2)
        await connection.complete()
        await connection.said("", tone(0.1))

    async with begin(script) as line:
        await line.seen("caption", text="Hello Ada. What did you build?", final=True)
        await line.quiet(4)
        assert await line.transcript(1) == [("interviewer", "Hello Ada. What did you build?")]
        assert line.service.connections[0].texts == [directions.BEGIN]


async def test_words_and_sound_after_turn_complete_open_no_turn(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        await connection.turn("Hello Ada. What did you", tone(0.5))
        await connection.said(" build?", tone(0.1))
        await connection.complete()

    async with begin(script) as line:
        await line.seen("caption", text="Hello Ada. What did you build?", final=True)
        await line.quiet(4)
        assert await line.transcript(1) == [("interviewer", "Hello Ada. What did you build?")]
        assert line.service.connections[0].texts == [directions.BEGIN]


# Failures


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (1007, "BidiGenerateContent session not found"),
        (1008, "BidiGenerateContent session not found"),
        (1008, "Requested entity was not found."),
        (1011, "Resource has been exhausted (e.g. check quota)."),
        (1011, "Internal error encountered."),
    ],
)
async def test_a_refused_redial_passes(begin: Begin, code: int, reason: str) -> None:
    async def script(connection: Connection) -> None:
        if connection.number == 1:
            await connection.close(code, reason)
            return
        await greet(connection)
        if connection.number == 0:
            await connection.handle("handle-fresh")
            await connection.send({"goAway": {"timeLeft": "10s"}})
        else:
            await reply(connection, "An answer.", "I see.")

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        third = await line.service.connected(2)
        assert line.service.connections[1].resumed == "handle-fresh"
        assert third.resumed is None
        await line.speak(3)
        await line.quiet(3)
        assert (await line.transcript(3))[-1] == ("interviewer", "I see.")
        assert await line.status() == "live"


async def test_a_quota_in_mid_interview_is_waited_for_and_said(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        if 0 < connection.number < 4:
            await connection.close(1011, "Resource has been exhausted (e.g. check quota).")
            return
        await greet(connection)
        if connection.number == 0:
            await connection.close(1011, "Resource has been exhausted (e.g. check quota).")

    async with begin(script) as line:
        await line.service.connected(4)
        await line.seen("notice", code="model_quota")
        await line.seen("notice", code="resumed")
        assert await line.status() == "live"


async def test_a_setup_that_is_refused_is_tried_without_the_optional_fields(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        if "speechConfig" in json.dumps(connection.setup):
            await connection.close(1007, "Unsupported language code 'en-XX' for model.")
            return
        await greet(connection)

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        assert len(line.service.connections) == 2


async def test_a_setup_that_can_not_work_ends_after_two_dials_and_says_so(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await connection.close(1007, "Request contains an invalid argument.")

    async with begin(script) as line:
        await line.seen("notice", code="model_setup")
        await line.seen("ended", reason="failed")
        assert len(line.service.connections) == 2


@pytest.mark.parametrize(
    ("code", "reason", "notice"),
    [
        (1007, "API key not valid. Please pass a valid API key.", "model_key"),
        (1008, "Generative Language API has not been used in project 1 before or it is disabled.", "model_key"),
        (
            1008,
            "models/x is not found for API version v1beta, or is not supported for bidiGenerateContent.",
            "model_name",
        ),
    ],
)
async def test_what_no_repeating_mends_is_final(begin: Begin, code: int, reason: str, notice: str) -> None:
    async def script(connection: Connection) -> None:
        await connection.close(code, reason)

    async with begin(script) as line:
        await line.seen("notice", code=notice)
        await line.seen("ended", reason="failed")
        assert len(line.service.connections) == 1


async def test_a_word_and_a_drop_again_and_again(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.gemini.supervisor.BUDGET", 3.0)

    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        await connection.said("Hello", tone(0.1))
        await connection.close(1011, "Internal error encountered.")

    async with begin(script) as line:
        async with asyncio.timeout(60):
            await line.candidate.socket.wait_closed()
        assert line.candidate.socket.close_code == 1011
        assert len(line.service.connections) <= 12
        assert len(await line.turns()) <= 1, "a fragment that is said again is one turn"
        assert await line.status() == "live"


async def test_a_message_of_more_than_a_mebibyte(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        await connection.said(GREETING, tone(20))
        await connection.content(generationComplete=True)
        await connection.complete()

    async with begin(script) as line:
        await line.seen("spoken", turn=0)
        assert len(line.service.connections) == 1


async def test_one_handle_at_connect_and_a_go_away(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        if connection.number == 0:
            await reply(connection, "An answer.", "I see. And why?")
            await connection.send({"goAway": {"timeLeft": "50s"}})
        else:
            await reply(connection, "Another answer.", "Thank you.")

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(3)
        await line.quiet(3)
        second = await line.service.connected(1)
        assert second.resumed is None, "a handle of before the answer does not know it"
        await second.until(lambda: second.contents)
        assert "An answer." in json.dumps(second.contents)
        await line.speak(3)
        await line.quiet(3)
        assert len(await line.transcript(5)) == 5


async def test_a_page_that_returns_without_a_fresh_handle_is_known(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        if connection.number == 0:
            await reply(connection, "An answer.", "I see. And why?")

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.speak(3)
        await line.quiet(3)
        await line.transcript(3)
        line.candidate.socket.transport.abort()
        async with dial(line.running, line.interview) as candidate:
            line.candidate = candidate
            second = await line.service.connected(1)
            await second.asked()
            assert second.resumed is None, "its only handle is older than the answer"
            told = [content["parts"][0]["text"] for content in second.contents[0]["turns"]]
            assert told[1:] == [GREETING, "An answer.", "I see. And why?"]
            await line.seen("floor", holder="candidate")
            assert directions.BEGIN not in second.texts


class TokenService(ThreadingHTTPServer):
    """Where Google's credentials get their tokens: answers with each of `statuses` once, then with a token."""

    def __init__(self, *statuses: int) -> None:
        super().__init__(("127.0.0.1", 0), _Tokens)
        self.statuses = list(statuses)
        self.asked = 0


class _Tokens(BaseHTTPRequestHandler):
    server: TokenService

    def do_POST(self) -> None:
        self.server.asked += 1
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        answer = {"access_token": "a-token", "expires_in": 3600} if status == 200 else {"error": "invalid_grant"}
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


@pytest.mark.parametrize("statuses", [(503, 503, 503), (400,)], ids=["away for a while", "refused once"])
async def test_credentials_that_fail_for_a_moment(
    begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statuses: tuple[int, ...]
) -> None:
    """503 is tried three times by Google's own library, so that as many are one failed dial."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with TokenService(*statuses) as tokens:
        threading.Thread(target=tokens.serve_forever, daemon=True).start()
        account = {
            "type": "service_account",
            "client_email": "relay@a-project.iam.gserviceaccount.com",
            "private_key": pem.decode(),
            "token_uri": f"http://127.0.0.1:{tokens.server_port}/token",
        }
        file = tmp_path / "account.json"
        file.write_text(json.dumps(account))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
        async with begin(greet, vertex=True, project="a-project", location="europe-west1") as line:
            await line.seen("spoken", turn=0)
            assert await line.transcript(1) == [("interviewer", GREETING)]
            assert await line.status() == "live"
            (connection,) = line.service.connections
            assert connection.socket.request
            assert connection.socket.request.headers["Authorization"] == "Bearer a-token"
        assert tokens.asked == len(statuses) + 1
        tokens.shutdown()


# The end


async def three_answers(connection: Connection) -> None:
    """Three typed answers, each with a reply but the last."""
    for number in range(3):
        await connection.until(partial(connection.texts.__contains__, f"Answer {number}."))
        if number < 2:
            await connection.turn(f"Reply {number}?", tone(0.2))


async def give_three_answers(line: Line) -> None:
    for number in range(3):
        await line.seen("floor", holder="candidate")
        await line.candidate.send("text", text=f"Answer {number}.")
        if number < 2:
            await line.seen("spoken", turn=2 * number + 2)


async def test_a_call_without_a_goodbye(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await three_answers(connection)
        await connection.call()
        await connection.until(lambda: connection.responses)
        await asyncio.sleep(0.1)
        await connection.turn("Thank you, Ada. Goodbye!", tone(0.2))

    async with begin(script) as line:
        await give_three_answers(line)
        await line.seen("ended", reason="interviewer")
        assert (await line.transcript(7))[-1] == ("interviewer", "Thank you, Ada. Goodbye!")


async def test_thanks_bye_over_the_goodbye_does_not_undo_it(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await three_answers(connection)
        await connection.turn("Thank you, Ada. Goodbye!", tone(3), complete=False)
        await connection.call()
        await connection.until(lambda: connection.speech > 0.5)
        await connection.content(interrupted=True)
        await connection.heard("Thanks, bye.")

    async with begin(script) as line:
        await give_three_answers(line)
        line.candidate.played = False
        await line.seen("caption", speaker="interviewer", text="Thank you, Ada. Goodbye!")
        await line.speak(0.8)
        await line.quiet(3)
        await line.seen("caption", speaker="candidate", text="Thanks, bye.")
        await line.candidate.send("played")
        await line.seen("ended", reason="interviewer")
        assert (await line.transcript(8))[6:] == [
            ("interviewer", "Thank you, Ada. Goodbye!"),
            ("candidate", "Thanks, bye."),
        ]
        assert not (await line.turns())[6].interrupted


async def test_a_refused_early_end_goes_on_with_a_question(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await connection.until(lambda: "Answer 0." in connection.texts)
        await connection.call()
        await connection.until(lambda: connection.responses)
        await connection.turn("What did you build next?", tone(0.2))

    async with begin(script) as line:
        await line.seen("floor", holder="candidate")
        await line.candidate.send("text", text="Answer 0.")
        await line.seen("spoken", turn=2)
        assert line.service.connections[0].responses[0]["response"] == {"error": directions.TOO_EARLY}
        assert (await line.transcript(3))[-1] == ("interviewer", "What did you build next?")
        assert await line.status() == "live"


async def test_a_goodbye_without_the_call(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "QUIET_AFTER_GOODBYE", 1.5)

    async def script(connection: Connection) -> None:
        await greet(connection)
        await three_answers(connection)
        await connection.turn("Thank you, Ada. Goodbye!", tone(0.2))

    async with begin(script) as line:
        await give_three_answers(line)
        await line.seen("ended", reason="interviewer")


async def test_extended_thinking_gets_no_scheduling(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        await three_answers(connection)
        await connection.turn("Thank you, Ada. Goodbye!", tone(0.2), complete=False)
        await connection.call()
        await connection.until(lambda: connection.responses)

    async with begin(script, live_model="gemini-3.8-live-extended-thinking") as line:
        await give_three_answers(line)
        await line.seen("ended", reason="interviewer")
        assert "scheduling" not in line.service.connections[0].responses[0]


async def test_tokens_are_counted_over_all_connections(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)
        if connection.number == 0:
            await connection.close(1011, "Internal error encountered.")
        else:
            await connection.told("I built a queue.")
            await connection.turn("Why a queue?", tone(0.2))

    async with begin(script) as line:
        await line.service.connected(1)
        await line.candidate.send("text", text="I built a queue.")
        await line.transcript(3)
        await line.candidate.send("end")
        await line.seen("ended")
        usage = (await line.running.store.get(line.interview.session_id)).usage
        assert (usage.live.turns, usage.live.prompt_text, usage.live.thoughts) == (2, 2 * 781, 2 * 67)


async def test_the_setup(begin: Begin) -> None:
    async def script(connection: Connection) -> None:
        await greet(connection)

    async with begin(script, voice="Puck") as line:
        await line.seen("floor", holder="candidate")
        setup = json.dumps(line.service.connections[0].setup)
        assert '"voice_name": "Puck"' in setup or '"voiceName": "Puck"' in setup
        assert "START_SENSITIVITY_LOW" in setup
        assert "thinking_config" not in setup.lower().replace("thinkingconfig", "thinking_config")
