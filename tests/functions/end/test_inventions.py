"""Text models that invent, accuse or flatter, over HTTP: what they may not get through."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from interview.api.writing import LEASE_SECONDS, attempt
from interview.errors import StoreUnavailable
from tests.assessor import KEYS, PROVEN, TALK, Assessor, claim, scored
from tests.functions.end.test_assessment import ended
from tests.functions.service import Said, Service
from tests.generate import says

ROWS = (1, "find rows without reading the whole table")
NOT_USED = "I have never in my whole working life used kubernetes in production, to be honest."


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        pytest.param("The candidate led the data team at contoso", "en-US", id="an invented company in lower case"),
        pytest.param("The candidate led the data team at blorptech", "en-US", id="a company on no list in lower case"),
        pytest.param("You ran contoso's warehouse", "en-US", id="a company with an s in lower case"),
        pytest.param("Die Kandidatin arbeitete bei blorptech", "de-DE", id="the same in German"),
        pytest.param("The candidate schedules the loads in airflow", "en-US", id="a product in lower case"),
        pytest.param("The candidate worked for 腾讯 before", "en-US", id="a Chinese name"),
        pytest.param("The candidate worked for ياندكس before", "en-US", id="an Arabic name"),
        pytest.param("The candidate worked for яндекс before", "en-US", id="a Russian name without a capital"),
        pytest.param(
            "The candidate worked for \u0441ontoso before", "en-US", id="a first letter that looks like another"
        ),
        pytest.param("The candidate cut the time by a third", "en-US", id="a fraction in words"),
        pytest.param("The candidate saved a quarter of the cost", "en-US", id="a quarter"),
        pytest.param("Il candidato ha guidato quarantacinque persone", "it-IT", id="an Italian number"),
        pytest.param("De kandidaat leidde vijfenveertig mensen", "nl-NL", id="a Dutch number"),
        pytest.param("El candidato dirigió a veintisiete personas", "es-ES", id="a Spanish number"),
        pytest.param("Kandydat kierował czterdziestoma ludźmi", "pl-PL", id="a Polish number"),
        pytest.param("Aday k\u0131rk ki\u015fiyi y\u00f6netti", "tr-TR", id="a Turkish number"),
        pytest.param("Die Kandidatin leitete dreihundert Leute", "de-DE", id="a German number"),
        pytest.param("Hire this candidate at once", "en-US", id="a verdict as a strength"),
        pytest.param("The candidate is a definite hire", "en-US", id="another verdict as a strength"),
        pytest.param("The candidate must be hired", "en-US", id="a demand as a strength"),
    ],
)
async def test_what_nobody_said_is_dropped(service: Service, sentence: str, language: str) -> None:
    summary = await ended(service, Assessor((*PROVEN, claim(sentence, ROWS))), language=language)
    assert sentence not in json.dumps(summary, ensure_ascii=False)
    assert summary["claims_dropped"] == 2
    assert len(summary["strengths"]) == 3, "what is proven stays"


@pytest.mark.parametrize(
    "sentence",
    [
        "The candidate is rude and lies about past work",
        "They were arrogant throughout",
        "He has no idea of the subject",
        "Candidate seems dishonest",
    ],
)
async def test_an_accusation_is_not_something_absent(service: Service, sentence: str) -> None:
    accused = claim(sentence, kind="improvement")
    questions = [{"turn": 0, "answered": "", "evidence": [], "stronger": sentence}]
    steps = [{"claim": "1", "step": sentence}]
    summary = await ended(service, Assessor((*PROVEN, accused), questions=questions, next_steps=steps))
    assert sentence not in json.dumps(summary)


async def test_a_negation_further_before_the_quote_counts(service: Service) -> None:
    talk = (*TALK[:5], f"{TALK[5]} {NOT_USED}", TALK[6])
    turned = claim("The candidate has used kubernetes in production", (5, "used kubernetes in production"))
    summary = await ended(service, Assessor((*PROVEN, turned)), *talk)
    assert turned["sentence"] not in json.dumps(summary)


async def test_a_quote_of_the_interviewer_with_a_word_before_it_is_borrowed(service: Service) -> None:
    told = "A covering index holds every column that the query asks for, so the table is not read."
    talk = (*TALK[:4], told, f"So {told[0].lower()}{told[1:]} Yes.", TALK[6])
    praised = claim("The candidate knows what a covering index holds", (5, "So a covering index holds every column"))
    summary = await ended(service, Assessor((*PROVEN, praised)), *talk)
    assert praised["sentence"] not in json.dumps(summary)


async def test_quotes_of_two_turns_glued_together_are_no_quote(service: Service) -> None:
    glued = claim("The candidate joins two thoughts", (1, "stays fast It costs space"))
    summary = await ended(service, Assessor((*PROVEN, glued)))
    assert glued["sentence"] not in json.dumps(summary)


async def test_a_competency_that_the_rubric_has_not_is_not_shown(service: Service) -> None:
    prose = "The candidate led 40 engineers at Contoso"
    given = claim("The candidate keeps a query fast", (1, "a query for one customer stays fast"), competency=prose)
    summary = await ended(service, Assessor((*PROVEN, given), [*scored(4), {"competency": prose, "score": 5}]))
    assert "Contoso" not in json.dumps(summary)
    assert [one["competency"] for one in summary["strengths"] if one["point"] == given["sentence"]] == [None]


@pytest.mark.parametrize("of", [None, "", "9", 9, {"id": "1"}])
async def test_a_next_step_tied_to_nothing_is_not_shown(service: Service, of: Any) -> None:
    nameless = [{**one, "id": None} for one in PROVEN]
    summary = await ended(service, Assessor(nameless, next_steps=[{"claim": of, "step": "Read about partial trees."}]))
    assert summary["next_steps"] == []


async def test_ids_may_be_numbers(service: Service) -> None:
    numbered = [{**one, "id": at} for at, one in enumerate(PROVEN, 1)]
    steps = [{"claim": 4, "step": "Read about partial indexes."}]
    summary = await ended(service, Assessor(numbered, next_steps=steps))
    assert [one["point"] for one in summary["next_steps"]] == ["Not mentioned: partial indexes"]


async def test_of_two_reviews_of_one_question_the_first_counts(service: Service) -> None:
    right = {
        "turn": 0,
        "answered": "You say what an index is for",
        "evidence": [{"turn": 1, "quote": "An index lets the database find rows"}],
        "stronger": "",
    }
    wrong = {**right, "answered": "The candidate speaks of Contoso"}
    summary = await ended(service, Assessor(questions=[right, wrong]))
    assert (summary["claims_checked"], summary["claims_dropped"]) == (10, 0)
    assert summary["questions"][0]["answered"] == right["answered"]


async def test_one_answer_given_three_times_is_one_answer(service: Service) -> None:
    again = "An index lets the database find the rows of one customer quickly, which I think is really very useful."
    talk = ("What is an index for?", again, "And what does it cost?", again, "When is it left out?", again, "Bye.")
    summary = await ended(service, Assessor((), scored(5)), *talk)
    assert (summary["assessed"], summary["not_assessed"]) == (False, "too_little")


@pytest.mark.parametrize("count", [3, 6])
async def test_yes_i_do_several_times_is_not_assessed(service: Service, count: int) -> None:
    talk = [text for _ in range(count) for text in ("Do you know indexes well?", "Yes I do.")]
    flattery = Assessor([claim("The candidate agrees", (1, "Yes I do"), competency=key) for key in KEYS], scored(5))
    summary = await ended(service, flattery, *talk)
    assert (summary["assessed"], summary["verdict"]) == (False, "insufficient_evidence")


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"claims": [None, 7, "x", [], {}], "scores": [None, {"score": "5"}]}, id="wrong types"),
        pytest.param({"claims": [{"sentence": "x " * 5_000, "evidence": {}}], "scores": []}, id="a long sentence"),
        pytest.param(
            {"claims": [{"sentence": "A", "evidence": [{"turn": {}, "quote": 3}]}], "scores": []}, id="quotes"
        ),
        pytest.param({"claims": [], "scores": [], "questions": {}, "next_steps": "x"}, id="lists that are none"),
        pytest.param({"claims": [], "scores": [{"competency": [], "score": 10**400}]}, id="a huge score"),
    ],
)
async def test_an_odd_answer_of_the_model_claims_nothing(service: Service, odd: Any) -> None:
    assessor = Assessor()

    def reply(call: Any) -> Any:
        wanted = call.body["generationConfig"]["responseSchema"]["properties"]
        return says(json.dumps(odd)) if "scores" in wanted else assessor(call)

    service.model.replies = [reply]
    session_id, headers = await service.begin()
    await service.talk(session_id, *TALK)
    answer = await service.end.post(f"/api/interview/{session_id}/end", headers=headers)
    assert answer.status_code == 200, answer.text
    summary = answer.json()["summary"]
    assert (summary["verdict"], summary["strengths"]) == ("insufficient_evidence", [])


async def test_a_score_without_evidence_does_not_count(service: Service) -> None:
    summary = await ended(service, Assessor((claim("The candidate is excellent"),), scored(5)))
    assert [one["low"] for one in summary["competencies"]] == [None] * 4
    assert summary["verdict"] == "insufficient_evidence"


async def test_of_two_scores_for_one_competency_none_counts_as_the_better(service: Service) -> None:
    summary = await ended(service, Assessor(scores=[*scored(2), *scored(5)]))
    assert all((one["high"] or 0) <= 3 for one in summary["competencies"])


async def test_a_turn_that_ends_before_it_begins_takes_no_time(service: Service) -> None:
    summary = await ended(service, Assessor(), *(Said(text) for text in TALK[:2]))
    assert "-" not in " ".join(summary["missing"])


async def test_no_two_competencies_have_one_key(service: Service) -> None:
    criteria = [(name, "Knows it.") for name in ("日本", "Criterion 3", "中国", "criterion-2")]
    summary = await ended(service, Assessor((), [], criteria=criteria), skill_topic="日本, 中国, criterion 3 or 2")
    keys = [one["key"] for one in summary["competencies"]]
    assert (len(set(keys)), len(keys)) == (4, 4)


async def test_a_store_that_fails_when_the_summary_is_there_has_it_written_again(service: Service) -> None:
    """The attempt's lease runs out, and the next one counts it as failed."""
    service.model.replies = [Assessor()]
    session_id, headers = await service.begin()
    await service.talk(session_id, *TALK)
    ended_at = service.clock() + timedelta(seconds=4)  # The worker sees nothing to do before that.
    await service.store.end(session_id, "interviewer", ended_at)

    class Failing:
        def __getattr__(self, name: str) -> Any:
            return getattr(service.store, name)

        async def save_summary(self, *_: Any) -> Any:
            raise StoreUnavailable("The interviews can't be written right now.")

    failing: Any = Failing()
    with pytest.raises(StoreUnavailable):
        await attempt(session_id, replace(service.parts[1], store=failing))
    service.clock.ahead += timedelta(seconds=LEASE_SECONDS + 2)
    async with asyncio.timeout(60):
        while (answer := await service.end.get(f"/api/interview/{session_id}", headers=headers)).json()[
            "summary"
        ] is None:
            await asyncio.sleep(0.01)
    assert answer.json()["summary"]["assessed"]
    writing = (await service.store.get(session_id)).writing
    assert writing
    assert (writing.attempts, writing.code) == (1, "internal")
