"""The pages on small screens, with large fonts, in dark and in forced colours, and for screen readers."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Locator, Page, WebSocketRoute, expect

from tests.e2e.conftest import ROOT, Open, Process, eventually
from tests.ports import free_port

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
LONG_TOPIC = "Site reliability engineering of payment systems with " + "Donaudampfschifffahrt " * 20
WAIT = 30_000
"""Milliseconds that an expectation may take: other tests run beside this one."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One `make dev` for the tests of this file."""
    folder = tmp_path_factory.mktemp("room")
    port, relay_port = free_port(), free_port()
    environ = {"PORT": str(port), "RELAY_PORT": str(relay_port), "DATA_DIR": str(folder / "data")}
    dev = Process("local.dev", environ=environ, log=folder / "dev.log")
    try:
        yield asyncio.run(dev.line("Ready:"))
    finally:
        dev.stop()


async def to_check(page: Page, topic: str) -> None:
    await page.get_by_label("What should we talk about?").fill(topic)
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_role("heading", name="Microphone")).to_be_visible(timeout=WAIT)


async def to_room(page: Page) -> None:
    """Begin without a microphone, and wait until the interviewer has asked."""
    await page.get_by_role("button", name="Begin and type my answers").click()
    await expect(page.locator("[role=log] [data-current][data-complete=true]")).to_be_visible(timeout=WAIT)


QUESTION = """() => {
  const log = document.querySelector("[role=log]");
  const question = log.querySelector("[data-current]");
  const box = question.getBoundingClientRect();
  let seen = 0;
  for (let y = Math.ceil(box.top) + 1; y < box.bottom; y += 2) {
    const found = y < innerHeight && document.elementFromPoint(box.left + 20, y);
    if (found && question.contains(found)) seen += 2;
  }
  const over = document.elementFromPoint(box.left + 20, (box.top + box.bottom) / 2)?.outerHTML.slice(0, 99);
  const at = [box.top, box.bottom, scrollY];
  return { height: question.scrollHeight, seen: seen + 4, log: log.clientHeight, at, over };
}"""
"""The heights of the current question, of what can be seen of it, and of the captions, in CSS pixels; where it
is, and what is in its middle."""


async def question_seen(page: Page, *, least: float | None = None) -> None:
    """Wait until the whole current question can be seen, or `least` pixels of it, with nothing over it."""

    async def seen() -> bool:
        found: dict[str, Any] = await page.evaluate(QUESTION)
        return bool(found["seen"] >= (least or found["height"]) and found["log"] >= (least or 120))

    try:
        await eventually(seen, 20)
    except TimeoutError:
        pytest.fail(f"{page.viewport_size}: {await page.evaluate(QUESTION)}")


async def test_the_question_stays_in_view(url: str, browse: Open) -> None:
    up, sockets = True, list[WebSocketRoute]()

    async def route(socket: WebSocketRoute) -> None:
        if up:
            sockets.append(socket)
            socket.connect_to_server()
        else:
            await socket.close(code=1011)

    async with browse(url) as page:
        await page.route_web_socket("**/stream", route)
        await page.reload()
        await to_check(page, "Tidal energy")
        await page.set_viewport_size({"width": 390, "height": 844})
        await to_room(page)
        await question_seen(page)
        await page.get_by_label("Your typed answer").focus()

        # With the keyboard of a phone open, on a phone's side, and on a laptop at 200 %.
        controls = page.get_by_role("region", name="Controls")
        for width, height in ((390, 460), (640, 360)):
            await page.set_viewport_size({"width": width, "height": height})
            await question_seen(page)
            await expect(page.get_by_label("Your typed answer")).to_be_in_viewport(ratio=1)
            buttons = [controls.get_by_role("button", name=name) for name in ("Let me think", "End interview")]
            boxes = [await button.bounding_box() for button in buttons]
            assert all(box and box["width"] < 64 for box in boxes), "the controls are icons"
            assert len({round(box["y"]) for box in boxes if box}) == 1, "in one row"

        # It stays above the field, also when more was said after it.
        answer = page.get_by_label("Your typed answer")
        await answer.fill("I measured the tides at three harbours for two years.")
        await answer.press("Enter")
        await expect(page.get_by_role("log")).to_contain_text("three harbours", timeout=WAIT)
        await question_seen(page)

        # A lost connection lies over the stage. Its region stands in the page before.
        region = page.locator("[role=status]:has-text('Connection lost')")
        await page.evaluate("window.before = new Set(document.querySelectorAll('[role=status]'));")
        up = False
        for socket in sockets:
            await socket.close(code=1011)
        await expect(region).to_be_visible(timeout=WAIT)
        assert await region.evaluate("element => window.before.has(element)")
        await question_seen(page)

        # The size of the captions is remembered. A question that is too long for the screen can be scrolled.
        await page.get_by_role("radio", name="Largest").check()
        await page.set_viewport_size({"width": 390, "height": 460})
        # The sizes stand below the controls: scroll back.
        await page.get_by_role("heading", level=1).evaluate(
            "element => window.scrollBy(0, element.closest('[data-low]').getBoundingClientRect().top)"
        )
        await question_seen(page, least=120)
        size = "() => getComputedStyle(document.querySelector('[data-current] [lang]')).fontSize"
        largest = await page.evaluate(size)
        assert largest == "28px"
        assert await page.evaluate("localStorage.getItem('interviewer.captions')") == "largest"


FORCED = """([one, other]) => {
  const colour = selector => {
    const found = document.querySelector(selector);
    if (!found) throw new Error(`no ${selector}`);
    return getComputedStyle(found).backgroundColor;
  };
  return [colour(one), colour(other)];
}"""


LIT = """() => {
  const [lit, unlit] = ["[data-lit]", ":not([data-lit])"].map(
    which => document.querySelector(`[role=meter] > ${which}`));
  return lit && unlit && getComputedStyle(lit).backgroundColor !== getComputedStyle(unlit).backgroundColor;
}"""


async def differ(page: Page, one: str, other: str) -> None:
    """Check that two elements have different backgrounds."""
    first, second = await page.evaluate(FORCED, [one, other])
    assert first != second, f"{one} looks like {other}"


async def test_forced_colours(url: str, browse: Open) -> None:
    async with browse(url) as page:
        await page.emulate_media(forced_colors="active")
        await expect(page.get_by_label("What should we talk about?")).to_be_visible(timeout=WAIT)
        await differ(page, "label:has(:checked)", "label:has(input[type=radio]:not(:checked))")
        await differ(page, "[aria-current=step]", "li:not([aria-current])")
        assert await page.locator("select").first.evaluate("element => getComputedStyle(element).appearance") == "auto"
        await to_check(page, "Tidal energy")
        await page.get_by_role("button", name="Turn on the microphone").click()
        await page.locator("[role=meter] [data-lit]").first.wait_for(timeout=WAIT)
        # The level falls again: both in one look.
        await eventually(
            lambda: page.evaluate(LIT),
            20,
        )
        await page.get_by_role("button", name="Begin").click()
        await expect(page.get_by_test_id("remaining")).not_to_have_text("--:--", timeout=WAIT)
        await differ(page, "[role=switch][aria-checked=true] > span", "[role=switch][aria-checked=false] > span")
        bar = page.locator("[data-late] > [aria-hidden] > div")
        filled = "element => getComputedStyle(element).backgroundColor"
        assert await bar.evaluate(filled) != await bar.locator("..").evaluate(filled)
        # A band of ink has the system's colours, and its text can be read.
        heading = page.get_by_role("heading", name="Captions")
        assert await heading.evaluate(filled) != await heading.evaluate("element => getComputedStyle(element).color")


CONTRAST = """async () => {
  // The colours of a scheme are complete after a frame.
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return (await axe.run(document)).violations.map(({ id, nodes }) => ({ id, html: nodes[0].html }));
}"""


async def assert_readable(page: Page) -> None:
    """Check the colours in both schemes, and that 200 % of the font fits on a phone."""
    where = page.url
    await page.set_viewport_size({"width": 1280, "height": 800})
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        found: list[dict[str, Any]] = await page.evaluate(CONTRAST)
        assert found == [], f"{where}, {scheme}"
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 390, "height": 844})
    browser = await page.context.new_cdp_session(page)
    await browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    await expect(page.locator("html")).to_have_css("font-size", "32px")
    wide: list[str] = await page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          [...document.querySelectorAll("main *")].filter(each => each.getBoundingClientRect().right > innerWidth)
            .map(each => each.outerHTML.slice(0, 120))"""
    )
    assert wide == [], f"{where}: wider than the screen"
    await browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    await browser.detach()


async def lines(text: Locator) -> float:
    """How many lines of text are shown."""
    found: float = await text.evaluate(
        "element => element.clientHeight / parseFloat(getComputedStyle(element).lineHeight)"
    )
    return found


async def test_every_page_in_both_schemes_with_a_large_font_and_a_long_topic(url: str, browse: Open) -> None:
    topic = LONG_TOPIC[:500].strip()
    async with browse(url) as page:
        await page.evaluate(AXE.read_text("utf-8"))
        await expect(page.get_by_label("What should we talk about?")).to_be_visible(timeout=WAIT)
        await assert_readable(page)
        await to_check(page, topic)
        assert await lines(page.get_by_title(topic)) < 3.5
        await assert_readable(page)
        await to_room(page)
        assert await lines(page.get_by_role("heading", level=1)) < 2.5
        await assert_readable(page)

        # What is read aloud can be chosen. The focus returns from a dialog.
        await page.get_by_role("switch", name="Screen reader reads captions").click()
        await expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
        end = page.get_by_role("button", name=re.compile("^End"))
        await end.click()
        await page.keyboard.press("Escape")
        await expect(end).to_be_focused()

        await end.click()
        await page.get_by_role("dialog").get_by_role("button", name="End and see the summary").click()
        await expect(page.get_by_role("status").get_by_text("Your summary is ready.")).to_be_attached(timeout=WAIT)
        assert await lines(page.get_by_title(topic)) < 3.5
        await expect(page.locator("#transcript ~ ol [lang='en-US'][dir=auto]").first).to_be_visible(timeout=WAIT)
        await assert_readable(page)
