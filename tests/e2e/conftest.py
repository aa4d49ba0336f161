"""Tests in a real browser: the processes of `make dev`, Chromium, and recorded speech as the microphone."""

import asyncio
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import urllib.request
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fpdf import FPDF
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright, expect
from playwright.sync_api import sync_playwright

from local.gemini.script import Script, dump
from local.gemini.voice import NeuralVoice
from tests.missing import CHROMIUM, missing
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",  # the tests may run as root, in a container
    "--disable-dev-shm-usage",  # a container has little of it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
RATE = 24_000
"""Samples per second of the microphone's recording."""
WATCH = (Path(__file__).parent / "watch.js").read_text("utf-8")
"""A script that runs in the page first: it records the loudspeaker's levels and the socket's messages."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium or Chrome: the machine's, or one that Playwright installs."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found:
        return found
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=300)
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        missing(CHROMIUM)
    return path


class Process:
    """A process that ends with its test. If it ends too early, the test fails with its output."""

    def __init__(self, module: str, *arguments: str, environ: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as output:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env={**_bare_environ(), "PYTHONPATH": str(ROOT), **environ},
                cwd=log.parent,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    async def line(self, start: str) -> str:
        """Wait for the first line that begins with `start`; returns the rest of the line."""
        async with asyncio.timeout(60):
            while True:
                for line in self.log.read_text("utf-8").splitlines():
                    if line.startswith(start):
                        return line.removeprefix(start).strip()
                assert self.popen.poll() is None, self.log.read_text("utf-8")
                await asyncio.sleep(0.05)

    def stop(self) -> int:
        """Send Ctrl-C; returns the exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGINT)
        try:
            return self.popen.wait(30)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.popen.pid, signal.SIGKILL)
            raise


def _bare_environ() -> dict[str, str]:
    """The environment without the project's settings, which a developer may have set."""
    ours = ("GEMINI_", "TAVUS_", "GOOGLE_", "STORE", "FILES", "FIRESTORE_", "STORAGE_", "PORT", "RELAY_", "DATA_DIR")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


Serve = Callable[..., AbstractAsyncContextManager[str]]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """`async with serve() as url` runs `make dev`. With a script, the stand-in of Gemini is a process of its own,
    reached like the real service: by a key, an address and a certificate."""

    @asynccontextmanager
    async def run(script: Script | None = None, **settings: str) -> AsyncIterator[str]:
        port, relay_port = free_port(), free_port()
        environ = {"PORT": str(port), "RELAY_PORT": str(relay_port), "DATA_DIR": str(tmp_path / "data"), **settings}
        processes: list[Process] = []
        try:
            if script:
                (tmp_path / "script.json").write_text(dump(script), "utf-8")
                arguments = ("--port", "0", "--dir", str(tmp_path), "--script", str(tmp_path / "script.json"))
                gemini = Process("local.gemini", *arguments, environ={}, log=tmp_path / "gemini.log")
                processes.append(gemini)
                environ |= {
                    "GEMINI_API_KEY": "a-key",
                    "GEMINI_BASE_URL": await gemini.line("Ready:"),
                    "GEMINI_CA_FILE": str(tmp_path / "ca.pem"),
                }
            dev = Process("local.dev", environ=environ, log=tmp_path / "dev.log")
            processes.append(dev)
            yield await dev.line("Ready:")
        finally:
            codes = [process.stop() for process in reversed(processes)]
        assert codes == [0] * len(codes), "it stops cleanly on Ctrl-C"

    return run


@pytest.fixture
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright


Open = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture
def browse(playwright: Playwright, chromium: str) -> Open:
    """`async with browse(url, microphone=wav) as page` opens a page in a browser of its own. The page must log no
    errors except those that match `expected`."""

    @asynccontextmanager
    async def run(
        url: str, *, microphone: Path | None = None, permissions: bool = True, expected: re.Pattern[str] | None = None
    ) -> AsyncIterator[Page]:
        flags = [flag for flag in FLAGS if permissions or flag != "--use-fake-ui-for-media-stream"]
        if microphone:
            flags.append(f"--use-file-for-fake-audio-capture={microphone}%noloop")
        browser: Browser = await playwright.chromium.launch(executable_path=chromium, args=flags)
        context: BrowserContext = await browser.new_context(
            viewport={"width": 1280, "height": 900}, accept_downloads=True
        )
        await context.add_init_script(WATCH)
        page = await context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(f"error: {error}"))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        try:
            await page.goto(url)
            yield page
            assert [error for error in errors if not (expected and expected.search(error))] == []
        finally:
            await browser.close()

    return run


def write_wav(path: Path, pcm: bytes, rate: int) -> Path:
    """Write PCM16 mono as a WAV file."""
    with closing(wave.open(str(path), "wb")) as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
    return path


def write_cv(path: Path, *lines: str) -> Path:
    """Write a CV of these lines as a PDF."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    for line in lines:
        pdf.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(path))
    return path


async def frames(page: Page, kind: str) -> list[dict[str, Any]]:
    """The relay's messages of a type, each with the page's time `at` in ms."""
    log: list[tuple[float, str]] = await page.evaluate("() => window.watched.frames")
    messages = [{"at": at, **json.loads(frame)} for at, frame in log]
    return [message for message in messages if message["type"] == kind]


async def sent(page: Page, kind: str) -> list[dict[str, Any]]:
    """The page's messages of a type to the relay, each with the page's time `at` in ms."""
    log: list[tuple[float, str]] = await page.evaluate("() => window.watched.sent")
    messages = [{"at": at, **json.loads(frame)} for at, frame in log]
    return [message for message in messages if message["type"] == kind]


async def noticed(page: Page, text: str, *, after: float, within: float = 15) -> None:
    """Wait until a notice with this text was shown after a time of the page's in ms, be it for a moment only."""

    async def shown() -> bool:
        notices: list[tuple[float, str]] = await page.evaluate("() => window.watched.notices")
        return any(at > after and text in notice for at, notice in notices)

    await eventually(shown, within)


async def assert_microphone_processed(page: Page) -> None:
    """Check that the browser removes the interviewer's voice from the microphone."""
    settings = await page.evaluate("() => window.watched.tracks.map(track => track.getSettings())")
    assert settings, "no microphone was opened"
    for one in settings:
        assert {name: one.get(name) for name in ("echoCancellation", "noiseSuppression", "autoGainControl")} == {
            "echoCancellation": True,
            "noiseSuppression": True,
            "autoGainControl": True,
        }


async def results_shown(page: Page) -> None:
    """Wait for the results of a short interview: it is assessed, or there is too little to assess."""
    title = re.compile("How it went|Not enough to assess")
    await expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=60_000)


async def assert_devices_released(page: Page) -> None:
    """Check that the page has closed every device that it opened."""
    states = """() => [
      ...window.watched.tracks.map(track => track.readyState === "ended" ? "released" : `live ${track.kind}`),
      ...window.watched.contexts.map(context => context.state === "closed" ? "released" : `${context.state} sound`),
    ]"""

    async def released() -> bool:
        found = await page.evaluate(states)
        return bool(found) and set(found) == {"released"}

    await eventually(released, 10)


async def loudness(page: Page, start: float, end: float) -> float:
    """The highest level (RMS, 0 to 1) at the loudspeaker between two of the page's times in ms."""
    samples: list[tuple[float, float]] = await page.evaluate("() => window.watched.levels")
    heard = [level for at, level in samples if start <= at <= end]
    assert heard, "no levels were recorded then"
    return max(heard)


def received(folder: Path) -> dict[str, Any]:
    """What the stand-in of Gemini has sent and received."""
    address = (folder / "gemini.log").read_text("utf-8").partition("Ready: ")[2].split()[0]
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    with urllib.request.urlopen(f"{address}/received", context=context, timeout=60) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


async def eventually(check: Callable[[], Any], seconds: float = 60) -> Any:
    """Wait until `check` returns something true, and return it."""
    async with asyncio.timeout(seconds):
        while not (found := await check()):
            await asyncio.sleep(0.1)
    return found


async def spoken(path: Path, *pieces: float | str) -> Path:
    """Write a WAV of spoken sentences and seconds of silence."""
    voice = NeuralVoice()
    try:
        sounds = [
            bytes(2 * round(piece * RATE)) if isinstance(piece, (int, float)) else await voice.speak(piece)
            for piece in pieces
        ]
    finally:
        voice.close()
    pcm = np.frombuffer(b"".join(sounds), "<i2")
    return write_wav(path, pcm.tobytes(), RATE)


async def begin(page: Page, cv: Path) -> None:
    """Go from the set-up to the room, by voice."""
    await page.get_by_label("What should we talk about?").fill("Python backend")
    await page.get_by_label("Choose your CV").set_input_files(cv)
    await expect(page.get_by_text("Read it, correct it or shorten it")).to_be_visible(timeout=30_000)
    await page.get_by_role("button", name="Start").click()
    await page.get_by_role("button", name="Turn on the microphone").click()
    await expect(page.get_by_role("meter")).to_be_visible()
    await page.get_by_role("button", name="Begin").click()
