"""The scripted interviews and the orders to the assessor, from their files."""

import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from interview.record import Cv, Interview, Turn

FOLDER: Final = Path(__file__).parent
BEGAN: Final = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
APART: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Script:
    """An interview with its labels. `may` are (sentence, turn, quote); `level` is None where a person would abstain."""

    name: str
    interview: Interview
    turns: tuple[Turn, ...]
    level: int | None
    may: tuple[tuple[str, int, str], ...]
    never: tuple[str, ...]
    no_evidence: tuple[str, ...]

    @property
    def doubtful(self) -> set[int]:
        """The turns with a doubt in their record that was not corrected."""
        return {turn.number for turn in self.turns if turn.doubt and turn.corrected_text is None}

    def with_answer(self, text: str, *, typed: bool = False) -> "Script":
        """The same with this sentence at the end of the second answer."""
        turns = list(self.turns)
        turns[3] = replace(turns[3], text=f"{turns[3].text} {text}", source="text" if typed else turns[3].source)
        return replace(self, turns=tuple(turns))


def scripts() -> list[Script]:
    """All of them."""
    listed = tomllib.loads((FOLDER / "interviews.toml").read_text("utf-8"))["interview"]
    return [_script(one) for one in listed]


def orders() -> list[str]:
    """Orders to the assessor in English and other languages, each as it is and in capitals."""
    found = tomllib.loads((FOLDER / "injections.toml").read_text("utf-8"))
    listed: list[str] = [*found["orders"], *(one for orders in found["languages"].values() for one in orders)]
    return list(dict.fromkeys([*listed, *(one.upper() for one in listed)]))


def honest() -> list[str]:
    """Sentences in English that a truthful assessor may write about answers in many fields."""
    return (FOLDER / "honest.txt").read_text("utf-8").splitlines()


def _script(one: dict[str, Any]) -> Script:
    turns: list[Turn] = []
    for exchange in one["exchanges"] * one.get("repeat", 1):
        for speaker, text in (("interviewer", exchange["q"]), ("candidate", exchange["a"])):
            mine = exchange if speaker == "candidate" else {}
            began = BEGAN + len(turns) * APART
            turns.append(
                Turn(
                    number=len(turns),
                    speaker="candidate" if mine else "interviewer",
                    text=text,
                    started_at=began,
                    ended_at=began + APART / 2,
                    source=mine.get("source", one.get("source", "speech")) if mine else "speech",
                    doubt=tuple(mine.get("doubt", ())),
                    corrected_text=mine.get("corrected"),
                )
            )
    interview = Interview(
        session_id="0" * 32,
        skill_topic=one["topic"],
        level="intermediate",
        language=one.get("language", "en-US"),
        status="ended",
        token_sha256="",
        prompt="",
        max_duration_seconds=1500,
        created_at=BEGAN,
        expires_at=BEGAN + timedelta(days=30),
        cv=Cv("cv.txt", 1, len(one["cv"]), one["cv"]) if "cv" in one else None,
    )
    may = tuple((sentence, 2 * answer + 1, quote) for sentence, answer, quote in one.get("may", ()))
    return Script(
        one["id"], interview, tuple(turns), one.get("level"), may, tuple(one.get("never", ())),
        tuple(one.get("no_evidence", ())),
    )  # fmt: skip
