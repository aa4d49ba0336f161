"""The faults that have not happened yet: the script's, and those ordered at run time."""

from collections import Counter
from collections.abc import Callable

from local.tavus.script import ANSWERS, Fault, Operation, Script


class Faults:
    """Finds the next fault. Reading the script again does not reset how often each fault has happened."""

    def __init__(self, scripts: Callable[[], Script]) -> None:
        self._scripts = scripts
        self._added: list[Fault] = []
        self._counts: Counter[Fault] = Counter()

    def add(self, fault: Fault) -> None:
        """Add a fault; it happens as many times as it says."""
        self._counts.pop(fault, None)
        self._added = [*(one for one in self._added if one != fault), fault]

    def clear(self) -> None:
        """Remove the added faults."""
        self._added = []

    def answer(self, operation: Operation) -> Fault | None:
        """The fault of the next answer to this operation, or None."""
        return next(iter(self._take(lambda fault: fault.kind in ANSWERS and fault.on == operation, most=1)), None)

    def room(self) -> list[Fault]:
        """The faults of a conversation that begins now."""
        return self._take(lambda fault: fault.kind not in ANSWERS)

    def _take(self, wanted: Callable[[Fault], bool], most: int | None = None) -> list[Fault]:
        found = [
            fault
            for fault in (*self._added, *self._scripts().faults)
            if wanted(fault) and (fault.times is None or self._counts[fault] < fault.times)
        ][:most]
        self._counts.update(found)
        return found
