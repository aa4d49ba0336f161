"""Interviews and turns for tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from interview.record import Interview, Turn

BEGAN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def an_interview(**changes: Any) -> Interview:
    """An interview of ten minutes that has ended."""
    interview = Interview(
        session_id="0" * 32,
        skill_topic="SQL",
        level="intermediate",
        language="en-US",
        status="ended",
        token_sha256="",
        prompt="",
        max_duration_seconds=1500,
        created_at=BEGAN - timedelta(minutes=1),
        expires_at=BEGAN + timedelta(days=30),
        started_at=BEGAN,
        ended_at=BEGAN + timedelta(minutes=10),
        ended_reason="candidate",
        duration_seconds=600,
    )
    return replace(interview, **changes)


def turns(*texts: str, apart: int = 10, **changes: Any) -> list[Turn]:
    """Alternating turns, the interviewer's first, ten seconds apart by default and eight seconds long."""
    return [
        Turn(
            number=number,
            speaker="candidate" if number % 2 else "interviewer",
            text=text,
            started_at=BEGAN + timedelta(seconds=apart * number),
            ended_at=BEGAN + timedelta(seconds=apart * number + 8),
            **changes,
        )
        for number, text in enumerate(texts)
    ]
