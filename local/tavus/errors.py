"""Errors in Tavus's words: `error` for a wrong request, `message` for a wrong or exhausted account."""

from starlette.responses import JSONResponse

CONCURRENCY = "User has reached maximum concurrent conversations"
CREDIT = "The user is out of conversational credits"


class Refused(Exception):
    """A request that gets an error."""

    def __init__(self, status: int, text: str, *, field: str = "error") -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.field = field

    def response(self) -> JSONResponse:
        """The error as an HTTP response."""
        return JSONResponse({self.field: self.text}, status_code=self.status)


def key() -> Refused:
    """The key is missing or wrong."""
    return Refused(401, "Invalid access token", field="message")


def concurrency() -> Refused:
    """Too many conversations at once: Tavus answers 400, not 429."""
    return Refused(400, CONCURRENCY, field="message")


def credit(status: int = 402) -> Refused:
    """No minutes left. Tavus answers 402 or 400."""
    return Refused(status, CREDIT, field="message")


def invalid(name: str) -> Refused:
    """An unknown id."""
    return Refused(400, f"Invalid {name}")
