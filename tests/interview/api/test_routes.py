import pytest

from interview.api.message import Request, Response
from interview.api.routes import Route


async def handler(_request: Request, _backends: object) -> Response:
    return Response(200)


@pytest.mark.parametrize(
    ("template", "path", "match"),
    [
        ("/api/interview/start", "/api/interview/start", {}),
        ("/api/interview/start", "/api/interview/start/", None),
        ("/api/interview/{session_id}", "/api/interview/abc", {"session_id": "abc"}),
        ("/api/interview/{session_id}", "/api/interview/", None),
        ("/api/interview/{session_id}", "/api/interview/abc/end", None),
        ("/api/interview/{session_id}/end", "/api/interview/abc/end", {"session_id": "abc"}),
        ("/api/interview/{session_id}/end", "/api/interview//end", None),
        ("/api/interview/{session_id}/end", "/api/interview/abc/endless", None),
        ("/api/interview/hooks/tavus/{secret}", "/api/interview/hooks/tavus/abc-1", {"secret": "abc-1"}),
        ("/api/interview/hooks/tavus/{secret}", "/api/interview/hooks/tavus/", None),
        ("/api/interview/{session_id}/end", "/api/interview/hooks/tavus/end", None),
        ("/api/openapi.json", "/api/openapi_json", None),
    ],
)
def test_match(template: str, path: str, match: dict[str, str] | None) -> None:
    assert Route("GET", template, handler).match(path) == match
