"""docs/operations.md agrees with the code: prices, commands, alerts, names."""

import re
from pathlib import Path

import pytest

from contract.limits import MAX_MINUTES
from interview import prices
from interview.api.scans import SCAN_DOLLARS
from interview.gemini import SCAN_TOKENS
from interview.prices import Item
from interview.settings import load
from ops import canary_cost
from tests import gcloud

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "operations.md").read_text("utf-8")
SECONDS, SPOKEN, TURNS = 1500.0, 600.0, 45
VOICE = prices.interview(seconds=SECONDS, spoken=SPOKEN, turns=TURNS)
FACE = prices.avatar(seconds=SECONDS)


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("item", [*VOICE, FACE], ids=lambda item: item.name)
def test_each_part_of_an_interviews_cost_is_in_the_document(item: Item) -> None:
    assert row(item.name, item.sum, f"{item.dollars:.2f}") in TEXT


def test_the_sums_are_in_the_document() -> None:
    voice, face = prices.total(VOICE), prices.total([*VOICE, FACE])
    assert f"| **by voice** | | **{voice:.2f}** |" in TEXT
    assert f"| **with the face** | | **{face:.2f}** |" in TEXT
    for count, name in ((10, "10 interviews of 25 minutes"), (100, "100"), (1000, "1,000")):
        assert row(name, f"{count * voice:,.0f}", f"{count * face:,.0f}") in TEXT
    short = prices.interview(seconds=600, spoken=240, turns=18)
    assert (
        row(
            "100 of ten minutes",
            f"{100 * prices.total(short):,.0f}",
            f"{100 * prices.total([*short, prices.avatar(seconds=600)]):,.0f}",
        )
        in TEXT
    )
    assert f"adds {prices.kept_running().dollars:.2f} a month" in TEXT
    assert f"list prices of {prices.AS_OF}" in TEXT


def test_the_cost_of_a_canary_is_in_the_document() -> None:
    run = canary_cost.run()
    for item in run:
        assert row(item.name, item.sum, f"{item.dollars:.3f}") in TEXT
    assert row("**a run**", "", f"**{prices.total(run):.3f}**").replace("|  |", "| |") in TEXT
    assert f"[{100 * prices.total(run):.0f} cents](#a-canary-by-schedule)" in TEXT
    for name, runs in (("day", 30), ("hour", 720)):
        calculation = f"{runs} runs + ${canary_cost.SCHEDULE:.2f} for the schedule"
        assert (
            row(
                f"**a month, once {'an' if name == 'hour' else 'a'} {name}**",
                calculation,
                f"**{canary_cost.month(runs):.2f}**",
            )
            in TEXT
        )


def test_the_cost_of_a_canary_is_that_of_its_job() -> None:
    job = (ROOT / "infra" / "terraform" / "canary.tf").read_text("utf-8")
    assert canary_cost.JOB_MEMORY == 0.5
    assert f'limits = {{ cpu = "{canary_cost.JOB_CPU:g}", memory = "512Mi" }}' in job


def test_the_worst_night_is_computed_from_the_defaults() -> None:
    bare = load({})
    limits, tavus = bare.limits, bare.tavus
    budget = getattr(bare, "interview_dollars", 4.0)
    day = 24 * 3600
    instances = {
        "relay": (5, prices.RELAY_CPU, prices.RELAY_MEMORY),
        "start": (10, 1.0, 2.0),
        "end": (10, 1.0, 0.5),
    }
    busy = sum(n * day * (cpu * prices.CPU + memory * prices.MEMORY) for n, cpu, memory in instances.values())
    # Ten instances of two at a time, 30 ms each: 58 million, said as 60.
    reads = 60e6 * 3 * prices.READS / 1e5
    rows = [
        ("interviews, avatars, readings of CVs", "until `DOLLARS_DAILY` is reached", limits.dollars),
        (
            "interviews that are live then",
            f"{limits.concurrent} x ${budget:.2f}, the budget of one interview",
            limits.concurrent * budget,
        ),
        (
            "avatars that are live then",
            f"{tavus.concurrent} x {MAX_MINUTES} min x ${prices.AVATAR}",
            tavus.concurrent * MAX_MINUTES * prices.AVATAR,
        ),
        ("all instances busy all day", "5 relays, 10 + 10 functions", busy),
        ("starts that are refused", f"60 million x 3 reads x ${prices.READS} a hundred thousand", reads),
    ]
    for name, calculation, dollars in rows:
        assert row(name, calculation, f"{dollars:.2f}") in TEXT
    assert f"| **in all** | | **{sum(dollars for *_, dollars in rows):.2f}** |" in TEXT


def test_the_worst_night_counts_the_instances_that_terraform_allows() -> None:
    variables = (ROOT / "infra/terraform/variables.tf").read_text("utf-8")
    assert re.search(r"relay_instances\s*= optional\(number, 5\)", variables)
    assert re.search(r"function_instances\s*= optional\(number, 10\)", variables)
    functions = (ROOT / "infra/terraform/functions.tf").read_text("utf-8")
    assert 'start = { memory = "2Gi", concurrency = 2, ' in functions
    assert 'end = { memory = "512Mi"' in functions


def test_a_reading_of_a_picture_is_charged_what_it_costs_at_most() -> None:
    most = (10 * 1120 * prices.TEXT_IN + SCAN_TOKENS * prices.TEXT_OUT) / 1e6
    assert most <= SCAN_DOLLARS < 1.2 * most


@pytest.mark.slow
def test_gcloud_has_every_command_of_the_document() -> None:
    found = gcloud.commands(TEXT)
    assert len(found) >= 10
    for command in found:
        gcloud.check(command)


def test_the_document_has_every_alert_and_no_other() -> None:
    files = ("alerts.tf", "canary.tf")
    terraform = "\n".join((ROOT / "infra" / "terraform" / file).read_text("utf-8") for file in files)
    kinds = re.findall(r'title = "([^"]+)"\n\s+about = .*\n\s+conditions = \{\n((?:\s+"[^"]+"\s+= .*\n)+)', terraform)
    wanted = {
        f"{kind}: {title}" for kind, rows in kinds for title in re.findall(r'^\s+"([^"]+)"\s+=', rows, re.MULTILINE)
    }
    assert len(wanted) > 5
    table = TEXT.partition("## What to do at each alert")[2].partition("\n## ")[0]
    named = {cell for cell in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) if ":" in cell}
    assert named == wanted


def test_defaults_in_the_document_are_terraforms() -> None:
    variables = (ROOT / "infra" / "terraform" / "variables.tf").read_text("utf-8")
    for name, value in (
        ("concurrent", "3"),
        ("daily", "20"),
        ("relay_instances", "5"),
        ("function_instances", "10"),
    ):
        assert re.search(rf"{name}\s+= optional\(number, {value}\)", variables)
        assert re.search(rf"{name}` \({value}\)", TEXT)
    assert re.search(r'"retention_days".*?default\s+= 30', variables, re.DOTALL)
    # A day's cap, at the longest interview.
    assert f"about ${20 * FACE.dollars:.0f}" in TEXT
