"""`make screens`: a sheet of screenshots for somebody to look at, build/screens/index.html.

It has the states of the page that the steps below reach, in four sizes, dark, with forced colours, and with letters of
twice the size. axe checks each of them, and what it finds fails the run. It is no part of `make test`: nobody looks
at the pictures there.
"""

import asyncio
import html
import re
import ssl
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
import trustme
from playwright.async_api import Page, expect

from tests.assessor import TALK, Assessor, scored
from tests.e2e.conftest import ROOT, Open, Serve, write_cv
from tests.e2e.test_results import ASSESSOR, held, remember
from tests.generate import serving

FOLDER = ROOT / "build" / "screens"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
LONG = ("Distributed systems in the small, " * 20)[:500]
WAIT = 60_000


@dataclass(frozen=True, slots=True)
class View:
    """How the page is looked at."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    forced: Literal["none", "active"] = "none"
    font: str = "100%"


VIEWS = (
    View("phone", 390, 844),
    View("phone on its side", 640, 360),
    View("laptop", 1280, 800),
    View("desktop", 1920, 1080),
    View("phone with a keyboard", 390, 460),
    View("dark phone", 390, 844, scheme="dark"),
    View("dark laptop", 1280, 800, scheme="dark"),
    View("forced colours", 1280, 800, forced="active"),
    View("forced colours, dark", 390, 844, scheme="dark", forced="active"),
    View("letters of twice the size", 390, 844, font="200%"),
)


class Sheet:
    """The screenshots so far, and what axe found in them."""

    def __init__(self) -> None:
        self.states: list[str] = []
        self.faults: list[str] = []

    async def add(self, page: Page, state: str, *, whole: bool = True) -> None:
        """Take a picture of the page in each view: of the whole page, or of what the window shows."""
        self.states.append(state)
        for view in VIEWS:
            await page.set_viewport_size({"width": view.width, "height": view.height})
            await page.emulate_media(color_scheme=view.scheme, forced_colors=view.forced, reduced_motion="reduce")
            await page.evaluate("font => { document.documentElement.style.fontSize = font; }", view.font)
            # Two frames, after which styles and layout are those of the view.
            await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            await page.screenshot(path=FOLDER / f"{_slug(state)}.{_slug(view.name)}.png", full_page=whole)
            self.faults += [
                f"{state}, {view.name}: {fault}" for fault in await _faults(page, contrast=view.forced == "none")
            ]
            wide = await page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                self.faults.append(f"{state}, {view.name}: {wide} px wider than the window")
        await page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        await page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference")
        await page.set_viewport_size({"width": 1280, "height": 900})

    def write(self) -> Path:
        """Write the page that shows all of them; returns its path."""
        rows = "".join(
            f"<h2>{html.escape(state)}</h2><div>"
            + "".join(
                f'<figure><img loading="lazy" src="{_slug(state)}.{_slug(view.name)}.png" alt="">'
                f"<figcaption>{html.escape(view.name)}</figcaption></figure>"
                for view in VIEWS
            )
            + "</div>"
            for state in self.states
        )
        style = "body{font:14px sans-serif}div{display:flex;gap:12px;overflow:auto}img{height:360px;border:1px solid}"
        path = FOLDER / "index.html"
        path.write_text(f"<!doctype html><title>Screens</title><style>{style}</style>{rows}", "utf-8")
        return path


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower())


async def _faults(page: Page, *, contrast: bool) -> list[str]:
    """What axe finds wrong, one line each. It does not know the colours that a system forces on the page."""
    found: list[str] = await page.evaluate(
        """async ([source, enabled]) => {
            if (!window.axe) (0, eval)(source);
            const { violations } = await axe.run(document, { rules: { "color-contrast": { enabled } } });
            return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
        }""",
        [AXE.read_text("utf-8"), contrast],
    )
    return found


@pytest.fixture(scope="module")
def sheet() -> Iterator[Sheet]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    sheet = Sheet()
    expect.set_options(timeout=WAIT)
    yield sheet
    expect.set_options(timeout=None)
    sys.stdout.write(f"\n{len(sheet.states)} states in {len(VIEWS)} views: {sheet.write()}\n")
    assert not sheet.faults, "\n".join(sheet.faults)


@pytest.mark.timeout(900)
async def test_before_the_interview(serve: Serve, browse: Open, sheet: Sheet, tmp_path: Path) -> None:
    cv = write_cv(tmp_path / "cv.pdf", "Ada Lovelace", "Site Reliability Engineer", "Wrote a message queue in Python")
    async with serve() as url, browse(url, permissions=False, expected=re.compile("404")) as page:
        for path, state in (("/help", "help"), ("/privacy", "privacy"), ("/nowhere", "unknown page")):
            await page.goto(url + path)
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            await sheet.add(page, state)
        await page.goto(url)
        await expect(page.get_by_text("Practice interviewer.", exact=True)).to_be_visible()
        await sheet.add(page, "set-up")
        await page.get_by_role("button", name="Start", exact=True).click()
        await sheet.add(page, "set-up with an error")
        await page.get_by_label("What should we talk about?").fill(LONG)
        await page.get_by_label("Choose your CV").set_input_files(cv)
        await page.get_by_text("Read it, correct it or shorten it").click()
        await sheet.add(page, "set-up with a CV")
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(page.get_by_role("button", name="Begin and type my answers")).to_be_visible()
        await sheet.add(page, "check")
        await page.get_by_role("button", name="Turn on the microphone").click()
        await expect(page.get_by_text("The microphone is blocked")).to_be_visible()
        await sheet.add(page, "check with a blocked microphone")


@pytest.mark.timeout(900)
async def test_the_interview(serve: Serve, browse: Open, sheet: Sheet) -> None:
    async with serve() as url, browse(url) as page:
        await page.get_by_label("What should we talk about?").fill(LONG)
        await page.get_by_role("button", name="Start", exact=True).click()
        await page.get_by_role("button", name="Turn on the microphone").click()
        await expect(page.get_by_role("meter")).to_be_visible()
        await sheet.add(page, "check with a microphone")
        await page.get_by_role("button", name="Begin", exact=False).first.click()
        await expect(page.get_by_role("log")).to_contain_text("Iris")
        await sheet.add(page, "room", whole=False)
        await page.get_by_role("button", name="Let me think").click()
        await sheet.add(page, "room with time to think", whole=False)
        await page.get_by_label("Your typed answer").fill("I built a message queue with Kafka. " * 8)
        await sheet.add(page, "room with a typed answer", whole=False)
        await page.get_by_role("button", name="End interview").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await sheet.add(page, "room with a question", whole=False)
        await page.keyboard.press("Escape")
        page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await page.reload()
        await expect(page.get_by_role("button", name="End it and see the summary")).to_be_visible()
        await sheet.add(page, "the way back")
        await page.get_by_role("button", name="End it and see the summary").click()
        await page.get_by_role("dialog").get_by_role("button", name="End it").click()
        await expect(page.get_by_role("heading", name="Not enough to assess")).to_be_visible()
        await sheet.add(page, "results without an assessment")
        await page.get_by_role("button", name="Delete everything").click()
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(page.get_by_role("heading", name="Everything is deleted")).to_be_visible()
        await sheet.add(page, "deleted")
        await page.goto(f"{url}/results/nobody")
        await expect(page.get_by_text("We can't find this interview")).to_be_visible()
        await sheet.add(page, "an unknown interview")


@pytest.mark.timeout(900)
async def test_by_typing(serve: Serve, browse: Open, sheet: Sheet, tmp_path: Path) -> None:
    database = tmp_path / "data" / "interviews.db"
    async with serve() as url, browse(url) as page:
        await remember(page, await held(url, database, TALK, source="text"), heading="How it went")
        await sheet.add(page, "results by rules")
        await page.goto(url)
        await page.get_by_label("What should we talk about?").fill("SQL")
        await page.get_by_role("button", name="Start", exact=True).click()
        await page.get_by_role("button", name="Begin and type my answers").click()
        await expect(page.get_by_text("Type your answer.", exact=True)).to_be_visible()
        await sheet.add(page, "room without a microphone", whole=False)


@asynccontextmanager
async def assessing(serve: Serve, folder: Path) -> AsyncIterator[str]:
    """`make dev` with a text model that assesses."""
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(folder / "assessor.pem")
    async with serving(Assessor(scores=scored(3), **ASSESSOR), tls=tls) as model:
        settings = {"GEMINI_BASE_URL": model.base_url, "GEMINI_CA_FILE": str(folder / "assessor.pem")}
        async with serve(GEMINI_API_KEY="a-key", **settings) as url:
            yield url


@pytest.mark.timeout(900)
async def test_the_results(serve: Serve, browse: Open, sheet: Sheet, tmp_path: Path) -> None:
    database = tmp_path / "data" / "interviews.db"
    async with assessing(serve, tmp_path) as url, browse(url) as page:
        first = await held(url, database, TALK)
        await remember(page, first)
        await sheet.add(page, "results")
        await page.get_by_role("button", name="Correct my words").click()
        await sheet.add(page, "results with corrections")
        again = {"retake_session_id": first["session_id"], "retake_token": first["session_token"]}
        await remember(page, first, await held(url, database, TALK, **again))
        await expect(page.get_by_text("Compared with")).to_be_visible()
        await sheet.add(page, "results of a retake")
        await page.goto(url)
        await expect(page.get_by_text("Your interviews in this browser")).to_be_visible()
        await sheet.add(page, "set-up with a history")
