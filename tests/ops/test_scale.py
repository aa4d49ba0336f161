"""docs/scale.md has the code's numbers, and the numbers of infra/terraform are those that it counts with."""

import re
from pathlib import Path

import pytest

from interview.settings import load
from ops import scale
from relay.gemini.replay_buffer import BYTES_A_SECOND, LONGEST
from relay.gemini.transcriber import COPIES, MOST_BYTES
from relay.server import CAPACITY

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scale.md").read_text("utf-8")
VARIABLES = (ROOT / "infra/terraform/variables.tf").read_text("utf-8")


@pytest.mark.parametrize("table", [scale.bounds_table, scale.load_table, scale.tiers_table])
def test_the_page_has_the_computed_table(table: object) -> None:
    assert callable(table)
    assert table() in PAGE


def test_the_memory_of_a_relay_is_that_of_the_code() -> None:
    most = scale.relay_bytes()
    assert f"200 interviews at their bounds are {most / 2**20:,.0f} MiB" in PAGE
    assert f"{MOST_BYTES / 2**20:.0f} MiB of it are for answers" in PAGE
    assert f"that is {MOST_BYTES // COPIES / BYTES_A_SECOND / 60:.0f} minutes of answers" in PAGE
    assert COPIES * LONGEST < MOST_BYTES, "the longest answer fits"
    assert CAPACITY == 200


def test_it_counts_with_terraforms_limits() -> None:
    assert re.search(rf"relay_instances\s+= optional\(number, {scale.RELAY_INSTANCES}\)", VARIABLES)
    assert re.search(rf"function_instances\s+= optional\(number, {scale.FUNCTION_INSTANCES}\)", VARIABLES)
    assert f"var.admission.concurrent <= {scale.MOST_CONCURRENT} " in VARIABLES
    functions = (ROOT / "infra/terraform/functions.tf").read_text("utf-8")
    assert f'start = {{ memory = "2Gi", concurrency = {scale.START_CONCURRENCY}, ' in functions


def test_money_ends_first_and_our_own_limit_is_below_what_the_ledger_carries() -> None:
    at = {bound.what: bound.at for bound in scale.bounds()}
    assert min(at, key=at.__getitem__) == "video interviews"
    assert at["Gemini, Tier 1"] < at["our own limit"] < at["ledger of interviews"]
    assert load({}).limits.concurrent * scale.LEDGER_WRITES / scale.SECONDS < scale.DOCUMENT_WRITES


def test_an_interview_takes_as_much_of_a_tier_as_it_costs() -> None:
    first = scale.TIERS[0]
    assert scale.interviews_of(first.month) == int(first.month / scale.gemini_dollars())
    share = scale.gemini_dollars() * 600 / scale.SECONDS
    assert scale.at_once(first) * share <= first.ten_minutes < (scale.at_once(first) + 1) * share
