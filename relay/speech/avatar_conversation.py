"""The avatar conversation as the relay sees it: which one the page has joined, what the record says about it, and when
it is of no more use and is ended, because it costs money.

The page joins the conversation's room; the relay never does. What the page reports goes to the `SpeechOutput`. Calls
to the store and the avatar's provider take time, so they are made here, beside the interview.
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
from relay.browser.pacing import Bucket
from relay.speech.output import Reason, SpeechOutput

UNUSED: Final = 75.0
"""Seconds of speech by voice after which the conversation is ended. The page tries to rejoin for 60."""
TICK: Final = 0.25
"""Seconds between two checks of the timers."""
CHANGE_BURST: Final = 10
CHANGES_A_SECOND: Final = 0.2
"""Changes of the output that are recorded at once, and how many a second after that. Of others, the last is."""
MAX_CHANGES: Final = 64
"""Changes of the output that may wait for the store: as many as the record keeps."""
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 8.0
"""Seconds between two attempts while the store or the provider is unavailable: doubled each time, with jitter."""


class AvatarProvider(Protocol):
    """Ends conversations at the avatar's provider."""

    async def close(self, session_id: str, reason: str, conversation_id: str | None = None) -> None:
        """End the interview's conversation; nothing if `conversation_id` names another. Raises AvatarUnavailable."""


class AvatarConversation:
    """One connection's view of the avatar conversation. `run` and `watch` do the work; other methods return at once."""

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
        self._changes: deque[OutputChange] = deque(maxlen=MAX_CHANGES)
        self._recorded = Bucket(CHANGES_A_SECOND, CHANGE_BURST)
        self._latest: OutputChange | None = None
        """The last change, while it waits to be recorded."""
        self._joined: int | None = None
        """Set from the page's report that the avatar is in the room until the conversation's id has been looked up: the
        room's limit on a message in bytes, 0 if there is none.
        """
        self._conversation_id: str | None = None
        self._running = False
        self._unused_since: float | None = time()
        self._wake = asyncio.Event()
        self._read(interview)

    @property
    def running(self) -> bool:
        """Whether there is a conversation, according to the record."""
        return self._running

    def record_change(self, output: Output, reason: Reason) -> None:
        """Queue a change of the output for the record."""
        self._latest = OutputChange(self._now(), output, reason)
        self._queue_latest()

    def page_joined(self, max_message_bytes: int | None) -> None:
        """The page reports that the avatar is in the room."""
        self._joined = max_message_bytes or 0
        self._wake.set()

    def page_left(self) -> None:
        """The page reports that the avatar is lost."""
        self._joined = None

    def update_from_record(self, interview: Interview, speech: SpeechOutput) -> None:
        """Take over what the record says now: the provider may have ended the conversation."""
        was_running = self._running and self._conversation_id is not None
        self._read(interview)
        if was_running and not self._running:
            speech.lost("shutdown")

    async def watch(self, speech: SpeechOutput) -> NoReturn:
        """Check the timers, forever."""
        while True:
            await asyncio.sleep(TICK)
            speech.tick()
            self._queue_latest()
            if speech.output == "avatar":
                self._unused_since = None
            elif self._unused_since is None:
                self._unused_since = self._time()
            if self._unused:
                self._wake.set()

    async def run(self, speech: SpeechOutput) -> NoReturn:
        """Ask the store and the provider when necessary, forever. Raises Superseded when another connection has
        taken over the interview.
        """
        pause = FIRST_PAUSE
        while True:
            await self._wake.wait()
            try:
                await self._start_avatar(speech)
                await self.flush()
                if self._unused:
                    await self.close("unused", self._conversation_id)
                pause = FIRST_PAUSE
                self._wake.clear()
                if self._changes or self._joined is not None:
                    self._wake.set()
            except (StoreUnavailable, AvatarUnavailable) as error:
                log.write("WARNING", "avatar_conversation_delayed", session_id=self._session_id, code=error.code)
                await asyncio.sleep(pause * random.uniform(0.5, 1))
                pause = min(pause * 2, LONGEST_PAUSE)

    async def flush(self) -> None:
        """Write all queued changes into the record. Raises StoreUnavailable, Superseded."""
        while self._changes:
            change = self._changes[0]
            await self._store.change_avatar(self._session_id, partial(_with, change), self._epoch)
            # A full queue may have dropped it meanwhile.
            if self._changes and self._changes[0] is change:
                self._changes.popleft()

    def _queue_latest(self) -> None:
        """Queue the last change, if it is time for one."""
        if self._latest and self._recorded.take(1, self._time()):
            change, self._latest = self._latest, None
            log.write("INFO", "output_changed", session_id=self._session_id, output=change.output, reason=change.reason)
            self._changes.append(change)
            self._wake.set()

    async def flush_rest(self) -> None:
        """Write what is queued, and the last change too. Raises StoreUnavailable, Superseded."""
        if self._latest:
            self._changes.append(self._latest)
            self._latest = None
        await self.flush()

    async def close(self, reason: str, conversation_id: str | None = None) -> None:
        """End the conversation, if there is one. Raises AvatarUnavailable, StoreUnavailable."""
        if self._conversations:
            with suppress(NotFound):  # the interview was deleted, and the conversation with it
                await self._conversations.close(self._session_id, reason, conversation_id)
            self._running = False

    @property
    def _unused(self) -> bool:
        """Whether there is a conversation that has been of no use for longer than `UNUSED`."""
        return (
            self._running
            and self._conversations is not None
            and self._unused_since is not None
            and self._time() - self._unused_since > UNUSED
        )

    async def _start_avatar(self, speech: SpeechOutput) -> None:
        """Tell the speech output which conversation the page has joined. The record knows: it may be a new one."""
        if self._joined is None:
            return
        interview = await self._store.get(self._session_id)
        self._read(interview)
        joined, self._joined = self._joined, None
        if joined is not None and self._conversation_id:  # the page may have left while the store was asked
            speech.ready(self._conversation_id, joined or None)

    def _read(self, interview: Interview) -> None:
        avatar = interview.avatar
        if avatar is None:
            return
        if avatar.conversation_id != self._conversation_id:
            self._conversation_id = avatar.conversation_id
            self._unused_since = self._time()  # a new conversation gets the whole time
        self._running = avatar.running


def _with(change: OutputChange, interview: Interview) -> Avatar | None:
    return transition.changed(interview.avatar, change)
