"""All roles that both root modules grant, and no others."""

import re
from collections.abc import Mapping
from typing import Any

from tests.terraform.conftest import ROOT
from tests.terraform.plan import Outcome, Plan

START, END, RELAY = (f"serviceAccount:{name}@demo-project.iam" for name in ("start", "end", "relay"))
BUILD, FUNCTIONS = (f"serviceAccount:{name}@demo-project.iam" for name in ("build", "functions"))
PROJECT = "demo-project"
DATABASE = 'resource.name == "projects/demo-project/databases/interviewer-production"'
FILES = "demo-project-interviewer-production-files"

ONLY_THE_SERVICES_ROLES = (
    'api.getAttribute("iam.googleapis.com/modifiedGrantsByRole", [])'
    '.hasOnly(["roles/datastore.user","roles/aiplatform.user"])'
)

NO_GRANTS = (
    "google_project_iam_custom_role",
    "google_iam_workload_identity_pool",
    "google_iam_workload_identity_pool_provider",
)
"""Resources with `_iam_` in their names that grant nothing."""

Grant = tuple[str, str, str, str]
"""A granted role: to which account, on which resource, under which condition."""

BASIC: set[Grant] = {
    # Firestore's role can be granted on the project only; the condition limits it to one database.
    (START, "roles/datastore.user", PROJECT, DATABASE),
    (END, "roles/datastore.user", PROJECT, DATABASE),
    (RELAY, "roles/datastore.user", PROJECT, DATABASE),
    (START, "projects/demo-project/roles/filesOfStart", FILES, ""),
    (END, "projects/demo-project/roles/filesOfEnd", FILES, ""),
    # They add tasks, and can neither read nor change them.
    (END, "roles/cloudtasks.enqueuer", "interviewer-production-summaries", ""),
    (RELAY, "roles/cloudtasks.enqueuer", "interviewer-production-summaries", ""),
}


def may_read(secret: str) -> set[Grant]:
    role = "roles/secretmanager.secretAccessor"
    return {(who, role, f"projects/demo-project/secrets/{secret}", "") for who in (START, END, RELAY)}


def grants(plan: Plan) -> set[Grant]:
    """All grants. A resource that grants in an unknown way is an error."""
    found = set()
    for address, values in plan.resources.items():
        kind = address.split(".")[0]
        if "_iam_" not in kind or kind in NO_GRANTS:
            continue
        assert kind.endswith("_iam_member"), f"{address}: a policy or binding takes away what others gave"
        on = [
            values.get(name) for name in ("bucket", "secret_id", "service_account_id", "repository", "name", "project")
        ]
        conditions: list[Mapping[str, Any]] = values["condition"] or [{"expression": ""}]
        found.add((values["member"], values["role"], next(filter(None, on)), conditions[0]["expression"]))
    return found


def test_each_account_has_exactly_the_expected_roles(main: Outcome) -> None:
    assert grants(main.plans["defaults"]) == BASIC | may_read("gemini-api-key")


def test_roles_with_an_avatar(main: Outcome) -> None:
    assert grants(main.plans["avatar"]) == BASIC | may_read("gemini-api-key") | may_read("tavus-api-key")


def test_roles_with_vertex_ai(main: Outcome) -> None:
    vertex = {(who, "roles/aiplatform.user", PROJECT, "") for who in (START, END, RELAY)}
    assert grants(main.plans["vertex"]) == BASIC | vertex


def test_nothing_is_granted_to_everybody(main: Outcome, bootstrap: Outcome) -> None:
    """Organisations since 2024 refuse such a grant (domain restricted sharing), and the deployment would fail."""
    plans = [*main.plans.values(), *bootstrap.plans.values()]
    members = {str(values.get("member")) for plan in plans for values in plan.resources.values()}
    assert len(members) > 5
    assert not members & {"allUsers", "allAuthenticatedUsers"}


def test_no_account_can_read_files(main: Outcome) -> None:
    roles = main.plans["defaults"].of("google_project_iam_custom_role")
    assert {address.partition('"')[2].strip('"]'): values["permissions"] for address, values in roles.items()} == {
        "start": ["storage.objects.create", "storage.objects.delete", "storage.objects.list"],
        "end": ["storage.objects.delete", "storage.objects.list"],
    }


def test_each_component_has_its_own_account(main: Outcome) -> None:
    plan = main.plans["defaults"]
    functions = plan.of("google_cloudfunctions2_function")
    accounts = {f["name"]: f["service_config"][0]["service_account_email"] for f in functions.values()}
    accounts |= {
        r["name"]: r["template"][0]["service_account"] for r in plan.of("google_cloud_run_v2_service").values()
    }
    assert accounts == {
        "interviewer-production-start": "start@demo-project.iam",
        "interviewer-production-end": "end@demo-project.iam",
        "interviewer-production-relay": "relay@demo-project.iam",
    }


def test_no_components_account_can_build(main: Outcome) -> None:
    for function in main.plans["defaults"].of("google_cloudfunctions2_function").values():
        assert function["build_config"][0]["service_account"].endswith(
            "/interviewer-functions@demo-project.iam.gserviceaccount.com"
        )


def test_roles_of_the_building_accounts(bootstrap: Outcome) -> None:
    keeper = "projects/demo-project/roles/interviewerSecretKeeper"
    everything = {
        "cloudbuild.builds.editor",
        "cloudfunctions.admin",
        "cloudscheduler.admin",
        "cloudtasks.queueAdmin",
        "datastore.owner",
        "firebasehosting.admin",
        "iam.roleAdmin",
        "iam.serviceAccountAdmin",
        "iam.serviceAccountUser",
        "logging.configWriter",
        "logging.logWriter",
        "monitoring.editor",
        "run.admin",
        "serviceusage.serviceUsageConsumer",
        "storage.admin",
    }
    assert grants(bootstrap.plans["defaults"]) == {
        *((BUILD, f"roles/{role}", PROJECT, "") for role in everything),
        (BUILD, "roles/resourcemanager.projectIamAdmin", PROJECT, ONLY_THE_SERVICES_ROLES),
        (BUILD, "roles/artifactregistry.writer", "interviewer", ""),
        (BUILD, keeper, "projects/demo-project/secrets/gemini-api-key", ""),
        (BUILD, keeper, "projects/demo-project/secrets/tavus-api-key", ""),
        (FUNCTIONS, "roles/artifactregistry.writer", "interviewer", ""),
        (FUNCTIONS, "roles/logging.logWriter", PROJECT, ""),
        # Not the candidates' files: only the bucket that Cloud Functions copies sources into.
        (
            FUNCTIONS,
            "roles/storage.objectViewer",
            PROJECT,
            'resource.name.startsWith("projects/_/buckets/gcf-v2-sources-")',
        ),
    }


def test_a_workflow_on_github_may_submit_builds_and_nothing_else(bootstrap: Outcome) -> None:
    github = "serviceAccount:github@demo-project.iam"
    pool = "projects/123456789012/locations/global/workloadIdentityPools/interviewer-github"
    workflow = f"principalSet://iam.googleapis.com/{pool}/attribute.repository/acme/interviewer"
    accounts = "projects/demo-project/serviceAccounts"
    assert grants(bootstrap.plans["github"]) - grants(bootstrap.plans["defaults"]) == {
        (workflow, "roles/iam.workloadIdentityUser", f"{accounts}/github", ""),
        (github, "roles/cloudbuild.builds.editor", PROJECT, ""),
        (github, "roles/serviceusage.serviceUsageConsumer", PROJECT, ""),
        (github, "roles/storage.admin", "demo-project-build", ""),
        (github, "roles/iam.serviceAccountUser", f"{accounts}/build", ""),
    }


def test_the_build_may_grant_exactly_what_the_services_get_on_the_project(main: Outcome) -> None:
    """Without the condition it could make itself the owner."""
    granted = {
        values["role"]
        for run in ("defaults", "vertex", "avatar")
        for address, values in main.plans[run].resources.items()
        if address.startswith("google_project_iam_member.")
    }
    assert granted == set(re.findall(r'"(roles/[\w.]+)"', ONLY_THE_SERVICES_ROLES))


def test_every_role_of_the_build_is_argued_by_a_resource_that_exists(main: Outcome) -> None:
    source = (ROOT / "infra" / "bootstrap" / "accounts.tf").read_text("utf-8")
    reasons = dict(re.findall(r'^    "(roles/[\w.]+)"\s+= "(\w+(?:\.yaml)?): ', source, re.MULTILINE))
    assert len(reasons) == 16
    kinds = {address.split(".")[0] for run in main.plans.values() for address in run.resources}
    for role, kind in reasons.items():
        assert kind in kinds | {"cloudbuild.yaml"}, f"{role}: nothing here is a {kind}"


def test_the_build_manages_secrets_without_reading_them(bootstrap: Outcome) -> None:
    (role,) = bootstrap.plans["defaults"].of("google_project_iam_custom_role").values()
    assert not any(permission.endswith((".access", ".add", ".destroy")) for permission in role["permissions"])
