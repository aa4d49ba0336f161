"""Short, honest answers to what candidates ask the embedded interviewer."""

import re

_ANSWERS = (
    (
        r"\b(salary|pay|paid|money|compensation|benefits|vacation|holiday|bonus)\b",
        "Pay and benefits are not something I know about; the hiring team can tell you.",
    ),
    (
        r"\b(how did i do|did i do|feedback|perform|my score|pass|assess\w*|evaluat\w*|grad\w*)\b",
        "I don't judge while we talk; the written summary on your screen quotes what you said.",
    ),
    (
        r"\b(next step|next steps|what happens|after this|when will|hear back|process)\b",
        "When we finish, you'll see a summary with the transcript, which you can download.",
    ),
    (
        r"\b(are you (an? )?(real|human|robot|bot|person|ai|machine|computer)|who are you|what are you|your name)\b",
        "I'm Iris, an interviewer in software on this computer; my questions come from a plan and a few rules.",
    ),
    (
        r"\b(how long|how many|how much (time|longer)|time (is|do))\b",
        "We have about ten questions in all, and your screen shows the time that is left.",
    ),
    (
        r"\b(record\w*|privacy|store\w*|kept|keep|delet\w*|data protection)\b",
        "A transcript is kept for the time shown on the first page, and you can delete it yourself.",
    ),
    (
        r"\b(improve|learn|recommend|advice|tip|tips|book|books|prepare|practi[cs]e)\b",
        "What helps most is to prepare three concrete stories with numbers in them, and to tell them aloud once.",
    ),
    (
        r"\b(team|company|culture|role|position|job|colleagues|manager|office|remote|product)\b",
        "I only hold the interview, so that is a good one for the hiring team.",
    ),
)


def to(question: str) -> str:
    """An answer in one sentence, which says so if the interviewer can't know."""
    for pattern, answer in _ANSWERS:
        if re.search(pattern, question, re.IGNORECASE):
            return answer
    return "That is a fair question; I'm here to hear what you think, so I'll leave it open."
