"""The pages around the interview: they stay still and small, explain themselves, and ask before something is lost."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Playwright, Route, expect

from tests.e2e.conftest import FLAGS, Process
from tests.ports import free_port

SHIFTS = """
window.shifts = [];
const note = (list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push(one.value); };
window.shiftsSeen = new PerformanceObserver(note);
window.shiftsSeen.observe({ type: "layout-shift", buffered: true });
"""
SHIFT = """async () => {
  await document.fonts.ready;
  for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
  for (const one of window.shiftsSeen.takeRecords()) if (!one.hadRecentInput) window.shifts.push(one.value);
  return window.shifts.reduce((sum, value) => sum + value, 0);
}"""
"""The page's cumulative layout shift so far, once its fonts are there and painted."""

MOST_SHIFT = 0.05
MOST_BYTES = 250_000
"""Of everything before the room, compressed: by `make dev` with gzip, by Hosting with Brotli."""
LONG_MS = 30_000
"""On a busy machine a page may take so long."""

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one `make dev` for all tests of this file."""
    folder = tmp_path_factory.mktemp("pages")
    port, relay_port = free_port(), free_port()
    environ = {"PORT": str(port), "RELAY_PORT": str(relay_port), "DATA_DIR": str(folder / "data")}
    contact = {"PAGE_CONTACT": "privacy@acme.example", "RETENTION_DAYS": "12"}
    dev = Process("local.dev", environ=environ | contact, log=folder / "dev.log")
    try:
        yield asyncio.run(dev.line("Ready:"))
    finally:
        code = dev.stop()
    assert code == 0


@pytest.fixture
async def browser(playwright: Playwright, chromium: str) -> AsyncIterator[Browser]:
    browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield browser
    await browser.close()


@asynccontextmanager
async def visit(browser: Browser, kind: dict[str, Any]) -> AsyncIterator[Page]:
    context = await browser.new_context(**kind)
    context.set_default_timeout(LONG_MS)
    await context.add_init_script(SHIFTS)
    page = await context.new_page()
    yield page
    await context.close()


@pytest.mark.parametrize("kind", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_nothing_moves_when_script_fonts_and_settings_come_late_and_little_is_loaded_before_the_room(
    site: str, browser: Browser, kind: dict[str, Any]
) -> None:
    first, shown = asyncio.Event(), asyncio.Event()

    async def after_the_first_picture(route: Route) -> None:
        await first.wait()
        await route.continue_()

    async def late(route: Route) -> None:
        await shown.wait()
        await route.continue_()

    async with visit(browser, kind) as page:
        network = await page.context.new_cdp_session(page)
        await network.send("Network.enable")
        loaded: list[float] = []
        network.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
        await page.route(re.compile(r"\.woff2$|/config\.json$"), late)
        await page.route(re.compile(r"/assets/index-[\w-]+\.js$"), after_the_first_picture)
        await page.goto(site, wait_until="commit")
        await expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=LONG_MS)
        first.set()
        await expect(page.get_by_label("What should we talk about?")).to_be_visible(timeout=LONG_MS)
        shown.set()
        await expect(page.get_by_text("Practice interviewer.")).to_be_visible(timeout=LONG_MS)
        assert await page.evaluate(SHIFT) < MOST_SHIFT

        await page.get_by_label("What should we talk about?").fill("Pastry")
        async with page.expect_event("requestfinished", lambda request: "/assets/RoomPage-" in request.url):
            await page.get_by_role("button", name="Start").click()
        await expect(page.get_by_role("heading", name="Check your devices")).to_be_visible(timeout=LONG_MS)
        await page.wait_for_load_state("networkidle")
        assert 100_000 < sum(loaded) < MOST_BYTES


async def test_help_privacy_and_an_unknown_address(site: str, browser: Browser) -> None:
    async with visit(browser, DESKTOP) as page:
        await page.goto(site)
        about = page.get_by_role("navigation", name="About this site")
        await about.get_by_role("link", name="Help").click()
        await expect(page.get_by_role("heading", name="Help")).to_be_focused(timeout=LONG_MS)
        for part in ("Before", "During", "After", "What goes where", "If something doesn't work"):
            await expect(page.get_by_role("region", name=part)).to_be_visible()

        await about.get_by_role("link", name="Privacy").click()
        await expect(page.get_by_text("deleted 12 days after it was created")).to_be_visible(timeout=LONG_MS)
        await expect(page.get_by_role("link", name="privacy@acme.example")).to_be_visible()
        await expect(page.get_by_text("Nobody: the interviewer runs on this site's server")).to_be_visible()
        await expect(page).to_have_title("Privacy · Interviewer")

        for path in ("/somewhere", "/interview/a/b", "/assets/gone.js"):
            answer = await page.goto(site + path)
            assert answer
            assert answer.status == 404
            await expect(page.get_by_role("heading", name="Page not found")).to_be_visible(timeout=LONG_MS)
        assert await page.evaluate(SHIFT) < MOST_SHIFT
        await page.get_by_role("link", name="Start page", exact=True).click()
        await expect(page.get_by_label("What should we talk about?")).to_be_visible(timeout=LONG_MS)


async def test_the_room_and_the_results_ask_before_the_interview_is_left_or_ended(site: str, browser: Browser) -> None:
    asked = asyncio.Event()

    async def late(route: Route) -> None:
        await asked.wait()
        await route.continue_()

    async with visit(browser, PHONE) as page:
        await page.goto(site)
        await page.get_by_label("What should we talk about?").fill("Pastry")
        await page.get_by_role("button", name="Start").click()
        await page.route("**/api/interview/start", late)
        await page.get_by_role("button", name="Begin and type my answers").click()
        preparing = page.get_by_role("heading", name="Your interview is being prepared")
        await expect(preparing).to_be_focused(timeout=LONG_MS)
        await expect(page.get_by_text("Briefing the interviewer")).to_be_visible()
        asked.set()
        await expect(page.get_by_role("log")).to_contain_text("pastry", ignore_case=True, timeout=LONG_MS)
        await expect(page.get_by_role("switch", name="Keyboard shortcuts")).to_be_hidden()
        room = page.url

        leaving = page.get_by_role("dialog", name="Leave the interview?")
        await page.evaluate("() => history.back()")
        await expect(leaving).to_be_visible(timeout=LONG_MS)
        await leaving.get_by_role("button", name="Stay in the interview").click()
        await expect(page.get_by_role("log")).to_be_visible()
        assert page.url == room
        await page.evaluate("() => history.back()")
        await leaving.get_by_role("button", name="Leave it").click()
        await expect(page.get_by_text("Unfinished")).to_be_visible(timeout=LONG_MS)

        await page.goto(room.replace("/interview/", "/results/"))
        await expect(page.get_by_role("heading", name="This interview isn't over")).to_be_visible(timeout=LONG_MS)
        await expect(page.get_by_test_id("left")).to_have_text(re.compile(r"^2[34]:\d\d$"))
        await page.get_by_role("button", name="Go to the interview").click()
        await expect(page.get_by_text("The clock keeps running")).to_be_visible(timeout=LONG_MS)
        await expect(page.get_by_test_id("left")).to_have_text(re.compile(r"^2[34]:\d\d$"), timeout=LONG_MS)
        await page.get_by_role("button", name="Return").click()
        await expect(page.get_by_role("log")).to_contain_text("pastry", ignore_case=True, timeout=LONG_MS)
