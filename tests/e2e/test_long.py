"""A long interview in a real browser, in a minute: everything breaks off once, and nothing of it is lost.

The stand-in sends speech much faster than it would be spoken and gives notice early, so that a quarter of an hour's
troubles fit into one: two connections to Gemini that come to their end, a network that goes away, a store that is away,
a relay that is killed, a page that is reloaded.
"""

import asyncio
import json
import os
import re
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Page, expect

from local.gemini.script import Fault, Script
from tests.e2e.conftest import Open, Serve, begin, eventually, frames, free_ports, received, spoken, write_cv

ANSWERS: Final = (
    "I ran the payments platform of a small bank for three years, with two other engineers.",
    "We moved it from one big machine to twelve small ones without a day of downtime.",
    "We chose Postgres because we wanted transactions across both of the services.",
    "Every change went to one machine first, and I watched its error rate for an hour.",
    "It lost two messages on a Friday, and I wrote a test that showed me why.",
    "When the disk filled up at night I deleted the old logs and then fixed the rotation.",
)
SPOKEN: Final = "I also mentor two younger colleagues."
GOODBYE: Final = "I would like to stop the interview now, please."

SCRIPT: Final = Script(
    voice="tone",
    tone_seconds=0.05,
    speed=10,
    trailing=0.1,
    # Connections are counted from 0, their turns too: 1 follows a rotation, 2 the network's return, 3 the kill.
    faults=(
        Fault("go_away", connection=0, turn=2, seconds=10),
        Fault("go_away", connection=3, turn=1, seconds=10),
    ),
)
ROTATED: Final = '"line_rotated"'
"""What the relay logs when it has left a connection to Gemini in good order, at a pause if it can."""
MISSED: Final = re.compile(r"WebSocket connection to .* failed")
"""What the browser itself says of a relay that does not answer."""


class Network:
    """What lies between the page and the relay, and can be cut."""

    def __init__(self, relay_port: int) -> None:
        self._relay_port = relay_port
        self._down = False
        self._pipes: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lie(self) -> AsyncIterator[int]:
        """The port under which the relay is reached."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
            await self.cut()

    async def cut(self) -> None:
        """Everything that is under way is gone, and nothing new comes through."""
        self._down = True
        pipes = list(self._pipes)
        for pipe in pipes:
            pipe.cancel()
        await asyncio.gather(*pipes, return_exceptions=True)

    def mend(self) -> None:
        """Whoever dials from now on comes through."""
        self._down = False

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._pipes.add(task)
        task.add_done_callback(self._pipes.discard)
        with suppress(OSError, asyncio.CancelledError):
            if not self._down:
                there, back = await asyncio.open_connection("127.0.0.1", self._relay_port)
                ways = {asyncio.ensure_future(_pour(reader, back)), asyncio.ensure_future(_pour(there, writer))}
                try:
                    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for way in ways:
                        way.cancel()
                    back.transport.abort()
        writer.transport.abort()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()


@contextmanager
def away(store: Path) -> Iterator[None]:
    """Nobody can write to the store in this block."""
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def relay_process(port: int) -> int:
    """The process that listens there."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            told = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().split(b"\0")
            if b"relay.server" in command and f"RELAY_PORT={port}".encode() in told:
                return int(folder.name)
    raise AssertionError("no relay is running")


class Candidate:
    """Somebody at the page, and all that they were ever shown."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.seen: dict[int, dict[str, Any]] = {}

    async def note(self) -> None:
        """Keep the finished captions: a reload forgets them."""
        for caption in await frames(self._page, "caption"):
            if caption["final"]:
                before = self.seen.get(caption["turn"], caption)
                assert before["speaker"] == caption["speaker"], "a turn number names one turn for ever"
                self.seen[caption["turn"]] = caption

    async def my_turn(self) -> None:
        """Wait until the interviewer has had its say, and the floor is the candidate's."""

        async def mine() -> bool:
            captions, floors = await frames(self._page, "caption"), await frames(self._page, "floor")
            return bool(
                captions
                and captions[-1]["speaker"] == "interviewer"
                and captions[-1]["final"]
                and floors[-1]["holder"] == "candidate"
                and floors[-1]["at"] >= captions[-1]["at"]
            )

        await eventually(mine, 30)
        await self.note()

    async def their_turn(self) -> None:
        """Wait until the interviewer has begun to answer."""

        async def theirs() -> bool:
            return bool((await frames(self._page, "floor"))[-1]["holder"] == "interviewer")

        await eventually(theirs, 10)

    async def write(self, text: str) -> None:
        box = self._page.get_by_label("Your typed answer")
        await box.fill(text)
        await box.press("Enter")
        await expect(self._page.get_by_role("log")).to_contain_text(text)

    async def answer(self, text: str) -> None:
        """In writing, and hear what the interviewer says to it."""
        await self.write(text)
        await self.my_turn()

    async def spoke(self, times: int) -> None:
        """Wait until the microphone's answer has been heard so often, and answered."""

        async def heard() -> bool:
            await self.note()
            return sum("mentor" in caption["text"].lower() for caption in self.seen.values()) == times

        await eventually(heard, 40)
        await self.my_turn()

    async def connections(self) -> int:
        """How often this page was let in."""
        return len(await frames(self._page, "ready"))


def assert_whole(turns: list[dict[str, Any]], seen: dict[int, dict[str, Any]], said: list[tuple[str, str]]) -> None:
    """Every answer once and in order, one greeting, and all that the page has shown."""
    written = [turn["text"] for turn in turns if turn["speaker"] == "candidate" and turn["source"] == "text"]
    assert written == [*ANSWERS, GOODBYE]
    heard = [turn["text"].lower() for turn in turns if turn["source"] == "speech" and turn["speaker"] == "candidate"]
    assert len(heard) == 2, heard
    assert all("mentor" in text for text in heard), heard
    numbers = [turn["turn"] for turn in turns]
    assert numbers == sorted(set(numbers))
    asked = [turn["text"] for turn in turns if turn["speaker"] == "interviewer"]
    assert len([text for text in asked if re.match(r"(hello|hi|welcome)\b", text, re.IGNORECASE)]) == 1, asked
    missing = [text for speaker, text in said if speaker == "interviewer" and text not in asked]
    assert len(missing) <= 1, "only what was being said when the relay was killed"
    kept = {turn["turn"]: turn["text"] for turn in turns}
    shown = {number: caption["text"] for number, caption in seen.items()}
    assert {number: text for number, text in shown.items() if kept.get(number) != text} == {}


@pytest.mark.timeout(240)
async def test_a_long_interview_with_every_trouble(serve: Serve, browse: Open, tmp_path: Path) -> None:
    (relay_port,) = free_ports(1)
    network = Network(relay_port)
    cv = write_cv(tmp_path / "cv.pdf", "Ada Lovelace", "Site Reliability Engineer", "Wrote a message queue in Python")
    # Whenever the page opens the microphone it hears this, once.
    microphone = await spoken(tmp_path / "microphone.wav", 9, SPOKEN, 300)
    answers = iter(ANSWERS)
    async with (
        network.lie() as port,
        serve(SCRIPT, RELAY_PORT=str(relay_port), RELAY_URL=f"ws://127.0.0.1:{port}", INTERVIEW_MINUTES="55") as url,
        browse(url, microphone=microphone, expected=MISSED) as page,
    ):
        candidate = Candidate(page)
        await begin(page, cv)
        await candidate.my_turn()
        await candidate.spoke(1)

        # Minute 9: the connection to Gemini comes to its end, and the next one carries on.
        await candidate.answer(next(answers))
        await eventually(lambda: _logged(tmp_path, ROTATED, 1), 20)
        await candidate.answer(next(answers))
        assert await candidate.connections() == 1, "the page has noticed nothing"

        # The network is gone for a while.
        await network.cut()
        await expect(page.get_by_role("main")).to_contain_text("Reconnecting", timeout=10_000)
        network.mend()
        await eventually(lambda: _reached(candidate, 2), 20)
        await candidate.answer(next(answers))

        # The relay is killed in the middle of the interviewer's words; another one takes over.
        await candidate.write(next(answers))
        await candidate.their_turn()
        os.kill(relay_process(relay_port), signal.SIGKILL)
        await eventually(lambda: _reached(candidate, 3), 30)
        await candidate.my_turn()

        # Minute 18: the connection to Gemini ends once more.
        await candidate.answer(next(answers))
        await eventually(lambda: _logged(tmp_path, ROTATED, 2), 20)
        assert await candidate.connections() == 3

        # The store is away for longer than anyone waits for it. Nobody notices.
        with away(tmp_path / "data" / "interviews.db"):
            await candidate.answer(next(answers))
            await eventually(lambda: _logged(tmp_path, "turn_delayed", 1), 20)

        # The page is reloaded. The answer that the microphone begins with is a second one.
        await candidate.note()
        page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await page.reload()
        await page.get_by_role("button", name="Return").click()
        await candidate.spoke(2)

        await candidate.write(GOODBYE)
        await expect(page.get_by_role("heading", name="How it went")).to_be_visible(timeout=30_000)
        async with page.expect_download() as downloading:
            await page.get_by_role("button", name="Download as JSON").click()
        document = json.loads(Path(await (await downloading.value).path()).read_text("utf-8"))
        said = (await asyncio.to_thread(received, tmp_path))["said"]
        log = (tmp_path / "house.log").read_text("utf-8")
    assert_whole(document["turns"], candidate.seen, said)
    assert log.count(ROTATED) == 2
    assert log.count("relay_ready") == 2


async def _reached(candidate: Candidate, connections: int) -> bool:
    return await candidate.connections() >= connections


async def _logged(folder: Path, event: str, times: int) -> bool:
    return (folder / "house.log").read_text("utf-8").count(event) >= times
