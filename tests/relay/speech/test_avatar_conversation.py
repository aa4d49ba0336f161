"""The relay's dealings with the avatar's room: a real store, and a provider that writes down what it is told."""

import asyncio
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
from relay.speech.avatar_conversation import MAX_STEPS, UNUSED, AvatarConversation
from relay.speech.output import SpeechOutput
from tests.interview.records import an_interview
from tests.relay.conftest import now


class Moody(SqliteStore):
    """A real store that can be told to be away."""

    away = False

    async def change_avatar(self, *args: Any, **options: Any) -> Interview:
        if self.away:
            raise StoreUnavailable("The store is away.")
        return await super().change_avatar(*args, **options)

    async def get(self, session_id: str) -> Interview:
        if self.away:
            raise StoreUnavailable("The store is away.")
        return await super().get(session_id)


class Provider:
    """Ends conversations, or can't."""

    def __init__(self) -> None:
        self.closed: list[tuple[str, str, str | None]] = []
        self.errors: list[Exception] = []

    async def close(self, session_id: str, reason: str, conversation_id: str | None = None) -> None:
        if self.errors:
            raise self.errors.pop()
        self.closed.append((session_id, reason, conversation_id))


class House:
    """A room, its voice, and a clock that is set by hand."""

    def __init__(self, store: Moody, interview: Interview) -> None:
        self.now = 100.0
        self.store = store
        self.session_id = interview.session_id
        self.provider = Provider()
        self.room = AvatarConversation(
            interview, store=store, conversations=self.provider, now=now, time=lambda: self.now
        )
        self.voice = SpeechOutput(
            Outbox(), wanted="avatar", expected=self.room.there, time=lambda: self.now, record=self.room.note
        )

    async def record(self) -> Avatar:
        avatar = (await self.store.get(self.session_id)).avatar
        assert avatar
        return avatar

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """While the room's pumps run."""
        pumps = [asyncio.create_task(self.room.run(self.voice)), asyncio.create_task(self.room.watch(self.voice))]
        try:
            yield
        finally:
            for pump in pumps:
                pump.cancel()
                with suppress(asyncio.CancelledError):
                    await pump


async def until(check: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not check():
            await asyncio.sleep(0.01)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Moody]:
    store = Moody(str(tmp_path / "interviews.db"))
    yield store
    await store.close()


@pytest.fixture
async def house(store: Moody) -> House:
    avatar = transition.opened(transition.creating(None, "hash", now()), "c1")
    interview = an_interview(
        status="ready", ended_at=None, ended_reason=None, expires_at=now().replace(year=now().year + 1), avatar=avatar
    )
    await store.create(interview)
    return House(store, await store.claim(interview.session_id, now()))


async def test_the_steps_of_the_ladder_are_in_the_record(house: House) -> None:
    async with house.open():
        house.room.enter(None)
        await until(lambda: house.voice._echo)
        house.voice.lost("room")
        async with asyncio.timeout(10):
            while len((await house.record()).changes) < 2:
                await asyncio.sleep(0.01)
    avatar = await house.record()
    assert [(change.output, change.reason) for change in avatar.changes] == [("avatar", "ready"), ("voice", "room")]
    assert avatar.changes[0].at <= avatar.changes[1].at <= now()


async def test_a_store_that_is_away_loses_no_step(house: House) -> None:
    house.store.away = True
    async with house.open():
        for reason in ("late", "mute"):
            house.room.note("voice", reason)
        await asyncio.sleep(0)
        house.store.away = False
        async with asyncio.timeout(10):
            while len((await house.record()).changes) < 2:
                await asyncio.sleep(0.01)
    assert [change.reason for change in (await house.record()).changes] == ["late", "mute"]


async def test_what_waits_for_the_store_is_bounded(house: House) -> None:
    for _ in range(MAX_STEPS + 5):
        house.room.note("voice", "room")
    house.room.note("avatar", "ready")
    await house.room.flush()
    changes = (await house.record()).changes
    assert len(changes) == MAX_STEPS
    assert changes[-1].reason == "ready"


async def test_a_connection_that_lost_the_interview_writes_no_step(house: House) -> None:
    await house.store.claim(house.session_id, now())
    house.room.note("voice", "room")
    with pytest.raises(Superseded):
        await house.room.flush()


async def test_the_conversation_is_the_one_in_the_record(house: House) -> None:
    """The page may have asked for a new one since the relay last looked."""
    await house.store.change_avatar(
        house.session_id, lambda interview: transition.opened(transition.creating(interview.avatar, "h", now()), "c2")
    )
    async with house.open():
        house.room.enter(64_000)
        await until(lambda: house.voice._echo)
    assert house.voice._echo
    assert house.voice._echo.conversation_id == "c2"
    assert house.voice._echo.size == 4800


async def test_who_left_while_the_store_was_asked_is_not_let_in(house: House) -> None:
    house.store.away = True
    async with house.open():
        house.room.enter(None)
        await asyncio.sleep(0.02)
        house.room.leave()
        house.voice.lost("room")
        house.store.away = False
        house.room.note("voice", "room")
        async with asyncio.timeout(10):
            while len((await house.record()).changes) < 2:
                await asyncio.sleep(0.01)
    assert house.voice.output == "voice"


async def test_the_provider_has_ended_it(house: House) -> None:
    house.voice.ready("c1")
    closed = await house.store.change_avatar(
        house.session_id, lambda interview: interview.avatar and transition.closed(interview.avatar, "max_call", now())
    )
    house.room.see(closed, house.voice)
    assert house.voice.output == "voice"
    await house.room.flush()
    assert (await house.record()).changes[-1].reason == "shutdown"
    house.room.see(closed, house.voice)
    assert not house.room.there


async def test_a_room_that_is_no_use_is_closed_after_a_while(house: House) -> None:
    house.voice.ready("c1")
    house.voice.lost("room")
    async with house.open():
        await asyncio.sleep(0.3)
        assert house.provider.closed == []
        house.now += UNUSED + 1
        await until(lambda: house.provider.closed)
        await asyncio.sleep(0.3)
    assert house.provider.closed == [(house.session_id, "unused", "c1")], "once"


async def test_one_that_is_of_use_is_not(house: House) -> None:
    house.voice.ready("c1")
    async with house.open():
        for _ in range(3):
            house.now += UNUSED
            await asyncio.sleep(0.3)
    assert house.provider.closed == []


async def test_a_new_one_is_given_its_time(house: House, store: Moody) -> None:
    house.voice.lost("room")
    house.now += UNUSED + 1
    changed = await store.change_avatar(
        house.session_id, lambda interview: transition.opened(transition.creating(interview.avatar, "h", now()), "c2")
    )
    house.room.see(changed, house.voice)
    async with house.open():
        await asyncio.sleep(0.5)
        assert house.provider.closed == []
        house.now += UNUSED + 1
        await until(lambda: house.provider.closed)
    assert house.provider.closed == [(house.session_id, "unused", "c2")]


async def test_a_provider_that_is_away_is_asked_again(house: House) -> None:
    house.provider.errors = [AvatarUnavailable("It is away."), AvatarUnavailable("It is away.")]
    house.voice.lost("room")
    house.now += UNUSED + 1
    async with house.open():
        await until(lambda: house.provider.closed)
    assert house.provider.errors == []


async def test_an_interview_that_was_deleted_has_no_conversation_left(house: House) -> None:
    house.provider.errors = [NotFound()]
    await house.room.close("candidate")
    assert not house.room.there


async def test_without_a_provider_of_its_own_the_relay_closes_nothing(house: House) -> None:
    interview = await house.store.get(house.session_id)
    room = AvatarConversation(interview, store=house.store, conversations=None, now=now, time=lambda: 0.0)
    await room.close("candidate")
    assert room.there


async def test_an_interview_without_an_avatar_keeps_no_account_of_one(store: Moody) -> None:
    interview = an_interview(status="ready", ended_at=None, expires_at=now().replace(year=now().year + 1))
    await store.create(replace(interview, session_id="plain-one"))
    room = AvatarConversation(
        await store.claim("plain-one", now()), store=store, conversations=Provider(), now=now, time=lambda: 0.0
    )
    room.note("voice", "candidate")
    await room.flush()
    assert (await store.get("plain-one")).avatar is None
