"""The same scripts with a real model: planted pairs, the spread of a second run, and agreement with the labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from benchmarks.assessment.script import Script, scripts
from interview.assessment import assess
from interview.gemini import TextModel
from interview.report import Summary

GATE: Final = 0.67
"""The quadratic kappa from which the assessment counts as calibrated. Frozen: it is not moved after a measurement."""
PAIRS_GATE: Final = 0.95
"""The share of planted pairs that must be in the right order."""
PAIRS: Final = (
    ("strong", "weak"),
    ("strong", "nonsense"),
    ("right but terse", "wrong but fluent"),
    ("many numbers", "negations"),
    ("typed only", "borrowed praise"),
    ("orders to the grader, typed", "orders in the topic"),
    ("strong", "evasive"),
    ("very long", "contradictions"),
)
"""The better script of each pair, and the worse one."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The measures with a model. `spread` is the mean difference of two runs, in points."""

    pairs: float
    spread: float
    kappa: float
    rated: int

    @property
    def calibrated(self) -> bool:
        """Whether both gates hold."""
        return self.kappa >= GATE and self.pairs >= PAIRS_GATE


async def agreement(model: TextModel) -> Agreement:
    """Two runs over the scripts that a person would rate."""
    labelled = [one for one in scripts() if one.level is not None]
    first, second = [await _run(labelled, model) for _ in range(2)]
    both = [name for name in first if name in second]
    labels = [one.level for one in labelled if one.level is not None and one.name in first]
    rated = [round(first[one.name]) for one in labelled if one.name in first]
    return Agreement(
        pairs=fmean(first.get(better, 0) > first.get(worse, 0) for better, worse in PAIRS),
        spread=fmean(abs(first[name] - second[name]) for name in both) if both else 0.0,
        kappa=quadratic_kappa(labels, rated),
        rated=len(rated),
    )


async def _run(listed: Sequence[Script], model: TextModel) -> dict[str, float]:
    levels = [(one.name, level(await assess(one.interview, one.turns, model))) for one in listed]
    return {name: found for name, found in levels if found is not None}


def level(summary: Summary) -> float | None:
    """The mean of the scored competencies' middles, 1 to 5; None if none has a score."""
    middles = [(one.low + one.high) / 2 for one in summary.competencies if one.low is not None and one.high is not None]
    return fmean(middles) if middles else None


def quadratic_kappa(one: Sequence[int], other: Sequence[int]) -> float:
    """Cohen's kappa of two ratings from 1 to 5, a difference weighted by its square; 0 without a rating."""
    if not one:
        return 0.0
    apart = fmean((a - b) ** 2 for a, b in zip(one, other, strict=True))
    by_chance = fmean((a - b) ** 2 for a in one for b in other)
    return 1.0 - apart / by_chance if by_chance else 1.0
