"""Requests and responses as plain values, and the one way in which an error becomes a response."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from interview.errors import InterviewError, Invalid, Unavailable

RETRY_AFTER_SECONDS = 5
"""What a caller is told to wait when something we depend on does not work."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `headers` has lower-case names; `body` can be read once; `session_id` and `secret` come from
    the path.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: AsyncIterator[bytes]
    session_id: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response, complete."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def answer_json(content: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`content` as a JSON response."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, body, {"content-type": "application/json", **(headers or {})})


def problem(
    status: int, code: str, title: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """An RFC 9457 problem. `code` is what programs go by; `title` and `detail` are for people."""
    content = {"type": f"urn:interviewer:problem:{code}", "title": title, "status": status, "detail": detail}
    body = json.dumps({**content, "code": code, **more}, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, body, {"content-type": "application/problem+json", **(headers or {})})


def problem_of(error: InterviewError) -> Response:
    """The problem that tells the caller of `error`; with the field at fault, or with when to try again."""
    more = {"field": error.field} if isinstance(error, Invalid) and error.field else {}
    headers = {"retry-after": str(RETRY_AFTER_SECONDS)} if isinstance(error, Unavailable) else {}
    return problem(error.status, error.code, error.title, error.detail, headers=headers, **more)
