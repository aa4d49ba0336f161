"""Relays in several regions, one of which does not answer: the page measures, and connects to the other."""

import re

from playwright.async_api import expect

from tests.e2e.conftest import Open, Serve
from tests.ports import free_port


async def test_the_page_connects_to_the_relay_that_answers(serve: Serve, browse: Open) -> None:
    away, here = free_port(), free_port()
    urls = f"ws://127.0.0.1:{away},ws://localhost:{here}"
    refused = re.compile("ERR_CONNECTION_REFUSED")
    async with serve(RELAY_PORT=str(here), RELAY_URL=urls) as url, browse(url, expected=refused) as page:
        await page.get_by_label("What should we talk about?").fill("Pastry")
        await page.get_by_role("button", name="Start").click()
        await page.get_by_role("button", name="Begin and type my answers").click()
        await expect(page.get_by_role("log")).to_contain_text("pastry", ignore_case=True, timeout=30_000)
        dialled = await page.evaluate("() => performance.getEntriesByType('resource').map((entry) => entry.name)")
        measured = [name for name in dialled if name.endswith("/health")]
        assert len([name for name in measured if name == f"http://localhost:{here}/health"]) == 3
        kept = await page.evaluate("() => Object.values(localStorage).join()")
        assert f'"stream_url":"ws://localhost:{here}/' in kept
