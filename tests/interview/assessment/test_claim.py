"""The check of one sentence, in several languages."""

from typing import Final

import pytest

from interview.assessment.claim import Checked, Court, Draft, Kind
from interview.assessment.evidence import ground
from interview.assessment.names import names
from interview.assessment.numerals import numbers
from tests.interview.records import turns

UNSURE: Final = "I am not sure, I have not worked much with isolation levels."
ISOLATION: Final = "I have not worked much with isolation levels"
NOT_MINE: Final = "I did not design the schema of it."
DOUBLE: Final = "I would not deploy without a plan for it."


def check(
    said: str,
    sentence: str,
    language: str = "en-US",
    *,
    kind: Kind = "strength",
    absent: bool = False,
    topic: str = "SQL",
) -> Checked:
    """What becomes of a sentence that quotes the whole answer, unless it is about something absent."""
    told = ground(turns("Can you tell me more about Oracle?", said))
    court = Court(told, [topic], language)
    quotes = () if absent else ((1, said),)
    return court.check(Draft("c1", kind, sentence, quotes, absent))


@pytest.mark.parametrize(
    ("language", "said", "sentence"),
    [
        ("en-US", "We were forty engineers at Contoso.", "The candidate worked with 40 engineers at Contoso"),
        ("en-US", "It fell by eighty seven percent.", "The candidate lowered it by 87 percent"),
        (
            "en-US",
            "It took 1,500 ms on Node.js and web sockets.",
            "The candidate measured 1500 ms on Node.js with WebSockets",
        ),
        ("en-US", "We had 40 thousand users a day.", "The candidate served forty thousand users"),
        ("en-US", "We used many APIs for it there.", "The candidate used an API. They used many"),
        (
            "de-DE",
            "Wir haben die Datenbank bei Contoso mit zwölf Leuten gebaut.",
            "Der Kandidat erklärt die Datenbank der 12",
        ),
        ("fr-FR", "Chez Contoso nous avions quarante serveurs.", "L'équipe de Contoso a 40 serveurs"),
        ("ja-JP", "私はカフカで四十人のチームを率いました。", "候補者はカフカを使う"),
        ("nl-NL", "We waren met vijfenveertig mensen daar.", "De kandidaat werkte met 45 mensen"),
        ("es-ES", "Fuimos veintisiete personas allí entonces.", "El candidato trabajó con 27 personas"),
        ("it-IT", "Eravamo quarantotto persone in tutto.", "Il candidato lavorava con 48 persone"),
        ("de-DE", "Wir waren einundzwanzig und einmal dreihundert Leute.", "Der Kandidat spricht von 21 und 300"),
        ("pl-PL", "Pracowało nas tam czterdziestu ludzi.", "Kandydat mówi, że było ich 40"),
        ("ru-RU", "Мы запускали Kafka в Контосо два года.", "Кандидат запускал Kafka в Контосо"),
    ],
)
def test_a_sentence_with_the_candidates_own_words_stands(language: str, said: str, sentence: str) -> None:
    assert check(said, sentence, language).reasons == ()


@pytest.mark.parametrize(
    ("language", "said", "sentence", "wanted"),
    [
        ("en-US", "We were many engineers there.", "The candidate led 40 engineers", "40"),
        ("en-US", "We were forty two engineers.", "The candidate led forty engineers", "forty"),
        ("en-US", "We were one of many there.", "The candidate waited one second", "one"),
        ("en-US", "We were fast with it there.", "The candidate was three times faster", "three"),
        ("en-US", "We moved the queue to it.", "The candidate moved to rabbitmq", "rabbitmq"),
        ("en-US", "We had latency under control.", "The candidate met the p99", "p99"),
        ("en-US", "We know it very well.", "The candidate knows SQL", "SQL"),
        ("en-US", "We know it very well.", "The candidate knows Oracle", "Oracle"),
        ("en-US", "We know it very well.", "Contoso is known to the candidate", "Contoso"),
        ("de-DE", "Wir haben es sehr schnell gebaut.", "Der Kandidat arbeitete bei Contoso", "Contoso"),
        ("de-DE", "Wir haben es sehr schnell gebaut.", "The candidate led eighty-seven", "eighty seven"),
        (
            "de-DE",
            "Wir haben es sehr schnell gebaut.",
            "Der Kandidat leitete siebenundachtzig Leute",
            "siebenundachtzig",
        ),
        ("fr-FR", "Nous avons tout fait très vite.", "Le candidat a dirigé quarante ingénieurs", "quarante"),
        ("ja-JP", "私はチームを率いて仕事をしました。", "候補者はコントソで40人を率いた", "コントソ"),
        ("ja-JP", "私はチームを率いて仕事をしました。", "候補者は40人を率いた", "40"),
        ("ru-RU", "Мы работали там очень долго.", "Кандидат работал в Контосо", "Контосо"),
        ("ru-RU", "Мы работали там очень долго.", "Кандидат знает kafka", "kafka"),
        ("ru-RU", "Мы работали там очень долго.", "Кандидат руководил сорока людьми", "сорока"),
        ("it-IT", "Abbiamo fatto tutto molto presto.", "Il candidato guidava quarantotto persone", "quarantotto"),
    ],
)
def test_a_name_or_number_that_the_candidate_did_not_say_fails(
    language: str, said: str, sentence: str, wanted: str
) -> None:
    checked = check(said, sentence, language)
    assert checked.claim is None
    assert any(f'"{wanted}"' in reason for reason in checked.reasons), checked.reasons


@pytest.mark.parametrize(
    ("sentence", "stands"),
    [
        ("The candidate worked at blorptech", False),
        ("You ran contoso's warehouse", False),
        ("The candidate's zentrix years show", False),
        ("The candidate denormalises for faster reads and prioritises rollbacks", True),
        ("The candidate doesn't say how they'd monitor autovacuum", True),
        ("The candidate explains a phlox graft", True),
        ("The candidate explains the quorble", True),
        ("The candidate worked at oraclia", False),
    ],
)
def test_a_word_that_is_not_common_must_be_said_or_be_a_term_of_the_field(sentence: str, *, stands: bool) -> None:
    told = ground(turns("Can you tell me more about Oraclia and the quorble?", "We know it very well there."))
    court = Court(told, ["phlox graft"], "en-US")
    checked = court.check(Draft("c1", "strength", sentence, ((1, "We know it very well"),)))
    assert (checked.claim is not None) == stands, checked.reasons


@pytest.mark.parametrize(
    ("said", "quote", "sentence", "stands"),
    [
        (UNSURE, ISOLATION, "You say openly that you have not worked much with isolation levels", True),
        (UNSURE, ISOLATION, "You are unsure about isolation levels", True),
        (UNSURE, ISOLATION, "You have worked with isolation levels", False),
        (UNSURE, ISOLATION, "You know isolation levels well", False),
        (NOT_MINE, NOT_MINE, "The candidate says that the design was not theirs", True),
        (NOT_MINE, NOT_MINE, "The candidate designed the schema", False),
        (NOT_MINE, "design the schema of it", "The candidate designed the schema", False),
        (NOT_MINE, "design the schema of it", "The candidate did not design the schema", True),
        (DOUBLE, DOUBLE, "The candidate deploys only with a plan", True),
        ("Ich habe das Schema nicht entworfen.", "Ich habe das Schema nicht entworfen", "Entworfen wurde es", False),
    ],
)
def test_a_quote_that_denies_supports_a_sentence_that_denies_and_no_other(
    said: str, quote: str, sentence: str, *, stands: bool
) -> None:
    court = Court(ground(turns("What have you done?", said)), ["SQL"], "de-DE" if "Ich" in said else "en-US")
    checked = court.check(Draft("c1", "strength", sentence, ((1, quote),)))
    assert (checked.claim is not None) == stands, checked.reasons


@pytest.mark.parametrize(
    ("kind", "sentence", "stands"),
    [
        ("step", "Practise a summary of your last incident", True),
        ("step", "Since you led the team, practise leading", False),
        ("step", "Practise as a candidate who leads", False),
        ("step", "Read the handbook of blorptech", False),
        ("stronger", "the cost of candidate keys", True),
        ("stronger", "how they were slower", False),
    ],
)
def test_a_sentence_without_a_quote_tells_nothing_of_the_candidate(kind: Kind, sentence: str, *, stands: bool) -> None:
    checked = check("Every write costs something.", sentence, kind=kind, absent=False)
    assert (checked.claim is not None) == stands, checked.reasons


@pytest.mark.parametrize(
    ("subject", "stands"),
    [
        ("how the planner chooses an index", True),
        ("what SQL and Oracle do with it", True),
        ("the migration at Contoso", False),
        ("a team of 40 people", False),
        ("writes", False),
        ("the cost of writing", False),
        ("", False),
        ("a b c d e f g h i j k l m n o p", False),
    ],
)
def test_what_is_absent_is_known_and_was_not_said(subject: str, *, stands: bool) -> None:
    checked = check("Every write costs something.", subject, kind="improvement", absent=True)
    assert (checked.claim is not None) == stands, checked.reasons


def test_a_strength_is_never_absent() -> None:
    assert check("Every write costs something.", "how the planner works", absent=True).claim is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("two hundred and five", {200.0, 5.0}),
        ("twenty-five thousand", {25_000.0}),
        ("3 million", {3_000_000.0}),
        ("12k at 3.5 ms", {12_000.0, 3.5}),
        ("1.2.3", {"1.2.3"}),
        ("one example", set()),
        ("one percent", {1.0}),
    ],
)
def test_numbers_by_their_value(text: str, values: set[float | str]) -> None:
    assert {value for number in numbers(text, "en-US") for value in number.values} == values


def test_names_in_a_sentence() -> None:
    assert names("Asked about it, they say: The team at Contoso uses k8s and GitHub's API.", "en-US") == [
        "Contoso",
        "k8s",
        "GitHub's",
        "API",
    ]
