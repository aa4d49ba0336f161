"""Attacks on the start of an interview, against the functions as processes over sockets, with the default limits.

Each test names what the attack did before there were limits, measured on one machine of two cores.
"""

import asyncio
import base64
import os
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pypdfium2
import pytest

from interview.cv.process import READERS, Limits
from interview.gemini import SCAN_TOKENS
from interview.store.sqlite import SqliteStore
from local.tavus import Script, Server, embedded
from local.tavus.script import Fault
from tests.functions.service import ORIGIN, bearer, pdf
from tests.functions.test_processes import process, ready
from tests.generate import says, serving
from tests.interview.cv.test_outcomes import endless, scan

START = "/api/interview/start"
TOPIC = {"skill_topic": "SQL"}
LONGEST = 120.0


@dataclass
class Attack:
    """The two functions as one service, and a caller."""

    client: httpx2.AsyncClient
    start: str
    end: str
    folder: Path
    running: subprocess.Popen[bytes]

    async def begin(self, headers: dict[str, str] | None = None, **fields: Any) -> httpx2.Response:
        return await self.client.post(f"{self.start}{START}", json={**TOPIC, **fields}, headers=headers or {})

    async def delete(self, started: httpx2.Response, headers: dict[str, str] | None = None) -> httpx2.Response:
        body = started.json()
        allowed = {**bearer(body["session_token"]), **(headers or {})}
        return await self.client.delete(f"{self.end}/api/interview/{body['session_id']}", headers=allowed)

    async def upload(self, data: bytes, path: str = START, headers: dict[str, str] | None = None) -> httpx2.Response:
        files = {"cv_file": ("cv.pdf", data, "application/pdf")}
        fields = {**TOPIC, "output": "voice"}
        return await self.client.post(f"{self.start}{path}", data=fields, files=files, headers=headers or {})

    def store(self) -> SqliteStore:
        return SqliteStore(self.folder / "i.db")

    async def places(self) -> set[str]:
        """The interviews that hold a place."""
        store = self.store()
        try:
            return set((await store.admissions()).places)
        finally:
            await store.close()


@contextmanager
def functions(folder: Path, **env: str) -> Iterator[tuple[subprocess.Popen[bytes], str, str]]:
    with process("start", folder, **env) as (start, start_base), process("end", folder, **env) as (end, end_base):
        ready(start, start_base)
        ready(end, end_base)
        yield start, start_base, end_base


@pytest.fixture
def settings() -> dict[str, str]:
    return {}


@pytest.fixture
async def attack(tmp_path: Path, settings: dict[str, str]) -> AsyncIterator[Attack]:
    with functions(tmp_path, ALLOWED_ORIGINS=ORIGIN, **settings) as (running, start, end):
        async with httpx2.AsyncClient(timeout=LONGEST) as client:
            yield Attack(client, start, end, tmp_path, running)


@pytest.fixture
async def tavus(settings: dict[str, str]) -> AsyncIterator[Server]:
    async with embedded(Script(replica_delay=0, webhooks=False)) as server:
        settings |= {"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": server.base_url}
        yield server


async def test_500_starts_from_one_address(attack: Attack) -> None:
    """Before: 500 in 2.0 s, all accepted."""
    twenty = asyncio.Semaphore(20)

    async def one() -> httpx2.Response:
        async with twenty:
            return await attack.begin(output="voice")

    answers = await asyncio.gather(*(one() for _ in range(500)))
    assert {answer.status_code for answer in answers} == {201, 429}
    accepted = sum(answer.status_code == 201 for answer in answers)
    assert 1 <= accepted <= 60
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.json()["code"] for answer in refused} <= {"too_many_requests", "at_capacity"}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    # They hold at most half of the places, so another network's candidate gets in.
    assert len(await attack.places()) <= 25


@pytest.mark.parametrize("settings", [{"K_SERVICE": "start"}])
async def test_a_forged_address_does_not_escape_the_limit(attack: Attack) -> None:
    """Google's front end adds the last entry; the caller writes those before it."""
    outcomes = Counter[int]()
    for number in range(64):
        answer = await attack.begin({"x-forwarded-for": f"198.51.100.{number}, 192.0.2.7"}, output="voice")
        outcomes[answer.status_code] += 1
        if answer.status_code == 201:
            await attack.delete(answer)
    assert outcomes == {201: 60, 429: 4}
    assert (await attack.begin({"x-forwarded-for": "192.0.2.7, 192.0.2.8"}, output="voice")).status_code == 201


async def test_20_starts_and_deletions_leave_the_days_avatars(tavus: Server, attack: Attack) -> None:
    """Before: 20 in 2.2 s, after which everybody's interviews were by voice until midnight."""
    for _ in range(20):
        answer = await attack.begin()
        assert answer.json()["conversation_url"], answer.text
        assert (await attack.delete(answer)).status_code == 200
    store = attack.store()
    ledger = await store.change_ledger(lambda present: present)
    await store.close()
    assert (ledger.today, ledger.leases) == (0, {})
    assert (await attack.begin()).json()["conversation_url"]
    assert sum(one.status == "active" for one in tavus.conversations) == 1


async def test_an_upload_while_a_deletion_waits_for_tavus(tavus: Server, attack: Attack) -> None:
    """Before: the CV survived the receipt of its deletion."""
    answer = await attack.begin()
    body = answer.json()
    tavus.strike(Fault("slow", on="delete", seconds=3))
    deleting = asyncio.create_task(attack.delete(answer))
    async with asyncio.timeout(60):
        while not any(one.deleted for one in tavus.conversations):
            await asyncio.sleep(0.02)
    path = f"{attack.start}/api/interview/{body['session_id']}/upload-cv"
    files = {"cv_file": ("cv.pdf", pdf(), "application/pdf")}
    upload = await attack.client.post(path, files=files, headers=bearer(body["session_token"]))
    assert upload.status_code == 404
    assert (await deleting).status_code == 200
    assert not [file for file in (attack.folder / "files").rglob("*") if file.is_file()]


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
async def test_another_website_starts_and_deletes_nothing(
    tavus: Server, attack: Attack, headers: dict[str, str]
) -> None:
    """Before: 20 starts and deletions from a foreign page, all accepted."""
    answer = await attack.begin(headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert tavus.conversations == []
    own = await attack.begin({"origin": ORIGIN, "sec-fetch-site": "same-origin"})
    assert own.status_code == 201
    assert (await attack.delete(own, headers)).json()["code"] == "foreign_origin"
    assert (await attack.delete(own)).status_code == 200


async def test_a_picture_of_50_pages(tmp_path: Path) -> None:
    """Before: no limit on the output, and as many readings of one interview's CVs as anybody liked."""
    async with serving(says("Ada Lovelace wrote the first program.")) as model:
        key = {"GEMINI_API_KEY": "a-key", "GEMINI_BASE_URL": model.base_url}
        with functions(tmp_path, ALLOWED_ORIGINS=ORIGIN, **key) as (running, start, end):
            async with httpx2.AsyncClient(timeout=LONGEST) as client:
                attack = Attack(client, start, end, tmp_path, running)
                answer = await attack.upload(scan(50))
                assert answer.status_code == 201, answer.text
                path = f"/api/interview/{answer.json()['session_id']}/upload-cv"
                allowed = bearer(answer.json()["session_token"])
                uploads = [await attack.upload(scan(50), path, allowed) for _ in range(4)]
    assert [one.status_code for one in uploads] == [200, 200, 409, 409]
    assert uploads[-1].json()["code"] == "too_many_cvs"
    assert len(model.calls) == 3
    for call in model.calls:
        (content,) = call.body["contents"]
        sent = base64.urlsafe_b64decode(content["parts"][0]["inlineData"]["data"])
        assert len(pypdfium2.PdfDocument(sent)) == 10
        assert call.body["generationConfig"]["maxOutputTokens"] == SCAN_TOKENS == 4000


async def test_readings_of_pictures_stop_with_the_days_money(tmp_path: Path) -> None:
    """A reading costs money before the candidate has said a word."""
    async with serving(says("Ada Lovelace wrote the first program.")) as model:
        key = {"GEMINI_API_KEY": "a-key", "GEMINI_BASE_URL": model.base_url, "DOLLARS_DAILY": "0.1"}
        with functions(tmp_path, ALLOWED_ORIGINS=ORIGIN, **key) as (running, start, end):
            async with httpx2.AsyncClient(timeout=LONGEST) as client:
                attack = Attack(client, start, end, tmp_path, running)
                answers = [await attack.upload(scan(1)) for _ in range(4)]
            store = attack.store()
            charged = (await store.admissions()).dollars
            await store.close()
    assert [answer.status_code for answer in answers] == [201, 201, 429, 429]
    assert len(model.calls) == 2
    assert charged == pytest.approx(0.10)


class Watch:
    """The readers of CVs below a process: how many there were at once, and how much of the processor one took."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.most = 0
        self.cpu = 0.0

    async def run(self) -> None:
        while True:
            readers = _readers(self._pid)
            self.most = max(self.most, len(readers))
            self.cpu = max([self.cpu, *map(_cpu, readers)])
            await asyncio.sleep(0.05)


@asynccontextmanager
async def watching(attack: Attack) -> AsyncIterator[Watch]:
    watch = Watch(attack.running.pid)
    task = asyncio.create_task(watch.run())
    try:
        yield watch
    finally:
        task.cancel()


async def test_a_pdf_that_keeps_a_reader_busy(attack: Attack) -> None:
    """82 KB that take minutes to read get five seconds of the processor."""
    data = endless()
    assert len(data) < 90_000
    async with watching(attack) as watch:
        answer = await attack.upload(data)
    assert (answer.status_code, answer.json()["code"]) == (422, "cv_too_complex")
    assert 0 < watch.cpu <= Limits().cpu_seconds + 1


async def test_12_such_pdfs_at_once(attack: Attack) -> None:
    """At most as many readers as cores; who has to wait too long is refused; and afterwards a CV is read."""
    data = endless()
    async with watching(attack) as watch:
        answers = await asyncio.gather(*(attack.upload(data) for _ in range(12)))
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} <= {
        (422, "cv_too_complex"),
        (503, "readers_busy"),
    }
    assert 1 <= watch.most <= READERS
    assert watch.cpu <= Limits().cpu_seconds + 1
    assert (await attack.upload(pdf())).status_code == 201
    assert len(await attack.places()) == 1, "a refused CV holds no place"


async def test_a_body_at_a_byte_in_10_seconds(attack: Attack) -> None:
    """Before: it held a slot for 50 s."""
    host, port = attack.start.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    began = time.monotonic()
    writer.write(
        b"POST /api/interview/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000\r\n\r\n{"
    )
    status = await asyncio.wait_for(reader.readline(), LONGEST)
    took = time.monotonic() - began
    rest = await asyncio.wait_for(reader.read(), LONGEST)
    writer.close()
    assert b" 408 " in status
    assert b'"slow_body"' in rest
    assert 5 <= took < 40, "five seconds, and what a busy machine adds"


async def test_a_body_at_a_byte_in_4_seconds(attack: Attack) -> None:
    """Before: no pause was long enough, and it held a slot for 50 s."""
    host, port = attack.start.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"POST /api/interview/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000\r\n\r\n{"
    )
    sent = 0

    async def trickle() -> None:
        nonlocal sent
        while True:
            await asyncio.sleep(4)
            writer.write(b" ")
            sent += 1

    trickling = asyncio.create_task(trickle())
    status = await asyncio.wait_for(reader.readline(), LONGEST)
    trickling.cancel()
    rest = await asyncio.wait_for(reader.read(), LONGEST)
    writer.close()
    assert b" 408 " in status
    assert b'"slow_body"' in rest
    assert sent < 10, "so many hold it for 40 s"


async def test_guesses_of_the_start_code_are_limited(tmp_path: Path) -> None:
    with functions(tmp_path, START_CODE="class-7", STARTS_PER_HOUR="5") as (running, start, end):
        async with httpx2.AsyncClient(timeout=LONGEST) as client:
            attack = Attack(client, start, end, tmp_path, running)
            missing = await attack.begin()
            guesses = [await attack.begin(start_code=f"class-{number}") for number in range(8)]
    assert (missing.status_code, missing.json()["code"]) == (403, "start_code")
    assert [answer.status_code for answer in guesses] == [403] * 4 + [429] * 4


def _readers(pid: int) -> list[int]:
    """The processes below this one that are reading a CV."""
    found, waiting = [], [pid]
    while waiting:
        children = _children_of(waiting.pop())
        found += [child for child in children if b"interview.cv.worker" in _read(child, "cmdline")]
        waiting += children
    return found


def _cpu(pid: int) -> float:
    """Seconds of the processor that this process has taken."""
    # The name in brackets may have blanks in it; the times are the 14th and 15th field.
    fields = _read(pid, "stat").rpartition(b")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _children_of(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text("utf-8").split()]
    except OSError:
        return []


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
