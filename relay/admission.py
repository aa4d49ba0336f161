"""Who comes in: from a fresh connection to a claimed interview, or to a close frame that says why not."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Final

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from contract import closes
from contract.limits import HELLO_SECONDS
from interview import log, token
from interview.errors import (
    AlreadyEnded,
    AtCapacity,
    BadMessage,
    GoingAway,
    InterviewError,
    NoHello,
    NotFound,
    Superseded,
)
from interview.store import Store
from relay.browser import messages
from relay.closing import Moved
from relay.gemini.model import LiveModel
from relay.session import Carried, Session
from relay.speech.avatar_conversation import AvatarProvider

HELLO_TIMEOUT: Final = HELLO_SECONDS
"""Seconds to the first message."""
HANDOVER_TIMEOUT: Final = 8.0
"""Seconds that an older connection of the same interview has to put itself in order."""

PARKED_SECONDS: Final = 120.0
"""For which unacknowledged sound waits for the page to dial again."""
MOST_PARKED: Final = 64 * 1024 * 1024
"""Bytes of sound that wait in all."""

_TAKEN_OVER: Final = "Another connection has taken the interview over."


class Admission:
    """The live interviews of this instance, at most `capacity`: one a session, the newest connection wins."""

    def __init__(
        self,
        store: Store,
        model: LiveModel,
        *,
        capacity: int,
        now: Callable[[], datetime],
        conversations: AvatarProvider | None = None,
    ) -> None:
        """`conversations` ends an avatar's; None where there are no avatars."""
        self._store = store
        self._model = model
        self._conversations = conversations
        self._capacity = capacity
        self._now = now
        self._live: dict[str, Session] = {}
        self._parked: OrderedDict[str, tuple[float, int, Carried]] = OrderedDict()
        """What connections have left to the next one of their interview: by session id, the time, epoch and sound."""
        self._closed = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def live(self) -> int:
        """How many interviews are being held."""
        return len(self._live)

    @property
    def closing(self) -> bool:
        """No one is let in any more."""
        return self._closed.is_set()

    async def admit(self, browser: ServerConnection, session_id: str) -> None:
        """Serve one connection until it is over. Raises nothing: whatever happens becomes a close code."""
        try:
            await self._serve(browser, session_id)
        except InterviewError as error:
            await browser.close(error.close_code, error.code)
        except ConnectionClosed:
            pass
        except Exception as error:  # noqa: BLE001 - a fault of one interview is not the others'
            log.failure("connection_failed", error, session_id=session_id)
            await browser.close(closes.FAULT.code)

    async def _serve(self, browser: ServerConnection, session_id: str) -> None:
        hello = await _hello(browser)
        interview = await self._store.get(session_id)
        if not token.matches(hello.token, interview.token_sha256):
            raise NotFound
        if interview.over:
            raise AlreadyEnded("This interview is over.")
        await self._make_way(session_id)
        if self.closing:
            raise GoingAway("This instance is being stopped.")
        if len(self._live) >= self._capacity:
            raise AtCapacity("All interviewers are busy at the moment.")
        interview = await self._store.claim(session_id, self._now())
        turns = await self._store.turns(session_id) if interview.live.epoch > 1 else []
        session = Session(
            browser,
            interview,
            turns,
            store=self._store,
            model=self._model,
            conversations=self._conversations,
            output=hello.output,
            now=self._now,
            carried=self._unpark(session_id, interview.live.epoch),
        )
        # Another hello may have come in while the store was asked: whoever claimed last has the interview.
        other = self._live.get(session_id)
        if other and other.epoch > session.epoch:
            raise Superseded(_TAKEN_OVER)
        await self._make_way(session_id)
        self._live[session_id] = session
        self._empty.clear()
        try:
            await session.run()
        finally:
            if self._live.get(session_id) is session:
                del self._live[session_id]
            self._park(session_id, session)
            if not self._live:
                self._empty.set()

    def _park(self, session_id: str, session: Session) -> None:
        """Keep what a connection has left, for as long as a page takes to dial again; the oldest go first."""
        carried, session.carried = session.carried, None
        if carried is None:
            return
        self._parked[session_id] = (asyncio.get_running_loop().time(), session.epoch, carried)
        self._parked.move_to_end(session_id)
        while sum(one.replay.length for *_, one in self._parked.values()) > MOST_PARKED:
            self._parked.popitem(last=False)

    def _unpark(self, session_id: str, epoch: int) -> Carried | None:
        """What the connection before this one has left. It is stale once another instance has gone on in between."""
        oldest = asyncio.get_running_loop().time() - PARKED_SECONDS
        for other in [one for one, (at, *_) in self._parked.items() if at < oldest]:
            del self._parked[other]
        _, left_at, carried = self._parked.pop(session_id, (0.0, 0, None))
        return carried if left_at == epoch - 1 else None

    async def _make_way(self, session_id: str) -> None:
        """Have an older connection of the same interview end, its last turn kept."""
        older = self._live.get(session_id)
        if older:
            older.stop(Superseded(_TAKEN_OVER))
            try:
                await asyncio.wait_for(older.released.wait(), HANDOVER_TIMEOUT)
                self._park(session_id, older)  # its socket may take seconds more to close
            except TimeoutError:
                log.write(
                    "WARNING", "handover_incomplete", session_id=session_id
                )  # the store fences it off all the same

    async def clear(self, within: float) -> None:
        """Let no one in any more and send everyone elsewhere; returns when all are gone, or after `within` seconds."""
        self._closed.set()
        for session in list(self._live.values()):
            session.stop(Moved())
        try:
            await asyncio.wait_for(self._empty.wait(), within)
        except TimeoutError:
            log.write("WARNING", "drain_incomplete", live=len(self._live))


async def _hello(browser: ServerConnection) -> messages.Hello:
    try:
        frame = await asyncio.wait_for(browser.recv(), HELLO_TIMEOUT)
    except TimeoutError:
        raise NoHello(f"The first message must come within {HELLO_SECONDS:g} seconds.") from None
    message = messages.parse(frame) if isinstance(frame, str) else None
    if not isinstance(message, messages.Hello):
        raise BadMessage("The first message must be a hello.")
    return message
