"""Orders to the assessor in other languages than English, and sentences that resemble them."""

import tomllib
from pathlib import Path
from typing import Final

import pytest

from interview.orders import is_order
from interview.quotes import without_demands

ROOT: Final = Path(__file__).parents[2]
ORDERS: Final[dict[str, list[str]]] = tomllib.loads(
    (ROOT / "benchmarks" / "assessment" / "injections.toml").read_text("utf-8")
)["languages"]


@pytest.mark.parametrize("language", ORDERS)
def test_an_order_is_known_in_any_case(language: str) -> None:
    assert [order for order in ORDERS[language] if not (is_order(order) and is_order(order.upper()))] == []


@pytest.mark.parametrize("language", ORDERS)
def test_only_the_order_is_left_out(language: str) -> None:
    said = "I measure before I change a query."
    assert [without_demands(f"{said} {order}") for order in ORDERS[language][:1]] == [said]


@pytest.mark.parametrize(
    "sentence",
    [
        "Das Ergebnis muss geprüft werden.",
        "Ich ignoriere veraltete Regeln nicht.",
        "Die Bewertung der Immobilie muss stimmen.",
        "La evaluación debe ser continua en el aula.",
        "La note doit être claire pour tous.",
        "Dobbiamo ignorare le vecchie istruzioni del fornitore.",
        "De beoordeling moet eerlijk zijn voor leerlingen.",
        "Ocena ryzyka musi być aktualna.",
        "Оценка должна быть точной.",
        "我们必须检查每一个结论。",
        "評価は公平であるべきです。",
        "评价必须客观公正。",
        "يجب أن يكون التقييم عادلا للطلاب.",
        "मूल्यांकन निष्पक्ष होना चाहिए।",
        "يجب أن نختبر النظام قبل النشر.",
    ],
)
def test_a_story_is_no_order(sentence: str) -> None:
    assert without_demands(sentence) == sentence
