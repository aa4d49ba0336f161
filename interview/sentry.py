"""Sends errors to Sentry, if `SENTRY_DSN` is set. Otherwise the SDK is not even imported.

An error carries its type and where it was raised, as in the log, and nothing else: its message, the values of
variables, the request and the session may be or contain what a candidate wrote or said.
"""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from interview import log
from interview.errors import InterviewError
from interview.settings import Settings
from interview.version import VERSION

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

FLUSH_SECONDS: Final = 1.0
"""How long `flush` waits for errors that have not been sent yet."""

_EVENT: Final = ("event_id", "timestamp", "platform", "level", "release", "tags", "fingerprint")
_EXCEPTION: Final = ("type", "module")
_FRAME: Final = ("filename", "function", "module", "lineno", "in_app")


def start(settings: Settings, service: str) -> None:
    """Send each error that is logged to Sentry, as an error of this service. Does nothing without a DSN."""
    if settings.sentry_dsn is None:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=settings.sentry_dsn,
        release=VERSION,
        server_name="",
        # An integration would add requests, breadcrumbs, or the arguments of calls.
        default_integrations=False,
        auto_enabling_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        enable_backpressure_handling=False,
        before_send=_reduced,
    )

    def report(message: str, error: BaseException) -> None:
        code = error.code if isinstance(error, InterviewError) else "internal"
        with sentry_sdk.new_scope() as scope:
            scope.set_tags({"service": service, "message": message, "code": code})
            scope.fingerprint = [service, message, code, type(error).__qualname__]
            scope.capture_exception(error)

    log.on_failure(report)


async def flush(settings: Settings) -> None:
    """Wait until the errors are sent: after an answer, a function may get no processor time. Returns at once without a
    DSN.
    """
    if settings.sentry_dsn is not None:
        import sentry_sdk

        await asyncio.to_thread(sentry_sdk.flush, FLUSH_SECONDS)


def _reduced(event: "Event", _hint: "Hint") -> "Event":
    """The event with the fields that are listed above, and no others."""
    given: dict[str, Any] = dict(event)
    exceptions = (given.get("exception") or {}).get("values") or ()
    kept: Any = {name: given[name] for name in _EVENT if name in given}
    kept["exception"] = {"values": [_exception(one) for one in exceptions]}
    return kept  # type: ignore[no-any-return]


def _exception(given: dict[str, Any]) -> dict[str, Any]:
    frames = (given.get("stacktrace") or {}).get("frames") or ()
    stack = [{name: frame[name] for name in _FRAME if name in frame} for frame in frames]
    return {**{name: given.get(name) for name in _EXCEPTION}, "stacktrace": {"frames": stack}}
