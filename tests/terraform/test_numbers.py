"""Deployed is what was built, and the numbers that decide are right: memory, probes, deadlines, thresholds, regions.

Each check is also tried against a plan with mutations, in which it must fail.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ops import scale
from relay.server import CAPACITY, DRAIN_TIMEOUT
from tests.terraform.conftest import ARCHIVE, ROOT, Run, copied, tried
from tests.terraform.plan import Outcome, Values
from tests.terraform.test_mutations import change

UNITS = {"Mi": 2**20, "Gi": 2**30}
SECONDS = {"start": 60, "end": 200}
"""Seconds for a request to each function: Hosting ends one after 60; the queue of summaries calls `end` itself."""
DIGEST = "@sha256:" + "0" * 64

ALERTS = {
    "errors: errors in the log": ("[10m]", "> 5", "0s"),
    "errors: no instance was free": ("[10m]", "> 0", "0s"),
    "errors: server errors": ("[10m]", "> 3", "0s"),
    "latency: a summary takes over 2 min": ("[30m]", "> 120000", "0s"),
    "latency: start takes over 15 s": ("[30m]", "> 15000", "0s"),
    "latency: the interviewer takes over 6 s": ("[30m]", "> 6000", "0s"),
    "lost: a summary given up": ("[10m]", "> 0", "0s"),
    "lost: broken off or not kept": ("[10m]", "> 0", "0s"),
    "lost: many abandoned": ("[1h]", "> 5", "0s"),
    "spend: more starts than expected": ("[1h]", "> 60", "0s"),
    # Under two in five minutes, for a quarter of an hour: not in the first minutes of a deployment.
    "sweep: not answered": ("[5m]", "< 2", "900s"),
}
"""Each alert's window, threshold, and for how long it must hold."""


def memory(text: str) -> int:
    return int(text[:-2]) * UNITS[text[-2:]]


def relay(main: Outcome) -> Values:
    (found,) = main.plans["defaults"].of("google_cloud_run_v2_service").values()
    template: Values = found["template"][0]
    return template


def check_the_zip_is_named_by_its_content(archive: Outcome) -> None:
    plan = archive.plans["archive"]
    functions = plan.of("google_cloudfunctions2_function")
    assert len(functions) == 2
    for address, function in functions.items():
        key = address.partition('"')[2].strip('"]')
        data = plan.resources[f'data.archive_file.function["{key}"]']
        stored = plan.resources[f'google_storage_bucket_object.function["{key}"]']
        assert data["output_sha256"] in stored["name"], "a changed function would keep its name, and not be deployed"
        assert stored["source"] == data["output_path"]
        source = function["build_config"][0]["source"][0]["storage_source"][0]
        assert (source["object"], source["bucket"]) == (stored["name"], stored["bucket"])
        assert function["build_config"][0]["entry_point"] == key == function["name"].rsplit("-", 1)[1]


def check_the_image_is_the_one_that_was_built(main: Outcome) -> None:
    (container,) = relay(main)["containers"]
    assert container["image"].endswith(DIGEST)
    assert container["image"] == main.plans["defaults"].outputs["relay_image"]


def check_a_relay_has_memory_for_its_own_bounds(main: Outcome) -> None:
    """Each interview's buffers at their bounds, times the concurrency, and what the relay imports."""
    template = relay(main)
    limit = memory(template["containers"][0]["resources"][0]["limits"]["memory"])
    assert scale.relay_bytes(template["max_instance_request_concurrency"]) <= 0.95 * limit


def check_probes(main: Outcome) -> None:
    container = relay(main)["containers"][0]
    startup, liveness = container["startup_probe"][0], container["liveness_probe"][0]
    for probe in (startup, liveness):
        assert 1 <= probe["timeout_seconds"] <= probe["period_seconds"]
    assert 15 <= startup["period_seconds"] * startup["failure_threshold"] <= 240, "Cloud Run allows 240 s"
    hung = liveness["period_seconds"] * liveness["failure_threshold"]
    assert DRAIN_TIMEOUT < hung <= 60, "a relay that hangs is restarted within a minute, and one that drains is not"
    assert liveness["failure_threshold"] >= 3, "one slow answer restarts nothing"


def check_deadlines(main: Outcome) -> None:
    plan = main.plans["defaults"]
    for function in plan.of("google_cloudfunctions2_function").values():
        assert function["service_config"][0]["timeout_seconds"] == SECONDS[function["name"].rsplit("-", 1)[1]]
        assert function["service_config"][0]["max_instance_count"] == 10
    (job,) = plan.of("google_cloud_scheduler_job").values()
    assert not job["paused"]
    assert job["schedule"] == "* * * * *"
    assert 15 <= int(job["attempt_deadline"].removesuffix("s")) < 60, "it ends before the next sweep"
    assert job["retry_config"][0]["retry_count"] == 0


def check_alerts(main: Outcome) -> None:
    found = {}
    for address, policy in main.plans["defaults"].of("google_monitoring_alert_policy").items():
        (condition,) = policy["conditions"]
        promql = condition["condition_prometheus_query_language"][0]
        windows = set(re.findall(r"\[\w+\]", promql["query"]))
        threshold = re.search(r"[<>] \d+$", promql["query"])
        assert threshold, promql["query"]
        assert promql["evaluation_interval"] == "60s"
        assert policy["enabled"] in (None, True)
        found[address.partition('"')[2].strip('"]')] = (windows.pop(), threshold[0], promql["duration"])
    assert found == ALERTS


def check_regions(main: Outcome) -> None:
    """With another region, everything is there."""
    plan = main.plans["elsewhere"]
    for address, values in plan.resources.items():
        for name in ("region", "location", "location_id"):
            if values.get(name):
                assert values[name] == "asia-east1", f"{address} is in {values[name]}"
    whole = json.dumps([plan.resources, plan.outputs])
    assert whole.count("asia-east1") > 5
    written = re.sub(r"europe-west1-docker\.pkg\.dev/demo-project/interviewer/relay@sha256", "", whole)
    assert "europe-west1" not in written, "a region is written where a variable belongs"


CHECKS: tuple[Callable[[Outcome], None], ...] = (
    check_the_image_is_the_one_that_was_built,
    check_a_relay_has_memory_for_its_own_bounds,
    check_probes,
    check_deadlines,
    check_alerts,
    check_regions,
)


@pytest.mark.parametrize("check", CHECKS)
def test_the_plan(check: Callable[[Outcome], None], main: Outcome) -> None:
    check(main)


def test_what_is_deployed_is_what_was_zipped(archive: Outcome) -> None:
    check_the_zip_is_named_by_its_content(archive)


def test_a_relays_imports_fit_what_they_are_counted_for() -> None:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("only Linux tells a process its memory")
    code = f"import relay.server; print(open({str(status)!r}).read())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    most = re.search(r"^VmHWM:\s+(\d+) kB$", done.stdout, re.MULTILINE)
    assert most
    assert int(most[1]) * 1024 < scale.RELAY_IMPORTS
    assert scale.relay_bytes(2) - scale.relay_bytes(1) > 8 * 10**6, "a buffer is not counted any more"


FIRST = {
    "image": ("terraform/relay.tf", "image = var.relay_image", 'image = "elsewhere/relay:latest"'),
    "memory": ("terraform/relay.tf", 'memory = "2Gi"', 'memory = "512Mi"'),
    "liveness": ("terraform/relay.tf", "timeout_seconds = 5", "timeout_seconds = 50"),
    "paused": ("terraform/sweep.tf", 'schedule = "* * * * *"', 'schedule = "* * * * *"\n  paused = true'),
    "threshold": ("terraform/alerts.tf", "[1h])) > 5", "[1h])) > 500"),
    "region": ("terraform/database.tf", "location_id = var.region", 'location_id = "europe-west1"'),
    "hash": ("terraform/functions.tf", "-${data.archive_file.function[each.key].output_sha256}.zip", ".zip"),
}
SECOND = {
    "more interviews": ("terraform/relay.tf", "request_concurrency = 200", "request_concurrency = 400"),
    "a probe that gives up early": ("terraform/relay.tf", "failure_threshold = 30", "failure_threshold = 3"),
    "deadline": ("terraform/sweep.tf", 'attempt_deadline = "55s"', 'attempt_deadline = "600s"'),
    "window": ("terraform/alerts.tf", "_bucket{${local.of_metric}}[30m]", "_bucket{${local.of_metric}}[1m]"),
    "region of the relays": ("terraform/names.tf", ": [var.region]", ': ["europe-west1"]'),
    "entry points": ("terraform/functions.tf", "entry_point = each.key", 'entry_point = "start"'),
}
THIRD = {
    "duration": ("terraform/alerts.tf", '"900s"', '"0s"'),
    "timeout": ("terraform/functions.tf", "timeout = 60", "timeout = 30"),
    "a relay that hangs": ("terraform/relay.tf", "period_seconds = 10", "period_seconds = 100"),
    "the region in the build": ("terraform/build.tf", "_REGION = var.region", '_REGION = "europe-west1"'),
    "another zip": (
        "terraform/functions.tf",
        "object = google_storage_bucket_object.function[each.key].name",
        'object = google_storage_bucket_object.function["end"].name',
    ),
}
GROUPS = (FIRST, SECOND, THIRD)
NOTICED = {
    0: CHECKS,
    1: CHECKS[1:],
    2: CHECKS[2:],
}
"""Which of the checks must fail after which group of mutations."""


Mutated = Callable[[int], tuple[Outcome, Outcome]]


@pytest.fixture(scope="module")
def mutated(terraform: Run, tmp_path_factory: pytest.TempPathFactory) -> Mutated:
    """The outcome of a group of mutations, with and without the archives."""
    made: dict[int, tuple[Outcome, Outcome]] = {}

    def get(number: int) -> tuple[Outcome, Outcome]:
        if number not in made:
            infra = copied(tmp_path_factory.mktemp("mutated"))
            for file, old, new in GROUPS[number].values():
                change(infra, file, old, new)
            root = infra / "terraform"
            archive = tried(terraform, root, f"-filter={ARCHIVE}")
            (root / ARCHIVE).unlink()
            main = tried(terraform, root, "-filter=tests/defaults.tftest.hcl", "-filter=tests/variants.tftest.hcl")
            assert {"defaults", "elsewhere"} <= set(main.plans), "\n".join(main.problems)
            made[number] = main, archive
        return made[number]

    return get


@pytest.mark.parametrize(("group", "check"), [(group, check) for group, checks in NOTICED.items() for check in checks])
def test_a_mutation_fails(group: int, check: Callable[[Outcome], None], mutated: Mutated) -> None:
    main, _ = mutated(group)
    with pytest.raises((AssertionError, KeyError)):
        check(main)


@pytest.mark.parametrize("group", NOTICED)
def test_a_mutation_of_the_zip_fails(group: int, mutated: Mutated) -> None:
    _, archive = mutated(group)
    with pytest.raises(AssertionError):
        check_the_zip_is_named_by_its_content(archive)


def test_the_concurrency_is_the_relays(main: Outcome) -> None:
    assert relay(main)["max_instance_request_concurrency"] == CAPACITY
