"""Every code that the services use is in the contract, with the status that its error has."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import interview.api.body
import interview.avatar.client
from contract.closes import CLOSES
from contract.errors import ERRORS
from contract.notices import NOTICES
from interview import errors
from interview.errors import InterviewError
from relay.gemini import supervisor
from relay.talk import notices

ROOT = Path(__file__).parents[2]
FOLDERS = ("interview", "relay", "functions")


def kinds(of: type[InterviewError] = InterviewError) -> Iterator[type[InterviewError]]:
    yield of
    for kind in of.__subclasses__():
        yield from kinds(kind)


KINDS = {kind.__name__: kind for kind in kinds()}


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


CALLS = list(_calls())
RAISED = [
    (place, KINDS[node.func.id], code)
    for place, node in CALLS
    if isinstance(node.func, ast.Name) and node.func.id in KINDS
    for keyword in node.keywords
    if keyword.arg == "code" and isinstance(keyword.value, ast.Constant) and (code := str(keyword.value.value))
]


def test_errors_are_found_at_all() -> None:
    assert interview.api.body.SlowBody in KINDS.values()
    assert interview.avatar.client.__name__.startswith("interview")
    assert len(RAISED) > 30


@pytest.mark.parametrize(("place", "kind", "code"), RAISED)
def test_a_code_that_is_raised_is_in_the_contract_with_its_status(
    place: str, kind: type[InterviewError], code: str
) -> None:
    assert code in ERRORS
    assert (ERRORS[code].status, ERRORS[code].close) == (kind.status, kind.close_code)


@pytest.mark.parametrize("kind", KINDS.values())
def test_a_kind_of_error_has_the_status_and_close_code_of_the_contract(kind: type[InterviewError]) -> None:
    assert (kind.status, kind.close_code) == (ERRORS[kind.code].status, ERRORS[kind.code].close)


def test_a_kind_of_error_with_a_code_of_its_own_is_refused() -> None:
    with pytest.raises(KeyError, match="made_up"):
        type("MadeUp", (errors.Invalid,), {"code": "made_up"})


def test_a_stream_is_closed_with_listed_codes_only() -> None:
    assert {error.close for error in ERRORS.values()} <= {close.code for close in CLOSES}


def test_notices_have_listed_codes() -> None:
    sent = [
        (place, node.args[0].value)
        for place, node in CALLS
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in ("notice", "_notice")
        and isinstance(node.args[0], ast.Constant)
    ]
    decided = [supervisor.RESUMING, supervisor.RESUMED, notices.SLOW_REPLY, notices.IDLE]
    assert len(sent) >= 4
    assert {code for _, code in sent} | {code for code, _ in decided} == set(NOTICES)
