"""The failures that are still to come: the script's, and those asked for at run time."""

from collections import Counter
from collections.abc import Callable

from local.tavus.script import ANSWERS, Fault, Operation, Script


class Faults:
    """Which failure is next. How often each has struck is counted over all that the script is read anew."""

    def __init__(self, scripts: Callable[[], Script]) -> None:
        self._scripts = scripts
        self._added: list[Fault] = []
        self._struck: Counter[Fault] = Counter()

    def add(self, fault: Fault) -> None:
        """Have this strike as well, as often as it says."""
        self._struck.pop(fault, None)
        self._added = [*(one for one in self._added if one != fault), fault]

    def clear(self) -> None:
        """Forget what was added."""
        self._added = []

    def answer(self, operation: Operation) -> Fault | None:
        """The failure that the answer to this operation is to be, if any."""
        return next(iter(self._take(lambda fault: fault.kind in ANSWERS and fault.on == operation, most=1)), None)

    def room(self) -> list[Fault]:
        """The failures of a conversation that begins now."""
        return self._take(lambda fault: fault.kind not in ANSWERS)

    def _take(self, wanted: Callable[[Fault], bool], most: int | None = None) -> list[Fault]:
        found = [
            fault
            for fault in (*self._added, *self._scripts().faults)
            if wanted(fault) and (fault.times is None or self._struck[fault] < fault.times)
        ][:most]
        self._struck.update(found)
        return found
