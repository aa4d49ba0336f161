"""One conversation: its participants, its replica, and when it ends."""

import asyncio
import json
import math
import secrets
from collections.abc import Callable
from typing import Any

from local.tavus import echo
from local.tavus.clock import Clock
from local.tavus.echo import Echo, Interrupt
from local.tavus.events import Events, Hook
from local.tavus.participant import Participant
from local.tavus.replica import Replica, Utterance
from local.tavus.script import Fault, Script
from local.tavus.terms import Json, Terms

DEFAULT_MESSAGE_SIZE = 4096
"""The most bytes of an app-message if the room states no limit."""
HEARTBEAT = 5.0
"""Seconds between two `system.replica_present` events."""
ENDED_BY_CALL = "end_conversation_endpoint_hit"
_NOTED = 1000


class Conversation:
    """A conversation, from its creation to its end. It costs money for that time.

    The token of a private room is valid for `absent` seconds from creation, as Tavus documents. A participant who has
    joined by then stays.
    """

    def __init__(
        self, terms: Terms, script: Callable[[], Script], clock: Clock, hook: Hook, faults: list[Fault]
    ) -> None:
        self.terms = terms
        self._script = script
        self._clock = clock
        self._faults = faults
        self._group: asyncio.TaskGroup | None = None
        self._timers: set[asyncio.Task[None]] = set()
        self.token = f"{secrets.token_urlsafe(24)}.{secrets.token_urlsafe(48)}.{secrets.token_urlsafe(24)}"
        self.created = clock.now()
        self.updated = self.created
        self.ended: float | None = None
        self.reason: str | None = None
        self.deleted = False
        self.participants: list[Participant] = []
        self.joins = 0
        self._left: float | None = None
        self._closed_until = -math.inf
        self.present = False
        self.never = any(fault.kind == "never" for fault in faults)
        self.frozen = False
        self.replica = Replica(script, self)
        self.events = Events(terms, script, clock, hook, self._tell_all)
        self.too_large: list[int] = []
        self.lost = 0
        self.unheard: list[str] = []

    @property
    def status(self) -> str:
        """In the API's words."""
        return "active" if self.ended is None else "ended"

    @property
    def billed(self) -> float:
        """Seconds that are billed so far."""
        return (self._clock.now() if self.ended is None else self.ended) - self.created

    @property
    def user_id(self) -> str:
        """The replica's id in the room."""
        return f"tavus-replica-{self.terms.replica_id}"

    # --- from creation to end

    async def run(self) -> None:
        """Run until the conversation ends."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            tasks = [group.create_task(self._replica())]
            tasks += [group.create_task(self._await(fault)) for fault in self._faults if fault.utterance is None]
            await self._clock.until(lambda: self._due()[0])
            if self.ended is None:
                self.end(self._due()[1])
            self._group = None
            for task in [*tasks, *self._timers]:
                task.cancel()

    def end(self, reason: str) -> None:
        """End the conversation. Does nothing the second time."""
        if self.ended is not None:
            return
        self.ended = self.updated = self._clock.now()
        self.reason = reason
        self.present = False
        self.replica.fall_silent(deaf=True)
        self.events.note("system.shutdown", {"reason": reason}, {"shutdown_reason": reason})
        self.events.note("application.transcription_ready", {"transcript": []}, {"transcript": []}, "application")
        for participant in [*self.participants]:
            participant.leave("ended")
        self._clock.wake()

    def _due(self) -> tuple[float, str]:
        """When it is due to end, and why."""
        if self.ended is not None:
            return -math.inf, ""
        ends = [(self.created + self.terms.longest, "max_call_duration reached")]
        if not self.joins:
            ends.append((self.created + self.terms.absent, "participant_absent_timeout reached"))
        elif self._left is not None:
            ends.append((self._left + self.terms.left, "participant_left_timeout reached"))
        return min(ends)

    # --- the replica

    async def _replica(self) -> None:
        """Have the replica join after its delay, and speak."""
        joins = self.created + self._script().replica_delay
        await self._clock.until(lambda: math.inf if self.never else joins)
        self._enter()
        for name in dict.fromkeys((self._script().role, "replica")):
            self.events.note(f"system.{name}_joined", {}, {})
        beat = 0
        async with asyncio.TaskGroup() as group:
            group.create_task(self.replica.run())
            while True:
                await asyncio.sleep(HEARTBEAT)
                beat += 1
                self._present(beat)

    def _enter(self) -> None:
        self.present = True
        self._tell_all(type="participant-joined", user_id=self.user_id)
        for kind in ("video", "audio"):
            self._tell_all(type="track-started", kind=kind)
        self.events.system("joined", {"replica_id": self.terms.replica_id})
        self._clock.wake()

    def _exit(self) -> None:
        self.present = False
        self.replica.fall_silent(deaf=False)
        for kind in ("video", "audio"):
            self._tell_all(type="track-stopped", kind=kind)
        self._tell_all(type="participant-left", user_id=self.user_id)

    def _present(self, beat: int) -> None:
        if self.present and not self.replica.deaf:
            self.events.system("present", {"attempt": beat})

    def sound(self, pcm: bytes) -> None:
        """Send the replica's voice to all participants."""
        for participant in [*self.participants]:
            participant.put(pcm)

    def event(self, kind: str, *, utterance: Utterance, properties: Json | None) -> None:
        """Send a speaking event to all participants."""
        self.events.message(kind, "conversation", properties, utterance.inference_id)

    def spoken(self, number: int, seconds: float) -> None:
        """Apply the faults that are due at this point of the replica's speech."""
        for fault in [one for one in self._faults if one.utterance == number and one.after <= seconds]:
            self._faults.remove(fault)
            self.strike(fault)

    # --- the room

    def admits(self, token: str | None) -> bool:
        """Whether one more participant may join with this token."""
        if self.ended is not None or self._clock.now() < self._closed_until:
            return False
        if self.terms.max_participants is not None and len(self._taken()) + 1 >= self.terms.max_participants:
            return False  # the replica counts even if it is not there
        if not self.terms.private:
            return True
        right = token is not None and secrets.compare_digest(token.encode(), self.token.encode())
        return right and self._clock.now() < self.created + self.terms.absent

    def join(self) -> Participant:
        """Add a participant. Call it only after `admits`."""
        participant = Participant()
        others = [one.user_id for one in self._taken()] + ([self.user_id] if self.present else [])
        participant.tell(
            type="joined",
            max_app_message_size=self._script().max_app_message_size,
            participants=[{"user_id": one} for one in others],
        )
        self._tell_all(type="participant-joined", user_id=participant.user_id)
        self.participants.append(participant)
        self.joins += 1
        self._left = None
        if self.present:
            for kind in ("video", "audio"):
                participant.tell(type="track-started", kind=kind)
            self._present(0)
        if self.frozen:
            participant.tell(type="frozen", on=True)
        self._clock.wake()
        return participant

    def leave(self, participant: Participant) -> None:
        """Remove a participant."""
        self.participants.remove(participant)
        self._tell_all(type="participant-left", user_id=participant.user_id)
        if not self.participants:
            self._left = self._clock.now()
        self._clock.wake()

    def _taken(self) -> list[Participant]:
        """The participants that have not been told to leave."""
        return [participant for participant in self.participants if not participant.gone]

    def hear(self, data: Any) -> bool:
        """Take an app-message from a participant. Returns False if it is larger than the room's limit."""
        size = len(json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode())
        if size > (self._script().max_app_message_size or DEFAULT_MESSAGE_SIZE):
            self.too_large = [*self.too_large, size][-_NOTED:]
            return False
        message = echo.read(data, self.terms.conversation_id)
        if not isinstance(message, Echo | Interrupt):
            self.unheard = [*self.unheard, message.why][-_NOTED:]
        elif not self.present:
            self.lost += 1
        elif isinstance(message, Echo):
            self.replica.take(message)
        else:
            self.replica.interrupt()
        return True

    # --- faults

    def expect(self, fault: Fault) -> None:
        """Schedule a fault: at its point of the replica's speech, or `after` seconds from now."""
        if fault.utterance is not None:
            self._faults.append(fault)
        elif fault.after:
            self._after(fault.after, lambda: self.strike(fault))
        else:
            self.strike(fault)

    def strike(self, fault: Fault) -> None:
        """Apply a fault now."""
        if self.ended is not None:
            return
        if fault.kind == "shutdown":
            self.end(fault.reason)
        elif fault.kind in ("eject", "drop"):
            self._remove_all(fault)
        elif fault.kind == "freeze":
            self._freeze(on=True)
            self._after(fault.seconds, lambda: self._freeze(on=False))
        elif fault.kind == "deaf":
            self.replica.fall_silent(deaf=True)
            self._after(fault.seconds, lambda: self.replica.fall_silent(deaf=False))
        elif fault.kind == "leave" and self.present:
            self._exit()
            self._after(fault.seconds, self._enter)
        elif fault.kind == "never":
            self.never = True
            self._clock.wake()

    def _remove_all(self, fault: Fault) -> None:
        """Have all participants leave the room, or cut their connections."""
        if fault.kind == "drop":
            self._closed_until = self._clock.now() + (math.inf if fault.seconds is None else fault.seconds)
        for participant in [*self.participants]:
            if fault.abrupt:
                participant.cut()
            else:
                participant.leave("lost" if fault.kind == "drop" else "ejected")

    def _freeze(self, *, on: bool) -> None:
        self.frozen = on
        self._tell_all(type="frozen", on=on)

    async def _await(self, fault: Fault) -> None:
        """Apply a fault `after` seconds after the replica has joined."""
        if fault.kind == "never":
            return
        await self._clock.until(lambda: -math.inf if self.present else math.inf)
        due = self._clock.now() + fault.after
        await self._clock.until(lambda: due)
        self.strike(fault)

    def _after(self, seconds: float | None, undo: Callable[[], None]) -> None:
        """Undo a fault after this many seconds; None: never."""
        if seconds is None or self._group is None:
            return
        due = self._clock.now() + seconds

        async def wait() -> None:
            await self._clock.until(lambda: due)
            if self.ended is None:
                undo()

        task = self._group.create_task(wait())
        self._timers.add(task)
        task.add_done_callback(self._timers.discard)

    def _tell_all(self, **message: Any) -> None:
        for participant in [*self.participants]:
            participant.tell(**message)
