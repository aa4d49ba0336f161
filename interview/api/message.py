"""HTTP requests and responses as plain values, and the conversion of errors into responses."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from interview.errors import InterviewError, Invalid, Later, Unavailable

RETRY_AFTER_SECONDS = 5
"""The Retry-After of an answer when a backend is unavailable."""


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request. The names in `headers` are lower-case, `body` can be read once, `peer` is the address at the
    other end of the connection, and `session_id`, `secret` and `turn` are parameters of the path.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: AsyncIterator[bytes]
    session_id: str = ""
    secret: str = field(default="", repr=False)
    turn: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """A complete HTTP response."""

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
    """An RFC 9457 problem. `code` is for programs; `title` and `detail` are for people."""
    content = {"type": f"urn:interviewer:problem:{code}", "title": title, "status": status, "detail": detail}
    body = json.dumps({**content, "code": code, **more}, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, body, {"content-type": "application/problem+json", **(headers or {})})


def problem_of(error: InterviewError) -> Response:
    """The problem for `error`, with the invalid field, or with the time after which to retry."""
    more = {"field": error.field} if isinstance(error, Invalid) and error.field else {}
    wait = error.retry_after if isinstance(error, Later) else RETRY_AFTER_SECONDS * isinstance(error, Unavailable)
    headers = {"retry-after": str(wait)} if wait else {}
    return problem(error.status, error.code, error.title, error.detail, headers=headers, **more)
