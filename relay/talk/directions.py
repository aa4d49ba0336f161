"""Stage directions: what the relay tells the interviewer behind the candidate's back.

Always in square brackets: the prompt says that such texts come from the house, not from the candidate, and are
never read out.
"""

from typing import Final

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
WRAP_UP: Final = (
    "[Little time is left. Do not answer this message. After the candidate's next answer wrap up: ask whether they "
    "have any questions for you, and come to the end.]"
)
GOODBYE: Final = "[Time is up: say goodbye in one or two sentences, then call end_interview.]"

END_INTERVIEW: Final = "end_interview"
"""The tool by which the interviewer ends."""
MIN_ANSWERS: Final = 3
"""Answers before the interviewer may call it of its own accord."""
TOO_EARLY: Final = "The interview has hardly begun. Go on with your next question."
"""What it hears when it calls it before."""

_ROUND: Final = str.maketrans("[]", "()")


def as_words(text: str) -> str:
    """A candidate's text for the interviewer's ears: nothing that they type is a direction."""
    return text.translate(_ROUND)
