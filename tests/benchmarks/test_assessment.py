"""What the benchmark of the assessment must find none of, and its measures with a model through the SDK."""

import json
import re
from dataclasses import replace

import pytest

from benchmarks.assessment import figures
from benchmarks.assessment.agreement import GATE, PAIRS, agreement, quadratic_kappa
from benchmarks.assessment.models import KINDS, Inventing, Model
from benchmarks.assessment.script import Script, orders, scripts
from interview.gemini import GeminiText
from interview.report import Finding
from interview.settings import Gemini
from tests.assessor import asked
from tests.generate import Call, Reply, says, serving

SCRIPTS = {script.name: script for script in scripts()}


def test_there_are_24_scripts_and_orders_in_13_languages() -> None:
    assert len(SCRIPTS) == len(scripts()) == 24
    assert len(set(orders())) == len(orders()) == 50 + 3 * (8 * 2 + 4), "four languages have no capitals"
    assert {name for pair in PAIRS for name in pair} <= SCRIPTS.keys()


@pytest.mark.slow
async def test_nothing_invented_doubtful_or_ordered_gets_through() -> None:
    found = await figures.measure()
    assert (found.invented, found.doubtful_scored, found.false_evidence, found.moved) == ([], [], [], [])
    assert (found.assessments, found.orders) == (24 * 6, 4 * len(orders()))
    assert (found.honest, found.strange) == (80, [])
    assert found.abstained == {kind.name: found.to_abstain for kind in KINDS}
    assert found.abstained_needlessly == []


@pytest.mark.slow
@pytest.mark.parametrize("script", [one for one in SCRIPTS.values() if one.may], ids=lambda one: one.name)
async def test_the_claims_that_a_script_may_have_stand(script: Script) -> None:
    summary = await figures.summarise(script, Model(script))
    points = {finding.point for finding in (*summary.strengths, *summary.improvements)}
    assert points == {sentence for sentence, _, _ in script.may}
    assert (summary.claims_dropped, summary.quotes_dropped) == (0, 0)


async def test_an_invented_fact_in_a_summary_is_counted() -> None:
    summary = await figures.summarise(SCRIPTS["strong"], Inventing(SCRIPTS["strong"]))
    assert not [one for one in figures.sentences(summary) if figures.says(one, "Contoso")]
    praised = replace(summary, strengths=(Finding("The candidate led Contoso"),))
    assert [one for one in figures.sentences(praised) if figures.says(one, "Contoso")]


@pytest.mark.parametrize(
    ("one", "other", "kappa"),
    [
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], 1.0),
        ([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], -1.0),
        ([1, 1, 5, 5], [1, 5, 1, 5], 0.0),
        ([1, 2, 3, 4], [1, 2, 3, 5], 13 / 14),
        ([], [], 0.0),
    ],
)
def test_quadratic_kappa(one: list[int], other: list[int], kappa: float) -> None:
    """The fourth by hand: a mean squared difference of 1/4, and of 3.5 by chance."""
    assert quadratic_kappa(one, other) == pytest.approx(kappa, abs=1e-3)


def reply(call: Call) -> Reply:
    """The honest stand-in behind the SDK: it knows the script by its first answer with words."""
    prompt = asked(call)
    said = re.findall(r"^\[turn \d+\] candidate: (.+)$", prompt, re.MULTILINE)
    answers = ((one, turn.words) for one in SCRIPTS.values() for turn in one.turns if turn.speaker == "candidate")
    script = next((one for one, words in answers if said and words in said), SCRIPTS["strong"])
    return says(json.dumps(Model(script).answer(prompt, call.body["generationConfig"]["responseSchema"])))


@pytest.mark.slow
async def test_the_agreement_with_the_labels_is_measured_through_the_sdk() -> None:
    async with serving(reply) as server:
        model = GeminiText(Gemini(api_key="k", base_url=server.base_url))
        found = await agreement(model)
        await model.close()
    assert found.spread == 0
    assert found.pairs == 1
    assert found.kappa > GATE
    assert found.calibrated
