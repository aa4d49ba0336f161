"""What to do when a connection to Gemini Live fails: one table, by close code or HTTP status, reason, and moment.

Only what another attempt can't mend is final: a bad key, a denied permission, a disabled API, and at the first dial a
model that does not exist. Everything else has been seen to pass.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.genai import errors
from websockets.exceptions import ConnectionClosed, InvalidStatus

from interview.errors import ModelUnavailable

Moment = Literal["first", "setup", "live"]
"""When it failed: at the interview's first dial; at a later one, before any event; on a connection that was working."""

REASON_LENGTH: Final = 123
"""Characters of a reason that are logged: as many as a close frame can carry."""


class Remedy(Enum):
    """What helps."""

    RETRY = "dial again"
    WAIT = "dial again after growing pauses, and say so"
    DROP_HANDLE = "dial again without the resumption handle"
    SIMPLIFY = "dial again without the optional fields of the setup, once"
    GIVE_UP = "nothing: end the interview"


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of failure. An empty `codes` fits every code; `reason` is searched for without regard to case."""

    codes: frozenset[int]
    reason: str
    moments: frozenset[Moment]
    remedy: Remedy
    code: str
    """Our error code: for the candidate's notice and the log."""
    source: str


_ANY: Final = frozenset[int]()
_ALWAYS: Final = frozenset[Moment](("first", "setup", "live"))
_DIALLING: Final = frozenset[Moment](("first", "setup"))

TABLE: Final = (
    Row(_ANY, r"api.?key (?:not valid|expired|not found)|api_key_invalid|invalid api key", _ALWAYS,
        Remedy.GIVE_UP, "model_key", "documented: API key errors"),
    Row(_ANY, r"permission.?denied|not been used in project|is disabled|service_disabled|credentials were not found",
        _ALWAYS, Remedy.GIVE_UP, "model_key", "documented: PERMISSION_DENIED, SERVICE_DISABLED; google-auth"),
    Row(frozenset({401, 403}), r"", _ALWAYS, Remedy.GIVE_UP, "model_key", "documented: HTTP status of the handshake"),
    Row(frozenset({1007, 1008}), r"session (?:not found|expired|is invalid)|resumption|handle", _ALWAYS,
        Remedy.DROP_HANDLE, "model_unavailable", "reported: yeyu2/Youtube_demos#5"),
    Row(_ANY, r"exhausted|quota|rate.?limit|too many requests|credits?\b.*(?:depleted|exhausted)|billing", _ALWAYS,
        Remedy.WAIT, "model_quota", "reported: GoogleCloudPlatform/generative-ai#1576, sonichi/sutando#569"),
    Row(frozenset({429}), r"", _ALWAYS, Remedy.WAIT, "model_quota", "documented: HTTP status of the handshake"),
    Row(_ANY, r"high demand|overloaded|capacity|try again later", _ALWAYS,
        Remedy.WAIT, "model_busy", "documented: 503 UNAVAILABLE"),
    Row(frozenset({503}), r"", _ALWAYS, Remedy.WAIT, "model_busy", "documented: HTTP status of the handshake"),
    Row(_ANY, r"is not found for api version|not supported for bidigeneratecontent|unknown model|model .*not found",
        frozenset[Moment](("first",)), Remedy.GIVE_UP, "model_name", "documented: ListModels' own error"),
    Row(frozenset({404}), r"", frozenset[Moment](("first",)), Remedy.GIVE_UP, "model_name", "documented: HTTP status"),
    Row(frozenset({1007}), r"", _DIALLING, Remedy.SIMPLIFY, "model_setup",
        "reported: unsupported language code, discuss.ai.google.dev 114284; recorded: thinking level"),
    Row(_ANY, r"", _ALWAYS, Remedy.RETRY, "model_unavailable",
        "reported: 1008 at random, deprecated-generative-ai-js#487; documented: 1006, 1011"),
)  # fmt: skip
"""The first row that fits counts; the last one fits everything."""

_SDK_PREFIX: Final = re.compile(r"^\d+ None\. ")
"""What the SDK puts before the reason of a close frame."""
_SECRETS: Final = re.compile(r"AIza[\w-]{10,}|ya29\.[\w.-]+|[\w+/=~.-]{24,}")
"""Keys, tokens and handles, in either kind of base64: every long run without spaces."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed connection: the service's code and cleaned reason, and what helps."""

    remedy: Remedy
    code: str
    status: int = 0
    reason: str = ""


class ConnectionFailed(ModelUnavailable):
    """A connection to Gemini Live failed or was lost."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(SENTENCES[failure.code], code=failure.code)
        self.failure = failure


SENTENCES: Final = {
    "model_key": "The interviewer's service does not accept our key.",
    "model_name": "The interviewer's service does not know its model.",
    "model_setup": "The interviewer's service does not accept our settings.",
    "model_quota": "The interviewer's service has reached its limit. We keep trying.",
    "model_busy": "The interviewer's service is very busy. We keep trying.",
    "model_unavailable": "The connection to the interviewer was lost.",
    "model_silent": "The interviewer's service does not answer.",
}
"""What the candidate reads."""


def explain(error: Exception, moment: Moment) -> ConnectionFailed:
    """The failure that an error of the SDK, its socket or Google's credentials stands for."""
    status, reason = _status_and_reason(error)
    if isinstance(error, TimeoutError):
        return ConnectionFailed(Failure(Remedy.RETRY, "model_silent", reason="no answer in time"))
    row = find(status, reason, moment)
    return ConnectionFailed(Failure(row.remedy, row.code, status, clean(reason)))


def find(status: int, reason: str, moment: Moment) -> Row:
    """The table's row for a code, a reason and a moment."""
    return next(
        row
        for row in TABLE
        if moment in row.moments
        and (not row.codes or status in row.codes)
        and re.search(row.reason, reason, re.IGNORECASE)
    )


def clean(reason: str) -> str:
    """A reason for the log: cut, printable, and without anything that may be a key, a token or a handle."""
    printable = "".join(letter if letter.isprintable() else " " for letter in reason)
    return _SECRETS.sub("…", " ".join(printable.split()))[:REASON_LENGTH]


def _status_and_reason(error: Exception) -> tuple[int, str]:
    """The HTTP status or close code, and the service's reason."""
    match error:
        case errors.APIError():
            return error.code or 0, _SDK_PREFIX.sub("", str(error))
        case InvalidStatus():
            return error.response.status_code, (error.response.body or b"").decode(errors="replace")
        case ConnectionClosed() if error.rcvd:
            return error.rcvd.code, error.rcvd.reason
        case DefaultCredentialsError():
            return 401, "default credentials were not found"
        case GoogleAuthError():
            return 0, f"credentials: {type(error).__name__}"
        case _:
            return 0, type(error).__name__
