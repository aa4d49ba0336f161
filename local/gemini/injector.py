"""Makes the failures of one connection happen: when the script says so, and on command."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from local.gemini import frames
from local.gemini.faults import CLOSES, LASTING, NEED_HANDLE, Fault, FaultKind, Moment
from local.gemini.script import Script
from local.gemini.speech import UNIT
from local.gemini.timing import Pace, interruption_to_complete
from local.gemini.wire import Hangup, Json, Setup

_THOUGHT = "**Weighing the Answer**\n\nI'm considering what the candidate said and which question should follow it.\n\n"
_COMPLETE = frames.dump(frames.complete())
# The faults that are frames.
_FRAMES: dict[FaultKind, tuple[bytes, ...]] = {
    "turn_complete": (_COMPLETE,),
    "thought": tuple(
        frames.dump({"serverContent": {"modelTurn": {"parts": [part]}}})
        for part in ({"text": _THOUGHT, "thought": True}, {"text": _THOUGHT})
    ),
    "malformed": (b'{"serverContent": {"modelTurn"',),
    "unknown_message": (frames.dump({"weather": {"sunny": True}}),),
    "empty_frames": (frames.dump(frames.EMPTY), frames.dump(frames.NOTHING)) * 5,
    "waiting_for_input": (frames.dump({"serverContent": {"waitingForInput": True}}),),
    "residual_audio": (frames.dump(frames.audio(bytes(UNIT))),),
}
_CUTTING = ("interrupt", "turn_complete")


class Injector:
    """The faults of one connection. `silenced`: nothing more is sent."""

    def __init__(self, script: Script, connection: int, send: Callable[[bytes], Awaitable[None]]) -> None:
        self._script = script
        self._connection = connection
        self._send_frame = send
        self._pace = Pace(script.pace)
        self._faults = [one for one in script.faults if one.connection in (None, connection)]
        self._garnished = False
        self._leaving: asyncio.Event = asyncio.Event()
        self._seconds_left = 0.0
        self._called = False
        self.silenced = False

    def has(self, turn: int, moment: Moment) -> bool:
        """Whether a fault is due at this moment of this turn."""
        return bool(self._at(turn, moment))

    def lasting(self, turn: int, *kinds: FaultKind) -> Fault | None:
        """The fault of one of these kinds that applies to the whole turn."""
        return next((one for one in self._faults if one.kind in kinds and one.applies(turn)), None)

    def add(self, fault: Fault, turn: int) -> bool:
        """Apply a fault of whole turns from `turn` on; returns False if it is of another sort."""
        if fault.kind not in LASTING:
            return False
        self._faults.append(replace(fault, turn=turn))
        return True

    async def setup(self, setup: Setup) -> None:
        """The faults before setupComplete, which may come late or never. Raises Hangup if the setup is refused."""
        slow = self._script.fault("slow_setup", self._connection)
        if slow is not None:
            await asyncio.sleep(slow.seconds)
        if self._script.fault("no_setup", self._connection) is not None:
            self.silenced = True
        for fault in self._at(0, "setup"):
            needs = setup.handle if fault.kind in NEED_HANDLE else setup.language if fault.kind == "language" else "-"
            if needs:
                await asyncio.sleep(fault.after)
                await self.commit(fault)

    def later(self, turn: int, moment: Moment) -> list[Fault]:
        """The faults that are due some seconds after this moment."""
        return [one for one in self._at(turn, moment) if one.after]

    async def strike(self, turn: int, moment: Moment) -> bool:
        """The faults of this moment; returns whether they end the turn. Raises Hangup."""
        over = False
        if moment == "call" and self._called:
            return over  # the first call only: else the interview could never end
        self._called = self._called or moment == "call"
        for fault in self._at(turn, moment):
            if not fault.after:
                over = await self.commit(fault) or over
        return over

    async def commit(self, fault: Fault) -> bool:
        """Make it happen now; returns whether it ends the turn that is going on. Raises Hangup."""
        if fault.kind in ("close", "abort"):
            raise Hangup(fault.code if fault.kind == "close" else None, fault.reason)
        if fault.kind in CLOSES:
            raise Hangup(*CLOSES[fault.kind])
        if fault.kind == "go_away":
            await self._go_away(fault.seconds)
        elif fault.kind == "silence":
            self.silenced = True
        elif fault.kind == "unknown_field":
            self._garnished = True
        elif fault.kind == "interrupt":
            await self.send(frames.INTERRUPTED)
            await self._pace.sleep(interruption_to_complete(self._script.chance(self._connection)))
            await self.send(frames.complete())
        else:
            for frame in _FRAMES.get(fault.kind, ()):
                if not self.silenced:
                    await self._send_frame(frame)
        return fault.kind in _CUTTING

    async def expire(self) -> None:
        """End the connection after its lifetime or after goAway. Raises Hangup."""
        if self._script.connection_seconds is not None:
            notice = min(self._script.notice_seconds, self._script.connection_seconds)
            try:
                await asyncio.wait_for(self._leaving.wait(), self._script.connection_seconds - notice)
            except TimeoutError:
                await self._go_away(notice)
        await self._leaving.wait()
        await asyncio.sleep(self._seconds_left)
        raise Hangup(1011, "The service is currently unavailable.")

    async def send(self, message: Json) -> None:
        """Send a message, with unknown fields if that fault is on; nothing if the service is silenced."""
        if self.silenced:
            return
        if self._garnished:
            message = {
                key: {**value, "mood": "sunny"} if isinstance(value, dict) else value for key, value in message.items()
            }
        await self._send_frame(frames.dump(message))

    def _at(self, turn: int, moment: Moment) -> list[Fault]:
        return self._script.at(self._connection, turn, moment)

    async def _go_away(self, seconds: float) -> None:
        await self.send(frames.go_away(seconds))
        self._seconds_left = seconds
        self._leaving.set()
