"""Who said what: turns and captions, from what the microphone shows and what Gemini transcribes.

A turn of the candidate begins when their speech begins and has its number from then on, so turns are in the order in
which the speech began, however late its words come. Gemini Live 3.8 transcribes an answer once, as a whole, 1.0 to 2.8
seconds after it has ended, together with its own reply; older models do it word by word (docs/reliability.md). So a
turn of the candidate ends when the interviewer begins, and words that come later amend the turn in which they were
spoken: the turn is told again, whole, under its number. Speech whose words never come is a turn without text.

All times are seconds of one monotonic clock; `wall` turns them into the times of the record.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from interview.record import Turn
from relay.talk.answers import Answers
from relay.talk.directions import words
from relay.talk.utterances import ENDINGS, Answer, Caption, Finished, Numbers, TurnEvent, Utterance

FRAGMENT: Final = 3
"""Words below which an utterance that broke off is said again under the same number."""
NEAR: Final = timedelta(seconds=0.5)
"""An end of the interviewer's sound that is reported this close to the expected one changes nothing: network and
loudspeaker take 0.1 to 0.4 s, and each change is one more write to the store.
"""


class TurnLog:
    """The turns of one connection of the page, from `number` on. Methods return captions and finished turns."""

    def __init__(
        self,
        wall: Callable[[float], datetime],
        *,
        language: str,
        number: int = 0,
        carried: Answer | None = None,
        keep_sound: bool = False,
    ) -> None:
        """`carried` is an answer of an earlier connection whose sound is about to be sent again. With `keep_sound` the
        sound of an answer is kept until it is a turn, also when its words have come.
        """
        self._wall = wall
        self._numbers = Numbers(number)
        self._answers = Answers(
            wall,
            self._numbers,
            language=language,
            heard_before=self._heard_before,
            carried=carried,
            keep_sound=keep_sound,
        )
        self._utterance: Utterance | None = None
        self._last_utterance: tuple[Utterance, Turn] | None = None
        self._spoken: deque[tuple[int, str]] = deque(maxlen=3)
        """The interviewer's last turns, for telling an echo."""
        self._played = False
        """The last utterance has been played to its end."""
        self._queued: list[Turn] = []
        """The interviewer's turns before the last one that may still be playing."""

    # State

    @property
    def answers(self) -> int:
        """Turns of the candidate that were told as finished."""
        return self._answers.told

    @property
    def newest(self) -> int:
        """The number of the turn that began last."""
        return self._numbers.newest

    @property
    def interviewer_turn(self) -> int | None:
        """The number of the interviewer's newest turn, while it is spoken or can still be cut."""
        if self._utterance:
            return self._utterance.number
        return self._last_utterance[0].number if self._last_utterance else None

    @property
    def interviewer_text(self) -> str:
        """The words of that turn so far."""
        if self._utterance:
            return self._utterance.text
        return self._last_utterance[0].text if self._last_utterance else ""

    @property
    def empty(self) -> bool:
        """Nothing has been said on this connection."""
        return self._numbers.unused

    @property
    def sentence_ended(self) -> bool:
        """The interviewer's words so far end as a sentence does."""
        return self.interviewer_text.endswith(ENDINGS) or not self.interviewer_text

    @property
    def unwritten_since(self) -> float | None:
        """When the oldest speech began whose words are still to come, or whose sound is kept until it is a turn."""
        return self._answers.unwritten_since

    def unwritten(self, now: float) -> bool:
        """The candidate has spoken, and the words are still to come."""
        return self._answers.unwritten(now)

    @property
    def answering(self) -> bool:
        """The candidate has said something that has no reply yet, with words or enough of it."""
        return self._answers.answering

    @property
    def answer_seconds(self) -> float:
        """Seconds of speech in the open answer."""
        return self._answers.seconds

    def open(self, now: float) -> list[Turn]:
        """What is being said right now, as if it stopped here."""
        found = self._answers.open(now)
        if self._utterance and self._utterance.text:
            found.append(self._utterance_turn(self._utterance, now))
        return sorted(found, key=lambda turn: turn.number)

    @property
    def answer_is_brief(self) -> bool:
        """The open answer is hardly more than a "mm-hmm", which needs no reply."""
        return self._answers.brief

    def carry(self) -> Answer | None:
        """The answer without words that another connection of the same interview is to go on with."""
        return self._answers.carry()

    # The candidate

    def hear(self, began: float, *, over: bool) -> None:
        """Speech has begun; `over`: while the interviewer speaks."""
        self._answers.hear(began, over=over)

    def pause(self, ended: float, seconds: float) -> None:
        """A stretch of speech has ended, after so many seconds of sound."""
        self._answers.pause(ended, seconds)

    def transcribe(self, text: str, now: float, *, speaking: bool) -> list[TurnEvent]:
        """Words of the candidate's. `speaking`: their microphone shows speech right now."""
        return self._answers.transcribe(text, now, speaking=speaking)

    def type(self, text: str, now: float, answer_id: str | None = None) -> list[TurnEvent]:
        """A typed answer: a turn of its own, which ends the open ones. `answer_id` is the page's."""
        return [*self._answers.close(now), *self.cut(now), *self._answers.type(text, now, answer_id)]

    def finish_answer(self) -> bool:
        """The candidate says that the open answer is complete. Returns False if nothing was said, or nothing since they
        said so.
        """
        return self._answers.finish()

    def close(self, now: float) -> list[TurnEvent]:
        """The answer is over without a reply."""
        return self._answers.close(now)

    # The interviewer

    def begin(self, now: float, *, sounds_at: float | None = None, unheard: bool = False) -> list[TurnEvent]:
        """The interviewer's sound begins to come in: the candidate's turn is over. It can be heard from `sounds_at` on,
        if that is later. `unheard`: it replies to something that the microphone did not show.
        """
        if self._utterance:
            return []
        told = self._answers.reply(now, unheard=unheard)
        if self._last_utterance and not self._played:
            self._queued.append(self._last_utterance[1])
        self._last_utterance = None
        self._played = False
        self._utterance = Utterance(self._numbers.next(now), now if sounds_at is None else max(now, sounds_at))
        return told

    def say(self, piece: str) -> list[TurnEvent]:
        """Words of the interviewer's; also after the end of its turn, which they amend."""
        if self._utterance:
            self._utterance.pieces.append(piece)
            text = self._utterance.text
            return [Caption(self._utterance.number, "interviewer", text, final=False)] if text else []
        if not self._last_utterance:
            return []
        utterance, turn = self._last_utterance
        utterance.pieces.append(piece)
        amended = replace(turn, text=utterance.text)
        self._last_utterance = (utterance, amended)
        return [Caption(turn.number, "interviewer", amended.text, final=True), Finished(amended)]

    def end(self, ended: float) -> list[TurnEvent]:
        """All of the interviewer's turn has come; its sound ends at `ended`."""
        return self._close_utterance(ended)

    def cut(self, now: float) -> list[TurnEvent]:
        """The interviewer was cut off, while speaking or while what it had said was still being played."""
        at = self._wall(now)
        self._answers.interrupts()
        queued, self._queued = self._queued, []
        told: list[TurnEvent] = [_interrupted(turn, at) for turn in queued if turn.ended_at > at]
        last, self._last_utterance = self._last_utterance, None
        if self._utterance:
            self._utterance.began = min(self._utterance.began, now)  # it may still wait for the utterance before it
            told += self._close_utterance(now, interrupted=True)
            self._last_utterance = None
        elif last and not self._played:
            told.append(_interrupted(last[1], at))
        else:
            self._last_utterance = last
        return told

    def played(self, ended: float | None = None) -> list[TurnEvent]:
        """The interviewer's turn has been played to its end: nothing can cut it any more. Late words still amend it.

        `ended` is when the end of its sound was reported, if it was: if far from the expected end, that counts, for the
        turns before it as well.
        """
        self._played = True
        queued, self._queued = self._queued, []
        if ended is None:
            return []
        at = self._wall(ended)
        early = [turn for turn in queued if turn.ended_at - at >= NEAR or turn.started_at > at]
        told: list[TurnEvent] = [Finished(_heard(turn, at)) for turn in early]
        if self._last_utterance:
            utterance, turn = self._last_utterance
            if abs(turn.ended_at - at) >= NEAR or turn.started_at > at:
                self._last_utterance = (utterance, _heard(turn, at))
                told.append(Finished(self._last_utterance[1]))
        return told

    def break_off(self, ended: float) -> list[TurnEvent]:
        """The interviewer's words broke off with the connection; the sound that came ends at `ended`, and can be cut
        until then. A fragment is dropped and its number used again.
        """
        utterance = self._utterance
        if utterance and len(words(utterance.text)) < FRAGMENT and self._numbers.take_back(utterance.number):
            self._utterance = None
            return []
        told = self._close_utterance(ended, broken_off=True)
        self._queued += [event.turn for event in told if isinstance(event, Finished)]
        self._last_utterance = None
        return told

    # Time

    def expire(self, now: float) -> list[TurnEvent]:
        """Turns whose words have not come in time."""
        return self._answers.expire(now)

    def flush(self, now: float, *, sounds_until: float | None = None) -> list[TurnEvent]:
        """The connection stops here: what is open becomes a turn. The interviewer's sound ends at `sounds_until`."""
        told: list[TurnEvent] = []
        if self._utterance:
            told += self._close_utterance(now if sounds_until is None else sounds_until, broken_off=True)
        told += self._answers.close(now)
        told += self._answers.give_up_waiting()
        return sorted(told, key=lambda one: one.turn.number if isinstance(one, Finished) else one.turn)

    # Inside

    def _heard_before(self, number: int) -> str:
        """What the interviewer said last before the turn of this number."""
        if self._utterance and self._utterance.number < number:
            return self._utterance.text
        return next((text for other, text in reversed(self._spoken) if other < number), "")

    def _utterance_turn(
        self, utterance: Utterance, ended: float, *, interrupted: bool = False, broken_off: bool = False
    ) -> Turn:
        began, end = self._wall(utterance.began), self._wall(max(utterance.began, ended))
        text = utterance.text
        return Turn(utterance.number, "interviewer", text, began, end, interrupted, broken_off=broken_off)

    def _close_utterance(self, ended: float, *, interrupted: bool = False, broken_off: bool = False) -> list[TurnEvent]:
        """A turn without a word is not told; its number stays unused."""
        utterance, self._utterance = self._utterance, None
        if not utterance or not utterance.text:
            return []
        self._spoken.append((utterance.number, utterance.text))
        turn = self._utterance_turn(utterance, ended, interrupted=interrupted, broken_off=broken_off)
        self._last_utterance = (utterance, turn)
        return [Caption(turn.number, "interviewer", turn.text, final=True), Finished(turn)]


def _heard(turn: Turn, ended: datetime) -> Turn:
    """A turn whose sound had been heard by then."""
    return replace(turn, started_at=min(turn.started_at, ended), ended_at=ended)


def _interrupted(turn: Turn, at: datetime) -> Finished:
    """A turn of which nothing was heard after that time."""
    return Finished(replace(_heard(turn, min(at, turn.ended_at)), interrupted=True))
