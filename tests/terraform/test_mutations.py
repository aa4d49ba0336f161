"""These tests notice: a wrong argument, a missing variable, a role too many and the like, each tried here."""

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
        "timeout_seconds = 60",
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

AMISS = (
    ("terraform/relay.tf", "max_instance_request_concurrency = 200", "max_instance_request_concurrency = 80"),
    ("terraform/relay.tf", 'timeout = "3600s"', 'timeout = "300s"'),
    ("terraform/relay.tf", 'path = "/healthz"', 'path = "/ready"'),
    ("terraform/functions.tf", "concurrency = 2 }", "concurrency = 80 }"),
    ("terraform/environment.tf", "RETENTION_DAYS", "RETENTION"),
    ("terraform/environment.tf", "ALLOWED_ORIGINS =", 'DEBUG = "true", ALLOWED_ORIGINS ='),
    ("terraform/database.tf", 'toset(["interviews", "turns"])', 'toset(["interviews"])'),
    ("terraform/database.tf", '["status", "live.seen_at"]', '["live.seen_at", "status"]'),
    ("terraform/secrets.tf", "fetch_secret_data = false", "fetch_secret_data = true"),
    ("terraform/files.tf", '"storage.objects.list"', '"storage.objects.get"'),
    ("terraform/hosting.tf", "/api/interview/*/upload-cv", "/api/interview/*/upload"),
    ("terraform/metrics.tf", "interview_created", "interview_started"),
    ("terraform/alerts.tf", "[10m])) > 3", "[10m]) > 3"),
)
"""What Terraform itself takes, and what must not be. All at once: that is one run."""

TOO_MANY = """
resource "google_project_iam_member" "more" {
  project = var.project_id
  role    = "roles/storage.objectViewer"
  member  = google_service_account.service["end"].member
}
"""


def change(infra: Path, file: str, old: str, new: str) -> None:
    """Replace what is there once or several times; any white space stands for any other."""
    path = infra / file
    text = path.read_text("utf-8")
    pattern = r"\s+".join(re.escape(word) for word in old.split())
    changed, times = re.subn(pattern, lambda _: new, text)
    assert times, f"{old!r} is not in {file} any more"
    path.write_text(changed, "utf-8")


@pytest.mark.parametrize("name", WRONG)
def test_terraform_refuses(name: str, terraform: Run, copy: Path) -> None:
    file, old, new, words = WRONG[name]
    change(copy, file, old, new)
    root = copy / file.partition("/")[0]
    done = terraform(root, "init", "-backend=false", "-input=false", "-no-color")
    if done.returncode == 0:
        done = terraform(root, "validate", "-no-color")
    assert done.returncode != 0
    assert words in " ".join(done.stderr.split())


@pytest.fixture(scope="module")
def amiss(terraform: Run, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    infra = copied(tmp_path_factory.mktemp("amiss"))
    for file, old, new in AMISS:
        change(infra, file, old, new)
    accounts = infra / "terraform" / "accounts.tf"
    accounts.write_text(accounts.read_text("utf-8") + TOO_MANY, "utf-8")
    outcome = tried(terraform, infra / "terraform", "-filter=tests/defaults.tftest.hcl")
    assert "defaults" in outcome.plans, "\n".join(outcome.problems)
    return outcome


NOTICING: tuple[Callable[[Outcome], None], ...] = (
    test_access.test_everyone_has_what_they_need_and_no_more,
    test_access.test_nobody_can_read_a_file_back,
    test_database.test_there_is_a_time_to_live_on_every_collection_with_personal_data,
    test_database.test_there_is_an_index_for_every_query_and_no_other,
    functools.partial(test_environment.test_what_is_set, "start", "defaults", test_environment.KEY),
    functools.partial(test_environment.test_what_is_set, "relay", "defaults", test_environment.KEY),
    functools.partial(test_hosting.test_every_route_is_answered_by_its_function, *test_hosting.ROUTES[1]),
    test_monitoring.test_every_message_that_is_counted_is_written,
    test_services.test_an_instance_is_sent_as_many_candidates_as_it_takes,
    test_services.test_an_interview_fits_into_a_request,
    test_services.test_probes_ask_for_what_the_relay_answers,
    test_services.test_start_has_memory_for_the_cvs_that_it_reads_at_a_time,
)


@pytest.mark.parametrize("check", NOTICING, ids=lambda check: getattr(check, "func", check).__name__)
def test_we_notice(check: Callable[[Outcome], None], amiss: Outcome) -> None:
    with pytest.raises((AssertionError, KeyError)):
        check(amiss)


def test_we_notice_a_query_that_does_not_parse(amiss: Outcome) -> None:
    with pytest.raises(ValueError, match="paren"):
        test_monitoring.test_every_query_parses(amiss)


@pytest.mark.parametrize("words", ["A WebSocket is one request", "No value of a secret"])
def test_the_roots_own_tests_notice(words: str, amiss: Outcome) -> None:
    assert any(words in problem for problem in amiss.problems)
