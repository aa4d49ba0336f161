"""The set-up's choices in a real browser: a CV is not forgotten, and what is chosen reaches the interview."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import Open, Process, write_cv
from tests.e2e.test_typing import answer, end, record
from tests.ports import free_port


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`make dev`, one for all tests of this file, whose own length is twelve minutes."""
    folder = tmp_path_factory.mktemp("choices")
    port, relay_port = free_port(), free_port()
    environ = {
        "PORT": str(port),
        "RELAY_PORT": str(relay_port),
        "DATA_DIR": str(folder / "data"),
        "INTERVIEW_MINUTES": "12",
    }
    dev = Process("local.dev", environ=environ, log=folder / "dev.log")
    try:
        yield asyncio.run(dev.line("Ready:"))
    finally:
        dev.stop()


async def drop(page: Page, file: Path) -> None:
    """Drop a file on the top left corner of the page, as from the desktop."""
    devtools = await page.context.new_cdp_session(page)
    data: dict[str, Any] = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        await devtools.send("Input.dispatchDragEvent", {"type": kind, "x": 4, "y": 4, "data": data})


async def choose(page: Page, label: str, option: str) -> None:
    await page.get_by_label(label, exact=True).select_option(option)


async def test_a_cv_is_not_forgotten(site: str, browse: Open, tmp_path: Path) -> None:
    cv = write_cv(tmp_path / "cv.pdf", "Ada Lovelace", "Wrote a message queue in Python")
    fake = tmp_path / "fake.pdf"
    fake.write_bytes(b"\x00\x01 no PDF at all \xff" * 50)
    refused = re.compile("422")  # the browser logs the refusal itself
    async with browse(site, expected=refused) as page:
        expect.set_options(timeout=30_000)
        await page.get_by_label("What should we talk about?").fill("Python backend")
        await page.get_by_label("Choose your CV").set_input_files(fake)
        await expect(page.get_by_role("alert").filter(has_text=re.compile(r"\w"))).to_be_visible()
        await page.get_by_role("button", name="Start").click()
        dialog = page.get_by_role("dialog", name="Go on without a CV?")
        await dialog.get_by_role("button", name="Choose a CV").click()

        # A file that is dropped beside the zone is taken, and the page stays.
        await drop(page, cv)
        await expect(page.get_by_text("Read it, correct it or shorten it")).to_be_visible()
        await expect(page.get_by_label("What should we talk about?")).to_have_value("Python backend")
        await page.get_by_role("button", name="Start").click()
        await expect(page.get_by_text("CV: cv.pdf, Intermediate, English (United States), 12 minutes")).to_be_visible()
        await drop(page, cv)
        await page.get_by_role("link", name="change").click()
        await expect(page.get_by_text("Read it, correct it or shorten it")).to_be_visible()

        # A reload loses the file; the page says which one it was.
        await page.reload()
        await expect(page.get_by_text("Choose your CV again")).to_be_visible()
        await expect(page.get_by_text("cv.pdf", exact=True)).to_be_visible()
        await page.get_by_role("button", name="Start").click()
        await dialog.get_by_role("button", name="Go on without a CV").click()
        await expect(page).to_have_url(re.compile("/check$"))


async def test_choices_reach_the_interview_and_a_question_is_practised_alone(site: str, browse: Open) -> None:
    async with browse(site) as page:
        expect.set_options(timeout=30_000)
        await page.get_by_label("What should we talk about?").fill("Python backend")
        await page.get_by_text("Length, voice and pace").click()
        await expect(page.get_by_text("The practice interviewer has only one voice.")).to_be_visible()
        await page.get_by_role("button", name="Hear it").click()
        await page.get_by_role("button", name="Stop").click()
        await choose(page, "Length", "10")
        await choose(page, "Pace", "slow")
        await choose(page, "Extra time", "1.5")
        await page.get_by_role("button", name="Start").click()
        await expect(page.get_by_text("15 minutes with extra time, slower speech, change")).to_be_visible()
        await page.get_by_role("button", name="Begin and type my answers").click()
        await expect(page.get_by_role("log")).to_contain_text("?")
        kept = await record(page)
        chosen = {name: kept[name] for name in ("max_duration_seconds", "speech_rate", "extra_time")}
        assert chosen == {"max_duration_seconds": 900, "speech_rate": "slow", "extra_time": 1.5}
        await answer(page, "I have built a payment service in Python, with a queue and a retry for each call.")
        await end(page)

        await page.get_by_role("button", name="Practise this question again (3 minutes)").first.click()
        await expect(page.get_by_text("one question, Intermediate")).to_be_visible()
        await expect(page.get_by_text(re.compile("^One question: .+"))).to_be_visible()
        await page.get_by_role("button", name="Begin and type my answers").click()
        await expect(page.get_by_role("log")).to_contain_text("Let's practise one question.")
        practised = await record(page)
        assert practised["retake_of"] == kept["session_id"]
        assert practised["max_duration_seconds"] == 270, "three minutes, with the extra time"
        await expect(page.get_by_role("log")).to_contain_text(practised["question"])
        await expect(page.get_by_text(re.compile("of about"))).to_have_count(0)
        await end(page)
        await expect(page.get_by_role("heading", name="Not enough to assess")).to_be_visible()

        # The next interview begins with the same choices.
        await page.goto(site)
        await expect(page.get_by_text("15 minutes, slower speech, extra time")).to_be_visible()
        asked = re.compile(f"^One question: .*{re.escape(practised['question'])}")
        await expect(page.get_by_role("link", name=asked)).to_be_visible()
        await expect(page.get_by_role("link", name=re.compile("^Python backend"))).to_be_visible()
