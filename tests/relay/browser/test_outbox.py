import asyncio

import pytest

from interview.errors import Unavailable
from relay.browser.outbox import Outbox


async def drained(outbox: Outbox) -> list[str | bytes]:
    sent: list[str | bytes] = []

    async def send(item: str | bytes) -> None:
        sent.append(item)

    await outbox.drain(send)
    return sent


async def test_items_are_sent_in_order() -> None:
    outbox = Outbox()
    outbox.text("a")
    outbox.audio(b"1")
    outbox.text("b")
    assert await drained(outbox) == ["a", b"1", "b"]
    assert await drained(outbox) == []


async def test_beyond_the_limit_the_oldest_audio_is_dropped_and_no_text() -> None:
    outbox = Outbox(max_audio=4)
    outbox.text("a")
    for frame in (b"11", b"22", b"33"):
        outbox.audio(frame)
    outbox.text("b")
    outbox.audio(b"44")
    assert outbox.dropped == 4
    assert await drained(outbox) == ["a", b"33", "b", b"44"]


async def test_dropping_audio_keeps_the_text() -> None:
    outbox = Outbox(max_audio=4)
    outbox.audio(b"11")
    outbox.text("a")
    outbox.audio(b"22")
    outbox.drop_audio()
    outbox.audio(b"33")
    assert await drained(outbox) == ["a", b"33"]
    assert outbox.dropped == 0


async def test_a_browser_that_does_not_read_is_an_error() -> None:
    outbox = Outbox(max_texts=2)
    outbox.text("a")
    outbox.text("b")
    with pytest.raises(Unavailable):
        outbox.text("c")


async def test_the_pump_sends_what_is_queued_while_it_waits_or_sends() -> None:
    outbox = Outbox()
    sent: asyncio.Queue[str | bytes] = asyncio.Queue()
    gate = asyncio.Event()

    async def send(item: str | bytes) -> None:
        await gate.wait()
        await sent.put(item)

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        pump = group.create_task(outbox.pump(send))
        outbox.text("a")
        await asyncio.sleep(0)  # the pump waits in send now
        outbox.audio(b"1")
        gate.set()
        assert [await sent.get(), await sent.get()] == ["a", b"1"]
        outbox.text("b")
        assert await sent.get() == "b"
        pump.cancel()


async def test_audio_wakes_the_pump() -> None:
    outbox = Outbox()
    sent: asyncio.Queue[str | bytes] = asyncio.Queue()
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        pump = group.create_task(outbox.pump(sent.put))
        for frame in (b"1", b"2"):
            await asyncio.sleep(0)  # the pump waits for something to send
            outbox.audio(frame)
            assert await sent.get() == frame
        pump.cancel()


async def test_text_that_was_sent_waits_no_more() -> None:
    outbox = Outbox(max_texts=1)
    for _ in range(3):
        outbox.text("a")
        assert await drained(outbox) == ["a"]
