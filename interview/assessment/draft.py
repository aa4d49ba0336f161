"""The form in which the model answers, and its sentences as drafts for the check."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from interview.assessment.claim import Draft, absent_subject
from interview.errors import ModelUnavailable

MAX_CLAIMS: Final = 24
"""Claims of one pass that are looked at."""
MAX_QUESTIONS: Final = 40
MAX_STEPS: Final = 3
_SCALE: Final = range(1, 6)
_MAX_QUOTES: Final = 6
_MAX_CHARACTERS: Final = 2_000

EVIDENCE: Final[dict[str, Any]] = {
    "type": "ARRAY",
    "items": {
        "type": "OBJECT",
        "properties": {
            "turn": {"type": "INTEGER", "description": "Number of the candidate's turn that the quote is from."},
            "quote": {"type": "STRING", "description": "Words of that turn, verbatim and without omissions."},
        },
        "required": ["turn", "quote"],
    },
}
_CLAIM: Final[dict[str, Any]] = {
    "id": {"type": "STRING"},
    "sentence": {"type": "STRING"},
    "absent": {"type": "BOOLEAN", "description": "It is about something that was never said."},
    "evidence": EVIDENCE,
}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "OBJECT", "properties": properties, "required": list(properties)}


def _array(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "ARRAY", "items": _object(properties)}


PASS: Final[dict[str, Any]] = _object(
    {
        "claims": _array(
            {
                "id": _CLAIM["id"],
                "kind": {"type": "STRING", "enum": ["strength", "improvement"]},
                "competency": {"type": "STRING", "description": "The key of one of the rubric."},
                **{name: _CLAIM[name] for name in ("sentence", "absent", "evidence")},
            }
        ),
        "scores": _array({"competency": {"type": "STRING"}, "score": {"type": "INTEGER", "minimum": 0, "maximum": 5}}),
        "questions": _array(
            {
                "turn": {"type": "INTEGER", "description": "Number of the interviewer's turn with the question."},
                "answered": {"type": "STRING"},
                "evidence": EVIDENCE,
                "stronger": {"type": "STRING"},
            }
        ),
        "next_steps": _array({"claim": _CLAIM["id"], "step": {"type": "STRING"}}),
    }
)
"""What one pass is asked for."""
REPAIR: Final[dict[str, Any]] = _object({"claims": _array(_CLAIM)})
"""What is asked for when sentences could not be proven."""
DESCRIPTION: Final[dict[str, Any]] = _object(
    {name: _array({"point": {"type": "STRING"}, "evidence": EVIDENCE}) for name in ("strengths", "improvements")}
)
"""What the embedded rules are asked for."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer of the model: its sentences, and its scores by competency, without those of 0.

    `steps` has the key of each next step's draft, and that of the claim that it is tied to.
    """

    drafts: tuple[Draft, ...]
    scores: dict[str, int]
    steps: dict[str, str]


def read_pass(content: Any, keys: Collection[str]) -> Sheet:
    """The sheet in a model's answer; `keys` are those of the rubric.

    Raises ModelUnavailable if it is not in the form of `PASS`.
    """
    if not isinstance(content, dict) or not all(isinstance(content.get(name), list) for name in ("claims", "scores")):
        raise ModelUnavailable("The language model's assessment is not in the requested form.")
    labels: dict[str, str] = {}
    drafts: list[Draft] = []
    for at, item in enumerate(dicts(content["claims"])[:MAX_CLAIMS], 1):
        key = f"c{at}"
        labels.setdefault(_label(item.get("id")), key)
        kind: Literal["strength", "improvement"] = "strength" if item.get("kind") == "strength" else "improvement"
        competency = text(item.get("competency"))
        drafts.append(_claim(key, kind, item, competency if competency in keys else None))
    drafts += {draft.key: draft for draft in reversed([*_reviews(content.get("questions"))])}.values()
    steps: dict[str, str] = {}
    for at, item in enumerate(dicts(content.get("next_steps"))[:MAX_STEPS], 1):
        key = f"s{at}"
        of = _label(item.get("claim"))
        steps[key] = labels.get(of, "") if of else ""
        drafts.append(Draft(key, "step", text(item.get("step"))))
    return Sheet(tuple(drafts), _scores(content["scores"]), steps)


def read_repair(content: Any, rejected: dict[str, Draft]) -> list[Draft]:
    """The rejected drafts that the model has written once more; each at most once, and of the kind that it was."""
    found: dict[str, Draft] = {}
    for item in dicts(content.get("claims")) if isinstance(content, dict) else []:
        before = rejected.get(text(item.get("id")))
        if before and before.key not in found:
            found[before.key] = _claim(before.key, before.kind, item, before.competency)
    return list(found.values())


def read_description(content: Any) -> list[Draft]:
    """The points of the embedded rules. One without a quote is about something absent."""
    kinds: dict[str, Literal["strength", "improvement"]] = {"strengths": "strength", "improvements": "improvement"}
    return [
        _claim(
            f"{kind[0]}{at}", kind, {"sentence": item.get("point"), "absent": not item.get("evidence"), **item}, None
        )
        for name, kind in kinds.items()
        for at, item in enumerate(dicts(content.get(name) if isinstance(content, dict) else None))
    ]


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none if it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    """A text on one line; an empty one for any other value."""
    return " ".join(value[:_MAX_CHARACTERS].split()) if isinstance(value, str) else ""


def _label(value: Any) -> str:
    """An id as text: a model may write a number."""
    return str(value) if isinstance(value, int) else text(value)


def _claim(key: str, kind: Any, item: dict[str, Any], competency: str | None) -> Draft:
    absent = item.get("absent") is True and kind == "improvement"
    sentence = text(item.get("sentence"))
    quotes = () if kind in ("step", "stronger") else _quotes(item.get("evidence"))
    return Draft(key, kind, absent_subject(sentence) if absent else sentence, quotes, absent, competency)


def _reviews(given: Any) -> Iterator[Draft]:
    for item in dicts(given)[:MAX_QUESTIONS]:
        turn = item.get("turn")
        if not isinstance(turn, int) or isinstance(turn, bool):
            continue
        if answered := text(item.get("answered")):
            yield Draft(f"a{turn}", "answered", answered, _quotes(item.get("evidence")))
        if stronger := text(item.get("stronger")):
            yield Draft(f"q{turn}", "stronger", absent_subject(stronger))


def _quotes(given: Any) -> tuple[tuple[Any, str], ...]:
    return tuple((item.get("turn"), text(item.get("quote"))) for item in dicts(given)[:_MAX_QUOTES])


def _scores(given: Any) -> dict[str, int]:
    """The scores by competency. Of several for one the lowest counts."""
    found: dict[str, int] = {}
    for item in dicts(given):
        key, score = text(item.get("competency")), item.get("score")
        if isinstance(score, int) and score in _SCALE and score is not True:
            found[key] = min(score, found.get(key, score))
    return found
