"""The scheduled canary: what exists with a schedule, what it may do, and that nothing of it exists without one.

Each check is also tried against a plan with mutations, in which it must fail.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import promql_parser
import pytest

from interview.settings import load
from ops import api, canary, canary_line
from tests.terraform.conftest import ROOT, Run, copied, tried
from tests.terraform.plan import Outcome, Plan, Values
from tests.terraform.test_access import BASIC, END, PROJECT, RELAY, START, Grant, grants, may_read
from tests.terraform.test_environment import settings
from tests.terraform.test_monitoring import queries
from tests.terraform.test_mutations import change

CANARY, STARTER = (f"serviceAccount:{name}@demo-project.iam" for name in ("canary", "starter"))
JOB = "interviewer-production-canary"
CONTAINER = 30
"""Seconds for the start of the container, a generous estimate."""
READS: Grant = (CANARY, "roles/secretmanager.secretAccessor", "projects/demo-project/secrets/gemini-api-key", "")
STARTS: Grant = (STARTER, "roles/run.invoker", JOB, "")
LOGGED = re.compile(r'log\.write\("\w+", "(canary_\w+)", finding=')


def of_the_canary(plan: Plan) -> set[str]:
    """The addresses of everything that is there for a canary."""
    return {
        address
        for address, values in plan.resources.items()
        if "canary" in address or "canary" in str(values.get("name", "")) or "_v2_job" in address
    }


def template(main: Outcome, run: str = "canary") -> Values:
    (job,) = main.plans[run].of("google_cloud_run_v2_job").values()
    assert job["name"] == JOB
    outer: Values = job["template"][0]
    assert (outer["task_count"], outer["parallelism"]) == (1, 1)
    inner: Values = outer["template"][0]
    return inner


def environment(main: Outcome, run: str = "canary") -> dict[str, str]:
    """Its variables; the value of a secret is its name and version."""
    (container,) = template(main, run)["containers"]
    found = {}
    for one in container["env"]:
        secrets = [source["secret_key_ref"][0] for source in one["value_source"]]
        found[one["name"]] = f"{secrets[0]['secret']}/{secrets[0]['version']}" if secrets else one["value"]
    return found


def check_it_is_off_by_default(main: Outcome) -> None:
    assert of_the_canary(main.plans["defaults"]) == set()


def check_one_run_is_one_interview(main: Outcome) -> None:
    assert template(main)["max_retries"] == 0
    scheduled = main.plans["canary"].resources['google_cloud_scheduler_job.canary["canary"]']
    assert scheduled["retry_config"][0]["retry_count"] == 0
    assert not scheduled["paused"]
    assert (scheduled["schedule"], scheduled["time_zone"]) == ("30 5 * * *", "Etc/UTC")


def check_a_run_has_the_time_that_its_parts_may_take(main: Outcome) -> None:
    line = 2 * canary_line.SECONDS
    most = CONTAINER + canary.WAIT + canary.TIMEOUT + api.CLEANUP + line
    assert most <= int(str(template(main).get("timeout")).removesuffix("s")) < 3600


def check_it_is_the_image_that_was_built_and_tries_the_page(main: Outcome) -> None:
    (container,) = template(main)["containers"]
    assert container["image"].endswith("/canary@sha256:" + 64 * "1")
    assert not container["command"], "the image's entry point"
    assert container["args"] == [main.plans["canary"].outputs["url"]]


def check_its_variables(main: Outcome) -> None:
    """Gemini as the relay has it, the start code of a candidate, and nothing else."""
    found = environment(main)
    assert found == {
        "GEMINI_API_KEY": "gemini-api-key/7",
        "GEMINI_LIVE_MODEL": "gemini-3.8-live",
        "VOICE": "Puck",
        "START_CODE": "class-7",
    }
    assert load(found).gemini == settings(main, "canary", "relay").gemini
    vertex = environment(main, "canary_with_vertex")
    assert load(vertex).gemini == settings(main, "canary_with_vertex", "relay").gemini
    assert "GEMINI_API_KEY" not in vertex


def check_its_roles(main: Outcome) -> None:
    services = BASIC | may_read("gemini-api-key") | may_read("tavus-api-key")
    assert grants(main.plans["canary"]) - services == {READS, STARTS}
    vertex = {(who, "roles/aiplatform.user", PROJECT, "") for who in (START, END, RELAY, CANARY)}
    assert grants(main.plans["canary_with_vertex"]) - BASIC == vertex | {STARTS}


def check_its_accounts(main: Outcome) -> None:
    assert template(main)["service_account"] == "canary@demo-project.iam"
    target = main.plans["canary"].resources['google_cloud_scheduler_job.canary["canary"]']["http_target"][0]
    assert not target["oidc_token"], "an API of Google's takes an OAuth token"
    assert target["oauth_token"][0]["service_account_email"] == "starter@demo-project.iam"
    assert not target["body"], "a run with other arguments"


def check_a_wrong_finding_is_counted_and_alerts(main: Outcome) -> None:
    plan = main.plans["canary"]
    metric = plan.resources['google_logging_metric.canary["canary"]']
    source = (ROOT / "ops" / "finding.py").read_text("utf-8")
    assert {"canary_wrong", "canary_right", "canary_not_tried"} == set(LOGGED.findall(source))
    job = f'resource.type="cloud_run_job" AND resource.labels.job_name="{JOB}"'
    assert metric["filter"] == f'{job} AND (jsonPayload.message="canary_wrong")'
    assert metric["label_extractors"] == {"finding": "EXTRACT(jsonPayload.finding)"}
    name = f"logging_googleapis_com:user_{metric['name']}"
    failed = f'monitored_resource="cloud_run_job",job_name="{JOB}",result="failed"'
    for query in queries(plan):
        promql_parser.parse(query)
    assert new(queries(plan), queries(main.plans["defaults"])) == {
        f'sum by (finding) (increase({name}{{monitored_resource="cloud_run_job"}}[10m])) > 0',
        f"sum(increase(run_googleapis_com:job_completed_execution_count{{{failed}}}[10m])) > 0",
    }


def new(ones: Iterable[str], others: Iterable[str]) -> set[str]:
    return set(ones) - set(others)


CHECKS: tuple[Callable[[Outcome], None], ...] = (
    check_it_is_off_by_default,
    check_one_run_is_one_interview,
    check_a_run_has_the_time_that_its_parts_may_take,
    check_it_is_the_image_that_was_built_and_tries_the_page,
    check_its_variables,
    check_its_roles,
    check_its_accounts,
    check_a_wrong_finding_is_counted_and_alerts,
)

FIRST = {
    "deployed when off": ("terraform/canary.tf", 'var.canary_schedule == "" ? [] : ["canary"]', '["canary"]'),
    "retries": ("terraform/canary.tf", "max_retries = 0", "max_retries = 3"),
    "little time": ("terraform/canary.tf", 'timeout = "960s"', 'timeout = "600s"'),
    "the relay's image": ("terraform/canary.tf", "image = var.canary_image", "image = var.relay_image"),
    "the wrong secret": (
        "terraform/canary.tf",
        'name => secret if name == "GEMINI_API_KEY"',
        'name => secret if name == "TAVUS_API_KEY"',
    ),
    "an OIDC token": ("terraform/canary.tf", "oauth_token {", "oidc_token {"),
    "another event": (
        "terraform/canary.tf",
        'jsonPayload.message=\\"canary_wrong\\"',
        'jsonPayload.message=\\"wrong\\"',
    ),
}
SECOND = {
    "deployed without the schedule": (
        "terraform/canary.tf",
        'resource "google_service_account" "canary" { for_each = toset(local.canary)',
        'resource "google_service_account" "canary" {\n for_each = toset(["canary"])',
    ),
    "paused": (
        "terraform/canary.tf",
        "schedule = var.canary_schedule",
        "paused = true\n schedule = var.canary_schedule",
    ),
    "no end": ("terraform/canary.tf", 'timeout = "960s"', ""),
    "another page": ("terraform/canary.tf", "args = [local.origins[0]]", 'args = ["https://elsewhere.example"]'),
    "the relay's variables": (
        "terraform/canary.tf",
        '{ for name in ["GEMINI_LIVE_MODEL", "VOICE"] : name => local.relay_environment[name] }',
        "local.relay_environment",
    ),
    "more than to start": ("terraform/canary.tf", '"roles/run.invoker"', '"roles/run.developer"'),
    "it starts itself": (
        "terraform/canary.tf",
        'google_service_account.canary_starter["canary"].email',
        'google_service_account.canary["canary"].email',
    ),
    "no alert of a failed run": ("terraform/canary.tf", 'result=\\"failed\\"', 'result=\\"succeeded\\"'),
}
THIRD = {
    "a second run": ("terraform/canary.tf", "retry_count = 0", "retry_count = 2"),
    "no label": ("terraform/canary.tf", "EXTRACT(jsonPayload.finding)", "EXTRACT(jsonPayload.told)"),
    "as the relay": (
        "terraform/canary.tf",
        'service_account = google_service_account.canary["canary"].email',
        'service_account = google_service_account.service["relay"].email',
    ),
}
GROUPS = (FIRST, SECOND, THIRD)
NOTICED = [(0, check) for check in CHECKS] + [(1, check) for check in CHECKS]
NOTICED += [(2, CHECKS[1]), (2, check_its_accounts), (2, check_a_wrong_finding_is_counted_and_alerts)]
"""Which of the checks must fail after which group of mutations."""


@pytest.mark.parametrize("check", CHECKS)
def test_the_plan(check: Callable[[Outcome], None], main: Outcome) -> None:
    check(main)


Mutated = Callable[[int], Outcome]


@pytest.fixture(scope="module")
def mutated(terraform: Run, tmp_path_factory: pytest.TempPathFactory) -> Mutated:
    """The outcome of a group of mutations."""
    made: dict[int, Outcome] = {}

    def get(number: int) -> Outcome:
        if number not in made:
            infra = copied(tmp_path_factory.mktemp("mutated"))
            for file, old, new_text in GROUPS[number].values():
                change(infra, file, old, new_text)
            files = ("defaults", "canary")
            made[number] = tried(terraform, infra / "terraform", *(f"-filter=tests/{one}.tftest.hcl" for one in files))
            plans = set(made[number].plans)
            assert {"defaults", "canary", "canary_with_vertex"} <= plans, "\n".join(made[number].problems)
        return made[number]

    return get


@pytest.mark.parametrize(("group", "check"), NOTICED)
def test_a_mutation_fails(group: int, check: Callable[[Outcome], None], mutated: Mutated) -> None:
    outcome = mutated(group)
    with pytest.raises((AssertionError, KeyError, ValueError)):
        check(outcome)


@pytest.mark.parametrize(
    ("schedule", "right"),
    [
        ("", True),
        ("30 5 * * *", True),
        ("0 */6 * * 1-5", True),
        ("* * * * *", False),
        ("*/5 * * * *", False),
        ("0,30 * * * *", False),
        ("30 5 * *", False),
        ("30 5 * * * *", False),
    ],
)
def test_a_schedule_is_at_most_hourly(schedule: str, *, right: bool) -> None:
    """By the variable's own expression."""
    text = (ROOT / "infra" / "terraform" / "variables.tf").read_text("utf-8")
    pattern = re.search(r'var\.canary_schedule == "" \|\| can\(regex\("([^"]+)", var\.canary_schedule\)\)', text)
    assert pattern
    assert (schedule == "" or bool(re.search(pattern[1], schedule))) == right


def test_the_image_has_no_other_entry_point_than_terraform_expects() -> None:
    recipe = (Path(ROOT) / "relay" / "Dockerfile").read_text("utf-8")
    assert 'ENTRYPOINT ["python", "-m", "ops.canary", "--log"]' in recipe.partition("AS canary")[2]
