"""What one page can do to the relay, to the others and to the bill. Each figure is what an attack may reach at most."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from contract.limits import (
    ANSWER_BURST,
    MAX_TYPED,
    MICROPHONE_BURST_SECONDS,
    MICROPHONE_RATE,
    MICROPHONE_SPEED,
    SECONDS_AN_ANSWER,
)
from interview.record import Interview
from relay.browser.arrivals import IN_ALL
from tests.abuse.conftest import ANSWER, CUT_SHORT, Attacked
from tests.functions.service import bearer, serving_functions
from tests.relay.conftest import SPEECH, TOKEN, Candidate

FLOOD = "The flood."
LONGEST = 10.0
"""Seconds after which a flood stops by itself."""
TEXT, BINARY, PING = 1, 2, 9


def frame(opcode: int, payload: bytes) -> bytes:
    """A client's WebSocket frame, with a mask of zeros."""
    length = len(payload)
    size = bytes([0x80 | length]) if length < 126 else bytes([0x80 | 126]) + length.to_bytes(2, "big")
    return bytes([0x80 | opcode]) + size + bytes(4) + payload


def message(**fields: object) -> bytes:
    return frame(TEXT, json.dumps(fields).encode())


async def flood(socket: ClientConnection, data: bytes) -> None:
    """Send this again and again, as fast as the socket takes it, until the relay closes."""
    until = time.monotonic() + LONGEST
    try:
        while socket.state is State.OPEN and time.monotonic() < until:
            socket.transport.write(data)
            await socket.drain()
            await asyncio.sleep(0)
    except (ConnectionClosed, ConnectionError):
        pass


@dataclass
class Attack:
    """An attacker's interview, how long it was flooded, and how it was closed."""

    interview: Interview
    page: Candidate
    seconds: float
    closed: tuple[int, str]

    @property
    def notices(self) -> list[dict[str, Any]]:
        return [one for one in self.page.messages if one["type"] == "notice" and one["code"] == "too_fast"]


async def attack(attacked: Attacked, data: bytes) -> Attack:
    """Flood an interview while a witness holds another one."""
    interview = await attacked.interview(FLOOD)
    async with attacked.witness():
        began = time.monotonic()
        async with attacked.candidate(interview.session_id) as page:
            flooding = asyncio.create_task(flood(page.socket, data))
            closed = await page.closed()
            seconds = time.monotonic() - began
            await flooding
    return Attack(interview, page, seconds, closed)


async def test_typed_answers_in_a_loop(attacked: Attacked) -> None:
    """Without limits: 16,900 texts and 135 million characters to Gemini in 15 s, and 974 of 33,800 turns kept."""
    answer = "x" * 2_000
    found = await attack(attacked, message(type="text", text=answer))
    assert found.closed == (4429, "too_fast")
    typed = attacked.connection(FLOOD).texts.count(answer)
    assert 0 < typed <= ANSWER_BURST + found.seconds / SECONDS_AN_ANSWER
    assert typed * len(answer) <= MAX_TYPED
    turns = await attacked.store.turns(found.interview.session_id)
    assert len([turn for turn in turns if turn.text == answer]) >= typed
    assert found.notices[0]["text"] == answer, "an answer that is not taken is given back"


async def test_typed_answers_of_the_greatest_length(attacked: Attacked) -> None:
    found = await attack(attacked, message(type="text", text="x" * 8_000))
    assert found.closed == (4429, "too_fast")
    assert sum(len(text) for text in attacked.connection(FLOOD).texts if "xxx" in text) <= MAX_TYPED


async def test_dialling_again_brings_no_new_allowance(attacked: Attacked) -> None:
    interview = await attacked.interview(FLOOD)
    began = time.monotonic()
    for _ in range(3):
        async with attacked.dial(interview.session_id) as socket:
            page = Candidate(socket)
            await page.send("hello", token=TOKEN)
            await page.until("ready")
            flooding = asyncio.create_task(flood(socket, message(type="text", text="Yes.")))
            assert await page.closed() == (4429, "too_fast")
            await flooding
    turns = await attacked.store.turns(interview.session_id)
    assert len([turn for turn in turns if turn.text]) <= ANSWER_BURST + (time.monotonic() - began) / SECONDS_AN_ANSWER


async def test_a_microphone_as_fast_as_it_goes(attacked: Attacked) -> None:
    """Without limits: 31,742 s of audio handed on in 16 s."""
    found = await attack(attacked, frame(BINARY, SPEECH))
    assert found.closed == (4429, "too_fast")
    assert found.notices
    seconds = len(attacked.connection(FLOOD).audio) / 2 / MICROPHONE_RATE
    assert seconds <= MICROPHONE_BURST_SECONDS + MICROPHONE_SPEED * found.seconds


async def test_a_microphone_in_the_largest_frames(attacked: Attacked) -> None:
    found = await attack(attacked, frame(BINARY, SPEECH * 25))
    assert found.closed == (4429, "too_fast")
    seconds = len(attacked.connection(FLOOD).audio) / 2 / MICROPHONE_RATE
    assert seconds <= MICROPHONE_BURST_SECONDS + MICROPHONE_SPEED * found.seconds


async def test_audio_frames_of_two_bytes(attacked: Attacked) -> None:
    """Without limits everybody else's round trip goes from 0.8 to 949 ms."""
    found = await attack(attacked, frame(BINARY, b"\1\1") * 5_000)
    assert found.closed in ((4400, "bad_message"), (4429, "too_fast"))


async def test_fragments_of_two_bytes(attacked: Attacked) -> None:
    """A message that never ends."""
    start, more = bytes([0x02]) + frame(BINARY, b"\1\1")[1:], bytes([0x00]) + frame(0, b"\1\1")[1:]
    interview = await attacked.interview(FLOOD)
    async with attacked.witness(), attacked.candidate(interview.session_id) as page:
        page.socket.transport.write(start)
        flooding = asyncio.create_task(flood(page.socket, more * 5_000))
        assert await page.closed() == (4429, "too_fast")
        await flooding


async def test_flipping_the_output(attacked: Attacked) -> None:
    """Without limits: 99,592 lines in the log in 10 s."""
    flips = message(type="output", mode="avatar") + message(type="output", mode="voice")
    found = await attack(attacked, flips)
    assert found.closed == (4429, "too_fast")
    assert found.notices
    assert attacked.lines("output_changed") <= 12


async def test_pings_in_the_middle_of_an_interview(attacked: Attacked) -> None:
    found = await attack(attacked, frame(PING, b"") * 1_000)
    assert found.closed == (4429, "too_fast")


async def test_sockets_before_their_hello_that_send_pings(attacked: Attacked) -> None:
    """Without limits 20 of them let no handshake through."""
    interview = await attacked.interview(FLOOD)
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(attacked.dial(interview.session_id)) for _ in range(20)]
        floods = [asyncio.create_task(flood(socket, frame(PING, b"") * 1_000)) for socket in sockets]
        async with attacked.witness():
            await asyncio.gather(*floods)
        await asyncio.gather(*(socket.wait_closed() for socket in sockets))
        assert {(socket.close_code, socket.close_reason) for socket in sockets} == {(4429, "too_fast")}


async def test_sockets_that_never_say_hello_make_room_for_others(attacked: Attacked) -> None:
    interview = await attacked.interview(FLOOD)
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(attacked.dial(interview.session_id)) for _ in range(IN_ALL + 5)]
        async with attacked.witness():
            for socket in sockets:
                await socket.wait_closed()
        closed = {(socket.close_code, socket.close_reason) for socket in sockets}
        assert closed == {(4429, "at_capacity"), (4408, "no_hello")}


@asynccontextmanager
async def answering(attacked: Attacked, session_id: str) -> AsyncIterator[Candidate]:
    """A candidate in the middle of an answer, who speaks until the relay closes the connection."""
    async with attacked.candidate(session_id) as page:
        speaking = asyncio.create_task(speak(page))
        await page.until("caption", speaker="candidate", text=ANSWER)
        yield page
        await speaking
    await attacked.connection(CUT_SHORT).socket.wait_closed()


async def test_an_end_by_http_reaches_the_relay_and_keeps_the_last_answer(
    attacked: Attacked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without notice of it the voice went on to Gemini for 29 to 44 s, and the last answer was missing."""
    interview = await attacked.interview(CUT_SHORT)
    path = f"/api/interview/{interview.session_id}"
    async with serving_functions(tmp_path, monkeypatch) as service:
        async with answering(attacked, interview.session_id) as page:
            await service.end.post(f"{path}/end", headers=bearer(TOKEN))
            transcript = (await service.end.get(f"{path}/transcript?format=txt", headers=bearer(TOKEN))).text
            assert ANSWER in transcript
            assert await page.closed() == (1000, "")
        assert {"type": "ended", "reason": "candidate"} in page.messages


async def test_a_deletion_by_http_reaches_the_relay(
    attacked: Attacked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = await attacked.interview(CUT_SHORT)
    async with serving_functions(tmp_path, monkeypatch) as service:
        async with answering(attacked, interview.session_id) as page:
            answer = await service.end.delete(f"/api/interview/{interview.session_id}", headers=bearer(TOKEN))
            assert answer.status_code == 200
            assert await page.closed() == (4410, "already_ended")
        assert await service.store.turns(interview.session_id) == []


async def speak(page: Candidate) -> None:
    """Speak in real time for as long as the relay listens."""
    until = time.monotonic() + 25
    try:
        while time.monotonic() < until:
            await page.socket.send(SPEECH)
            await asyncio.sleep(0.04)
    except ConnectionClosed:
        pass
