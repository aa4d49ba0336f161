"""The estimates agree with decision 8."""

import re
from pathlib import Path
from typing import Final

import pytest

from interview import prices
from interview.usage import LiveUsage, TextUsage, Usage
from relay.gemini.setup import CONTEXT_TARGET, CONTEXT_TRIGGER

ROOT = Path(__file__).parents[2]
DECISION: Final = (ROOT / "docs" / "decisions" / "0008-context.md").read_text("utf-8")
ROWS: Final = [
    [cell.strip().strip("*") for cell in row.strip("|").split("|")]
    for row in re.findall(r"^\| \**\d+\** \|.*\|$", DECISION, re.MULTILINE)
]


@pytest.mark.parametrize("cells", ROWS, ids=lambda cells: " ".join(cells[:2]))
def test_a_row_of_the_decision_is_calculated(cells: list[str]) -> None:
    turns, window, tokens, longest, dollars, cut = cells
    trigger, target = (None, 0) if window == "none" else map(number, window.split(" / "))
    billed = prices.billed(seconds=1500, spoken=600, turns=int(turns), trigger=trigger, target=target)
    assert number(tokens) == billed.text_in + billed.audio_in
    assert number(longest) == billed.longest
    assert float(dollars.strip("$")) == round(billed.input + billed.output, 2)
    assert cut == ("never" if billed.cut_at is None else f"minute {billed.cut_at / 60:.0f}")


def test_the_decision_has_each_number_of_turns_with_each_window() -> None:
    windows = ("none", "48,000 / 32,000", "32,000 / 16,000")
    assert [cells[:2] for cells in ROWS] == [[turns, window] for turns in ("15", "20", "30") for window in windows]


def number(text: str) -> int:
    return int(text.replace(",", ""))


def test_each_modality_has_its_price() -> None:
    live = LiveUsage(turns=1, prompt_text=10**6, prompt_audio=10**6, response_text=10**6, response_audio=10**6)
    assert prices.dollars(Usage(live=live)) == pytest.approx(0.75 + 3 + 4.5 + 12)
    assert prices.dollars(Usage(live=LiveUsage(thoughts=10**6))) == pytest.approx(4.5)
    text = TextUsage(1, prompt_text=10**6, prompt_image=10**6, prompt_audio=10**6, response=10**6, thoughts=10**6)
    assert prices.dollars(Usage(text=text)) == prices.dollars(Usage(transcription=text)) == pytest.approx(3 * 1.5 + 15)
    assert prices.dollars(Usage(), avatar_seconds=90) == pytest.approx(0.555)
    assert prices.dollars(Usage()) == 0


def test_an_estimate_is_what_is_counted() -> None:
    tokens = prices.billed(seconds=1500, spoken=600, turns=45)
    counted = LiveUsage(45, tokens.text_in, tokens.audio_in, 0, tokens.audio_out, tokens.text_out)
    assert prices.dollars(Usage(live=counted)) == pytest.approx(tokens.input + tokens.output)


def test_the_context_window_is_the_relays() -> None:
    assert (prices.TRIGGER, prices.TARGET) == (CONTEXT_TRIGGER, CONTEXT_TARGET)


def test_two_turns_by_hand() -> None:
    """Each turn: 7 s of the candidate, 4 s of the interviewer, 3 s that are not billed."""
    billed = prices.billed(seconds=28, spoken=8, turns=2)
    assert billed.audio_in == 7 * 25 + (7 + 4 + 7) * 25
    assert billed.text_in == 2 * 1_400
    assert (billed.audio_out, billed.text_out) == (8 * 25, 2 * 64)
    assert billed.input == pytest.approx((625 * 3 + 2_800 * 0.75) / 1e6)
    assert billed.output == pytest.approx((200 * 12 + 128 * 4.5) / 1e6)


def test_the_smoke_tests_items_are_the_tokens_that_are_billed() -> None:
    tokens = prices.billed(seconds=30, spoken=10, turns=2)
    listed, voice = prices.live(seconds=30, spoken=10, turns=2)
    assert (listed.dollars, voice.dollars) == (tokens.input, tokens.output)
    assert f"{tokens.audio_in:,} tokens x $3.00" in listed.sum
    assert f"{tokens.audio_out:,} tokens x $12.00" in voice.sum


def test_silence_between_turns_costs_nothing() -> None:
    without, silent = (prices.billed(seconds=8 + pause, spoken=8, turns=2) for pause in (0, 6))
    assert without == silent


def test_an_interview_of_no_turns_is_billed_for_none() -> None:
    billed = prices.billed(seconds=30, spoken=0, turns=0)
    assert (billed.input, billed.output, billed.cut_at) == (0, 0, None)


def test_a_longer_interview_costs_more_and_the_window_limits_it() -> None:
    sums = [prices.billed(seconds=s, spoken=0.4 * s, turns=round(s / 33)).audio_in for s in (60, 300, 1500)]
    assert sums == sorted(sums)
    longest = prices.billed(seconds=6000, spoken=2400, turns=180)
    assert longest.longest < prices.TRIGGER
    assert longest.cut_at
    assert prices.relay(seconds=100, shared=4).dollars == pytest.approx(prices.relay(seconds=100).dollars / 4)
