"""A second transcription of each spoken answer, by the text model, where the operator allows it (`SECOND_EAR`).

The sound is held in memory for that and never stored. If the two transcriptions differ strongly, the turn is doubtful
(`unclear`); its words stay those of Gemini Live.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Final, NoReturn

from interview import log
from interview.errors import ModelUnavailable
from interview.record import Turn
from relay.gemini.transcriber import TextModel, to_wav
from relay.talk import doubt

MOST_BYTES: Final = 64 * 1024 * 1024
"""Bytes of sound that wait or are transcribed on one instance. An answer beyond that is not transcribed again."""
AT_ONCE: Final = 8
"""Answers that are transcribed at a time on one instance."""
SECOND_QUEUE: Final = 4
"""Answers of one interview that may wait."""
REMEMBERED: Final = 16
"""Turns whose words may still be amended after their second transcription."""


class Allowance:
    """What all interviews of an instance share."""

    def __init__(self, most_bytes: int = MOST_BYTES, at_once: int = AT_ONCE) -> None:
        self._left = most_bytes
        self.places = asyncio.Semaphore(at_once)

    def take(self, size: int) -> bool:
        """Take so many bytes, if there are as many left."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give_back(self, size: int) -> None:
        """Give them back."""
        self._left += size


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
        """`tell` gets each turn that is doubtful now; `affordable` says whether the interview's budget allows more."""
        self._model = model
        self._session_id = session_id
        self._language = language
        self._allowance = allowance
        self._affordable = affordable
        self._tell = tell
        self._waiting: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue(maxsize=SECOND_QUEUE)
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
        elif pcm and not self._waiting.full() and self._affordable() and self._allowance.take(len(pcm)):
            self._waiting.put_nowait((turn.number, pcm))

    async def run(self) -> NoReturn:
        """Transcribe what is queued, for ever."""
        try:
            while True:
                number, pcm = await self._waiting.get()
                try:
                    async with self._allowance.places:
                        self._heard[number] = await self._model.transcribe(to_wav(pcm), self._language)
                except ModelUnavailable as error:
                    log.write("WARNING", "second_transcription_failed", session_id=self._session_id, code=error.code)
                finally:
                    self._allowance.give_back(len(pcm))
                self._compare(number)
        finally:
            while not self._waiting.empty():
                self._allowance.give_back(len(self._waiting.get_nowait()[1]))

    def _compare(self, number: int) -> None:
        turn, heard = self._turns.get(number), self._heard.get(number)
        if turn is None or heard is None or "unclear" in turn.doubt:
            return
        if doubt.differ(turn.text, heard, self._language):
            marked = replace(turn, doubt=tuple(sorted((*turn.doubt, "unclear"))))
            self._turns[number] = marked
            log.write("INFO", "transcriptions_differ", session_id=self._session_id)
            self._tell(marked)
