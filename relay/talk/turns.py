"""Who said what: turns and captions out of the pieces in which Gemini Live tells them.

Transcriptions come word by word, the candidate's late and the interviewer's ahead of the audio, and nothing says which
word is a turn's last (the service has a `finished` flag and never sets it). So a turn ends when something else begins:
the candidate's with the interviewer's first word, the interviewer's when its generation is complete or interrupted. A
word that comes later still belongs to the turn it was said in and amends it: the turn is told again, whole, under its
old number.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from interview.record import Source, Speaker, Turn

LATE: Final = timedelta(seconds=3)
"""How long after the interviewer began a candidate's word still counts to the answer before; later it is a barge-in."""
GRACE: Final = timedelta(seconds=0.5)
"""How long after its generation was complete a word of the interviewer's still counts to that turn."""

_ENDINGS: Final = (".", "?", "!", "…", ":", ";", '"', "'", "”", "’", "»", ")", "。", "？", "！", "।", "؟", "۔")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Caption:
    """The whole text of a turn so far."""

    turn: int
    speaker: Speaker
    text: str
    final: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """A turn to be kept: new, or amended under a number that was told before."""

    turn: Turn


TurnEvent = Caption | Finished


@dataclass(slots=True)
class _Open:
    """A turn being spoken. Pieces are joined only when somebody asks, which is once a caption."""

    number: int
    speaker: Speaker
    started_at: datetime
    pieces: list[str] = field(default_factory=list)
    source: Source = "speech"

    @property
    def text(self) -> str:
        return "".join(self.pieces).strip()


class TurnLog:
    """The turns of one connection, numbered on from `number`. Each method returns what there is to tell, in order."""

    def __init__(self, now: Callable[[], datetime], number: int = 0) -> None:
        self._now = now
        self._number = number
        self._interviewer: _Open | None = None
        self._candidate: _Open | None = None
        self._last: dict[Speaker, tuple[_Open, Turn]] = {}
        self.answers = 0

    @property
    def interviewer_turn(self) -> int | None:
        """The number of the interviewer's turn that is being spoken or, once generated, still being heard."""
        if self._interviewer:
            return self._interviewer.number
        last = self._last.get("interviewer")
        return last[0].number if last else None

    @property
    def candidate_speaking(self) -> bool:
        """The candidate has said something that nobody has answered yet."""
        return self._candidate is not None

    @property
    def sentence_ended(self) -> bool:
        """The interviewer's words so far end as a sentence does."""
        return not self._interviewer or self._interviewer.text.endswith(_ENDINGS)

    @property
    def open(self) -> list[Turn]:
        """What is being said right now, as if it stopped here."""
        now = self._now()
        return [
            Turn(turn.number, turn.speaker, turn.text, turn.started_at, now, source=turn.source)
            for turn in sorted(filter(None, (self._candidate, self._interviewer)), key=lambda turn: turn.number)
            if turn.text
        ]

    def speaking(self) -> list[TurnEvent]:
        """The interviewer's audio begins or goes on: it has a turn from now on, and the candidate's is over."""
        if self._interviewer:
            return []
        told = self._finish_candidate()
        self._last.pop("interviewer", None)
        self._interviewer = self._open("interviewer")
        return told

    def said(self, piece: str) -> list[TurnEvent]:
        """A piece of the interviewer's words."""
        late = self._last.get("interviewer")
        if not self._interviewer and late and self._now() - late[1].ended_at <= GRACE:
            return self._amend(late[0], piece)
        told = self.speaking()
        assert self._interviewer is not None  # noqa: S101 - speaking() has just opened it
        return [*told, *self._add(self._interviewer, piece)]

    def heard(self, piece: str) -> list[TurnEvent]:
        """A piece of the candidate's words."""
        if self._candidate:
            return self._add(self._candidate, piece)
        late = self._last.get("candidate")
        if late and self._interviewer and self._now() - self._interviewer.started_at <= LATE:
            return self._amend(late[0], piece)
        if not piece.strip():
            return []
        self._candidate = self._open("candidate")
        return self._add(self._candidate, piece)

    def typed(self, text: str) -> list[TurnEvent]:
        """A typed answer: a turn of its own, which cuts whoever is speaking."""
        told = [*self._finish_candidate(), *self.interrupted()]
        self._candidate = self._open("candidate")
        self._candidate.pieces.append(text)
        self._candidate.source = "text"
        return [*told, *self._finish_candidate()]

    def interrupted(self) -> list[TurnEvent]:
        """The interviewer was cut off, while speaking or while what it had said was still being heard."""
        if self._interviewer:
            told = self._finish_interviewer(interrupted=True)
            self._last.pop("interviewer", None)
            return told
        last = self._last.pop("interviewer", None)
        return [Finished(replace(last[1], interrupted=True, ended_at=self._now()))] if last else []

    def generated(self) -> list[TurnEvent]:
        """All of the interviewer's turn has been generated; it may still be being heard."""
        return self._finish_interviewer(interrupted=False)

    def settled(self) -> list[TurnEvent]:
        """The interviewer's turn is over for good: generated, and heard or cut."""
        told = self._finish_interviewer(interrupted=False)
        self._last.pop("interviewer", None)
        return told

    def flush(self) -> list[TurnEvent]:
        """The conversation stops here: whatever is open is a turn, the interviewer's a cut one."""
        by_number = sorted(
            (turn for turn in (self._candidate, self._interviewer) if turn), key=lambda turn: turn.number
        )
        return [
            told
            for turn in by_number
            for told in (
                self._finish_candidate() if turn.speaker == "candidate" else self._finish_interviewer(interrupted=True)
            )
        ]

    def _open(self, speaker: Speaker) -> _Open:
        turn = _Open(self._number, speaker, self._now())
        self._number += 1
        return turn

    def _add(self, turn: _Open, piece: str) -> list[TurnEvent]:
        turn.pieces.append(piece)
        text = turn.text
        return [Caption(turn.number, turn.speaker, text, final=False)] if text else []

    def _amend(self, turn: _Open, piece: str) -> list[TurnEvent]:
        turn.pieces.append(piece)
        amended = replace(self._last[turn.speaker][1], text=turn.text)
        self._last[turn.speaker] = (turn, amended)
        return [Caption(turn.number, turn.speaker, turn.text, final=True), Finished(amended)]

    def _finish_candidate(self) -> list[TurnEvent]:
        turn, self._candidate = self._candidate, None
        told = self._finish(turn, interrupted=False)
        self.answers += bool(told)
        return told

    def _finish_interviewer(self, *, interrupted: bool) -> list[TurnEvent]:
        turn, self._interviewer = self._interviewer, None
        return self._finish(turn, interrupted=interrupted)

    def _finish(self, turn: _Open | None, *, interrupted: bool) -> list[TurnEvent]:
        """A turn without a word is not told; its number stays unused."""
        text = turn.text if turn else ""
        if not turn or not text:
            return []
        finished = Turn(turn.number, turn.speaker, text, turn.started_at, self._now(), interrupted, turn.source)
        self._last[turn.speaker] = (turn, finished)
        return [Caption(turn.number, turn.speaker, text, final=True), Finished(finished)]
