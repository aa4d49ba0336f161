"""Stage directions: what the relay tells the interviewer behind the candidate's back.

Always in square brackets: the prompt says that such texts come from the house, not from the candidate, and are
never read out.
"""

from typing import Final

END_INTERVIEW: Final = "end_interview"
"""The tool by which the interviewer ends."""

BEGIN: Final = "[The candidate has joined. Greet them and begin.]"
GO_ON: Final = (
    "[The connection was restored. Do not greet again. If your last question is unanswered, repeat it briefly; "
    "else go on with the next one.]"
)
WRAP_UP: Final = (
    "[Little time is left. Do not answer this message. After the candidate's next answer wrap up: ask whether they have "
    "any questions for you, and come to the end.]"
)
GOODBYE: Final = "[Time is up: say goodbye in one or two sentences, then call end_interview.]"

TOO_EARLY: Final = "The interview has hardly begun. Go on with your next question."
"""The answer to a call of the tool that comes before MIN_ANSWERS and is not at the candidate's request."""
MIN_ANSWERS: Final = 3
