"""Routing, CORS, errors, and the headers of every response."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from interview import log
from interview.api.backends import Backends
from interview.api.message import Request, Response, problem, problem_of
from interview.errors import Forbidden, InterviewError, Unavailable

Handler = Callable[[Request, Backends], Awaitable[Response]]

_ALWAYS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "vary": "Origin"}
_EXPOSED = "Content-Disposition, Retry-After"
_ALLOWED_HEADERS = "Authorization, Content-Type, X-Firebase-AppCheck"
_PREFLIGHT_SECONDS = 600
_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path. `path` is written as in OpenAPI; its parameters are fields of `Request`."""

    method: str
    path: str
    handler: Handler

    def match(self, path: str) -> dict[str, str] | None:
        """The parameters in `path` by their names, {} for a route without any, or None if the path does not match."""
        names = _PARAMETER.findall(self.path)
        texts = map(re.escape, _PARAMETER.split(self.path)[::2])
        found = re.fullmatch(r"([^/]+)".join(texts), path)
        return dict(zip(names, found.groups(), strict=True)) if found else None


async def answer(routes: Sequence[Route], request: Request, backends: Backends) -> Response:
    """The response to `request`. Every error becomes a problem; an unexpected one is logged."""
    found = {route.method: (route, match) for route in routes if (match := route.match(request.path)) is not None}
    response = await _respond(found, request, backends)
    return replace(response, headers={**_ALWAYS, **_cors(request, backends, found), **response.headers})


async def _respond(found: Mapping[str, tuple[Route, dict[str, str]]], request: Request, backends: Backends) -> Response:
    if not found:
        return problem(404, "unknown_path", "Not found", "There is nothing at this address.")
    allow = {"allow": ", ".join([*found, "OPTIONS"])}
    if request.method == "OPTIONS":
        return Response(204, headers=allow)
    if request.method not in found:
        detail = f"This address accepts {' and '.join(found)}."
        return problem(405, "method_not_allowed", "Method not allowed", detail, headers=allow)
    route, parameters = found[request.method]
    session_id = parameters.get("session_id", "")
    try:
        _check_origin(request, backends)
        secret, turn = parameters.get("secret", ""), parameters.get("turn", "")
        named = replace(request, session_id=session_id, secret=secret, turn=turn)
        return await route.handler(named, backends)
    except InterviewError as error:
        if isinstance(error, Unavailable):
            log.failure("dependency_failed", error, session_id=session_id)
        return problem_of(error)
    except Exception as error:  # noqa: BLE001  # The last resort: the caller gets a problem, the log the traceback.
        log.failure("unexpected_error", error, session_id=session_id)
        return problem(500, InterviewError.code, InterviewError.title, "The error has been logged. Please try again.")


def _check_origin(request: Request, backends: Backends) -> None:
    """Refuse a request with which another website would change something. Raises Forbidden.

    A browser sets both headers, and no page can change them. A caller without them is no browser, and no other website
    can have it call. An allowed origin may be another site than ours, so Sec-Fetch-Site counts only without an origin.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    foreign = site == "cross-site" if origin is None else origin not in backends.settings.allowed_origins
    if foreign and request.method not in ("GET", "HEAD"):
        raise Forbidden("Interviews can only be started and changed from their own website.")


def _cors(request: Request, backends: Backends, found: Mapping[str, object]) -> dict[str, str]:
    """CORS headers that allow the web app's origins and no other."""
    origin = request.headers.get("origin", "")
    if origin not in backends.settings.allowed_origins:
        return {}
    headers = {"access-control-allow-origin": origin, "access-control-expose-headers": _EXPOSED}
    if request.method == "OPTIONS" and found:
        headers |= {
            "access-control-allow-methods": ", ".join(found),
            "access-control-allow-headers": _ALLOWED_HEADERS,
            "access-control-max-age": str(_PREFLIGHT_SECONDS),
        }
    return headers
