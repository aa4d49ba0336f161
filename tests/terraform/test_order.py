"""What Terraform makes before what: APIs before their resources, roles before those who need them, each with a wait.

The order is Terraform's own (`terraform graph`), so a dependency counts however it comes about.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.terraform.conftest import INFRA, Run, copied, graph
from tests.terraform.plan import Outcome
from tests.terraform.test_mutations import change

Graph = Mapping[str, set[str]]

APIS = {
    "google_artifact_registry_": "artifactregistry",
    "google_billing_budget": "billingbudgets",
    "google_cloud_run_v2_": "run",
    "google_cloud_scheduler_": "cloudscheduler",
    "google_cloud_tasks_": "cloudtasks",
    "google_cloudbuild_": "cloudbuild",
    "google_cloudfunctions2_": "cloudfunctions",
    "google_firebase_hosting_": "firebasehosting",
    "google_firebase_project": "firebase",
    "google_firestore_": "firestore",
    "google_iam_workload_identity_": "iam",
    "google_logging_": "logging",
    "google_monitoring_": "monitoring",
    "google_project_iam_custom_role": "iam",
    "google_project_iam_member": "cloudresourcemanager",
    "google_secret_manager_": "secretmanager",
    "google_service_account": "iam",
    "google_storage_": "storage",
    "data.google_project": "cloudresourcemanager",
    "data.google_secret_manager_": "secretmanager",
}
"""The API that each kind of resource calls, by the beginning of its type."""
NO_API = ("google_project_service", "time_sleep", "data.archive_file")
BY_THE_CODE = {"aiplatform", "generativelanguage", "iamcredentials", "sts"}
"""APIs that the services or the build call, and no resource here: Gemini by both ways, and tokens of other accounts and
of GitHub.
"""
BEFORE_THE_APIS = {"google_project_service.api", "time_sleep.apis", "data.google_project.billed"}
"""What waits for no API of the list. The project's number is read while planning; `make deploy` enables its API."""
ROLES = (
    "google_project_iam_member.database",
    "google_project_iam_member.vertex",
    "google_secret_manager_secret_iam_member.reader",
    "google_storage_bucket_iam_member.files",
)
"""The roles with which the services begin."""


@pytest.fixture(scope="module")
def services(terraform: Run, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return graph(terraform, copied(tmp_path_factory.mktemp("services")) / "terraform")


@pytest.fixture(scope="module")
def base(terraform: Run, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return graph(terraform, copied(tmp_path_factory.mktemp("base")) / "bootstrap")


def apis(text: str) -> set[str]:
    """The APIs in the list of infra/bootstrap."""
    return set(re.findall(r'^\s+"(\w+)\.googleapis\.com"', text, re.MULTILINE))


def listed() -> set[str]:
    return apis((INFRA / "bootstrap" / "apis.tf").read_text("utf-8"))


def check_apis(found: set[str], resources: set[str]) -> None:
    """Every API that a resource needs is enabled, and every enabled one is needed."""
    needed = set()
    for name in resources:
        if not name.startswith(NO_API):
            kinds = [kind for kind in APIS if name.startswith(kind)]
            assert kinds, f"which API does {name} call?"
            needed.add(APIS[max(kinds, key=len)])
    assert needed - found == set(), "an API is not enabled"
    assert found - needed <= BY_THE_CODE | {"iam"}, "an API is enabled and not needed"
    assert found >= BY_THE_CODE


def check_resources_wait_for_the_apis(found: Graph) -> None:
    for name, earlier in found.items():
        if name not in BEFORE_THE_APIS:
            assert "time_sleep.apis" in earlier, f"{name} may be made before its API answers"
    assert "google_project_service.api" in found["time_sleep.apis"]


def check_roles_come_before_the_build(found: Graph) -> None:
    """`make deploy` submits a build when this apply has ended."""
    grants = {name for name in found if "_iam_member" in name}
    assert len(grants) >= 5
    assert grants <= found["time_sleep.roles"]


def check_services_wait_for_their_roles(found: Graph) -> None:
    assert set(ROLES) <= found["time_sleep.roles"]
    for service in ("google_cloudfunctions2_function.function", "google_cloud_run_v2_service.relay"):
        assert {"time_sleep.roles", "google_firestore_database.interviews"} <= found[service], service


def check_callers_wait_for_what_they_call(found: Graph) -> None:
    assert "google_cloudfunctions2_function.function" in found["google_cloud_scheduler_job.sweep"]
    # The sweep runs before its alert begins to count.
    assert "google_cloud_scheduler_job.sweep" in found["google_monitoring_alert_policy.alert"]
    for kind in ("counter", "distribution"):
        assert f"google_logging_metric.{kind}" in found["google_monitoring_alert_policy.alert"]


def check_the_canary(found: Graph) -> None:
    """It may read its key when it is made, and is started when there is something to try, and by who may."""
    roles = {"google_secret_manager_secret_iam_member.canary", "google_project_iam_member.canary_vertex"}
    assert roles <= found["time_sleep.canary_roles"]
    assert "time_sleep.canary_roles" in found["google_cloud_run_v2_job.canary"]
    assert found["google_cloud_scheduler_job.canary"] >= {
        "google_cloud_run_v2_job.canary",
        "google_cloud_run_v2_job_iam_member.starter",
        "google_cloud_run_v2_service.relay",
        "google_cloudfunctions2_function.function",
    }
    assert "google_logging_metric.canary" in found["google_monitoring_alert_policy.alert"]
    assert "time_sleep.canary_roles" not in found["google_cloud_run_v2_service.relay"], "no service waits for it"


def check_firebase(found: Graph) -> None:
    assert "google_firebase_project.hosting" in found, "a Hosting site needs a Firebase project"


def check_quota_project(root: Path) -> None:
    """Without them calls of Firebase and of budgets with a user's login are refused, or counted elsewhere."""
    blocks = re.findall(
        r'^provider "(google|google-beta)" \{\n(.*?)^\}',
        (root / "versions.tf").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert {name for name, _ in blocks} == {"google", "google-beta"}
    for name, block in blocks:
        settings = dict(re.findall(r"^\s+(\w+)\s+= (.+)$", block, re.MULTILINE))
        assert settings.get("user_project_override") == "true", name
        assert settings.get("billing_project") == settings.get("project") == "var.project_id", name


def check_kept(root: Path) -> None:
    """A change of region, or a slip, must not replace what every deployment and every way back needs."""
    text = "\n".join(path.read_text("utf-8") for path in sorted(root.glob("*.tf")))
    blocks = dict(re.findall(r'^resource "(\w+" "\w+)" \{\n(.*?)^\}', text, re.MULTILINE | re.DOTALL))
    for name in (
        'google_artifact_registry_repository" "images',
        'google_storage_bucket" "build',
        'google_secret_manager_secret" "key',
    ):
        assert re.search(r"lifecycle \{\n\s+prevent_destroy = true\n", blocks[name]), name


def check_waits(root: Path) -> None:
    """Google's own figures are one minute for an API, and two minutes for a role."""
    text = "\n".join(path.read_text("utf-8") for path in sorted(root.glob("*.tf")))
    blocks = re.findall(r'^resource "time_sleep" "(\w+)" \{\n(.*?)^\}', text, re.MULTILINE | re.DOTALL)
    waits = {name: found[1] for name, block in blocks if (found := re.search(r'create_duration = "(\d+)s"', block))}
    assert len(waits) == len(blocks)
    least = {"apis": 60, "roles": 120 if root.name == "bootstrap" else 60, "canary_roles": 60}
    for name, seconds in waits.items():
        assert least[name] <= int(seconds) <= 300, name
    assert "roles" in waits


def test_every_needed_api_is_enabled(services: Graph, base: Graph) -> None:
    check_apis(listed(), {*services, *base})


def test_every_resource_of_bootstrap_waits_for_its_api(base: Graph) -> None:
    check_resources_wait_for_the_apis(base)


def test_the_builds_roles_take_effect_before_the_build(base: Graph) -> None:
    check_roles_come_before_the_build(base)


def test_the_services_wait_until_their_roles_take_effect(services: Graph) -> None:
    check_services_wait_for_their_roles(services)


def test_the_sweep_and_the_alerts_wait_for_what_they_use(services: Graph) -> None:
    check_callers_wait_for_what_they_call(services)


def test_the_canary_comes_after_its_roles_and_what_it_tries(services: Graph) -> None:
    check_the_canary(services)


def test_bootstrap_makes_the_firebase_project(base: Graph) -> None:
    check_firebase(base)


@pytest.mark.parametrize("root", ["bootstrap", "terraform"])
def test_calls_are_counted_for_this_project_and_waits_are_long_enough(root: str) -> None:
    check_quota_project(INFRA / root)
    check_waits(INFRA / root)


def test_what_every_deployment_needs_is_protected() -> None:
    check_kept(INFRA / "bootstrap")


def test_an_api_that_is_listed_waits_again(bootstrap: Outcome) -> None:
    """The wait is repeated when its triggers change: they name every API and every role."""
    plan = bootstrap.plans["defaults"]
    enabled = set(plan.resources["time_sleep.apis"]["triggers"]["apis"].split())
    assert enabled == {values["service"] for values in plan.of("google_project_service").values()}
    roles = set(plan.resources["time_sleep.roles"]["triggers"]["roles"].split())
    assert roles == {values["role"] for name, values in plan.resources.items() if 'iam_member.build["roles' in name}


MUTATIONS: tuple[tuple[str, str, str, Callable[[Graph], None]], ...] = (
    ("bootstrap/registry.tf", "depends_on = [time_sleep.apis]", "", check_resources_wait_for_the_apis),
    ("bootstrap/secrets.tf", "depends_on = [time_sleep.apis]", "", check_resources_wait_for_the_apis),
    (
        "bootstrap/apis.tf",
        "depends_on = [time_sleep.apis]",
        "depends_on = [google_project_service.api]",
        check_resources_wait_for_the_apis,
    ),
    ("bootstrap/accounts.tf", "google_project_iam_member.functions_source,", "", check_roles_come_before_the_build),
    (
        "bootstrap/accounts.tf",
        "google_secret_manager_secret_iam_member.build,",
        "",
        check_roles_come_before_the_build,
    ),
    (
        "bootstrap/apis.tf",
        'resource "google_firebase_project" "hosting"',
        'resource "google_firebase_project" "x"',
        check_firebase,
    ),
    (
        "terraform/relay.tf",
        "[google_firestore_database.interviews, time_sleep.roles]",
        "[google_firestore_database.interviews]",
        check_services_wait_for_their_roles,
    ),
    (
        "terraform/accounts.tf",
        'secrets = join(" ", sort(keys(google_secret_manager_secret_iam_member.reader)))',
        'secrets = ""',
        check_services_wait_for_their_roles,
    ),
    ("terraform/accounts.tf", "google_project_iam_member.database,", "", check_services_wait_for_their_roles),
    ("terraform/accounts.tf", "google_storage_bucket_iam_member.files,", "", check_services_wait_for_their_roles),
    ("terraform/canary.tf", "depends_on = [time_sleep.canary_roles]", "", check_the_canary),
    ("terraform/canary.tf", "google_cloud_run_v2_job_iam_member.starter,", "", check_the_canary),
    (
        "terraform/alerts.tf",
        "depends_on = [google_cloud_scheduler_job.sweep, ",
        "depends_on = [",
        check_callers_wait_for_what_they_call,
    ),
)
"""Mutations of the order, each with the check that must fail."""

TEXTS: tuple[tuple[str, str, str, Callable[[Path], None]], ...] = (
    ("bootstrap/versions.tf", "user_project_override = true", "", check_quota_project),
    ("terraform/versions.tf", "user_project_override = true", "", check_quota_project),
    ("terraform/versions.tf", "billing_project = var.project_id", "", check_quota_project),
    ("bootstrap/registry.tf", "prevent_destroy = true", "prevent_destroy = false", check_kept),
    ("bootstrap/build.tf", "prevent_destroy = true", "", check_kept),
    ("bootstrap/secrets.tf", "prevent_destroy = true", "", check_kept),
    ("bootstrap/apis.tf", 'create_duration = "90s"', 'create_duration = "0s"', check_waits),
    ("bootstrap/accounts.tf", 'create_duration = "120s"', 'create_duration = "2s"', check_waits),
    ("terraform/accounts.tf", 'create_duration = "90s"', 'create_duration = "10s"', check_waits),
    ("terraform/canary.tf", 'create_duration = "90s"', 'create_duration = "10s"', check_waits),
)


@pytest.mark.parametrize("number", range(len(MUTATIONS)))
def test_a_mutation_of_the_order_fails(number: int, terraform: Run, copy: Path) -> None:
    file, old, new, check = MUTATIONS[number]
    change(copy, file, old, new)
    found = graph(terraform, copy / file.partition("/")[0])
    with pytest.raises((AssertionError, KeyError)):
        check(found)


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_mutation_of_waits_and_protection_fails(number: int, copy: Path) -> None:
    file, old, new, check = TEXTS[number]
    change(copy, file, old, new)
    with pytest.raises(AssertionError):
        check(copy / file.partition("/")[0])


@pytest.mark.parametrize("api", sorted(listed() - {"iam"}))
def test_an_api_that_is_missing_fails(api: str, services: Graph, base: Graph) -> None:
    with pytest.raises(AssertionError):
        check_apis(listed() - {api}, {*services, *base})
