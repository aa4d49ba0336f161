"""The avatar conversation as the relay sees it, over a real store and a provider that notes its calls."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interview.avatar import transition
from interview.errors import AvatarUnavailable, NotFound, StoreUnavailable, Superseded
from interview.record import Avatar, Interview
from interview.store.sqlite import SqliteStore
from relay.browser.outbox import Outbox
from relay.speech import avatar_conversation
from relay.speech.avatar_conversation import CHANGE_BURST, CHANGES_A_SECOND, MAX_CHANGES, UNUSED, AvatarConversation
from relay.speech.output import AVATAR_WAIT, SpeechOutput
from relay.speech.tavus_echo import LARGEST
from tests.interview.records import an_interview
from tests.relay.conftest import now


class FailingStore(SqliteStore):
    """A real store that can be made unavailable."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.failing = False
        self.failed = asyncio.Event()
        self.asked = asyncio.Event()
        self.answers = asyncio.Event()
        self.answers.set()

    async def change_avatar(self, *args: Any, **options: Any) -> Interview:
        if self.failing:
            self.failed.set()
            raise StoreUnavailable("The store is unavailable.")
        changed = await super().change_avatar(*args, **options)
        self.asked.set()
        await self.answers.wait()
        return changed

    async def get(self, session_id: str) -> Interview:
        if self.failing:
            self.failed.set()
            raise StoreUnavailable("The store is unavailable.")
        self.asked.set()
        await self.answers.wait()
        return await super().get(session_id)


class Provider:
    """Ends conversations, or raises the next of `errors`."""

    def __init__(self) -> None:
        self.closed: list[tuple[str, str, str | None]] = []
        self.errors: list[Exception] = []

    async def close(self, session_id: str, reason: str, conversation_id: str | None = None) -> None:
        if self.errors:
            raise self.errors.pop()
        self.closed.append((session_id, reason, conversation_id))


class Connection:
    """One connection's avatar conversation and speech output, with a clock that is set by hand."""

    def __init__(self, store: FailingStore, interview: Interview) -> None:
        self.now = 100.0
        self.store = store
        self.session_id = interview.session_id
        self.provider = Provider()
        self.conversation = AvatarConversation(
            interview, store=store, conversations=self.provider, now=now, time=lambda: self.now
        )
        self.outbox = Outbox()
        self.speech = SpeechOutput(
            self.outbox,
            wanted="avatar",
            expected=self.conversation.running,
            time=lambda: self.now,
            record=self.conversation.record_change,
        )

    async def record(self) -> Avatar:
        avatar = (await self.store.get(self.session_id)).avatar
        assert avatar
        return avatar

    async def recorded(self, count: int) -> list[tuple[str, str]]:
        """The changes in the record, once there are `count` of them."""
        async with asyncio.timeout(60):
            while len(changes := (await self.record()).changes) < count:
                await asyncio.sleep(0.01)
        return [(change.output, change.reason) for change in changes]

    async def echoes(self) -> list[dict[str, Any]]:
        """Speak a second, and return the echo messages that carry it."""
        sent: list[str | bytes] = []

        async def send(item: str | bytes) -> None:
            sent.append(item)

        self.speech.begin(0)
        self.speech.take(bytes(48_000))
        await self.outbox.drain(send)
        return [json.loads(item)["event"] for item in sent if isinstance(item, str) and '"echo"' in item]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the background tasks during this block."""
        pumps = [
            asyncio.create_task(self.conversation.run(self.speech)),
            asyncio.create_task(self.conversation.watch(self.speech)),
        ]
        try:
            yield
        finally:
            for pump in pumps:
                pump.cancel()
                with suppress(asyncio.CancelledError):
                    await pump


async def until(check: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not check():
            await asyncio.sleep(0.01)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[FailingStore]:
    store = FailingStore(str(tmp_path / "interviews.db"))
    yield store
    await store.close()


@pytest.fixture
async def connection(store: FailingStore) -> Connection:
    avatar = transition.opened(transition.creating(None, "hash", now()), "c1")
    interview = an_interview(
        status="ready", ended_at=None, ended_reason=None, expires_at=now().replace(year=now().year + 1), avatar=avatar
    )
    await store.create(interview)
    return Connection(store, await store.claim(interview.session_id, now()))


async def test_changes_of_the_output_are_recorded(connection: Connection) -> None:
    async with connection.running():
        connection.conversation.page_joined(None)
        await connection.recorded(1)
        connection.speech.lost("room")
        assert await connection.recorded(2) == [("avatar", "ready"), ("voice", "room")]
    avatar = await connection.record()
    assert avatar.changes[0].at <= avatar.changes[1].at <= now()


async def test_no_change_is_lost_while_the_store_is_unavailable(connection: Connection) -> None:
    connection.store.failing = True
    async with connection.running():
        for reason in ("late", "mute"):
            connection.conversation.record_change("voice", reason)
        await connection.store.failed.wait()
        connection.store.failing = False
        assert await connection.recorded(2) == [("voice", "late"), ("voice", "mute")]


async def test_changes_that_wait_for_the_store_are_bounded(connection: Connection) -> None:
    for _ in range(MAX_CHANGES + 5):
        connection.now += 1 / CHANGES_A_SECOND
        connection.conversation.record_change("voice", "room")
    connection.now += 1 / CHANGES_A_SECOND
    connection.conversation.record_change("avatar", "ready")
    await connection.conversation.flush()
    changes = (await connection.record()).changes
    assert len(changes) == MAX_CHANGES
    assert changes[-1].reason == "ready"


async def test_of_many_changes_in_a_row_the_first_ones_and_the_last_are_recorded(
    connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(500):
        connection.conversation.record_change("voice", "room")
        connection.conversation.record_change("avatar", "ready")
    connection.conversation.record_change("voice", "candidate")
    await connection.conversation.flush_rest()
    changes = (await connection.record()).changes
    assert len(changes) == CHANGE_BURST + 1
    assert changes[-1].reason == "candidate"
    assert capsys.readouterr().out.count("output_changed") == CHANGE_BURST


async def test_the_last_of_many_changes_is_recorded_while_the_connection_lasts(connection: Connection) -> None:
    for _ in range(CHANGE_BURST):
        connection.conversation.record_change("voice", "room")
    connection.conversation.record_change("avatar", "candidate")
    connection.now += 1 / CHANGES_A_SECOND
    async with connection.running():
        assert (await connection.recorded(CHANGE_BURST + 1))[-1] == ("avatar", "candidate")


async def test_the_timers_of_the_speech_output_are_checked(connection: Connection) -> None:
    async with connection.running():
        connection.now += AVATAR_WAIT + 1
        assert await connection.recorded(1) == [("voice", "late")]


async def test_a_change_dropped_while_it_was_written_costs_no_other(connection: Connection) -> None:
    connection.conversation.record_change("avatar", "ready")
    connection.store.answers.clear()
    writing = asyncio.create_task(connection.conversation.flush())
    await connection.store.asked.wait()
    connection.conversation.record_change("voice", "frozen")
    for _ in range(MAX_CHANGES - 1):
        connection.now += 1 / CHANGES_A_SECOND
        connection.conversation.record_change("voice", "room")
    connection.store.answers.set()
    await writing
    assert (await connection.record()).changes[0].reason == "frozen"


async def test_a_superseded_connection_records_no_change(connection: Connection) -> None:
    await connection.store.claim(connection.session_id, now())
    connection.conversation.record_change("voice", "room")
    with pytest.raises(Superseded):
        await connection.conversation.flush()


async def test_the_conversation_is_the_one_in_the_record(connection: Connection) -> None:
    """The page may have asked for a new one since the relay last read the record."""
    await connection.store.change_avatar(
        connection.session_id,
        lambda interview: transition.opened(transition.creating(interview.avatar, "h", now()), "c2"),
    )
    async with connection.running():
        connection.conversation.page_joined(64_000)
        await connection.recorded(1)
    echoes = await connection.echoes()
    assert {echo["conversation_id"] for echo in echoes} == {"c2"}
    assert len(base64.b64decode(echoes[0]["properties"]["audio"])) == LARGEST, "the page's limit is known"


async def test_an_avatar_that_left_while_the_store_was_asked_is_not_used(connection: Connection) -> None:
    connection.store.failing = True
    async with connection.running():
        connection.conversation.page_joined(None)
        await connection.store.failed.wait()
        connection.conversation.page_left()
        connection.speech.lost("room")
        connection.store.failing = False
        connection.conversation.record_change("voice", "room")
        await connection.recorded(2)
    assert connection.speech.output == "voice"


async def test_an_avatar_that_left_before_the_store_answered_is_not_used(connection: Connection) -> None:
    connection.store.answers.clear()
    async with connection.running():
        connection.conversation.page_joined(None)
        await connection.store.asked.wait()
        connection.conversation.page_left()
        connection.speech.lost("room")
        connection.store.answers.set()
        assert await connection.recorded(1) == [("voice", "room")]
    assert connection.speech.output == "voice"


async def test_a_conversation_ended_by_the_provider_changes_the_output_to_voice(connection: Connection) -> None:
    connection.speech.ready("c1")
    closed = await connection.store.change_avatar(
        connection.session_id,
        lambda interview: interview.avatar and transition.closed(interview.avatar, "max_call", now()),
    )
    connection.conversation.update_from_record(closed, connection.speech)
    assert connection.speech.output == "voice"
    await connection.conversation.flush()
    assert (await connection.record()).changes[-1].reason == "shutdown"
    connection.conversation.update_from_record(closed, connection.speech)
    assert not connection.conversation.running


async def test_an_unused_conversation_is_ended_once(connection: Connection) -> None:
    connection.speech.ready("c1")
    connection.speech.lost("room")
    async with connection.running():
        await asyncio.sleep(0.3)
        assert connection.provider.closed == []
        connection.now += UNUSED + 1
        await until(lambda: connection.provider.closed)
        await asyncio.sleep(0.3)
    assert connection.provider.closed == [(connection.session_id, "unused", "c1")], "once"


async def test_a_conversation_in_use_is_not_ended(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(avatar_conversation, "TICK", 0.01)  # many looks between two changes of the time
    connection.speech.ready("c1")
    async with connection.running():
        for _ in range(3):
            connection.now += UNUSED
            await asyncio.sleep(0.3)
    assert connection.provider.closed == []


async def test_a_new_conversation_gets_the_whole_time(connection: Connection, store: FailingStore) -> None:
    connection.speech.lost("room")
    connection.now += UNUSED + 1
    changed = await store.change_avatar(
        connection.session_id,
        lambda interview: transition.opened(transition.creating(interview.avatar, "h", now()), "c2"),
    )
    connection.conversation.update_from_record(changed, connection.speech)
    async with connection.running():
        await asyncio.sleep(0.5)
        assert connection.provider.closed == []
        connection.now += UNUSED + 1
        await until(lambda: connection.provider.closed)
    assert connection.provider.closed == [(connection.session_id, "unused", "c2")]


async def test_ending_is_tried_again_while_the_provider_is_unavailable(connection: Connection) -> None:
    connection.provider.errors = [AvatarUnavailable("It is unavailable."), AvatarUnavailable("It is unavailable.")]
    connection.speech.lost("room")
    connection.now += UNUSED + 1
    async with connection.running():
        await until(lambda: connection.provider.closed)
    assert connection.provider.errors == []


async def test_a_deleted_interview_has_no_conversation(connection: Connection) -> None:
    connection.provider.errors = [NotFound()]
    await connection.conversation.close("candidate")
    assert not connection.conversation.running


async def test_a_relay_without_a_provider_ends_nothing(connection: Connection) -> None:
    interview = await connection.store.get(connection.session_id)
    conversation = AvatarConversation(interview, store=connection.store, conversations=None, now=now, time=lambda: 0.0)
    await conversation.close("candidate")
    assert conversation.running


async def test_an_interview_without_an_avatar_records_no_change(store: FailingStore) -> None:
    interview = an_interview(status="ready", ended_at=None, expires_at=now().replace(year=now().year + 1))
    await store.create(replace(interview, session_id="plain-one"))
    conversation = AvatarConversation(
        await store.claim("plain-one", now()), store=store, conversations=Provider(), now=now, time=lambda: 0.0
    )
    conversation.record_change("voice", "candidate")
    await conversation.flush()
    assert (await store.get("plain-one")).avatar is None
