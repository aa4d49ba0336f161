"""The budget of an interview at the socket: Gemini reports its tokens, and their cost ends the interview."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interview.usage import LiveUsage, Usage
from relay.talk import directions
from tests.relay.conftest import Build
from tests.relay.puppet import Connection, puppet, ready
from tests.relay.test_line import GREETING, Line, dial, tone

MILLION = {
    "promptTokenCount": 1_000_000,
    "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 1_000_000}],
    "responseTokenCount": 0,
}
"""Three dollars."""


async def turn(connection: Connection, text: str, usage: dict[str, Any]) -> None:
    await connection.turn(text, tone(0.2), complete=False)
    await connection.send({"serverContent": {"turnComplete": True}, "usageMetadata": usage})


async def interview(connection: Connection, usage: dict[str, Any]) -> None:
    """A greeting and a reply, each with this usage; after a direction to say goodbye, a goodbye and the end."""
    await ready(connection)
    await connection.asked()
    await turn(connection, GREETING, usage)
    await connection.told("I built a queue.")
    await turn(connection, "Why a queue?", usage)
    await connection.told(directions.GOODBYE)
    await connection.turn("Thank you, Ada. Goodbye!", tone(0.2), complete=False)
    await connection.call("time_up")


async def test_an_interview_over_its_budget_ends_with_a_goodbye(
    tmp_path: Path, build: Build, capsys: pytest.CaptureFixture[str]
) -> None:
    async def script(connection: Connection) -> None:
        await interview(connection, MILLION)

    async with puppet(tmp_path, script) as service:
        running = await build(gemini=service.gemini, budget=5)
        record = await running.interview()
        async with dial(running, record) as candidate:
            line = Line(running, service, record, candidate)
            await line.seen("caption", turn=0, final=True)
            await candidate.send("text", text="I built a queue.")
            assert (await line.seen("ended"))["reason"] == "time_limit"
            assert candidate.said("interviewer")[-1] == "Thank you, Ada. Goodbye!"
    assert service.failures == []
    await running.gone()
    kept = await running.store.get(record.session_id)
    assert (kept.ended_reason, kept.usage.live.prompt_audio) == ("time_limit", 2_000_000)
    logged = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    (used,) = [row for row in logged if row["message"] == "interview_usage"]
    assert (used["part"], used["prompt_audio"]) == ("live", 2_000_000)
    assert used["dollars"] == pytest.approx(6, abs=0.01)


@pytest.mark.parametrize("budget", [0, 7])
async def test_an_interview_within_its_budget_goes_on(tmp_path: Path, build: Build, budget: float) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.asked()
        await turn(connection, GREETING, MILLION)
        await connection.told("I built a queue.")
        await turn(connection, "Why a queue?", MILLION)
        await connection.told("It was simple.")

    async with puppet(tmp_path, script) as service:
        running = await build(gemini=service.gemini, budget=budget)
        record = await running.interview()
        async with dial(running, record) as candidate:
            line = Line(running, service, record, candidate)
            await line.seen("caption", turn=0, final=True)
            await candidate.send("text", text="I built a queue.")
            await line.seen("caption", turn=2, final=True)
            await candidate.send("text", text="It was simple.")
            connection = await service.connected(0)
            await connection.told("It was simple.")
            assert directions.GOODBYE not in connection.texts
            await candidate.send("end")
            await line.seen("ended", reason="candidate")


async def test_an_interview_that_comes_back_over_its_budget_ends_with_a_goodbye(tmp_path: Path, build: Build) -> None:
    async def script(connection: Connection) -> None:
        await ready(connection)
        await connection.told(directions.GOODBYE)
        await connection.turn("Thank you, Ada. Goodbye!", tone(0.2), complete=False)
        await connection.call("time_up")

    async with puppet(tmp_path, script) as service:
        running = await build(gemini=service.gemini, budget=5)
        record = await running.interview(usage=Usage(live=LiveUsage(turns=9, prompt_audio=2_000_000)))
        async with dial(running, replace(record)) as candidate:
            line = Line(running, service, record, candidate)
            assert (await line.seen("ended"))["reason"] == "time_limit"
