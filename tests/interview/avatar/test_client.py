"""The client of the Tavus API, over a real socket and with failures."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from interview.avatar import client as module
from interview.avatar.client import AvatarConversation, Client, Timing, UncertainCreation
from interview.clock import now
from interview.errors import AvatarRefused, AvatarUnavailable
from interview.retry import Backoff, Policy
from interview.settings import Tavus
from local.tavus import Fault, Server
from local.tavus.script import Operation
from tests.generate import Reply, serving
from tests.generate import Server as Scripted
from tests.interview.avatar.conftest import PATIENT, settings_of
from tests.interview.avatar.contract import Contract
from tests.ports import free_port

QUICK = Timing(answer=20, create=20, retry=Policy(2, 60, Backoff(0.02, 0.02)))
BODY: dict[str, Any] = {"conversation_name": "interview/one/two", "require_auth": True, "max_participants": 2}


@asynccontextmanager
async def calling(tavus: Tavus, timing: Timing = QUICK) -> AsyncIterator[Client]:
    client = Client(tavus, timing)
    try:
        yield client
    finally:
        await client.close()


@pytest.fixture
async def client(tavus: Server) -> AsyncIterator[Client]:
    async with calling(settings_of(tavus)) as client:
        yield client


def scripted(server: Scripted) -> Tavus:
    return Tavus(api_key="a-key", base_url=f"{server.base_url}/v2")


async def create(client: Client, **changes: Any) -> AvatarConversation:
    persona_id = await client.create_persona(
        {
            "persona_name": "one",
            "pipeline_mode": "echo",
            "default_replica_id": await client.stock_replica(),
            "layers": {"perception": {"perception_model": "off"}},
        }
    )
    return await client.create_conversation({**BODY, "persona_id": persona_id, **changes})


async def test_a_conversation_from_creation_to_deletion(client: Client, tavus: Server, contract: Contract) -> None:
    conversation = await create(client)
    assert conversation.url == f"{tavus.origin}/rooms/{conversation.conversation_id}"
    assert conversation.token == tavus.conversations[0].token
    assert conversation.token not in repr(conversation)
    assert await client.is_active(conversation.conversation_id)
    (listed,) = await client.active_conversations()
    assert (listed.conversation_id, listed.name) == (conversation.conversation_id, "interview/one/two")
    assert listed.created_at is not None
    assert abs(now() - listed.created_at) < timedelta(minutes=1)
    await client.end_conversation(conversation.conversation_id)
    assert tavus.conversations[0].status == "ended"
    assert not await client.is_active(conversation.conversation_id)
    assert await client.active_conversations() == []
    await client.delete_conversation(conversation.conversation_id)
    assert tavus.conversations[0].deleted
    assert not await client.is_active(conversation.conversation_id)
    persona_id = tavus.conversations[0].terms.persona_id
    assert persona_id is not None
    assert await client.has_persona(persona_id)
    assert not await client.has_persona("p000")
    assert contract.seen == {
        *("createConversation", "endConversation", "getConversation", "listConversations", "deleteConversation"),
        *("createPersona", "getPersona", "listReplicas"),
    }


async def test_ending_and_deleting_an_ended_or_unknown_conversation_succeeds(client: Client) -> None:
    conversation = await create(client)
    for _ in range(2):
        await client.end_conversation(conversation.conversation_id)
    for _ in range(2):
        await client.delete_conversation(conversation.conversation_id)
    await client.end_conversation(conversation.conversation_id)
    await client.end_conversation("c-unknown")
    await client.delete_conversation("c-unknown")


@pytest.mark.parametrize("fault", [Fault("error", on="end", status=400), Fault("strange", on="end")])
async def test_an_end_needs_a_valid_confirmation(client: Client, tavus: Server, fault: Fault) -> None:
    conversation = await create(client)
    tavus.strike(fault)
    with pytest.raises(AvatarUnavailable):
        await client.end_conversation(conversation.conversation_id)
    assert tavus.conversations[0].status == "active"


async def test_a_deletion_needs_a_valid_confirmation(client: Client, tavus: Server) -> None:
    there = await before(tavus)
    tavus.strike(Fault("strange", on="delete"))
    with pytest.raises(AvatarUnavailable):
        await client.delete_conversation(there.ended)


async def test_an_active_conversation_is_not_deleted(client: Client, tavus: Server) -> None:
    """It would stay active and be in no list."""
    conversation = await create(client)
    with pytest.raises(AvatarUnavailable):
        await client.delete_conversation(conversation.conversation_id)
    assert not tavus.conversations[0].deleted


async def test_an_end_whose_answer_was_lost_succeeds(client: Client, tavus: Server) -> None:
    conversation = await create(client)
    tavus.strike(Fault("lost", on="end", times=1, created=True))
    await client.end_conversation(conversation.conversation_id)
    assert tavus.conversations[0].reason == "end_conversation_endpoint_hit"


Call = Callable[[Client, "Before"], Awaitable[object]]
CALLS: dict[Operation, Call] = {
    "create": lambda client, there: client.create_conversation({**BODY, "persona_id": there.persona}),
    "end": lambda client, there: client.end_conversation(there.active),
    "get": lambda client, there: client.is_active(there.active),
    "list": lambda client, _: client.active_conversations(),
    "delete": lambda client, there: client.delete_conversation(there.ended),
    "persona": lambda client, there: client.has_persona(there.persona),
    "replicas": lambda client, _: client.stock_replica(),
}


@dataclass(frozen=True)
class Before:
    """The state before the failure."""

    active: str = "c1"
    ended: str = "c2"
    persona: str = "p1"


async def before(tavus: Server) -> Before:
    async with calling(settings_of(tavus), PATIENT) as client:
        ended = await create(client)
        await client.end_conversation(ended.conversation_id)
        active = await create(client)
    terms = tavus.conversations[0].terms
    assert terms.persona_id is not None
    return Before(active.conversation_id, ended.conversation_id, terms.persona_id)


KINDS = {
    "key": (Fault("key"), AvatarRefused, "avatar_key"),
    "credit": (Fault("credit", status=402), AvatarRefused, "avatar_credit"),
    "credit as a bad request": (Fault("credit", status=400), AvatarRefused, "avatar_credit"),
    "concurrency": (Fault("concurrency"), AvatarRefused, "avatar_concurrency"),
    "forbidden": (Fault("error", status=403), AvatarRefused, "avatar_key"),
    "a bad request": (Fault("error", status=422), AvatarRefused, "avatar_refused"),
    "too many calls": (Fault("error", status=429), AvatarUnavailable, "avatar_fault"),
    "a fault": (Fault("error", status=500), AvatarUnavailable, "avatar_fault"),
    "a gateway": (Fault("error", status=504), AvatarUnavailable, "avatar_fault"),
    "a time-out of theirs": (Fault("error", status=408), AvatarUnavailable, "avatar_timeout"),
    "another place": (Fault("error", status=307), AvatarUnavailable, "avatar_strange"),
    "a lost answer": (Fault("lost"), AvatarUnavailable, "avatar_unreachable"),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_every_failure_has_its_own_code(client: Client, tavus: Server, kind: str) -> None:
    there = await before(tavus)
    fault, error, code = KINDS[kind]
    for name, call in CALLS.items():
        tavus.strike(replace(fault, on=name))
        with pytest.raises(AvatarUnavailable) as told:
            await call(client, there)
        assert isinstance(told.value, error), name
        assert told.value.code == code, name
        assert (told.value.status, isinstance(told.value, AvatarRefused)) in ((502, True), (503, False))
        tavus.control.apply({"kind": "clear"})


@pytest.mark.parametrize("name", ["create", "list", "get", "replicas"])
async def test_an_unexpected_body_is_an_error(client: Client, tavus: Server, name: Operation) -> None:
    there = await before(tavus)
    tavus.strike(Fault("strange", on=name))
    with pytest.raises(AvatarUnavailable) as told:
        await CALLS[name](client, there)
    assert told.value.code == ("avatar_refused" if name == "replicas" else "avatar_strange")
    assert isinstance(told.value, UncertainCreation) == (name == "create")


@pytest.mark.parametrize("name", CALLS)
async def test_a_missing_answer_is_a_timeout(tavus: Server, name: Operation) -> None:
    there = await before(tavus)
    tavus.strike(Fault("slow", on=name, seconds=60))
    async with calling(settings_of(tavus), Timing(answer=0.5, create=0.5, retry=QUICK.retry)) as client:
        if name in ("end", "delete"):
            await CALLS[name](client, there)  # the first attempt was carried out, and the second one reports that
            return
        with pytest.raises(AvatarUnavailable) as told:
            await CALLS[name](client, there)
    assert told.value.code == "avatar_timeout"


async def test_an_unreachable_server_is_an_error(tavus: Server) -> None:
    nowhere = replace(settings_of(tavus), base_url=f"http://127.0.0.1:{free_port()}/v2")
    for base_url in (nowhere.base_url, "ftp://127.0.0.1/v2"):
        async with calling(replace(nowhere, base_url=base_url)) as client:
            for call in CALLS.values():
                with pytest.raises(AvatarUnavailable) as told:
                    await call(client, Before())
                assert told.value.code == "avatar_unreachable"
                assert not isinstance(told.value, UncertainCreation), "nothing was sent"


@pytest.mark.parametrize(
    "fault",
    [
        Fault("error", status=500, created=True),
        Fault("error", status=408, created=True),
        Fault("strange", created=True),
        Fault("lost", created=True),
        Fault("lost"),
    ],
)
async def test_an_uncertain_creation_is_not_retried(
    client: Client, tavus: Server, fault: Fault, contract: Contract
) -> None:
    tavus.strike(fault)
    with pytest.raises(UncertainCreation):
        await create(client)
    assert len(contract.bodies("createConversation")) == 1
    assert len(tavus.conversations) == fault.created


@pytest.mark.parametrize("fault", [Fault("key"), Fault("credit", status=400), Fault("error", status=429)])
async def test_a_refused_creation_is_certain(client: Client, tavus: Server, fault: Fault) -> None:
    tavus.strike(fault)
    with pytest.raises(AvatarUnavailable) as told:
        await create(client)
    assert not isinstance(told.value, UncertainCreation)


RIGHT = {
    "conversation_id": "c1",
    "conversation_url": "https://tavus.daily.co/c1",
    "meeting_token": "a-token",
    "status": "active",
}


@pytest.mark.parametrize(
    ("body", "conversation_id"),
    [
        ({**RIGHT, "meeting_token": None}, "c1"),
        ({**RIGHT, "meeting_token": ""}, "c1"),
        ({**RIGHT, "conversation_url": "javascript:alert(1)"}, "c1"),
        ({**RIGHT, "status": "ended"}, "c1"),
        ({**RIGHT, "conversation_id": 7}, None),
        ({**RIGHT, "conversation_id": "../personas"}, None),
        ({}, None),
        ([RIGHT], None),
        (b"", None),
        (b"[" * 100_000, None),
        (b'"' + b"x" * (module.MAX_BYTES + 10) + b'"', None),
    ],
)
async def test_an_unusable_answer_names_the_conversation_if_it_can(body: Any, conversation_id: str | None) -> None:
    async with serving(Reply(body=body)) as server, calling(scripted(server)) as client:
        with pytest.raises(UncertainCreation) as told:
            await client.create_conversation(BODY)
    assert (told.value.code, told.value.conversation_id) == ("avatar_strange", conversation_id)


REPEATED: tuple[Operation, ...] = ("list", "get", "persona", "replicas", "end", "delete")


@pytest.mark.parametrize(
    "fault", [Fault("lost", times=1), Fault("error", times=1), Fault("error", status=429, times=1)]
)
async def test_idempotent_calls_are_retried(client: Client, tavus: Server, fault: Fault) -> None:
    there = await before(tavus)
    for on in REPEATED:
        tavus.strike(replace(fault, on=on, times=1))
        await CALLS[on](client, there)
    assert [one.status for one in tavus.conversations] == ["ended"] * 2
    assert tavus.conversations[0].deleted


async def test_a_refusal_is_not_retried(client: Client, tavus: Server, contract: Contract) -> None:
    tavus.strike(Fault("key", on="list"))
    with pytest.raises(AvatarRefused):
        await client.active_conversations()
    assert len(contract.requests) == 1


async def test_all_pages_of_the_list_are_read(
    client: Client, tavus: Server, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    created = [(await create(client, conversation_name=f"n{number}")).conversation_id for number in range(5)]
    await client.end_conversation(created[2])
    listed = await client.active_conversations()
    assert {one.conversation_id: one.name for one in listed} == {
        created[number]: f"n{number}" for number in (0, 1, 3, 4)
    }
    assert (
        sum(request.url.path == "/v2/conversations" and request.method == "GET" for request in contract.requests) == 2
    )


def row(conversation_id: Any, **more: Any) -> dict[str, Any]:
    return {"conversation_id": conversation_id, "conversation_name": "n", "status": "active", **more}


@pytest.mark.parametrize(
    ("pages", "found"),
    [
        ([{"data": [row("c1")], "total_count": 1}], ["c1"]),
        # A server whose pages are shorter than the limit.
        ([{"data": [row("c1")], "total_count": 2}, {"data": [row("c2")], "total_count": 2}], ["c1", "c2"]),
        # One without a total, and one without pages.
        ([{"data": [row("c1")]}, {"data": [row("c2")]}, {"data": []}], ["c1", "c2"]),
        ([{"data": [row("c1")]}], ["c1"]),
        # One without filters, and one with other items in the list.
        ([{"data": [row("c1", status="ended"), row("c2"), None, {}, row("a/b"), row(3)], "total_count": 6}], ["c2"]),
    ],
)
async def test_every_way_of_paging_the_list_works(pages: list[Any], found: list[str]) -> None:
    async with serving(*(Reply(body=page) for page in pages)) as server, calling(scripted(server)) as client:
        listed = await client.active_conversations()
    assert [one.conversation_id for one in listed] == found


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-24T10:00:00Z", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("2026-11-24T10:00:00.250000", datetime(2026, 11, 24, 10, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-11-24T12:00:00+02:00", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("Tue, 24 Nov 2026", None),
        (1_795_000_000, None),
        (None, None),
    ],
)
async def test_times_are_parsed(written: Any, read: datetime | None) -> None:
    async with (
        serving(Reply(body={"data": [row("c1", created_at=written)], "total_count": 1})) as server,
        calling(scripted(server)) as client,
    ):
        (listed,) = await client.active_conversations()
    assert listed.created_at == read


async def test_without_a_replica_there_is_no_avatar() -> None:
    data = [{"replica_id": "r1", "status": "started"}, {"status": "completed"}, None]
    async with serving(Reply(body={"data": data})) as server, calling(scripted(server)) as client:
        with pytest.raises(AvatarRefused) as told:
            await client.stock_replica()
    assert "TAVUS_REPLICA_ID" in told.value.detail


async def test_no_error_contains_the_key(client: Client, tavus: Server) -> None:
    tavus.strike(Fault("error", on="list"))
    with pytest.raises(AvatarUnavailable) as told:
        await client.active_conversations()
    assert "a-key" not in repr(told.value) + str(told.value.__cause__) + told.value.detail


async def test_concurrent_first_calls_share_the_connections(tavus: Server) -> None:
    async with calling(settings_of(tavus), PATIENT) as client:
        await asyncio.gather(*(client.active_conversations() for _ in range(5)))
