"""What is written about an interview after its end, the summary and sketches, as both stores have it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime

from interview.record import Interview
from interview.report import Rubric, Summary
from interview.store import results
from interview.usage import TextUsage


class Writings(ABC):
    """The methods of a Store that concern what is written. A store implements `_change`."""

    @abstractmethod
    async def _change(self, session_id: str, decide: Callable[[Interview], Interview]) -> Interview:
        """Apply a transition to an interview and store the result, atomically over all instances."""

    async def queue_summary(self, session_id: str, at: datetime) -> Interview:
        return await self._change(session_id, lambda interview: results.queue_summary(interview, at))

    async def begin_writing(self, session_id: str, until: datetime, at: datetime) -> Interview:
        return await self._change(session_id, lambda interview: results.begin_writing(interview, until, at))

    async def fail_writing(
        self, session_id: str, until: datetime, code: str, due_at: datetime | None = None
    ) -> Interview:
        return await self._change(session_id, lambda interview: results.fail_writing(interview, until, code, due_at))

    async def save_summary(
        self,
        session_id: str,
        summary: Summary,
        used: TextUsage | None = None,
        until: datetime | None = None,
    ) -> Interview:
        return await self._change(session_id, lambda interview: results.complete(interview, summary, used, until))

    async def save_rubric(self, session_id: str, rubric: Rubric) -> Interview:
        return await self._change(session_id, lambda interview: results.keep_rubric(interview, rubric))

    async def count_sketch(self, session_id: str, most: int) -> None:
        await self._change(session_id, lambda interview: results.count_sketch(interview, most))

    async def save_sketch(self, session_id: str, turn: str, sketch: str, used: TextUsage) -> Interview:
        return await self._change(session_id, lambda interview: results.keep_sketch(interview, turn, sketch, used))
