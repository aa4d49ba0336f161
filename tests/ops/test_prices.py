"""The estimates agree with decision 8 and docs/operations.md."""

import re
from pathlib import Path

import pytest

from ops import prices
from relay.gemini.model import CONTEXT_TARGET, CONTEXT_TRIGGER

ROOT = Path(__file__).parents[2]
FULL = {"seconds": 1500.0, "spoken": 600.0, "turns": 45}


def test_the_context_is_calculated_as_in_the_decision() -> None:
    text = (ROOT / "docs" / "decisions" / "0008-context.md").read_text("utf-8")
    row = re.search(r"\*\*48,000 / 32,000\*\* \| \*\*([\d.]+) million\*\* \| \*\*\$([\d.]+)\*\*", text)
    assert row
    assert prices.context(**FULL) / 1e6 == pytest.approx(float(row[1]), abs=0.005)  # type: ignore[arg-type]
    live = prices.live(**FULL)  # type: ignore[arg-type]
    assert prices.total(live) == pytest.approx(float(row[2]), abs=0.005)


def test_the_context_window_is_the_relays() -> None:
    assert (prices.TRIGGER, prices.TARGET) == (CONTEXT_TRIGGER, CONTEXT_TARGET)


def test_a_longer_interview_costs_more_and_the_window_limits_it() -> None:
    sums = [prices.context(seconds=s, spoken=0.4 * s, turns=round(s / 33)) for s in (60, 300, 1500)]
    assert sums == sorted(sums)
    assert prices.context(seconds=6000, spoken=2400, turns=180) < 180 * prices.TRIGGER
    assert prices.relay(seconds=100, shared=4).dollars == pytest.approx(prices.relay(seconds=100).dollars / 4)
