"""The avatar's room, as far as it is the relay's business: whose conversation it is, what of it goes into the record,
and that nobody pays for it when it is no use.

The room itself is the page's: the relay never joins one. What the page tells of it goes to the `SpeechOutput`; what
takes time, because the store or the avatar's provider has to be asked, is done here, beside the interview.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final, NoReturn, Protocol

from interview import log
from interview.avatar import transition
from interview.errors import AvatarUnavailable, NotFound, StoreUnavailable
from interview.record import Avatar, Interview, Output, OutputChange
from interview.store import Store
from relay.speech.output import Reason, SpeechOutput

UNUSED: Final = 75.0
"""Seconds of an interview by voice after which the conversation is ended: the page tries to get back for a minute."""
TICK: Final = 0.25
"""Seconds between two looks at the voice's reply_timer."""
MAX_STEPS: Final = 64
"""Steps of the ladder that may wait for the store: as many as the record keeps."""
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 8.0
"""Seconds between two tries with a store or a provider that is away; it doubles, with jitter."""


class AvatarProvider(Protocol):
    """What ends conversations at the avatar's provider."""

    async def close(self, session_id: str, reason: str, conversation_id: str | None = None) -> None:
        """End the interview's conversation, or nothing if it is not this one. Raises AvatarUnavailable."""


class AvatarConversation:
    """One connection's dealings with the room. `run` and `watch` carry it; everything else returns at once."""

    def __init__(
        self,
        interview: Interview,
        *,
        store: Store,
        conversations: AvatarProvider | None,
        now: Callable[[], datetime],
        time: Callable[[], float],
    ) -> None:
        self._session_id = interview.session_id
        self._epoch = interview.live.epoch
        self._store = store
        self._conversations = conversations
        self._now = now
        self._time = time
        self._steps: deque[OutputChange] = deque(maxlen=MAX_STEPS)
        self._entered: int | None = None
        """The page is in the room, whose it is has yet to be looked up; its limit on a message in bytes, 0 for none."""
        self._conversation_id: str | None = None
        self._running = False
        self._unused_since: float | None = time()
        self._some = asyncio.Event()
        self._learn(interview)

    @property
    def there(self) -> bool:
        """There is a conversation, by the record."""
        return self._running

    def note(self, output: Output, reason: Reason) -> None:
        """A step of the ladder, for the record."""
        log.write("INFO", "output_changed", session_id=self._session_id, output=output, reason=reason)
        self._steps.append(OutputChange(self._now(), output, reason))
        self._some.set()

    def enter(self, max_message_bytes: int | None) -> None:
        """The page says that the avatar is in the room."""
        self._entered = max_message_bytes or 0
        self._some.set()

    def leave(self) -> None:
        """The page says that it is not."""
        self._entered = None

    def see(self, interview: Interview, voice: SpeechOutput) -> None:
        """The record as the store has it now: the provider may have ended the conversation."""
        was = self._conversation_id if self._running else None
        self._learn(interview)
        if was and not self._running:
            voice.lost("shutdown")

    async def watch(self, voice: SpeechOutput) -> NoReturn:
        """Have the voice look at its reply_timer, for ever."""
        while True:
            await asyncio.sleep(TICK)
            voice.tick()
            if voice.output == "avatar":
                self._unused_since = None
            elif self._unused_since is None:
                self._unused_since = self._time()
            if self._idle:
                self._some.set()

    async def run(self, voice: SpeechOutput) -> NoReturn:
        """Do what there is to do, for ever. Raises Superseded when the interview is another connection's by now."""
        pause = FIRST_PAUSE
        while True:
            await self._some.wait()
            try:
                await self._let_in(voice)
                await self.flush()
                if self._idle:
                    await self.close("unused", self._conversation_id)
                pause = FIRST_PAUSE
                self._some.clear()
                if self._steps or self._entered is not None:
                    self._some.set()
            except (StoreUnavailable, AvatarUnavailable) as error:
                log.write("WARNING", "room_delayed", session_id=self._session_id, code=error.code)
                await asyncio.sleep(pause * random.uniform(0.5, 1))
                pause = min(pause * 2, LONGEST_PAUSE)

    async def flush(self) -> None:
        """Write all steps that wait into the record."""
        while self._steps:
            step = self._steps[0]
            await self._store.change_avatar(self._session_id, partial(_with, step), self._epoch)
            # It may have gone meanwhile, being the oldest of too many.
            if self._steps and self._steps[0] is step:
                self._steps.popleft()

    async def close(self, reason: str, conversation_id: str | None = None) -> None:
        """End the conversation, if there is one. Raises AvatarUnavailable, StoreUnavailable."""
        if self._conversations:
            with suppress(NotFound):  # deleted meanwhile, and with it the conversation
                await self._conversations.close(self._session_id, reason, conversation_id)
            self._running = False

    @property
    def _idle(self) -> bool:
        """There is a conversation that has been of no use for long."""
        return (
            self._running
            and self._conversations is not None
            and self._unused_since is not None
            and self._time() - self._unused_since > UNUSED
        )

    async def _let_in(self, voice: SpeechOutput) -> None:
        """Tell the voice of the conversation that the page has entered: by the record, since it may be a new one."""
        if self._entered is None:
            return
        interview = await self._store.get(self._session_id)
        self._learn(interview)
        entered, self._entered = self._entered, None
        if entered is not None and self._conversation_id:  # it may have left while the store was asked
            voice.ready(self._conversation_id, entered or None)

    def _learn(self, interview: Interview) -> None:
        avatar = interview.avatar
        if avatar is None:
            return
        if avatar.conversation_id != self._conversation_id:
            self._conversation_id = avatar.conversation_id
            self._unused_since = self._time()  # a new one is given its time
        self._running = avatar.running


def _with(step: OutputChange, interview: Interview) -> Avatar | None:
    return transition.changed(interview.avatar, step)
