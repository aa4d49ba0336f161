"""A CV as its owner sees it over HTTP."""

from typing import Any

from interview.record import Cv


def outline(cv: Cv | None) -> dict[str, Any] | None:
    """What the owner sees of the CV that was read."""
    if cv is None:
        return None
    return {
        "filename": cv.filename,
        "pages": cv.pages,
        "characters": cv.characters,
        "truncated": cv.truncated,
        "warning": cv.warning,
        "warnings": list(cv.warnings) or ([cv.warning] if cv.warning else []),
        "hidden_words": cv.hidden_words,
        "text": cv.text,
    }
