"""The HTTP interface in OpenAPI 3.1, as `GET /api/openapi.json` returns it."""

from typing import Any

_ABOUT = """\
One voice interview: start it, hold it over the WebSocket that `stream_url` names, end it, read and delete what is kept.
Every error is an RFC 9457 problem; programs go by its `code`."""


def document() -> dict[str, Any]:
    """The description of everything that the functions serve."""
    # Imported at the first call: it loads msgspec and the contract's shapes, which nothing else in a function needs.
    from interview.openapi.operations import PATHS
    from interview.openapi.schemas import SCHEMAS

    return {
        "openapi": "3.1.0",
        "info": {"title": "AI interviewer", "version": "1.0.0", "description": _ABOUT},
        "servers": [{"url": "/"}],
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "session": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The `session_token` that `start` answered with. It opens this one interview.",
                },
                "scheduler": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A Google ID token of the one service account that the operator has named.",
                },
            },
        },
    }
