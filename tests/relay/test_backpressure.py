"""Too much at once, over real sockets: from the service, from the browser, and for the browser."""

import asyncio
import json
import socket
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from local.gemini import Script
from relay.browser.messages import MAX_FRAME
from relay.browser.outbox import MAX_AUDIO, Outbox
from relay.gemini.replay_buffer import LONGEST, ReplayBuffer
from tests.relay.conftest import ORIGIN, SPEECH, TOKEN, Build

WORDS = " ".join(f"{number}" for number in range(180)) + "."
"""At a second a word, three minutes of audio: the kernel's buffers take half of it, and what may wait is 30 seconds."""


@dataclass
class Watch:
    """The outboxes there have been, and the most that any replay buffer held."""

    outboxes: list[Outbox] = field(default_factory=list)
    kept: int = 0

    @property
    def dropped(self) -> int:
        return sum(outbox.dropped for outbox in self.outboxes)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    seen = Watch()
    put_audio, record = Outbox.audio, ReplayBuffer.record

    def audio(self: Outbox, pcm: bytes) -> None:
        put_audio(self, pcm)
        if self not in seen.outboxes:
            seen.outboxes.append(self)

    def keep(self: ReplayBuffer, pcm: bytes, at: float, *, loud: bool) -> None:
        record(self, pcm, at, loud=loud)
        seen.kept = max(seen.kept, self.length)

    monkeypatch.setattr(Outbox, "audio", audio)
    monkeypatch.setattr(ReplayBuffer, "record", keep)
    return seen


async def test_a_browser_that_reads_slowly_loses_old_audio_and_no_word(
    build: Build, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relay.talk.incoming.LONGEST", 600.0)  # so long an utterance is cut otherwise
    running = await build(
        Script(voice="tone", answers=(WORDS,), heard=(), tone_seconds=1.0, speed=1_000_000, trailing=0.0, pace=0.01)
    )
    interview = await running.interview()
    # A small window: the rest must wait at the relay and not in the kernel.
    narrow = socket.create_connection(("127.0.0.1", int(running.url.rpartition(":")[2])))
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    narrow.setblocking(False)
    async with running.dial(interview.session_id, origin=ORIGIN, sock=narrow, max_queue=1) as browser:
        await browser.send(json.dumps({"type": "hello", "token": TOKEN, "output": "voice"}))
        async with asyncio.timeout(60):
            while not await running.store.turns(interview.session_id):
                await asyncio.sleep(0.02)
        assert watch.dropped > 0, "more came than may wait"
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        messages: list[dict[str, Any]] = []
        audio = 0
        while not messages or messages[-1]["type"] != "spoken":
            item = await asyncio.wait_for(browser.recv(), 10)
            if isinstance(item, bytes):
                audio += len(item)
            else:
                messages.append(json.loads(item))
        captions = [message["text"] for message in messages if message["type"] == "caption"]
        assert all(later.startswith(earlier) for earlier, later in pairwise(captions))
        assert captions[-1] == WORDS, "every word, in order"
        assert audio > MAX_AUDIO - 100_000, "and the newest of the audio"
        await browser.send(json.dumps({"type": "end"}))
        while messages[-1]["type"] != "ended":
            item = await asyncio.wait_for(browser.recv(), 10)
            if isinstance(item, str):
                messages.append(json.loads(item))


async def test_a_flood_from_the_microphone(build: Build, watch: Watch) -> None:
    """As much as the socket takes, with no limit on its speed."""
    running = await build(Script(voice="tone", answers=("Hello?", "Why?"), heard=(), speed=50, trailing=0.1))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        for _ in range(2000):
            await candidate.socket.send(SPEECH * 20)
        assert running.gemini
        async with asyncio.timeout(60):
            while running.gemini.received.audio_bytes < 2000 * 20 * len(SPEECH):
                await asyncio.sleep(0.05)
        assert 0 < watch.kept <= LONGEST
        await candidate.send("text", text="I prefer to type.")
        await candidate.until("caption", speaker="candidate", text="I prefer to type.", final=True)
        await candidate.until("spoken")


@pytest.mark.parametrize(("length", "code"), [(MAX_FRAME, None), (MAX_FRAME + 2, 1009)])
async def test_the_largest_frame(build: Build, length: int, code: int | None) -> None:
    running = await build(Script(voice="tone", answers=("Hello?", "Why?"), heard=(), speed=50, trailing=0.1))
    interview = await running.interview()
    async with running.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.socket.send(bytes(length))
        if code:
            assert (await candidate.closed())[0] == code
            return
        assert running.gemini
        async with asyncio.timeout(60):
            while running.gemini.received.audio_bytes < length:
                await asyncio.sleep(0.01)
        await candidate.send("text", text="Still here.")
        await candidate.until("spoken")
