"""Who said what: turns and captions, out of what the microphone shows and what Gemini transcribes.

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
from datetime import datetime
from typing import Final

from interview.record import Turn
from relay.talk import doubt
from relay.talk.directions import words
from relay.talk.utterances import Answer, Caption, Finished, TurnEvent, Utterance, in_order, is_noise

LATE: Final = 8.0
"""Seconds after an answer's end in which its words may still come. Recorded: 1.0 to 2.8; reported: seconds later."""
SOONEST: Final = 0.8
"""Seconds after an answer's end before which its words cannot come. Recorded: 1.03 at the least."""
AMEND: Final = 3.0
"""Seconds after the interviewer began in which more words still belong to the answer before."""
UNWRITTEN: Final = 1.2
"""Seconds of speech without words that are worth a turn: more than a cough."""
AUDIBLE: Final = 0.4
"""Seconds of speech from which words are expected: a short "yes"."""
FRAGMENT: Final = 3
"""Words below which an utterance that broke off is said again under the same number."""
BRIEF_WORDS: Final = 4
BRIEF_SECONDS: Final = 2.0
"""An answer of fewer words and less speech may be left without a reply on purpose."""
SHORTEST_REPEAT: Final = 4
"""Characters. Nobody can tell a repeated "no" from a second one."""
_SPEECH_RATE: Final = 14.0
"""Characters a second of fluent speech: dates a turn whose beginning was not heard."""
_ENDINGS: Final = (".", "?", "!", "…", ":", ";", '"', "'", "”", "’", "»", ")", "。", "？", "！", "।", "؟", "۔")  # noqa: RUF001


class TurnLog:
    """The turns of one connection of the page, numbered on from `number`. Each method returns what has to be told."""

    def __init__(
        self,
        wall: Callable[[float], datetime],
        *,
        language: str,
        number: int = 0,
        carried: "Answer | None" = None,
        keep_sound: bool = False,
    ) -> None:
        """`carried` is an answer of an earlier connection whose sound is about to be sent again. With `keep_sound` the
        sound of an answer is kept until it is a turn, also when its words have come.
        """
        self._keep_sound = keep_sound
        self._wall = wall
        self._language = language
        self._number = self._first = number
        self._opened_at = float("-inf")
        """When the newest turn began: turns are in the order in which they began."""
        self._answer = carried
        """Still open: the interviewer has not replied."""
        self._waiting: Answer | None = None
        """Replied to, and its words have not come."""
        self._last_answer: Answer | None = None
        """Replied to, with words."""
        self._utterance: Utterance | None = None
        self._last_utterance: tuple[Utterance, Turn] | None = None
        self._spoken: deque[tuple[int, str]] = deque(maxlen=3)
        """The interviewer's last turns, for telling an echo."""
        self._played = False
        """The last utterance has been played to its end."""
        self._replied_at = float("-inf")
        self._last_piece = ""
        self.answers = 0
        """Turns of the candidate that were told as finished."""

    # What is so

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
        return self._number == self._first

    @property
    def sentence_ended(self) -> bool:
        """The interviewer's words so far end as a sentence does."""
        return self.interviewer_text.endswith(_ENDINGS) or not self.interviewer_text

    @property
    def unwritten_since(self) -> float | None:
        """When the oldest speech began whose words are still to come, or whose sound is kept until it is a turn."""
        awaited = [one for one in (self._answer, self._waiting) if one and (self._keep_sound or not one.text)]
        return min((one.began for one in awaited), default=None)

    def unwritten(self, now: float) -> bool:
        """The candidate has spoken, and its words are still to come."""
        return any(
            one and not one.over and not one.text and one.seconds >= AUDIBLE and now - one.ended < LATE
            for one in (self._answer, self._waiting)
        )

    @property
    def answering(self) -> bool:
        """The candidate has said something that has no reply yet, with words or enough of it."""
        return self._answer is not None and (bool(self._answer.text) or self._answer.seconds >= UNWRITTEN)

    @property
    def answer_seconds(self) -> float:
        """Seconds of speech in the open answer."""
        return self._answer.seconds if self._answer else 0.0

    def open(self, now: float) -> list[Turn]:
        """What is being said right now, as if it stopped here."""
        found = []
        if self._answer and self._answer.text:
            found.append(self._answer_turn(self._answer, now))
        if self._utterance and self._utterance.text:
            found.append(self._utterance_turn(self._utterance, now, interrupted=False))
        return sorted(found, key=lambda turn: turn.number)

    @property
    def answer_is_brief(self) -> bool:
        """The open answer is hardly more than a "mm-hmm", which needs no reply."""
        answer = self._answer
        return answer is None or (len(words(answer.text)) < BRIEF_WORDS and answer.seconds < BRIEF_SECONDS)

    def carry(self) -> "Answer | None":
        """The answer without words that another connection of the same interview is to go on with."""
        for answer in (self._answer, self._waiting):
            if answer and not answer.over and not answer.text and answer.seconds:
                return replace(answer, doubts=set())
        return None

    # The candidate

    def hear(self, began: float, *, over: bool) -> None:
        """Speech has begun; `over` the interviewer's."""
        answer = self._answer
        if answer and not answer.text and answer.seconds < UNWRITTEN and began - answer.ended > LATE:
            answer.began, answer.seconds = began, 0.0  # what opened it was a noise
        if answer is None:
            began = max(self._opened_at, began)
            self._answer = Answer(self._next(began), began, began, over=over)

    def pause(self, ended: float, seconds: float) -> None:
        """A stretch of speech has ended, after so many seconds of sound."""
        if self._answer:
            self._answer.ended = max(self._answer.ended, ended)
            self._answer.seconds += seconds
            self._answer.stretches += 1

    def transcribe(self, text: str, now: float, *, speaking: bool) -> list[TurnEvent]:
        """Words of the candidate's. `speaking`: their microphone shows speech right now."""
        if is_noise(text):
            return []
        answer = self._addressee(now, speaking=speaking)
        if answer is None:
            if not text.strip():
                return []
            began = max(self._opened_at, now - SOONEST - len(text) / _SPEECH_RATE)
            answer = self._answer = Answer(self._next(began), began, max(began, now - SOONEST), stretches=1)
        if self._repeats(answer, text):
            answer.doubts.add("repeated")
            return self._tell(answer, now) if answer is not self._answer else []
        self._add_words(answer, text)
        if answer is self._answer:
            return [self._caption(answer, final=False)] if answer.text else []
        if answer is self._waiting:
            self._waiting, self._last_answer = None, answer
            self.answers += 1
        return self._tell(answer, now)

    def type(self, text: str, now: float) -> list[TurnEvent]:
        """A typed answer: a turn of its own, which ends the open ones."""
        told = [*self._close_answer(now), *self.cut(now)]
        self._answer = Answer(self._next(now), now, now, pieces=[text], source="text")
        return [*told, *self._close_answer(now)]

    def close(self, now: float) -> list[TurnEvent]:
        """The answer is over without a reply."""
        return self._close_answer(now)

    # The interviewer

    def begin(self, now: float) -> list[TurnEvent]:
        """The interviewer's sound begins: the candidate's turn is over."""
        if self._utterance:
            return []
        told = self._close_answer(now)
        self._last_utterance = None
        self._played = False
        self._utterance = Utterance(self._next(now), now)
        self._replied_at = now
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
        return self._close_utterance(ended, interrupted=False)

    def cut(self, now: float) -> list[TurnEvent]:
        """The interviewer was cut off, while speaking or while what it had said was still being played."""
        if self._answer:
            self._answer.over = False  # it has cut the interviewer off, so it was speech
        if self._utterance:
            told = self._close_utterance(now, interrupted=True)
            self._last_utterance = None
            return told
        last = self._last_utterance
        if not last or self._played:
            return []
        self._last_utterance = None
        ended = min(self._wall(now), last[1].ended_at)
        return [Finished(replace(last[1], interrupted=True, ended_at=ended))]

    def played(self) -> None:
        """The interviewer's turn has been played to its end: nothing can cut it any more. Late words still amend it."""
        self._played = True

    def break_off(self, now: float) -> list[TurnEvent]:
        """The interviewer's words broke off with the connection. A fragment is dropped and its number used again."""
        utterance = self._utterance
        if utterance and len(words(utterance.text)) < FRAGMENT and utterance.number == self._number - 1:
            self._utterance = None
            self._number -= 1
            return []
        return self.cut(now) if utterance else []

    # Time

    def expire(self, now: float) -> list[TurnEvent]:
        """Turns whose words have not come in time."""
        waiting = self._waiting
        if waiting is None or now - max(waiting.ended, self._replied_at) < LATE:
            return []
        self._waiting = None
        return self._finish_unwritten(waiting)

    def flush(self, now: float) -> list[TurnEvent]:
        """It stops here: what is open is a turn."""
        told: list[TurnEvent] = []
        if self._utterance:
            told += self._close_utterance(now, interrupted=True)
        told += self._close_answer(now)
        waiting, self._waiting = self._waiting, None
        if waiting:
            told += self._finish_unwritten(waiting)
        return sorted(told, key=lambda one: one.turn.number if isinstance(one, Finished) else one.turn)

    # Inside

    def _next(self, began: float) -> int:
        self._opened_at = began
        self._number += 1
        return self._number - 1

    def _addressee(self, now: float, *, speaking: bool) -> Answer | None:
        """Whose words have come: the answer that waits for them, unless they can only be the next one's."""
        answer, waiting, last = self._answer, self._waiting, self._last_answer
        if (
            waiting
            and now - waiting.ended <= LATE
            and not (answer and answer.stretches and now - answer.ended >= SOONEST)
        ):
            return waiting
        if answer and (answer.stretches or speaking or not last):
            return answer
        if last and last.source == "speech" and now - self._replied_at <= AMEND:
            return last
        return answer

    def _repeats(self, answer: Answer, text: str) -> bool:
        """The same words once more, and no speech since that could have been them."""
        said = " ".join(words(text))
        repeated = (
            bool(said)
            and said == self._last_piece
            and len(said) >= SHORTEST_REPEAT
            and answer.transcribed_stretches >= answer.stretches
        )
        self._last_piece = said or self._last_piece
        return repeated and bool(answer.text)

    def _add_words(self, answer: Answer, text: str) -> None:
        joined = answer.text
        paused = answer.stretches > answer.transcribed_stretches or joined.endswith(_ENDINGS)
        if joined and paused and not text[:1].isspace() and text[:1].isalnum():
            answer.pieces.append(" ")
        answer.pieces.append(text)
        answer.transcribed_stretches = answer.stretches

    def _close_answer(self, now: float) -> list[TurnEvent]:
        answer, self._answer = self._answer, None
        if answer is None:
            return []
        told: list[TurnEvent] = []
        if not answer.text:
            if answer.over:
                return []
            if self._waiting:
                told = self._finish_unwritten(self._waiting)
            self._waiting = answer
            return told
        self._last_answer = answer
        self.answers += 1
        return self._tell(answer, now)

    def _tell(self, answer: Answer, now: float) -> list[TurnEvent]:
        if answer.source == "speech":
            answer.doubts |= set(
                doubt.find(answer.text, language=self._language, interviewer=self._heard_before(answer))
            )
        return [
            self._caption(answer, final=True),
            Finished(self._answer_turn(answer, now), answer.began, answer.ended),
        ]

    def _heard_before(self, answer: Answer) -> str:
        """What the interviewer said last before this answer."""
        if self._utterance and self._utterance.number < answer.number:
            return self._utterance.text
        return next((text for number, text in reversed(self._spoken) if number < answer.number), "")

    def _caption(self, answer: Answer, *, final: bool) -> Caption:
        return Caption(answer.number, "candidate", answer.text, final, in_order(answer.doubts))

    def _answer_turn(self, answer: Answer, now: float) -> Turn:
        ended = answer.ended if answer.stretches or answer.source == "text" else now
        return Turn(
            answer.number,
            "candidate",
            answer.text,
            self._wall(answer.began),
            self._wall(max(answer.began, ended)),
            source=answer.source,
            doubt=in_order(answer.doubts),
        )

    def _finish_unwritten(self, answer: Answer) -> list[TurnEvent]:
        """Speech that was never transcribed: a turn without text, if there was enough of it."""
        if answer.seconds < UNWRITTEN:
            return []
        answer.doubts.add("untranscribed")
        self.answers += 1
        turn = self._answer_turn(answer, answer.ended)
        return [self._caption(answer, final=True), Finished(turn, answer.began, answer.ended)]

    def _utterance_turn(self, utterance: Utterance, ended: float, *, interrupted: bool) -> Turn:
        began, end = self._wall(utterance.began), self._wall(max(utterance.began, ended))
        return Turn(utterance.number, "interviewer", utterance.text, began, end, interrupted)

    def _close_utterance(self, ended: float, *, interrupted: bool) -> list[TurnEvent]:
        """A turn without a word is not told; its number stays unused."""
        utterance, self._utterance = self._utterance, None
        if not utterance or not utterance.text:
            return []
        self._spoken.append((utterance.number, utterance.text))
        turn = self._utterance_turn(utterance, ended, interrupted=interrupted)
        self._last_utterance = (utterance, turn)
        return [Caption(turn.number, "interviewer", turn.text, final=True), Finished(turn)]
