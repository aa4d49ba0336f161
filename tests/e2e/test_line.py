"""The page on a line that stalls, drops or is taken over, and on a device whose clock is wrong."""

import asyncio
import re

from playwright.async_api import Page, WebSocketRoute, expect

from tests.e2e.conftest import Open, Serve

AHEAD = """
const shift = 40 * 24 * 3600 * 1000;
const Real = Date;
window.Date = class extends Real {
  constructor(...given) {
    if (given.length) super(...given);
    else super(Real.now() + shift);
  }
  static now() {
    return Real.now() + shift;
  }
};
"""
"""Puts the page's clock 40 days ahead: its session would have expired ten days ago."""
WAIT = 30_000
"""Milliseconds that a busy machine may take."""


class Line:
    """The WebSocket of a page: it can be stalled, so that nothing gets through either way, and be cut."""

    def __init__(self) -> None:
        self.stalled = self.refused = False
        self._sockets: list[WebSocketRoute] = []

    async def carry(self, page: Page) -> None:
        """Have the connections of the page go through this."""
        await page.route_web_socket(re.compile("/stream"), self._connect)

    def _connect(self, page: WebSocketRoute) -> None:
        self._sockets.append(page)
        if self.refused:
            self._cut(page)
            return
        relay = page.connect_to_server()
        page.on_message(lambda frame: None if self.stalled else relay.send(frame))
        relay.on_message(lambda frame: None if self.stalled else page.send(frame))

    def cut(self) -> None:
        """Close the newest connection."""
        self._cut(self._sockets[-1])

    def _cut(self, page: WebSocketRoute) -> None:
        self._closing = asyncio.ensure_future(page.close(code=3000))


async def enter(page: Page) -> None:
    await page.get_by_label("What should we talk about?").fill("Pastry")
    await page.get_by_role("button", name="Start").click()
    await page.get_by_role("button", name="Begin and type my answers").click()
    await expect(page.get_by_text("Question 1 of about")).to_be_visible(timeout=WAIT)


async def type_answer(page: Page, text: str) -> None:
    box = page.get_by_label("Your typed answer")
    await box.fill(text)
    await box.press("Enter")


async def test_a_typed_answer_on_a_line_that_stalls_is_not_lost(serve: Serve, browse: Open) -> None:
    async with serve() as url, browse(url) as page:
        line = Line()
        await line.carry(page)
        await enter(page)
        log, answer = page.get_by_role("log"), "I laminate the dough three times."
        mine = log.locator("[data-speaker=candidate]")

        line.stalled = True
        await type_answer(page, answer)
        await expect(mine).to_have_text(re.compile(rf"{answer}.*Sending…"))

        line.stalled, line.refused = False, True
        line.cut()
        await expect(mine).to_have_text(re.compile("Not sent yet"), timeout=WAIT)
        again = page.get_by_role("button", name="Try again")
        await expect(again).to_be_visible(timeout=WAIT)

        line.refused = False
        await again.click()
        await expect(mine.and_(page.locator("[data-complete=true]"))).to_have_text(f"You{answer}", timeout=WAIT)
        await expect(page.get_by_text("Connection lost")).to_have_count(0)
        await expect(page.get_by_text("Question 2 of about")).to_be_visible(timeout=WAIT)
        await expect(mine).to_have_count(1)


async def test_a_wrong_clock_breaks_nothing_and_another_tab_brings_one_notice(serve: Serve, browse: Open) -> None:
    async with serve() as url, browse(url) as page:
        await page.add_init_script(AHEAD)
        await page.reload()
        await enter(page)
        await type_answer(page, "I laminate the dough three times.")
        confirmed = page.locator("[data-speaker=candidate][data-complete=true]")
        await expect(confirmed).to_have_count(1, timeout=WAIT)

        other = await page.context.new_page()
        await other.goto(page.url)
        await other.get_by_role("button", name=re.compile("^Return")).click()
        await expect(other.locator("[data-speaker=candidate]")).to_have_count(1, timeout=WAIT)
        notice = page.get_by_text("The interview continues in another tab")
        await expect(notice).to_be_visible(timeout=WAIT)
        await expect(page.get_by_text("took over")).to_have_count(0)
