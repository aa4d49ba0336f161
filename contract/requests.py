"""What a caller sends over HTTP. `null` in a request counts as left out."""

from typing import Annotated, get_args

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from contract.fields import Count, Language
from contract.limits import (
    LENGTHS,
    MAX_ANSWER,
    MAX_CODE,
    MAX_CORRECTIONS,
    MAX_CV_BYTES,
    MAX_CV_TEXT,
    MAX_JOB_DESCRIPTION,
    MAX_MINUTES,
    MAX_TOPIC,
    MAX_VOICE,
    QUESTION_MINUTES,
)
from contract.terms import (
    DEFAULT_LANGUAGE,
    DEFAULT_LEVEL,
    DEFAULT_OUTPUT,
    DEFAULT_SPEECH_RATE,
    Level,
    Output,
    SpeechRate,
    Voice,
)

Topic = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_TOPIC,
        description="The subject, in any words; blanks around it are cut off and nothing is interpreted.",
    ),
]
JobDescription = Annotated[str, Meta(max_length=MAX_JOB_DESCRIPTION)]
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
Minutes = Annotated[
    float,
    Meta(
        gt=0,
        description=f"How long the interview lasts: {', '.join(map(str, LENGTHS[:-1]))} or {LENGTHS[-1]}, if the "
        "deployment's own length is no shorter; or that length, which is the default.",
    ),
]
VoiceName = Annotated[
    str,
    Meta(
        max_length=MAX_VOICE,
        description=f"A prebuilt voice of Gemini: {', '.join(get_args(Voice))}, or the deployment's own, which is the "
        "default.",
    ),
]
WantedRate = Annotated[SpeechRate, Meta(description="`slow`: the interviewer speaks slowly.")]
ExtraTime = Annotated[
    float,
    Meta(
        ge=1,
        le=2,
        description="1, 1.25, 1.5 or 2: the interview and its waits for an answer are this many times as long. It "
        f"lasts {MAX_MINUTES} minutes at most.",
    ),
]
RetakeQuestion = Annotated[
    int,
    Meta(
        ge=0,
        description="The interviewer's turn in that interview whose question is practised alone, for "
        f"{QUESTION_MINUTES} minutes. `minutes` doesn't count then.",
    ),
]
RetakeToken = Annotated[str, Meta(max_length=MAX_CODE, description="That interview's `session_token`.")]


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
    retake_question: RetakeQuestion | None = None
    minutes: Minutes | None = None
    voice: VoiceName | None = None
    speech_rate: WantedRate | None = DEFAULT_SPEECH_RATE
    extra_time: ExtraTime | None = 1


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
    retake_question: RetakeQuestion | UnsetType = UNSET
    minutes: Minutes | UnsetType = UNSET
    voice: VoiceName | UnsetType = UNSET
    speech_rate: WantedRate = DEFAULT_SPEECH_RATE
    extra_time: ExtraTime = 1
    cv_file: CvFile | UnsetType = UNSET
    cv_text: CvText | UnsetType = UNSET


class CvForm(Struct, kw_only=True):
    """A CV alone."""

    cv_file: CvFile


class CvTextRequest(Struct, kw_only=True):
    """The CV's text as its owner corrects or shortens it."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_CV_TEXT)]


class Correction(Struct, kw_only=True):
    """What the candidate says they said in one of their turns."""

    turn: Count
    text: Annotated[str, Meta(min_length=1, max_length=MAX_ANSWER)]


class CorrectionsRequest(Struct, kw_only=True):
    """All corrections of a transcript at once: it can be corrected once, after the interview."""

    corrections: Annotated[list[Correction], Meta(min_length=1, max_length=MAX_CORRECTIONS)]
