"""Money and privacy against `make dev`, with real processes over real sockets.

What one interview may cost, who may read it on this machine, and what is left after its deletion.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import httpx2
from websockets.asyncio.client import connect

from local.gemini.script import Script
from tests.e2e.conftest import Serve, serve

__all__ = ["serve"]

ANSWER = "I put a queue between the two services, and it kept every order."
FAST = Script(voice="tone", tone_seconds=0.05, speed=50, heard=(ANSWER,))


async def begin(http: httpx2.AsyncClient) -> tuple[str, str, str]:
    """Start an interview with a CV; returns its id, its token and the address of its stream."""
    answer = await http.post(
        "/api/interview/start",
        data={"skill_topic": "Message queues"},
        files={"cv_file": ("cv.txt", b"Quentin Quagmire, bell founder. " * 20, "text/plain")},
    )
    assert answer.status_code == 201, answer.text
    body = answer.json()
    return body["session_id"], body["session_token"], body["stream_url"]


async def hold(stream: str, token: str, answers: int) -> dict[str, Any]:
    """Give so many typed answers, each after a final caption of the interviewer; returns the `ended` message."""
    async with connect(stream, compression=None) as socket:
        await socket.send(json.dumps({"type": "hello", "token": token, "output": "voice"}))
        async for frame in socket:
            if isinstance(frame, bytes):
                continue
            message: dict[str, Any] = json.loads(frame)
            if message["type"] == "spoken":
                await socket.send(json.dumps({"type": "played"}))
            if message["type"] == "floor" and message["holder"] == "candidate" and answers > 0:
                answers -= 1
                await socket.send(json.dumps({"type": "text", "text": ANSWER}))
            if message["type"] == "ended":
                return message
    raise AssertionError("the stream closed before the end")


async def test_an_interview_that_has_cost_its_budget_ends_with_a_goodbye(serve: Serve) -> None:
    async with serve(FAST, INTERVIEW_DOLLARS="0.002") as url, httpx2.AsyncClient(base_url=url, timeout=60) as http:
        session_id, token, stream = await begin(http)
        ended = await asyncio.wait_for(hold(stream, token, answers=100), 120)
        assert ended["reason"] == "time_limit"
        headers = {"authorization": f"Bearer {token}"}
        record = (await http.get(f"/api/interview/{session_id}", headers=headers)).json()
        turns = (await http.get(f"/api/interview/{session_id}/transcript", headers=headers)).json()["turns"]
    assert 0.002 <= record["usage"]["dollars"] < 0.02
    assert record["usage"]["live"]["turns"] > 0
    assert "bye" in [turn["text"].lower() for turn in turns if turn["speaker"] == "interviewer"][-1]


async def test_no_other_user_of_this_machine_can_read_an_interview(serve: Serve, tmp_path: Path) -> None:
    before = os.umask(0o022)
    (tmp_path / "data").mkdir(mode=0o755)
    try:
        async with serve(FAST) as url, httpx2.AsyncClient(base_url=url, timeout=60) as http:
            session_id, _, _ = await begin(http)
            paths = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
            modes = {str(path.relative_to(tmp_path)): path.stat().st_mode & 0o777 for path in paths}
    finally:
        os.umask(before)
    assert {f"data/files/{session_id}/cv.txt", "data/interviews.db", "data/interviews.db-wal"} <= set(modes)
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}


async def test_after_a_deletion_no_byte_of_the_interview_is_on_the_disk(serve: Serve, tmp_path: Path) -> None:
    async with serve(FAST) as url, httpx2.AsyncClient(base_url=url, timeout=60) as http:
        session_id, token, _ = await begin(http)
        headers = {"authorization": f"Bearer {token}"}
        answer = await http.delete(f"/api/interview/{session_id}", headers=headers)
        assert answer.json()["backups_until"] is None, "nobody can restore it, and the receipt says so"
    kept = {path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()}
    assert kept
    for word in (b"Quentin Quagmire", b"Message queues", session_id.encode()):
        assert [str(path) for path, data in kept.items() if word in data] == []
