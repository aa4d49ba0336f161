"""Converts records to documents and back. No other module knows the form of a document.

A document is a plain mapping, as the Firestore console shows it: `cv`, `avatar`, `live` and `summary` are maps, and
times are timestamps. SQLite stores the same mapping as JSON, with times as ISO 8601 strings in UTC.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import UTC, datetime
from types import NoneType
from typing import Any, get_args, get_type_hints

from interview import cost
from interview.errors import NotFound
from interview.record import Avatar, Cv, Interview, Live, OutputChange, Standing, Turn, Writing
from interview.report import Rubric, Summary
from interview.system import Account, Admissions, Lease, Ledger, Place, Salt, Switch
from interview.usage import LiveUsage, TextUsage, Usage

_SESSION_ID = re.compile(r"(?!__)[A-Za-z0-9_-]{1,128}")
_TIMES = (
    "created_at",
    "started_at",
    "ended_at",
    "expires_at",
    "seen_at",
    "at",
    "since",
    "until",
    "sealed_at",
    "corrected_at",
    "due_at",
)


def from_interview(interview: Interview) -> dict[str, Any]:
    """The document `interviews/{session_id}`; without the id, which is the document's name."""
    document: dict[str, Any] = _storable(asdict(interview))
    del document["session_id"]
    # The cost, for the console. A running avatar conversation is counted up to the last heartbeat.
    document["usage"] |= cost.totals(interview, interview.live.seen_at)
    return document


def to_interview(session_id: str, document: Mapping[str, Any]) -> Interview:
    """The interview in a document. Unknown fields are ignored."""
    values = _known(Interview, document)
    if values.get("cv") is not None:
        cv = _known(Cv, values["cv"])
        values["cv"] = Cv(**cv | {"warnings": tuple(cv.get("warnings") or ())})
    if values.get("usage") is not None:
        values["usage"] = _to_usage(values["usage"])
    if values.get("live") is not None:
        values["live"] = Live(**_known(Live, values["live"]))
    if values.get("avatar") is not None:
        values["avatar"] = _to_avatar(values["avatar"])
    for name, kind in (("summary", Summary), ("rubric", Rubric), ("writing", Writing)):
        if values.get(name) is not None:
            values[name] = _record(kind, values[name])
    return Interview(session_id=session_id, **values)


def to_standing(document: Mapping[str, Any]) -> Standing:
    """The standing in a document, or in a part of one that has these fields."""
    return Standing(document["status"], document["live"]["epoch"], document.get("ended_reason"))


def from_ledger(ledger: Ledger) -> dict[str, Any]:
    """The document `system/avatar`."""
    document: dict[str, Any] = _storable(asdict(ledger))
    return document


def to_ledger(document: Mapping[str, Any]) -> Ledger:
    """The ledger in a document."""
    values = _known(Ledger, document)
    leases = values.get("leases") or {}
    values["leases"] = {session_id: Lease(**_known(Lease, lease)) for session_id, lease in leases.items()}
    return Ledger(**values)


def from_admissions(admissions: Admissions) -> dict[str, Any]:
    """The document `system/admission`."""
    document: dict[str, Any] = _storable(asdict(admissions))
    return document


def to_admissions(document: Mapping[str, Any]) -> Admissions:
    """The ledger of interviews in a document."""
    values = _known(Admissions, document)
    for name, kind in (("places", Place), ("accounts", Account)):
        values[name] = {key: kind(**_known(kind, item)) for key, item in (values.get(name) or {}).items()}
    return Admissions(**values)


def from_salt(salt: Salt) -> dict[str, Any]:
    """The document `system/salt`."""
    return asdict(salt)


def to_salt(document: Mapping[str, Any]) -> Salt:
    """The salt in a document."""
    return Salt(**_known(Salt, document))


def from_starts(starts: tuple[datetime, ...], expires_at: datetime) -> dict[str, Any]:
    """The document `clients/{pseudonym}`: when this network has started interviews. It expires with the last start."""
    document: dict[str, Any] = _storable({"starts": starts, "expires_at": expires_at})
    return document


def to_starts(document: Mapping[str, Any]) -> tuple[datetime, ...]:
    """The starts in a document."""
    return tuple(moment for one in document.get("starts") or () if (moment := _moment(one)) is not None)


def from_switch(switch: Switch) -> dict[str, Any]:
    """The document `system/switch`."""
    document: dict[str, Any] = _storable(asdict(switch))
    return document


def to_switch(document: Mapping[str, Any]) -> Switch:
    """The switch in a document."""
    return Switch(**_known(Switch, document))


def from_turn(turn: Turn, expires_at: datetime) -> dict[str, Any]:
    """The document `interviews/{session_id}/turns/{turn_name}`, which expires with the interview."""
    document: dict[str, Any] = _storable(asdict(turn)) | {"expires_at": expires_at.astimezone(UTC)}
    del document["number"]
    return document


def to_turn(number: int, document: Mapping[str, Any]) -> Turn:
    """The turn in a document."""
    values = _known(Turn, document)
    values["doubt"] = tuple(values.get("doubt") or ())
    return Turn(number=number, **values)


def checked_id(session_id: str) -> str:
    """The id, if it is a valid session id. Raises NotFound, since ids come from requests."""
    if not _SESSION_ID.fullmatch(session_id):
        raise NotFound
    return session_id


def turn_name(number: int) -> str:
    """The id of a turn's document: at least four digits, so that the console lists turns in order."""
    return f"{number:04d}"


def to_json(document: Mapping[str, Any]) -> str:
    """A document as JSON text."""
    return json.dumps(document, default=_iso)


def iso(moment: datetime) -> str:
    """A time as text of fixed width, so that the texts sort like the times."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(f"A record must have plain values, not {type(value).__name__}.")


def _to_avatar(document: Mapping[str, Any]) -> Avatar:
    values = _known(Avatar, document)
    values["earlier"] = tuple(values.get("earlier") or ())
    values["changes"] = tuple(OutputChange(**_known(OutputChange, change)) for change in values.get("changes") or ())
    return Avatar(**values)


def _to_usage(document: Mapping[str, Any]) -> Usage:
    if "live" not in document:  # of a version that counted Gemini Live alone
        return Usage(live=LiveUsage(**_known(LiveUsage, document)))
    texts = {name: TextUsage(**_known(TextUsage, document.get(name) or {})) for name in ("transcription", "text")}
    return Usage(live=LiveUsage(**_known(LiveUsage, document["live"])), **texts)


def _record(kind: Any, value: Any) -> Any:
    """A value of this type in a document: a record, whose unknown fields are ignored; records in a list; or plain."""
    parts = [part for part in get_args(kind) if part not in (NoneType, Ellipsis)]
    match value:
        case list() | tuple() if parts:
            return tuple(_record(parts[0], item) for item in value)
        case Mapping() if isinstance(kind, type) and is_dataclass(kind):
            hints = get_type_hints(kind)
            return kind(**{name: _record(hints[name], item) for name, item in _known(kind, value).items()})
        case Mapping() if parts:
            return _record(parts[0], value)
    return value


def _known(kind: type, document: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a document that the record has, with times as aware datetimes."""
    return {
        field.name: _moment(document[field.name]) if field.name in _TIMES else document[field.name]
        for field in fields(kind)
        if field.name in document
    }


def _moment(value: datetime | str | None) -> datetime | None:
    """A time from a store: Firestore's own datetime class, or text in JSON."""
    if value is None:
        return None
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    return datetime.combine(value.date(), value.timetz()).astimezone(UTC)


def _storable(value: Any) -> Any:
    """A value that both stores accept: times in UTC, and text without lone surrogates, which JSON allows."""
    match value:
        case dict():
            return {_storable(name): _storable(item) for name, item in value.items()}
        case list() | tuple():
            return [_storable(item) for item in value]
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case datetime():
            return value.astimezone(UTC)
        case _:
            return value
