"""`python -m benchmarks.assessment` prints the figures; with a key also those of the real model. Fails over a limit."""

import asyncio
import sys

from benchmarks.assessment.agreement import GATE, PAIRS_GATE, agreement
from benchmarks.assessment.figures import as_text, measure
from interview.gemini import GeminiText
from interview.settings import load


async def main() -> int:
    """0 if everything that must be none is none."""
    figures = await measure()
    print(as_text(figures))
    failed = bool(figures.invented or figures.doubtful_scored or figures.false_evidence or figures.moved)
    settings = load()
    if not settings.gemini.configured:
        print("no key: the agreement with people was not measured")
        return failed
    model = GeminiText(settings.gemini)
    try:
        found = await agreement(model)
    finally:
        await model.close()
    print(f"planted pairs in order: {found.pairs:.0%} (gate {PAIRS_GATE:.0%})")
    print(f"spread of a second run: {found.spread:.2f} points")
    print(f"agreement with the labels: quadratic kappa {found.kappa:.2f} over {found.rated} (gate {GATE})")
    print("calibrated" if found.calibrated else "not calibrated")
    return failed


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
