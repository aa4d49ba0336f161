"""Records to store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from interview.record import Avatar, Cv, Interview, OutputChange, Turn
from interview.report import Evidence, Finding, Summary

NOW = datetime.now(UTC).replace(hour=12, microsecond=123457)
"""About noon: an hour later it is still the same day."""

SUMMARY = Summary(
    performance_summary="Knows what a mutex is for.",
    strengths=(Finding("Precise", (Evidence(1, "a lock has an owner"),)),),
    improvements=(Finding("Say what a spin lock costs."),),
    recommendation="Go on.",
    verdict="yes",
    assessed=True,
    written_by="a-model",
    quotes_checked=2,
    quotes_dropped=1,
)


def new_interview(**changes: Any) -> Interview:
    interview = Interview(
        session_id="5e55",
        skill_topic="Python: locks & queues 🔒",
        level="advanced",
        language="de-CH",
        status="ready",
        token_sha256="ab" * 32,
        prompt="You are an interviewer.\n" * 1000,
        max_duration_seconds=1500,
        created_at=NOW,
        expires_at=NOW + timedelta(days=30),
        job_description="Betrieb & Überwachung, 東京",
        cv=new_cv(),
    )
    return replace(interview, **changes)


def new_cv(**changes: Any) -> Cv:
    text = ("Zoë Ångström · 日本語 · \u0000\u202e\U0001f9d1\u200d\U0001f4bb\n" * 300)[:6000]
    said = "Cut at a line."
    cv = Cv('lebenslauf "2026".pdf', 3, 7411, text, "5e55/cv.pdf", True, said, (said,), hidden_words=2)
    return replace(cv, **changes)


def new_avatar(**changes: Any) -> Avatar:
    avatar = Avatar(
        provider="tavus",
        status="active",
        conversation_id="c2",
        hook_sha256="cd" * 32,
        created_at=NOW + timedelta(seconds=2),
        seconds=61,
        earlier=("c0", "c1"),
        changes=(
            OutputChange(NOW + timedelta(seconds=3), "avatar", "ready"),
            OutputChange(NOW + timedelta(seconds=4), "voice", "room"),
        ),
    )
    return replace(avatar, **changes)


def new_turn(number: int, **changes: Any) -> Turn:
    started_at = NOW + timedelta(seconds=10 * number)
    turn = Turn(number, "candidate", f"Answer {number} — naïve", started_at, started_at + timedelta(seconds=7.000001))
    return replace(turn, **changes)
