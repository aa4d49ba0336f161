"""A scripted assessor: answers a request for a rubric, a pass, what could not be proven, or a sketch, by its schema."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tests.generate import Call, Reply, says

TALK: Final = (
    "Hello, I am Iris. What is an index for?",
    "An index lets the database find rows without reading the whole table, so a query for one customer stays fast.",
    "And what does it cost?",
    "It costs space, and every write has to maintain it, because the tree must be updated together with the row.",
    "When would you leave it out?",
    "I would leave it out on a small table or on a column with few values, since the planner reads everything anyway.",
    "Thank you. Goodbye.",
)
"""Enough to assess: three answers with substance."""

CRITERIA: Final = (
    ("Indexing", "Explains what an index does and what it costs."),
    ("Queries", "Reads a query plan and says what to change."),
    ("Transactions", "Knows what isolation protects from."),
    ("Modelling", "Weighs normal forms against the needs of a query."),
)
KEYS: Final = ("indexing", "queries", "transactions", "modelling")


def claim(
    sentence: str, *evidence: tuple[Any, Any], kind: str = "strength", competency: Any = "indexing", **more: Any
) -> dict[str, Any]:
    """A claim as a model makes it; without quotes it is about something absent."""
    quotes = [{"turn": turn, "quote": quote} for turn, quote in evidence]
    absent = not quotes and kind == "improvement"
    return {"kind": kind, "competency": competency, "sentence": sentence, "absent": absent, "evidence": quotes} | more


def scored(score: int, keys: Sequence[str] = KEYS) -> list[dict[str, Any]]:
    """The same score for each of these competencies."""
    return [{"competency": key, "score": score} for key in keys]


PROVEN: Final = (
    claim("You explain what an index is for", (1, "find rows without reading the whole table")),
    claim("You name what an index costs", (3, "every write has to maintain it"), competency="queries"),
    claim("You know when to leave it out", (5, "on a small table"), competency="transactions"),
    claim("partial indexes", kind="improvement", competency="modelling"),
)
"""Claims that `TALK` proves."""


@dataclass
class Assessor:
    """What the assessor answers. `repaired` has its second attempts by the key of the draft, `c1` for the first claim.

    `second` are the claims of every other pass, if they differ. The answers wait until
    the `gate`, if there is one, is open.
    """

    claims: Sequence[Any] = PROVEN
    scores: Sequence[Any] = field(default_factory=lambda: scored(4))
    questions: Sequence[Any] = ()
    next_steps: Sequence[Any] = ()
    repaired: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    criteria: Sequence[tuple[str, str]] = CRITERIA
    second: "Assessor | None" = None
    passes: int = 0
    usage: Mapping[str, Any] = field(default_factory=dict)
    gate: asyncio.Event | None = None

    def __call__(self, call: Call) -> Reply:
        wanted = set(call.body["generationConfig"]["responseSchema"]["properties"])
        if wanted == {"criteria"}:
            return self._says({"criteria": [{"name": name, "expects": expects} for name, expects in self.criteria]})
        if wanted == {"claims"}:
            return self._says({"claims": [{"id": key, **one} for key, one in self.repaired.items()]})
        if wanted == {"sketch"}:
            return self._says({"sketch": "Say what it is for, and then what it costs."})
        self.passes += 1
        other = self.second if self.second and self.passes % 2 == 0 else self
        claims = [{"id": str(at), **one} if isinstance(one, dict) else one for at, one in enumerate(other.claims, 1)]
        return self._says(
            {
                "claims": claims,
                "scores": list(other.scores),
                "questions": list(other.questions),
                "next_steps": list(other.next_steps),
            }
        )

    def _says(self, content: Any) -> Reply:
        text = json.dumps(content, ensure_ascii=False)
        reply = says(text, usageMetadata=dict(self.usage)) if self.usage else says(text)
        return replace(reply, gate=self.gate)


def kind_of(call: Call) -> str:
    """What a request asks for: rubric, pass, repair, sketch or description."""
    wanted = set(call.body["generationConfig"]["responseSchema"]["properties"])
    named = {"criteria": "rubric", "scores": "pass", "sketch": "sketch", "strengths": "description"}
    return next((name for key, name in named.items() if key in wanted), "repair")


def asked(call: Call) -> str:
    """The prompt of a request."""
    text: str = call.body["contents"][0]["parts"][0]["text"]
    return text
