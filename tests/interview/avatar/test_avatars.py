"""Avatars from their creation to their end, with the stand-in of Tavus."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from interview.avatar import Avatars, open_avatars
from interview.avatar.avatars import CREATING
from interview.clock import now
from interview.errors import (
    AlreadyEnded,
    AvatarRefused,
    AvatarUnavailable,
    Conflict,
    InterviewError,
    NotFound,
    StoreUnavailable,
)
from interview.record import Interview
from interview.settings import load
from interview.store.sqlite import SqliteStore
from local.tavus import Fault, Server
from tests.interview.avatar.conftest import ID, ORIGIN, PATIENT, House
from tests.interview.avatar.contract import Contract
from tests.interview.store.conftest import OpenStore
from tests.interview.store.sample import new_avatar, new_interview

ZEROS = "0" * 32
SHORT = replace(PATIENT, create=0.5)


async def refused(house: House, avatars: Avatars, session_id: str = ID) -> str:
    """The code of why an interview gets no avatar; its record says the same."""
    attempt = avatars.attempt(session_id, 1500)
    await house.store.create(new_interview(session_id=session_id, avatar=attempt.avatar))
    with pytest.raises(AvatarUnavailable) as told:
        await attempt.settle()
    avatar = await house.avatar(session_id)
    assert (avatar.status, avatar.reason, avatar.conversation_id) == ("failed", told.value.code, None)
    assert avatar.ended_at is not None
    return told.value.code


async def test_an_avatar_from_beginning_to_end(house: House, contract: Contract) -> None:
    avatars = house.avatars()
    attempt = avatars.attempt(ID, 1500)
    assert (attempt.avatar.status, attempt.avatar.provider) == ("creating", "tavus")
    await house.store.create(new_interview(session_id=ID, avatar=attempt.avatar))
    conversation = await attempt.settle()
    (created,) = house.tavus.conversations
    assert conversation.conversation_id == created.terms.conversation_id
    assert conversation.token == created.token
    avatar = await house.avatar()
    assert (avatar.status, avatar.conversation_id) == ("active", conversation.conversation_id)
    assert avatar.created_at is not None
    ledger = await house.ledger()
    assert set(ledger.leases) == {ID}
    assert ledger.today == 1
    await avatars.close(ID, "candidate")
    avatar = await house.avatar()
    assert (avatar.status, avatar.reason, avatar.conversation_id) == (
        "ended",
        "candidate",
        conversation.conversation_id,
    )
    assert avatar.seconds == round(((avatar.ended_at or now()) - (avatar.created_at or now())).total_seconds())
    assert house.active == []
    assert (await house.ledger()).leases == {}
    assert (await house.ledger()).today == 1
    (persona,) = contract.bodies("createPersona")
    assert persona["pipeline_mode"] == "echo"
    assert persona["layers"] == {"perception": {"perception_model": "off"}}
    assert "system_prompt" not in persona


async def test_what_is_asked_for(house: House, contract: Contract) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    (body,) = contract.bodies("createConversation")
    ledger = await house.ledger()
    secret = body["callback_url"].removeprefix(f"{ORIGIN}/api/interview/hooks/tavus/")
    assert secret.startswith(f"{ID}-")
    assert body == {
        "conversation_name": f"interview/{ledger.deployment}/{ID}",
        "persona_id": ledger.persona_id,
        "callback_url": body["callback_url"],
        "require_auth": True,
        "max_participants": 2,
        "properties": {
            "max_call_duration": 1620,
            "participant_left_timeout": 90,
            "participant_absent_timeout": 1620,
            "enable_recording": False,
            "enable_closed_captions": False,
        },
    }
    avatar = await house.avatar()
    assert avatar.hook_sha256 is not None
    assert secret not in repr(avatar)
    assert ledger.leases[ID].until - ledger.leases[ID].since >= timedelta(seconds=1620 + 90)


async def test_no_conversation_is_longer_than_the_provider_allows(house: House, contract: Contract) -> None:
    avatars = house.avatars()
    await house.store.create(new_interview(session_id=ID, avatar=(attempt := avatars.attempt(ID, 3540)).avatar))
    await attempt.settle()
    (body,) = contract.bodies("createConversation")
    assert body["properties"]["max_call_duration"] == 3600


@pytest.mark.parametrize(
    ("origins", "base_url", "reached"),
    [
        ("https://a.example,https://b.example", "https://tavusapi.com/v2", "https://a.example"),
        ("http://localhost:8080", "https://tavusapi.com/v2", None),
        ("http://localhost:8080", "http://127.0.0.1:9/v2", "http://localhost:8080"),
        ("https://a.example", "http://127.0.0.1:9/v2", "https://a.example"),
    ],
)
def test_calls_are_asked_for_where_they_can_arrive(
    tmp_path: Path, origins: str, base_url: str, reached: str | None
) -> None:
    environ = {"TAVUS_API_KEY": "a-key", "TAVUS_BASE_URL": base_url, "ALLOWED_ORIGINS": origins}
    opened = open_avatars(load(environ), SqliteStore(tmp_path / "i.db"))
    assert opened is not None
    assert opened._creator._callback == (reached and f"{reached}/api/interview/hooks/tavus/")


def test_without_a_key_there_are_none_and_without_leave_there_are_some_to_end(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "i.db")
    assert open_avatars(load({}), store) is None
    settings = load({"TAVUS_API_KEY": "a-key", "AVATAR_CONCURRENT": "0"})
    assert not settings.tavus.configured
    assert open_avatars(settings, store) is not None


async def test_the_persona_is_made_once(house: House, contract: Contract) -> None:
    first, second = house.avatars(), house.avatars()
    await asyncio.gather(*(house.begin(first, f"session-{number}") for number in range(3)))
    await first.close("session-0", "candidate")
    await house.begin(second)
    assert len(contract.bodies("createPersona")) == 1
    assert len({one.terms.persona_id for one in house.tavus.conversations}) == 1


async def test_a_persona_that_vanished_is_made_anew(house: House, contract: Contract) -> None:
    avatars = house.avatars()
    await house.begin(avatars, "session-1")
    house.tavus.account.personas.clear()
    await house.begin(avatars)
    assert len(contract.bodies("createPersona")) == 2
    assert (await house.ledger()).persona_id == house.tavus.conversations[1].terms.persona_id
    await house.begin(avatars, "session-2")
    assert len(contract.bodies("createPersona")) == 2


async def test_a_refusal_is_not_laid_to_a_persona_that_is_there(house: House, contract: Contract) -> None:
    avatars = house.avatars()
    await house.begin(avatars, "session-1")
    house.tavus.strike(Fault("error", status=400))
    assert await refused(house, avatars) == "avatar_refused"
    assert len(contract.bodies("createPersona")) == 1


async def test_another_replica_takes_another_persona(house: House, contract: Contract) -> None:
    await house.begin(house.avatars(), "session-1")
    await house.begin(house.avatars(TAVUS_REPLICA_ID="r2e3f4a5b6c7"))
    first, second = contract.bodies("createPersona")
    assert (first["default_replica_id"], second["default_replica_id"]) == ("r6f7a8b9c0d1", "r2e3f4a5b6c7")
    assert [body.get("replica_id") for body in contract.bodies("createConversation")] == [None, "r2e3f4a5b6c7"]


async def test_a_persona_of_the_operators_own(house: House, contract: Contract) -> None:
    await house.begin(house.avatars(), "session-1")
    persona_id = (await house.ledger()).persona_id
    assert persona_id is not None
    other = house.avatars(TAVUS_PERSONA_ID=persona_id)
    await house.begin(other)
    house.tavus.account.personas.clear()
    assert await refused(house, other, "session-2") == "avatar_refused"
    assert len(contract.bodies("createPersona")) == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault("key"), "avatar_key"),
        (Fault("credit", status=402), "avatar_credit"),
        (Fault("credit", status=400), "avatar_credit"),
        (Fault("concurrency"), "avatar_concurrency"),
        (Fault("error", status=422), "avatar_refused"),
        (Fault("error", status=500), "avatar_fault"),
        (Fault("error", status=503, created=True), "avatar_fault"),
        (Fault("strange"), "avatar_strange"),
        (Fault("strange", created=True), "avatar_strange"),
        (Fault("slow", seconds=60), "avatar_timeout"),
        (Fault("lost"), "avatar_unreachable"),
        (Fault("lost", created=True), "avatar_unreachable"),
        (Fault("key", on="persona"), "avatar_key"),
        (Fault("lost", on="persona"), "avatar_unreachable"),
        (Fault("error", on="replicas"), "avatar_fault"),
    ],
)
async def test_an_interview_without_its_avatar_says_why(house: House, fault: Fault, code: str) -> None:
    """And whatever was created all the same has been ended by then."""
    avatars = house.avatars(timing=SHORT if fault.kind == "slow" else PATIENT)
    if fault.on == "create":
        await house.begin(avatars, "before")
        await avatars.close("before", "candidate")
    house.tavus.strike(fault)
    assert await refused(house, avatars) == code
    assert house.active == []
    assert len(house.tavus.conversations) == (fault.on == "create") + (fault.created or fault.kind == "slow")


async def test_a_failure_that_created_nothing_gives_its_place_back_and_is_not_counted(house: House) -> None:
    avatars = house.avatars(AVATAR_CONCURRENT="1", AVATAR_DAILY="1")
    house.tavus.strike(Fault("concurrency", times=1))
    assert await refused(house, avatars, "session-1") == "avatar_concurrency"
    assert (await house.ledger()).today == 0
    await house.begin(avatars)


async def test_a_creation_of_which_nothing_is_to_be_seen_keeps_its_place(house: House) -> None:
    """It may be on its way yet; the sweep gives the place back."""
    avatars = house.avatars()
    house.tavus.strike(Fault("lost", times=1))
    await refused(house, avatars)
    assert set((await house.ledger()).leases) == {ID}


async def test_one_whose_end_is_certain_gives_its_place_back(house: House) -> None:
    avatars = house.avatars()
    house.tavus.strike(Fault("lost", created=True))
    await refused(house, avatars)
    assert (await house.ledger()).leases == {}


async def test_nothing_is_looked_for_after_a_plain_no(house: House, contract: Contract) -> None:
    house.tavus.strike(Fault("credit"))
    await refused(house, house.avatars())
    assert "listConversations" not in contract.seen


async def test_over_the_cap_nobody_is_even_asked(
    house: House, contract: Contract, capsys: pytest.CaptureFixture[str]
) -> None:
    avatars = house.avatars(AVATAR_CONCURRENT="1")
    await house.begin(avatars, "session-1")
    before = len(contract.requests)
    assert await refused(house, avatars) == "avatar_capacity"
    assert len(contract.requests) == before
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["severity"] == "WARNING"
    await avatars.close("session-1", "candidate")
    await house.begin(avatars, "session-2")


async def test_over_the_day_s_cap_too(house: House) -> None:
    avatars = house.avatars(AVATAR_DAILY="1")
    await house.begin(avatars, "session-1")
    await avatars.close("session-1", "candidate")
    assert await refused(house, avatars) == "avatar_capacity"


async def test_the_caps_hold_whatever_happens_at_once(tavus: Server, open_store: OpenStore) -> None:
    """Over either store, in two processes."""
    houses = [House(open_store(), tavus) for _ in range(2)]
    processes = [house.avatars(AVATAR_CONCURRENT="3", AVATAR_DAILY="4") for house in houses]

    async def begin(number: int) -> str:
        house, avatars = houses[number % 2], processes[number % 2]
        try:
            await house.begin(avatars, f"session-{number}")
        except AvatarRefused as error:
            return error.code
        return "created"

    outcomes = await asyncio.gather(*(begin(number) for number in range(8)))
    assert sorted(outcomes) == ["avatar_capacity"] * 5 + ["created"] * 3
    assert len(houses[0].active) == 3
    for number, outcome in enumerate(outcomes):
        if outcome == "created":
            await processes[0].close(f"session-{number}", "candidate")
    outcomes = await asyncio.gather(*(begin(number) for number in range(8, 12)))
    assert sorted(outcomes) == ["avatar_capacity"] * 3 + ["created"]
    for avatars in processes:
        await avatars.aclose()


async def test_a_record_that_is_made_late_says_at_once_what_came_of_it(house: House) -> None:
    avatars = house.avatars()
    attempt = avatars.attempt(ID, 1500)
    async with asyncio.timeout(20):
        while attempt.avatar.status == "creating":
            await asyncio.sleep(0.01)
    assert attempt.avatar.conversation_id == house.active[0]
    await house.store.create(new_interview(session_id=ID, avatar=attempt.avatar))
    assert (await attempt.settle()).conversation_id == house.active[0]


async def test_what_does_not_come_about_is_undone(house: House) -> None:
    avatars = house.avatars()
    await avatars.attempt(ID, 1500).undo()
    assert len(house.tavus.conversations) == 1
    assert house.active == []
    assert (await house.ledger()).leases == {}
    house.tavus.strike(Fault("concurrency"))
    await avatars.attempt(ID, 1500).undo()


async def test_who_asked_may_go_away(house: House) -> None:
    """A creation is not broken off in the middle, and what nobody waits for any more is ended."""
    avatars = house.avatars()
    attempt = avatars.attempt(ID, 1500)

    async def ask() -> None:
        try:
            await attempt.settle()
        except asyncio.CancelledError:
            await attempt.undo()
            raise

    asking = asyncio.create_task(ask())
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert len(house.tavus.conversations) == 1
    assert house.active == []


class Meanwhile(SqliteStore):
    """A real store in which something happens just before an avatar is written into a record."""

    then: Callable[[SqliteStore], Any] | None = None

    async def change_avatar(self, session_id: str, decide: Any, epoch: int | None = None) -> Interview:
        then, self.then = self.then, None
        if then:
            await then(self)
        return await super().change_avatar(session_id, decide, epoch)


async def away(_: SqliteStore) -> None:
    raise StoreUnavailable("Away.")


@pytest.mark.parametrize(
    ("meanwhile", "error"),
    [
        (lambda store: store.end(ID, "interviewer", now()), AlreadyEnded),
        (lambda store: store.delete(ID), NotFound),
        (away, StoreUnavailable),
    ],
)
async def test_an_avatar_that_comes_too_late_is_ended(
    house: House, meanwhile: Any, error: type[InterviewError], tmp_path: Path
) -> None:
    store = Meanwhile(tmp_path / "i.db")
    avatars = house.avatars(store=store)
    attempt = avatars.attempt(ID, 1500)
    await store.create(new_interview(session_id=ID, avatar=attempt.avatar))
    store.then = meanwhile
    with pytest.raises(error):
        await attempt.settle()
    assert len(house.tavus.conversations) == 1
    assert house.active == []
    assert (await house.ledger()).leases == {}
    if error is AlreadyEnded:
        avatar = (await store.get(ID)).avatar
        assert avatar is not None
        assert (avatar.status, avatar.reason, avatar.seconds) == ("ended", "interviewer", 0)
    await store.close()


async def test_an_avatar_that_was_closed_before_it_was_there_is_ended(house: House) -> None:
    avatars, elsewhere = house.avatars(), house.avatars()
    attempt = avatars.attempt(ID, 1500)
    await house.store.create(new_interview(session_id=ID, avatar=replace(attempt.avatar, status="creating")))
    await elsewhere.close(ID, "candidate")
    avatar = await house.avatar()
    assert (avatar.status, avatar.reason, avatar.seconds) == ("ended", "candidate", 0)
    with pytest.raises(Conflict) as told:
        await attempt.settle()
    assert told.value.code == "avatar_closed"
    assert house.active == []
    assert await house.avatar() == avatar
    assert (await house.ledger()).leases == {}


async def test_closing_twice_and_at_once_is_closing_once(house: House) -> None:
    avatars, elsewhere = house.avatars(), house.avatars()
    await house.begin(avatars)
    await asyncio.gather(avatars.close(ID, "candidate"), elsewhere.close(ID, "interviewer"))
    avatar = await house.avatar()
    await avatars.close(ID, "time_limit")
    assert await house.avatar() == avatar
    assert avatar.reason in ("candidate", "interviewer")
    assert house.active == []


async def test_an_end_that_is_noted_late_does_not_end_the_next_one(house: House, tmp_path: Path) -> None:
    """Between the end at the provider and its note in the record there is another conversation already."""
    store = Meanwhile(tmp_path / "i.db")
    avatars, elsewhere = house.avatars(store=store), house.avatars(store=store)
    attempt = avatars.attempt(ID, 1500)
    await store.create(new_interview(session_id=ID, avatar=attempt.avatar))
    await attempt.settle()

    async def another(store: SqliteStore) -> None:
        await (await elsewhere.another(await store.get(ID))).settle()

    store.then = another
    await avatars.close(ID, "unused")
    avatar = await house.avatar()
    assert (avatar.status, [avatar.conversation_id]) == ("active", house.active)
    assert set((await house.ledger()).leases) == {ID}
    await store.close()


async def test_there_may_be_nothing_to_close(house: House) -> None:
    avatars = house.avatars()
    await avatars.close(ID, "candidate")
    await house.store.create(new_interview(session_id=ID))
    await avatars.close(ID, "candidate")
    await house.store.create(new_interview(session_id="failed", avatar=new_avatar(status="failed")))
    await avatars.close("failed", "candidate")


async def test_only_the_one_that_is_meant_is_closed(house: House) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    await avatars.close(ID, "unused", "c-another")
    assert len(house.active) == 1
    await avatars.close(ID, "unused", house.active[0])
    assert house.active == []


@pytest.mark.parametrize("fault", [Fault("error", on="end"), Fault("lost", on="end"), Fault("key", on="end")])
async def test_an_end_that_could_not_be_told_is_open_still(house: House, fault: Fault) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    before = await house.avatar()
    house.tavus.strike(fault)
    with pytest.raises(AvatarUnavailable):
        await avatars.close(ID, "candidate")
    assert await house.avatar() == before
    assert set((await house.ledger()).leases) == {ID}
    house.tavus.control.apply({"kind": "clear"})
    await avatars.close(ID, "candidate")
    assert house.active == []


async def live(house: House) -> Interview:
    await house.store.claim(ID, now())
    return await house.store.get(ID)


async def test_another_takes_the_place_of_the_present_one(house: House, contract: Contract) -> None:
    avatars = house.avatars(AVATAR_CONCURRENT="1", AVATAR_DAILY="1")
    await house.begin(avatars)
    first = house.active[0]
    conversation = await (await avatars.another(await live(house))).settle()
    assert house.active == [conversation.conversation_id]
    avatar = await house.avatar()
    assert (avatar.status, avatar.conversation_id) == ("active", conversation.conversation_id)
    assert avatar.earlier == (first,)
    assert len({body["callback_url"] for body in contract.bodies("createConversation")}) == 2
    assert (await house.ledger()).today == 1


async def test_an_interview_by_voice_may_get_its_first(house: House) -> None:
    avatars = house.avatars()
    await house.store.create(new_interview(session_id=ID))
    await (await avatars.another(await house.store.get(ID))).settle()
    assert len(house.active) == 1
    assert (await house.ledger()).today == 1


async def test_another_lasts_as_long_as_the_interview_still_does(house: House, contract: Contract) -> None:
    avatars = house.avatars()
    await house.store.create(new_interview(session_id=ID))
    interview = await house.store.claim(ID, now() - timedelta(seconds=1000))
    await (await avatars.another(interview)).settle()
    (body,) = contract.bodies("createConversation")
    assert body["properties"]["max_call_duration"] == pytest.approx(500 + 120, abs=20)


async def test_three_are_enough(house: House) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    for _ in range(2):
        await (await avatars.another(await house.store.get(ID))).settle()
    with pytest.raises(Conflict) as told:
        await avatars.another(await house.store.get(ID))
    assert told.value.code == "avatar_limit"
    assert len(house.active) == 1
    assert (await house.avatar()).earlier == tuple(one.terms.conversation_id for one in house.tavus.conversations[:2])


async def test_what_failed_is_not_counted_among_the_three(house: House) -> None:
    avatars = house.avatars()
    await house.store.create(new_interview(session_id=ID))
    house.tavus.strike(Fault("concurrency", times=4))
    for _ in range(4):
        with pytest.raises(AvatarRefused):
            await (await avatars.another(await house.store.get(ID))).settle()
    await (await avatars.another(await house.store.get(ID))).settle()
    assert len(house.active) == 1


async def test_one_at_a_time(house: House) -> None:
    avatars, elsewhere = house.avatars(), house.avatars()
    await house.store.create(new_interview(session_id=ID))
    interview = await house.store.get(ID)

    async def ask(avatars: Avatars) -> str:
        try:
            return (await (await avatars.another(interview)).settle()).conversation_id
        except Conflict as error:
            return error.code

    outcomes = await asyncio.gather(*(ask(one) for one in (avatars, elsewhere) * 3))
    assert sorted(outcomes) == sorted(["avatar_opening"] * 5 + house.active)
    assert len(house.tavus.conversations) == 1


async def test_one_that_its_process_has_left_is_replaced(house: House) -> None:
    avatars = house.avatars()
    long_ago = now() - CREATING - timedelta(seconds=1)
    left = new_avatar(status="creating", conversation_id=None, earlier=(), created_at=long_ago)
    await house.store.create(new_interview(session_id=ID, avatar=left))
    await (await avatars.another(await house.store.get(ID))).settle()
    assert len(house.active) == 1


async def test_nobody_in_it_and_nobody_for_it(house: House) -> None:
    avatars = house.avatars()
    await house.store.create(new_interview(session_id=ID))
    await house.store.claim(ID, now() - timedelta(minutes=10))
    abandoned = await house.store.abandon(ID, now())
    with pytest.raises(Conflict) as told:
        await avatars.another(abandoned)
    assert told.value.code == "not_live"
    with pytest.raises(AlreadyEnded):
        await avatars.another(await house.store.end(ID, "candidate", now()))
    assert house.tavus.conversations == []


async def test_no_other_is_opened_while_the_present_one_can_not_be_ended(house: House) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    house.tavus.strike(Fault("error", on="end"))
    with pytest.raises(AvatarUnavailable):
        await avatars.another(await house.store.get(ID))
    assert len(house.tavus.conversations) == 1
    assert (await house.avatar()).status == "active"


def secret_of(contract: Contract) -> str:
    url: str = contract.bodies("createConversation")[-1]["callback_url"]
    return url.rpartition("/")[2]


def shutdown(house: House, **properties: Any) -> dict[str, Any]:
    conversation_id = house.tavus.conversations[-1].terms.conversation_id
    return {"event_type": "system.shutdown", "conversation_id": conversation_id, "properties": properties}


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"shutdown_reason": "participant_left_timeout reached"}, "participant_left_timeout_reached"),
        ({"reason": "max_call_duration reached"}, "max_call_duration_reached"),
        ({"shutdown_reason": "<script>"}, "script"),
        ({"shutdown_reason": "x" * 1000}, "x" * 64),
        ({"shutdown_reason": 7}, "shutdown"),
        ({}, "shutdown"),
    ],
)
async def test_a_shutdown_reaches_the_record(
    house: House, contract: Contract, properties: dict[str, Any], reason: str
) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    await avatars.hear(secret_of(contract), shutdown(house, **properties))
    avatar = await house.avatar()
    assert (avatar.status, avatar.reason) == ("ended", reason)
    assert (await house.ledger()).leases == {}
    await avatars.hear(secret_of(contract), shutdown(house, reason="again"))
    assert await house.avatar() == avatar


async def test_other_events_change_nothing(house: House, contract: Contract) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    before = await house.avatar()
    for kind in ("system.replica_joined", "application.transcription_ready", "something.new", None, 7):
        await avatars.hear(secret_of(contract), {**shutdown(house), "event_type": kind})
    await avatars.hear(secret_of(contract))
    assert await house.avatar() == before


async def test_the_secret_of_one_conversation_is_no_good_for_the_next(house: House, contract: Contract) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    old, event = secret_of(contract), shutdown(house)
    await (await avatars.another(await house.store.get(ID))).settle()
    with pytest.raises(NotFound):
        await avatars.hear(old, event)
    with pytest.raises(NotFound):
        await avatars.hear(secret_of(contract), event)
    assert (await house.avatar()).status == "active"


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "-",
        "x",
        f"{ID}-",
        f"{ID}-{'0' * 32}",
        f"{'0' * 32}-{'0' * 32}",
        f"../{ID}-{'0' * 32}",
        "é" * 100,
        "x" * 9999,
    ],
)
async def test_a_secret_that_is_none(house: House, secret: str) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    with pytest.raises(NotFound):
        await avatars.hear(secret, shutdown(house))


async def test_a_secret_of_nothing_that_is_there(house: House) -> None:
    avatars = house.avatars()
    await house.store.create(new_interview(session_id=ID))
    await house.store.create(new_interview(session_id="7" * 32, avatar=new_avatar(hook_sha256=None)))
    for session_id in (ID, "7" * 32, "8" * 32):
        with pytest.raises(NotFound):
            await avatars.hear(f"{session_id}-{ZEROS}", {})


async def test_what_is_forgotten_is_ended_and_deleted(house: House) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    await (await avatars.another(await house.store.get(ID))).settle()
    ids = [one.terms.conversation_id for one in house.tavus.conversations]
    assert await avatars.forget(ID) == (ids, [])
    assert house.active == []
    assert all(one.deleted for one in house.tavus.conversations)
    assert await avatars.forget(ID) == (ids, [])


async def test_what_can_not_be_deleted_is_named(house: House) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    await (await avatars.another(await house.store.get(ID))).settle()
    ids = [one.terms.conversation_id for one in house.tavus.conversations]
    house.tavus.strike(Fault("error", on="delete"))
    assert await avatars.forget(ID) == ([], ids)
    assert house.active == []


async def test_what_can_not_be_ended_is_not_deleted_either(house: House) -> None:
    """Deleted it would not be in any list, and would go on and cost."""
    avatars = house.avatars()
    await house.begin(avatars)
    house.tavus.strike(Fault("error", on="end"))
    assert await avatars.forget(ID) == ([], house.active)
    assert not house.tavus.conversations[0].deleted


async def test_there_may_be_nothing_to_forget(house: House) -> None:
    avatars = house.avatars()
    await house.store.create(new_interview(session_id=ID))
    assert await avatars.forget(ID) == ([], [])
    with pytest.raises(NotFound):
        await avatars.forget("nobody")


async def test_a_store_that_is_away_is_no_avatar(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    avatars = house.avatars(store=SqliteStore(tmp_path / "file" / "i.db"))
    attempt = avatars.attempt(ID, 1500)
    await attempt.undo()
    assert house.tavus.conversations == []
    assert attempt.avatar.status == "failed"


async def test_the_log_names_no_token_no_secret_and_no_key(
    house: House, contract: Contract, capsys: pytest.CaptureFixture[str]
) -> None:
    avatars = house.avatars()
    await house.begin(avatars)
    secret = secret_of(contract)
    await avatars.hear(secret, {**shutdown(house), "event_type": "system.replica_joined"})
    house.tavus.strike(Fault("error", on="end", times=3))
    with pytest.raises(AvatarUnavailable):
        await avatars.close(ID, "candidate")
    await avatars.hear(secret, shutdown(house))
    house.tavus.strike(Fault("lost", created=True))
    await refused(house, avatars, "session-2")
    logged = capsys.readouterr().out
    assert ID in logged
    for word in (secret, secret.rpartition("-")[2], house.tavus.conversations[0].token, "a-key"):
        assert word not in logged
