"""Tests of Firestore alone: the documents in the console, the network, and Google's client."""

import asyncio
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from google.cloud.firestore import AsyncClient, Client

from interview.errors import Conflict, NotFound, StoreUnavailable, Superseded
from interview.record import Interview
from interview.settings import Limits
from interview.store import firestore, open_store, transition
from interview.store.firestore import FirestoreStore
from interview.store.firestore_connection import RETRY
from interview.system import Lease
from tests.interview.store.conftest import open_firestore
from tests.interview.store.proxy import proxy
from tests.interview.store.sample import NOW, SUMMARY, new_avatar, new_interview, new_turn
from tests.ports import free_port

ID = "5e55"


@pytest.fixture
def project(firestore_emulator: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    return f"test-{secrets.token_hex(8)}"


@pytest.fixture
async def database(project: str) -> AsyncIterator[AsyncClient]:
    """What the Firestore console shows, by a client of its own."""
    client: Any = AsyncClient(project=project)
    yield client
    client.close()


@pytest.fixture
async def store(project: str) -> AsyncIterator[FirestoreStore]:
    opened = open_firestore(project)
    yield opened
    await opened.close()


async def test_the_console_shows_what_the_contract_says(store: FirestoreStore, database: AsyncClient) -> None:
    await store.create(new_interview(avatar=new_avatar()))
    await store.claim(ID, NOW)
    await store.save_turn(ID, 1, new_turn(7))
    await store.end(ID, "candidate", NOW)
    await store.save_summary(ID, SUMMARY)
    document = (await database.document(f"interviews/{ID}").get()).to_dict()
    turn = (await database.document(f"interviews/{ID}/turns/0007").get()).to_dict()
    assert document is not None
    assert turn is not None
    assert set(document) == {
        *("skill_topic", "level", "language", "job_description", "cv", "prompt", "max_duration_seconds", "status"),
        *("created_at", "started_at", "ended_at", "ended_reason", "duration_seconds", "avatar", "live", "summary"),
        *("token_sha256", "expires_at", "usage", "cvs", "sealed_at"),
        *("rubric", "writing", "corrected_at", "retake_of", "sketches", "sketch_calls"),
        *("question", "minutes", "voice", "speech_rate", "extra_time", "thinking_seconds"),
    }
    assert set(document["cv"]) == {
        *("filename", "pages", "characters", "text", "object", "truncated", "warning", "warnings", "hidden_words"),
    }
    assert document["live"] == {"epoch": 1, "resumption_handle": None, "seen_at": None, "held": True}
    assert set(document["avatar"]) == {
        *("provider", "status", "conversation_id", "hook_sha256", "created_at", "ended_at", "reason", "seconds"),
        *("earlier", "changes"),
    }
    assert document["avatar"]["conversation_id"] == "c2"
    assert [set(change) for change in document["avatar"]["changes"]] == [{"at", "output", "reason"}] * 2
    assert isinstance(document["avatar"]["created_at"], datetime)
    expected = {
        "performance_summary": "Knows what a mutex is for.",
        "strengths": [
            {"point": "Precise", "evidence": [{"turn": 1, "quote": "a lock has an owner"}], "competency": None}
        ],
        "improvements": [{"point": "Say what a spin lock costs.", "evidence": [], "competency": None}],
        "recommendation": "Go on.",
        "verdict": "yes",
        "assessed": True,
        "written_by": "a-model",
        "quotes_checked": 2,
        "quotes_dropped": 1,
    }
    assert {name: document["summary"][name] for name in expected} == expected
    assert set(turn) == {
        *("broken_off", "answer_id"),
        "speaker",
        "text",
        "started_at",
        "ended_at",
        "interrupted",
        "source",
        "doubt",
        "corrected_text",
        "expires_at",
    }
    for moment in (document["created_at"], document["expires_at"], turn["started_at"], turn["expires_at"]):
        assert isinstance(moment, datetime)
    assert turn["expires_at"] == document["expires_at"]


async def test_the_console_shows_the_ledger(store: FirestoreStore, database: AsyncClient) -> None:
    ledger = await store.change_ledger(lambda ledger: replace(ledger, leases={ID: Lease(NOW, NOW)}, today=1))
    document = (await database.document("system/avatar").get()).to_dict()
    assert document == {
        "deployment": ledger.deployment,
        "persona_id": None,
        "persona_key": None,
        "day": "",
        "today": 1,
        "unattended": 0,
        "leases": {ID: {"since": NOW, "until": NOW}},
    }


async def test_the_console_shows_the_ledger_of_interviews_without_addresses(
    store: FirestoreStore, database: AsyncClient
) -> None:
    limits = Limits()
    client_name = await store.count_start("192.0.2.1", NOW, hourly=60)
    await store.admit(ID, client=client_name, at=NOW, until=NOW + timedelta(minutes=3), limits=limits)
    ledger = (await database.document("system/admission").get()).to_dict()
    assert ledger == {
        "day": NOW.date().isoformat(),
        "today": 0,
        "invited": 0,
        "dollars": 0.0,
        "places": {
            ID: {
                "client": client_name,
                "since": NOW,
                "until": NOW + timedelta(minutes=3),
                "begun": False,
                "invited": False,
            }
        },
        "accounts": {},
    }
    starts = (await database.document(f"clients/{client_name}").get()).to_dict()
    assert starts == {"starts": [NOW], "expires_at": NOW + timedelta(hours=1)}
    assert "192.0.2.1" not in client_name


async def test_unknown_fields_are_ignored(store: FirestoreStore, database: AsyncClient) -> None:
    await store.create(new_interview(avatar=new_avatar()))
    await store.claim(ID, NOW)
    await store.save_turn(ID, 1, new_turn(0))
    await database.document(f"interviews/{ID}").update({"mood": "good", "cv.language": "de", "avatar.mood": "good"})
    await database.document(f"interviews/{ID}/turns/0000").update({"confidence": 0.9})
    assert await store.turns(ID) == [new_turn(0)]
    ended = await store.end(ID, "candidate", NOW)
    assert await store.get(ID) == ended
    assert ((await database.document(f"interviews/{ID}").get()).to_dict() or {})["mood"] == "good"


async def test_databases_are_separate(project: str) -> None:
    default, other = open_firestore(project), open_store(f"firestore://{project}/other")
    await default.create(new_interview())
    with pytest.raises(NotFound):
        await other.get(ID)
    same = open_store(f"firestore://{project}")
    assert await same.get(ID) == new_interview()
    for store in (default, other, same):
        await store.close()


def test_each_event_loop_has_its_own_connection(project: str) -> None:
    store = open_firestore(project)
    asyncio.run(store.create(new_interview()))
    assert asyncio.run(store.get(ID)) == new_interview()

    async def last() -> None:
        await store.claim(ID, NOW)
        await store.close()

    asyncio.run(last())


async def test_a_claim_between_read_and_write_supersedes_a_turn(
    store: FirestoreStore, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.create(new_interview())
    await store.claim(ID, NOW)
    allowed: list[int] = []
    allow_turn = transition.allow_turn
    other = Client(project=project)

    def claim_elsewhere(interview: Interview, epoch: int) -> None:
        allow_turn(interview, epoch)
        allowed.append(epoch)
        other.document(f"interviews/{ID}").update({"live.epoch": 2})

    monkeypatch.setattr(transition, "allow_turn", claim_elsewhere)
    with pytest.raises(Superseded):
        await store.save_turn(ID, 1, new_turn(0))
    assert allowed == [1]
    assert await store.turns(ID) == []


async def test_a_deletion_removes_many_turns(
    store: FirestoreStore, database: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firestore, "_BATCH", 4)
    await store.create(new_interview())
    await store.claim(ID, NOW)
    for number in range(9):
        await store.save_turn(ID, 1, new_turn(number))
    assert await store.delete(ID) == 9
    assert [turn async for turn in database.collection(f"interviews/{ID}/turns").list_documents()] == []


async def test_a_closed_port_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    store = FirestoreStore("nowhere")
    with pytest.raises(StoreUnavailable) as refused:
        await store.create(new_interview())
    assert refused.value.__cause__ is not None
    assert "nowhere" not in str(refused.value)
    await store.close()


async def test_a_silent_server_is_an_error(
    project: str, firestore_emulator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    retry = replace(RETRY, seconds=1.5)
    async with proxy(firestore_emulator) as wire:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", wire.address)
        store = FirestoreStore(project, attempt_seconds=0.2, retry=retry)
        wire.deaf = True
        for call in (store.create(new_interview()), store.get(ID), store.turns(ID), store.idle(NOW), store.delete(ID)):
            with pytest.raises(StoreUnavailable):
                await call
        await store.close()


async def test_a_store_reconnects_after_a_broken_connection(
    project: str, firestore_emulator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with proxy(firestore_emulator) as wire:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", wire.address)
        store = open_firestore(project)
        await store.create(new_interview())
        await wire.cut()
        assert await store.get(ID) == new_interview()
        await store.close()


async def test_a_create_whose_answer_was_lost_is_not_a_conflict(
    store: FirestoreStore, project: str, firestore_emulator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotFound):
        await store.get(ID)
    async with proxy(firestore_emulator) as wire:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", wire.address)
        behind = open_firestore(project)
        with pytest.raises(NotFound):
            await behind.get(ID)

        async def lose_the_answer() -> None:
            while True:
                try:
                    await store.get(ID)
                except NotFound:
                    continue
                wire.deaf = False
                await wire.cut()
                return

        wire.deaf = True
        await asyncio.gather(behind.create(new_interview()), lose_the_answer())
        with pytest.raises(Conflict):
            await behind.create(new_interview())
        await behind.close()


async def test_without_credentials_it_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent/key.json")
    with pytest.raises(StoreUnavailable):
        await FirestoreStore("nowhere").get(ID)


def test_the_unused_store_is_not_imported() -> None:
    probe = (
        "import sys, interview.store, interview.files;"
        "interview.store.open_store('sqlite:///x.db'); interview.files.open_files('file://x');"
        "assert not {'google.api_core', 'google.cloud.firestore', 'google.cloud.storage', 'grpc'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", probe], check=True)
