"""Metrics count messages that the services log; alerts and dashboard use metrics that exist, in valid queries."""

import ast
import itertools
import json
import re
from typing import Any

import promql_parser
import pytest

from interview import prices
from tests.terraform.conftest import ROOT
from tests.terraform.plan import Outcome, Plan, Values

CLOUD_RUN = {
    "request_count",
    "request_latencies_bucket",
    "container_instance_count",
    "container_max_request_concurrencies_sum",
    "container_max_request_concurrencies_count",
}
"""The used metrics of Cloud Run, by their PromQL names."""


def written() -> dict[str, set[str]]:
    """Every message that deployed code logs, with its labels."""
    found: dict[str, set[str]] = {}
    for folder in ("interview", "relay", "functions"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in ("log.write", "log.failure"):
                    failure = node.func.attr == "failure"  # type: ignore[attr-defined]
                    message = node.args[0 if failure else 1]
                    if isinstance(message, ast.Constant):
                        labels = {keyword.arg or "" for keyword in node.keywords}
                        found.setdefault(str(message.value), set()).update(labels, {"code"} if failure else ())
    return found


def metrics(main: Outcome) -> dict[str, Values]:
    found = main.plans["defaults"].of("google_logging_metric").values()
    return {metric["name"]: metric for metric in found}


def test_every_counted_message_is_logged(main: Outcome) -> None:
    known = written()
    assert "connection_over" in known
    for name, metric in metrics(main).items():
        for group in re.findall(r'jsonPayload\.message=(\([^)]*\)|"[^"]*")', metric["filter"]):
            for message in re.findall(r'"([^"]+)"', group):
                assert message in known, f"{name} counts what nobody writes: {message}"


def test_every_label_of_a_metric_is_logged_with_its_message(main: Outcome) -> None:
    known = written()
    for name, metric in metrics(main).items():
        messages = re.findall(r'jsonPayload\.message="([^"]+)"', metric["filter"])
        taken = [metric["value_extractor"], *(metric["label_extractors"] or {}).values()]
        for label in re.findall(r"jsonPayload\.(\w+)", " ".join(filter(None, [*taken, metric["filter"]]))):
            for message in messages if label != "message" else ():
                assert label in known[message], f"{name} takes {label} from {message}"


def test_the_outcomes_of_connections_are_those_of_the_code(main: Outcome) -> None:
    modules = [*(ROOT / "relay").glob("*.py"), ROOT / "interview" / "errors.py"]
    source = "\n".join(path.read_text("utf-8") for path in modules)
    lost = metrics(main)["interviewer_production_lost"]["filter"]
    harmless = re.search(r"NOT jsonPayload\.outcome=\(([^)]*)\)", lost)
    assert harmless
    for outcome in re.findall(r'"(\w+)"', harmless[1]):
        assert re.search(rf"^class {outcome}\b", source, re.MULTILINE), outcome


def queries(plan: Plan) -> list[str]:
    found = []
    for policy in plan.of("google_monitoring_alert_policy").values():
        found += [condition["condition_prometheus_query_language"][0]["query"] for condition in policy["conditions"]]
    for tile in tiles(plan):
        found += [series["timeSeriesQuery"]["prometheusQuery"] for series in tile["widget"]["xyChart"]["dataSets"]]
    return found


def tiles(plan: Plan) -> list[dict[str, Any]]:
    (dashboard,) = plan.of("google_monitoring_dashboard").values()
    found: list[dict[str, Any]] = json.loads(dashboard["dashboard_json"])["mosaicLayout"]["tiles"]
    return found


def test_every_query_parses(main: Outcome) -> None:
    found = queries(main.plans["defaults"])
    assert len(found) > 20
    for query in found:
        promql_parser.parse(query)
    with pytest.raises(ValueError, match="parenthesis"):
        promql_parser.parse(found[0] + ")")


def test_every_query_uses_metrics_that_exist(main: Outcome) -> None:
    known = metrics(main)
    asked = set()
    for query in queries(main.plans["defaults"]):
        for service, name in re.findall(r"(\w+_googleapis_com):(\w+)", query):
            if service == "run_googleapis_com":
                assert name in CLOUD_RUN, name
            else:
                assert service == "logging_googleapis_com"
                metric, part = re.fullmatch(r"user_(\w+?)(_bucket|_sum)?", name).groups()  # type: ignore[union-attr]
                distribution = known[metric]["metric_descriptor"][0]["value_type"] == "DISTRIBUTION"
                assert distribution == (part is not None), f"{name}: a distribution is asked for by its parts"
                asked.add(metric)
    assert asked == set(known), "every metric is used, and every used metric exists"


def test_the_alerts_are_complete(main: Outcome) -> None:
    policies = main.plans["defaults"].of("google_monitoring_alert_policy")
    assert {address.partition('"')[2].partition(":")[0] for address in policies} == {
        "errors",
        "latency",
        "lost",
        "spend",
        "sweep",
    }
    for policy in policies.values():
        assert len(policy["conditions"]) == 1
        assert policy["conditions"][0]["condition_prometheus_query_language"][0]["disable_metric_validation"] is True


def test_the_threshold_of_starts_is_a_variable(main: Outcome) -> None:
    policies = main.plans["defaults"].of("google_monitoring_alert_policy")
    (spend,) = (policy for address, policy in policies.items() if '"spend:' in address)
    assert spend["conditions"][0]["condition_prometheus_query_language"][0]["query"].endswith("> 60")


def test_the_dashboard_shows_dollars_by_the_price_list(main: Outcome) -> None:
    (tile,) = (tile for tile in tiles(main.plans["defaults"]) if tile["widget"]["title"].startswith("Dollars"))
    shown = {
        series["legendTemplate"]: series["timeSeriesQuery"]["prometheusQuery"]
        for series in tile["widget"]["xyChart"]["dataSets"]
    }
    assert "gemini_dollars_sum" in shown["Gemini"]
    assert shown["avatars"].endswith(f"/ 60 * {prices.AVATAR}")


def test_no_tile_overlaps_another(main: Outcome) -> None:
    found = tiles(main.plans["defaults"])
    assert len(found) > 5
    for one, other in itertools.combinations(found, 2):
        apart = (
            one["xPos"] + one["width"] <= other["xPos"]
            or other["xPos"] + other["width"] <= one["xPos"]
            or one["yPos"] + one["height"] <= other["yPos"]
            or other["yPos"] + other["height"] <= one["yPos"]
        )
        assert apart
    assert max(tile["xPos"] + tile["width"] for tile in found) <= 48
