"""Error codes: what programs go by, in an HTTP problem, a notice or the reason of a close frame.

A code that is not listed here does not exist: `interview/errors.py` takes status and close code from this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contract import closes


@dataclass(frozen=True, slots=True)
class Error:
    """One error code, the HTTP status that it travels with, and the close code if it ends a stream."""

    code: str
    status: int
    meaning: str
    close: int = closes.FAULT.code


_BAD: Final = closes.BAD_MESSAGE.code

_LISTED: Final = (
    Error("bad_message", 400, "A body or a message that is malformed.", _BAD),
    Error("app_check", 403, "Firebase App Check does not vouch for the page that asks."),
    Error("foreign_origin", 403, "The request comes from another website."),
    Error("start_code", 403, "`start_code` is missing or wrong."),
    Error("not_found", 404, "No such interview, or not with this token.", closes.NOT_FOUND.code),
    Error("unknown_path", 404, "There is nothing at this address."),
    Error("method_not_allowed", 405, "The address does not take this method."),
    Error("no_hello", 408, "The stream's first message did not come in time.", closes.NO_HELLO.code),
    Error("slow_body", 408, "The body did not arrive in time.", _BAD),
    Error("already_corrected", 409, "The transcript has been corrected; that can be done once."),
    Error("already_ended", 409, "The interview is over.", closes.ALREADY_ENDED.code),
    Error("already_live", 409, "The interview has begun."),
    Error("avatar_closed", 409, "The avatar was closed before it was there."),
    Error("avatar_limit", 409, "The interview has had as many avatar conversations as it may."),
    Error("avatar_opening", 409, "An avatar conversation is being opened already."),
    Error("conflict", 409, "Not in the interview's present state."),
    Error("no_cv", 409, "The interview has no CV to correct."),
    Error("not_ended", 409, "The interview has not ended yet."),
    Error("not_live", 409, "Nobody is connected to the interview."),
    Error("superseded", 409, "Another connection has taken the interview over.", closes.TAKEN_OVER.code),
    Error("too_many_cvs", 409, "The interview has had as many CVs as it may."),
    Error("too_many_sketches", 409, "The interview has had as many sketches of an answer as it may."),
    Error("cv_too_large", 413, "The CV is over its limit.", closes.TOO_BIG.code),
    Error("too_large", 413, "A body, a part or a frame is over its limit.", closes.TOO_BIG.code),
    Error("unsupported_body", 415, "The body is neither multipart/form-data nor JSON.", _BAD),
    Error("cv_damaged", 422, "The CV is damaged and can't be opened.", _BAD),
    Error("cv_empty", 422, "There is no text in the CV.", _BAD),
    Error("cv_encrypted", 422, "The CV is protected by a password.", _BAD),
    Error("cv_scanned", 422, "The CV is a picture of text and could not be read.", _BAD),
    Error("cv_too_complex", 422, "The CV can't be read in reasonable time.", _BAD),
    Error("cv_wrong_type", 422, "The CV is no PDF, DOCX, ODT, RTF, plain text or photograph that can be read.", _BAD),
    Error("invalid", 422, "A value that can't be accepted.", _BAD),
    Error("invalid_cv_file", 422, "`cv_file` is missing or is no file.", _BAD),
    Error("invalid_cv_text", 422, "The text of a CV is none, is empty or too long, or comes without a CV.", _BAD),
    Error("invalid_extra_time", 422, "`extra_time` is not one of the times that are offered.", _BAD),
    Error("invalid_format", 422, "`format` is not a format of the transcript.", _BAD),
    Error("invalid_job_description", 422, "`job_description` is too long.", _BAD),
    Error("invalid_language", 422, "`language` is not a language tag, or that language is not offered.", _BAD),
    Error("invalid_level", 422, "`level` is not a level.", _BAD),
    Error("invalid_minutes", 422, "`minutes` is not a length that is offered.", _BAD),
    Error("invalid_output", 422, "`output` is not an output.", _BAD),
    Error("invalid_retake_question", 422, "`retake_question` is not a question of the interview to retake.", _BAD),
    Error("invalid_skill_topic", 422, "`skill_topic` is missing or too long.", _BAD),
    Error("invalid_speech_rate", 422, "`speech_rate` is not a speech rate.", _BAD),
    Error("invalid_voice", 422, "`voice` is not a voice that is offered.", _BAD),
    Error("at_capacity", 429, "As many interviews as can be held at once, or today.", closes.AT_CAPACITY.code),
    Error("too_fast", 429, "A client sent more than the limits of the stream allow.", closes.AT_CAPACITY.code),
    Error("too_many_requests", 429, "Too many starts from one network.", closes.AT_CAPACITY.code),
    Error("internal", 500, "A fault of ours."),
    Error("avatar_capacity", 502, "As many avatars as this deployment allows."),
    Error("avatar_concurrency", 502, "The avatar's provider gives us no more conversations at once."),
    Error("avatar_credit", 502, "Our credit at the avatar's provider is used up."),
    Error("avatar_key", 502, "The avatar's provider does not accept our key."),
    Error("avatar_refused", 502, "The avatar's provider refuses us."),
    Error("model_key", 502, "The language model does not accept our credentials."),
    Error("model_name", 502, "The language model that is set does not exist."),
    Error("model_quota", 502, "Our quota of the language model is used up."),
    Error("model_refused", 502, "The language model refuses us."),
    Error("model_setup", 502, "The language model does not accept our settings."),
    Error("avatar_fault", 503, "The avatar's provider has a fault."),
    Error("avatar_strange", 503, "The avatar's provider sent an unreadable answer."),
    Error("avatar_timeout", 503, "The avatar's provider did not answer in time."),
    Error("avatar_unavailable", 503, "The avatar's provider does not work at the moment."),
    Error("avatar_unreachable", 503, "The avatar's provider can't be reached."),
    Error("browser_stalled", 503, "The client stopped reading from the stream."),
    Error("closed", 503, "The operator admits nobody at present.", closes.AT_CAPACITY.code),
    Error("going_away", 503, "The instance is being stopped.", closes.GOING_AWAY.code),
    Error("model_blocked", 503, "The language model declined to speak about this."),
    Error("model_busy", 503, "The language model has no capacity at the moment."),
    Error("model_unavailable", 503, "The language model does not work at the moment."),
    Error("readers_busy", 503, "As many CVs are being read as can be at once."),
    Error("store_unavailable", 503, "The store or the files don't work at the moment."),
    Error("unavailable", 503, "Something that we depend on does not work at the moment."),
    Error("model_silent", 504, "The language model did not answer in time."),
)

ERRORS: Final[Mapping[str, Error]] = {error.code: error for error in _LISTED}
"""Every code. Sorted by status and code."""
