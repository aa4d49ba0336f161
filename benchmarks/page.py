"""What the first page costs a phone: time to its largest paint, layout shift and bytes.

`npm --prefix web run build`, then `python -m benchmarks.page [ROUNDS]`. It serves the deployed build as `make dev` does
(gzip; Hosting has Brotli), and opens it in Chromium with Lighthouse's slow 4G: 1.6 Mbit/s down, 750 kbit/s up,
150 ms, a processor four times slower (core/config/constants.js in github.com/GoogleChrome/lighthouse). Each round is a
browser without a cache. On a busy machine only the fastest round says something.
"""

import asyncio
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median
from typing import Any, Final

import uvicorn
from playwright.async_api import Browser, async_playwright

from interview.settings import load
from local.web import ROOT, build

DIST: Final = ROOT / "web" / "dist"
ROUNDS: Final = 5
SLOW_4G: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * 1024 * 1024 / 8,
    "uploadThroughput": 750 * 1024 / 8,
}
SLOWER: Final = 4
PHONE: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WATCH: Final = """
window.paint = 0;
window.shift = 0;
const watch = (type, note) =>
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
watch("largest-contentful-paint", ({ startTime }) => { window.paint = startTime; });
watch("layout-shift", ({ value, hadRecentInput }) => { if (!hadRecentInput) window.shift += value; });
"""


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """The deployed build on a free port."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listening:
        app = build(load({"DATA_DIR": folder}), DIST)
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning"))
        task = asyncio.create_task(server.serve([listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        server.should_exit = True
        await task


async def visit(browser: Browser, url: str) -> tuple[float, float, float]:
    """Milliseconds to the largest paint, cumulative layout shift, and bytes of one first visit."""
    context = await browser.new_context(**PHONE)
    await context.add_init_script(WATCH)
    page = await context.new_page()
    network = await context.new_cdp_session(page)
    await network.send("Network.enable")
    await network.send("Network.emulateNetworkConditions", SLOW_4G)
    await network.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await page.goto(url, wait_until="networkidle")
    await page.evaluate("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    await page.wait_for_function("() => window.paint > 0")
    paint, shift = await page.evaluate("() => [window.paint, window.shift]")
    await context.close()
    return paint, shift, sum(sizes)


async def main(rounds: int) -> None:
    """Print the fastest and the median round."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    async with serving() as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        found = [await visit(browser, url) for _ in range(rounds)]
        await browser.close()
    paints, shifts, sizes = zip(*found, strict=True)
    print(f"largest paint   {min(paints):.0f} ms at best, {median(paints):.0f} ms median of {rounds}")
    print(f"layout shift    {max(shifts):.4f} at most")
    print(f"transferred     {max(sizes) / 1000:.0f} kB")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
