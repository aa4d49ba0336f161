"""An interview without a microphone, against the embedded interviewer as `make dev` starts it."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import Open, Serve, assert_devices_released, eventually, results_shown, sent, write_cv


async def answer(page: Page, text: str) -> None:
    box = page.get_by_label("Your typed answer")
    await box.fill(text)
    await box.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text(text)


async def record(page: Page) -> dict[str, Any]:
    """The record of the interview that the page is in."""
    found: dict[str, Any] = await page.evaluate(
        """async () => {
            const id = location.pathname.split("/").pop();
            const { session } = JSON.parse(localStorage.getItem(`interviewer.session.${id}`));
            const headers = { authorization: `Bearer ${session.session_token}` };
            return (await fetch(`/api/interview/${id}`, { headers })).json();
        }"""
    )
    return found


async def end(page: Page) -> None:
    await page.get_by_role("button", name="End interview").click()
    await page.get_by_role("dialog").get_by_role("button", name="End and see the summary").click()


async def not_assessed(page: Page) -> None:
    """Check that an interview without answers is not assessed."""
    await expect(page.get_by_role("heading", name="Not enough to assess")).to_be_visible(timeout=30_000)
    await assert_devices_released(page)


async def test_an_interview_by_typing(serve: Serve, browse: Open, tmp_path: Path) -> None:
    cv = write_cv(tmp_path / "cv.pdf", "Ada Lovelace", "Site Reliability Engineer", "Wrote a message queue in Python")
    async with serve() as url, browse(url) as page:
        await expect(page.get_by_text("Practice interviewer.", exact=True)).to_be_visible()
        await page.get_by_label("What should we talk about?").fill("Python backend")
        await page.get_by_label("Choose your CV").set_input_files(cv)
        await page.get_by_text("Advanced", exact=True).click()
        await page.get_by_text("Read it, correct it or shorten it").click(timeout=30_000)
        await expect(page.get_by_label("Text of cv.pdf")).to_have_value(
            "Ada Lovelace\nSite Reliability Engineer\nWrote a message queue in Python"
        )
        corrected = "Augusta King\nSite Reliability Engineer\nWrote a message queue in Python"
        await page.get_by_label("Text of cv.pdf").fill(corrected)
        await page.get_by_role("button", name="Start").click()
        await page.get_by_role("button", name="Begin and type my answers").click()
        log = page.get_by_role("log")
        # The prompt has the corrected text, and so has the record.
        await expect(log).to_contain_text("Augusta", timeout=30_000)
        assert (await record(page))["cv"]["text"] == corrected
        assert await eventually(lambda: sent(page, "played"), 30), "the page reports that the greeting was played"
        await answer(page, "I built a message queue with Kafka, and it handled two thousand messages a second.")
        await expect(log).to_contain_text(re.compile("a second[.]Interviewer.*Kafka"), timeout=30_000)
        await answer(page, "We chose Kafka because we wanted to replay messages after a failure.")

        # After a reload the page offers to end the interview and see the summary.
        page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await page.reload()
        await page.get_by_role("button", name="End it and see the summary").click()
        await page.get_by_role("dialog").get_by_role("button", name="End it").click()
        await results_shown(page)
        await expect(page.get_by_role("main")).to_contain_text("to see how your answers are built")

        # A reload of the results shows them again.
        await page.reload()
        await results_shown(page)
        await expect(page.get_by_role("main")).to_contain_text("replay messages after a failure")
        for kind in ("DOCX", "TXT", "MD", "VTT", "JSON"):
            async with page.expect_download() as downloading:
                await page.get_by_role("button", name=f"Download the transcript as {kind}").click()
            download = await downloading.value
            assert download.suggested_filename.endswith(f".{kind.lower()}")
            if kind == "JSON":
                turns = json.loads(Path(await download.path()).read_text("utf-8"))["turns"]
        assert [turn["source"] for turn in turns if turn["speaker"] == "candidate"] == ["text", "text"]

        # Practising again fills in the form, and Back leads to the results.
        await page.get_by_role("button", name="Practise again").click()
        await expect(page.get_by_label("What should we talk about?")).to_have_value("Python backend")
        await expect(page.get_by_role("radio", name="Advanced")).to_be_checked()
        await expect(page.get_by_role("main")).to_contain_text("The CV from that interview, cv.pdf, is used")
        await page.go_back()

        await page.get_by_role("button", name="Delete everything").click()
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(page.get_by_role("main")).to_contain_text("Files: your CV")
    assert not list((tmp_path / "data" / "files").rglob("*.pdf"))


async def test_without_permission_for_the_microphone_one_can_type(serve: Serve, browse: Open) -> None:
    async with serve() as url, browse(url, permissions=False) as page:
        await page.get_by_label("What should we talk about?").fill("Marketing for startups")
        await page.get_by_role("button", name="Start").click()
        await page.get_by_role("button", name="Turn on the microphone").click()
        await expect(page.get_by_role("main")).to_contain_text("The microphone is blocked")
        await page.get_by_role("button", name="Begin and type my answers").click()
        await expect(page.get_by_role("log")).to_contain_text(
            "marketing for startups", ignore_case=True, timeout=30_000
        )
        await end(page)
        await not_assessed(page)


async def test_an_interview_by_keyboard_only(serve: Serve, browse: Open) -> None:
    async with serve() as url, browse(url) as page:

        async def tab_to(target: Locator) -> None:
            await expect(target).to_be_visible(timeout=30_000)
            for _ in range(60):
                await page.keyboard.press("Tab")
                if await target.evaluate("element => element === document.activeElement"):
                    return
            raise AssertionError(target)

        def button(name: str) -> Locator:
            return page.get_by_role("button", name=name, exact=True)

        await tab_to(page.get_by_label("What should we talk about?"))
        await page.keyboard.type("Pastry")
        await tab_to(button("Start"))
        await page.keyboard.press("Enter")
        await tab_to(button("Begin and type my answers"))
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("log")).to_contain_text("pastry", ignore_case=True, timeout=30_000)
        await tab_to(button("End interview"))
        await page.keyboard.press("Enter")
        await tab_to(button("End and see the summary"))
        await page.keyboard.press("Enter")
        await not_assessed(page)
