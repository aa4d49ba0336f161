"""Too much at once, over real sockets: from the service, from the browser, and for the browser."""

import asyncio
import json
import socket
from itertools import pairwise
from typing import Any

import pytest

from interview.record import Interview
from local.gemini import Script
from relay.browser.messages import MAX_FRAME
from relay.browser.outbox import MAX_AUDIO, MAX_TEXTS, Outbox
from relay.gemini.replay_buffer import LONGEST
from relay.session import Session
from tests.relay.conftest import ORIGIN, SPEECH, TOKEN, Build, House

WORDS = " ".join(f"{number}" for number in range(180)) + "."
"""At a second a word, three minutes of audio: the kernel's buffers take half of it, and what may wait is 30 seconds."""


class Watch:
    """The most that has waited in any outbox."""

    audio = 0
    texts = 0


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    seen = Watch()
    put_audio, put_text = Outbox.audio, Outbox.text

    def audio(self: Outbox, pcm: bytes) -> None:
        put_audio(self, pcm)
        seen.audio = max(seen.audio, sum(len(item) for item in self._waiting if isinstance(item, bytes)))

    def text(self: Outbox, message: str) -> None:
        put_text(self, message)
        seen.texts = max(seen.texts, sum(isinstance(item, str) for item in self._waiting))

    monkeypatch.setattr(Outbox, "audio", audio)
    monkeypatch.setattr(Outbox, "text", text)
    return seen


def session_of(house: House, interview: Interview) -> Session:
    return house.door._live[interview.session_id]


async def test_a_browser_that_reads_slowly_loses_old_audio_and_no_word(build: Build, watch: Watch) -> None:
    house = await build(
        Script(voice="tone", answers=(WORDS,), heard=(), tone_seconds=1.0, speed=1_000_000, trailing=0.0)
    )
    interview = await house.interview()
    # A small window: the rest must wait at the relay and not in the kernel.
    narrow = socket.create_connection(("127.0.0.1", int(house.url.rpartition(":")[2])))
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    narrow.setblocking(False)
    async with house.dial(interview.session_id, origin=ORIGIN, sock=narrow, max_queue=1) as browser:
        await browser.send(json.dumps({"type": "hello", "token": TOKEN, "output": "voice"}))
        async with asyncio.timeout(30):
            while not await house.store.turns(interview.session_id):
                await asyncio.sleep(0.02)
        outbox = session_of(house, interview)._outbox
        assert outbox.dropped > 0, "more came than may wait"
        assert MAX_AUDIO - 100_000 < watch.audio <= MAX_AUDIO
        assert watch.texts < MAX_TEXTS
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
    """As much as the socket takes: tiny frames first, then the largest ones."""
    house = await build(Script(voice="tone", answers=("Hello?", "Why?"), heard=(), speed=50, trailing=0.1))
    interview = await house.interview()
    async with house.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        session = session_of(house, interview)
        longest, tiny = 0, SPEECH[2:4]
        for number in range(6000):
            await candidate.socket.send(tiny if number < 4000 else SPEECH * 20)
            if number % 50 == 0:
                longest = max(longest, sum(map(len, session._link._replay._frames)))
        assert house.gemini
        async with asyncio.timeout(60):
            while house.gemini.received.audio_bytes < 2000 * 20 * len(SPEECH):
                await asyncio.sleep(0.05)
                longest = max(longest, sum(map(len, session._link._replay._frames)))
        assert longest <= LONGEST
        await candidate.send("text", text="I prefer to type.")
        await candidate.until("caption", speaker="candidate", text="I prefer to type.", final=True)
        await candidate.until("spoken")
    assert watch.texts < MAX_TEXTS


@pytest.mark.parametrize(("length", "code"), [(MAX_FRAME, None), (MAX_FRAME + 2, 1009)])
async def test_the_largest_frame(build: Build, length: int, code: int | None) -> None:
    house = await build(Script(voice="tone", answers=("Hello?", "Why?"), heard=(), speed=50, trailing=0.1))
    interview = await house.interview()
    async with house.candidate(interview.session_id) as candidate:
        await candidate.until("floor", holder="candidate")
        await candidate.socket.send(bytes(length))
        if code:
            assert (await candidate.closed())[0] == code
            return
        assert house.gemini
        async with asyncio.timeout(10):
            while house.gemini.received.audio_bytes < length:
                await asyncio.sleep(0.01)
        await candidate.send("text", text="Still here.")
        await candidate.until("spoken")
