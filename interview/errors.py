"""Every error that a caller is told about.

    InterviewError
     ├─ Invalid
     │   ├─ UnreadableCv
     │   └─ BadMessage
     ├─ TooLarge
     ├─ NotFound
     ├─ Conflict
     │   ├─ AlreadyEnded
     │   └─ Superseded
     ├─ Forbidden
     ├─ Later
     │   ├─ AtCapacity
     │   ├─ TooManyRequests
     │   └─ Closed
     ├─ TooFast
     ├─ NoHello
     └─ Unavailable
         ├─ StoreUnavailable
         ├─ GoingAway
         ├─ ModelUnavailable
         │   ├─ ModelRefused            (the key, the quota, the model: no use repeating)
         │   └─ ModelSilent
         └─ AvatarUnavailable
             └─ AvatarRefused           (the key, the credit, a cap: no use repeating)

A class names its `code`; `contract/errors.py` has the HTTP status and the close code that belong to it. `status` and
`code` go into an HTTP answer (RFC 9457), `close_code` into a WebSocket's close frame. The message is written for the
person who reads it and never carries a secret, a token, a CV or an answer.
"""

from typing import ClassVar

from contract.errors import ERRORS


class InterviewError(Exception):
    """What went wrong, as a sentence for the caller. `code`, of a class or of one error, is one of the contract's."""

    code: str = "internal"
    status: ClassVar[int] = ERRORS["internal"].status
    close_code: ClassVar[int] = ERRORS["internal"].close
    title: ClassVar[str] = "Something went wrong on our side"

    def __init_subclass__(cls) -> None:
        """Status and close code as the contract has them for the class's code. Raises KeyError for an unknown code."""
        super().__init_subclass__()
        if "code" in cls.__dict__:
            cls.status, cls.close_code = ERRORS[cls.code].status, ERRORS[cls.code].close

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code


class Invalid(InterviewError):
    """A value that can't be accepted; `field` names it where there is one."""

    title = "That can't be accepted"
    code = "invalid"

    def __init__(self, detail: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.field = field


class UnreadableCv(Invalid):
    """A CV that can't be read. Codes: cv_empty, cv_encrypted, cv_damaged, cv_scanned, cv_wrong_type, cv_too_complex."""

    title = "The CV can't be read"
    code = "cv_damaged"


class BadMessage(Invalid):
    """A message that breaks the protocol: no JSON, an unknown type, a frame of odd length."""

    code = "bad_message"


class TooLarge(InterviewError):
    """A body, file or frame over its limit. Codes: too_large, cv_too_large."""

    title = "That is too large"
    code = "too_large"


class NotFound(InterviewError):
    """No such session, or not the caller's: the two are not told apart."""

    title = "There is no such interview"
    code = "not_found"

    def __init__(self, detail: str = "No interview is known under this address and token.") -> None:
        super().__init__(detail)


class Conflict(InterviewError):
    """A valid request that the interview's present state does not allow."""

    title = "Not at this point of the interview"
    code = "conflict"


class AlreadyEnded(Conflict):
    """The interview is over."""

    code = "already_ended"


class Superseded(Conflict):
    """Another connection took the interview over; this one writes nothing more."""

    code = "superseded"


class Forbidden(InterviewError):
    """A request that is refused because of where it comes from or what it lacks. Codes: app_check,
    foreign_origin, start_code.
    """

    title = "That isn't allowed"
    code = "foreign_origin"


class Later(InterviewError):
    """A request that is refused now and may be accepted after `retry_after` seconds, if that is known."""

    title = "Come back later"

    def __init__(self, detail: str, *, code: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


class AtCapacity(Later):
    """As many interviews as are allowed: on this instance, at a time, or in a day."""

    title = "All interviewers are busy"
    code = "at_capacity"


class TooManyRequests(Later):
    """More starts, or more readings of CVs, from one network than are allowed."""

    title = "Too many requests came from your network"
    code = "too_many_requests"


class Closed(Later):
    """The operator has set the switch to closed."""

    title = "No interviews at present"
    code = "closed"


class TooFast(InterviewError):
    """A page that sends more than the limits of the stream allow, and goes on after a notice."""

    title = "That is too fast"
    code = "too_fast"


class NoHello(InterviewError):
    """A stream was opened, and no hello came in time."""

    title = "No hello in time"
    code = "no_hello"


class Unavailable(InterviewError):
    """Something we depend on does not work now."""

    title = "Not available right now"
    code = "unavailable"


class StoreUnavailable(Unavailable):
    """A read or a write of the store or the files failed."""

    code = "store_unavailable"


class GoingAway(Unavailable):
    """The instance is being stopped; another one answers the next call."""

    code = "going_away"


class ModelUnavailable(Unavailable):
    """Gemini did not answer, or not with what was asked; another try may help."""

    code = "model_unavailable"


class ModelRefused(ModelUnavailable):
    """Gemini refuses us for good, and repeating does not help. Codes: model_key, model_quota, model_name."""

    code = "model_refused"


class ModelSilent(ModelUnavailable):
    """Gemini accepted the call and has not answered in time."""

    code = "model_silent"


class AvatarUnavailable(Unavailable):
    """The avatar's provider did not answer, or not with what was asked; the interview goes on by voice."""

    code = "avatar_unavailable"


class AvatarRefused(AvatarUnavailable):
    """There is no avatar for this interview, and asking again at once does not help. Codes: avatar_key, avatar_credit,
    avatar_concurrency (the provider's), avatar_capacity (our own cap), avatar_refused.
    """

    code = "avatar_refused"
