"""Errors as Tavus words them: `error` for what is wrong with a request, `message` for what is wrong with its sender."""

from starlette.responses import JSONResponse

CONCURRENCY = "User has reached maximum concurrent conversations"
CREDIT = "The user is out of conversational credits"


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, text: str, *, field: str = "error") -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.field = field

    def response(self) -> JSONResponse:
        """The answer."""
        return JSONResponse({self.field: self.text}, status_code=self.status)


def key() -> Refused:
    """No key, or not the right one."""
    return Refused(401, "Invalid access token", field="message")


def concurrency() -> Refused:
    """Too many conversations at once: a 400, and not a 429."""
    return Refused(400, CONCURRENCY, field="message")


def credit(status: int = 402) -> Refused:
    """No minutes left. Seen as 402 and as 400."""
    return Refused(status, CREDIT, field="message")


def invalid(name: str) -> Refused:
    """An id that is not known."""
    return Refused(400, f"Invalid {name}")
