"""The state of an interview, and what is said in it, as plain values."""

from dataclasses import dataclass
from enum import Enum, auto

from local.gemini.briefing import Briefing
from local.gemini.plan import Plan


class Stage(Enum):
    """The stage of an interview."""

    WAITING = auto()  # nobody has joined
    ASKING = auto()
    INVITING = auto()  # the candidate may ask
    CLOSED = auto()  # goodbye was said


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything that the interviewer remembers.

    `question` is the one that waits for an answer, `fresh` until it has been followed up, `cut` if it was interrupted.
    `planned`, `asked`, `followed`, `eased` count the planned questions used up, all questions asked, follow-ups and
    simpler questions; `pressed` and `unclear` the times that more was asked for, or other words; `answered` the
    candidate's own questions; `missed` the turns in a row that were not understood. `offered`: the candidate was asked
    whether the question should be put in other words. `picked`: what was taken up from answers.
    """

    briefing: Briefing
    plan: Plan
    seed: int = 0
    stage: Stage = Stage.WAITING
    turn: int = 0
    name: str | None = None
    question: str = ""
    fresh: bool = True
    cut: bool = False
    planned: int = 0
    asked: int = 0
    followed: int = 0
    eased: int = 0
    pressed: int = 0
    unclear: int = 0
    answered: int = 0
    missed: int = 0
    offered: bool = False
    picked: tuple[str, ...] = ()
    wrapping: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """What the interviewer says, sentence by sentence, and why it ends the interview afterwards, if it does."""

    sentences: tuple[str, ...] = ()
    ends: str | None = None

    @property
    def text(self) -> str:
        """All of it as one text."""
        return " ".join(self.sentences)
