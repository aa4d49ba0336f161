"""The interviewer's face, as a caller gets it: an address and a token for its room, or words on why there is none."""

from dataclasses import dataclass, field
from typing import Any

from interview import log
from interview.api.access import authorised
from interview.api.deps import Deps
from interview.api.form import read_json
from interview.api.message import Request, Response, answer_json
from interview.avatar import Attempt
from interview.errors import AvatarUnavailable, Invalid, NotFound, StoreUnavailable, TooLarge
from interview.record import Interview

EVENT_BYTES = 256 * 1024
"""Of a call by the avatar's provider. What we listen for is far smaller."""

_BUSY = "All video interviewers are taken at the moment, so the interview is by voice."
_AWAY = "The video interviewer is not available at the moment, so the interview is by voice."
_NONE = "There is no video interviewer here; the interview is by voice."
_WORDS = {"avatar_capacity": _BUSY, "avatar_concurrency": _BUSY}


@dataclass(frozen=True, slots=True)
class Face:
    """What opens the room; without it the interview is by voice, and `warnings` say why to the candidate."""

    url: str | None = None
    token: str | None = field(default=None, repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def answer(self) -> dict[str, Any]:
        """Its part of an answer."""
        return {"conversation_url": self.url, "conversation_token": self.token, "warnings": list(self.warnings)}


async def face_of(attempt: Attempt | None) -> Face:
    """What comes of an attempt, once the interview's record is there. A failing avatar is no error.

    Raises AlreadyEnded, Conflict and NotFound when the interview has gone on without it.
    """
    if attempt is None:
        return Face()
    try:
        conversation = await attempt.settle()
    except AvatarUnavailable as error:
        return Face(warnings=(_WORDS.get(error.code, _AWAY),))
    except StoreUnavailable as error:
        log.failure("An avatar that could not be kept", error)
        return Face(warnings=(_AWAY,))
    return Face(conversation.url, conversation.token)


async def open_avatar(request: Request, deps: Deps) -> Response:
    """`POST /api/interview/{session_id}/avatar`: another conversation in place of the present one."""
    interview = await authorised(request, deps)
    if deps.avatars is None or not deps.settings.tavus.configured:
        return answer_json(Face(warnings=(_NONE,)).answer)
    try:
        attempt = await deps.avatars.another(interview)
    except AvatarUnavailable as error:
        log.failure("The avatar before is not ended", error, session_id=interview.session_id)
        return answer_json(Face(warnings=(_AWAY,)).answer)
    try:
        return answer_json((await face_of(attempt)).answer)
    except BaseException:
        await attempt.undo()
        raise


async def close_avatar(interview: Interview, deps: Deps) -> None:
    """End the conversation of an interview that is over. Never fails: the sweep does what can't be done now."""
    if deps.avatars is None:
        return
    try:
        await deps.avatars.close_of(interview, interview.ended_reason or interview.status)
    except (AvatarUnavailable, StoreUnavailable) as error:
        log.failure("The avatar is left to the sweep", error, session_id=interview.session_id)


async def forget_avatar(interview: Interview, deps: Deps) -> tuple[list[str], list[str]]:
    """Delete an interview's conversations at the provider; the ids of those that are deleted and of those that are not.
    Raises NotFound and StoreUnavailable.
    """
    if deps.avatars is not None:
        return await deps.avatars.forget(interview.session_id)
    avatar = interview.avatar
    return [], [*avatar.earlier, *filter(None, [avatar.conversation_id])] if avatar else []


async def hear_tavus(request: Request, deps: Deps) -> Response:
    """`POST /api/interview/hooks/tavus/{secret}`: what Tavus tells of a conversation.

    It signs nothing, so the secret is all there is to go by. Whatever does not fit gets the answer of a wrong guess.
    """
    if deps.avatars is None:
        raise NotFound
    # The secret comes first: a stranger's body is not even read.
    await deps.avatars.hear(request.secret)
    try:
        event = await read_json(request, EVENT_BYTES)
    except (Invalid, TooLarge):
        raise NotFound from None
    if not isinstance(event, dict):
        raise NotFound
    await deps.avatars.hear(request.secret, event)
    return answer_json({})
