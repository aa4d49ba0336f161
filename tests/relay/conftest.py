"""A real relay on a free port, a real SQLite store, the embedded service behind the real SDK: nothing is imitated."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from interview.avatar import open_avatars
from interview.prompt import build_prompt
from interview.record import Interview
from interview.settings import Gemini, Limits, Tavus, load
from interview.store import Store
from interview.store.sqlite import SqliteStore
from interview.tasks import Tasks
from interview.token import hash_token, new_session_id
from local.gemini import Script, Server, embedded
from relay.admission import Admission
from relay.browser.outbox import Outbox
from relay.browser.pacing import Pace
from relay.gemini.model import LiveModel
from relay.gemini.transcriber import TextModel
from relay.server import listen
from relay.speech.output import SpeechOutput

QUICK = 1e6
"""Times real time at which a candidate of these tests may speak: as fast as a socket takes it."""
TOKEN = "the-token"
ORIGIN = Origin("http://localhost:8080")
FRAME_SAMPLES = 640

SPEECH = b"".join(
    int(12_000 * math.sin(2 * math.pi * 220 * n / 16_000)).to_bytes(2, "little", signed=True)
    for n in range(FRAME_SAMPLES)
)
"""40 ms at 16 kHz that no detector takes for silence."""
SILENCE = bytes(2 * FRAME_SAMPLES)


def now() -> datetime:
    return datetime.now(UTC)


def plain_voice(outbox: Outbox) -> SpeechOutput:
    """A voice that goes to the page, and nowhere else."""
    time = asyncio.get_running_loop().time
    return SpeechOutput(outbox, wanted="voice", expected=False, time=time, record=lambda *_: None)


@dataclass
class Candidate:
    """A browser, as far as the relay can see one: it collects what comes and plays audio in no time."""

    socket: ClientConnection
    played: bool = True

    def __post_init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.audio = bytearray()

    async def send(self, kind: str, **fields: object) -> None:
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def next(self) -> dict[str, Any]:
        """The next message; audio before it is collected, and a turn that was sent in full counts as played."""
        while True:
            frame = await asyncio.wait_for(self.socket.recv(), 20)
            if isinstance(frame, bytes):
                self.audio += frame
                continue
            message: dict[str, Any] = json.loads(frame)
            self.messages.append(message)
            if message["type"] == "spoken" and self.played:
                with suppress(ConnectionClosed):  # what came before the close is still to be read
                    await self.send("played")
            return message

    async def until(self, kind: str, **fields: object) -> dict[str, Any]:
        """The next message of this type and with these fields."""
        while True:
            message = await self.next()
            if message["type"] == kind and all(message[name] == value for name, value in fields.items()):
                return message

    async def closed(self) -> tuple[int, str]:
        """The close code and reason; what comes before it is collected."""
        try:
            while True:
                await self.next()
        except ConnectionClosed as closed:
            return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")

    async def speak(self, seconds: float, pace: float = 4) -> None:
        """Make a sound, then silence enough to end the answer, `pace` times as fast as in life."""
        for sound in [SPEECH] * round(seconds * 25) + [SILENCE] * 65:
            await self.socket.send(sound)
            await asyncio.sleep(0.04 / pace)

    def said(self, speaker: str) -> list[str]:
        """The final captions of a speaker, each turn once, as told last."""
        captions = {
            m["turn"]: m["text"]
            for m in self.messages
            if m["type"] == "caption" and m["final"] and m["speaker"] == speaker
        }
        return [captions[turn] for turn in sorted(captions)]


@dataclass
class RunningRelay:
    """A running relay with what stands behind it."""

    url: str
    store: Store
    admission: Admission
    gemini: Server | None
    token: str = TOKEN

    async def interview(self, **fields: Any) -> Interview:
        """An interview that is ready to begin."""
        prompt = build_prompt(
            skill_topic="Python backend",
            level="intermediate",
            language="en-US",
            cv=None,
            job_description=None,
            minutes=25,
        )
        interview = Interview(
            session_id=new_session_id(),
            skill_topic="Python backend",
            level="intermediate",
            language="en-US",
            status="ready",
            token_sha256=hash_token(self.token),
            prompt=prompt,
            max_duration_seconds=1500,
            created_at=now(),
            expires_at=now() + timedelta(days=1),
        )
        interview = replace(interview, **fields)
        await self.store.create(interview)
        return interview

    def dial(self, session_id: str, **options: Any) -> AbstractAsyncContextManager[ClientConnection]:
        return connect(f"{self.url}/api/interview/{session_id}/stream", compression=None, max_size=None, **options)

    @asynccontextmanager
    async def candidate(self, session_id: str, *, played: bool = True) -> AsyncIterator[Candidate]:
        """A candidate that has said hello."""
        async with self.dial(session_id, origin=ORIGIN) as socket:
            candidate = Candidate(socket, played)
            await candidate.send("hello", token=self.token, output="voice")
            yield candidate

    async def gone(self) -> None:
        """Until the relay has closed everything after the last candidate: only then is the record complete."""
        async with asyncio.timeout(60):
            while self.admission.live:
                await asyncio.sleep(0.01)


Build = Callable[..., Awaitable[RunningRelay]]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A store in a file, which the test and several relays can use at once."""
    store = SqliteStore(tmp_path / "interviews.db")
    yield store
    await store.close()


@pytest.fixture
async def build(tmp_path: Path) -> AsyncIterator[Build]:
    """Builds relays: `await build(Script(…))`, with `gemini=` for another way to Gemini, `store=` for another store,
    `tavus=` for the address of a Tavus whose conversations the relay may end, `clock=` for another time of day,
    `forwarded=True` for a front end that names the caller.
    """
    async with AsyncExitStack() as stack:
        stores: list[Store] = []

        async def make(
            script: Script | None = None,
            *,
            gemini: Gemini | None = None,
            store: Store | None = None,
            capacity: int = 10,
            text_model: TextModel | None = None,
            tavus: str | None = None,
            clock: Callable[[], datetime] = now,
            budget: float = 0.0,
            limits: Limits | None = None,
            must_end: Callable[[], Awaitable[bool]] | None = None,
            tasks: Tasks | None = None,
            second_ear: bool = False,
            forwarded: bool = False,
        ) -> RunningRelay:
            server = None
            if gemini is None:
                server = await stack.enter_async_context(embedded(script or Script(voice="tone", heard=("Yes.",) * 50)))
                gemini = Gemini(api_key="a-key", base_url=server.base_url, ca_file=server.ca_file)
            if store is None:
                store = SqliteStore(str(tmp_path / f"interviews-{len(stores)}.db"))
            stores.append(store)
            settings = replace(load({}), relay_port=0, allowed_origins=(ORIGIN,), gemini=gemini, forwarded=forwarded)
            avatars = None
            if tavus:
                settings = replace(settings, tavus=Tavus(api_key="a-key", base_url=tavus))
                avatars = open_avatars(settings, store)
                assert avatars
                stack.push_async_callback(avatars.aclose)
            admission = Admission(
                store,
                LiveModel(gemini),
                capacity=capacity,
                now=clock,
                conversations=avatars,
                text_model=text_model,
                budget=budget,
                limits=limits,
                pace=lambda: Pace(speed=QUICK),
                must_end=must_end,
                tasks=tasks,
                second_ear=second_ear,
            )
            listening = await stack.enter_async_context(listen(settings, admission))
            port = next(iter(listening.sockets)).getsockname()[1]
            return RunningRelay(f"ws://127.0.0.1:{port}", store, admission, server)

        yield make
        # Leaving the stack closes the server. A connection that ends with it may still open its store again.
    for store in stores:
        await store.close()


@pytest.fixture
async def running(build: Build) -> RunningRelay:
    return await build()
