"""The shapes of what goes in and comes out."""

from typing import Any, get_args

from interview.cv import MAX_CHARACTERS
from interview.record import LEVELS, AvatarStatus, EndedReason, Output, Source, Speaker, Status
from interview.summary import VERDICTS

Schema = dict[str, Any]


def _object(properties: Schema, *, optional: tuple[str, ...] = (), **more: Any) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False, **more}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def ref(name: str) -> Schema:
    """A reference to one of `SCHEMAS`."""
    return {"$ref": f"#/components/schemas/{name}"}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
TIME: Schema = {"type": "string", "format": "date-time"}
LEVEL: Schema = {"type": "string", "enum": list(LEVELS)}
OUTPUT: Schema = {"type": "string", "enum": list(get_args(Output))}
_STATUS: Schema = {"type": "string", "enum": list(get_args(Status))}
_WEBSOCKET: Schema = {"type": "string", "format": "uri"}
_REASON: Schema = {"type": "string", "enum": list(get_args(EndedReason))}
SECONDS: Schema = {"type": "integer", "minimum": 0, "description": "Seconds."}

_WISH: Schema = {
    "skill_topic": {
        "type": "string",
        "minLength": 1,
        "maxLength": 500,
        "description": "The subject, in any words; blanks around it are cut off and nothing is interpreted.",
    },
    "level": {**LEVEL, "default": "intermediate"},
    "job_description": {"type": "string", "maxLength": 10_000},
    "language": {"type": "string", "default": "en-US", "maxLength": 35, "description": "A BCP-47 tag."},
    "output": {
        **OUTPUT,
        "default": "avatar",
        "description": "Whether the interviewer has a face, where there is one to be had.",
    },
}
_CV: Schema = {
    "filename": TEXT,
    "pages": COUNT,
    "characters": {**COUNT, "description": "Characters that were read in all."},
    "truncated": {"type": "boolean", "description": "Whether the interviewer sees less of it than was read."},
    "warning": {**_or_null(TEXT), "description": "All `warnings` in one."},
    "warnings": {**_array(TEXT), "description": "Sentences for the candidate: what was cut, hidden or unreadable."},
    "hidden_words": {**COUNT, "description": "Words that people can't see, and that were left out."},
    "text": {"type": "string", "description": "The text as the interviewer will have it."},
}
_FACE: Schema = {
    "conversation_url": {
        **_or_null({"type": "string", "format": "uri"}),
        "description": "The room with the interviewer's face; null: the interview is by voice.",
    },
    "conversation_token": {**_or_null(TEXT), "description": "What lets the caller in; given once."},
    "warnings": {**_array(TEXT), "description": "Sentences for the candidate, on why there is no face above all."},
}
# Contents of a file part have no schema of their own in OpenAPI 3.1.
CV_FILE: Schema = {
    "description": "PDF, DOCX, ODT, RTF or plain text, 10 MB at most; a photograph where a language model is set up."
}

SCHEMAS: Schema = {
    "Wish": {
        "type": "object",
        "properties": {name: _or_null(s) if name != "skill_topic" else s for name, s in _WISH.items()},
        "required": ["skill_topic"],
    },
    "WishWithCv": {
        "type": "object",
        "properties": {**_WISH, "cv_file": CV_FILE},
        "required": ["skill_topic"],
    },
    "CvFile": {"type": "object", "properties": {"cv_file": CV_FILE}, "required": ["cv_file"]},
    "CvText": {
        "type": "object",
        "properties": {"text": {"type": "string", "minLength": 1, "maxLength": MAX_CHARACTERS}},
        "required": ["text"],
    },
    "Cv": _object(_CV, description="What was read of a CV."),
    "Started": _object(
        {
            "session_id": TEXT,
            "session_token": {"type": "string", "description": "Given once and kept by nobody but the caller."},
            "status": {"const": "ready"},
            "stream_url": {**_WEBSOCKET, "description": "The WebSocket to hold the interview on."},
            "stream_urls": {
                **_array(_WEBSOCKET),
                "minItems": 2,
                "description": "Where there are relays in several regions: one WebSocket each, the first of them "
                "`stream_url`. Any one of them will do, and the interview can move between them.",
            },
            **_FACE,
            "cv": _or_null(ref("Cv")),
            "max_duration_seconds": SECONDS,
            "expires_at": {**TIME, "description": "When everything of the session is deleted."},
        },
        optional=("stream_urls",),
    ),
    "Face": _object(_FACE),
    "CvReplaced": _object({"cv": ref("Cv")}),
    "Evidence": _object(
        {
            "turn": {**COUNT, "description": "The candidate's turn."},
            "quote": {
                "type": "string",
                "minLength": 1,
                "description": "Words of that turn, as the transcript has them.",
            },
        }
    ),
    "Point": _object({"point": TEXT, "evidence": _array(ref("Evidence"))}),
    "Summary": _object(
        {
            "performance_summary": TEXT,
            "strengths": {**_array(ref("Point")), "description": "Each with one quote at least."},
            "improvements": {
                **_array(ref("Point")),
                "description": "Without evidence where they are about something that was never said.",
            },
            "recommendation": {"type": "string", "description": "A sentence or two."},
            "verdict": {"type": "string", "enum": list(VERDICTS)},
            "assessed": {"type": "boolean", "description": "False: there was nothing to judge, or nobody to judge it."},
            "written_by": {"type": "string", "description": "The model's name, or `rules`."},
            "quotes_checked": {**COUNT, "description": "How many quotes the model gave."},
            "quotes_dropped": {**COUNT, "description": "How many of them the candidate never said."},
        }
    ),
    "Completed": _object(
        {
            "session_id": TEXT,
            "status": {"const": "completed"},
            "ended_reason": _REASON,
            "duration_seconds": SECONDS,
            "summary": ref("Summary"),
        }
    ),
    "SummaryPending": _object(
        {"session_id": TEXT, "status": {"const": "summary_pending"}, "retry_after_seconds": SECONDS},
        description="The interview has ended and its transcript is safe. Make the same call again for the summary.",
    ),
    "Interview": _object(
        {
            "session_id": TEXT,
            "skill_topic": TEXT,
            "level": LEVEL,
            "language": TEXT,
            "job_description": _or_null(TEXT),
            "cv": _or_null(ref("Cv")),
            "status": _STATUS,
            "created_at": TIME,
            "started_at": _or_null(TIME),
            "ended_at": _or_null(TIME),
            "ended_reason": _or_null(_REASON),
            "duration_seconds": _or_null(SECONDS),
            "max_duration_seconds": SECONDS,
            "turn_count": COUNT,
            "avatar": _or_null(ref("Avatar")),
            "live": _object({"epoch": {**COUNT, "description": "How often a stream was opened."}}),
            "summary": _or_null(ref("Summary")),
            "expires_at": TIME,
        }
    ),
    "Avatar": _object(
        {
            "provider": TEXT,
            "status": {"type": "string", "enum": list(get_args(AvatarStatus))},
            "conversation_id": _or_null(TEXT),
            "created_at": {**_or_null(TIME), "description": "From here on the present conversation costs money."},
            "ended_at": {**_or_null(TIME), "description": "Up to here."},
            "reason": {**_or_null(TEXT), "description": "A code: why it ended, or never came."},
            "seconds": {**SECONDS, "description": "Seconds of all conversations that have ended."},
            "changes": {
                **_array(_object({"at": TIME, "output": OUTPUT, "reason": TEXT})),
                "description": "Where the interviewer's voice went, the last 64 changes.",
            },
        },
        description="The interviewer's face.",
    ),
    "Turn": _object(
        {
            "turn": COUNT,
            "speaker": {"type": "string", "enum": list(get_args(Speaker))},
            "text": TEXT,
            "started_at": TIME,
            "ended_at": TIME,
            "interrupted": FLAG,
            "source": {"type": "string", "enum": list(get_args(Source))},
        }
    ),
    "Transcript": _object(
        {
            "session_id": TEXT,
            "skill_topic": TEXT,
            "level": LEVEL,
            "language": TEXT,
            "status": _STATUS,
            "started_at": _or_null(TIME),
            "ended_at": _or_null(TIME),
            "duration_seconds": _or_null(SECONDS),
            "turns": _array(ref("Turn")),
        }
    ),
    "Receipt": _object(
        {
            "session_id": TEXT,
            "deleted": _object(
                {
                    "store": _object({"interview": COUNT, "turns": COUNT}),
                    "files": {**_array(TEXT), "description": "Names of the files that were deleted."},
                    "avatar": {**_array(TEXT), "description": "The avatar's conversations, deleted at its provider."},
                }
            ),
            "not_deleted": _object(
                {"avatar": {**_array(TEXT), "description": "Conversations that the provider did not delete now."}}
            ),
            "deleted_at": TIME,
        }
    ),
    "Swept": _object(
        {
            "abandoned": {**COUNT, "description": "Interviews that are abandoned now and were live before."},
            "more": {**FLAG, "description": "Whether others are waiting for the next call."},
            "avatars": {
                **_or_null(
                    _object(
                        {
                            "ended": {**COUNT, "description": "Conversations that nobody had ended."},
                            "complete": {
                                **FLAG,
                                "description": "Whether all could be looked at, and ended if need be.",
                            },
                        }
                    )
                ),
                "description": "Null where there are no avatars.",
            },
        }
    ),
    "Problem": _object(
        {
            "type": {"type": "string", "format": "uri"},
            "title": TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": TEXT,
            "code": {"type": "string", "pattern": "^[a-z_]+$"},
            "field": {"type": "string", "description": "The field at fault."},
        },
        optional=("field",),
        description="RFC 9457.",
    ),
}
