"""What a caller sends over HTTP. `null` in a request counts as left out."""

from typing import Annotated

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from contract.fields import Count, Language
from contract.limits import (
    MAX_ANSWER,
    MAX_CODE,
    MAX_CORRECTIONS,
    MAX_CV_BYTES,
    MAX_CV_TEXT,
    MAX_JOB_DESCRIPTION,
    MAX_TOPIC,
)
from contract.terms import DEFAULT_LANGUAGE, DEFAULT_LEVEL, DEFAULT_OUTPUT, Level, Output

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


class Correction(Struct, kw_only=True):
    """What the candidate says they said in one of their turns."""

    turn: Count
    text: Annotated[str, Meta(min_length=1, max_length=MAX_ANSWER)]


class CorrectionsRequest(Struct, kw_only=True):
    """All corrections of a transcript at once: it can be corrected once, after the interview."""

    corrections: Annotated[list[Correction], Meta(min_length=1, max_length=MAX_CORRECTIONS)]
