"""Failures of a Live connection, struck where the script says."""

import asyncio
from collections.abc import Awaitable, Callable

from local.gemini.script import Fault, FaultKind, Moment, Script
from local.gemini.wire import Hangup, Json, dump

_THOUGHT = "**Weighing the Answer**\n\nI'm considering what the candidate said and which question should follow it.\n\n"
_COMPLETE = dump({"serverContent": {"turnComplete": True}})
# The frames of those faults that consist in frames.
_FRAMES: dict[FaultKind, tuple[bytes, ...]] = {
    "interrupt": (dump({"serverContent": {"interrupted": True}}), _COMPLETE),
    "turn_complete": (_COMPLETE,),
    "thought": tuple(
        dump({"serverContent": {"modelTurn": {"parts": [part]}}})
        for part in ({"text": _THOUGHT, "thought": True}, {"text": _THOUGHT})
    ),
    "malformed": (b'{"serverContent": {"modelTurn"',),
    "unknown_message": (dump({"weather": {"sunny": True}}),),
}
_CUTTING = ("interrupt", "turn_complete")


class Injector:
    """The faults of one connection. `silenced`: nothing more is to be sent."""

    def __init__(
        self,
        script: Script,
        connection: int,
        send: Callable[[Json], Awaitable[None]],
        send_frame: Callable[[bytes], Awaitable[None]],
    ) -> None:
        self._script = script
        self._connection = connection
        self._send = send
        self._send_frame = send_frame
        self._garnished = False
        self._leaving: asyncio.Event = asyncio.Event()
        self._seconds_left = 0.0
        self._called = False
        self.silenced = False

    def has(self, turn: int, moment: Moment) -> bool:
        """Whether something is to happen at this moment."""
        return bool(self._script.at(self._connection, turn, moment))

    async def setup(self) -> None:
        """Before setupComplete: late, or never."""
        slow = self._script.fault("slow_setup", self._connection)
        if slow is not None:
            await asyncio.sleep(slow.seconds)
        if self._script.fault("no_setup", self._connection) is not None:
            self.silenced = True

    async def strike(self, turn: int, moment: Moment) -> bool:
        """Do what is to happen at this moment; returns whether the turn is over with it. Raises Hangup."""
        over = False
        if moment == "call" and self._called:
            return over  # the first call only: an interview that could never end would be no fault, but another game
        self._called = self._called or moment == "call"
        for fault in self._script.at(self._connection, turn, moment):
            over = await self.commit(fault) or over
        return over

    async def commit(self, fault: Fault) -> bool:
        """Do it now; returns whether the turn that is going on is over with it. Raises Hangup."""
        if fault.kind in ("close", "abort"):
            raise Hangup(fault.code if fault.kind == "close" else None, fault.reason)
        if fault.kind == "go_away":
            await self._go_away(fault.seconds)
        elif fault.kind == "silence":
            self.silenced = True
        elif fault.kind == "unknown_field":
            self._garnished = True
        else:
            for frame in _FRAMES[fault.kind]:
                await self._send_frame(frame)
        return fault.kind in _CUTTING

    async def expire(self) -> None:
        """End the connection when its time has come, with notice. Raises Hangup."""
        if self._script.connection_seconds is not None:
            notice = min(self._script.notice_seconds, self._script.connection_seconds)
            try:
                await asyncio.wait_for(self._leaving.wait(), self._script.connection_seconds - notice)
            except TimeoutError:
                await self._go_away(notice)
        await self._leaving.wait()
        await asyncio.sleep(self._seconds_left)
        raise Hangup(1011, "The service is currently unavailable.")

    def garnish(self, message: Json) -> Json:
        """The message with fields that no client knows, while that fault is on."""
        if not self._garnished:
            return message
        return {key: {**value, "mood": "sunny"} if isinstance(value, dict) else value for key, value in message.items()}

    async def _go_away(self, seconds: float) -> None:
        await self._send({"goAway": {"timeLeft": f"{seconds:g}s"}})
        self._seconds_left = seconds
        self._leaving.set()
