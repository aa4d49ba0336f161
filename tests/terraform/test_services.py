"""The services' limits fit their code."""

import re

from interview.api.body import BODY_SECONDS
from interview.cv import MAX_BYTES, Limits
from relay.server import CAPACITY, DRAIN_TIMEOUT
from tests.terraform.conftest import INFRA, ROOT
from tests.terraform.plan import Outcome, Values

GIB = 2**30
PROCESS = 350 * 2**20
"""MB that a function takes before it reads anything, a generous estimate."""
KILLED_AFTER = 10
"""Seconds from SIGTERM to SIGKILL on Cloud Run."""


def relay(main: Outcome) -> Values:
    (found,) = main.plans["defaults"].of("google_cloud_run_v2_service").values()
    template: Values = found["template"][0]
    return template


def test_cloud_runs_concurrency_is_the_relays_capacity(main: Outcome) -> None:
    assert relay(main)["max_instance_request_concurrency"] == CAPACITY


def test_an_interview_fits_into_a_request(main: Outcome) -> None:
    variables = (INFRA / "terraform" / "variables.tf").read_text("utf-8")
    longest = re.search(r"interview_minutes <= (\d+)", variables)
    settings = re.search(r'"INTERVIEW_MINUTES".*high=(\d+)', (ROOT / "interview" / "settings.py").read_text("utf-8"))
    assert longest
    assert settings
    assert longest[1] == settings[1]
    assert int(longest[1]) * 60 < int(relay(main)["timeout"].removesuffix("s"))


def test_probes_use_paths_that_the_relay_answers(main: Outcome) -> None:
    container = relay(main)["containers"][0]
    paths = {container[probe][0]["http_get"][0]["path"] for probe in ("startup_probe", "liveness_probe")}
    source = (ROOT / "relay" / "server.py").read_text("utf-8")
    assert paths
    assert all(f'"{path}"' in source for path in paths)


def test_the_relay_drains_before_it_is_killed_and_before_its_probe_fails(main: Outcome) -> None:
    probe = relay(main)["containers"][0]["liveness_probe"][0]
    assert DRAIN_TIMEOUT < KILLED_AFTER <= probe["period_seconds"] * (probe["failure_threshold"] - 1)


def test_start_has_memory_for_its_concurrent_cvs(main: Outcome) -> None:
    start = main.plans["defaults"].resources['google_cloudfunctions2_function.function["start"]']["service_config"][0]
    memory = int(start["available_memory"].removesuffix("Gi")) * GIB
    one = Limits().memory_bytes + 2 * MAX_BYTES  # the upload, and its way into the process that reads it
    assert start["max_instance_request_concurrency"] * one + PROCESS <= memory


def test_start_may_take_longer_than_the_slowest_upload(main: Outcome) -> None:
    for function in main.plans["defaults"].of("google_cloudfunctions2_function").values():
        assert function["service_config"][0]["timeout_seconds"] > BODY_SECONDS


def test_the_entry_points_exist(main: Outcome) -> None:
    for function in main.plans["defaults"].of("google_cloudfunctions2_function").values():
        entry = function["build_config"][0]["entry_point"]
        source = (ROOT / "functions" / entry / "main.py").read_text("utf-8")
        assert re.search(rf"^@functions_framework\.aio\.http\nasync def {entry}\(", source, re.MULTILINE)
