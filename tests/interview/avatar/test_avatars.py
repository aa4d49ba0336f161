"""Avatars from their creation to their end, with Tavus's stand-in."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
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
from tests.interview.avatar.conftest import ID, ORIGIN, PATIENT, Deployment
from tests.interview.avatar.contract import Contract
from tests.interview.store.conftest import OpenStore
from tests.interview.store.sample import new_avatar, new_interview

ZEROS = "0" * 32
SHORT = replace(PATIENT, create=0.5)


async def refused(deployment: Deployment, avatars: Avatars, session_id: str = ID) -> str:
    """Start an interview whose avatar fails; the code of the error, which is in the record too."""
    creation = avatars.create(session_id, 1500)
    await deployment.store.create(new_interview(session_id=session_id, avatar=creation.avatar))
    with pytest.raises(AvatarUnavailable) as told:
        await creation.finish()
    avatar = await deployment.avatar(session_id)
    assert (avatar.status, avatar.reason, avatar.conversation_id) == ("failed", told.value.code, None)
    assert avatar.ended_at is not None
    return told.value.code


async def test_an_avatar_is_created_and_closed(deployment: Deployment, contract: Contract) -> None:
    avatars = deployment.avatars()
    creation = avatars.create(ID, 1500)
    assert (creation.avatar.status, creation.avatar.provider) == ("creating", "tavus")
    await deployment.store.create(new_interview(session_id=ID, avatar=creation.avatar))
    conversation = await creation.finish()
    (created,) = deployment.tavus.conversations
    assert conversation.conversation_id == created.terms.conversation_id
    assert conversation.token == created.token
    avatar = await deployment.avatar()
    assert (avatar.status, avatar.conversation_id) == ("active", conversation.conversation_id)
    assert avatar.created_at is not None
    ledger = await deployment.ledger()
    assert set(ledger.leases) == {ID}
    assert ledger.today == 1
    await deployment.store.claim(ID, now())
    await avatars.close(ID, "candidate")
    avatar = await deployment.avatar()
    assert (avatar.status, avatar.reason, avatar.conversation_id) == (
        "ended",
        "candidate",
        conversation.conversation_id,
    )
    assert avatar.seconds == round(((avatar.ended_at or now()) - (avatar.created_at or now())).total_seconds())
    assert deployment.active == []
    assert (await deployment.ledger()).leases == {}
    assert (await deployment.ledger()).today == 1
    (persona,) = contract.bodies("createPersona")
    assert persona["pipeline_mode"] == "echo"
    assert persona["layers"] == {"perception": {"perception_model": "off"}}
    assert "system_prompt" not in persona


async def test_the_request_for_a_conversation(deployment: Deployment, contract: Contract) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    (body,) = contract.bodies("createConversation")
    ledger = await deployment.ledger()
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
    avatar = await deployment.avatar()
    assert avatar.hook_sha256 is not None
    assert secret not in repr(avatar)
    assert ledger.leases[ID].until - ledger.leases[ID].since >= timedelta(seconds=1620 + 90)


async def test_no_conversation_is_longer_than_the_provider_allows(deployment: Deployment, contract: Contract) -> None:
    avatars = deployment.avatars()
    await deployment.store.create(new_interview(session_id=ID, avatar=(creation := avatars.create(ID, 3540)).avatar))
    await creation.finish()
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
@pytest.mark.usefixtures("answering_tavus")
async def test_webhooks_are_requested_where_tavus_can_reach_the_page(
    contract: Contract, tmp_path: Path, origins: str, base_url: str, reached: str | None
) -> None:
    environ = {
        "TAVUS_API_KEY": "a-key",
        "TAVUS_BASE_URL": base_url,
        "ALLOWED_ORIGINS": origins,
        "TAVUS_REPLICA_ID": "r1",
    }
    store = SqliteStore(tmp_path / "i.db")
    avatars = open_avatars(load(environ), store)
    assert avatars is not None
    await store.create(new_interview(session_id=ID, avatar=(creation := avatars.create(ID, 1500)).avatar))
    await creation.finish()
    await avatars.aclose()
    await store.close()
    (body,) = contract.bodies("createConversation")
    address = str(body.get("callback_url"))
    assert address.startswith(f"{reached}/api/interview/hooks/tavus/" if reached else "None")


@pytest.fixture
def answering_tavus(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers every call to Tavus, at any address, as if it had succeeded."""
    assert not contract.requests
    room = {"conversation_url": "https://tavus.daily.co/c1", "meeting_token": "a-token"}
    made = {"persona_id": "p1", "conversation_id": "c1", **room}

    class Answered(httpx2.AsyncClient):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options, transport=httpx2.MockTransport(lambda _: httpx2.Response(200, json=made)))

    monkeypatch.setattr(httpx2, "AsyncClient", Answered)


def test_without_a_key_there_are_no_avatars_and_with_a_limit_of_zero_they_can_be_ended(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "i.db")
    assert open_avatars(load({}), store) is None
    settings = load({"TAVUS_API_KEY": "a-key", "AVATAR_CONCURRENT": "0"})
    assert not settings.tavus.configured
    assert open_avatars(settings, store) is not None


async def test_the_persona_is_created_once(deployment: Deployment, contract: Contract) -> None:
    first, second = deployment.avatars(), deployment.avatars()
    await asyncio.gather(*(deployment.begin(first, f"session-{number}") for number in range(3)))
    await first.close("session-0", "candidate")
    await deployment.begin(second)
    assert len(contract.bodies("createPersona")) == 1
    assert len({one.terms.persona_id for one in deployment.tavus.conversations}) == 1


async def test_a_deleted_persona_is_created_again(deployment: Deployment, contract: Contract) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars, "session-1")
    deployment.tavus.account.personas.clear()
    await deployment.begin(avatars)
    assert len(contract.bodies("createPersona")) == 2
    assert (await deployment.ledger()).persona_id == deployment.tavus.conversations[1].terms.persona_id
    await deployment.begin(avatars, "session-2")
    assert len(contract.bodies("createPersona")) == 2


async def test_a_refusal_with_an_existing_persona_creates_no_other(deployment: Deployment, contract: Contract) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars, "session-1")
    deployment.tavus.strike(Fault("error", status=400))
    assert await refused(deployment, avatars) == "avatar_refused"
    assert len(contract.bodies("createPersona")) == 1


async def test_another_replica_needs_another_persona(deployment: Deployment, contract: Contract) -> None:
    await deployment.begin(deployment.avatars(), "session-1")
    await deployment.begin(deployment.avatars(TAVUS_REPLICA_ID="r2e3f4a5b6c7"))
    first, second = contract.bodies("createPersona")
    assert (first["default_replica_id"], second["default_replica_id"]) == ("r6f7a8b9c0d1", "r2e3f4a5b6c7")
    assert [body.get("replica_id") for body in contract.bodies("createConversation")] == [None, "r2e3f4a5b6c7"]


async def test_the_operators_own_persona_is_used(deployment: Deployment, contract: Contract) -> None:
    await deployment.begin(deployment.avatars(), "session-1")
    persona_id = (await deployment.ledger()).persona_id
    assert persona_id is not None
    other = deployment.avatars(TAVUS_PERSONA_ID=persona_id)
    await deployment.begin(other)
    deployment.tavus.account.personas.clear()
    assert await refused(deployment, other, "session-2") == "avatar_refused"
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
async def test_a_failed_avatar_has_its_code_in_the_record(deployment: Deployment, fault: Fault, code: str) -> None:
    """A conversation that was created nevertheless is ended by then."""
    avatars = deployment.avatars(timing=SHORT if fault.kind == "slow" else PATIENT)
    if fault.on == "create":
        await deployment.begin(avatars, "before")
        await avatars.close("before", "candidate")
    deployment.tavus.strike(fault)
    assert await refused(deployment, avatars) == code
    assert deployment.active == []
    assert len(deployment.tavus.conversations) == (fault.on == "create") + (fault.created or fault.kind == "slow")


async def test_a_certain_failure_releases_its_lease_and_is_not_counted(deployment: Deployment) -> None:
    avatars = deployment.avatars(AVATAR_CONCURRENT="1", AVATAR_DAILY="1")
    deployment.tavus.strike(Fault("concurrency", times=1))
    assert await refused(deployment, avatars, "session-1") == "avatar_concurrency"
    assert (await deployment.ledger()).today == 0
    await deployment.begin(avatars)


async def test_an_uncertain_creation_that_is_not_found_keeps_its_lease(deployment: Deployment) -> None:
    """It may still appear; the sweep releases the lease."""
    avatars = deployment.avatars()
    deployment.tavus.strike(Fault("lost", times=1))
    await refused(deployment, avatars)
    assert set((await deployment.ledger()).leases) == {ID}


async def test_an_uncertain_creation_that_was_ended_releases_its_lease(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    deployment.tavus.strike(Fault("lost", created=True))
    await refused(deployment, avatars)
    assert (await deployment.ledger()).leases == {}


async def test_after_a_refusal_no_conversation_is_looked_up(deployment: Deployment, contract: Contract) -> None:
    deployment.tavus.strike(Fault("credit"))
    await refused(deployment, deployment.avatars())
    assert "listConversations" not in contract.seen


async def test_over_the_limit_tavus_is_not_called(
    deployment: Deployment, contract: Contract, capsys: pytest.CaptureFixture[str]
) -> None:
    avatars = deployment.avatars(AVATAR_CONCURRENT="1")
    await deployment.begin(avatars, "session-1")
    before = len(contract.requests)
    assert await refused(deployment, avatars) == "avatar_capacity"
    assert len(contract.requests) == before
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["severity"] == "WARNING"
    await avatars.close("session-1", "candidate")
    await deployment.begin(avatars, "session-2")


async def test_over_the_daily_limit_there_is_no_avatar(deployment: Deployment) -> None:
    avatars = deployment.avatars(AVATAR_DAILY="1")
    await deployment.begin(avatars, "session-1")
    await deployment.store.claim("session-1", now())
    await avatars.close("session-1", "candidate")
    assert await refused(deployment, avatars) == "avatar_capacity"


async def test_a_conversation_to_which_nobody_came_is_not_counted(deployment: Deployment) -> None:
    avatars = deployment.avatars(AVATAR_DAILY="1")
    for number in range(3):
        await deployment.begin(avatars, f"session-{number}")
        await avatars.close(f"session-{number}", "deleted")
        ledger = await deployment.ledger()
        assert (ledger.today, ledger.unattended) == (0, 60 * (number + 1))
    assert deployment.active == []


async def test_conversations_to_which_nobody_came_have_a_limit_of_their_own(deployment: Deployment) -> None:
    avatars = deployment.avatars(AVATAR_DAILY="1")
    for number in range(5):
        await deployment.begin(avatars, f"session-{number}")
        await avatars.close(f"session-{number}", "deleted")
    assert await refused(deployment, avatars) == "avatar_capacity"


async def test_a_conversation_that_was_replaced_before_anybody_came_is_counted_once(deployment: Deployment) -> None:
    """Otherwise two conversations before the hello would make the third one free of the day's limit."""
    avatars = deployment.avatars(AVATAR_CONCURRENT="1", AVATAR_DAILY="1")
    interview = await deployment.begin(avatars)
    await (await avatars.create_another(interview)).finish()
    assert (await deployment.ledger()).today == 1
    await live(deployment)
    await avatars.close(ID, "candidate")
    assert (await deployment.ledger()).today == 1


async def test_the_limits_hold_with_concurrent_processes(tavus: Server, open_store: OpenStore) -> None:
    """On both stores, in two processes."""
    deployments = [Deployment(open_store(), tavus) for _ in range(2)]
    processes = [deployment.avatars(AVATAR_CONCURRENT="3", AVATAR_DAILY="4") for deployment in deployments]

    async def begin(number: int) -> str:
        deployment, avatars = deployments[number % 2], processes[number % 2]
        try:
            await deployment.begin(avatars, f"session-{number}")
        except AvatarRefused as error:
            return error.code
        return "created"

    outcomes = await asyncio.gather(*(begin(number) for number in range(8)))
    assert sorted(outcomes) == ["avatar_capacity"] * 5 + ["created"] * 3
    assert len(deployments[0].active) == 3
    for number, outcome in enumerate(outcomes):
        if outcome == "created":
            await deployments[0].store.claim(f"session-{number}", now())
            await processes[0].close(f"session-{number}", "candidate")
    outcomes = await asyncio.gather(*(begin(number) for number in range(8, 12)))
    assert sorted(outcomes) == ["avatar_capacity"] * 3 + ["created"]
    for avatars in processes:
        await avatars.aclose()


async def test_a_record_created_late_has_the_outcome_at_once(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    creation = avatars.create(ID, 1500)
    async with asyncio.timeout(60):
        while creation.avatar.status == "creating":
            await asyncio.sleep(0.01)
    assert creation.avatar.conversation_id == deployment.active[0]
    await deployment.store.create(new_interview(session_id=ID, avatar=creation.avatar))
    assert (await creation.finish()).conversation_id == deployment.active[0]


async def test_a_cancelled_creation_is_ended(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await avatars.create(ID, 1500).cancel()
    assert len(deployment.tavus.conversations) == 1
    assert deployment.active == []
    assert (await deployment.ledger()).leases == {}
    deployment.tavus.strike(Fault("concurrency"))
    await avatars.create(ID, 1500).cancel()


async def test_a_cancelled_caller_leaves_no_conversation(deployment: Deployment) -> None:
    """A creation is not interrupted, and ends if its caller is gone."""
    avatars = deployment.avatars()
    creation = avatars.create(ID, 1500)

    async def ask() -> None:
        try:
            await creation.finish()
        except asyncio.CancelledError:
            await creation.cancel()
            raise

    asking = asyncio.create_task(ask())
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert len(deployment.tavus.conversations) == 1
    assert deployment.active == []


class Meanwhile(SqliteStore):
    """A real store in which something happens just before an avatar is stored."""

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
async def test_a_conversation_created_too_late_is_ended(
    deployment: Deployment, meanwhile: Any, error: type[InterviewError], tmp_path: Path
) -> None:
    store = Meanwhile(tmp_path / "i.db")
    avatars = deployment.avatars(store=store)
    creation = avatars.create(ID, 1500)
    await store.create(new_interview(session_id=ID, avatar=creation.avatar))
    store.then = meanwhile
    with pytest.raises(error):
        await creation.finish()
    assert len(deployment.tavus.conversations) == 1
    assert deployment.active == []
    assert (await deployment.ledger()).leases == {}
    if error is AlreadyEnded:
        avatar = (await store.get(ID)).avatar
        assert avatar is not None
        assert (avatar.status, avatar.reason, avatar.seconds) == ("ended", "interviewer", 0)
    await store.close()


async def test_a_conversation_closed_before_its_creation_is_ended(deployment: Deployment) -> None:
    avatars, elsewhere = deployment.avatars(), deployment.avatars()
    creation = avatars.create(ID, 1500)
    await deployment.store.create(new_interview(session_id=ID, avatar=replace(creation.avatar, status="creating")))
    await elsewhere.close(ID, "candidate")
    avatar = await deployment.avatar()
    assert (avatar.status, avatar.reason, avatar.seconds) == ("ended", "candidate", 0)
    with pytest.raises(Conflict) as told:
        await creation.finish()
    assert told.value.code == "avatar_closed"
    assert deployment.active == []
    assert await deployment.avatar() == avatar
    assert (await deployment.ledger()).leases == {}


async def test_closing_is_idempotent(deployment: Deployment) -> None:
    avatars, elsewhere = deployment.avatars(), deployment.avatars()
    await deployment.begin(avatars)
    await asyncio.gather(avatars.close(ID, "candidate"), elsewhere.close(ID, "interviewer"))
    avatar = await deployment.avatar()
    await avatars.close(ID, "time_limit")
    assert await deployment.avatar() == avatar
    assert avatar.reason in ("candidate", "interviewer")
    assert deployment.active == []


async def test_an_end_that_is_recorded_late_does_not_end_the_next_conversation(
    deployment: Deployment, tmp_path: Path
) -> None:
    """Another conversation is created between the end at Tavus and its record."""
    store = Meanwhile(tmp_path / "i.db")
    avatars, elsewhere = deployment.avatars(store=store), deployment.avatars(store=store)
    creation = avatars.create(ID, 1500)
    await store.create(new_interview(session_id=ID, avatar=creation.avatar))
    await creation.finish()

    async def create_another(store: SqliteStore) -> None:
        await (await elsewhere.create_another(await store.get(ID))).finish()

    store.then = create_another
    await avatars.close(ID, "unused")
    avatar = await deployment.avatar()
    assert (avatar.status, [avatar.conversation_id]) == ("active", deployment.active)
    assert set((await deployment.ledger()).leases) == {ID}
    await store.close()


async def test_closing_without_a_conversation_does_nothing(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await avatars.close(ID, "candidate")
    await deployment.store.create(new_interview(session_id=ID))
    await avatars.close(ID, "candidate")
    await deployment.store.create(new_interview(session_id="failed", avatar=new_avatar(status="failed")))
    await avatars.close("failed", "candidate")


async def test_only_the_given_conversation_is_closed(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    await avatars.close(ID, "unused", "c-another")
    assert len(deployment.active) == 1
    await avatars.close(ID, "unused", deployment.active[0])
    assert deployment.active == []


@pytest.mark.parametrize("fault", [Fault("error", on="end"), Fault("lost", on="end"), Fault("key", on="end")])
async def test_an_end_that_failed_changes_no_record(deployment: Deployment, fault: Fault) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    before = await deployment.avatar()
    deployment.tavus.strike(fault)
    with pytest.raises(AvatarUnavailable):
        await avatars.close(ID, "candidate")
    assert await deployment.avatar() == before
    assert set((await deployment.ledger()).leases) == {ID}
    deployment.tavus.control.apply({"kind": "clear"})
    await avatars.close(ID, "candidate")
    assert deployment.active == []


async def live(deployment: Deployment) -> Interview:
    await deployment.store.claim(ID, now())
    return await deployment.store.get(ID)


async def test_another_conversation_replaces_the_present_one(deployment: Deployment, contract: Contract) -> None:
    avatars = deployment.avatars(AVATAR_CONCURRENT="1", AVATAR_DAILY="1")
    await deployment.begin(avatars)
    first = deployment.active[0]
    conversation = await (await avatars.create_another(await live(deployment))).finish()
    assert deployment.active == [conversation.conversation_id]
    avatar = await deployment.avatar()
    assert (avatar.status, avatar.conversation_id) == ("active", conversation.conversation_id)
    assert avatar.earlier == (first,)
    assert len({body["callback_url"] for body in contract.bodies("createConversation")}) == 2
    assert (await deployment.ledger()).today == 1


async def test_an_interview_by_voice_may_get_a_conversation(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.store.create(new_interview(session_id=ID))
    await (await avatars.create_another(await deployment.store.get(ID))).finish()
    assert len(deployment.active) == 1
    assert (await deployment.ledger()).today == 1


async def test_another_conversation_lasts_for_the_rest_of_the_interview(
    deployment: Deployment, contract: Contract
) -> None:
    avatars = deployment.avatars()
    await deployment.store.create(new_interview(session_id=ID))
    interview = await deployment.store.claim(ID, now() - timedelta(seconds=1000))
    await (await avatars.create_another(interview)).finish()
    (body,) = contract.bodies("createConversation")
    # The rest of the interview, thinking time that doesn't count, and a margin.
    assert body["properties"]["max_call_duration"] == pytest.approx(500 + 300 + 120, abs=20)


async def test_an_interview_may_have_three_conversations(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    for _ in range(2):
        await (await avatars.create_another(await deployment.store.get(ID))).finish()
    with pytest.raises(Conflict) as told:
        await avatars.create_another(await deployment.store.get(ID))
    assert told.value.code == "avatar_limit"
    assert len(deployment.active) == 1
    assert (await deployment.avatar()).earlier == tuple(
        one.terms.conversation_id for one in deployment.tavus.conversations[:2]
    )


async def test_failed_conversations_do_not_count(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.store.create(new_interview(session_id=ID))
    deployment.tavus.strike(Fault("concurrency", times=4))
    for _ in range(4):
        with pytest.raises(AvatarRefused):
            await (await avatars.create_another(await deployment.store.get(ID))).finish()
    await (await avatars.create_another(await deployment.store.get(ID))).finish()
    assert len(deployment.active) == 1


async def test_only_one_conversation_is_created_at_a_time(deployment: Deployment) -> None:
    avatars, elsewhere = deployment.avatars(), deployment.avatars()
    await deployment.store.create(new_interview(session_id=ID))
    interview = await deployment.store.get(ID)

    async def ask(avatars: Avatars) -> str:
        try:
            return (await (await avatars.create_another(interview)).finish()).conversation_id
        except Conflict as error:
            return error.code

    outcomes = await asyncio.gather(*(ask(one) for one in (avatars, elsewhere) * 3))
    assert sorted(outcomes) == sorted(["avatar_opening"] * 5 + deployment.active)
    assert len(deployment.tavus.conversations) == 1


async def test_a_creation_left_by_a_dead_process_is_replaced(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    long_ago = now() - CREATING - timedelta(seconds=1)
    left = new_avatar(status="creating", conversation_id=None, earlier=(), created_at=long_ago)
    await deployment.store.create(new_interview(session_id=ID, avatar=left))
    await (await avatars.create_another(await deployment.store.get(ID))).finish()
    assert len(deployment.active) == 1


async def test_no_conversation_for_an_abandoned_or_ended_interview(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.store.create(new_interview(session_id=ID))
    await deployment.store.claim(ID, now() - timedelta(minutes=10))
    abandoned = await deployment.store.abandon(ID, now())
    with pytest.raises(Conflict) as told:
        await avatars.create_another(abandoned)
    assert told.value.code == "not_live"
    with pytest.raises(AlreadyEnded):
        await avatars.create_another(await deployment.store.end(ID, "candidate", now()))
    assert deployment.tavus.conversations == []


async def test_no_other_conversation_while_the_present_one_can_not_be_ended(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    deployment.tavus.strike(Fault("error", on="end"))
    with pytest.raises(AvatarUnavailable):
        await avatars.create_another(await deployment.store.get(ID))
    assert len(deployment.tavus.conversations) == 1
    assert (await deployment.avatar()).status == "active"


def secret_of(contract: Contract) -> str:
    url: str = contract.bodies("createConversation")[-1]["callback_url"]
    return url.rpartition("/")[2]


def shutdown(deployment: Deployment, **properties: Any) -> dict[str, Any]:
    conversation_id = deployment.tavus.conversations[-1].terms.conversation_id
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
async def test_a_shutdown_is_recorded(
    deployment: Deployment, contract: Contract, properties: dict[str, Any], reason: str
) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    await avatars.receive_event(secret_of(contract), shutdown(deployment, **properties))
    avatar = await deployment.avatar()
    assert (avatar.status, avatar.reason) == ("ended", reason)
    assert (await deployment.ledger()).leases == {}
    await avatars.receive_event(secret_of(contract), shutdown(deployment, reason="again"))
    assert await deployment.avatar() == avatar


async def test_other_events_change_nothing(deployment: Deployment, contract: Contract) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    before = await deployment.avatar()
    for kind in ("system.replica_joined", "application.transcription_ready", "something.new", None, 7):
        await avatars.receive_event(secret_of(contract), {**shutdown(deployment), "event_type": kind})
    await avatars.receive_event(secret_of(contract))
    assert await deployment.avatar() == before


async def test_a_secret_is_valid_for_one_conversation_only(deployment: Deployment, contract: Contract) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    old, event = secret_of(contract), shutdown(deployment)
    await (await avatars.create_another(await deployment.store.get(ID))).finish()
    with pytest.raises(NotFound):
        await avatars.receive_event(old, event)
    with pytest.raises(NotFound):
        await avatars.receive_event(secret_of(contract), event)
    assert (await deployment.avatar()).status == "active"


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
async def test_an_invalid_secret_is_not_found(deployment: Deployment, secret: str) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    with pytest.raises(NotFound):
        await avatars.receive_event(secret, shutdown(deployment))


async def test_a_secret_without_a_conversation_is_not_found(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.store.create(new_interview(session_id=ID))
    await deployment.store.create(new_interview(session_id="7" * 32, avatar=new_avatar(hook_sha256=None)))
    for session_id in (ID, "7" * 32, "8" * 32):
        with pytest.raises(NotFound):
            await avatars.receive_event(f"{session_id}-{ZEROS}", {})


async def test_deleting_ends_and_deletes_all_conversations(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    await (await avatars.create_another(await deployment.store.get(ID))).finish()
    ids = [one.terms.conversation_id for one in deployment.tavus.conversations]
    assert await avatars.delete_all(ID) == (ids, [])
    assert deployment.active == []
    assert all(one.deleted for one in deployment.tavus.conversations)
    assert await avatars.delete_all(ID) == (ids, [])


async def test_conversations_that_were_not_deleted_are_returned(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    await (await avatars.create_another(await deployment.store.get(ID))).finish()
    ids = [one.terms.conversation_id for one in deployment.tavus.conversations]
    deployment.tavus.strike(Fault("error", on="delete"))
    assert await avatars.delete_all(ID) == ([], ids)
    assert deployment.active == []


async def test_a_conversation_that_can_not_be_ended_is_not_deleted(deployment: Deployment) -> None:
    """If it were deleted, it would be in no list, and would go on to cost money."""
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    deployment.tavus.strike(Fault("error", on="end"))
    assert await avatars.delete_all(ID) == ([], deployment.active)
    assert not deployment.tavus.conversations[0].deleted


async def test_deleting_without_a_conversation_does_nothing(deployment: Deployment) -> None:
    avatars = deployment.avatars()
    await deployment.store.create(new_interview(session_id=ID))
    assert await avatars.delete_all(ID) == ([], [])
    with pytest.raises(NotFound):
        await avatars.delete_all("nobody")


async def test_without_the_store_there_is_no_avatar(deployment: Deployment, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    avatars = deployment.avatars(store=SqliteStore(tmp_path / "file" / "i.db"))
    creation = avatars.create(ID, 1500)
    await creation.cancel()
    assert deployment.tavus.conversations == []
    assert creation.avatar.status == "failed"


async def test_the_log_has_no_token_secret_or_key(
    deployment: Deployment, contract: Contract, capsys: pytest.CaptureFixture[str]
) -> None:
    avatars = deployment.avatars()
    await deployment.begin(avatars)
    secret = secret_of(contract)
    await avatars.receive_event(secret, {**shutdown(deployment), "event_type": "system.replica_joined"})
    deployment.tavus.strike(Fault("error", on="end", times=3))
    with pytest.raises(AvatarUnavailable):
        await avatars.close(ID, "candidate")
    await avatars.receive_event(secret, shutdown(deployment))
    deployment.tavus.strike(Fault("lost", created=True))
    await refused(deployment, avatars, "session-2")
    logged = capsys.readouterr().out
    assert ID in logged
    for word in (secret, secret.rpartition("-")[2], deployment.tavus.conversations[0].token, "a-key"):
        assert word not in logged
