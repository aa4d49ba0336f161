"""One turn of the interviewer up to its turnComplete, in the recorded order of frames."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from local.gemini import frames, interviewer, timing
from local.gemini.conversation import Conversation, Say
from local.gemini.faults import Moment
from local.gemini.hearing import Utterance
from local.gemini.injector import Injector
from local.gemini.script import Received, Script
from local.gemini.sessions import Saved
from local.gemini.speech import Speech
from local.gemini.timing import Pace
from local.gemini.transcription import transcribe
from local.gemini.voice import SLOW, Voice
from local.gemini.wire import OUT_RATE, SAMPLE_BYTES, Setup

END_INTERVIEW = "end_interview"
_FAINT = 2
_SILENT_AUDIO = 0.8
_BIG_SECONDS = 25
_MOST_EMPTY = 7
_TONE = (6000 * np.sin(2 * np.pi * 220 * np.arange(OUT_RATE // 5) / OUT_RATE)).astype("<i2").tobytes()

Strike = Callable[[int, Moment], Awaitable[bool]]


@dataclass(slots=True)
class Turn:
    """A turn: the conversation before it, the words that it answers, and the utterance if they were spoken.

    `say`: what is said, if that is known beforehand (after a tool's response). `announced`: frames of it were sent.
    `ends`: the reason, if the interview ends with it.
    """

    number: int
    before: Conversation
    heard: str = ""
    utterance: Utterance | None = None
    say: Say | None = None
    speech: Speech | None = None
    announced: bool = False
    ends: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A function call without a response yet: its turn, and what is said after the response."""

    id: str
    turn: int
    before: Conversation
    farewell: tuple[str, ...]


class Reply:
    """Plays turns; keeps the conversation, its tokens and the open call."""

    def __init__(
        self,
        saved: Saved,
        setup: Setup,
        script: Script,
        *,
        voice: Voice,
        received: Received,
        faults: Injector,
        chance: Random,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self.conversation = saved.conversation
        self.tokens = saved.tokens
        self.call: Call | None = None
        self._setup = setup
        self._script = script
        self._voice = voice
        self._received = received
        self._faults = faults
        self._send = faults.send
        self._pace = Pace(script.pace)
        self._chance = chance
        self._spawn = spawn
        self._answered = 0

    async def give(self, turn: Turn, strike: Strike) -> bool:
        """Play the turn to its end; returns False if a fault left the words without an answer."""
        faults, number = self._faults, turn.number
        await asyncio.sleep(self._script.delay)
        after, say = self.conversation, turn.say
        if say is None:
            after, say = interviewer.reply(self.conversation, turn.heard, spoken=turn.utterance is not None)
            if self._answered < len(self._script.answers):
                say = Say((self._script.answers[self._answered],), say.ends)
        turn.speech = self._speech(turn)
        self._received.voice.append(turn.speech.pcm)
        if say.sentences:
            self._spawn(self._prepare(say.sentences[0]))
        gap = await self._lead(turn)
        if faults.lasting(number, "quiet"):
            return False
        empty = faults.lasting(number, "empty_turn", "rejected_turn")
        if empty is not None:
            await self._send(frames.complete(None, "RESPONSE_REJECTED" if empty.kind == "rejected_turn" else ""))
            return False
        await strike(number, "start")
        mark = faults.lasting(number, "no_speech", "no_speech_audio")
        if mark is not None:
            await self._keep_silent(turn, _SILENT_AUDIO if mark.kind == "no_speech_audio" else 0.0)
            return False
        self.conversation = after
        self._answered += turn.say is None
        if END_INTERVIEW in self._setup.tools and not faults.lasting(number, "goodbye_without_call"):
            turn.ends = say.ends
        mute = faults.lasting(number, "call_without_goodbye") is not None
        if turn.ends is not None and (mute or self._script.behaviour.call == "alone"):
            await self._call_alone(turn, () if mute else say.sentences)
            await strike(number, "call")
        elif say.sentences:
            await self._pace.sleep(gap)
            await self._speak(turn, say, strike)
        else:
            await self._say_nothing(turn)
        return True

    async def after(self, turn: Turn) -> None:
        """After a turn: the last words if they are late, and the call if it has a turn of its own."""
        late = self._faults.lasting(turn.number, "late_words")
        if turn.speech is not None and turn.speech.withheld and late is not None and late.moment == "end":
            await self._send(frames.words(turn.speech.withheld))
        if turn.ends is not None and self._script.behaviour.call == "next_turn" and self.call is None:
            await self._pace.sleep(timing.NEXT_TURN)
            await self._call_alone(turn, ("Goodbye.",))
            await self._faults.strike(turn.number, "call")

    async def complete(self, turn: Turn) -> None:
        """Send the turn's turnComplete with its usage."""
        seconds = turn.speech.seconds if turn.speech else 0.0
        usage = self.tokens.usage(seconds, self._chance) if self._script.counted else None
        self.tokens = self.tokens.spoke(seconds)
        await self._send(frames.complete(usage))

    @property
    def _rate(self) -> float:
        return SLOW if self.conversation.briefing.slow else 1.0

    async def _prepare(self, sentence: str) -> None:
        """Synthesise the first sentence before it is due. The voice caches it."""
        await self._voice.speak(sentence, self._rate)

    async def _lead(self, turn: Turn) -> float:
        """The frames before the first audio; returns the seconds from them to it."""
        utterance = turn.utterance
        gap = timing.RESPONSE_TO_AUDIO
        if utterance is not None:
            await self._pace.until(utterance.ended, timing.transcription(utterance.seconds))
            for _ in range(self._chance.randint(1, _MOST_EMPTY)):
                await self._send(frames.EMPTY)
            turn.announced = True
            await self._transcribe(turn, utterance.text)
            gap = timing.first_audio(utterance.seconds, self._chance)
        else:
            await self._pace.sleep(timing.TYPED if turn.say is None else timing.RESPONSE)
            turn.announced = True
            await self._send(frames.EMPTY)
        if not self._faults.lasting(turn.number, "quiet"):
            await self._send(frames.NOTHING)
        return gap

    async def _transcribe(self, turn: Turn, text: str) -> None:
        if not text or self._faults.silenced:
            return
        self._received.said.append(("candidate", text))
        if self._setup.hears:
            speech = turn.speech
            assert speech is not None  # noqa: S101
            await transcribe(text, turn.number, self._faults, replied=speech.started.wait, spawn=self._spawn)

    async def _speak(self, turn: Turn, say: Say, strike: Strike) -> None:
        speech, faults, number = turn.speech, self._faults, turn.number
        assert speech is not None  # noqa: S101
        sentences = say.sentences
        if turn.heard and faults.lasting(number, "directions_aloud"):
            sentences = (turn.heard.strip("[]"), *sentences)
        if faults.has(number, "middle"):
            words = " ".join(sentences).split()
            half = (len(words) + 1) // 2
            await speech.say((" ".join(words[:half]),))
            if await strike(number, "middle"):
                turn.ends = None
                return
            await speech.say((" ".join(words[half:]),))
        else:
            await speech.say(sentences)
        if faults.lasting(number, "endless_tone"):
            await speech.drone(_TONE)
        if turn.ends is not None and self._script.behaviour.call == "after_speech":
            await self._call(turn, ("Goodbye.",))
            await strike(number, "call")
        await self._pace.sleep(timing.GENERATED)
        await self._send(frames.GENERATED)
        if not faults.silenced:
            self._received.said.append(("interviewer", say.text))
        late = faults.lasting(number, "late_words")
        if late is not None and late.moment != "end" and speech.withheld:
            await self._send(frames.words(speech.withheld))
        await strike(number, "generated")
        assert speech.began is not None  # noqa: S101
        await self._pace.until(speech.began, speech.seconds * self._script.trailing)
        await self.complete(turn)

    async def _say_nothing(self, turn: Turn) -> None:
        match self._script.behaviour.silence:
            case "no_speech":
                await self._keep_silent(turn, 0.0)
            case "empty_turn":
                await self._send(frames.complete())
            case "nothing":
                return

    async def _keep_silent(self, turn: Turn, seconds: float) -> None:
        assert turn.speech is not None  # noqa: S101
        await turn.speech.silence(seconds)
        await self._send(frames.GENERATED)
        await self.complete(turn)

    async def _call_alone(self, turn: Turn, farewell: tuple[str, ...]) -> None:
        """A call in a turn without speech: everything in the same instant."""
        await self._call(turn, farewell)
        await self._send(frames.GENERATED)
        await self.complete(turn)

    async def _call(self, turn: Turn, farewell: tuple[str, ...]) -> None:
        self.call = Call(f"call_{secrets.randbelow(900_000) + 100_000}", turn.number, turn.before, farewell)
        await self._send(frames.tool_call(self.call.id, END_INTERVIEW, {"reason": turn.ends}))

    def _speech(self, turn: Turn) -> Speech:
        lasting = self._faults.lasting
        number = turn.number
        alter: Callable[[bytes], bytes] = bytes
        if lasting(number, "faint"):
            alter = _faint
        return Speech(
            self._voice,
            self._send,
            self._chance,
            pace=self._pace,
            speed=self._script.speed or timing.speed(self._chance),
            captions=self._setup.captions,
            alter=alter,
            least=_BIG_SECONDS if lasting(number, "one_message") else 0,
            withhold=lasting(number, "late_words") is not None,
            rate=self._rate,
        )


def _faint(pcm: bytes) -> bytes:
    """The same length with an amplitude of 2."""
    return (np.arange(len(pcm) // SAMPLE_BYTES) % (2 * _FAINT + 1) - _FAINT).astype("<i2").tobytes()
