"""The fault table: everything that can happen to the line, at every moment of an interview.

Whatever happens, every sentence that either side finished is in the transcript exactly once and in order, nobody is
greeted twice, and the interview goes on to its proper end (docs/reliability.md).
"""

import asyncio
import itertools
import json
import math
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pytest
from websockets.asyncio.client import ClientConnection

from interview.errors import StoreUnavailable
from interview.record import EndedReason, Turn
from interview.record import Interview as Record
from interview.settings import Gemini
from interview.store.sqlite import SqliteStore
from interview.usage import Usage
from local.gemini import Fault, Script, Server, certificate
from local.gemini.behaviour import Behaviour
from local.gemini.server import serve
from local.gemini.voice import ToneVoice
from tests.relay.conftest import FRAME_SAMPLES, ORIGIN, SILENCE, Build, Candidate, RunningRelay

Moment = Literal["greeting", "interviewer", "candidate", "thinking", "tool call"]
MOMENTS: Final[tuple[Moment, ...]] = ("greeting", "interviewer", "candidate", "thinking", "tool call")

ANSWERS: Final = {
    300: "I built a message queue with Kafka.",
    500: "It lost two messages, and I measured why.",
    700: "We chose Postgres because we wanted transactions.",
}
"""What the candidate says, by the pitch at which they hum it."""
AUDIBLE_FRAMES: Final = 6
"""Frames of a hum that are heard: a quarter of a second."""
GOODBYE: Final = "I would like to stop the interview now, please."


LONG: Final = 12.0
"""Seconds for which a reply is awaited where the service is not silent. On a busy machine it takes several, and a
reminder that comes while it begins would cut it off. A candidate of these tests waits 60 s for a message. This is less:
where a word is lost, the relay reminds the service, and a test must not give up before that.
"""
SHORT: Final = 4.0
"""The same where it is silent."""


def set_waiting_times(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Remind a silent service, and replace a stalled one, after so many seconds."""
    monkeypatch.setattr("relay.talk.waiting.ANSWER", seconds)
    monkeypatch.setattr("relay.talk.waiting.AFTER_REMINDER", seconds / 2)
    monkeypatch.setattr("relay.talk.waiting.STALLED", seconds)


class PitchEar:
    """Recognises the hummed answers. An answer that is played again, whole or in pieces, has the same words.

    A candidate who does not wait for the reply gives two answers in one utterance.
    """

    async def transcribe(self, pcm: bytes) -> str:
        samples = np.frombuffer(pcm, "<i2").astype(float)
        whole = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
        loud = whole[np.max(np.abs(whole), axis=1, initial=0) >= 1000]
        pitches = np.argmax(np.abs(np.fft.rfft(loud)), axis=1) * 16_000 / FRAME_SAMPLES
        answers = [ANSWERS[min(ANSWERS, key=lambda known: abs(known - pitch))] for pitch in pitches]
        return " ".join(answer for answer, group in itertools.groupby(answers) if len([*group]) >= AUDIBLE_FRAMES)

    def warm(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to give back."""


def hum(pitch: int) -> bytes:
    """A frame of an answer."""
    return b"".join(
        int(12_000 * math.sin(2 * math.pi * pitch * n / 16_000)).to_bytes(2, "little", signed=True)
        for n in range(FRAME_SAMPLES)
    )


async def test_the_ear_hears_both_of_two_answers() -> None:
    assert await PitchEar().transcribe(12 * hum(300) + SILENCE + 12 * hum(500)) == f"{ANSWERS[300]} {ANSWERS[500]}"
    assert await PitchEar().transcribe(12 * hum(700) + 9 * SILENCE + 12 * hum(700)) == ANSWERS[700]


@asynccontextmanager
async def service(folder: Path, faults: tuple[Fault, ...], behaviour: Behaviour | None = None) -> AsyncIterator[Server]:
    """The embedded service with its own mind, tones for a voice, and an ear for humming; ten times as fast as life."""
    script = Script(voice="tone", pace=0.1, faults=faults, behaviour=behaviour or Behaviour())
    context, ca_file = certificate.issue(folder)
    async with serve(lambda: script, context, ca_file, voice=ToneVoice(0.1), ear=PitchEar()) as server:
        yield server


Strike = Callable[[Server, Fault], Awaitable[None]]


@dataclass(frozen=True)
class Cause:
    """Something that goes wrong. `later` are the faults of the connections that come after; `silent`: the service then
    says nothing and has to be reminded or replaced.
    """

    name: str
    fault: Fault
    later: tuple[Fault, ...] = ()
    forgets: bool = False
    silent: bool = False


CAUSES: Final = (
    Cause("goAway", Fault("go_away", seconds=6)),
    Cause("goAway without time", Fault("go_away", seconds=0.2)),
    Cause("1006", Fault("abort")),
    Cause("1007", Fault("close", code=1007, reason="Request contains an invalid argument.")),
    Cause("1008", Fault("close", code=1008, reason="Operation is not implemented, or supported, or enabled.")),
    Cause("1011", Fault("close", code=1011)),
    Cause("silence", Fault("silence"), silent=True),
    Cause("refused resume", Fault("abort"), forgets=True),
    Cause("poisoned handle", Fault("abort"), (Fault("silence", connection=1, turn=0, moment="start"),), silent=True),
    Cause("unreachable for a while", Fault("abort"), tuple(Fault("refuse", connection=n, status=503) for n in (1, 2))),
    Cause("premature turnComplete", Fault("turn_complete")),
    Cause("phantom interruption", Fault("interrupt"), silent=True),
)  # fmt: skip


class Interview:
    """A candidate who answers three questions, thinks once, and then would like to stop."""

    def __init__(self, candidate: Candidate, strike: Callable[[Moment], Awaitable[None]]) -> None:
        """`strike` is told of each moment and may put another socket under the candidate."""
        self._candidate = candidate
        self._strike = strike

    async def hold(self) -> None:
        candidate = self._candidate
        await candidate.until("floor", holder="interviewer")
        await self._strike("greeting")
        await self._my_turn()
        await self._answer(300, 1)
        await self._strike("interviewer")
        await self._my_turn()
        await self._answer(500, 1, struck=True)
        await self._my_turn()
        await candidate.send("hold", on=True)
        await candidate.until("floor", holder="thinking")
        await self._sound(SILENCE, 1)
        await self._strike("thinking")
        await candidate.send("hold", on=True)  # as the page does on a new line
        await self._sound(SILENCE, 3)
        await candidate.send("hold", on=False)
        await self._answer(700, 1)
        await self._my_turn()
        await candidate.send("text", text=GOODBYE)
        await candidate.until("floor", holder="interviewer")
        await self._strike("tool call")
        # A lost farewell may bring one more question. The candidate then repeats that they want to stop.
        while (message := await candidate.next())["type"] != "ended":
            if message == {"type": "floor", "holder": "candidate"}:
                await candidate.send("text", text="As I said, I would like to stop the interview now.")
        assert message["reason"] == "interviewer"
        assert (await candidate.closed())[0] == 1000

    async def _my_turn(self) -> None:
        await self._candidate.until("floor", holder="candidate")

    async def _answer(self, pitch: int, seconds: float, *, struck: bool = False) -> None:
        """Hum an answer, wait until it is answered."""
        await self._sound(hum(pitch), seconds / 2)
        if struck:
            await self._strike("candidate")
        await self._sound(hum(pitch), seconds / 2)
        listening = asyncio.create_task(self._silence())
        try:
            await self._candidate.until("floor", holder="interviewer")
        finally:
            listening.cancel()

    async def _silence(self) -> None:
        while True:
            await self._sound(SILENCE, 1)

    async def _sound(self, frame: bytes, seconds: float) -> None:
        """Ten times as fast as life."""
        for _ in range(round(seconds * 25)):
            await self._candidate.socket.send(frame)
            await asyncio.sleep(0.004)


def sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.?!])\s+", text.strip()) if sentence]


def assert_nothing_lost(turns: list[Turn], said: list[tuple[str, str]], case: str) -> None:
    """`said` is what the service sent or heard to its end. One turn of it may be cut in the transcript: the service had
    sent all of it, and the connection was lost before the relay had read the rest.
    """
    transcript = [(turn.speaker, " ".join(turn.text.split())) for turn in turns]
    assert [turn.number for turn in turns] == sorted({turn.number for turn in turns}), case
    whole = {
        speaker: " ".join(text for who, text in transcript if who == speaker)
        for speaker in ("interviewer", "candidate")
    }
    cut = [" ".join(turn.text.split()) for turn in turns if turn.interrupted or turn.broken_off]
    for speaker in ("interviewer", "candidate"):
        place = 0
        # An answer that is played again after a loss is heard by the service again, and is one answer all the same.
        for text in dict.fromkeys(" ".join(text.split()) for who, text in said if who == speaker):
            found = whole[speaker].find(text, place)
            # One utterance may have been cut, and said again as a whole later.
            if start := next(filter(text.startswith, cut), None):
                begun = whole[speaker].find(start, place)
                if found < 0 or 0 <= begun < found:
                    cut.clear()
                    found = begun
            assert found >= 0, f"{case}: {speaker} said {text!r}; the transcript has {transcript}"
            place = found + 1
    for answer in [*ANSWERS.values(), GOODBYE]:
        assert whole["candidate"].count(answer) == 1, f"{case}: {answer!r} in {transcript}"
    greetings = [text for _, text in transcript if re.match(r"(hello|hi|welcome)\b", text, re.IGNORECASE)]
    assert len(greetings) == 1, f"{case}: {greetings}"


async def hold(cause: Cause, moment: Moment, build: Build, folder: Path) -> None:
    """One cell of the table."""
    case = f"{cause.name} / {moment}"
    folder.mkdir()
    faults = cause.later
    if moment == "tool call":
        faults = (*faults, replace(cause.fault, moment="call", connection=0))
    async with service(folder, faults) as server:
        running: RunningRelay = await build(
            gemini=Gemini(api_key="k", base_url=server.base_url, ca_file=server.ca_file)
        )
        interview = await running.interview()

        async def strike(now: Moment) -> None:
            if now == moment != "tool call":
                if cause.forgets:
                    server.forget()
                await server.strike(cause.fault)

        async with running.candidate(interview.session_id) as candidate:
            try:
                async with asyncio.timeout(60):
                    await Interview(candidate, strike).hold()
            except BaseException as error:
                error.add_note(f"{case}: {[m for m in candidate.messages if m['type'] != 'caption' or m['final']]}")
                raise
        record = await running.store.get(interview.session_id)
        assert record.ended_reason == "interviewer", case
        assert_nothing_lost(await running.store.turns(interview.session_id), list(server.received.said), case)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.name)
async def test_fault_table(cause: Cause, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_waiting_times(monkeypatch, SHORT if cause.silent else LONG)
    monkeypatch.setattr("relay.gemini.supervisor.LEAD", 0.1)
    async with asyncio.TaskGroup() as group:
        for moment in MOMENTS:
            group.create_task(hold(cause, moment, build, tmp_path / moment.replace(" ", "-")))


class FailingStore(SqliteStore):
    """A real store that can be told to be away."""

    away = False

    async def save_turn(self, session_id: str, epoch: int, turn: Turn) -> Record:
        self._answer()
        return await super().save_turn(session_id, epoch, turn)

    async def end(self, session_id: str, reason: EndedReason, now: datetime, epoch: int | None = None) -> Record:
        self._answer()
        return await super().end(session_id, reason, now, epoch)

    async def touch(
        self,
        session_id: str,
        epoch: int,
        now: datetime,
        usage: Usage | None = None,
        thinking_seconds: float | None = None,
    ) -> Record:
        self._answer()
        return await super().touch(session_id, epoch, now, usage, thinking_seconds)

    def _answer(self) -> None:
        if self.away:
            raise StoreUnavailable("The store is away.")

    def leave(self, seconds: float) -> None:
        """Be away for so long."""
        self.away = True
        asyncio.get_running_loop().call_later(seconds, setattr, self, "away", False)


Loss = Literal["browser", "relay", "store"]


async def lose(loss: Loss, moment: Moment, build: Build, folder: Path) -> None:
    """One cell of the table's other half: what is on our side of the line."""
    case = f"{loss} / {moment}"
    folder.mkdir()
    async with service(folder, ()) as server, AsyncExitStack() as sockets:
        gemini = Gemini(api_key="k", base_url=server.base_url, ca_file=server.ca_file)
        store = FailingStore(str(folder / "interviews.db"))
        sockets.push_async_callback(store.close)
        first, second = await build(gemini=gemini, store=store), await build(gemini=gemini, store=store)
        interview = await first.interview()

        async def dial(running: RunningRelay) -> ClientConnection:
            socket = await sockets.enter_async_context(running.dial(interview.session_id, origin=ORIGIN))
            await socket.send(json.dumps({"type": "hello", "token": running.token}))
            return socket

        candidate = Candidate(await dial(first))

        async def strike(now: Moment) -> None:
            if now != moment:
                return
            if loss == "store":
                store.leave(1)
                return
            if loss == "relay":
                await first.admission.drain(5)
                assert (await candidate.closed())[0] == 1012
            else:
                candidate.socket.transport.abort()
                while first.admission.live:
                    await asyncio.sleep(0.01)
            candidate.socket = await dial(second if loss == "relay" else first)
            await candidate.until("ready", resumed=True)

        try:
            async with asyncio.timeout(60):
                await Interview(candidate, strike).hold()
        except BaseException as error:
            error.add_note(f"{case}: {[m for m in candidate.messages if m['type'] != 'caption' or m['final']]}")
            raise
        record = await store.get(interview.session_id)
        assert record.ended_reason == "interviewer", case
        assert not [m for m in candidate.messages if m.get("code") == "record_incomplete"], case
        assert_nothing_lost(await store.turns(interview.session_id), list(server.received.said), case)


@pytest.mark.parametrize("loss", ["browser", "relay", "store"])
async def test_losses_on_our_side(loss: Loss, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_waiting_times(monkeypatch, LONG)
    async with asyncio.TaskGroup() as group:
        for moment in MOMENTS:
            group.create_task(lose(loss, moment, build, tmp_path / moment.replace(" ", "-")))


BEHAVIOURS: Final = (
    Behaviour(),
    Behaviour(handles="each_turn_if_asked"),
    Behaviour(handles="each_turn", handle_holds="moment"),
    Behaviour(unasked_handle=False),
    Behaviour(call="after_speech"),
    Behaviour(call="next_turn"),
    Behaviour(silent_honoured=False),
    Behaviour(cancels_calls=False),
    Behaviour(text_interrupts=False),
    Behaviour(directions_wait=False),
    Behaviour(silence_ms_honoured=False),
    Behaviour(silence="empty_turn"),
    Behaviour(silence="nothing"),
    Behaviour(stream_end_ends_speech=True),
)
"""The service as recorded, and every other way in which it may behave where nobody knows."""


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=repr)
async def test_whatever_is_unknown_of_the_service_an_interview_goes_well(
    behaviour: Behaviour, build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_waiting_times(monkeypatch, LONG)

    async def nothing(_: Moment) -> None:
        """No fault."""

    async with service(tmp_path, (), behaviour) as server:
        running: RunningRelay = await build(
            gemini=Gemini(api_key="k", base_url=server.base_url, ca_file=server.ca_file)
        )
        interview = await running.interview()
        async with running.candidate(interview.session_id) as candidate, asyncio.timeout(60):
            await Interview(candidate, nothing).hold()
        assert (await running.store.get(interview.session_id)).ended_reason == "interviewer"
        assert_nothing_lost(
            await running.store.turns(interview.session_id), list(server.received.said), repr(behaviour)
        )
