"""The relay's first messages to a page that has said hello."""

from collections.abc import Sequence

from interview.record import Interview, Output, Turn
from relay.browser import messages
from relay.browser.outbox import Outbox


def welcome(
    outbox: Outbox,
    interview: Interview,
    turns: Sequence[Turn],
    *,
    output: Output,
    elapsed: float,
    question: tuple[int, int] | None,
) -> None:
    """Answer the hello, and send what was said before it. `elapsed` is the interview's clock in seconds; `question` is
    the number of the last question, and about how many there will be.
    """
    outbox.text(
        messages.ready(
            interview.session_id,
            resumed=interview.live.epoch > 1,
            output=output,
            elapsed_seconds=elapsed,
            max_duration_seconds=interview.max_duration_seconds,
        )
    )
    for turn in turns:
        outbox.text(
            messages.caption(
                turn.number, turn.speaker, turn.text, final=True, doubt=turn.doubt, answer_id=turn.answer_id
            )
        )
    if question:
        outbox.text(messages.question(*question))
