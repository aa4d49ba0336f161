"""What the interviewer owes: the greeting, a reply, words that a direction asks for, a farewell."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["greeting", "answer", "text", "direction", "farewell"]


@dataclass(slots=True)
class Owed:
    """Words that the interviewer owes. All but the reply to a spoken answer must come."""

    kind: Kind
    since: float
    text: str = ""
    """What to send again if nothing comes."""
    empty_turns: int = 0
    reminded_at: float | None = None
    alive: bool = False
    """Gemini has shown since then that it is there: it transcribed, or completed a turn."""
    silent: bool = False
    """Gemini has marked its turn as silent on purpose."""
