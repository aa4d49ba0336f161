"""Directions: what the relay tells the interviewer without the candidate hearing it.

Always in square brackets: the prompt says that such texts come from the system, not from the candidate, and are never
read out. What a candidate types or says reaches Gemini without such brackets (`interview/fence.py`). Models read
directions out all the same now and then (live-api-web-console#78), so `read_aloud` recognises that.
"""

import itertools
import re
from typing import Final, Literal

BEGIN: Final = "[The candidate has joined. Greet them and begin.]"
GO_ON: Final = (
    "[The connection was restored. Do not greet again. If your last question is unanswered, repeat it briefly; "
    "else go on with the next one.]"
)
REMIND: Final = (
    "[The candidate is waiting. If they have answered, go on; if your last words broke off, finish them. They may not "
    "have heard what you said last.]"
)
FINISH: Final = "[Your last sentence broke off. Finish it.]"
SAY_AGAIN: Final = "[The candidate heard nothing from you. Say it now.]"
ASK_GENTLY: Final = (
    "[The candidate has said nothing for a while. Ask gently, in one sentence, whether they would like more time or "
    "the question in other words.]"
)
WRAP_UP: Final = (
    "[Little time is left. Do not answer this message. After the candidate's next answer wrap up: ask whether they "
    "have any questions for you, and come to the end.]"
)
GOODBYE: Final = "[Time is up: say goodbye in one or two sentences, then call end_interview.]"

ALL: Final = (BEGIN, GO_ON, REMIND, FINISH, SAY_AGAIN, ASK_GENTLY, WRAP_UP, GOODBYE)

END_INTERVIEW: Final = "end_interview"
"""The tool with which the interviewer ends the interview."""
MIN_ANSWERS: Final = 3
"""Answers before the interviewer may call it of its own accord."""
TOO_EARLY: Final = "The interview has hardly begun. Go on with your next question."
"""The tool's response when it is called before that."""
NO_GOODBYE: Final = "You have not said goodbye yet. Say goodbye in one or two sentences; the interview ends after it."
"""The tool's response when it is called before anything was said."""
ENDS: Final = "The interview ends."
NO_SUCH_TOOL: Final = "There is no such tool."

_WORD: Final = re.compile(r"[^\W_]+")
_ENOUGH_WORDS: Final = 4
"""Words in a row that tell a direction from an interviewer's own sentence."""


def words(text: str) -> list[str]:
    """The words of a text, in lower case, without punctuation."""
    return _WORD.findall(text.lower())


_ALL_WORDS: Final = tuple(words(direction) for direction in ALL)

Reading = Literal["no", "perhaps", "mark", "direction"]


def read_aloud(text: str) -> Reading:
    """Whether the interviewer's words so far are speech (no), a mark such as `<no speech>`, or a direction read aloud.

    `perhaps` while there are too few words to tell.
    """
    text = text.lstrip()
    if not text:
        return "perhaps"
    if text[0] == "<":
        return "mark"
    if text[0] == "[" or _shared(text) >= _ENOUGH_WORDS:
        return "direction"
    said = words(text)
    return "perhaps" if any(direction[: len(said)] == said for direction in _ALL_WORDS) else "no"


def after_reading(text: str) -> str:
    """What the interviewer said after a mark or a direction; empty while there is nothing."""
    text = text.lstrip()
    if text[:1] in ("<", "["):
        return text.partition(">" if text[0] == "<" else "]")[2].strip()
    found = list(_WORD.finditer(text))
    shared = _shared(text)
    if shared < _ENOUGH_WORDS or len(found) <= shared:
        return ""
    return text[found[shared].start() :]


def _shared(text: str) -> int:
    """How many words the beginning of the text shares with that of a direction."""
    said = words(text)
    return max(
        sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(said, direction, strict=False)))
        for direction in _ALL_WORDS
    )
