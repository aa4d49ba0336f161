"""Failures on demand: what a client of the real service may meet, at the moment that the script names."""

import asyncio
from dataclasses import replace

import pytest
from google.genai import errors
from websockets.exceptions import InvalidStatus

from local.gemini import Fault
from local.gemini.script import FaultKind
from tests.local.gemini.conftest import BEGIN, TONES, Start, talk


@pytest.mark.parametrize("status", [401, 403, 429])
async def test_a_refused_handshake(start: Start, status: int) -> None:
    server = await start(replace(TONES, faults=(Fault("refuse", status=status),)))
    with pytest.raises(InvalidStatus) as refused:
        async with talk(server):
            pass
    assert refused.value.response.status_code == status


async def test_a_fault_of_one_connection_spares_the_next(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("refuse", connection=0),)))
    with pytest.raises(InvalidStatus):
        async with talk(server):
            pass
    async with talk(server) as interview:
        await interview.write(BEGIN)
        assert (await interview.turn()).said


async def test_a_slow_setup(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("slow_setup", seconds=0.4),)))
    began = asyncio.get_running_loop().time()
    async with talk(server):
        assert asyncio.get_running_loop().time() - began >= 0.4


async def test_a_setup_that_is_never_confirmed(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("no_setup"),)))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5), talk(server):
            pass


async def test_go_away_is_followed_by_the_close(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("go_away", moment="end", seconds=0.3),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        assert (await interview.turn(until="go_away")).leaving == "0.3s"
        with pytest.raises(errors.APIError) as closed:
            await interview.turn()
    assert closed.value.code == 1011


async def test_a_connection_has_a_lifetime(start: Start) -> None:
    server = await start(replace(TONES, connection_seconds=0.6, notice_seconds=0.4))
    async with talk(server) as interview:
        assert (await interview.turn(until="go_away")).leaving == "0.4s"
        with pytest.raises(errors.APIError):
            await interview.turn()


@pytest.mark.parametrize("code", [1007, 1008, 1011])
async def test_a_close_in_mid_sentence(start: Start, code: int) -> None:
    server = await start(replace(TONES, faults=(Fault("close", code=code, reason="No more."),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        await interview.turn(until="audio")
        with pytest.raises(errors.APIError, match="No more") as closed:
            await interview.turn()
    assert closed.value.code == code


async def test_a_connection_that_drops(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("abort"),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        with pytest.raises(errors.APIError) as closed:
            await interview.turn()
    assert closed.value.code == 1006


async def test_silence_from_the_second_turn_on(start: Start) -> None:
    server = await start(replace(TONES, faults=(Fault("silence", turn=1, moment="start"),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        await interview.turn()
        await interview.write("I have built boats out of wood for twenty years now.")
        assert (await interview.quiet(0.5)).order == []


@pytest.mark.parametrize(
    ("kind", "order"), [("interrupt", ["interrupted", "turn_complete"]), ("turn_complete", ["turn_complete"])]
)
async def test_a_turn_that_breaks_off(start: Start, kind: FaultKind, order: list[str]) -> None:
    server = await start(replace(TONES, answers=("One two three four five six.",), faults=(Fault(kind),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        turn = await interview.turn()
        assert turn.said == "One two three"
        assert turn.order[-len(order) :] == order
        assert "generation_complete" not in turn.order
        assert (await interview.quiet(0.3)).order == []


async def test_thinking_is_text_that_is_neither_speech_nor_caption(start: Start) -> None:
    server = await start(replace(TONES, answers=("Hello there.",), faults=(Fault("thought", moment="start"),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        turn = await interview.turn()
    assert turn.said == "Hello there."
    assert turn.thoughts.count("Weighing") == 2


async def test_unknown_fields_are_no_harm(start: Start) -> None:
    server = await start(replace(TONES, answers=("Hello there.",), faults=(Fault("unknown_field", moment="start"),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        assert (await interview.turn()).said == "Hello there."


@pytest.mark.parametrize(("kind", "error"), [("malformed", ValueError), ("unknown_message", TypeError)])
async def test_frames_that_the_sdk_rejects(start: Start, kind: FaultKind, error: type[Exception]) -> None:
    server = await start(replace(TONES, faults=(Fault(kind, moment="start"),)))
    async with talk(server) as interview:
        await interview.write(BEGIN)
        with pytest.raises(error):
            await interview.turn(until="audio")
        assert (await interview.turn()).said.startswith("Hello")
