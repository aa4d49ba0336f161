"""Admission: from a new connection to a claimed interview, or to a close code that says why not."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
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
    StoreUnavailable,
    Superseded,
)
from interview.record import Interview
from interview.settings import Limits
from interview.store import Store
from interview.tasks import Tasks
from relay.browser import messages
from relay.browser.pacing import Pace
from relay.carried import Parking
from relay.gemini.model import LiveModel
from relay.gemini.transcriber import Allowance, TextModel
from relay.outcome import Moved
from relay.session import Session
from relay.speech.avatar_conversation import AvatarProvider

HELLO_TIMEOUT: Final = HELLO_SECONDS
"""Seconds within which the first message must arrive."""
HANDOVER_TIMEOUT: Final = 8.0
"""Seconds that an older connection of the same interview has to save its last turn."""

MOST_PACED: Final = 2_000
"""Interviews whose pace is remembered after their last connection."""
LOOK_EVERY: Final = 0.75
"""Seconds between two looks at how the live interviews stand in the store: an end by HTTP arrives within a second."""
SWITCH_EVERY: Final = 10.0
"""Seconds between two looks at the operator's switch."""
CHARGE_EVERY: Final = 60.0
"""Seconds between two charges of the live interviews to the day. One write has all interviews of an instance: a
document of Firestore takes about one write a second.
"""
ACCOUNT_TIMEOUT: Final = 3.0
"""Seconds in which the last charge of a connection must succeed. The dollars are in the record as well."""
PLACE_MARGIN: Final = timedelta(minutes=2)
"""How long a place is kept after the interview's time is up: for the farewell, and for clocks that disagree."""

_TAKEN_OVER: Final = "Another connection took over this interview."


class Admission:
    """The live interviews of this instance, at most `capacity`. Of several connections of a session the newest wins."""

    def __init__(
        self,
        store: Store,
        model: LiveModel,
        *,
        capacity: int,
        now: Callable[[], datetime],
        conversations: AvatarProvider | None = None,
        text_model: TextModel | None = None,
        budget: float = 0.0,
        limits: Limits | None = None,
        pace: Callable[[], Pace] = Pace,
        must_end: Callable[[], Awaitable[bool]] | None = None,
        tasks: Tasks | None = None,
        second_ear: bool = False,
    ) -> None:
        """`conversations` ends avatar conversations; None if there are no avatars. `budget` is the dollars that Gemini
        may cost an interview, 0 for no limit. `limits` are those of the ledger. `pace` creates the pace of
        one interview. `must_end` tells whether the operator wants all live interviews to end; it is asked every
        `SWITCH_EVERY` seconds and may raise StoreUnavailable. `tasks` is the queue of summaries.
        With `second_ear`, each spoken answer is transcribed again by the text model.
        """
        self._store = store
        self._model = model
        self._conversations = conversations
        self._text_model = text_model
        self._budget = budget
        self._limits = limits or Limits()
        self._capacity = capacity
        self._now = now
        self._new_pace = pace
        self._must_end = must_end
        self._tasks = tasks
        self._second_ear = second_ear
        self._allowance = Allowance()
        self._live: dict[str, Session] = {}
        self._claiming: Counter[str] = Counter()
        """Interviews that have a place and are being claimed: how many connections of each."""
        self._paces: OrderedDict[str, Pace] = OrderedDict()
        self._watching: asyncio.Task[None] | None = None
        self._parking = Parking(asyncio.get_running_loop().time)
        self._draining = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def live(self) -> int:
        """How many interviews are live."""
        return len(self._live)

    @property
    def draining(self) -> bool:
        """Whether new connections are refused, because the instance is shutting down."""
        return self._draining.is_set()

    async def admit(
        self, browser: ServerConnection, session_id: str, arrived: Callable[[], None] = lambda: None
    ) -> None:
        """Serve one connection until it is over; `arrived` is called when it has said hello, or is closed before.

        Raises nothing: every error becomes a close code.
        """
        try:
            try:
                hello = await _read_hello(browser)
            finally:
                arrived()
            await self._serve(browser, session_id, hello)
        except InterviewError as error:
            await browser.close(error.close_code, error.code)
        except ConnectionClosed:
            pass
        except Exception as error:  # noqa: BLE001 - a fault in one interview must not end the others
            log.failure("connection_failed", error, session_id=session_id)
            await browser.close(closes.FAULT.code)

    async def _serve(self, browser: ServerConnection, session_id: str, hello: messages.Hello) -> None:
        interview = await self._store.get(session_id)
        if not token.matches(hello.token, interview.token_sha256):
            raise NotFound
        if interview.over:
            raise AlreadyEnded("This interview is over.")
        pace = self._pace(session_id)
        pace.connection(asyncio.get_running_loop().time())
        if older := self._live.get(session_id):
            await self._stop(older, session_id)
        self._check_place(session_id)
        # Taken before anything is awaited: connections that come at once don't all get the last place.
        self._claiming[session_id] += 1
        try:
            session = await self._claim(browser, interview, hello, pace)
        finally:
            self._claiming[session_id] -= 1
            if not self._claiming[session_id]:
                del self._claiming[session_id]
        self._live[session_id] = session
        self._empty.clear()
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        if self.draining:  # began after it was admitted
            session.stop(Moved())
        try:
            await session.run()
        finally:
            await self._close_account(session_id, session)
            if self._live.get(session_id) is session:
                del self._live[session_id]
            self._park(session_id, session)
            if not self._live:
                self._empty.set()

    def _check_place(self, session_id: str) -> None:
        """Check that there is a place. An interview that is live here, or about to be, has its own. Raises GoingAway,
        AtCapacity.
        """
        if self.draining:
            raise GoingAway("This instance is shutting down.")
        if len((self._live.keys() | self._claiming.keys()) - {session_id}) >= self._capacity:
            raise AtCapacity("All interviewers are busy right now.")

    async def _claim(
        self, browser: ServerConnection, interview: Interview, hello: messages.Hello, pace: Pace
    ) -> Session:
        """Take the interview's place in the ledger, and claim the interview for this connection."""
        session_id, now = interview.session_id, self._now()
        end = (interview.started_at or now) + timedelta(seconds=interview.longest_seconds)
        await self._store.extend_place(session_id, end + PLACE_MARGIN, now, limits=self._limits)
        interview = await self._store.claim(session_id, now)
        turns = await self._store.turns(session_id) if interview.live.epoch > 1 else []
        # Another instance may have carried it meanwhile.
        pace.typed = max(pace.typed, sum(len(turn.text) for turn in turns if turn.source == "text"))
        session = Session(
            browser,
            interview,
            turns,
            store=self._store,
            model=self._model,
            conversations=self._conversations,
            output=hello.output,
            pace=pace,
            now=self._now,
            carried=self._parking.take(session_id, interview.live.epoch),
            text_model=self._text_model,
            budget=self._budget,
            tasks=self._tasks,
            allowance=self._allowance,
            second_ear=self._second_ear,
        )
        await self._stop_earlier_claims(session, session_id)
        return session

    async def _close_account(self, session_id: str, session: Session) -> None:
        """Charge the day with what the interview has cost so far, and give its place back if it is over."""
        try:
            async with asyncio.timeout(ACCOUNT_TIMEOUT):
                standing = (await self._store.standings([session_id])).get(session_id)
                if standing is None:
                    return  # deleted: the ledger has forgotten its name
                await self._store.charge({session_id: session.dollars}, self._now())
                if standing.over:
                    await self._store.release_place(session_id)
        except (TimeoutError, StoreUnavailable) as error:
            # The place expires by itself. The dollars are in the record.
            log.failure("account_not_closed", error, session_id=session_id)

    def _pace(self, session_id: str) -> Pace:
        """What the interview may still send. It outlives a connection."""
        pace = self._paces.setdefault(session_id, self._new_pace())
        self._paces.move_to_end(session_id)
        if len(self._paces) > MOST_PACED:
            self._paces.popitem(last=False)
        return pace

    async def _watch(self) -> None:
        """While interviews are live: learn of ends and deletions by HTTP and of the operator's switch, and charge the
        day with what the interviews have cost so far.
        """
        asked_at = charged_at = asyncio.get_running_loop().time()
        while self._live:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self._look()
                now = asyncio.get_running_loop().time()
                if self._must_end and now - asked_at >= SWITCH_EVERY:
                    asked_at = now
                    if await self._must_end():
                        for session in self._live.values():
                            session.end_with_goodbye()
                if now - charged_at >= CHARGE_EVERY:
                    charged_at = now
                    costs = {session_id: session.dollars for session_id, session in self._live.items()}
                    await self._store.charge(costs, self._now())
            except StoreUnavailable:
                pass  # the heartbeat and every saved turn notice the same, and log that the store is unavailable
            except Exception as error:  # noqa: BLE001 - the next look may succeed
                log.failure("watch_failed", error)

    async def _look(self) -> None:
        """Tell every session how its interview stands in the store."""
        live = dict(self._live)
        standings = await self._store.standings(live) if live else {}
        for session_id, session in live.items():
            session.check(standings.get(session_id))

    def _park(self, session_id: str, session: Session) -> None:
        """Keep what a connection has left, if there is something."""
        carried, session.carried = session.carried, None
        if carried is not None:
            self._parking.put(session_id, session.epoch, carried)

    async def _stop_earlier_claims(self, session: Session, session_id: str) -> None:
        """Stop the connections that claimed the interview before this session. The last claim wins: raises Superseded
        if there was a later one while the store was asked, or while another connection was being closed.
        """
        waited_for: Session | None = None
        while (other := self._live.get(session_id)) and other is not waited_for:
            if other.epoch > session.epoch:
                raise Superseded(_TAKEN_OVER)
            await self._stop(other, session_id)
            waited_for = other  # once: the store refuses its writes from now on

    async def _stop(self, older: Session, session_id: str) -> None:
        """Stop an older connection of the same interview, and wait until it has saved its last turn."""
        older.stop(Superseded(_TAKEN_OVER))
        try:
            await asyncio.wait_for(older.released.wait(), HANDOVER_TIMEOUT)
        except TimeoutError:
            log.write(
                "WARNING", "handover_incomplete", session_id=session_id
            )  # the store refuses its writes from now on
        else:
            self._park(session_id, older)  # its socket may take seconds more to close

    async def drain(self, within: float) -> None:
        """Refuse new connections and have every browser reconnect. Returns when all have left, at most `within`
        seconds later.
        """
        self._draining.set()
        for session in list(self._live.values()):
            session.stop(Moved())
        try:
            await asyncio.wait_for(self._empty.wait(), within)
        except TimeoutError:
            log.write("WARNING", "drain_incomplete", live=len(self._live))


async def _read_hello(browser: ServerConnection) -> messages.Hello:
    try:
        frame = await asyncio.wait_for(browser.recv(), HELLO_TIMEOUT)
    except TimeoutError:
        raise NoHello(f"The first message must arrive within {HELLO_SECONDS:g} seconds.") from None
    message = messages.parse(frame) if isinstance(frame, str) else None
    if not isinstance(message, messages.Hello):
        raise BadMessage("The first message must be a hello.")
    return message
