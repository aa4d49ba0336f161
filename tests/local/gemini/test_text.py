"""generateContent through the SDK."""

import json
import re
from dataclasses import replace

import pytest
from google.genai import Client, errors, types
from pydantic import BaseModel

from interview.assessment.draft import DESCRIPTION
from local.gemini import TextScript
from tests.local.gemini.conftest import TONES, Start, client

ANSWERS = {
    1: "I am Jane and I built a booking service with Django that handled two thousand orders a day for three years.",
    3: "We chose Postgres because the reports needed joins, even though MongoDB would have been quicker to start with.",
    5: "I don't know, I have never used Kafka.",
    7: "I once deleted a staging table, and I learned to test a restore every month instead of only taking backups.",
    9: "I measured it: the slowest query went from nine seconds to half a second after I added one index to the table.",
}
PROMPT = "Level: intermediate\n\n<topic>\nPython backend\n</topic>\n\n<transcript>\n" + "\n".join(
    f"[turn {number}] candidate: {ANSWERS[number]}"
    if number in ANSWERS
    else f"[turn {number}] interviewer: What about it?"
    for number in range(11)
)


class Evidence(BaseModel):
    turn: int
    quote: str


class Point(BaseModel):
    point: str
    evidence: list[Evidence]


class Summary(BaseModel):
    performance_summary: str
    strengths: list[Point]
    improvements: list[Point]
    recommendation: str
    confidence: float | None


async def ask(gemini: Client, contents: object = PROMPT, **config: object) -> types.GenerateContentResponse:
    return await gemini.aio.models.generate_content(
        model="gemini-3.8-flash",
        contents=contents,  # type: ignore[arg-type]
        config=types.GenerateContentConfig(response_mime_type="application/json", **config),  # type: ignore[arg-type]
    )


async def test_the_summary_says_that_rules_wrote_it_and_quotes_word_for_word(start: Start) -> None:
    async with client(await start()).aio as gemini:
        answer = await gemini.models.generate_content(
            model="gemini-3.8-flash",
            contents=PROMPT,
            config=types.GenerateContentConfig(response_schema=Summary, response_mime_type="application/json"),
        )
    summary = answer.parsed
    assert isinstance(summary, Summary)
    assert summary.performance_summary.startswith("This summary was written by simple rules")
    assert answer.model_version == "embedded-rules"
    assert "Python backend" in summary.performance_summary
    quotes = [one for point in summary.strengths + summary.improvements for one in point.evidence]
    assert len(quotes) >= 4
    assert all(one.quote in ANSWERS[one.turn] for one in quotes)
    assert any(one.turn == 5 for point in summary.improvements for one in point.evidence)


@pytest.mark.parametrize("way", ["response_schema", "response_json_schema"])
async def test_the_projects_own_schema_is_filled(start: Start, way: str) -> None:
    plain = re.sub('"(OBJECT|ARRAY|STRING|INTEGER)"', lambda found: found.group().lower(), json.dumps(DESCRIPTION))
    schema = DESCRIPTION if way == "response_schema" else json.loads(plain)
    async with client(await start()).aio as gemini:
        answer = await gemini.models.generate_content(
            model="gemini-3.8-flash",
            contents=PROMPT,
            config={way: schema, "response_mime_type": "application/json"},  # type: ignore[arg-type]
        )
    summary = json.loads(answer.text or "")
    assert set(summary) == set(DESCRIPTION["properties"])
    assert [point for name in summary for point in summary[name] if point["evidence"]]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_failures_on_demand_end_when_the_script_says(start: Start, status: int) -> None:
    script = replace(TONES, text=TextScript(status=status, failures=1))
    server = await start(script)
    gemini = client(server)
    with pytest.raises(errors.APIError) as failed:
        await ask(gemini)
    assert failed.value.code == status
    assert (await ask(gemini)).text
    assert len(server.received.requests) == 2
    await gemini.aio.aclose()


async def test_answers_that_are_cut_blocked_or_empty(start: Start) -> None:
    for script, reason in (
        (TextScript(finish="MAX_TOKENS"), "MAX_TOKENS"),
        (TextScript(finish="SAFETY"), "SAFETY"),
        (TextScript(body="{not json"), "STOP"),
    ):
        async with client(await start(replace(TONES, text=script))).aio as gemini:
            answer = await gemini.models.generate_content(
                model="gemini-3.8-flash",
                contents=PROMPT,
                config=types.GenerateContentConfig(response_schema=Summary, response_mime_type="application/json"),
            )
        assert answer.parsed is None
        assert answer.candidates is not None
        assert answer.candidates[0].finish_reason == reason
    async with client(await start(replace(TONES, text=TextScript(blocked="PROHIBITED_CONTENT")))).aio as gemini:
        blocked = await gemini.models.generate_content(model="gemini-3.8-flash", contents=PROMPT)
    assert blocked.candidates is None
    assert blocked.prompt_feedback is not None
    assert blocked.prompt_feedback.block_reason == "PROHIBITED_CONTENT"


async def test_a_scanned_pdf_is_honestly_refused(start: Start) -> None:
    scan = types.Part.from_bytes(data=b"%PDF-1.7", mime_type="application/pdf")
    async with client(await start()).aio as gemini:
        with pytest.raises(errors.ClientError, match="no model that reads images") as refused:
            await gemini.models.generate_content(model="gemini-3.8-flash", contents=scan)
    assert refused.value.code == 400


async def test_wrong_keys_and_models_are_refused_as_google_does(start: Start) -> None:
    server = await start(replace(TONES, api_key="right"))
    async with client(server, key="wrong").aio as gemini:
        with pytest.raises(errors.ClientError, match="API_KEY_INVALID") as refused:
            await gemini.models.generate_content(model="gemini-3.8-flash", contents="Hello")
    assert refused.value.code == 400
    async with client(server, key="right").aio as gemini:
        with pytest.raises(errors.ClientError) as unknown:
            await gemini.models.generate_content(model="made-up", contents="Hello")
    assert unknown.value.code == 404
