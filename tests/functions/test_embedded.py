"""The functions with the embedded text model, as in `make dev`: TLS, its own CA and rules."""

from pathlib import Path

import pytest

from local.gemini import Script, embedded
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


async def test_the_embedded_rules_describe_and_give_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with embedded(Script(voice="tone", heard=())) as gemini:
        env = {"GEMINI_BASE_URL": gemini.base_url, "GEMINI_CA_FILE": str(gemini.ca_file)}
        async with serving_functions(tmp_path, monkeypatch, **env) as service:
            session_id, headers = await service.begin()
            await service.talk(session_id, *TALK)
            answer = await service.end.post(f"/api/interview/{session_id}/end", headers=headers)
    assert answer.status_code == 200, answer.text
    summary = answer.json()["summary"]
    assert (summary["assessed"], summary["not_assessed"], summary["verdict"]) == (
        False,
        "rules",
        "insufficient_evidence",
    )
    assert summary["competencies"] == []
    assert summary["written_by"] == "embedded-rules"
    assert "simple rules" in summary["performance_summary"]
    assert summary["quotes_checked"] > 0
    assert (summary["quotes_dropped"], summary["claims_dropped"]) == (0, 0)
    quoted = {evidence["turn"] for point in summary["strengths"] for evidence in point["evidence"]}
    assert quoted == {1, 3, 5}
