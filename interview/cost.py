"""What an interview has cost: shown with its record, and written to the log."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from interview import log, prices
from interview.record import Interview
from interview.usage import LiveUsage, TextUsage, Usage


def avatar_seconds(interview: Interview, at: datetime | None) -> int:
    """Seconds of all avatar conversations up to `at`; without it, of those that have ended."""
    avatar = interview.avatar
    if avatar is None:
        return 0
    running = avatar.created_at if avatar.running else None
    return avatar.seconds + (max(0, round((at - running).total_seconds())) if running and at else 0)


def block(interview: Interview, at: datetime | None) -> dict[str, Any]:
    """The `usage` of the record as HTTP shows it, with a running avatar conversation up to `at`."""
    used = interview.usage
    return {"live": asdict(used.live), "text": asdict(used.text + used.transcription), **totals(interview, at)}


def totals(interview: Interview, at: datetime | None) -> dict[str, Any]:
    """The part of the `block` that follows from the rest of the record."""
    seconds = avatar_seconds(interview, at)
    return {
        "avatar_seconds": seconds,
        "dollars": round(prices.dollars(interview.usage, seconds), 6),
        "prices_as_of": prices.AS_OF,
    }


def write(session_id: str, *, live: LiveUsage | None = None, text: TextUsage | None = None) -> None:
    """Log newly used tokens, as numbers. Two metrics add up the dollars (infra/terraform/metrics.tf), which are left
    out where nothing was spent, as with the embedded interviewer.
    """
    if live and live != LiveUsage():
        _write(session_id, "live", asdict(live), prices.dollars(Usage(live=live)))
    if text and text != TextUsage():
        _write(session_id, "text", asdict(text), prices.dollars(Usage(text=text)))


def _write(session_id: str, part: str, tokens: dict[str, int], dollars: float) -> None:
    spent = round(dollars, 6) or None
    log.write("INFO", "interview_usage", session_id=session_id, part=part, dollars=spent, **tokens)
