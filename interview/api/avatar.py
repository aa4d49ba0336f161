"""The avatar in HTTP answers: the address and token of its room, or a warning that says why there is none."""

from dataclasses import dataclass, field
from typing import Any

from interview import log
from interview.api.authorisation import authorised
from interview.api.backends import Backends
from interview.api.body import read_json
from interview.api.message import Request, Response, answer_json
from interview.avatar import Creation
from interview.errors import AvatarUnavailable, Invalid, NotFound, StoreUnavailable, TooLarge
from interview.record import Interview

EVENT_BYTES = 256 * 1024
"""The largest webhook event. Those that we handle are far smaller."""

_BUSY = "All video interviewers are busy right now, so the interview is by voice."
_UNAVAILABLE = "Video isn't available right now, so the interview is by voice."
_NOT_CONFIGURED = "Video isn't set up here, so the interview is by voice."
_WARNINGS = {"avatar_capacity": _BUSY, "avatar_concurrency": _BUSY}


@dataclass(frozen=True, slots=True)
class AvatarRoom:
    """The address and token of the room. Without them the interview is by voice, and `warnings` say why."""

    url: str | None = None
    token: str | None = field(default=None, repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def answer(self) -> dict[str, Any]:
        """Its fields in an answer."""
        return {"conversation_url": self.url, "conversation_token": self.token, "warnings": list(self.warnings)}


async def avatar_room(creation: Creation | None) -> AvatarRoom:
    """The room of a creation, once the interview's record exists. A failed creation is not an error.

    Raises AlreadyEnded, Conflict and NotFound when the interview has gone on without it.
    """
    if creation is None:
        return AvatarRoom()
    try:
        conversation = await creation.finish()
    except AvatarUnavailable as error:
        return AvatarRoom(warnings=(_WARNINGS.get(error.code, _UNAVAILABLE),))
    except StoreUnavailable as error:
        log.failure("avatar_not_stored", error)
        return AvatarRoom(warnings=(_UNAVAILABLE,))
    return AvatarRoom(conversation.url, conversation.token)


async def create_avatar(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/{session_id}/avatar`: a new conversation in place of the present one."""
    interview = await authorised(request, backends)
    if backends.avatars is None or not backends.settings.tavus.configured:
        return answer_json(AvatarRoom(warnings=(_NOT_CONFIGURED,)).answer)
    try:
        creation = await backends.avatars.create_another(interview)
    except AvatarUnavailable as error:
        log.failure("avatar_not_ended", error, session_id=interview.session_id)
        return answer_json(AvatarRoom(warnings=(_UNAVAILABLE,)).answer)
    try:
        return answer_json((await avatar_room(creation)).answer)
    except BaseException:
        await creation.cancel()
        raise


async def close_avatar(interview: Interview, backends: Backends) -> None:
    """End the conversation of an interview that is over. Never fails: the sweep tries again."""
    if backends.avatars is None:
        return
    try:
        await backends.avatars.close_of(interview, interview.ended_reason or interview.status)
    except (AvatarUnavailable, StoreUnavailable) as error:
        log.failure("avatar_left_to_sweep", error, session_id=interview.session_id)


async def delete_avatars(interview: Interview, backends: Backends) -> tuple[list[str], list[str]]:
    """Delete an interview's conversations at Tavus.

    Returns the ids of those that were deleted, and of those that were not. Raises NotFound and StoreUnavailable.
    """
    if backends.avatars is not None:
        return await backends.avatars.delete_all(interview.session_id)
    avatar = interview.avatar
    return [], [*avatar.earlier, *filter(None, [avatar.conversation_id])] if avatar else []


async def receive_tavus_event(request: Request, backends: Backends) -> Response:
    """`POST /api/interview/hooks/tavus/{secret}`: a webhook event from Tavus.

    Tavus does not sign its events, so the secret in the address is the only proof. An event that does not match gets
    the same 404 as a wrong secret.
    """
    if backends.avatars is None:
        raise NotFound
    # The secret is checked first: the body of a stranger is not read.
    await backends.avatars.receive_event(request.secret)
    try:
        event = await read_json(request, EVENT_BYTES)
    except (Invalid, TooLarge):
        raise NotFound from None
    if not isinstance(event, dict):
        raise NotFound
    await backends.avatars.receive_event(request.secret, event)
    return answer_json({})
