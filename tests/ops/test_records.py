"""What an operator reads of all interviews: failures by cause, and exports, from both stores."""

import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from interview.record import Interview, Live, Turn, Writing
from interview.store import open_store
from ops import records
from ops.failure import CommandFailed
from tests.emulators import firestore_emulator

__all__ = ["firestore_emulator"]

NOW = datetime.now(UTC)
READY = Interview(
    session_id="",
    skill_topic="SQL",
    level="intermediate",
    language="en-US",
    status="ready",
    token_sha256="a-hash-of-a-token",
    prompt="a-long-prompt",
    max_duration_seconds=1500,
    created_at=NOW - timedelta(hours=1),
    expires_at=NOW + timedelta(days=30),
)
ALL = (
    replace(READY, session_id="a-good-one", status="completed", ended_reason="candidate", ended_at=NOW),
    replace(READY, session_id="abandoned-1", status="abandoned"),
    replace(READY, session_id="abandoned-2", status="abandoned", created_at=NOW),
    replace(READY, session_id="failed-1", status="failed", ended_reason="failed", ended_at=NOW),
    replace(READY, session_id="unassessed", status="ended", writing=Writing(3, "model_quota"), ended_at=NOW),
    replace(READY, session_id="long-ago", status="abandoned", created_at=NOW - timedelta(days=20)),
    replace(READY, session_id="expired", status="abandoned", expires_at=NOW - timedelta(seconds=1)),
)


@pytest.fixture(params=["sqlite", "firestore"])
async def address(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """A store with these interviews, one of which has a turn."""
    if request.param == "firestore":
        emulator: str = request.getfixturevalue("firestore_emulator")
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", emulator)
        place = f"firestore://test-{secrets.token_hex(4)}/interviewer-production"
    else:
        place = f"sqlite:///{tmp_path}/i.db"
    store = open_store(place)
    try:
        for interview in ALL:
            await store.create(interview)
        live = replace(READY, session_id="with-turns", live=Live(resumption_handle="a-secret-handle"))
        await store.create(live)
        claimed = await store.claim("with-turns", NOW)
        turn = Turn(0, "interviewer", "Hello.", NOW, NOW)
        await store.save_turn("with-turns", claimed.live.epoch, turn)
        yield place
    finally:
        await store.close()


async def test_failures_are_listed_by_cause_with_their_ids(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "PAGE", 2)
    lines = await records.failures(address, 7, NOW)
    assert lines[0] == "4 of 6 interviews in 7 days went wrong"
    assert [line.split()[-1] for line in lines[1:]] == [
        "abandoned",
        "abandoned-2",
        "abandoned-1",
        "failed",
        "failed-1",
        "model_quota",
        "unassessed",
    ]
    assert "5 of 7 interviews in 30 days" in (await records.failures(address, 30, NOW))[0]


async def test_an_export_has_the_record_and_its_turns_and_no_secret(address: str) -> None:
    (line,) = [line async for line in records.export(address, ["with-turns"])]
    record = json.loads(line)
    assert (record["session_id"], record["skill_topic"]) == ("with-turns", "SQL")
    assert [(turn["number"], turn["text"]) for turn in record["turns"]] == [(0, "Hello.")]
    for secret in ("a-hash-of-a-token", "a-secret-handle", "a-long-prompt"):
        assert secret not in line.decode()
    everything = [json.loads(line)["session_id"] async for line in records.export(address, [])]
    assert sorted(everything) == sorted({one.session_id for one in ALL} - {"expired"} | {"with-turns"})


async def test_an_unknown_interview_is_named(address: str) -> None:
    with pytest.raises(CommandFailed, match="there is no such interview; it may have expired"):
        [line async for line in records.export(address, ["nobody"])]


async def test_a_store_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=r"none\.db can't be read"):
        await records.failures(f"sqlite:///{tmp_path}/none.db", 7, NOW)
