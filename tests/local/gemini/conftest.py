"""The embedded service over its real socket, spoken to by the unmodified SDK."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import pytest
from google import genai
from google.genai import types
from google.genai.live import AsyncSession

from interview.prompt import build_prompt
from interview.record import Cv
from local.gemini import Script, Server, embedded

RATE = 16_000
TONES = Script(voice="tone", tone_seconds=0.02, heard=(), pace=0.1)
"""Quick speech without models: a tone for each word, no words heard, ten times as fast as the real service."""
BEGIN = "[The candidate has joined. Greet them and begin.]"
PROMPT = build_prompt(
    skill_topic="Python backend",
    level="intermediate",
    language="en-US",
    cv=Cv(
        filename="cv.pdf",
        pages=1,
        characters=90,
        text="CURRICULUM VITAE\nJane Doe\nEXPERIENCE\nEngineer, Acme Corp  2019 - 2022\nPROJECTS\nOrderly: a shop",
    ),
    job_description="Experience with distributed systems.",
    minutes=25,
)
END_INTERVIEW = types.Tool(function_declarations=[types.FunctionDeclaration(name="end_interview")])


def noise(seconds: float) -> bytes:
    """Loud enough to count as speech: PCM16 16 kHz."""
    time = np.arange(int(RATE * seconds)) / RATE
    return bytes((8000 * np.sin(2 * np.pi * 300 * time)).astype("<i2").tobytes())


def silence(seconds: float) -> bytes:
    return bytes(2 * int(RATE * seconds))


@dataclass
class Turn:
    """One turn as the SDK told it. `order` names the kinds of content in the order in which they came."""

    said: str = ""
    heard: str = ""
    audio: bytes = b""
    thoughts: str = ""
    interrupted: bool = False
    calls: list[types.FunctionCall] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    handles: list[str] = field(default_factory=list)
    leaving: str | None = None
    usage: types.UsageMetadata | None = None
    order: list[str] = field(default_factory=list)
    at: dict[str, float] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)

    def take(self, message: types.LiveServerMessage) -> None:
        if message.server_content:
            self._content(message.server_content)
        if message.tool_call:
            self._note("tool_call")
            self.calls += message.tool_call.function_calls or []
        if message.tool_call_cancellation:
            self.cancelled += message.tool_call_cancellation.ids or []
        if message.session_resumption_update and message.session_resumption_update.new_handle:
            self.handles.append(message.session_resumption_update.new_handle)
        if message.go_away:
            self._note("go_away")
            self.leaving = message.go_away.time_left
        self.usage = message.usage_metadata or self.usage

    def _content(self, content: types.LiveServerContent) -> None:
        for part in (content.model_turn and content.model_turn.parts) or []:
            self.thoughts += part.text or ""
            if part.inline_data and part.inline_data.data:
                self._note("audio")
                self.audio += part.inline_data.data
        for kind in (
            "input_transcription",
            "output_transcription",
            "interrupted",
            "generation_complete",
            "turn_complete",
        ):
            if getattr(content, kind):
                self._note(kind)
        self.heard += (content.input_transcription and content.input_transcription.text) or ""
        self.said += (content.output_transcription and content.output_transcription.text) or ""
        self.interrupted = self.interrupted or bool(content.interrupted)

    def _note(self, kind: str) -> None:
        self.order.append(kind)
        self.at[kind] = asyncio.get_running_loop().time()
        self.first.setdefault(kind, self.at[kind])


class Talk:
    """A Live session with short ways to speak and to listen."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def write(self, text: str) -> None:
        await self.session.send_realtime_input(text=text)

    async def speak(self, pcm: bytes, *, live: bool = False) -> None:
        """Send audio in 40 ms chunks; `live` at the pace of a microphone."""
        for at in range(0, len(pcm), 1280):
            blob = types.Blob(data=pcm[at : at + 1280], mime_type="audio/pcm;rate=16000")
            await self.session.send_realtime_input(audio=blob)
            if live:
                await asyncio.sleep(0.04)

    async def _next(self) -> types.LiveServerMessage:
        messages = cast("AsyncGenerator[types.LiveServerMessage, None]", self.session.receive())
        async with aclosing(messages):
            return await anext(messages)

    async def turn(self, until: str = "turn_complete", seconds: float = 30.0) -> Turn:
        """What comes until the turn is complete, or until the first content of a kind."""
        turn = Turn()
        async with asyncio.timeout(seconds):
            while until not in turn.order:
                turn.take(await self._next())
        return turn

    async def quiet(self, seconds: float) -> Turn:
        """What comes within some seconds."""
        turn = Turn()
        try:
            async with asyncio.timeout(seconds):
                while True:
                    turn.take(await self._next())
        except TimeoutError:
            return turn

    async def answer(self, call: types.FunctionCall, scheduling: str | None = "SILENT", **response: Any) -> None:
        answer = types.FunctionResponse(
            id=call.id,
            name=call.name,
            response=response or {"result": "ok"},
            scheduling=types.FunctionResponseScheduling(scheduling) if scheduling else None,
        )
        await self.session.send_tool_response(function_responses=[answer])


def client(server: Server, key: str = "any", version: str = "v1beta") -> genai.Client:
    context = ssl.create_default_context(cafile=server.ca_file)
    options = types.HttpOptions(
        base_url=server.base_url,
        api_version=version,
        client_args={"verify": context},
        async_client_args={"ssl": context, "verify": context, "ping_interval": None},
    )
    return genai.Client(api_key=key, http_options=options)


def config(**changes: Any) -> types.LiveConnectConfig:
    given: dict[str, Any] = {
        "response_modalities": ["AUDIO"],
        "system_instruction": PROMPT,
        "tools": [END_INTERVIEW],
        "input_audio_transcription": types.AudioTranscriptionConfig(language_codes=["en-US"]),
        "output_audio_transcription": types.AudioTranscriptionConfig(),
        "context_window_compression": types.ContextWindowCompressionConfig(sliding_window=types.SlidingWindow()),
        "realtime_input_config": types.RealtimeInputConfig(
            automatic_activity_detection=types.AutomaticActivityDetection(
                end_of_speech_sensitivity=types.EndSensitivity.END_SENSITIVITY_LOW, silence_duration_ms=900
            )
        ),
    }
    return types.LiveConnectConfig(**{**given, **changes})


@asynccontextmanager
async def talk(
    server: Server, *, model: str = "gemini-3.8-live", key: str = "any", **changes: Any
) -> AsyncIterator[Talk]:
    """A session with the server."""
    async with client(server, key).aio.live.connect(model=model, config=config(**changes)) as session:
        yield Talk(session)


Start = Callable[..., Awaitable[Server]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts servers that stop with the test."""
    async with AsyncExitStack() as stack:

        async def starting(script: Script = TONES) -> Server:
            return await stack.enter_async_context(embedded(script))

        yield starting
