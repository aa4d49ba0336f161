"""The table of failures row by row, and that nothing secret is in what is logged of one."""

import string

import pytest
from google.auth.exceptions import DefaultCredentialsError, RefreshError, TransportError
from google.genai import errors
from hypothesis import given
from hypothesis import strategies as st
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.frames import Close
from websockets.http11 import Response

from contract.errors import ERRORS
from interview.errors import ModelUnavailable
from relay.gemini.failure import REASON_LENGTH, SENTENCES, TABLE, Moment, Remedy, clean, explain, find

MOMENTS: tuple[Moment, ...] = ("first", "setup", "live")
DIALLING: tuple[Moment, ...] = ("first", "setup")
FIRST: tuple[Moment, ...] = ("first",)

ROWS: list[tuple[int, str, tuple[Moment, ...], Remedy, str]] = [
    # A key, a permission, an API: final at any time.
    (1007, "API key not valid. Please pass a valid API key.", MOMENTS, Remedy.GIVE_UP, "model_key"),
    (1008, "API key expired. Please renew the API key.", MOMENTS, Remedy.GIVE_UP, "model_key"),
    (1008, "API Key not found. Please pass a valid API key.", MOMENTS, Remedy.GIVE_UP, "model_key"),
    (400, '{"reason": "API_KEY_INVALID"}', MOMENTS, Remedy.GIVE_UP, "model_key"),
    (1008, "Permission denied on resource project x.", MOMENTS, Remedy.GIVE_UP, "model_key"),
    (1011, "PERMISSION_DENIED", MOMENTS, Remedy.GIVE_UP, "model_key"),
    (
        1008,
        "Generative Language API has not been used in project 1 before or it is disabled.",
        MOMENTS,
        Remedy.GIVE_UP,
        "model_key",
    ),
    (1008, "SERVICE_DISABLED", MOMENTS, Remedy.GIVE_UP, "model_key"),
    (401, "", MOMENTS, Remedy.GIVE_UP, "model_key"),
    (403, "", MOMENTS, Remedy.GIVE_UP, "model_key"),
    # A handle.
    (1007, "BidiGenerateContent session not found", MOMENTS, Remedy.DROP_HANDLE, "model_unavailable"),
    (1008, "BidiGenerateContent session not found", MOMENTS, Remedy.DROP_HANDLE, "model_unavailable"),
    (1008, "BidiGenerateContent session expired", MOMENTS, Remedy.DROP_HANDLE, "model_unavailable"),
    (1007, "Invalid session resumption handle", MOMENTS, Remedy.DROP_HANDLE, "model_unavailable"),
    # Quota and capacity.
    (1011, "Resource has been exhausted (e.g. check quota).", MOMENTS, Remedy.WAIT, "model_quota"),
    (1011, "RESOURCE_EXHAUSTED", MOMENTS, Remedy.WAIT, "model_quota"),
    (1008, "You exceeded your current quota, please check your plan and billing details.", MOMENTS, Remedy.WAIT,
     "model_quota"),
    (1011, "Your prepayment credits are depleted.", MOMENTS, Remedy.WAIT, "model_quota"),
    (1013, "Rate limit reached", MOMENTS, Remedy.WAIT, "model_quota"),
    (429, "", MOMENTS, Remedy.WAIT, "model_quota"),
    (1011, "The model is overloaded. Please try again later.", MOMENTS, Remedy.WAIT, "model_busy"),
    (1011, "This model is currently experiencing high demand.", MOMENTS, Remedy.WAIT, "model_busy"),
    (503, "", MOMENTS, Remedy.WAIT, "model_busy"),
    # A model's name: final at the first dial, a passing fault later.
    (1008, "models/x is not found for API version v1beta", FIRST, Remedy.GIVE_UP, "model_name"),
    (1008, "models/x is not found for API version v1beta", ("setup", "live"), Remedy.RETRY, "model_unavailable"),
    (1008, "x is not supported for bidiGenerateContent.", FIRST, Remedy.GIVE_UP, "model_name"),
    (1008, "Publisher Model `x` was not found", FIRST, Remedy.GIVE_UP, "model_name"),
    (404, "", FIRST, Remedy.GIVE_UP, "model_name"),
    (404, "", ("setup", "live"), Remedy.RETRY, "model_unavailable"),
    # A field of the setup: only before any event.
    (1007, "Unsupported language code 'en-XX' for model.", DIALLING, Remedy.SIMPLIFY, "model_setup"),
    (1007, "Request contains an invalid argument.", DIALLING, Remedy.SIMPLIFY, "model_setup"),
    (1007, "Thinking level is not supported for this model.", DIALLING, Remedy.SIMPLIFY, "model_setup"),
    (1007, "Request contains an invalid argument.", ("live",), Remedy.RETRY, "model_unavailable"),
    # Everything else passes.
    (1008, "Requested entity was not found.", MOMENTS, Remedy.RETRY, "model_unavailable"),
    (1008, "Operation is not implemented, or supported, or enabled.", MOMENTS, Remedy.RETRY, "model_unavailable"),
    (1011, "Internal error encountered.", MOMENTS, Remedy.RETRY, "model_unavailable"),
    (1006, "Abnormal closure.", MOMENTS, Remedy.RETRY, "model_unavailable"),
    (1000, "", MOMENTS, Remedy.RETRY, "model_unavailable"),
    (1001, "", MOMENTS, Remedy.RETRY, "model_unavailable"),
    (1009, "message too big", MOMENTS, Remedy.RETRY, "model_unavailable"),
    (500, "", MOMENTS, Remedy.RETRY, "model_unavailable"),
    (0, "ConnectionRefusedError", MOMENTS, Remedy.RETRY, "model_unavailable"),
    (0, "gaierror", MOMENTS, Remedy.RETRY, "model_unavailable"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "reason", "moments", "remedy", "code"), ROWS)
def test_the_table(status: int, reason: str, moments: tuple[Moment, ...], remedy: Remedy, code: str) -> None:
    for moment in moments:
        row = find(status, reason, moment)
        assert (row.remedy, row.code) == (remedy, code), moment


def test_every_row_of_the_table_is_met_by_a_case_above() -> None:
    met = {id(find(status, reason, moment)) for status, reason, moments, *_ in ROWS for moment in moments}
    assert [row for row in TABLE if id(row) not in met] == []


def test_every_row_has_a_source_a_sentence_and_a_code_of_the_contract() -> None:
    assert all(row.source for row in TABLE)
    assert {row.code for row in TABLE} <= set(SENTENCES)
    assert set(SENTENCES) <= set(ERRORS)


@given(st.integers(), st.text(), st.sampled_from(MOMENTS))
def test_every_failure_has_a_row(status: int, reason: str, moment: Moment) -> None:
    assert find(status, reason, moment) in TABLE


def closed(code: int, reason: str) -> ConnectionClosedError:
    return ConnectionClosedError(Close(code, reason), None)


def refused(status: int, body: bytes = b"") -> InvalidStatus:
    return InvalidStatus(Response(status, "", Headers(), body))


@pytest.mark.parametrize(
    ("error", "remedy", "code", "status", "reason"),
    [
        (errors.APIError(1008, "Requested entity was not found.", None), Remedy.RETRY, "model_unavailable", 1008,
         "Requested entity was not found."),
        (errors.APIError(1011, "Resource has been exhausted.", None), Remedy.WAIT, "model_quota", 1011,
         "Resource has been exhausted."),
        (closed(1008, "BidiGenerateContent session not found"), Remedy.DROP_HANDLE, "model_unavailable", 1008,
         "BidiGenerateContent session not found"),
        (ConnectionClosedError(None, None), Remedy.RETRY, "model_unavailable", 0, "ConnectionClosedError"),
        (refused(401), Remedy.GIVE_UP, "model_key", 401, ""),
        (refused(400, b"API key not valid."), Remedy.GIVE_UP, "model_key", 400, "API key not valid."),
        (refused(503), Remedy.WAIT, "model_busy", 503, ""),
        (refused(502, b"\xff bad gateway"), Remedy.RETRY, "model_unavailable", 502, "\ufffd bad gateway"),
        (ConnectionRefusedError("127.0.0.1"), Remedy.RETRY, "model_unavailable", 0, "ConnectionRefusedError"),
        (TimeoutError(), Remedy.RETRY, "model_silent", 0, "no answer in time"),
        (RefreshError("token ya29.secret"), Remedy.RETRY, "model_unavailable", 0, "credentials: RefreshError"),
        (TransportError("no route"), Remedy.RETRY, "model_unavailable", 0, "credentials: TransportError"),
        (DefaultCredentialsError("none"), Remedy.GIVE_UP, "model_key", 401, "default credentials were not found"),
    ],
)  # fmt: skip
def test_every_kind_of_error(error: Exception, remedy: Remedy, code: str, status: int, reason: str) -> None:
    failed = explain(error, "live")
    assert isinstance(failed, ModelUnavailable)
    assert (failed.code, failed.detail) == (code, SENTENCES[code])
    failure = failed.failure
    assert (failure.remedy, failure.code, failure.status, failure.reason) == (remedy, code, status, reason)


# What is logged of a reason


@pytest.mark.parametrize(
    "secret",
    [
        "AIzaSyA1234567890abcdefghijklmnopqrstuvw",
        "AIzaSyA12345678",
        "AQ.Ab8RN6KxYz_0123456789abcdefghijklmnop-Q",
        "ya29.a0AfB_byC-short",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJpbnRlcnZpZXdlciJ9.c2ln",
        "Cig3MDM5/a+b/c2Rm+Z3Nkb3Vn/aHNkb2l1Z2hz/b2l1==",
        "0123456789abcdef0123456789abcdef",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    ],
)
def test_no_key_token_or_handle_is_logged(secret: str) -> None:
    for reason in (f"The key {secret} is not valid.", f"?key={secret}&alt=json", f"handle:'{secret}'", secret):
        cleaned = clean(reason)
        assert not any(secret[at : at + 8] in cleaned for at in range(len(secret) - 7)), cleaned


@given(
    st.text(string.ascii_letters + string.digits + "+/=-_.", min_size=32, max_size=200),
    st.sampled_from(["{}", "key={}", "handle '{}' is unknown", "Bearer {}."]),
)
def test_nothing_long_without_spaces_is_logged(secret: str, sentence: str) -> None:
    assert secret not in clean(sentence.format(secret))


@pytest.mark.parametrize(
    "reason",
    [
        "Requested entity was not found.",
        "Resource has been exhausted (e.g. check quota).",
        "BidiGenerateContent session not found",
        "Unsupported language code 'en-XX' for model.",
        "Internal error encountered.",
        "models/gemini-3.8-live is not found for API version v1beta",
    ],
)
def test_what_the_service_says_is_logged_as_it_is(reason: str) -> None:
    assert clean(reason) == reason


@given(st.text())
def test_a_reason_is_one_printable_line_of_a_bounded_length(reason: str) -> None:
    cleaned = clean(reason)
    assert len(cleaned) <= REASON_LENGTH
    assert cleaned.isprintable()
