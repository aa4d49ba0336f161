"""A long interview in a real browser, in a minute: every connection breaks once, and no turn is lost.

The stand-in sends speech faster than real time and goAway early, so that the failures of 20 minutes fit into one: two
connections to Gemini expire, the network fails, the store is unavailable, the relay is killed, the page is reloaded.
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
from tests.e2e.conftest import (
    Open,
    Serve,
    begin,
    eventually,
    frames,
    received,
    results_shown,
    spoken,
    write_cv,
)
from tests.ports import free_port

pytestmark = pytest.mark.real_time

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
    # Connections and turns count from 0. Connection 1 follows the first goAway, 2 the network failure, 3 the kill.
    faults=(
        Fault("go_away", connection=0, turn=2, seconds=10),
        Fault("go_away", connection=3, turn=0, seconds=10),
    ),
)
REPLACED: Final = '"reason": "go_away"'
"""In the relay's log when it has replaced a connection to Gemini because of a goAway."""
MISSED: Final = re.compile(r"WebSocket connection to .* failed")
"""The browser's own message about a relay that does not answer."""


class Network:
    """A network between the page and the relay that can fail."""

    def __init__(self, relay_port: int) -> None:
        self._relay_port = relay_port
        self._down = False
        self._pipes: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def forward(self) -> AsyncIterator[int]:
        """Forward a port to the relay during this block; yields the port."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
            await self.cut()

    async def cut(self) -> None:
        """Cut all connections, and let no new one through."""
        self._down = True
        pipes = list(self._pipes)
        for pipe in pipes:
            pipe.cancel()
        await asyncio.gather(*pipes, return_exceptions=True)

    def restore(self) -> None:
        """Let new connections through."""
        self._down = False

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._pipes.add(task)
        task.add_done_callback(self._pipes.discard)
        with suppress(OSError, asyncio.CancelledError):
            if not self._down:
                there, back = await asyncio.open_connection("127.0.0.1", self._relay_port)
                copies = {asyncio.ensure_future(_copy(reader, back)), asyncio.ensure_future(_copy(there, writer))}
                try:
                    await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for copy in copies:
                        copy.cancel()
                    back.transport.abort()
        writer.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()


@contextmanager
def unavailable(store: Path) -> Iterator[None]:
    """Lock the store against writes during this block."""
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def relay_process(port: int) -> int:
    """The process id of the relay on this port."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            variables = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().split(b"\0")
            if b"relay.server" in command and f"RELAY_PORT={port}".encode() in variables:
                return int(folder.name)
    raise AssertionError("no relay is running")


class Candidate:
    """A candidate at the page, and every final caption that the page has shown."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.seen: dict[int, dict[str, Any]] = {}

    async def note(self) -> None:
        """Keep the final captions: a reload loses them."""
        for caption in await frames(self._page, "caption"):
            if caption["final"]:
                before = self.seen.get(caption["turn"], caption)
                assert before["speaker"] == caption["speaker"], "a turn number names one turn for ever"
                self.seen[caption["turn"]] = caption

    async def my_turn(self) -> None:
        """Wait until the interviewer has finished and the candidate has the floor."""

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
        """Wait until the interviewer has begun to reply."""

        async def theirs() -> bool:
            return bool((await frames(self._page, "floor"))[-1]["holder"] == "interviewer")

        await eventually(theirs, 10)

    async def write(self, text: str) -> None:
        box = self._page.get_by_label("Your typed answer")
        await box.fill(text)
        await box.press("Enter")
        await expect(self._page.get_by_role("log")).to_contain_text(text)

    async def answer(self, text: str) -> None:
        """Type an answer and wait for the reply."""
        await self.write(text)
        await self.my_turn()

    async def spoke(self, times: int) -> None:
        """Wait until the spoken answer has this many captions, and a reply."""

        async def heard() -> bool:
            await self.note()
            return sum("younger" in caption["text"].lower() for caption in self.seen.values()) == times

        await eventually(heard, 40)
        await self.my_turn()

    async def connections(self) -> int:
        """How many times the relay has admitted this page since it was loaded."""
        return len(await frames(self._page, "ready"))


def assert_whole(turns: list[dict[str, Any]], seen: dict[int, dict[str, Any]], said: list[tuple[str, str]]) -> None:
    """Check that the record has every answer once and in order, one greeting, and every caption that was shown."""
    written = [turn["text"] for turn in turns if turn["speaker"] == "candidate" and turn["source"] == "text"]
    assert written == [*ANSWERS, GOODBYE]
    heard = [turn["text"].lower() for turn in turns if turn["source"] == "speech" and turn["speaker"] == "candidate"]
    assert len(heard) == 2, heard
    assert all("younger" in text for text in heard), heard
    numbers = [turn["turn"] for turn in turns]
    assert numbers == sorted(set(numbers))
    asked = [turn["text"] for turn in turns if turn["speaker"] == "interviewer"]
    assert len([text for text in asked if re.match(r"(hello|hi|welcome)\b", text, re.IGNORECASE)]) == 1, asked
    missing = [text for speaker, text in said if speaker == "interviewer" and text not in asked]
    assert len(missing) <= 1, "only the turn that was being spoken when the relay was killed may be missing"
    kept = {turn["turn"]: turn["text"] for turn in turns}
    shown = {number: caption["text"] for number, caption in seen.items()}
    assert {number: text for number, text in shown.items() if kept.get(number) != text} == {}


async def test_a_long_interview_with_every_failure(serve: Serve, browse: Open, tmp_path: Path) -> None:
    relay_port = free_port()
    network = Network(relay_port)
    cv = write_cv(tmp_path / "cv.pdf", "Ada Lovelace", "Site Reliability Engineer", "Wrote a message queue in Python")
    # The recording plays once each time that the page opens the microphone.
    microphone = await spoken(tmp_path / "microphone.wav", 9, SPOKEN, 300)
    answers = iter(ANSWERS)
    async with (
        network.forward() as port,
        serve(SCRIPT, RELAY_PORT=str(relay_port), RELAY_URL=f"ws://127.0.0.1:{port}", INTERVIEW_MINUTES="55") as url,
        browse(url, microphone=microphone, expected=MISSED) as page,
    ):
        candidate = Candidate(page)
        await begin(page, cv)
        await candidate.my_turn()
        await candidate.spoke(1)

        # Minute 9: the connection to Gemini expires, and the next one continues.
        await candidate.answer(next(answers))
        await eventually(lambda: _logged(tmp_path, REPLACED, 1), 20)
        await candidate.answer(next(answers))
        assert await candidate.connections() == 1, "the page has not reconnected"

        # The network fails for a while.
        await network.cut()
        await expect(page.get_by_role("main")).to_contain_text("Reconnecting", timeout=10_000)
        network.restore()
        await eventually(lambda: _reached(candidate, 2), 20)
        await candidate.answer(next(answers))

        # The relay is killed while the interviewer speaks; another one continues.
        await candidate.write(next(answers))
        await candidate.their_turn()
        os.kill(relay_process(relay_port), signal.SIGKILL)
        await eventually(lambda: _reached(candidate, 3), 30)
        await candidate.my_turn()

        # Minute 18: the connection to Gemini expires again.
        await candidate.answer(next(answers))
        await eventually(lambda: _logged(tmp_path, REPLACED, 2), 20)
        assert await candidate.connections() == 3

        # The store is unavailable for longer than a write waits. The candidate notices nothing.
        with unavailable(tmp_path / "data" / "interviews.db"):
            await candidate.answer(next(answers))
            await eventually(lambda: _logged(tmp_path, "turn_delayed", 1), 20)

        # The page is reloaded, so the microphone's recording plays a second time.
        await candidate.note()
        page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await page.reload()
        await page.get_by_role("button", name="Return").click()
        await candidate.spoke(2)

        await candidate.write(GOODBYE)
        await results_shown(page)
        async with page.expect_download() as downloading:
            await page.get_by_role("button", name="Download the transcript as JSON").click()
        document = json.loads(Path(await (await downloading.value).path()).read_text("utf-8"))
        said = (await asyncio.to_thread(received, tmp_path))["said"]
        log = (tmp_path / "dev.log").read_text("utf-8")
    assert_whole(document["turns"], candidate.seen, said)
    assert log.count(REPLACED) == 2
    assert log.count("relay_ready") == 2


async def _reached(candidate: Candidate, connections: int) -> bool:
    return await candidate.connections() >= connections


async def _logged(folder: Path, event: str, times: int) -> bool:
    return (folder / "dev.log").read_text("utf-8").count(event) >= times
