"""Records of an older version, without the fields that came later, over HTTP."""

import json
import sqlite3
from typing import Any

import pytest

from tests.assessor import TALK, Assessor
from tests.functions.end.test_main import held
from tests.functions.service import Service

OLD_FIELDS = {
    "skill_topic", "level", "language", "status", "token_sha256", "prompt", "max_duration_seconds", "created_at",
    "expires_at", "job_description", "cv", "started_at", "ended_at", "ended_reason", "duration_seconds", "live",
    "summary",
}  # fmt: skip
OLD_TURN = {"speaker", "text", "started_at", "ended_at", "interrupted", "expires_at"}
OLD_SUMMARY: dict[str, Any] = {
    "performance_summary": "Fine.",
    "strengths": [{"point": "Knows indexes", "evidence": [{"turn": 1, "quote": "An index lets"}]}],
    "improvements": [{"point": "Says little", "evidence": []}],
    "recommendation": "Meet them.",
    "verdict": "yes",
    "assessed": True,
    "written_by": "a-model-000",
    "quotes_checked": 1,
    "quotes_dropped": 0,
}


def age(service: Service, session_id: str, **fields: Any) -> None:
    """Make the record what an older version would have written."""
    with sqlite3.connect(service.folder.parent / "interviews.db") as connection:
        (text,) = connection.execute("SELECT document FROM interviews WHERE session_id = ?", (session_id,)).fetchone()
        document = {name: value for name, value in json.loads(text).items() if name in OLD_FIELDS} | fields
        connection.execute(
            "UPDATE interviews SET document = ? WHERE session_id = ?", (json.dumps(document), session_id)
        )
        rows = connection.execute("SELECT number, document FROM turns WHERE session_id = ?", (session_id,)).fetchall()
        for number, text in rows:
            turn = {name: value for name, value in json.loads(text).items() if name in OLD_TURN}
            connection.execute(
                "UPDATE turns SET document = ? WHERE session_id = ? AND number = ?",
                (json.dumps(turn), session_id, number),
            )
    connection.close()


@pytest.mark.parametrize("summary", [OLD_SUMMARY, None])
async def test_an_older_record_is_read_ended_and_corrected(service: Service, summary: Any) -> None:
    path, headers = await held(service)
    session_id = path.rpartition("/")[2]
    assert (await service.end.post(f"{path}/end", headers=headers)).status_code == 200
    age(service, session_id, status="completed" if summary else "ended", summary=summary)
    service.model.replies = [Assessor()]

    record = (await service.end.get(path, headers=headers)).json()
    assert (record["summary"] is None) == (summary is None)
    for name in ("md", "docx", "json"):
        report = await service.end.get(f"{path}/report", params={"format": name}, headers=headers)
        assert report.status_code == 200, report.text
        if name == "md" and summary:
            assert "Knows indexes" in report.text
            assert "Strengths" in report.text
            assert "Looked up in the transcript: 1 quote of the model. Left out: 0 quotes." in report.text
    for name in ("json", "txt", "md", "vtt", "docx"):
        answer = await service.end.get(f"{path}/transcript", params={"format": name}, headers=headers)
        assert answer.status_code == 200, answer.text
    ended = await service.end.post(f"{path}/end", headers=headers)
    assert ended.status_code == 200
    assert ended.json()["summary"]["strengths"]
    corrected = await service.end.post(
        f"{path}/corrections",
        json={"corrections": [{"turn": 1, "text": TALK[1].replace("An", "The")}]},
        headers=headers,
    )
    assert corrected.status_code == 200
    again = await service.end.post(f"{path}/end", headers=headers)
    assert again.json()["summary"]["corrected"] == [1]
