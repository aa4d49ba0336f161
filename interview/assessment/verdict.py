"""The verdict: a function of the scores and strengths that stand. The model is not asked for one.

| verdict | what it needs |
| --- | --- |
| `insufficient_evidence` | fewer than half of the competencies have a score |
| `strong_yes` | the lower scores have a mean of 4.25 and none is under 3, four in five competencies have a score, none of them is uncertain, and three answers have a strength |
| `yes` | the lower scores have a mean of 3.25, and two answers have a strength |
| `no` | the higher scores have a mean under 2.5 |
| `mixed` | all else |

A positive verdict counts the lower score of the two passes and a negative one the higher, so that doubt leads to the
middle.
"""  # noqa: E501 - a table

from collections.abc import Sequence
from statistics import fmean
from typing import Final

from contract.terms import Verdict
from interview.report import Competency, Finding

COVERED: Final = 0.5
"""The share of competencies with a score without which there is no verdict."""
STRONG_MEAN, STRONG_LEAST, STRONG_COVERED, STRONG_ANSWERS = 4.25, 3, 0.8, 3
YES_MEAN, YES_ANSWERS = 3.25, 2
NO_MEAN: Final = 2.5


def verdict(competencies: Sequence[Competency], strengths: Sequence[Finding]) -> Verdict:
    """The verdict that scores and strengths allow."""
    scored = [one for one in competencies if one.low is not None and one.high is not None]
    lows, highs = [one.low or 0 for one in scored], [one.high or 0 for one in scored]
    if not scored or len(scored) < COVERED * len(competencies):
        return "insufficient_evidence"
    low, answers = fmean(lows), len({evidence.turn for one in strengths for evidence in one.evidence})
    certain = not any(one.uncertain for one in scored) and len(scored) >= STRONG_COVERED * len(competencies)
    if low >= STRONG_MEAN and min(lows) >= STRONG_LEAST and certain and answers >= STRONG_ANSWERS:
        return "strong_yes"
    if low >= YES_MEAN and answers >= YES_ANSWERS:
        return "yes"
    return "no" if fmean(highs) < NO_MEAN else "mixed"
