"""The results page of assessed interviews: a text model behind the SDK, and interviews in the store of `make dev`."""

import json
import re
import ssl
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import docx
import httpx2
import pytest
import trustme
from playwright.async_api import Page, expect

from contract.terms import Source
from interview.clock import now
from interview.record import Turn
from interview.store import open_store
from tests.assessor import PROVEN, TALK, Assessor, scored
from tests.e2e.conftest import Open, Serve
from tests.generate import serving

REVIEW = {
    "turn": 0,
    "answered": "You say what an index is for",
    "evidence": [{"turn": 1, "quote": "An index lets the database find rows"}],
    "stronger": "the cost of every write",
}
ASSESSOR: dict[str, Any] = {
    "questions": [REVIEW],
    "next_steps": [{"claim": "4", "step": "Read about partial indexes."}],
}
WAIT = 30_000
"""Milliseconds for what needs the server, on a busy machine."""


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """Every expectation may take as long."""
    expect.set_options(timeout=WAIT)
    yield
    expect.set_options(timeout=None)


async def held(
    url: str, database: Path, talk: Sequence[str], *, source: Source = "speech", **fields: Any
) -> dict[str, Any]:
    """An interview that has ended with this talk, as the relay would have recorded it, the answers from this source.
    Returns the page's session.
    """
    async with httpx2.AsyncClient(base_url=url, timeout=60) as client:
        answer = await client.post("/api/interview/start", json={"skill_topic": "SQL", **fields})
    assert answer.status_code == 201, answer.text
    session = {"skill_topic": "SQL", "level": "intermediate", "language": "en-US", **answer.json()}
    store = open_store(f"sqlite:///{database}")
    try:
        session_id, began = session["session_id"], now()
        await store.claim(session_id, began)
        for number, text in enumerate(talk):
            at = began + timedelta(seconds=20 * number)
            speaker: Any = "candidate" if number % 2 else "interviewer"
            turn = Turn(
                number, speaker, text, at, at + timedelta(seconds=15), source=source if number % 2 else "speech"
            )
            await store.save_turn(session_id, 1, turn)
        await store.end(session_id, "interviewer", began, 1)
    finally:
        await store.close()
    return session


async def remember(page: Page, *sessions: dict[str, Any], heading: str = "Your competencies") -> None:
    """Store the sessions in the browser, as the page does when an interview begins, and open the last one's results,
    which have this heading.
    """
    for session in sessions:
        stored = {"session": session, "kept_at": now().isoformat(), "ended": True}
        await page.evaluate(
            "([key, stored]) => localStorage.setItem(key, stored)",
            [f"interviewer.session.{session['session_id']}", json.dumps(stored)],
        )
    await page.goto(urljoin(page.url, f"/results/{sessions[-1]['session_id']}"))
    await expect(page.get_by_role("heading", name=heading)).to_be_visible()


async def downloaded(page: Page, means: str) -> Path:
    async with page.expect_download(timeout=WAIT) as expected:
        await page.get_by_role("button", name=re.compile(f"Download the report as .*{means}")).click()
    return Path(await (await expected.value).path())


async def test_the_results_of_an_assessed_interview_and_of_its_retake(
    serve: Serve, browse: Open, tmp_path: Path
) -> None:
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(tmp_path / "assessor.pem")
    database = tmp_path / "data" / "interviews.db"
    assessor = Assessor(scores=scored(3), **ASSESSOR)
    async with serving(assessor, tls=tls) as model:
        settings = {
            "GEMINI_API_KEY": "a-key",
            "GEMINI_BASE_URL": model.base_url,
            "GEMINI_CA_FILE": str(tmp_path / "assessor.pem"),
        }
        async with serve(**settings) as url, browse(url) as page:
            first = await held(url, database, TALK)
            await remember(page, first)
            await _shows_the_assessment(page)
            await _shows_a_sketch(page)
            await _can_be_corrected(page)
            await _can_be_downloaded(page)
            assessor.scores = scored(5)
            again = {"retake_session_id": first["session_id"], "retake_token": first["session_token"]}
            await remember(page, first, await held(url, database, TALK, **again))
            await _compares_with_the_earlier_one(page)
            await page.get_by_role("button", name="Practise again").click()
            await expect(page).to_have_url(re.compile(r"/(check)?$"))


async def _shows_the_assessment(page: Page) -> None:
    competencies = page.get_by_role("region", name="Your competencies")
    indexing = competencies.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Indexing"))
    await expect(indexing).to_contain_text("Explains what an index does and what it costs.")
    await expect(indexing).to_contain_text("3 of 5")
    await expect(indexing).to_contain_text("You explain what an index is for")
    modelling = competencies.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Modelling"))
    await expect(modelling).to_contain_text("Your answers don't show enough of this to score it.")
    question = page.get_by_role("region", name="Question by question").get_by_role("listitem").first
    await expect(question).to_contain_text("What is an index for?")
    await expect(question).to_contain_text("You say what an index is for")
    await expect(question).to_contain_text("A stronger answer would have added: the cost of every write")
    steps = page.get_by_role("region", name="Next steps")
    await expect(steps).to_contain_text("Read about partial indexes.")
    await expect(steps).to_contain_text("Because of this: Not mentioned: partial indexes")


async def _shows_a_sketch(page: Page) -> None:
    await page.get_by_role(
        "button", name="Show a sketch of a good answer: Hello, I am Iris. What is an index for?"
    ).click()
    sketch = page.get_by_role("status").filter(has_text="A sketch of a good answer")
    sample = "A sample answer, not one that was given: Say what it is for, and then what it costs."
    await expect(sketch).to_contain_text(sample)


async def _can_be_corrected(page: Page) -> None:
    await page.get_by_role("button", name="Correct my words").click()
    box = page.get_by_label("I said:").nth(1)
    await box.fill(TALK[3].replace("costs space", "costs disk space"))
    await page.get_by_role("button", name="Review and send").click()
    await page.get_by_role("button", name="Send them").click()
    await expect(page.get_by_text("You have corrected this transcript.")).to_be_visible()
    await expect(page.get_by_text("1 answer counted as you corrected it.")).to_be_visible()
    quoted = page.get_by_role("blockquote").filter(has_text="every write has to maintain it").first
    await expect(quoted).to_contain_text("corrected by you")


async def _can_be_downloaded(page: Page) -> None:
    sentences = [PROVEN[0]["sentence"], "Read about partial indexes.", "It costs disk space"]
    markdown = (await downloaded(page, "Markdown")).read_text("utf-8")
    document = docx.Document(str(await downloaded(page, "Word")))
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    word = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *tables])
    data = (await downloaded(page, "data")).read_text("utf-8")
    for text in (markdown, word, data):
        assert [sentence for sentence in sentences if sentence not in text] == []
    assert [one["key"] for one in json.loads(data)["summary"]["competencies"]][:1] == ["indexing"]


async def _compares_with_the_earlier_one(page: Page) -> None:
    comparison = page.get_by_role("region", name="Since your earlier interview")
    costs = comparison.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Queries"))
    await expect(costs).to_contain_text("Higher")
    await expect(costs.get_by_role("blockquote")).to_have_text(["“every write has to maintain it”"] * 2)
    modelling = comparison.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Modelling"))
    await expect(modelling).to_contain_text("Not comparable")
