"""The current time, and times as text."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current time, aware and in UTC."""
    return datetime.now(UTC)


def moment(value: datetime | None) -> str | None:
    """A time as RFC 3339 in UTC, `2026-11-22T10:00:00.250Z`."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
