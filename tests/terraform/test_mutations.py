"""Mutations of infra/ that these tests must find: a wrong argument, a missing variable, an additional role."""

import functools
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terraform import test_access, test_database, test_environment, test_hosting, test_monitoring, test_services
from tests.terraform.conftest import Run, copied, tried
from tests.terraform.plan import Outcome

WRONG = {
    "an argument that there is not": (
        "terraform/relay.tf",
        "session_affinity = true",
        "sticky_sessions = true",
        'An argument named "sticky_sessions" is not expected here',
    ),
    "a misspelt argument": (
        "terraform/relay.tf",
        "session_affinity = true",
        "session_afinity = true",
        'Did you mean "session_affinity"',
    ),
    "a misspelt block": ("terraform/relay.tf", "startup_probe {", "start_probe {", "Blocks of type"),
    "a missing argument": ("terraform/database.tf", "location_id = var.region\n", "\n", "Missing required argument"),
    "a missing block": ("bootstrap/secrets.tf", "replication {\n auto {}\n }", "", "Insufficient replication blocks"),
    "a block too many": ("terraform/relay.tf", "traffic {", "template {}\n traffic {", "Too many template blocks"),
    "a value of the wrong type": (
        "terraform/functions.tf",
        "timeout_seconds = each.value.timeout",
        'timeout_seconds = "a minute"',
        "a number is required",
    ),
    "a variable that there is not": (
        "terraform/relay.tf",
        "var.limits.relay_instances",
        "var.relay_instances",
        "undeclared input variable",
    ),
    "a resource that there is not": (
        "terraform/sweep.tf",
        '"google_cloud_scheduler_job"',
        '"google_cloud_schedule_job"',
        "does not support resource type",
    ),
}

BROKEN = (
    ("terraform/relay.tf", "max_instance_request_concurrency = 200", "max_instance_request_concurrency = 80"),
    ("terraform/relay.tf", 'timeout = "3600s"', 'timeout = "300s"'),
    ("terraform/relay.tf", 'path = "/healthz"', 'path = "/ready"'),
    ("terraform/functions.tf", "concurrency = 2, timeout", "concurrency = 80, timeout"),
    ("terraform/environment.tf", "RETENTION_DAYS", "RETENTION"),
    ("terraform/environment.tf", "ALLOWED_ORIGINS =", 'DEBUG = "true", ALLOWED_ORIGINS ='),
    ("terraform/database.tf", 'toset(["clients", "interviews", "turns"])', 'toset(["interviews", "turns"])'),
    ("terraform/database.tf", '["status", "live.seen_at"]', '["live.seen_at", "status"]'),
    ("terraform/secrets.tf", "fetch_secret_data = false", "fetch_secret_data = true"),
    ("terraform/files.tf", '"storage.objects.list"', '"storage.objects.get"'),
    ("terraform/hosting.tf", "/api/interview/*/upload-cv", "/api/interview/*/upload"),
    ("terraform/metrics.tf", "interview_created", "interview_started"),
    ("terraform/alerts.tf", "[10m])) > 3", "[10m]) > 3"),
)
"""Mutations that are valid for Terraform and wrong for us. All in one run."""

TOO_MANY = """
resource "google_project_iam_member" "more" {
  project = var.project_id
  role    = "roles/storage.objectViewer"
  member  = google_service_account.service["end"].member
}
"""


def change(infra: Path, file: str, old: str, new: str) -> None:
    """Replace every occurrence of a text; white space may differ."""
    path = infra / file
    text = path.read_text("utf-8")
    pattern = r"\s+".join(re.escape(word) for word in old.split())
    changed, times = re.subn(pattern, lambda _: new, text)
    assert times, f"{old!r} is not in {file} any more"
    path.write_text(changed, "utf-8")


@pytest.mark.parametrize("name", WRONG)
def test_terraform_refuses_it(name: str, terraform: Run, copy: Path) -> None:
    file, old, new, words = WRONG[name]
    change(copy, file, old, new)
    root = copy / file.partition("/")[0]
    done = terraform(root, "init", "-backend=false", "-input=false", "-no-color")
    if done.returncode == 0:
        done = terraform(root, "validate", "-no-color")
    assert done.returncode != 0
    assert words in " ".join(done.stderr.split())


@pytest.fixture(scope="module")
def broken(terraform: Run, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    infra = copied(tmp_path_factory.mktemp("broken"))
    for file, old, new in BROKEN:
        change(infra, file, old, new)
    accounts = infra / "terraform" / "accounts.tf"
    accounts.write_text(accounts.read_text("utf-8") + TOO_MANY, "utf-8")
    outcome = tried(terraform, infra / "terraform", "-filter=tests/defaults.tftest.hcl")
    assert "defaults" in outcome.plans, "\n".join(outcome.problems)
    return outcome


UPLOAD = next((function, route) for function, route in test_hosting.ROUTES if route.path.endswith("/upload-cv"))

NOTICING: tuple[Callable[[Outcome], None], ...] = (
    test_access.test_each_account_has_exactly_the_expected_roles,
    test_access.test_no_account_can_read_files,
    test_database.test_every_collection_with_personal_data_has_a_time_to_live,
    test_database.test_each_query_has_an_index_and_there_are_no_others,
    functools.partial(test_environment.test_variables_of_each_service, "start", "defaults", test_environment.KEY),
    functools.partial(test_environment.test_variables_of_each_service, "relay", "defaults", test_environment.KEY),
    functools.partial(test_hosting.test_every_route_goes_to_its_function, *UPLOAD),
    test_monitoring.test_every_counted_message_is_logged,
    test_services.test_cloud_runs_concurrency_is_the_relays_capacity,
    test_services.test_an_interview_fits_into_a_request,
    test_services.test_probes_use_paths_that_the_relay_answers,
    test_services.test_start_has_memory_for_its_concurrent_cvs,
)


@pytest.mark.parametrize("check", NOTICING, ids=lambda check: getattr(check, "func", check).__name__)
def test_a_test_of_ours_fails(check: Callable[[Outcome], None], broken: Outcome) -> None:
    with pytest.raises((AssertionError, KeyError)):
        check(broken)


def test_a_query_that_does_not_parse_fails(broken: Outcome) -> None:
    with pytest.raises(ValueError, match="paren"):
        test_monitoring.test_every_query_parses(broken)


@pytest.mark.parametrize("words", ["A WebSocket is one request", "No value of a secret"])
def test_a_test_of_the_root_fails(words: str, broken: Outcome) -> None:
    assert any(words in problem for problem in broken.problems)
