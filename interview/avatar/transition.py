"""State transitions of the avatar in an interview's record. Pure functions without a store.

A transition that changes nothing returns the avatar it was given.
"""

from dataclasses import replace
from datetime import datetime

from interview.record import Avatar, OutputChange

PROVIDER = "tavus"
MAX_CHANGES = 64
"""How many changes of the output are kept. The oldest are dropped."""


def creating(avatar: Avatar | None, hook_sha256: str, now: datetime) -> Avatar:
    """A conversation is about to be created. The ids of earlier ones stay in the record."""
    before = avatar or Avatar(PROVIDER, "creating")
    earlier = (*before.earlier, before.conversation_id) if before.conversation_id else before.earlier
    return Avatar(
        PROVIDER,
        "creating",
        hook_sha256=hook_sha256,
        created_at=now,
        seconds=before.seconds,
        earlier=earlier,
        changes=before.changes,
    )


def opened(avatar: Avatar, conversation_id: str) -> Avatar:
    """The conversation has been created."""
    return replace(avatar, status="active", conversation_id=conversation_id)


def failed(avatar: Avatar, reason: str, now: datetime) -> Avatar:
    """The conversation could not be created and cost nothing."""
    if avatar.status != "creating":
        return avatar
    return replace(avatar, status="failed", reason=reason, ended_at=now)


def closed(avatar: Avatar, reason: str, now: datetime) -> Avatar:
    """The conversation has ended, and its seconds are added up. Only the first end counts."""
    if not avatar.running:
        return avatar
    began = avatar.created_at if avatar.conversation_id else None
    seconds = max(0, round((now - began).total_seconds())) if began else 0
    return replace(avatar, status="ended", reason=reason, ended_at=now, seconds=avatar.seconds + seconds)


def changed(avatar: Avatar | None, change: OutputChange) -> Avatar | None:
    """The output of the interviewer's voice has changed. Ignored for an interview that never had an avatar, and for a
    change that is in the record already.
    """
    if avatar is None or change in avatar.changes:
        return avatar
    return replace(avatar, changes=(*avatar.changes, change)[-MAX_CHANGES:])
