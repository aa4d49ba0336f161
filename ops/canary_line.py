"""The canary's second half: a connection to Gemini as the relay has one, with its own setup, resumed and overfilled."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Final

from interview import prices
from interview.prompt import build_prompt
from interview.record import Interview, Speaker, Turn
from interview.settings import Gemini
from interview.usage import LiveUsage, Usage
from ops.finding import Finding
from relay.gemini.events import Completed, Handle, Used
from relay.gemini.failure import ConnectionFailed
from relay.gemini.model import LiveModel, LiveSession
from relay.gemini.setup import CONTEXT_TRIGGER

SECONDS: Final = 120.0
"""Seconds for each of the two findings."""
LEAVING: Final = 1.0
"""Seconds between leaving a connection and resuming it."""
HISTORY: Final = round(1.25 * CONTEXT_TRIGGER)
"""Tokens of the history that is too long."""
CHARACTERS: Final = 4
"""Characters of a token of English, roughly."""
WORDS: Final = "I use message queues to decouple services, and I measure before I change anything. "


class _Talk:
    """One connection: lines of text to Gemini, and what it tells besides speech."""

    def __init__(self, session: LiveSession, spent: list[Used]) -> None:
        self.handle: str | None = None
        self._session = session
        self._events = session.events()
        self._spent = spent

    async def say(self, text: str) -> Used:
        """Say a line and wait until it is answered. Returns the tokens of that turn, and notes them as spent."""
        await self._session.send_text(text)
        used: Used | None = None
        completed = False
        async for event in self._events:
            match event:
                case Handle(handle):
                    self.handle = handle
                case Used():
                    used = event
                    self._spent.append(event)
                case Completed():
                    completed = True
            if completed and used:
                return used
        raise AssertionError("events end with an error only")


async def findings(settings: Gemini) -> tuple[list[Finding], float]:
    """The findings about resumption and compression, and what they cost in dollars."""
    model = LiveModel(settings)
    spent: list[Used] = []
    resumed = await _tried("resumption", _resumption(model, spent))
    shortened = await _tried("compression", _compression(model, spent))
    live = LiveUsage(
        turns=len(spent),
        prompt_text=sum(one.prompt_text for one in spent),
        prompt_audio=sum(one.prompt_audio for one in spent),
        response_text=sum(one.response_text for one in spent),
        response_audio=sum(one.response_audio for one in spent),
        thoughts=sum(one.thoughts for one in spent),
    )
    return [resumed, shortened], prices.dollars(Usage(live=live))


async def _tried(name: str, finding: Awaitable[Finding]) -> Finding:
    """A finding, or the failure that stood in its way."""
    try:
        async with asyncio.timeout(SECONDS):
            return await finding
    except TimeoutError:
        return Finding(name, right=False, told=f"Gemini did not answer within {SECONDS:.0f} s")
    except ConnectionFailed as error:
        return Finding(name, right=False, told=f"the connection failed: {error.failure.reason or error.failure.code}")


async def _resumption(model: LiveModel, spent: list[Used]) -> Finding:
    """A connection is left, and another one goes on by its handle: the context must be there."""
    interview = _interview()
    async with model.connect(interview, (), _ignore) as session:
        talk = _Talk(session, spent)
        await talk.say("Hello, I am ready. Please begin.")
        # Its context has the first turn, which a session that was forgotten lacks.
        before = await talk.say("I did not understand that. Please say it in other words.")
    if talk.handle is None:
        return Finding("resumption", right=False, told="no handle came with the first turn")
    # The service may still hold the session for the connection that has just ended.
    await asyncio.sleep(LEAVING)
    async with model.connect(interview, (), _ignore, handle=talk.handle, moment="setup") as session:
        after = await _Talk(session, spent).say("Please repeat the question.")
    told = f"{_prompt(before):,} tokens of context before, {_prompt(after):,} after"
    return Finding("resumption", _prompt(after) > _prompt(before), told)


async def _compression(model: LiveModel, spent: list[Used]) -> Finding:
    """A connection is told more than its setup allows: the context must be shortened."""
    at = datetime.now(UTC)
    text = WORDS * (4_000 // len(WORDS))
    count = round(HISTORY * CHARACTERS / len(text))
    speakers: tuple[Speaker, ...] = ("interviewer", "candidate")
    history = [Turn(number, speakers[number % 2], text, at, at) for number in range(count)]
    async with model.connect(_interview(), history, _ignore) as session:
        talk = _Talk(session, spent)
        before = await talk.say("Please go on.")
        after = await talk.say("Please repeat the question.")
    told = f"{_prompt(before):,} tokens, then {_prompt(after):,}; it is to shorten at {CONTEXT_TRIGGER:,}"
    return Finding("compression", 0 < _prompt(after) <= CONTEXT_TRIGGER, told)


def _prompt(used: Used) -> int:
    return used.prompt_text + used.prompt_audio


def _ignore(_: bytes) -> None:
    """The interviewer's voice: the interview has listened to it."""


def _interview() -> Interview:
    now = datetime.now(UTC)
    prompt = build_prompt(
        skill_topic="Message queues", level="intermediate", language="en-US", cv=None, job_description=None, minutes=25
    )
    return Interview(
        session_id="canary",
        skill_topic="Message queues",
        level="intermediate",
        language="en-US",
        status="live",
        token_sha256="",
        prompt=prompt,
        max_duration_seconds=1500,
        created_at=now,
        expires_at=now + timedelta(hours=1),
    )
