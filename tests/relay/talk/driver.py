"""Drives a floor through time without a socket, a clock or an event loop: any timeline, as fast as the machine runs."""

import heapq
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from interview.record import Turn
from relay.talk import actions, candidate, connection, interviewer, waiting
from relay.talk.actions import Action
from relay.talk.floor import Floor
from relay.talk.turns import TurnLog
from relay.talk.utterances import Caption

START = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
FRAME = 0.04
TICK = 0.25
RATE = 48_000
"""Bytes of the interviewer's sound a second."""
A = TypeVar("A")


def level(amplitude: int, seconds: float = FRAME, rate: int = 16_000) -> bytes:
    """A square wave of this amplitude: PCM16 mono."""
    high = amplitude.to_bytes(2, "little", signed=True)
    low = (-amplitude).to_bytes(2, "little", signed=True)
    period = high * 36 + low * 36
    length = 2 * round(seconds * rate)
    return (period * (length // len(period) + 1))[:length]


SPEECH = level(6000)
QUIET = bytes(len(SPEECH))


def sound(seconds: float, amplitude: int = 6000) -> bytes:
    """The interviewer's sound: PCM16 mono 24 kHz."""
    return level(amplitude, seconds, 24_000)


@dataclass
class Driver:
    """`now` moves by `listen` (with a microphone) and `wait` (without one); what the floor decided stands in `done`."""

    before: Sequence[Turn] = ()
    language: str = "en-US"
    plays: bool = True
    """The page plays what it gets, in real time, and says so."""
    extra_time: float = 1.0
    done: list[tuple[float, Action]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = 100.0
        self.time_up = False
        self._tick_at = self.now
        self._later: list[tuple[float, int, Callable[[], object]]] = []
        self._count = itertools.count()
        self._playing_until = self.now
        self._utterance: list[bytes] = []
        self.played: list[bytes] = []
        self.speech = SPEECH
        number = self.before[-1].number + 1 if self.before else 0
        log = TurnLog(lambda at: START + timedelta(seconds=at - 100), language=self.language, number=number)
        self.floor = Floor(log, before=self.before, now=self.now, is_time_up=lambda: self.time_up)
        self.perform()

    # Time

    def at(self, when: float, do: Callable[[], object]) -> None:
        """Do something `when` seconds after the start."""
        heapq.heappush(self._later, (100.0 + when, next(self._count), do))

    def after(self, seconds: float, do: Callable[[], object]) -> None:
        """Do something so many seconds from now."""
        self.at(self.now - 100.0 + seconds, do)

    def _advance(self, to: float) -> None:
        while True:
            due = self._later[0][0] if self._later else float("inf")
            step = min(due, self._tick_at)
            if step > to:
                break
            self.now = max(self.now, step)
            if due <= self._tick_at:
                heapq.heappop(self._later)[2]()
            else:
                self._tick_at += TICK
                waiting.tick(self.floor, self.now, played_by=self._playing_until + 10, extra_time=self.extra_time)
            self.perform()
        self.now = to

    def wait(self, seconds: float) -> None:
        """Time passes; no frame comes."""
        self._advance(self.now + seconds)

    def listen(self, seconds: float, frame: bytes = QUIET) -> None:
        """Time passes with this on the microphone."""
        for _ in range(round(seconds / FRAME)):
            self._advance(self.now + FRAME)
            candidate.microphone(self.floor, frame, self.now)
            self.perform()

    def speak(self, seconds: float) -> None:
        """The candidate speaks."""
        self.listen(seconds, self.speech)

    def click(self) -> None:
        """A key is pressed: one loud frame and two quiet ones."""
        self.listen(FRAME, self.speech)
        self.listen(2 * FRAME)

    # Gemini

    def connect(self, *, resumed: bool = False, seeded: bool | None = None, sound: float = 0.0) -> None:
        if not resumed:
            connection.reading_transcript(self.floor)
        connection.connected(
            self.floor, self.now, resumed=resumed, seeded=bool(self.before) if seeded is None else seeded, sound=sound
        )
        self.perform()

    def lose(self) -> None:
        connection.lost(self.floor, self.now)
        self.perform()

    def frame(self, frame: dict[str, Any]) -> None:
        """A frame of the service, its events in the order in which the relay reads them."""
        content = frame.get("serverContent", {})
        if "inputTranscription" in content:
            interviewer.transcribed(self.floor, content["inputTranscription"]["text"], self.now)
        if content.get("interrupted"):
            interviewer.interrupted(self.floor, self.now)
        if "outputTranscription" in content:
            interviewer.said(self.floor, content["outputTranscription"]["text"], self.now)
        for part in content.get("modelTurn", {}).get("parts", ()):
            self.audio(_pcm(part["inlineData"]["data"]))
        if content.get("generationComplete"):
            interviewer.generated(self.floor, self.now)
        if content.get("turnComplete"):
            interviewer.complete(self.floor, self.now, reason=content.get("turnCompleteReason"))
        for call in frame.get("toolCall", {}).get("functionCalls", ()):
            interviewer.called(self.floor, call["id"], call["name"], call["args"], self.now)
        self.perform()

    def audio(self, pcm: bytes) -> None:
        if interviewer.audio(self.floor, pcm, self.now):
            self._play(pcm)
        self.perform()

    def says(self, text: str, seconds: float = 2.0, *, complete: bool = True, amplitude: int = 6000) -> None:
        """A whole turn of the interviewer's, sent at once; it is complete when it has been played."""
        interviewer.said(self.floor, text, self.now)
        self.audio(sound(seconds, amplitude))
        interviewer.generated(self.floor, self.now)
        self.perform()
        if complete:
            self.after(seconds, self.complete)

    def complete(self, reason: str | None = None) -> None:
        interviewer.complete(self.floor, self.now, reason=reason)
        self.perform()

    def hears(self, text: str) -> None:
        """A transcription of the candidate's words."""
        interviewer.transcribed(self.floor, text, self.now)
        self.perform()

    def call(self, reason: str = "finished") -> None:
        """The tool call as recorded: with generationComplete and turnComplete in the same instant."""
        interviewer.called(self.floor, "call_1", "end_interview", {"reason": reason}, self.now)
        interviewer.generated(self.floor, self.now)
        interviewer.complete(self.floor, self.now)
        self.perform()

    def greet(self) -> None:
        """Connect, and hear the greeting to its end."""
        self.connect()
        self.wait(0.5)
        self.says("Hello, I am Iris. What have you built?", 2.0)
        self.listen(2.6)

    # What came of it

    def perform(self) -> None:
        for action in self.floor.take_actions():
            self.done.append((round(self.now - 100.0, 3), action))
            match action:
                case actions.Begin():
                    self._utterance = []
                    self._playing_until = max(self._playing_until, self.now)
                case actions.Play(pcm):
                    self._play(pcm)
                case actions.EndUtterance():
                    self.played.append(b"".join(self._utterance))
                    if self.plays:
                        until = self._playing_until
                        self.after(max(0.0, until - self.now), partial(self._drained, until))
                case actions.Cut():
                    self._playing_until = self.now

    def _play(self, pcm: bytes) -> None:
        self._utterance.append(pcm)
        self._playing_until = max(self._playing_until, self.now) + len(pcm) / RATE

    def _drained(self, until: float) -> None:
        if until == self._playing_until:
            candidate.played(self.floor, self.now)
            self.perform()

    def actions(self, kind: type[A]) -> list[A]:
        return [action for _, action in self.done if isinstance(action, kind)]

    def times(self, kind: type[A]) -> list[float]:
        return [at for at, action in self.done if isinstance(action, kind)]

    @property
    def sent(self) -> list[str]:
        return [action.text for action in self.actions(actions.Send)]

    @property
    def notices(self) -> list[str]:
        return [action.code for action in self.actions(actions.Notify)]

    @property
    def redials(self) -> list[str]:
        return [action.reason for action in self.actions(actions.Redial)]

    @property
    def record(self) -> list[Turn]:
        """The record as it stands: each turn as kept last."""
        kept = {turn.number: turn for turn in self.before}
        for action in self.actions(actions.Keep) + self.actions(actions.Unwritten):
            kept[action.turn.number] = action.turn
        return [kept[number] for number in sorted(kept)]

    @property
    def transcript(self) -> list[tuple[str, str]]:
        return [(turn.speaker, turn.text) for turn in self.record]

    @property
    def captions(self) -> dict[int, Caption]:
        return {caption.turn: caption for caption in self.actions(Caption)}

    def end(self) -> None:
        """The page goes: what is open is turns."""
        self.floor.flush(self.now)
        self.perform()


def replay(driver: Driver, timeline: Path) -> None:
    """Replay a recorded timeline: the service's frames at their times, and the microphone as it was."""
    lines = [json.loads(line) for line in timeline.read_text("utf-8").splitlines()]
    speech: list[tuple[float, float]] = []
    for line in lines:
        at = line["t"]
        if "frame" in line:
            driver.at(at, partial(driver.frame, line["frame"]))
        elif line.get("sent", "").startswith("speech starts"):
            milliseconds = int(line["sent"].partition("(")[2].split()[0])
            speech.append((at, at + milliseconds / 1000 - 0.2))
    while driver.now - 100.0 < lines[-1]["t"] + 5:
        at = driver.now - 100.0
        driver.listen(FRAME, driver.speech if any(start <= at < end for start, end in speech) else QUIET)


def _pcm(data: str) -> bytes:
    """`<N bytes>` stands for N bytes of sound: near silence where there is hardly any."""
    length = int(data.strip("<>").split()[0])
    return sound(length / RATE) if length > 2 else bytes(length)
