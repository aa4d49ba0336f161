"""The operations: what each takes, answers, and how it fails."""

from http import HTTPStatus
from typing import Any

from msgspec import Struct

from contract.answers import (
    AvatarRoom,
    CvRead,
    CvReplaced,
    EndAnswer,
    Problem,
    Receipt,
    Sketch,
    StartAnswer,
    SummaryAttempt,
    SummaryPending,
    SweepResult,
)
from contract.limits import MAX_AVATARS, MAX_SKETCHES
from contract.records import Interview, Report, Transcript
from contract.requests import CorrectionsRequest, CvForm, CvTextRequest, StartForm, StartRequest
from interview.assessment.download import FORMATS as REPORT_FORMATS
from interview.openapi.schemas import TEXT, Schema, ref
from interview.transcript import FORMATS, MEDIA_TYPES

_FAILURES: dict[int, str] = {
    400: "The body is malformed (`bad_message`).",
    403: "The request comes from another website (`foreign_origin`), the start code is missing or wrong "
    "(`start_code`), or Firebase App Check does not vouch for the page (`app_check`).",
    404: "No such interview, or not with this token: the two are not told apart (`not_found`).",
    408: "The body did not arrive in time (`slow_body`).",
    409: "Not now: the interview has begun (`already_live`), is over (`already_ended`), or what else `code` says.",
    413: "The CV (`cv_too_large`) or another part (`too_large`) is over its limit.",
    415: "The body is neither multipart/form-data nor JSON (`unsupported_body`).",
    422: "A value that can't be accepted (`invalid_*`), or a CV that can't be read (`cv_*`).",
    429: "As many interviews as can be held at once or today (`at_capacity`), or as many starts as one network may "
    "make in an hour (`too_many_requests`).",
    500: "A fault of ours (`internal`).",
    502: "The language model that reads scanned CVs refuses us (`model_*`).",
    503: "Store, files or language model don't work at the moment (`store_unavailable`, `model_unavailable`), "
    "too many CVs are being read (`readers_busy`), or the operator admits nobody at present (`closed`).",
    504: "The language model that reads scanned CVs does not answer (`model_silent`).",
}
_SESSION: Schema = {"name": "session_id", "in": "path", "required": True, "schema": TEXT}
_FORMAT: Schema = {
    "name": "format",
    "in": "query",
    "schema": {"type": "string", "enum": list(FORMATS), "default": "json"},
}
_REPORT_FORMAT: Schema = {
    "name": "format",
    "in": "query",
    "schema": {"type": "string", "enum": list(REPORT_FORMATS), "default": "md"},
}
_RETRY_AFTER: Schema = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
_RETRIED = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
_UPLOAD_FAILURES = (400, 403, 408, 413, 415, 422, 500, 502, 503, 504)


def _json(shape: type[Struct], description: str, *, headers: Schema | None = None) -> Schema:
    answer: Schema = {"description": description, "content": {"application/json": {"schema": ref(shape)}}}
    return {**answer, "headers": headers} if headers else answer


def _failures(*statuses: int) -> Schema:
    return {
        str(status): {
            "description": _FAILURES[status],
            "content": {"application/problem+json": {"schema": ref(Problem)}},
            **({"headers": _RETRY_AFTER} if status in _RETRIED else {}),
        }
        for status in statuses
    }


def _operation(name: str, summary: str, responses: Schema, *, key: str | None = "session", **more: Any) -> Schema:
    """An operation that `key`, one of the security schemes, opens; None: that is open to all."""
    security: list[Schema] = [{key: []}] if key else []
    return {"operationId": name, "summary": summary, "security": security, **more, "responses": responses}


PATHS: Schema = {
    "/api/interview/start": {
        "post": _operation(
            "start",
            "Create an interview",
            {"201": _json(StartAnswer, "The interview is ready."), **_failures(404, *_UPLOAD_FAILURES, 429)},
            key=None,
            requestBody={
                "required": True,
                "content": {
                    "multipart/form-data": {"schema": ref(StartForm)},
                    "application/json": {"schema": ref(StartRequest)},
                },
            },
        )
    },
    "/api/interview/read-cv": {
        "post": _operation(
            "readCv",
            "Read a CV as `start` would, without creating or keeping anything and without asking a model",
            {"200": _json(CvRead, "What the interviewer would see."), **_failures(400, 408, 413, 415, 422, 500, 503)},
            key=None,
            requestBody={"required": True, "content": {"multipart/form-data": {"schema": ref(CvForm)}}},
        ),
    },
    "/api/interview/voice-sample": {
        "get": _operation(
            "hearVoice",
            "A sentence in a voice that is offered; the embedded interviewer has one voice",
            {
                "200": {"description": "The sentence, 24 kHz.", "content": {"audio/wav": {}}},
                **_failures(422, 500, 502, 503, 504),
            },
            key=None,
            parameters=[
                {"name": "voice", "in": "query", "schema": TEXT},
                {"name": "speech_rate", "in": "query", "schema": {"enum": ["normal", "slow"]}},
            ],
        )
    },
    "/api/interview/{session_id}/upload-cv": {
        "parameters": [_SESSION],
        "post": _operation(
            "uploadCv",
            "Replace the CV before the interview is live",
            {
                "200": _json(CvReplaced, "The interviewer will see this one."),
                **_failures(404, 409, *_UPLOAD_FAILURES),
            },
            requestBody={"required": True, "content": {"multipart/form-data": {"schema": ref(CvForm)}}},
        ),
    },
    "/api/interview/{session_id}/cv-text": {
        "parameters": [_SESSION],
        "put": _operation(
            "putCvText",
            "Correct or shorten the CV's text before the interview is live",
            {
                "200": _json(CvReplaced, "The interviewer will see this text."),
                **_failures(400, 403, 404, 408, 409, 413, 422, 500, 503),
            },
            requestBody={"required": True, "content": {"application/json": {"schema": ref(CvTextRequest)}}},
        ),
    },
    "/api/interview/{session_id}/avatar": {
        "parameters": [_SESSION],
        "post": _operation(
            "openAvatar",
            f"Open another avatar conversation in place of the present one: {MAX_AVATARS} in an interview "
            "(`avatar_limit`), one at a time (`avatar_opening`), and none while nobody is connected (`not_live`)",
            {
                "200": _json(AvatarRoom, "A new room; or none, which is no error."),
                **_failures(403, 404, 409, 500, 503),
            },
        ),
    },
    "/api/interview/{session_id}/end": {
        "parameters": [_SESSION],
        "post": _operation(
            "end",
            "End the interview and get its summary, which is written meanwhile; a repeated call gives the same",
            {
                "200": _json(EndAnswer, "Ended and summarised."),
                "202": _json(SummaryPending, "Ended; the summary isn't available yet.", headers=_RETRY_AFTER),
                **_failures(403, 404, 500, 503),
            },
        ),
    },
    "/api/interview/{session_id}/corrections": {
        "parameters": [_SESSION],
        "post": _operation(
            "correctTranscript",
            "Correct one's own turns, once, after the interview (`not_ended`, `already_corrected`); another summary is "
            "written with the corrected words",
            {
                "200": _json(Transcript, "With both texts of each corrected turn."),
                **_failures(400, 403, 404, 408, 409, 413, 422, 500, 503),
            },
            requestBody={"required": True, "content": {"application/json": {"schema": ref(CorrectionsRequest)}}},
        ),
    },
    "/api/interview/{session_id}/questions/{turn}/sketch": {
        "parameters": [_SESSION, {"name": "turn", "in": "path", "required": True, "schema": {"type": "integer"}}],
        "post": _operation(
            "sketchAnswer",
            f"A sketch of a good answer to the interviewer's question in this turn, after the interview (`not_ended`); "
            f"{MAX_SKETCHES} in an interview (`too_many_sketches`), each kept",
            {"200": _json(Sketch, "The sketch."), **_failures(403, 404, 409, 422, 500, 502, 503, 504)},
        ),
    },
    "/api/interview/{session_id}": {
        "parameters": [_SESSION],
        "get": _operation(
            "readInterview",
            "The record",
            {"200": _json(Interview, "All that is kept but prompt and tokens."), **_failures(404, 500, 503)},
        ),
        "delete": _operation(
            "deleteInterview",
            "Delete everything of the interview",
            {"200": _json(Receipt, "What was deleted where."), **_failures(403, 404, 500, 503)},
        ),
    },
    "/api/interview/{session_id}/transcript": {
        "parameters": [_SESSION],
        "get": _operation(
            "readTranscript",
            "The transcript as a file",
            {
                "200": {
                    "description": "Every turn kept so far.",
                    "headers": {"Content-Disposition": {"description": "With a name for the file.", "schema": TEXT}},
                    "content": {
                        media_type: {"schema": ref(Transcript) if name == "json" else TEXT}
                        for name, media_type in MEDIA_TYPES.items()
                    },
                },
                **_failures(404, 422, 500, 503),
            },
            parameters=[_FORMAT],
        ),
    },
    "/api/interview/{session_id}/report": {
        "parameters": [_SESSION],
        "get": _operation(
            "readReport",
            "The whole report as a file: the assessment with the transcript",
            {
                "200": {
                    "description": "The assessment as far as it is written, and every turn kept so far.",
                    "headers": {"Content-Disposition": {"description": "With a name for the file.", "schema": TEXT}},
                    "content": {
                        MEDIA_TYPES[name]: {"schema": ref(Report) if name == "json" else TEXT}
                        for name in REPORT_FORMATS
                    },
                },
                **_failures(404, 422, 500, 503),
            },
            parameters=[_REPORT_FORMAT],
        ),
    },
    "/api/interview/sweep": {
        "post": _operation(
            "sweep",
            "Mark live interviews without a connection as abandoned, end avatar conversations that still run, and hand "
            "over summaries that are due; call again while there are more",
            {"200": _json(SweepResult, "What was found and done."), **_failures(404, 500, 503)},
            key="scheduler",
        )
    },
    "/api/interview/{session_id}/write-summary": {
        "parameters": [_SESSION],
        "post": _operation(
            "writeSummary",
            "Make one attempt at the summary, if one is due",
            {"200": _json(SummaryAttempt, "How the attempt has ended."), **_failures(404, 500, 503)},
            key="scheduler",
        ),
    },
    "/api/interview/hooks/tavus/{secret}": {
        "parameters": [{"name": "secret", "in": "path", "required": True, "schema": TEXT}],
        "post": _operation(
            "hearTavus",
            "Event of the avatar's provider about a conversation; the secret admits it alone",
            {
                "200": {"description": "Taken in.", "content": {"application/json": {"schema": {"type": "object"}}}},
                **_failures(404, 500, 503),
            },
            key=None,
            requestBody={"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
        ),
    },
    "/api/openapi.json": {
        "get": _operation(
            "readOpenapi",
            "This description",
            {
                "200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}},
                **_failures(500),
            },
            key=None,
        )
    },
}
