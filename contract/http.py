"""The shapes of HTTP requests and answers, JSON in snake_case. `null` in a request counts as left out.

To add a field to an answer: give it `UNSET` as default until every server sends it. The paths and what they answer
stand in `interview/openapi/operations.py`.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from contract.assessment import Summary
from contract.limits import (
    MAX_ANSWER,
    MAX_CODE,
    MAX_CORRECTIONS,
    MAX_CV_BYTES,
    MAX_CV_TEXT,
    MAX_JOB_DESCRIPTION,
    MAX_LANGUAGE,
    MAX_TOPIC,
)
from contract.terms import (
    DEFAULT_LANGUAGE,
    DEFAULT_LEVEL,
    DEFAULT_OUTPUT,
    AvatarStatus,
    Doubt,
    EndedReason,
    Interviewer,
    Level,
    Output,
    Source,
    Speaker,
    Status,
    SummaryStep,
)

Count = Annotated[int, Meta(ge=0)]
Seconds = Annotated[int, Meta(ge=0, description="Seconds.")]
Moment = Annotated[datetime, Meta(tz=True)]
Uri = Annotated[str, Meta(extra_json_schema={"format": "uri"})]

Topic = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_TOPIC,
        description="The subject, in any words; blanks around it are cut off and nothing is interpreted.",
    ),
]
JobDescription = Annotated[str, Meta(max_length=MAX_JOB_DESCRIPTION)]
Language = Annotated[str, Meta(max_length=MAX_LANGUAGE, description="A BCP-47 tag.")]
# The content of a file part has no schema of its own in OpenAPI 3.1.
CvFile = Annotated[
    Raw,
    Meta(
        description=f"PDF, DOCX, ODT, RTF or plain text, {MAX_CV_BYTES // 2**20} MB at most; "
        "a photograph where there is a text model."
    ),
]
CvText = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_CV_TEXT,
        description="The text of the `cv_file` as its owner corrects or shortens it; the interviewer sees this text.",
    ),
]
WantedOutput = Annotated[
    Output, Meta(description="`avatar`: see the interviewer, where there are avatars; `voice`: hear it only.")
]
StartCode = Annotated[
    str, Meta(max_length=MAX_CODE, description="The code that the operator has given out, where one is needed.")
]
Invite = Annotated[
    str, Meta(max_length=MAX_CODE, description="The code with which a start may use the places that are kept back.")
]
RetakeOf = Annotated[
    str,
    Meta(
        max_length=128,
        description="The `session_id` of an earlier interview: the same rubric, its CV unless there is another, and "
        "other questions.",
    ),
]
RetakeToken = Annotated[str, Meta(max_length=MAX_CODE, description="That interview's `session_token`.")]
RoomUrl = Annotated[
    Uri | None, Meta(description="The room with the interviewer's avatar; null: the interview is by voice.")
]
RoomToken = Annotated[str | None, Meta(description="Admits the caller to the room; given once.")]
Warnings = Annotated[list[str], Meta(description="Sentences for the candidate, for example why there is no avatar.")]


class StartRequest(Struct, kw_only=True):
    """What the interview is to be about, as JSON: without a CV."""

    skill_topic: Topic
    level: Level | None = DEFAULT_LEVEL
    job_description: JobDescription | None = None
    language: Language | None = DEFAULT_LANGUAGE
    output: WantedOutput | None = DEFAULT_OUTPUT
    start_code: StartCode | None = None
    invite: Invite | None = None
    retake_session_id: RetakeOf | None = None
    retake_token: RetakeToken | None = None


class StartForm(Struct, kw_only=True):
    """The same as a form, with a CV if there is one."""

    skill_topic: Topic
    level: Level = DEFAULT_LEVEL
    job_description: JobDescription | UnsetType = UNSET
    language: Language = DEFAULT_LANGUAGE
    output: WantedOutput = DEFAULT_OUTPUT
    start_code: StartCode | UnsetType = UNSET
    invite: Invite | UnsetType = UNSET
    retake_session_id: RetakeOf | UnsetType = UNSET
    retake_token: RetakeToken | UnsetType = UNSET
    cv_file: CvFile | UnsetType = UNSET
    cv_text: CvText | UnsetType = UNSET


class CvForm(Struct, kw_only=True):
    """A CV alone."""

    cv_file: CvFile


class CvTextRequest(Struct, kw_only=True):
    """The CV's text as its owner corrects or shortens it."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_CV_TEXT)]


class Cv(Struct, kw_only=True, forbid_unknown_fields=True):
    """What was read of a CV."""

    filename: str
    pages: Count
    characters: Annotated[int, Meta(ge=0, description="Characters that were read in all.")]
    truncated: Annotated[bool, Meta(description="The interviewer sees less of it than was read.")]
    warning: Annotated[str | None, Meta(description="All `warnings` in one.")]
    warnings: (
        Annotated[list[str], Meta(description="Sentences for the candidate: what was cut, hidden or unreadable.")]
        | UnsetType
    ) = UNSET
    hidden_words: (
        Annotated[int, Meta(ge=0, description="Words that people can't see; they were left out.")] | UnsetType
    ) = UNSET
    text: (
        Annotated[
            str,
            Meta(description="The text that the interviewer sees; empty where a picture is read when it starts."),
        ]
        | UnsetType
    ) = UNSET


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


class OutputChange(Struct, kw_only=True, forbid_unknown_fields=True):
    """From this moment on the interviewer was heard in this way."""

    at: Moment
    output: Output
    reason: str


class Avatar(Struct, kw_only=True, forbid_unknown_fields=True):
    """The interviewer's avatar."""

    provider: str
    status: AvatarStatus
    conversation_id: str | None
    created_at: Annotated[Moment | None, Meta(description="From here on the present conversation costs money.")]
    ended_at: Annotated[Moment | None, Meta(description="Up to here.")]
    reason: Annotated[str | None, Meta(description="A code: why it ended, or never came.")]
    seconds: Annotated[int, Meta(ge=0, description="Seconds of all conversations that have ended.")]
    changes: Annotated[list[OutputChange], Meta(description="How the interviewer was heard, the last 64 changes.")]


class Live(Struct, kw_only=True, forbid_unknown_fields=True):
    """The connection that holds the interview."""

    epoch: Annotated[int, Meta(ge=0, description="How many streams were opened.")]


class LiveUsage(Struct, kw_only=True, forbid_unknown_fields=True):
    """Tokens that Gemini Live billed. Every turn bills the whole conversation again as its prompt."""

    turns: Count
    prompt_text: Count
    prompt_audio: Count
    response_text: Count
    response_audio: Count
    thoughts: Annotated[int, Meta(ge=0, description="Billed as text of the response.")]


class TextUsage(Struct, kw_only=True, forbid_unknown_fields=True):
    """Tokens that the text model billed: for a scanned CV, the summary, and speech that was transcribed again."""

    calls: Count
    prompt_text: Count
    prompt_image: Annotated[int, Meta(ge=0, description="Of pictures and pages of a PDF.")]
    prompt_audio: Count
    response: Count
    thoughts: Count


class Usage(Struct, kw_only=True, forbid_unknown_fields=True):
    """What the interview has used so far, and what that costs by list prices."""

    live: LiveUsage
    text: TextUsage
    avatar_seconds: Seconds
    dollars: Annotated[float, Meta(ge=0, description="US dollars for tokens and avatar at list prices.")]
    prices_as_of: Annotated[str, Meta(description="The date of the price list.")]


class Interview(Struct, kw_only=True, forbid_unknown_fields=True):
    """The record of an interview."""

    session_id: str
    skill_topic: str
    level: Level
    language: str
    job_description: str | None
    cv: Cv | None
    status: Status
    created_at: Moment
    started_at: Moment | None
    ended_at: Moment | None
    ended_reason: EndedReason | None
    duration_seconds: Seconds | None
    max_duration_seconds: Seconds
    turn_count: Count
    avatar: Avatar | None
    live: Live
    usage: Usage | UnsetType = UNSET
    summary: Summary | None
    corrected_at: (
        Annotated[Moment | None, Meta(description="When the candidate corrected the transcript. It can be done once.")]
        | UnsetType
    ) = UNSET
    retake_of: (
        Annotated[str | None, Meta(description="The `session_id` of the interview that this one retakes.")] | UnsetType
    ) = UNSET
    expires_at: Moment


class Turn(Struct, kw_only=True, forbid_unknown_fields=True):
    """What one speaker said."""

    turn: Count
    speaker: Speaker
    text: str
    started_at: Moment
    ended_at: Moment
    interrupted: Annotated[bool, Meta(description="The candidate cut it off.")]
    broken_off: (
        Annotated[bool, Meta(description="Its sound stopped early for another reason, such as a lost connection.")]
        | UnsetType
    ) = UNSET
    source: Source
    doubt: list[Doubt]
    corrected_text: (
        Annotated[str | None, Meta(description="What the candidate says they said; counts instead of `text`.")]
        | UnsetType
    ) = UNSET


class Transcript(Struct, kw_only=True, forbid_unknown_fields=True):
    """Every turn that is stored so far."""

    session_id: str
    skill_topic: str
    level: Level
    language: str
    status: Status
    started_at: Moment | None
    ended_at: Moment | None
    duration_seconds: Seconds | None
    turns: list[Turn]


class Report(Struct, kw_only=True, forbid_unknown_fields=True):
    """The assessment with the transcript that it rests on."""

    transcript: Transcript
    summary: Annotated[Summary | None, Meta(description="Null until it is written.")]


class Correction(Struct, kw_only=True):
    """What the candidate says they said in one of their turns."""

    turn: Count
    text: Annotated[str, Meta(min_length=1, max_length=MAX_ANSWER)]


class CorrectionsRequest(Struct, kw_only=True):
    """All corrections of a transcript at once: it can be corrected once, after the interview."""

    corrections: Annotated[list[Correction], Meta(min_length=1, max_length=MAX_CORRECTIONS)]


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


class AppCheck(Struct, kw_only=True):
    """What the page needs for a token of Firebase App Check, which it sends with `start` as `X-Firebase-AppCheck`."""

    app_id: Annotated[str, Meta(description="Firebase's id of the web app.")]
    api_key: Annotated[str, Meta(description="Firebase's key of the web app.")]
    site_key: Annotated[str, Meta(description="reCAPTCHA Enterprise's key of the website.")]


class Config(Struct, kw_only=True):
    """`GET /config.json`, which the page's host serves: what the page must know before it asks anything."""

    interviewer: Interviewer
    retention_days: Count
    interview_minutes: Annotated[float, Meta(gt=0)]
    avatar: Annotated[bool, Meta(description="The interviewer can be had on video.")]
    sentry_dsn: Annotated[str, Meta(description="Where the page sends its errors.")] | UnsetType = UNSET
    backup_days: (
        Annotated[int, Meta(ge=0, description="Days that backups keep a deleted interview. 0: there are no backups.")]
        | UnsetType
    ) = UNSET
    start_code: Annotated[bool, Meta(description="A start needs a start code.")] | UnsetType = UNSET
    app_check: AppCheck | UnsetType = UNSET
    page_name: Annotated[str, Meta(description="The name that the page shows for itself.")] | UnsetType = UNSET
    page_colour: Annotated[str, Meta(description="The page's main colour, as #rrggbb.")] | UnsetType = UNSET
    languages: (
        Annotated[list[Language], Meta(description="The languages offered; the first is the default. Left out: any.")]
        | UnsetType
    ) = UNSET
    voice: Annotated[str, Meta(description="The interviewer's voice at Gemini.")] | UnsetType = UNSET
    live_model: Annotated[str, Meta(description="The model that interviews.")] | UnsetType = UNSET
    text_model: Annotated[str, Meta(description="The model that assesses.")] | UnsetType = UNSET


API = (
    StartRequest,
    StartForm,
    CvForm,
    CvTextRequest,
    CorrectionsRequest,
    StartAnswer,
    AvatarRoom,
    CvRead,
    CvReplaced,
    EndAnswer,
    SummaryPending,
    Interview,
    Transcript,
    Report,
    Receipt,
    SweepResult,
    SummaryAttempt,
    Sketch,
    Problem,
)
"""What requests and answers consist of; the other structs are parts of these."""
