"""What the server answers over HTTP, apart from the records of `contract/records.py`.

To add a field to an answer: give it `UNSET` as default until every server sends it.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from contract.assessment import Summary
from contract.fields import Count, Moment, Seconds, Uri
from contract.records import Cv
from contract.terms import EndedReason, SummaryStep

RoomUrl = Annotated[
    Uri | None, Meta(description="The room with the interviewer's avatar; null: the interview is by voice.")
]
RoomToken = Annotated[str | None, Meta(description="Admits the caller to the room; given once.")]
Warnings = Annotated[list[str], Meta(description="Sentences for the candidate, for example why there is no avatar.")]


class StartAnswer(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new interview, and where it is held."""

    session_id: str
    session_token: Annotated[str, Meta(description="Given once; the server keeps its hash only.")]
    status: Literal["ready"]
    stream_url: Annotated[Uri, Meta(description="The WebSocket to hold the interview on.")]
    stream_urls: (
        Annotated[
            list[Uri],
            Meta(
                min_length=2,
                description="Where there are relays in several regions: one WebSocket each, the first of them "
                "`stream_url`. Any one of them will do, and the interview can move between them.",
            ),
        ]
        | UnsetType
    ) = UNSET
    conversation_url: RoomUrl
    conversation_token: RoomToken
    warnings: Warnings
    cv: Cv | None
    max_duration_seconds: Seconds
    expires_at: Annotated[Moment, Meta(description="When everything of the session is deleted.")]


class AvatarRoom(Struct, kw_only=True, forbid_unknown_fields=True):
    """Another avatar conversation, or none and why."""

    conversation_url: RoomUrl
    conversation_token: RoomToken
    warnings: Warnings


class CvRead(Struct, kw_only=True, forbid_unknown_fields=True):
    """What `start` would read of a CV. A scan is not read yet; `warnings` say so."""

    cv: Cv


class CvReplaced(Struct, kw_only=True, forbid_unknown_fields=True):
    """The CV that the interviewer will see."""

    cv: Cv


class EndAnswer(Struct, kw_only=True, forbid_unknown_fields=True):
    """An interview that is over, and its summary."""

    session_id: str
    status: Literal["completed"]
    ended_reason: EndedReason
    duration_seconds: Seconds
    summary: Summary


class SummaryPending(Struct, kw_only=True, forbid_unknown_fields=True):
    """The interview has ended and its transcript is safe. Make the same call again for the summary."""

    session_id: str
    status: Literal["summary_pending"]
    retry_after_seconds: Seconds
    step: Annotated[SummaryStep, Meta(description="How far the summary is.")] | UnsetType = UNSET
    attempts: Annotated[int, Meta(ge=0, description="Attempts to write it that have failed.")] | UnsetType = UNSET
    code: (
        Annotated[
            str | None, Meta(description="The error code of the last failed attempt, for example `model_blocked`.")
        ]
        | UnsetType
    ) = UNSET


class Sketch(Struct, kw_only=True, forbid_unknown_fields=True):
    """A sketch of a good answer to one of the interviewer's questions."""

    turn: Annotated[int, Meta(ge=0, description="The interviewer's turn with the question.")]
    sketch: str


class DeletedRecords(Struct, kw_only=True, forbid_unknown_fields=True):
    """How many records were deleted."""

    interview: Count
    turns: Count


class Deleted(Struct, kw_only=True, forbid_unknown_fields=True):
    """What was deleted where."""

    store: DeletedRecords
    files: Annotated[list[str], Meta(description="Names of the files that were deleted.")]
    avatar: Annotated[list[str], Meta(description="Avatar conversations that were deleted at their provider.")]


class NotDeleted(Struct, kw_only=True, forbid_unknown_fields=True):
    """What could not be deleted."""

    avatar: Annotated[list[str], Meta(description="Conversations that the provider did not delete now.")]


class Receipt(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a deletion did."""

    session_id: str
    deleted: Deleted
    not_deleted: NotDeleted
    deleted_at: Moment
    backups_until: (
        Annotated[
            Moment | None,
            Meta(description="Until then the operator could restore it from backups. Null: there are no backups."),
        ]
        | UnsetType
    ) = UNSET


class SweptAvatars(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a sweep did about avatar conversations."""

    ended: Annotated[int, Meta(ge=0, description="Conversations that had not been ended.")]
    complete: Annotated[bool, Meta(description="All could be looked at, and ended if need be.")]


class SweepResult(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a sweep did."""

    abandoned: Annotated[int, Meta(ge=0, description="Interviews that are abandoned now and were live before.")]
    more: Annotated[bool, Meta(description="Others are waiting for the next call.")]
    avatars: Annotated[SweptAvatars | None, Meta(description="Null where there are no avatars.")]
    summaries: (
        Annotated[int, Meta(ge=0, description="Summaries that were due and have been handed over.")] | UnsetType
    ) = UNSET


class SummaryAttempt(Struct, kw_only=True, forbid_unknown_fields=True):
    """How an attempt at a summary has ended."""

    session_id: str
    outcome: Annotated[
        Literal["completed", "declined", "failed", "given_up", "not_due"],
        Meta(
            description="`declined`: the summary says that the model declined; `failed`: the next attempt follows; "
            "`given_up`: none does; `not_due`: nothing was done."
        ),
    ]


class Problem(Struct, kw_only=True, forbid_unknown_fields=True):
    """RFC 9457."""

    type: Uri
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: str
    code: Annotated[str, Meta(pattern="^[a-z_]+$", description="What programs go by; see contract/errors.py.")]
    field: Annotated[str, Meta(description="The field at fault.")] | UnsetType = UNSET
