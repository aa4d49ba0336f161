"""The functions with the embedded text model, as in `make dev`: TLS, its own CA and rules."""

from pathlib import Path
from typing import Any

import pytest

from local.gemini import Script, embedded
from tests import assessor
from tests.functions.service import serving_functions

TALK = (
    "Hello, I am Iris. What did you last build with SQL?",
    "We moved twelve reports to Postgres because the old system took forty minutes, and I designed the new schema.",
    "What would you do differently?",
    "In hindsight I learned to measure first, and now I test every index on a copy instead of guessing.",
    "And what came of it in the end?",
    "Because of that the reports now take two minutes, and nobody has asked for the old ones since we deleted them.",
    "Thank you. Goodbye.",
)


async def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *talk: str) -> dict[str, Any]:
    """The summary that the embedded rules write of this talk."""
    async with embedded(Script(voice="tone", heard=())) as gemini:
        env = {"GEMINI_BASE_URL": gemini.base_url, "GEMINI_CA_FILE": str(gemini.ca_file)}
        async with serving_functions(tmp_path, monkeypatch, **env) as service:
            session_id, headers = await service.begin()
            await service.talk(session_id, *talk)
            answer = await service.end.post(f"/api/interview/{session_id}/end", headers=headers)
    assert answer.status_code == 200, answer.text
    summary: dict[str, Any] = answer.json()["summary"]
    return summary


async def test_what_no_answer_has_is_named_and_nothing_is_praised_and_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = await described(tmp_path, monkeypatch, *assessor.TALK)
    points = {name: [one["point"] for one in summary[name]] for name in ("strengths", "improvements")}
    assert points == {
        "strengths": ["You give reasons or weigh one way against another"],
        "improvements": [
            "You keep answers short, without an example",
            "Not mentioned: numbers, such as sizes, times or results",
            "Not mentioned: a concrete story of what was done, and by whom",
            "Not mentioned: what was learned and would be done differently",
        ],
    }
    quotes = [one["quote"] for name in points for point in summary[name] for one in point["evidence"]]
    assert len(quotes) == len(set(quotes))
    assert summary["claims_dropped"] == 0


async def test_the_embedded_rules_describe_and_give_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = await described(tmp_path, monkeypatch, *TALK)
    assert (summary["assessed"], summary["not_assessed"], summary["verdict"]) == (
        False,
        "rules",
        "insufficient_evidence",
    )
    assert summary["competencies"] == []
    assert summary["written_by"] == "embedded-rules"
    assert summary["performance_summary"].count("simple rules") == 1
    assert summary["quotes_checked"] > 0
    assert (summary["quotes_dropped"], summary["claims_dropped"]) == (0, 0)
    quoted = {evidence["turn"] for point in summary["strengths"] for evidence in point["evidence"]}
    assert quoted == {1, 3, 5}
