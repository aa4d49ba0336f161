"""What is kept of an interview, as `GET` returns it: its record, its turns and its use."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from contract.assessment import Summary
from contract.fields import Count, Moment, Seconds
from contract.terms import AvatarStatus, Doubt, EndedReason, Level, Output, Source, Speaker, SpeechRate, Status


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
    remaining_seconds: (
        Annotated[Seconds | None, Meta(description="What its clock has left; null: it is not live.")] | UnsetType
    ) = UNSET
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
    question: (
        Annotated[str | None, Meta(description="The question that is practised alone; null: a whole interview.")]
        | UnsetType
    ) = UNSET
    voice: (
        Annotated[str | None, Meta(description="The voice that was asked for; null: the deployment's own.")] | UnsetType
    ) = UNSET
    speech_rate: SpeechRate | UnsetType = UNSET
    extra_time: (
        Annotated[float, Meta(ge=1, description="Times the interview and its waits for an answer are lengthened.")]
        | UnsetType
    ) = UNSET
    thinking_seconds: (
        Annotated[int, Meta(ge=0, description="Seconds of thinking time that don't count on the interview's clock.")]
        | UnsetType
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
