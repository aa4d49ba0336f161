"""The time and the money of one interview: what is left of both, the goodbye when either runs out, and the end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from interview import log, prices, prompt
from interview.record import Interview
from relay.browser import messages
from relay.browser.outbox import Outbox
from relay.outcome import Outcome, Over
from relay.recorder import Recorder
from relay.talk import directions, questions, waiting
from relay.talk.clock import Clock
from relay.talk.floor import Floor
from relay.talk.state import State


class Timekeeper:
    """Tells the browser the time and the interviewer what is left of it, and ends the interview at its limit."""

    def __init__(
        self,
        interview: Interview,
        floor: Floor,
        *,
        outbox: Outbox,
        recorder: Recorder,
        perform: Callable[[], None],
        clock: Clock,
        budget: float,
        time: Callable[[], float],
    ) -> None:
        """`perform` carries out what the floor decides; `budget` is the dollars that Gemini may cost, 0 for no limit;
        `time` is the floor's, in seconds.
        """
        self._session_id = interview.session_id
        self._limit = interview.max_duration_seconds
        self._one_question = bool(interview.question)
        self._floor = floor
        self._outbox = outbox
        self._recorder = recorder
        self._perform = perform
        self._clock = clock
        self._budget = budget
        self._time = time
        self._seen = clock.elapsed
        """The clock's time when its thresholds were last checked."""
        self._changed = asyncio.Event()

    @property
    def elapsed(self) -> float:
        """Seconds since the interview first went live."""
        return self._clock.elapsed

    @property
    def is_goodbye_due(self) -> bool:
        """Whether it is time for the goodbye, or past it."""
        return self._clock.elapsed >= self._clock.goodbye

    def estimate_questions(self, asked: int) -> int | None:
        """About how many questions there will be, given the number of the present one. None where one question is
        practised: the others follow up on it.
        """
        if self._one_question:
            return None
        least, most = prompt.questions(self._limit / 60)
        return questions.estimate(
            asked,
            elapsed=self._clock.elapsed,
            left=max(0.0, self._clock.goodbye - self._clock.elapsed),
            planned_pace=self._limit / ((least + most) / 2),
            most=most,
        )

    def follow_floor(self) -> None:
        """Stop the clock during thinking time that doesn't count."""
        thinking = self._floor.state is State.THINKING
        if thinking != (self._clock.thinking_since is not None):
            self._clock = self._clock.think(on=thinking)
            self._changed.set()

    @property
    def dollars(self) -> float:
        """What Gemini has cost the interview so far."""
        return prices.dollars(self._recorder.usage)

    @property
    def thinking_seconds(self) -> float:
        """Thinking time so far that doesn't count on the clock."""
        return self._clock.thinking

    def end_with_goodbye(self) -> None:
        """Have the interviewer say goodbye now, and end the interview after it, or without it when its time is up.

        The reason is `time_limit`, unless the candidate ends it before.
        """
        if self.is_goodbye_due:
            return  # under way
        self._clock = self._clock.cut_short()
        self._seen = self._clock.elapsed
        waiting.interject(self._floor, directions.GOODBYE, self._time())
        self._perform()
        self._changed.set()

    async def run(self) -> Outcome:
        """Send the page the time and Gemini the directions that are due, until the limit."""
        self.check_budget()
        while self._clock.remaining > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), self._clock.next_mark())
            self._changed.clear()
            clock = self._clock
            self._outbox.text(
                messages.time(elapsed_seconds=clock.elapsed, remaining_seconds=clock.remaining, paused=clock.paused)
            )
            self._recorder.thinking_seconds = clock.thinking
            before, self._seen = self._seen, clock.elapsed
            if before < clock.wrap_up <= self._seen:
                waiting.advise(self._floor, directions.WRAP_UP, self._time())
            if before < clock.goodbye <= self._seen:
                waiting.interject(self._floor, directions.GOODBYE, self._time())
            self._perform()
        return Over("time_limit")

    def check_budget(self) -> None:
        """Say goodbye when Gemini has cost as much as an interview may. Also for one that was resumed."""
        if self.is_goodbye_due:
            return
        if self._budget and self.dollars >= self._budget:
            log.write("WARNING", "budget_spent", session_id=self._session_id)
            self.end_with_goodbye()
