"""The notices that the floor sends: code and sentence."""

from typing import Final

SLOW_REPLY: Final = ("slow_reply", "The interviewer is taking longer than usual. We are asking again.")
IDLE: Final = (
    "idle",
    (
        'Take your time. You can ask for a moment with "Let me think", or type your answer. '
        "After three minutes without an answer the interview pauses, and you can resume it."
    ),
)
