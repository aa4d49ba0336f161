"""Deleting an interview."""

import asyncio
from datetime import timedelta

from interview import log
from interview.api.authorisation import authorised
from interview.api.avatar import delete_avatars
from interview.api.backends import Backends
from interview.api.message import Request, Response, answer_json
from interview.clock import moment


async def delete(request: Request, backends: Backends) -> Response:
    """`DELETE /api/interview/{session_id}`: delete the interview, and list what was deleted.

    The record is sealed first: from then on no relay, upload or webhook adds anything. It goes last: if a step before
    fails, the record with the caller's token still exists, so the call can be repeated. The files are looked through
    twice, for an upload that was under way at the seal. A later one finds the record sealed, and removes its file. A
    conversation that Tavus does not delete is not an error; the answer lists it.
    """
    interview = await authorised(request, backends)
    interview = await backends.store.seal(interview.session_id, backends.clock())
    deleting_avatars = asyncio.create_task(delete_avatars(interview, backends))
    try:
        files = await backends.files.delete(f"{interview.session_id}/")
    finally:
        avatars, avatars_left = await deleting_avatars
    files += await backends.files.delete(f"{interview.session_id}/")
    await backends.store.forget_place(interview.session_id)
    turns = await backends.store.delete(interview.session_id)
    log.write("INFO", "interview_deleted", session_id=interview.session_id)
    deleted_at, backup_days = backends.clock(), backends.settings.backup_days
    return answer_json(
        {
            "session_id": interview.session_id,
            "deleted": {
                "store": {"interview": 1, "turns": turns},
                "files": sorted(files),
                "avatar": avatars,
            },
            "not_deleted": {"avatar": avatars_left},
            "deleted_at": moment(deleted_at),
            "backups_until": moment(deleted_at + timedelta(days=backup_days)) if backup_days else None,
        }
    )
