"""Every error that a caller is told about.

    InterviewError             status  code                     close code
     ├─ Invalid                 422    invalid                  4400
     │   ├─ UnreadableCv        422    cv_*
     │   └─ BadMessage          400    bad_message              4400
     ├─ TooLarge                413    too_large                1009
     ├─ NotFound                404    not_found                4401
     ├─ Conflict                409    conflict
     │   ├─ AlreadyEnded        409    already_ended            4410
     │   └─ Superseded          409    superseded               4409
     ├─ AtCapacity              429    at_capacity              4429
     ├─ NoHello                 408    no_hello                 4408
     └─ Unavailable             503    unavailable              1011
         ├─ StoreUnavailable    503    store_unavailable
         ├─ GoingAway           503    going_away               1012
         ├─ ModelUnavailable    503    model_unavailable
         │   ├─ ModelRefused    502    model_refused            (the key, the quota, the model: no use repeating)
         │   └─ ModelSilent     504    model_silent
         └─ AvatarUnavailable   503    avatar_unavailable
             └─ AvatarRefused   502    avatar_refused           (the key, the credit, a cap: no use repeating)

`status` and `code` go into an HTTP answer (RFC 9457), `close_code` into a WebSocket's close frame. The message is
written for the person who reads it and never carries a secret, a token, a CV or an answer.
"""

from typing import ClassVar


class InterviewError(Exception):
    """What went wrong, in words for the caller."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong on our side"
    close_code: ClassVar[int] = 1011
    code: str = "internal"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code


class Invalid(InterviewError):
    """A value that can't be accepted; `field` names it where there is one."""

    status = 422
    title = "That can't be accepted"
    close_code = 4400
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

    status = 400
    code = "bad_message"


class TooLarge(InterviewError):
    """A body, file or frame over its limit. Codes: too_large, cv_too_large."""

    status = 413
    title = "That is too large"
    close_code = 1009
    code = "too_large"


class NotFound(InterviewError):
    """No such session, or not the caller's: the two are not told apart."""

    status = 404
    title = "There is no such interview"
    close_code = 4401
    code = "not_found"

    def __init__(self, detail: str = "No interview is known under this address and token.") -> None:
        super().__init__(detail)


class Conflict(InterviewError):
    """Right in itself, but not in the interview's present state."""

    status = 409
    title = "Not at this point of the interview"
    code = "conflict"


class AlreadyEnded(Conflict):
    """The interview is over."""

    close_code = 4410
    code = "already_ended"


class Superseded(Conflict):
    """Another connection took the interview over; this one writes nothing more."""

    close_code = 4409
    code = "superseded"


class AtCapacity(InterviewError):
    """As many interviews as this instance takes."""

    status = 429
    title = "All interviewers are busy"
    close_code = 4429
    code = "at_capacity"


class NoHello(InterviewError):
    """A stream opened, and no hello in time."""

    status = 408
    title = "No hello in time"
    close_code = 4408
    code = "no_hello"


class Unavailable(InterviewError):
    """Something we depend on does not work now."""

    status = 503
    title = "Not available right now"
    code = "unavailable"


class StoreUnavailable(Unavailable):
    """The store or the files did not take or give what was asked."""

    code = "store_unavailable"


class GoingAway(Unavailable):
    """The instance is being stopped; another one answers the next call."""

    close_code = 1012
    code = "going_away"


class ModelUnavailable(Unavailable):
    """Gemini did not answer, or not with what was asked; another try may help."""

    code = "model_unavailable"


class ModelRefused(ModelUnavailable):
    """Gemini refuses us for good, and repeating does not help. Codes: model_key, model_quota, model_name."""

    status = 502
    code = "model_refused"


class ModelSilent(ModelUnavailable):
    """Gemini took the call and says nothing."""

    status = 504
    code = "model_silent"


class AvatarUnavailable(Unavailable):
    """The avatar's provider did not answer, or not with what was asked; the interview goes on by voice."""

    code = "avatar_unavailable"


class AvatarRefused(AvatarUnavailable):
    """There is no avatar for this interview, and asking again at once does not help. Codes: avatar_key, avatar_credit,
    avatar_concurrency (the provider's), avatar_capacity (our own cap), avatar_refused.
    """

    status = 502
    code = "avatar_refused"
