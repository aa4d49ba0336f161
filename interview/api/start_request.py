"""The fields of a request to start an interview, checked."""

import re
from dataclasses import dataclass

from contract.limits import MAX_CODE, MAX_JOB_DESCRIPTION, MAX_LANGUAGE, MAX_TOPIC
from contract.terms import DEFAULT_LANGUAGE, DEFAULT_LEVEL, DEFAULT_OUTPUT
from interview.api.body import Form
from interview.api.choices import Choices, parse_choices
from interview.errors import Invalid
from interview.fence import neutral
from interview.record import LEVELS, OUTPUTS, Level, Output
from interview.settings import Settings

# RFC 5646's `langtag`, with a limit on its length.
_LANGUAGE = re.compile(
    r"([a-z]{2,3}(-[a-z]{3}){0,3}|[a-z]{4,8})"  # language
    r"(-[a-z]{4})?(-([a-z]{2}|\d{3}))?"  # script, region
    r"(-([a-z\d]{5,8}|\d[a-z\d]{3}))*(-[a-wyz\d](-[a-z\d]{2,8})+)*(-x(-[a-z\d]{1,8})+)?",  # variants, extensions
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class StartRequest:
    """The fields of a request to start an interview."""

    skill_topic: str
    level: Level
    language: str
    job_description: str | None
    output: Output
    start_code: str
    invite: str
    retake_session_id: str
    retake_token: str
    choices: Choices


def parse(form: Form, settings: Settings) -> StartRequest:
    """The request, checked against what is offered."""
    languages, offered = settings.languages, settings.offered_languages
    # Browsers send each line break in a form as CR LF.
    given = {name: value.replace("\r\n", "\n").strip() for name, value in form.fields.items()}
    topic, job_description = given.get("skill_topic", ""), given.get("job_description", "")
    level = given.get("level") or DEFAULT_LEVEL
    language = given.get("language") or (offered[0] if offered else DEFAULT_LANGUAGE)
    if not topic or len(topic) > MAX_TOPIC or not neutral(topic).strip():
        detail = f"skill_topic must have 1 to {MAX_TOPIC} characters that can be seen; this has {len(topic)}."
        raise Invalid(detail, code="invalid_skill_topic", field="skill_topic")
    if level not in LEVELS:
        raise Invalid(f"level must be one of {', '.join(LEVELS)}.", code="invalid_level", field="level")
    if len(job_description) > MAX_JOB_DESCRIPTION:
        detail = f"job_description may have {MAX_JOB_DESCRIPTION} characters; this has {len(job_description)}."
        raise Invalid(detail, code="invalid_job_description", field="job_description")
    output = given.get("output") or DEFAULT_OUTPUT
    if output not in OUTPUTS:
        raise Invalid(f"output must be one of {', '.join(OUTPUTS)}.", code="invalid_output", field="output")
    if len(language) > MAX_LANGUAGE or not _LANGUAGE.fullmatch(language):
        detail = "language must be a BCP-47 tag such as en-US or pt-BR."
        raise Invalid(detail, code="invalid_language", field="language")
    if languages and language.lower() not in map(str.lower, languages):
        detail = f"language must be one of {', '.join(languages)}."
        raise Invalid(detail, code="invalid_language", field="language")
    codes = given.get("start_code", ""), given.get("invite", "")
    if max(map(len, codes)) > MAX_CODE:
        raise Invalid(f"start_code and invite may have {MAX_CODE} characters.", field="start_code")
    retake = given.get("retake_session_id", ""), given.get("retake_token", "")
    choices = parse_choices(given, settings)
    return StartRequest(topic, level, language, job_description or None, output, *codes, *retake, choices)
