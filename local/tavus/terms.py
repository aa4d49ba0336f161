"""What a conversation was asked for, as its request says."""

import secrets
from dataclasses import dataclass, field
from typing import Any

LONGEST = 3600
"""Seconds that a conversation lasts at most; a longer request is cut to this."""
ABSENT = 300
"""Seconds until it ends if nobody joins, unless the request says otherwise."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a conversation was created with."""

    conversation_id: str
    name: str
    replica_id: str
    persona_id: str | None
    callback_url: str
    max_participants: int | None
    private: bool
    longest: float
    left: float
    absent: float
    request: Json = field(repr=False)


def terms(body: Json, *, replica_id: str, number: int) -> Terms:
    """The terms of a valid request."""
    properties = body.get("properties", {})
    return Terms(
        conversation_id=f"c{secrets.token_hex(6)[:11]}",
        name=body.get("conversation_name", f"New Conversation {number}"),
        replica_id=replica_id,
        persona_id=body.get("persona_id"),
        callback_url=body.get("callback_url", ""),
        max_participants=body.get("max_participants"),
        private=bool(body.get("require_auth") or properties.get("require_auth")),
        longest=min(properties.get("max_call_duration", LONGEST), LONGEST),
        left=properties.get("participant_left_timeout", 0),
        absent=properties.get("participant_absent_timeout", ABSENT),
        request=body,
    )
