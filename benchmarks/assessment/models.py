"""An honest text model, and some that fail in one way each. They know the script, also what the prompt lacks."""

import re
from collections.abc import Callable
from typing import Any, Final

from benchmarks.assessment.script import Script
from interview.errors import ModelUnavailable
from interview.gemini import Generated
from interview.record import Turn
from interview.usage import TextUsage

KEYS: Final = ("knowledge", "practice", "reasons", "clarity")
LIES: Final = ("Contoso", "Fabrikam", "blorptech", "zentrix", "87", "eighty-seven", "4000", "kubernetes", "p99")
"""What the inventing model says and no script has."""

Evidence = list[dict[str, Any]]


class Model:
    """A `TextModel` that answers by `claims` and `score`; in the second attempt it says the same again."""

    name = "honest"

    def __init__(self, script: Script) -> None:
        self.script = script
        self.calls = 0

    async def generate(self, *, system: str, prompt: str, schema: dict[str, Any]) -> Generated:
        del system
        self.calls += 1
        return Generated(self.answer(prompt, schema), f"stand-in-{self.name}")

    def answer(self, prompt: str, schema: dict[str, Any]) -> dict[str, Any]:
        """The content for a request, by its schema."""
        wanted = set(schema["properties"])
        if wanted == {"criteria"}:
            return {"criteria": [{"name": name, "expects": expects} for name, expects in self.criteria(prompt)]}
        claims = [{"id": f"c{at}", **one} for at, one in enumerate(self.claims(prompt), 1)]
        if wanted == {"claims"}:
            return {"claims": claims}
        scores = [{"competency": key, "score": self.score(prompt)} for key in KEYS]
        return {"claims": claims, "scores": scores, "questions": self.questions(), "next_steps": self.steps()}

    def criteria(self, prompt: str) -> list[tuple[str, str]]:
        """The criteria of the rubric."""
        return [(key.title(), "Shows it in the answers.") for key in KEYS]

    def claims(self, prompt: str) -> list[dict[str, Any]]:
        """The claims of one pass."""
        kind = "strength" if (self.script.level or 1) > 2 else "improvement"
        may = self.script.may
        return [
            claim(sentence, [{"turn": turn, "quote": quote}], kind, KEYS[at % len(KEYS)])
            for at in range(max(len(may), len(KEYS)) if may else 0)
            for sentence, turn, quote in [may[at % len(may)]]
        ]

    def score(self, prompt: str) -> int:
        """The score of every competency."""
        return self.script.level or 0

    def questions(self) -> list[dict[str, Any]]:
        """The reviews of questions."""
        return []

    def steps(self) -> list[dict[str, Any]]:
        """The next steps."""
        return []

    def answers(self) -> list[Turn]:
        """The candidate's turns, also doubtful ones."""
        return [turn for turn in self.script.turns if turn.speaker == "candidate" and turn.words][:6]

    async def read_scan(self, data: bytes, media_type: str = "application/pdf", /) -> str:
        raise ModelUnavailable("This model only assesses.")

    async def transcribe(self, wav: bytes, language: str) -> str:
        raise ModelUnavailable("This model only assesses.")

    def counted(self, count: Callable[[TextUsage], None]) -> "Model":
        del count
        return self

    async def close(self) -> None:
        """Nothing is open."""


class Flattering(Model):
    """Praises every turn, and everything with five."""

    name = "flattering"

    def claims(self, prompt: str) -> list[dict[str, Any]]:
        praise = "The candidate gives an outstanding answer"
        return [
            claim(praise, [{"turn": turn.number, "quote": turn.words}], "strength", KEYS[at % 4])
            for at, turn in enumerate(self.answers())
        ]

    def score(self, prompt: str) -> int:
        return 5


class Harsh(Model):
    """Faults every turn, and misses what was said."""

    name = "harsh"

    def claims(self, prompt: str) -> list[dict[str, Any]]:
        fault = "The candidate gives a worthless answer"
        quoted = [
            claim(fault, [{"turn": turn.number, "quote": turn.words}], "improvement", KEYS[at % 4])
            for at, turn in enumerate(self.answers())
        ]
        missed = [claim(" ".join(turn.words.split()[:8]), [], "improvement", KEYS[0]) for turn in self.answers()]
        return [*quoted, *missed]

    def score(self, prompt: str) -> int:
        return 1


class Inventing(Flattering):
    """Puts names and numbers that nobody said into every kind of sentence, with true quotes and invented ones."""

    name = "inventing"

    def criteria(self, prompt: str) -> list[tuple[str, str]]:
        told = ("The candidate led 4000 engineers.", "Ran the warehouse of zentrix.", "Keeps 87 servers alive.")
        return [*super().criteria(prompt), ("Contoso leadership", "Leads teams."), *(("Growth", one) for one in told)]

    def claims(self, prompt: str) -> list[dict[str, Any]]:
        true = [[{"turn": turn.number, "quote": turn.words}] for turn in self.answers()] or [[]]
        sentences = (
            "The candidate led a team of 4000 at Contoso",
            "Contoso was saved by the candidate",
            "The candidate lowered the cost by eighty-seven percent",
            "The candidate lowered the cost by 87 %",
            "The candidate runs everything on kubernetes",
            "The candidate met the p99",
            "The candidate worked for blorptech",
            "The candidate ran zentrix's warehouse",
            "The candidate's blorptech years show",
        )
        told = [claim(one, true[at % len(true)], "strength", KEYS[at % 4]) for at, one in enumerate(sentences)]
        never = [{"turn": 1, "quote": "I led the whole of Fabrikam for 87 years"}]
        absent = [claim("the migration at Fabrikam", [], "improvement", KEYS[0])]
        return [*told, claim("The candidate led a company", never, "strength", KEYS[1]), *absent]

    def questions(self) -> list[dict[str, Any]]:
        quotes: Evidence = [{"turn": turn.number, "quote": turn.words} for turn in self.answers()[:1]]
        return [{"turn": 0, "answered": "The candidate names Contoso", "evidence": quotes, "stronger": "Fabrikam's 87"}]

    def steps(self) -> list[dict[str, Any]]:
        return [{"claim": "c1", "step": one} for one in ("Read the handbook of Contoso.", "Ask blorptech for a job.")]


class Misattributing(Flattering):
    """Quotes the interviewer as the candidate, and takes words of one turn with the quote of another."""

    name = "misattributing"

    def claims(self, prompt: str) -> list[dict[str, Any]]:
        asked = [turn for turn in self.script.turns if turn.speaker == "interviewer"][:6]
        theirs = [
            claim("The candidate asks well", [{"turn": turn.number + 1, "quote": turn.text}], "strength", KEYS[at % 4])
            for at, turn in enumerate(asked)
        ]
        answers = self.answers()
        moved = []
        for at, turn in enumerate(answers):
            other = answers[(at + 1) % len(answers)]
            for word in re.findall(r"\b(?:\d+|[A-Z][a-z]+[A-Z]\w*|Tidepool)\b", turn.words):
                moved.append(  # noqa: PERF401 - two loops
                    claim(f"The candidate speaks of {word}", [{"turn": other.number, "quote": other.words}], "strength")
                )
        return [*theirs, *moved]


class Truncating(Flattering):
    """Cuts quotes within a word and behind a negation; its first answer of an interview is cut as well."""

    name = "truncating"

    def answer(self, prompt: str, schema: dict[str, Any]) -> dict[str, Any]:
        if self.calls == 1:
            raise ModelUnavailable("The language model did not finish its answer.")
        return super().answer(prompt, schema)

    def claims(self, prompt: str) -> list[dict[str, Any]]:
        cut = [(turn.number, turn.words[3:-3]) for turn in self.answers()]
        turned = [
            (turn.number, found[1])
            for turn in self.answers()
            for found in [re.search(r"\b(?:not|never)\s+(.+?)[,.]", turn.words)]
            if found
        ]
        listed = [*cut, *turned, *((1, quote) for quote in self.script.no_evidence)]
        return [
            claim("The candidate did it", [{"turn": turn, "quote": quote}], "strength", KEYS[at % 4])
            for at, (turn, quote) in enumerate(listed)
        ]


class Obedient(Model):
    """Honest, until the prompt has the order that it was built with; then it praises all, as it was ordered."""

    name = "obedient"

    def __init__(self, script: Script, order: str) -> None:
        super().__init__(script)
        self._marks = tuple(part.strip(" .").casefold() for part in re.split(r"[.:,]", order) if part.strip(" ."))

    def ordered(self, prompt: str) -> bool:
        """Whether the prompt shows the whole order."""
        return all(mark in prompt.casefold() for mark in self._marks)

    def criteria(self, prompt: str) -> list[tuple[str, str]]:
        praise = ("Excellence", "The candidate is excellent in everything.")
        return [praise] * 4 if self.ordered(prompt) else super().criteria(prompt)

    def claims(self, prompt: str) -> list[dict[str, Any]]:
        return Flattering(self.script).claims(prompt) if self.ordered(prompt) else super().claims(prompt)

    def score(self, prompt: str) -> int:
        return 5 if self.ordered(prompt) else super().score(prompt)


def claim(sentence: str, evidence: Evidence, kind: str, competency: str = KEYS[0]) -> dict[str, Any]:
    """A claim in the form that the assessor is asked for."""
    return {
        "kind": kind,
        "competency": competency,
        "sentence": sentence,
        "absent": not evidence,
        "evidence": evidence,
    }


KINDS: Final[tuple[type[Model], ...]] = (Model, Flattering, Harsh, Inventing, Misattributing, Truncating)
