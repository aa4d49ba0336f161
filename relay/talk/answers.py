"""The candidate's turns: the answer under way, the one whose words have not come, and the last one with words.

An answer is open until the interviewer replies. Its words may come after that, and until then it waits:
`relay/talk/turns.py` says when Gemini transcribes.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from interview.record import Turn
from relay.talk import doubt
from relay.talk.directions import words
from relay.talk.utterances import ENDINGS, Answer, Caption, Finished, Numbers, TurnEvent, in_order, is_noise

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
BRIEF_WORDS: Final = 4
BRIEF_SECONDS: Final = 2.0
"""An answer of fewer words and less speech may be left without a reply on purpose."""
SHORTEST_REPEAT: Final = 4
"""Characters of the shortest repeat that counts. A repeated "no" can't be told from a second one."""
_SPEECH_RATE: Final = 14.0
"""Characters a second of fluent speech: dates a turn whose beginning was not heard."""


class Answers:
    """The answers of one connection of the page. A method that returns a list returns captions and finished turns."""

    def __init__(
        self,
        wall: Callable[[float], datetime],
        numbers: Numbers,
        *,
        language: str,
        heard_before: Callable[[int], str],
        carried: Answer | None,
        keep_sound: bool,
    ) -> None:
        """`heard_before` returns what the interviewer said last before the turn of a number. `carried` and `keep_sound`
        are those of the turn log.
        """
        self._wall = wall
        self._numbers = numbers
        self._language = language
        self._heard_before = heard_before
        self._keep_sound = keep_sound
        self._open = carried
        """The interviewer has not replied."""
        self._waiting: Answer | None = None
        """Replied to, and its words have not come."""
        self._last: Answer | None = None
        """Replied to, with words."""
        self._unheard: tuple[int, float] | None = None
        """Of an answer that the microphone did not show and that has a reply: its number, and the earliest time of its
        beginning.
        """
        self._replied_at = float("-inf")
        self._last_piece = ""
        self.told = 0
        """Answers that were told as finished."""

    # State

    @property
    def unwritten_since(self) -> float | None:
        """When the oldest speech began whose words are still to come, or whose sound is kept until it is a turn."""
        awaited = [one for one in (self._open, self._waiting) if one and (self._keep_sound or not one.text)]
        return min((one.began for one in awaited), default=None)

    def unwritten(self, now: float) -> bool:
        """The candidate has spoken, and the words are still to come."""
        return any(
            one and not one.over and not one.text and one.seconds >= AUDIBLE and now - one.ended < LATE
            for one in (self._open, self._waiting)
        )

    @property
    def answering(self) -> bool:
        """The candidate has said something that has no reply yet, with words or enough of it."""
        return self._open is not None and (bool(self._open.text) or self._open.seconds >= UNWRITTEN)

    @property
    def seconds(self) -> float:
        """Seconds of speech in the open answer."""
        return self._open.seconds if self._open else 0.0

    @property
    def brief(self) -> bool:
        """The open answer is hardly more than a "mm-hmm", which needs no reply."""
        answer = self._open
        return answer is None or (len(words(answer.text)) < BRIEF_WORDS and answer.seconds < BRIEF_SECONDS)

    def open(self, now: float) -> list[Turn]:
        """What the candidate is saying right now, as if it stopped here."""
        return [self._turn(self._open, now)] if self._open and self._open.text else []

    def carry(self) -> Answer | None:
        """The answer without words that another connection of the same interview is to go on with."""
        for answer in (self._open, self._waiting):
            if answer and not answer.over and not answer.text and answer.seconds:
                return replace(answer, doubts=set())
        return None

    # Evidence

    def hear(self, began: float, *, over: bool) -> None:
        """Speech has begun; `over`: while the interviewer speaks."""
        answer = self._open
        if answer and not answer.text and answer.seconds < UNWRITTEN and began - answer.ended > LATE:
            answer.began, answer.seconds = began, 0.0  # what opened it was a noise
        if answer is None:
            earliest = self._numbers.opened_at
            began = max(earliest, began)
            self._open = Answer(self._numbers.next(began), began, began, over=over, earliest=earliest)

    def pause(self, ended: float, seconds: float) -> None:
        """A stretch of speech has ended, after so many seconds of sound."""
        if answer := self._open:
            if not answer.stretches:
                # Sound that the page has kept comes all at once, long after it began to be spoken.
                answer.began = max(answer.earliest, min(answer.began, ended - seconds))
            answer.ended = max(answer.ended, ended)
            answer.seconds += seconds
            answer.stretches += 1

    def finish(self) -> bool:
        """The candidate says that the open answer is complete. Returns False if nothing was said since they said so."""
        answer = self._open
        if answer is None or answer.stretches == answer.finished_stretches:
            return False
        answer.finished_stretches = answer.stretches
        return True

    def transcribe(self, text: str, now: float, *, speaking: bool) -> list[TurnEvent]:
        """Words of the candidate's. `speaking`: their microphone shows speech right now."""
        if is_noise(text):
            return []
        answer = self._addressee(now, speaking=speaking)
        if answer is None:
            if not text.strip():
                return []
            if self._unheard is not None and now - self._replied_at <= AMEND:
                return self._tell_unheard(text, now)
            earliest, ended = self._numbers.opened_at, now - SOONEST
            began = max(earliest, ended - len(text) / _SPEECH_RATE)
            answer = self._open = Answer(self._numbers.next(began), began, max(began, ended), stretches=1)
        if self._repeats(answer, text):
            answer.doubts.add("repeated")
            return self._tell(answer, now) if answer is not self._open else []
        _add_words(answer, text)
        if answer is self._open:
            return [_caption(answer, final=False)] if answer.text else []
        if answer is self._waiting:
            self._waiting, self._last = None, answer
            self.told += 1
        return self._tell(answer, now)

    def type(self, text: str, now: float, answer_id: str | None) -> list[TurnEvent]:
        """A typed answer: a turn of its own. The open ones must be closed before."""
        self._open = Answer(self._numbers.next(now), now, now, pieces=[text], source="text", id=answer_id)
        return self.close(now)

    def reply(self, now: float, *, unheard: bool = False) -> list[TurnEvent]:
        """The interviewer replies: the open answer is over. `unheard`: to something that the microphone did not show,
        for which a number is kept.
        """
        told = self.close(now)
        self._unheard = (self._numbers.next(now), self._numbers.opened_before) if unheard else None
        self._replied_at = now
        return told

    def interrupts(self) -> None:
        """The open answer has cut the interviewer off, so it was speech."""
        if self._open:
            self._open.over = False

    def close(self, now: float) -> list[TurnEvent]:
        """The open answer is over."""
        answer, self._open = self._open, None
        if answer is None:
            return []
        if answer.source == "speech" and not answer.stretches:
            answer.ended = max(answer.began, now)  # they still speak
        told: list[TurnEvent] = []
        if not answer.text:
            if answer.over:
                return []
            if self._waiting:
                told = self._finish_unwritten(self._waiting)
            self._waiting = answer
            return told
        self._last = answer
        self.told += 1
        return self._tell(answer, now)

    def expire(self, now: float) -> list[TurnEvent]:
        """Answers whose words have not come in time."""
        waiting = self._waiting
        if waiting is None or now - max(waiting.ended, self._replied_at) < LATE:
            return []
        return self.give_up_waiting()

    def give_up_waiting(self) -> list[TurnEvent]:
        """The words of the answer that waits for them do not come."""
        waiting, self._waiting = self._waiting, None
        return self._finish_unwritten(waiting) if waiting else []

    # Inside

    def _tell_unheard(self, text: str, now: float) -> list[TurnEvent]:
        """Words of an answer that the microphone did not show, when the reply to it has begun."""
        assert self._unheard is not None  # noqa: S101 - the caller has looked
        (number, earliest), self._unheard = self._unheard, None
        ended = max(earliest, min(now - SOONEST, self._replied_at))
        began = max(earliest, ended - len(text) / _SPEECH_RATE)
        answer = self._last = Answer(number, began, ended, stretches=1)
        _add_words(answer, text)
        self.told += 1
        return self._tell(answer, now)

    def _addressee(self, now: float, *, speaking: bool) -> Answer | None:
        """Whose words have come: the answer that waits for them, unless they can only be the next one's."""
        answer, waiting, last = self._open, self._waiting, self._last
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

    def _tell(self, answer: Answer, now: float) -> list[TurnEvent]:
        if answer.source == "speech":
            before = self._heard_before(answer.number)
            answer.doubts |= set(doubt.find(answer.text, language=self._language, interviewer=before))
        return [_caption(answer, final=True), Finished(self._turn(answer, now), answer.began, answer.ended)]

    def _turn(self, answer: Answer, now: float) -> Turn:
        speaking = answer is self._open and not answer.stretches and answer.source == "speech"
        return Turn(
            answer.number,
            "candidate",
            answer.text,
            self._wall(answer.began),
            self._wall(max(answer.began, now if speaking else answer.ended)),
            source=answer.source,
            doubt=in_order(answer.doubts),
            answer_id=answer.id,
        )

    def _finish_unwritten(self, answer: Answer) -> list[TurnEvent]:
        """Speech that was never transcribed: a turn without text, if there was enough of it."""
        if answer.seconds < UNWRITTEN:
            return []
        answer.doubts.add("untranscribed")
        self.told += 1
        return [_caption(answer, final=True), Finished(self._turn(answer, answer.ended), answer.began, answer.ended)]


def _add_words(answer: Answer, text: str) -> None:
    joined = answer.text
    paused = answer.stretches > answer.transcribed_stretches or joined.endswith(ENDINGS)
    if joined and paused and not text[:1].isspace() and text[:1].isalnum():
        answer.pieces.append(" ")
    answer.pieces.append(text)
    answer.transcribed_stretches = answer.stretches


def _caption(answer: Answer, *, final: bool) -> Caption:
    return Caption(answer.number, "candidate", answer.text, final, in_order(answer.doubts), answer.id)
