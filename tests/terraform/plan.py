"""Plans, read from `terraform test -json -verbose` for each run of the *.tftest.hcl files."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Values = Mapping[str, Any]


@dataclass
class Plan:
    """Resources by address with their values (what Google alone decides is missing), and the outputs.

    Data sources are there for the runs that apply.
    """

    resources: dict[str, Values]
    outputs: dict[str, Any]

    def of(self, type_: str) -> dict[str, Values]:
        """All resources of a type."""
        return {address: values for address, values in self.resources.items() if address.startswith(f"{type_}.")}


@dataclass
class Outcome:
    """The outcome of a root module's tests; `problems` has a message for each failure."""

    passed: int = 0
    problems: list[str] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)


def read(text: str) -> Outcome:
    """Read the output of `terraform test`."""
    outcome = Outcome()
    for event in _events(text):
        if plan := event.get("test_plan"):
            outcome.plans[event["@testrun"]] = _planned(plan)
        if state := event.get("test_state"):
            outcome.plans[event["@testrun"]] = _applied(state)
        if diagnostic := event.get("diagnostic"):
            where = diagnostic.get("range", {})
            place = f"{where.get('filename')}:{where.get('start', {}).get('line')}"
            outcome.problems.append(f"{place}: {diagnostic['summary']}: {diagnostic['detail']}")
        if summary := event.get("test_summary"):
            outcome.passed = summary["passed"]
            if summary["status"] != "pass" and not outcome.problems:
                outcome.problems.append(event["@message"])
    return outcome


def _events(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def _planned(plan: Values) -> Plan:
    return Plan(
        {change["address"]: change["change"].get("after") or {} for change in plan.get("resource_changes", ())},
        {name: change.get("after") for name, change in plan.get("output_changes", {}).items()},
    )


def _applied(state: Values) -> Plan:
    return Plan(
        {resource["address"]: resource["values"] for resource in state["root_module"]["resources"]},
        {name: output["value"] for name, output in state["outputs"].items()},
    )
