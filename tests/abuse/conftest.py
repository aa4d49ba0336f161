"""A real relay in a process of its own, a Gemini that counts what it is handed, and a witness whose interview goes on
beside every attack."""

import asyncio
import json
import math
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.protocol import State

from interview.record import Interview
from interview.store.sqlite import SqliteStore
from interview.token import hash_token, new_session_id
from tests.ports import free_port
from tests.relay.conftest import ORIGIN, SILENCE, SPEECH, TOKEN, Candidate
from tests.relay.process import READY_SECONDS, environment
from tests.relay.puppet import Connection, Puppet, puppet, ready

GREETING = "Hello. What did you build?"
ANSWER = "I wrote a queue."
REPLY = "How did it fail?"
WITNESS = "The witness."
CUT_SHORT = "Ended in the middle of an answer."
"""What stands in the prompts of interviews, by which Gemini tells them apart."""
VOICE = b"".join(
    int(6_000 * math.sin(2 * math.pi * 220 * n / 24_000)).to_bytes(2, "little", signed=True) for n in range(12_000)
)
"""Half a second at 24 kHz."""


async def interviewer(connection: Connection) -> None:
    """Greets; writes down one spoken answer of those who are to give one; replies to the witness."""
    await ready(connection)
    await connection.asked()
    await connection.turn(GREETING, VOICE)
    setup = json.dumps(connection.setup)
    if WITNESS in setup or CUT_SHORT in setup:
        await connection.until(lambda: connection.speech >= 0.9)
        await connection.heard(ANSWER)
    if WITNESS in setup:
        await connection.turn(REPLY, VOICE)
    await asyncio.Event().wait()


@dataclass
class Attacked:
    """The relay's process, and what stands around it."""

    address: str
    store: SqliteStore
    service: Puppet
    log: Path

    def lines(self, event: str) -> int:
        """How many lines of the log have this event."""
        return self.log.read_text("utf-8").count(f'"message": "{event}"')

    async def interview(self, prompt: str = "Topic: t") -> Interview:
        now = datetime.now(UTC)
        interview = Interview(
            session_id=new_session_id(),
            skill_topic="t",
            level="intermediate",
            language="en-US",
            status="ready",
            token_sha256=hash_token(TOKEN),
            prompt=prompt,
            max_duration_seconds=1500,
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
        await self.store.create(interview)
        return interview

    @asynccontextmanager
    async def dial(self, session_id: str) -> AsyncIterator[ClientConnection]:
        """A connection, closed by the relay or at the end of the block."""
        url = f"{self.address}/api/interview/{session_id}/stream"
        socket = await connect(url, origin=ORIGIN, compression=None, max_size=None)
        try:
            yield socket
        finally:
            # Once the relay has closed, closing fails with what was not sent.
            if socket.state is State.OPEN:
                await socket.close()
            await socket.wait_closed()

    @asynccontextmanager
    async def candidate(self, session_id: str) -> AsyncIterator[Candidate]:
        """A candidate who has been greeted."""
        async with self.dial(session_id) as socket:
            candidate = Candidate(socket)
            await candidate.send("hello", token=TOKEN, output="voice")
            await candidate.until("floor", holder="candidate")
            yield candidate

    def connection(self, prompt: str) -> Connection:
        """The connection to Gemini of the interview with this prompt."""
        return next(each for each in self.service.connections if prompt in json.dumps(each.setup))

    @asynccontextmanager
    async def witness(self) -> AsyncIterator[None]:
        """Somebody else's interview: what the witness says during the block is written down and replied to."""
        interview = await self.interview(WITNESS)
        async with self.candidate(interview.session_id) as witness:
            yield
            # In real time, as in life.
            for sound in [SPEECH] * 25 + [SILENCE] * 10:
                await witness.socket.send(sound)
                await asyncio.sleep(0.04)
            await witness.until("caption", speaker="candidate", text=ANSWER, final=True)
            await witness.until("caption", speaker="interviewer", text=REPLY, final=True)


@pytest.fixture
async def attacked(tmp_path: Path) -> AsyncIterator[Attacked]:
    store = SqliteStore(str(tmp_path / "interviews.db"))
    port = free_port()
    async with puppet(tmp_path, interviewer) as service:
        environ = environment(tmp_path, port, service.gemini.base_url or "", service.gemini.ca_file or "")
        log = tmp_path / "relay.log"
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "relay.server", env=environ, cwd=tmp_path, stdout=out
            )
            try:
                async with asyncio.timeout(READY_SECONDS):
                    while "relay_ready" not in log.read_text("utf-8"):
                        assert process.returncode is None
                        await asyncio.sleep(0.05)
                yield Attacked(f"ws://127.0.0.1:{port}", store, service, log)
            finally:
                process.terminate()
                await process.wait()
    assert service.failures == []
    await store.close()
