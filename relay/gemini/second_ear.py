"""A second transcription of each spoken answer, by the text model, where the operator allows it (`SECOND_EAR`).

The sound is held in memory for that and never stored. If the two transcriptions differ strongly, the turn is doubtful
(`unclear`); its words stay those of Gemini Live.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Final, NoReturn

from interview import log
from interview.errors import ModelUnavailable
from interview.record import Turn
from relay.gemini.transcriber import Allowance, TextModel, Waiting, to_wav
from relay.talk import doubt

REMEMBERED: Final = 16
"""Turns whose words may still be amended after their second transcription."""


class SecondEar:
    """One interview's second transcriptions. `run` makes them, one after the other."""

    def __init__(
        self,
        model: TextModel,
        *,
        session_id: str,
        language: str,
        allowance: Allowance,
        affordable: Callable[[], bool],
        tell: Callable[[Turn], None],
    ) -> None:
        """`tell` is called with each turn that is doubtful now; `affordable` tells whether the budget allows more."""
        self._model = model
        self._session_id = session_id
        self._language = language
        self._affordable = affordable
        self._tell = tell
        self._waiting = Waiting(allowance)
        self._turns: OrderedDict[int, Turn] = OrderedDict()
        self._heard: dict[int, str] = {}

    def put(self, turn: Turn, pcm: bytes) -> None:
        """A turn of the candidate as it goes to the record, and its sound (PCM16 mono 16 kHz) if it is still there. A
        turn that is amended comes again.
        """
        amended = turn.number in self._turns
        self._turns[turn.number] = turn
        while len(self._turns) > REMEMBERED:
            self._heard.pop(self._turns.popitem(last=False)[0], None)
        if amended:
            self._compare(turn.number)
        elif self._affordable():
            self._waiting.put(turn, pcm)

    async def run(self) -> NoReturn:
        """Transcribe what is queued, for ever."""
        await self._waiting.run(self._transcribe)

    async def _transcribe(self, turn: Turn, pcm: bytes) -> None:
        try:
            self._heard[turn.number] = await self._model.transcribe(to_wav(pcm), self._language)
        except ModelUnavailable as error:
            log.write("WARNING", "second_transcription_failed", session_id=self._session_id, code=error.code)
        self._compare(turn.number)

    def _compare(self, number: int) -> None:
        turn, heard = self._turns.get(number), self._heard.get(number)
        if turn is None or heard is None or "unclear" in turn.doubt:
            return
        if doubt.differ(turn.text, heard, self._language):
            marked = replace(turn, doubt=tuple(sorted((*turn.doubt, "unclear"))))
            self._turns[number] = marked
            log.write("INFO", "transcriptions_differ", session_id=self._session_id)
            self._tell(marked)
