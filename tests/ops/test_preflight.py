"""Each line of the preflight: what it says when something is missing, and what to do."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ops import preflight
from ops.preflight import Line
from ops.target import Target
from tests.ops.programs import Programs
from tests.ops.test_deploy import KEY, TARGET, programs

__all__ = ["programs"]


@contextmanager
def provider(**statuses: int) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A provider that answers with the status of a path's last part, else 200; and what it was asked, with the key."""
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            asked.append((path, self.headers.get("x-goog-api-key") or self.headers.get("x-api-key") or ""))
            self.send_response(statuses.get(path.rsplit("/", 1)[-1].replace("-", "_").replace(".", "_"), 200))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def line(what: str, target: Target = TARGET, environ: dict[str, str] | None = None) -> Line:
    (found,) = (one for one in preflight.preflight(target, environ or KEY) if one.what == what)
    return found


def test_an_empty_project_is_ready_and_the_table_has_a_line_for_each_need(programs: Programs) -> None:
    with provider() as (base, asked):
        lines = preflight.preflight(TARGET, {**KEY, "GEMINI_BASE_URL": base})
    assert {one.what: one.state for one in lines} == {
        "tools": "ok",
        "login": "ok",
        "project": "ok",
        "billing": "ok",
        "region": "ok",
        "policies": "ok",
        "firebase": "note",
        "gemini": "ok",
        "tier": "note",
    }
    assert asked == [(f"/v1beta/models/{model}", "a-very-secret-key") for model in TARGET.models]
    assert "a-very-secret-key" not in preflight.table(lines)
    assert "Tier 1 ends at $250 a month" in preflight.table(lines)


@pytest.mark.parametrize(
    ("status", "state", "words"),
    [
        (400, "missing", "Gemini refuses the key (HTTP 400)"),
        (403, "missing", "Gemini refuses the key (HTTP 403)"),
        (404, "missing", "the key has no model gemini-3.8-live"),
        (429, "note", "its quota is used up"),
    ],
)
def test_a_key_of_gemini_that_does_not_work(programs: Programs, status: int, state: str, words: str) -> None:
    with provider(gemini_3_8_live=status) as (base, _):
        found = line("gemini", environ={**KEY, "GEMINI_BASE_URL": base})
    assert (found.state, words in found.told) == (state, True)


def test_a_key_in_the_secret_is_tried_when_none_is_given(programs: Programs) -> None:
    programs.answer("secrets versions access latest --secret=gemini-api-key", "the-kept-key")
    with provider() as (base, asked):
        assert line("gemini", environ={"GEMINI_BASE_URL": base}).state == "ok"
    assert {key for _, key in asked} == {"the-kept-key"}


@pytest.mark.parametrize(("status", "state"), [(200, "ok"), (401, "missing")])
def test_the_key_of_tavus(programs: Programs, status: int, state: str) -> None:
    target = replace(TARGET, needs=("TAVUS_API_KEY",))
    with provider(conversations=status) as (base, asked):
        assert line("tavus", target, {"TAVUS_API_KEY": "t", "TAVUS_BASE_URL": base}).state == state
    assert asked == [("/v2/conversations", "t")]


def test_billing(programs: Programs) -> None:
    programs.answer("billing projects describe", "False\n")
    found = line("billing")
    assert found.state == "missing"
    assert "run: gcloud billing projects link a-project --billing-account=ACCOUNT" in found.told


def test_a_region_in_which_a_new_project_cannot_build(programs: Programs) -> None:
    elsewhere = replace(TARGET, region="europe-west4")
    assert line("region", elsewhere).state == "missing"
    assert "us-central1, us-west2, europe-west1" in line("region", elsewhere).told
    assert line("region", elsewhere, {**KEY, "ANY_REGION": "1"}).state == "note"


ENFORCED = {"spec": {"rules": [{"enforce": True}]}}


@pytest.mark.parametrize(
    ("policy", "answer", "words"),
    [
        ("run.managed.requireInvokerIam", ENFORCED, "browsers have no identity"),
        ("iam.disableServiceAccountCreation", ENFORCED, "every component has its own account"),
        (
            "run.allowedIngress",
            {"spec": {"rules": [{"values": {"allowedValues": ["internal"]}}]}},
            "browsers call from the internet",
        ),
        (
            "gcp.resourceLocations",
            {"spec": {"rules": [{"values": {"allowedValues": ["in:us-locations"]}}]}},
            "europe-west1 is not allowed",
        ),
    ],
)
def test_a_policy_of_the_organisation_that_is_in_the_way(
    programs: Programs, policy: str, answer: object, words: str
) -> None:
    programs.answer(f"org-policies describe {policy} ", json.dumps(answer))
    found = line("policies")
    assert (found.state, found.told.startswith(policy), words in found.told) == ("missing", True, True)


@pytest.mark.parametrize(
    ("policy", "answer"),
    [
        ("run.managed.requireInvokerIam", {"spec": {"rules": [{"enforce": False}]}}),
        ("run.allowedIngress", {"spec": {"rules": [{"values": {"allowedValues": ["is:all"]}}]}}),
        ("gcp.resourceLocations", {"spec": {"rules": [{"values": {"allowedValues": ["in:eu-locations"]}}]}}),
        ("gcp.resourceLocations", {"spec": {"rules": [{"allowAll": True}]}}),
    ],
)
def test_a_policy_that_is_not_in_the_way(programs: Programs, policy: str, answer: object) -> None:
    programs.answer(f"org-policies describe {policy} ", json.dumps(answer))
    assert line("policies").state == "ok"


def test_policies_that_cannot_be_read_are_noted(programs: Programs) -> None:
    programs.answer("org-policies describe", code=1)
    assert line("policies").state == "note"


def test_a_terraform_that_is_too_old(programs: Programs) -> None:
    programs.answer("terraform version", json.dumps({"terraform_version": "1.10.5"}))
    (found,) = preflight.preflight(TARGET, KEY)
    assert (found.what, found.state) == ("tools", "missing")


def test_the_document_explains_every_line(programs: Programs) -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    table = page.partition("## The first run")[2].partition("\n## ")[0]
    target = replace(
        TARGET, needs=("GEMINI_API_KEY", "TAVUS_API_KEY"), bootstrap={"budget": '{ billing_account = "A" }'}
    )
    for found in preflight.preflight(target, KEY):
        assert f"| {found.what} |" in table
