"""What the text model transcribes of one interview: speech without words, and with a second ear every spoken answer."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from interview.record import Interview, Turn
from interview.usage import TextUsage
from relay.gemini.second_ear import SecondEar
from relay.gemini.transcriber import Allowance, TextModel, Transcriber


class Transcription:
    """The transcriber and the second ear, as far as the deployment has them."""

    def __init__(
        self,
        text_model: TextModel | None,
        interview: Interview,
        *,
        count: Callable[[TextUsage], None],
        allowance: Allowance,
        second_ear: bool,
        affordable: Callable[[], bool],
        tell: Callable[[Turn], None],
    ) -> None:
        """`count` is called with the tokens of each call; `affordable` tells whether the second ear may still be used;
        `tell` is called with a turn that has words now, or doubtful ones.
        """
        self.transcriber = (
            Transcriber(
                text_model.counted(count),
                session_id=interview.session_id,
                language=interview.language,
                allowance=allowance,
                tell=tell,
            )
            if text_model
            else None
        )
        self.second_ear = (
            SecondEar(
                text_model.counted(count),
                session_id=interview.session_id,
                language=interview.language,
                allowance=allowance,
                affordable=affordable,
                tell=tell,
            )
            if text_model and second_ear
            else None
        )

    def tasks(self) -> Sequence[Coroutine[Any, Any, Any]]:
        """The tasks that run for as long as the session."""
        return [part.run() for part in (self.transcriber, self.second_ear) if part]
