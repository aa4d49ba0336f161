"""Reading an interview: its record, its transcript and its report. Also the OpenAPI description."""

from dataclasses import asdict
from datetime import datetime

from interview import cost
from interview.api.authorisation import authorised
from interview.api.backends import Backends
from interview.api.cv_outline import outline
from interview.api.message import Request, Response, answer_json
from interview.assessment import download
from interview.clock import moment
from interview.openapi import document
from interview.record import Interview
from interview.transcript import Document, render


async def read_interview(request: Request, backends: Backends) -> Response:
    """`GET /api/interview/{session_id}`: the record without its internal fields (prompt, token, handles)."""
    interview = await authorised(request, backends)
    turns = await backends.store.turns(interview.session_id)
    cv, avatar = interview.cv, interview.avatar
    return answer_json(
        {
            "session_id": interview.session_id,
            "skill_topic": interview.skill_topic,
            "level": interview.level,
            "language": interview.language,
            "job_description": interview.job_description,
            "cv": outline(cv),
            "status": interview.status,
            "created_at": moment(interview.created_at),
            "started_at": moment(interview.started_at),
            "ended_at": moment(interview.ended_at),
            "ended_reason": interview.ended_reason,
            "duration_seconds": interview.duration_seconds,
            "max_duration_seconds": interview.max_duration_seconds,
            "remaining_seconds": _remaining_seconds(interview, backends.clock()),
            "turn_count": len(turns),
            "avatar": avatar
            and {
                "provider": avatar.provider,
                "status": avatar.status,
                "conversation_id": avatar.conversation_id,
                "created_at": moment(avatar.created_at),
                "ended_at": moment(avatar.ended_at),
                "reason": avatar.reason,
                "seconds": avatar.seconds,
                "changes": [
                    {"at": moment(change.at), "output": change.output, "reason": change.reason}
                    for change in avatar.changes
                ],
            },
            "live": {"epoch": interview.live.epoch},
            "usage": cost.block(interview, backends.clock()),
            "summary": interview.summary and asdict(interview.summary),
            "corrected_at": moment(interview.corrected_at),
            "retake_of": interview.retake_of,
            "question": interview.question,
            "voice": interview.voice,
            "speech_rate": interview.speech_rate,
            "extra_time": interview.extra_time,
            "thinking_seconds": round(interview.thinking_seconds),
            "expires_at": moment(interview.expires_at),
        }
    )


def _remaining_seconds(interview: Interview, at: datetime) -> float | None:
    """What the clock of a live interview has left. It runs without a connection, and not while the candidate thinks.

    None: the interview is not live.
    """
    if interview.status != "live" or interview.started_at is None:
        return None
    ran = (at - interview.started_at).total_seconds() - interview.thinking_seconds
    return max(0.0, interview.max_duration_seconds - ran)


async def read_transcript(request: Request, backends: Backends) -> Response:
    """`GET /api/interview/{session_id}/transcript?format=json|txt|md|vtt|docx`: all turns so far, as a file."""
    interview = await authorised(request, backends)
    turns = await backends.store.turns(interview.session_id)
    return _download(render(interview, turns, request.query.get("format") or "json"))


async def read_report(request: Request, backends: Backends) -> Response:
    """`GET /api/interview/{session_id}/report?format=md|docx|json`: the assessment with the transcript, as a file."""
    interview = await authorised(request, backends)
    turns = await backends.store.turns(interview.session_id)
    return _download(download.render(interview, turns, request.query.get("format") or "md"))


async def read_openapi(_request: Request, _backends: Backends) -> Response:
    """`GET /api/openapi.json`: the OpenAPI 3.1 description."""
    return answer_json(document())


def _download(file: Document) -> Response:
    headers = {"content-type": file.media_type, "content-disposition": f'attachment; filename="{file.filename}"'}
    return Response(200, file.data, headers)
